//! Changing people and API users as their administrators do.

use super::{Profile, User, fill, profile};
use crate::filter::{in_list, list};
use crate::{Result, Tx, args, setting, statements};
use model::page::{Page, PageRequest};
use model::{GroupId, ProjectId, RoleId, Timestamp, UserId};
use std::collections::HashMap;

statements! {
    COUNT_KIND = "SELECT COUNT(*) FROM users WHERE kind = $1 AND NOT is_forgotten";
    PAGE_KIND = concat!("SELECT ", profile!(), " FROM users WHERE kind = $1 AND NOT is_forgotten ORDER BY id LIMIT $2 OFFSET $3");
    UPDATE = "UPDATE users SET name = $2, email = $3, email_key = $4, role_id = $5, is_admin = $6, is_active = $7,
            manages_api_users = $8, timezone = $9, updated_at = $10, updated_by = $11, version = version + 1 WHERE id = $1";
    SET_OWNER = "UPDATE users SET owner_id = $2, purpose = $3 WHERE id = $1";
    ACTIVE = concat!("SELECT id FROM users WHERE is_active AND kind = 'person' AND id IN ", in_list!("$1"), " ORDER BY id");
    SET_PASSWORD = "UPDATE users SET password_hash = $2, failed_logins = 0, failed_at = NULL WHERE id = $1";
    FORGET = "UPDATE users SET name = $2, email = '', email_key = NULL, password_hash = NULL, is_admin = FALSE, is_active = FALSE,
            is_forgotten = TRUE, manages_api_users = FALSE, purpose = '', timezone = NULL, updated_at = $3, updated_by = $4,
            version = version + 1 WHERE id = $1";
    FORGET_DEVICES = "DELETE FROM devices WHERE user_id = $1";
    REVOKE_KEYS = "UPDATE api_keys SET revoked_at = $2, revoked_by = $3, revoke_reason = $4
        WHERE user_id = $1 AND revoked_at IS NULL";
    OTHER_ADMINS = "SELECT COUNT(*) FROM users WHERE kind = 'person' AND is_admin AND is_active AND id <> $1";
    PLACES = concat!("SELECT user_id, project_id, role_id FROM project_users
        WHERE role_id IS NOT NULL AND user_id IN ", in_list!("$1"), " ORDER BY user_id, project_id");
    LEAVE_PROJECTS = "DELETE FROM project_users WHERE user_id = $1";
    ENTER_PROJECT = "INSERT INTO project_users (project_id, user_id, role_id, is_admin) VALUES ($1, $2, $3, FALSE)";
    LEAVE_GROUPS = "DELETE FROM group_members WHERE user_id = $1";
    ENTER_GROUP = "INSERT INTO group_members (group_id, user_id) VALUES ($1, $2)";
    KNOWN_PROJECTS = concat!("SELECT id FROM projects WHERE id IN ", in_list!("$1"), " ORDER BY id");
    KNOWN_USERS = concat!("SELECT id FROM users WHERE NOT is_forgotten AND id IN ", in_list!("$1"), " ORDER BY id");
    KNOWN_GROUPS = concat!("SELECT id FROM groups WHERE id IN ", in_list!("$1"), " ORDER BY id");
    KNOWN_ROLES = concat!("SELECT id FROM roles WHERE id IN ", in_list!("$1"), " ORDER BY id");
}

/// Locks whatever decides about seats, addresses and site admins.
pub fn lock(tx: &mut Tx<'_>) -> Result<()> {
    tx.lock(0)
}

/// One page of the people, or of the API users, by id; forgotten ones are left out.
pub fn page_of_kind(tx: &mut Tx<'_>, is_api: bool, request: PageRequest) -> Result<Page<Profile>> {
    let kind = if is_api { "api" } else { "person" };
    let total = tx.one(COUNT_KIND, args![kind], |r| r.get(0))?;
    let mut rows = tx.all(
        PAGE_KIND,
        args![kind, request.per_page, request.offset()],
        profile,
    )?;
    fill(tx, &mut rows)?;
    Ok(Page { request, total, rows })
}

/// Writes what administrators set. [`crate::Error::Unique`]: the address is taken.
pub fn update(tx: &mut Tx<'_>, user: &User, manages: bool, by: UserId, now: Timestamp) -> Result<()> {
    let email_key = (!user.is_api).then(|| user.email.to_lowercase());
    tx.execute(
        UPDATE,
        args![
            user.id.0,
            &user.name,
            &user.email,
            email_key.as_ref(),
            user.role_id.0,
            user.is_admin,
            user.is_active,
            manages,
            user.timezone.as_ref(),
            now.0,
            by.0
        ],
    )
    .map(drop)
}

/// Says who answers for an API user, and what it is for.
pub fn set_owner(tx: &mut Tx<'_>, id: UserId, owner: Option<UserId>, purpose: &str) -> Result<()> {
    tx.execute(SET_OWNER, args![id.0, owner.map(|u| u.0), purpose])
        .map(drop)
}

/// Those of these users who are active people. One statement.
pub fn active(tx: &mut Tx<'_>, ids: &[UserId]) -> Result<Vec<UserId>> {
    let ids: Vec<i64> = ids.iter().map(|u| u.0).collect();
    tx.all(ACTIVE, args![&list(&ids)], |r| r.get(0).map(UserId))
}

/// Sets a password that an administrator chose; every device is signed out.
pub fn set_password(tx: &mut Tx<'_>, id: UserId, hash: &str) -> Result<()> {
    tx.execute(SET_PASSWORD, args![id.0, hash])?;
    crate::session::delete_others(tx, id, None).map(drop)
}

/// Signs a user out everywhere and revokes all keys; how many keys.
pub fn end_access(tx: &mut Tx<'_>, id: UserId, reason: &str, by: UserId, now: Timestamp) -> Result<u64> {
    crate::session::delete_others(tx, id, None)?;
    tx.execute(REVOKE_KEYS, args![id.0, now.0, by.0, reason])
}

/// Takes name, address, password, groups and projects away for good. What the user did stays, under `name`.
pub fn forget(tx: &mut Tx<'_>, id: UserId, name: &str, by: UserId, now: Timestamp) -> Result<()> {
    for sql in [FORGET_DEVICES, LEAVE_PROJECTS, LEAVE_GROUPS] {
        tx.execute(sql, args![id.0])?;
    }
    crate::notification::delete_of(tx, id)?;
    tx.execute(FORGET, args![id.0, name, now.0, by.0]).map(drop)
}

/// How many active site admins there are beside this user.
pub fn other_admins(tx: &mut Tx<'_>, id: UserId) -> Result<i64> {
    tx.one(OTHER_ADMINS, args![id.0], |r| r.get(0))
}

/// Whether one more person may be active.
pub fn has_seat(tx: &mut Tx<'_>) -> Result<bool> {
    let most = setting::get(tx, setting::SEATS)?.and_then(|json| json.parse::<i64>().ok());
    Ok(match most {
        None => true,
        Some(most) => super::seats(tx)? < most,
    })
}

/// The projects that name these users themselves, with their role there: one statement for all of them.
pub fn places(tx: &mut Tx<'_>, users: &[UserId]) -> Result<HashMap<UserId, Vec<(ProjectId, RoleId)>>> {
    let ids: Vec<i64> = users.iter().map(|u| u.0).collect();
    let mut found: HashMap<UserId, Vec<_>> = HashMap::new();
    for (user, project, role) in tx.all(PLACES, args![&list(&ids)], |r| {
        Ok((UserId(r.get(0)?), ProjectId(r.get(1)?), RoleId(r.get(2)?)))
    })? {
        found.entry(user).or_default().push((project, role));
    }
    Ok(found)
}

/// Gives a user exactly these projects.
pub fn set_places(tx: &mut Tx<'_>, id: UserId, places: &[(ProjectId, RoleId)]) -> Result<()> {
    tx.execute(LEAVE_PROJECTS, args![id.0])?;
    for (project, role) in places {
        tx.execute(ENTER_PROJECT, args![project.0, id.0, role.0])?;
    }
    Ok(())
}

/// Puts a user into exactly these groups.
pub fn set_groups(tx: &mut Tx<'_>, id: UserId, groups: &[GroupId]) -> Result<()> {
    tx.execute(LEAVE_GROUPS, args![id.0])?;
    for group in groups {
        tx.execute(ENTER_GROUP, args![group.0, id.0])?;
    }
    Ok(())
}

/// What rows of other tables may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Projects.
    Projects,
    /// People and API users that are not forgotten.
    Users,
    /// Groups.
    Groups,
    /// Roles.
    Roles,
}

/// Those of the ids that do not exist. One statement.
pub fn unknown(tx: &mut Tx<'_>, kind: Kind, ids: &[i64]) -> Result<Vec<i64>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = match kind {
        Kind::Projects => KNOWN_PROJECTS,
        Kind::Users => KNOWN_USERS,
        Kind::Groups => KNOWN_GROUPS,
        Kind::Roles => KNOWN_ROLES,
    };
    let known: Vec<i64> = tx.all(sql, args![&list(ids)], |r| r.get(0))?;
    Ok(ids.iter().copied().filter(|id| !known.contains(id)).collect())
}
