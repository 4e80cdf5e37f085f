//! Roles: named sets of rights.

use crate::{Result, Row, Tx, args, statements};
use model::page::{Page, PageRequest};
use model::rights::FACTORY_ROLES;
use model::{Rights, RoleId, Timestamp, UserId};

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
}

/// Columns of a role.
macro_rules! columns {
    () => {
        "id, name, permissions, is_default, created_at, created_by, updated_at, updated_by"
    };
}

statements! {
    INSERT = "INSERT INTO roles (name, permissions, is_default, is_factory, created_at)
        VALUES ($1, $2, $3, $4, $5) RETURNING id";
    COUNT = "SELECT COUNT(*) FROM roles";
    BY_NAME = "SELECT id FROM roles WHERE name = $1";
    GET = concat!("SELECT ", columns!(), " FROM roles WHERE id = $1");
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
