//! Who gets into a project: its default, and the users and groups that it names.

use crate::access::Proof;
use crate::project::DefaultAccess;
use crate::{Result, Tx, args, statements};
use model::{GroupId, RoleId, UserId};

/// Access to a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// What people without a row of their own have.
    pub default: DefaultAccess,
    /// Users that the project names, by id.
    pub users: Vec<UserAccess>,
    /// Groups that the project names, by id.
    pub groups: Vec<GroupAccess>,
    /// From 1, one more with every change.
    pub version: i64,
}

/// Access of one user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserAccess {
    /// The user.
    pub id: UserId,
    /// The user's name.
    pub name: String,
    /// The role there; none takes the access away.
    pub role_id: Option<RoleId>,
    /// Has every right there.
    pub is_admin: bool,
}

/// Access of the members of one group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupAccess {
    /// The group.
    pub id: GroupId,
    /// The group's name.
    pub name: String,
    /// The role there; none gives no access.
    pub role_id: Option<RoleId>,
}

statements! {
    DEFAULT = "SELECT default_access, default_role_id, access_version FROM projects WHERE id = $1";
    USERS = "SELECT u.id, u.name, pu.role_id, pu.is_admin FROM project_users pu JOIN users u ON u.id = pu.user_id
        WHERE pu.project_id = $1 ORDER BY u.id";
    GROUPS = "SELECT g.id, g.name, pg.role_id FROM project_groups pg JOIN groups g ON g.id = pg.group_id
        WHERE pg.project_id = $1 ORDER BY g.id";
    SET_USER = "INSERT INTO project_users (project_id, user_id, role_id, is_admin) VALUES ($1, $2, $3, $4)
        ON CONFLICT (project_id, user_id) DO UPDATE SET role_id = excluded.role_id, is_admin = excluded.is_admin";
    REMOVE_USER = "DELETE FROM project_users WHERE project_id = $1 AND user_id = $2";
    SET_GROUP = "INSERT INTO project_groups (project_id, group_id, role_id) VALUES ($1, $2, $3)
        ON CONFLICT (project_id, group_id) DO UPDATE SET role_id = excluded.role_id";
    REMOVE_GROUP = "DELETE FROM project_groups WHERE project_id = $1 AND group_id = $2";
    CHANGED = "UPDATE projects SET access_version = access_version + 1 WHERE id = $1";
}

/// Access to the project that was checked. Three statements.
pub fn read(tx: &mut Tx<'_>, proof: &Proof) -> Result<Access> {
    let project = proof.project().0;
    let (default, version) = tx.one(DEFAULT, args![project], |r| {
        let (name, role): (String, Option<i64>) = (r.get(0)?, r.get(1)?);
        let default = match (name.as_str(), role) {
            ("global", _) => DefaultAccess::Global,
            ("role", Some(role)) => DefaultAccess::Role(RoleId(role)),
            _ => DefaultAccess::None,
        };
        Ok((default, r.get(2)?))
    })?;
    let users = tx.all(USERS, args![project], |r| {
        Ok(UserAccess {
            id: UserId(r.get(0)?),
            name: r.get(1)?,
            role_id: r.get::<Option<i64>>(2)?.map(RoleId),
            is_admin: r.get(3)?,
        })
    })?;
    let groups = tx.all(GROUPS, args![project], |r| {
        Ok(GroupAccess {
            id: GroupId(r.get(0)?),
            name: r.get(1)?,
            role_id: r.get::<Option<i64>>(2)?.map(RoleId),
        })
    })?;
    Ok(Access {
        default,
        users,
        groups,
        version,
    })
}

/// Names a user in the project that was checked.
pub fn set_user(
    tx: &mut Tx<'_>,
    proof: &Proof,
    user: UserId,
    role: Option<RoleId>,
    is_admin: bool,
) -> Result<()> {
    let role = role.map(|r| r.0);
    tx.execute(SET_USER, args![proof.project().0, user.0, role, is_admin])
        .map(drop)
}

/// Names a user no longer, who then has what groups and the default give.
pub fn remove_user(tx: &mut Tx<'_>, proof: &Proof, user: UserId) -> Result<()> {
    tx.execute(REMOVE_USER, args![proof.project().0, user.0])
        .map(drop)
}

/// Names a group in the project that was checked.
pub fn set_group(tx: &mut Tx<'_>, proof: &Proof, group: GroupId, role: Option<RoleId>) -> Result<()> {
    let role = role.map(|r| r.0);
    tx.execute(SET_GROUP, args![proof.project().0, group.0, role])
        .map(drop)
}

/// Names a group no longer.
pub fn remove_group(tx: &mut Tx<'_>, proof: &Proof, group: GroupId) -> Result<()> {
    tx.execute(REMOVE_GROUP, args![proof.project().0, group.0])
        .map(drop)
}

/// Notes that the access changed.
pub fn changed(tx: &mut Tx<'_>, proof: &Proof) -> Result<()> {
    tx.execute(CHANGED, args![proof.project().0]).map(drop)
}
