//! Roles: named sets of rights.

use crate::{Result, Tx, args, statements};
use model::rights::FACTORY_ROLES;
use model::{Rights, RoleId, Timestamp};

statements! {
    INSERT = "INSERT INTO roles (name, permissions, is_default, is_factory, created_at)
        VALUES ($1, $2, $3, $4, $5) RETURNING id";
    COUNT = "SELECT COUNT(*) FROM roles";
    BY_NAME = "SELECT id FROM roles WHERE name = $1";
}

/// Makes the factory roles in an empty database; otherwise does nothing.
pub fn seed(tx: &mut Tx<'_>, now: Timestamp) -> Result<()> {
    if tx.one(COUNT, args![], |r| r.get::<i64>(0))? == 0 {
        for (name, rights, is_default) in FACTORY_ROLES {
            tx.one(
                INSERT,
                args![name, rights.to_i64(), is_default, true, now.0],
                |_| Ok(()),
            )?;
        }
    }
    Ok(())
}

/// Makes a role.
pub fn insert(tx: &mut Tx<'_>, name: &str, rights: Rights, now: Timestamp) -> Result<RoleId> {
    tx.one(INSERT, args![name, rights.to_i64(), false, false, now.0], |r| {
        r.get(0)
    })
    .map(RoleId)
}

/// The role with this name.
pub fn by_name(tx: &mut Tx<'_>, name: &str) -> Result<Option<RoleId>> {
    tx.opt(BY_NAME, args![name], |r| r.get(0).map(RoleId))
}
