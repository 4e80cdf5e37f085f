//! Roles: named sets of rights.

use crate::filter::{in_list, list};
use crate::{Result, Row, Tx, args, statements};
use model::page::{Page, PageRequest};
use model::rights::FACTORY_ROLES;
use model::{Rights, RoleId, Timestamp, UserId};
use std::collections::BTreeMap;

/// A role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Its id.
    pub id: RoleId,
    /// Its name.
    pub name: String,
    /// What it lets its holders do.
    pub rights: Rights,
    /// New people have it unless another one is named.
    pub is_default: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// By whom; nobody made the factory roles.
    pub created_by: Option<UserId>,
    /// When it was changed.
    pub updated_at: Option<Timestamp>,
    /// By whom.
    pub updated_by: Option<UserId>,
    /// One of those that every instance starts with.
    pub is_factory: bool,
    /// From 1, one more with every change.
    pub version: i64,
}

/// By how many others a role is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Uses {
    /// People and API users that have it everywhere.
    pub users: i64,
    /// Users and groups that have it in a project.
    pub places: i64,
    /// Projects that give it to everybody.
    pub projects: i64,
}

/// Columns of a role.
macro_rules! columns {
    () => {
        "id, name, permissions, is_default, created_at, created_by, updated_at, updated_by, is_factory, version"
    };
}

statements! {
    INSERT = "INSERT INTO roles (name, permissions, is_default, is_factory, created_at)
        VALUES ($1, $2, $3, $4, $5) RETURNING id";
    COUNT = "SELECT COUNT(*) FROM roles";
    BY_NAME = "SELECT id FROM roles WHERE name = $1";
    GET = concat!("SELECT ", columns!(), " FROM roles WHERE id = $1");
    ADD = "INSERT INTO roles (name, permissions, is_default, is_factory, created_at, created_by)
        VALUES ($1, $2, FALSE, FALSE, $3, $4) RETURNING id";
    UPDATE = "UPDATE roles SET name = $2, permissions = $3, updated_at = $4, updated_by = $5, version = version + 1
        WHERE id = $1";
    SET_DEFAULT = "UPDATE roles SET is_default = (id = $1) WHERE is_default OR id = $1";
    USES = "SELECT (SELECT COUNT(*) FROM users WHERE role_id = $1 AND NOT is_forgotten),
            (SELECT COUNT(*) FROM project_users WHERE role_id = $1) + (SELECT COUNT(*) FROM project_groups WHERE role_id = $1),
            (SELECT COUNT(*) FROM projects WHERE default_role_id = $1)";
    MOVE_FORGOTTEN = "UPDATE users SET role_id = (SELECT id FROM roles WHERE id <> $1 ORDER BY is_default DESC, id LIMIT 1)
        WHERE role_id = $1 AND is_forgotten";
    DEFAULT = "SELECT id FROM roles WHERE is_default ORDER BY id LIMIT 1";
    DELETE = "DELETE FROM roles WHERE id = $1";
    RIGHTS = concat!("SELECT id, permissions FROM roles WHERE id IN ", in_list!("$1"));
    PAGE = concat!("SELECT ", columns!(), " FROM roles ORDER BY id LIMIT $1 OFFSET $2");
}

fn role(r: &Row<'_>) -> Result<Role> {
    Ok(Role {
        id: RoleId(r.get(0)?),
        name: r.get(1)?,
        rights: Rights::from_i64(r.get(2)?),
        is_default: r.get(3)?,
        created_at: Timestamp(r.get(4)?),
        created_by: r.get::<Option<i64>>(5)?.map(UserId),
        updated_at: r.get::<Option<i64>>(6)?.map(Timestamp),
        updated_by: r.get::<Option<i64>>(7)?.map(UserId),
        is_factory: r.get(8)?,
        version: r.get(9)?,
    })
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

/// The role of new people.
pub fn default(tx: &mut Tx<'_>) -> Result<Option<RoleId>> {
    tx.opt(DEFAULT, args![], |r| r.get(0).map(RoleId))
}

/// The role with this id.
pub fn get(tx: &mut Tx<'_>, id: RoleId) -> Result<Option<Role>> {
    tx.opt(GET, args![id.0], role)
}

/// One page of all roles, by id.
pub fn page(tx: &mut Tx<'_>, request: PageRequest) -> Result<Page<Role>> {
    Ok(Page {
        request,
        total: tx.one(COUNT, args![], |r| r.get(0))?,
        rows: tx.all(PAGE, args![request.per_page, request.offset()], role)?,
    })
}

/// Makes a role as an administrator. [`crate::Error::Unique`]: the name is taken.
pub fn add(tx: &mut Tx<'_>, name: &str, rights: Rights, by: UserId, now: Timestamp) -> Result<RoleId> {
    tx.one(ADD, args![name, rights.to_i64(), now.0, by.0], |r| r.get(0))
        .map(RoleId)
}

/// Changes name and rights. [`crate::Error::Unique`]: the name is taken.
pub fn update(
    tx: &mut Tx<'_>,
    id: RoleId,
    name: &str,
    rights: Rights,
    by: UserId,
    now: Timestamp,
) -> Result<()> {
    tx.execute(UPDATE, args![id.0, name, rights.to_i64(), now.0, by.0])
        .map(drop)
}

/// Makes this role, and no other one, that of new people.
pub fn set_default(tx: &mut Tx<'_>, id: RoleId) -> Result<()> {
    tx.execute(SET_DEFAULT, args![id.0]).map(drop)
}

/// By how many others a role is named.
pub fn uses(tx: &mut Tx<'_>, id: RoleId) -> Result<Uses> {
    tx.one(USES, args![id.0], |r| {
        Ok(Uses {
            users: r.get(0)?,
            places: r.get(1)?,
            projects: r.get(2)?,
        })
    })
}

/// Deletes a role that nobody uses. Forgotten users get another one, as every row has one.
pub fn delete(tx: &mut Tx<'_>, id: RoleId) -> Result<()> {
    tx.execute(MOVE_FORGOTTEN, args![id.0])?;
    tx.execute(DELETE, args![id.0]).map(drop)
}

/// The rights of these roles. One statement.
pub fn rights_of(tx: &mut Tx<'_>, ids: &[RoleId]) -> Result<BTreeMap<RoleId, Rights>> {
    let ids: Vec<i64> = ids.iter().map(|r| r.0).collect();
    let rows = tx.all(RIGHTS, args![&list(&ids)], |r| {
        Ok((RoleId(r.get(0)?), Rights::from_i64(r.get(1)?)))
    })?;
    Ok(rows.into_iter().collect())
}
