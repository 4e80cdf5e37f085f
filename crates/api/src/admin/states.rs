//! Workflow states.

use super::OrderIn;
use crate::context::{Cx, Outcome, Reply};
use crate::envelope::Only;
use crate::wire::Whole;
use app::definitions::is_built_in;
use app::definitions::states::{self, Change, ENTITIES};
use model::{Entity, StateId};
use serde::{Deserialize, Serialize};
use store::state::State;

#[derive(Serialize)]
struct Row {
    id: StateId,
    entity: Entity,
    name: String,
    is_default: bool,
    is_active: bool,
    is_built_in: bool,
    in_runs: bool,
    is_review: bool,
    needs_review: bool,
    display_order: i64,
    version: i64,
}

impl From<&State> for Row {
    fn from(s: &State) -> Row {
        Row {
            id: s.id,
            entity: s.entity,
            name: s.name.clone(),
            is_default: s.is_default,
            is_active: s.is_active,
            is_built_in: is_built_in(s.id.0),
            in_runs: s.in_runs,
            is_review: s.is_review,
            needs_review: s.needs_review,
            display_order: s.display_order,
            version: s.version,
        }
    }
}

#[derive(Deserialize)]
struct ChangeIn {
    entity: Option<String>,
    name: Option<String>,
    is_default: Option<bool>,
    is_active: Option<bool>,
    in_runs: Option<bool>,
    is_review: Option<bool>,
    needs_review: Option<bool>,
    version: Option<Whole>,
}

impl From<ChangeIn> for Change {
    fn from(c: ChangeIn) -> Change {
        Change {
            name: c.name,
            is_default: c.is_default,
            is_active: c.is_active,
            in_runs: c.in_runs,
            is_review: c.is_review,
            needs_review: c.needs_review,
            version: c.version.map(|v| v.0),
        }
    }
}

fn created(made: &State) -> (u16, String) {
    super::created(Row::from(made))
}

fn rows(all: &[State]) -> Outcome {
    Reply::ok(&Only {
        result: all.iter().map(Row::from).collect::<Vec<_>>(),
    })
}

/// All states, or those of an entity.
pub(crate) async fn all(cx: Cx) -> Outcome {
    let entity = cx.params.entity(&ENTITIES);
    cx.params.check()?;
    rows(&states::all(&cx.app, &cx.actor, entity).await?)
}

/// One state.
pub(crate) async fn get(cx: Cx) -> Outcome {
    let id = StateId(cx.number("state_id")?);
    let found = states::get(&cx.app, &cx.actor, id).await?;
    Reply::ok(&Only {
        result: Row::from(&found),
    })
}

/// Makes a state.
pub(crate) async fn create(cx: Cx) -> Outcome {
    let body: ChangeIn = cx.json()?;
    let entity = super::entity(body.entity.as_deref(), &ENTITIES)?;
    let claim = cx.claim()?;
    Reply::once(
        states::create(&cx.app, &cx.actor, entity, body.into(), claim, created).await?,
        created,
    )
}

/// Changes a state.
pub(crate) async fn update(cx: Cx) -> Outcome {
    let change = Change::from(cx.json::<ChangeIn>()?);
    let id = StateId(cx.number("state_id")?);
    let new = states::update(&cx.app, &cx.actor, id, change).await?;
    Reply::ok(&Only {
        result: Row::from(&new),
    })
}

/// Puts the states of an entity into an order.
pub(crate) async fn order(cx: Cx) -> Outcome {
    let body: OrderIn = cx.json()?;
    let entity = super::entity(body.entity.as_deref(), &ENTITIES)?;
    rows(&states::order(&cx.app, &cx.actor, entity, body.ids).await?)
}

/// Deletes a state.
pub(crate) async fn delete(cx: Cx) -> Outcome {
    states::delete(&cx.app, &cx.actor, StateId(cx.number("state_id")?)).await?;
    Ok(Reply::Empty)
}
