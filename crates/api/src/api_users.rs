//! API users: our own addition, under `/api/attest/v1/api-users`.

use crate::context::{Cx, Outcome, Reply};
use crate::envelope::{Only, PageOf};
use crate::wire::{Object, Whole};
use app::api_users::{self, ApiUser, Change};
use model::{ProjectId, RoleId, Timestamp, UserId};
use serde::{Deserialize, Serialize};

#[derive(Serialize)]
struct Row {
    id: UserId,
    name: String,
    owner_id: Option<UserId>,
    purpose: String,
    role_id: RoleId,
    is_active: bool,
    manages_api_users: bool,
    projects: Vec<Place>,
    version: i64,
    created_at: Timestamp,
    created_by: Option<UserId>,
    updated_at: Option<Timestamp>,
    updated_by: Option<UserId>,
}

#[derive(Serialize)]
struct Place {
    project_id: ProjectId,
    role_id: RoleId,
}

impl From<&ApiUser> for Row {
    fn from(u: &ApiUser) -> Row {
        let p = &u.profile;
        let places = u.projects.iter();
        Row {
            id: p.user.id,
            name: p.user.name.clone(),
            owner_id: p.owner_id,
            purpose: p.purpose.clone(),
            role_id: p.user.role_id,
            is_active: p.user.is_active,
            manages_api_users: p.manages_api_users,
            projects: places
                .map(|(project_id, role_id)| Place {
                    project_id: *project_id,
                    role_id: *role_id,
                })
                .collect(),
            version: p.version,
            created_at: p.user.created_at,
            created_by: p.created_by,
            updated_at: p.updated_at,
            updated_by: p.updated_by,
        }
    }
}

#[derive(Deserialize)]
struct ChangeIn {
    name: Option<String>,
    owner_id: Option<Whole>,
    purpose: Option<String>,
    role_id: Option<Whole>,
    is_active: Option<bool>,
    manages_api_users: Option<bool>,
    projects: Option<Vec<Object<PlaceIn>>>,
    version: Option<Whole>,
}

#[derive(Deserialize)]
struct PlaceIn {
    project_id: Whole,
    role_id: Whole,
}

impl From<ChangeIn> for Change {
    fn from(c: ChangeIn) -> Change {
        let place = |p: &Object<PlaceIn>| (ProjectId(p.0.project_id.0), RoleId(p.0.role_id.0));
        Change {
            name: c.name,
            owner_id: c.owner_id.map(|id| UserId(id.0)),
            purpose: c.purpose,
            role_id: c.role_id.map(|id| RoleId(id.0)),
            is_active: c.is_active,
            manages_api_users: c.manages_api_users,
            projects: c.projects.map(|all| all.iter().map(place).collect()),
            version: c.version.map(|v| v.0),
        }
    }
}

fn created(made: &ApiUser) -> (u16, String) {
    let row = Only {
        result: Row::from(made),
    };
    (201, serde_json::to_string(&row).unwrap_or_default())
}

/// All API users.
pub(crate) async fn page(cx: Cx) -> Outcome {
    let request = cx.params.page();
    cx.params.check()?;
    let page = api_users::page(&cx.app, &cx.actor, request).await?;
    Reply::ok(&PageOf::bare(page.map(|u| Row::from(&u))))
}

/// One API user.
pub(crate) async fn get(cx: Cx) -> Outcome {
    let found = api_users::get(&cx.app, &cx.actor, cx.user()?).await?;
    Reply::ok(&Only {
        result: Row::from(&found),
    })
}

/// Makes an API user.
pub(crate) async fn create(cx: Cx) -> Outcome {
    let new = Change::from(cx.json::<ChangeIn>()?);
    let claim = cx.claim()?;
    Reply::once(
        api_users::create(&cx.app, &cx.actor, new, claim, created).await?,
        created,
    )
}

/// Changes an API user.
pub(crate) async fn update(cx: Cx) -> Outcome {
    let change = Change::from(cx.json::<ChangeIn>()?);
    let new = api_users::update(&cx.app, &cx.actor, cx.user()?, change).await?;
    Reply::ok(&Only {
        result: Row::from(&new),
    })
}

/// Deletes an API user.
pub(crate) async fn delete(cx: Cx) -> Outcome {
    api_users::delete(&cx.app, &cx.actor, cx.user()?).await?;
    Ok(Reply::Empty)
}
