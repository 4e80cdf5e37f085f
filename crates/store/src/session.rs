//! Signed-in devices, and browsers that signed in before.

use crate::{Result, Row, Tx, args, statements};
use model::{RoleId, SessionId, Timestamp, UserId};

/// A signed-in device.
#[derive(Debug, Clone)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Who signed in.
    pub user_id: UserId,
    /// When.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub seen_at: Timestamp,
    /// When it ends unless it is used before.
    pub idle_until: Timestamp,
    /// When it ends in any case.
    pub expires_at: Timestamp,
    /// When the password was last given.
    pub confirmed_at: Timestamp,
    /// From where.
    pub ip: Option<String>,
    /// The browser, as it called itself.
    pub agent: Option<String>,
}

/// A session to be made.
#[derive(Debug, Clone, Copy)]
pub struct NewSession<'a> {
    /// Who signed in.
    pub user_id: UserId,
    /// HMAC of the cookie's value.
    pub digest: &'a [u8],
    /// When it ends unless it is used before.
    pub idle_until: Timestamp,
    /// When it ends in any case.
    pub expires_at: Timestamp,
    /// From where.
    pub ip: Option<&'a str>,
    /// The browser.
    pub agent: Option<&'a str>,
}

statements! {
    INSERT = "INSERT INTO sessions (user_id, digest, created_at, seen_at, idle_until, expires_at, confirmed_at, ip, agent)
        VALUES ($1, $2, $3, $3, $4, $5, $3, $6, $7) RETURNING id";
    FIND = "SELECT s.id, s.user_id, s.created_at, s.seen_at, s.idle_until, s.expires_at, s.confirmed_at, s.ip, s.agent,
            u.name, u.email, u.role_id, u.is_admin, u.is_active, u.timezone, u.created_at
        FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.digest = $1";
    OF_USER = "SELECT id, user_id, created_at, seen_at, idle_until, expires_at, confirmed_at, ip, agent
        FROM sessions WHERE user_id = $1 ORDER BY seen_at DESC, id DESC";
    TOUCH = "UPDATE sessions SET seen_at = $2, idle_until = $3, ip = $4 WHERE id = $1";
    CONFIRM = "UPDATE sessions SET confirmed_at = $2 WHERE id = $1";
    DELETE = "DELETE FROM sessions WHERE id = $1 AND user_id = $2";
    DELETE_OTHERS = "DELETE FROM sessions WHERE user_id = $1 AND id <> $2";
    DELETE_OVER = "DELETE FROM sessions WHERE idle_until <= $1 OR expires_at <= $1";
    DEVICE = "INSERT INTO devices (digest, user_id, seen_at) VALUES ($1, $2, $3)
        ON CONFLICT (digest) DO UPDATE SET seen_at = excluded.seen_at, user_id = excluded.user_id";
    IS_DEVICE = "SELECT user_id FROM devices WHERE digest = $1 AND user_id = $2";
}

/// The person behind a session, with what every page shows.
#[derive(Debug, Clone)]
pub struct Owner {
    /// Display name.
    pub name: String,
    /// Mail address.
    pub email: String,
    /// Global role.
    pub role_id: RoleId,
    /// Site admin.
    pub is_admin: bool,
    /// May act.
    pub is_active: bool,
    /// IANA name.
    pub timezone: Option<String>,
    /// When the account was made.
    pub created_at: Timestamp,
}

fn session(r: &Row<'_>) -> Result<Session> {
    Ok(Session {
        id: SessionId(r.get(0)?),
        user_id: UserId(r.get(1)?),
        created_at: Timestamp(r.get(2)?),
        seen_at: Timestamp(r.get(3)?),
        idle_until: Timestamp(r.get(4)?),
        expires_at: Timestamp(r.get(5)?),
        confirmed_at: Timestamp(r.get(6)?),
        ip: r.get(7)?,
        agent: r.get(8)?,
    })
}

/// Signs a device in.
pub fn insert(tx: &mut Tx<'_>, new: &NewSession<'_>, now: Timestamp) -> Result<SessionId> {
    tx.one(
        INSERT,
        args![
            new.user_id.0,
            new.digest,
            now.0,
            new.idle_until.0,
            new.expires_at.0,
            new.ip,
            new.agent
        ],
        |r| r.get(0),
    )
    .map(SessionId)
}

/// The session with this digest and its owner, whether it is still good or not. One statement.
pub fn find(tx: &mut Tx<'_>, digest: &[u8]) -> Result<Option<(Session, Owner)>> {
    tx.opt(FIND, args![digest], |r| {
        let owner = Owner {
            name: r.get(9)?,
            email: r.get(10)?,
            role_id: RoleId(r.get(11)?),
            is_admin: r.get(12)?,
            is_active: r.get(13)?,
            timezone: r.get(14)?,
            created_at: Timestamp(r.get(15)?),
        };
        Ok((session(r)?, owner))
    })
}

/// The signed-in devices of a person, last used first.
pub fn of_user(tx: &mut Tx<'_>, user: UserId) -> Result<Vec<Session>> {
    tx.all(OF_USER, args![user.0], session)
}

/// Notes that a session was used.
pub fn touch(
    tx: &mut Tx<'_>,
    id: SessionId,
    idle_until: Timestamp,
    ip: Option<&str>,
    now: Timestamp,
) -> Result<()> {
    tx.execute(TOUCH, args![id.0, now.0, idle_until.0, ip]).map(drop)
}

/// Notes that the password was given again.
pub fn confirm(tx: &mut Tx<'_>, id: SessionId, now: Timestamp) -> Result<()> {
    tx.execute(CONFIRM, args![id.0, now.0]).map(drop)
}

/// Signs one device of a person out. False: there is none with this id.
pub fn delete(tx: &mut Tx<'_>, id: SessionId, user: UserId) -> Result<bool> {
    Ok(tx.execute(DELETE, args![id.0, user.0])? > 0)
}

/// Signs all devices of a person out but one; the number.
pub fn delete_others(tx: &mut Tx<'_>, user: UserId, keep: Option<SessionId>) -> Result<u64> {
    tx.execute(DELETE_OTHERS, args![user.0, keep.map_or(0, |s| s.0)])
}

/// Removes sessions that ended; the number.
pub fn delete_over(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64> {
    tx.execute(DELETE_OVER, args![now.0])
}

/// Remembers a browser from which a person signed in.
pub fn remember_device(tx: &mut Tx<'_>, digest: &[u8], user: UserId, now: Timestamp) -> Result<()> {
    tx.execute(DEVICE, args![digest, user.0, now.0]).map(drop)
}

/// Whether a person signed in from this browser before.
pub fn is_known_device(tx: &mut Tx<'_>, digest: &[u8], user: UserId) -> Result<bool> {
    Ok(tx.opt(IS_DEVICE, args![digest, user.0], |_| Ok(()))?.is_some())
}
