//! Workflow states of cases, runs and sessions, the same in all projects.

pub mod write;

use crate::{Result, Tx, args, statements};
use model::{Entity, StateId};

/// A state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// Its id.
    pub id: StateId,
    /// What it is a state of: cases, runs or sessions.
    pub entity: Entity,
    /// Its name.
    pub name: String,
    /// What is made has this state unless another one is named; one for each entity.
    pub is_default: bool,
    /// One that is not active is archived: nothing gets it any more.
    pub is_active: bool,
    /// Cases that have it may be put into new runs. For runs and sessions it says nothing.
    pub in_runs: bool,
    /// Cases that have it wait for a review; never together with `in_runs`.
    pub is_review: bool,
    /// Cases get it by a review only.
    pub needs_review: bool,
    /// Its place among the states of the entity.
    pub display_order: i64,
    /// From 1, one more with every change.
    pub version: i64,
}

statements! {
    ALL = "SELECT id, entity, name, is_default, is_active, display_order, version, in_runs, is_review, needs_review FROM states
        WHERE CAST($1 AS TEXT) IS NULL OR entity = $1 ORDER BY entity, display_order, id";
}

/// The states of one entity, or of all, that may be given, in their order.
pub fn all(tx: &mut Tx<'_>, entity: Option<Entity>) -> Result<Vec<State>> {
    let mut all = every(tx, entity)?;
    all.retain(|s| s.is_active);
    Ok(all)
}

/// The same with those that are archived.
pub fn every(tx: &mut Tx<'_>, entity: Option<Entity>) -> Result<Vec<State>> {
    let rows = tx.all(ALL, args![entity.map(Entity::name)], |r| {
        let entity: String = r.get(1)?;
        let state = |entity| {
            Ok(State {
                id: StateId(r.get(0)?),
                entity,
                name: r.get(2)?,
                is_default: r.get(3)?,
                is_active: r.get(4)?,
                display_order: r.get(5)?,
                version: r.get(6)?,
                in_runs: r.get(7)?,
                is_review: r.get(8)?,
                needs_review: r.get(9)?,
            })
        };
        Entity::from_name(&entity).map(state).transpose()
    })?;
    Ok(rows.into_iter().flatten().collect())
}
