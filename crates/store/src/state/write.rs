//! Changing workflow states.

use super::State;
use crate::{Result, Tx, args, statements};
use model::{Entity, StateId};

statements! {
    INSERT = "INSERT INTO states (entity, name, is_default, display_order)
        SELECT $1, $2, FALSE, COALESCE(MAX(display_order), 0) + 1 FROM states WHERE entity = $1 RETURNING id";
    UPDATE = "UPDATE states SET name = $2, is_active = $3, in_runs = $4, is_review = $5, needs_review = $6,
        version = version + 1 WHERE id = $1";
    SET_DEFAULT = "UPDATE states SET is_default = (id = $2) WHERE entity = $1 AND (is_default OR id = $2)";
    PLACE = "UPDATE states SET display_order = $2 WHERE id = $1";
    DELETE = "DELETE FROM states WHERE id = $1";
    USED_BY_CASES = "SELECT COUNT(*) FROM cases WHERE state_id = $1";
    USED_BY_RUNS = "SELECT COUNT(*) FROM runs WHERE state_id = $1";
    USED_BY_SESSIONS = "SELECT COUNT(*) FROM exploratory_sessions WHERE state_id = $1";
}

/// Makes a state, the last one of its entity. [`crate::Error::Unique`]: the name is taken.
pub fn insert(tx: &mut Tx<'_>, entity: Entity, name: &str) -> Result<StateId> {
    tx.one(INSERT, args![entity.name(), name], |r| r.get(0))
        .map(StateId)
}

/// Gives a state its name and flags. [`crate::Error::Unique`]: the name is taken.
pub fn update(tx: &mut Tx<'_>, new: &State) -> Result<()> {
    let args = args![
        new.id.0,
        &new.name,
        new.is_active,
        new.in_runs,
        new.is_review,
        new.needs_review
    ];
    tx.execute(UPDATE, args).map(drop)
}

/// Makes this state, and no other one of the entity, that of what is made.
pub fn set_default(tx: &mut Tx<'_>, state: &State) -> Result<()> {
    tx.execute(SET_DEFAULT, args![state.entity.name(), state.id.0])
        .map(drop)
}

/// Puts states into this order.
pub fn order(tx: &mut Tx<'_>, ids: &[i64]) -> Result<()> {
    for (place, id) in (1_i64..).zip(ids) {
        tx.execute(PLACE, args![*id, place])?;
    }
    Ok(())
}

/// How many cases, runs or sessions have a state.
pub fn uses(tx: &mut Tx<'_>, state: &State) -> Result<i64> {
    let sql = match state.entity {
        Entity::Case => USED_BY_CASES,
        Entity::Run => USED_BY_RUNS,
        Entity::Session | Entity::RunResult => USED_BY_SESSIONS,
    };
    tx.one(sql, args![state.id.0], |r| r.get(0))
}

/// Deletes a state that nothing has.
pub fn delete(tx: &mut Tx<'_>, id: StateId) -> Result<()> {
    tx.execute(DELETE, args![id.0]).map(drop)
}
