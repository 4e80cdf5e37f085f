//! Groups of users, and who belongs to them.

use crate::{Result, Row, Tx, args, statements};
use model::page::{Page, PageRequest};
use model::{GroupId, Timestamp, UserId};
use std::collections::HashMap;

/// A group with its members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its id.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// Its members by id, inactive ones too.
    pub members: Vec<UserId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: Option<UserId>,
    /// When it was changed.
    pub updated_at: Option<Timestamp>,
    /// By whom.
    pub updated_by: Option<UserId>,
    /// From 1, one more with every change.
    pub version: i64,
}

/// Columns of a group.
macro_rules! columns {
    () => {
        "id, name, created_at, created_by, updated_at, updated_by, version"
    };
}

statements! {
    GET = concat!("SELECT ", columns!(), " FROM groups WHERE id = $1");
    COUNT = "SELECT COUNT(*) FROM groups";
    PAGE = concat!("SELECT ", columns!(), " FROM groups ORDER BY id LIMIT $1 OFFSET $2");
    INSERT = "INSERT INTO groups (name, created_at, created_by) VALUES ($1, $2, $3) RETURNING id";
    UPDATE = "UPDATE groups SET name = $2, updated_at = $3, updated_by = $4, version = version + 1 WHERE id = $1";
    LEAVE = "DELETE FROM group_members WHERE group_id = $1";
    ENTER = "INSERT INTO group_members (group_id, user_id) VALUES ($1, $2)";
    PLACES = "SELECT COUNT(*) FROM project_groups WHERE group_id = $1";
    DELETE = "DELETE FROM groups WHERE id = $1";
    MEMBERS = "SELECT group_id, user_id FROM group_members WHERE group_id BETWEEN $1 AND $2 ORDER BY group_id, user_id";
    OF_USERS = "SELECT user_id, group_id FROM group_members WHERE user_id BETWEEN $1 AND $2 ORDER BY user_id, group_id";
}

fn group(r: &Row<'_>) -> Result<Group> {
    Ok(Group {
        id: GroupId(r.get(0)?),
        name: r.get(1)?,
        members: Vec::new(),
        created_at: Timestamp(r.get(2)?),
        created_by: r.get::<Option<i64>>(3)?.map(UserId),
        updated_at: r.get::<Option<i64>>(4)?.map(Timestamp),
        updated_by: r.get::<Option<i64>>(5)?.map(UserId),
        version: r.get(6)?,
    })
}

/// The group with this id.
pub fn get(tx: &mut Tx<'_>, id: GroupId) -> Result<Option<Group>> {
    let Some(mut group) = tx.opt(GET, args![id.0], group)? else {
        return Ok(None);
    };
    fill(tx, std::slice::from_mut(&mut group))?;
    Ok(Some(group))
}

/// One page of all groups, by id: three statements, however many groups and members there are.
pub fn page(tx: &mut Tx<'_>, request: PageRequest) -> Result<Page<Group>> {
    let total = tx.one(COUNT, args![], |r| r.get(0))?;
    let mut rows = tx.all(PAGE, args![request.per_page, request.offset()], group)?;
    fill(tx, &mut rows)?;
    Ok(Page { request, total, rows })
}

/// Puts the members into groups that follow each other by id.
fn fill(tx: &mut Tx<'_>, groups: &mut [Group]) -> Result<()> {
    let ids: Vec<i64> = groups.iter().map(|g| g.id.0).collect();
    let mut members = pairs(tx, MEMBERS, &ids, UserId)?;
    for group in groups {
        group.members = members.remove(&group.id.0).unwrap_or_default();
    }
    Ok(())
}

/// The groups of users who follow each other by id, by user.
pub(crate) fn of_users(tx: &mut Tx<'_>, users: &[i64]) -> Result<HashMap<i64, Vec<GroupId>>> {
    pairs(tx, OF_USERS, users, GroupId)
}

/// What belongs to each of these ascending ids.
fn pairs<T>(
    tx: &mut Tx<'_>,
    sql: &'static str,
    ids: &[i64],
    id: fn(i64) -> T,
) -> Result<HashMap<i64, Vec<T>>> {
    let mut found: HashMap<i64, Vec<T>> = HashMap::new();
    if let (Some(first), Some(last)) = (ids.first(), ids.last()) {
        let rows = tx.all(sql, args![*first, *last], |r| {
            Ok((r.get::<i64>(0)?, r.get::<i64>(1)?))
        })?;
        for (of, other) in rows {
            found.entry(of).or_default().push(id(other));
        }
    }
    Ok(found)
}

/// Makes a group without members. [`crate::Error::Unique`]: the name is taken.
pub fn insert(tx: &mut Tx<'_>, name: &str, by: UserId, now: Timestamp) -> Result<GroupId> {
    tx.one(INSERT, args![name, now.0, by.0], |r| r.get(0))
        .map(GroupId)
}

/// Changes the name, and notes that something changed. [`crate::Error::Unique`]: the name is taken.
pub fn update(tx: &mut Tx<'_>, id: GroupId, name: &str, by: UserId, now: Timestamp) -> Result<()> {
    tx.execute(UPDATE, args![id.0, name, now.0, by.0]).map(drop)
}

/// Puts exactly these users into a group.
pub fn set_members(tx: &mut Tx<'_>, id: GroupId, members: &[UserId]) -> Result<()> {
    tx.execute(LEAVE, args![id.0])?;
    for user in members {
        tx.execute(ENTER, args![id.0, user.0])?;
    }
    Ok(())
}

/// How many projects name a group.
pub fn places(tx: &mut Tx<'_>, id: GroupId) -> Result<i64> {
    tx.one(PLACES, args![id.0], |r| r.get(0))
}

/// Deletes a group with its memberships.
pub fn delete(tx: &mut Tx<'_>, id: GroupId) -> Result<()> {
    tx.execute(DELETE, args![id.0]).map(drop)
}
