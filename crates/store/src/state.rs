//! Workflow states of cases, runs and sessions, the same in all projects.

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
}

statements! {
    ALL = "SELECT id, entity, name, is_default FROM states
        WHERE CAST($1 AS TEXT) IS NULL OR entity = $1 ORDER BY entity, display_order, id";
}

/// The states of one entity, or of all, in their order.
pub fn all(tx: &mut Tx<'_>, entity: Option<Entity>) -> Result<Vec<State>> {
    let rows = tx.all(ALL, args![entity.map(Entity::name)], |r| {
        Ok((StateId(r.get(0)?), r.get::<String>(1)?, r.get(2)?, r.get(3)?))
    })?;
    Ok(rows
        .into_iter()
        .filter_map(|(id, entity, name, is_default)| {
            Some(State {
                id,
                entity: Entity::from_name(&entity)?,
                name,
                is_default,
            })
        })
        .collect())
}
