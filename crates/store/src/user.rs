//! People and API users.

use crate::{Result, Row, Tx, args, statements};
use model::{RoleId, Timestamp, UserId};

/// A user as pages and the API show it.
#[derive(Debug, Clone)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// Whether it is an API user.
    pub is_api: bool,
    /// Display name.
    pub name: String,
    /// Mail address; empty for API users.
    pub email: String,
    /// Global role.
    pub role_id: RoleId,
    /// Site admin.
    pub is_admin: bool,
    /// May sign in and act.
    pub is_active: bool,
    /// IANA name, or the instance's.
    pub timezone: Option<String>,
    /// Pattern of dates, or the instance's.
    pub date_format: Option<String>,
    /// Pattern of times, or the instance's.
    pub time_format: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// What it takes to check a password.
#[derive(Debug, Clone)]
pub struct Login {
    /// The user.
    pub id: UserId,
    /// Argon2id as a PHC string; none when no password was set.
    pub password_hash: Option<String>,
    /// May sign in.
    pub is_active: bool,
    /// Wrong passwords in a row.
    pub failed_logins: i64,
    /// When the last one came.
    pub failed_at: Option<Timestamp>,
}

/// A user to be made.
#[derive(Debug, Clone, Copy)]
pub struct NewUser<'a> {
    /// API user instead of a person.
    pub is_api: bool,
    /// Display name.
    pub name: &'a str,
    /// Mail address; empty for API users.
    pub email: &'a str,
    /// Argon2id as a PHC string.
    pub password_hash: Option<&'a str>,
    /// Global role.
    pub role_id: RoleId,
    /// Site admin.
    pub is_admin: bool,
}

statements! {
    INSERT = "INSERT INTO users (kind, name, email, email_key, password_hash, role_id, is_admin, is_active, is_forgotten,
            notifications, failed_logins, created_at, created_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, TRUE, FALSE, 1, 0, $8, $9) RETURNING id";
    GET = "SELECT id, kind, name, email, role_id, is_admin, is_active, timezone, date_format, time_format, created_at
        FROM users WHERE id = $1";
    BY_EMAIL = "SELECT id, kind, name, email, role_id, is_admin, is_active, timezone, date_format, time_format, created_at
        FROM users WHERE email_key = $1";
    FIRST_ADMIN = "SELECT id, kind, name, email, role_id, is_admin, is_active, timezone, date_format, time_format, created_at
        FROM users WHERE kind = 'person' AND is_admin AND is_active ORDER BY id LIMIT 1";
    LOGIN = "SELECT id, password_hash, is_active, failed_logins, failed_at FROM users WHERE email_key = $1 AND kind = 'person'";
    LOGIN_BY_ID = "SELECT id, password_hash, is_active, failed_logins, failed_at FROM users WHERE id = $1 AND kind = 'person'";
    COUNT_PEOPLE = "SELECT COUNT(*) FROM users WHERE kind = 'person'";
    SEATS = "SELECT COUNT(*) FROM users WHERE kind = 'person' AND is_active";
    FAILED = "UPDATE users SET failed_logins = failed_logins + 1, failed_at = $2 WHERE id = $1";
    SUCCEEDED = "UPDATE users SET failed_logins = 0, failed_at = NULL WHERE id = $1";
    SET_PASSWORD = "UPDATE users SET password_hash = $2, failed_logins = 0, failed_at = NULL, updated_at = $3, updated_by = $1
        WHERE id = $1";
    REHASH = "UPDATE users SET password_hash = $2 WHERE id = $1";
    SET_ACTIVE = "UPDATE users SET is_active = $2, updated_at = $3 WHERE id = $1";
    SET_NAME = "UPDATE users SET name = $2, timezone = $3, updated_at = $4, updated_by = $1 WHERE id = $1";
}

fn user(r: &Row<'_>) -> Result<User> {
    Ok(User {
        id: UserId(r.get(0)?),
        is_api: r.get::<String>(1)? == "api",
        name: r.get(2)?,
        email: r.get(3)?,
        role_id: RoleId(r.get(4)?),
        is_admin: r.get(5)?,
        is_active: r.get(6)?,
        timezone: r.get(7)?,
        date_format: r.get(8)?,
        time_format: r.get(9)?,
        created_at: Timestamp(r.get(10)?),
    })
}

fn login(r: &Row<'_>) -> Result<Login> {
    Ok(Login {
        id: UserId(r.get(0)?),
        password_hash: r.get(1)?,
        is_active: r.get(2)?,
        failed_logins: r.get(3)?,
        failed_at: r.get::<Option<i64>>(4)?.map(Timestamp),
    })
}

/// Makes a user. [`crate::Error::Unique`]: the address is taken.
pub fn insert(tx: &mut Tx<'_>, new: &NewUser<'_>, by: Option<UserId>, now: Timestamp) -> Result<UserId> {
    let kind = if new.is_api { "api" } else { "person" };
    let email_key = (!new.is_api).then(|| new.email.to_lowercase());
    tx.one(
        INSERT,
        args![
            kind,
            new.name,
            new.email,
            email_key.as_ref(),
            new.password_hash,
            new.role_id.0,
            new.is_admin,
            now.0,
            by.map(|u| u.0)
        ],
        |r| r.get(0),
    )
    .map(UserId)
}

/// The user with this id.
pub fn get(tx: &mut Tx<'_>, id: UserId) -> Result<Option<User>> {
    tx.opt(GET, args![id.0], user)
}

/// The site admin who was there first.
pub fn first_admin(tx: &mut Tx<'_>) -> Result<Option<User>> {
    tx.opt(FIRST_ADMIN, &[], user)
}

/// The person with this mail address, whatever its case.
pub fn by_email(tx: &mut Tx<'_>, email: &str) -> Result<Option<User>> {
    tx.opt(BY_EMAIL, args![&email.to_lowercase()], user)
}

/// What it takes to check the password of the person with this address.
pub fn login_by_email(tx: &mut Tx<'_>, email: &str) -> Result<Option<Login>> {
    tx.opt(LOGIN, args![&email.to_lowercase()], login)
}

/// What it takes to check the password of a person again.
pub fn login_by_id(tx: &mut Tx<'_>, id: UserId) -> Result<Option<Login>> {
    tx.opt(LOGIN_BY_ID, args![id.0], login)
}

/// How many people there are, active or not.
pub fn count_people(tx: &mut Tx<'_>) -> Result<i64> {
    tx.one(COUNT_PEOPLE, args![], |r| r.get(0))
}

/// How many seats are taken: active people. API users never take one.
pub fn seats(tx: &mut Tx<'_>) -> Result<i64> {
    tx.one(SEATS, args![], |r| r.get(0))
}

/// Counts a wrong password.
pub fn login_failed(tx: &mut Tx<'_>, id: UserId, now: Timestamp) -> Result<()> {
    tx.execute(FAILED, args![id.0, now.0]).map(drop)
}

/// Forgets wrong passwords after a right one.
pub fn login_succeeded(tx: &mut Tx<'_>, id: UserId) -> Result<()> {
    tx.execute(SUCCEEDED, args![id.0]).map(drop)
}

/// Sets a password that its owner chose.
pub fn set_password(tx: &mut Tx<'_>, id: UserId, hash: &str, now: Timestamp) -> Result<()> {
    tx.execute(SET_PASSWORD, args![id.0, hash, now.0]).map(drop)
}

/// Replaces the hash of the same password after the parameters rose.
pub fn rehash(tx: &mut Tx<'_>, id: UserId, hash: &str) -> Result<()> {
    tx.execute(REHASH, args![id.0, hash]).map(drop)
}

/// Lets a user act, or no longer.
pub fn set_active(tx: &mut Tx<'_>, id: UserId, active: bool, now: Timestamp) -> Result<()> {
    tx.execute(SET_ACTIVE, args![id.0, active, now.0]).map(drop)
}

/// Sets what a person may change about the own account.
pub fn set_account(
    tx: &mut Tx<'_>,
    id: UserId,
    name: &str,
    timezone: Option<&str>,
    now: Timestamp,
) -> Result<()> {
    tx.execute(SET_NAME, args![id.0, name, timezone, now.0]).map(drop)
}
