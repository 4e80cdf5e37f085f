//! People and API users.

use crate::access::Proof;
use crate::{Result, Row, Tx, args, group, setting, statements};
use model::page::{Page, PageRequest};
use model::{GroupId, RoleId, Timestamp, UserId};

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

/// A user with all that the contract shows of one.
#[derive(Debug, Clone)]
pub struct Profile {
    /// The user.
    pub user: User,
    /// Name and address were taken away for good.
    pub is_forgotten: bool,
    /// Which mails the user wants: 1, 2 or 3, as in the contract.
    pub notifications: i64,
    /// The groups of the user, by id.
    pub groups: Vec<GroupId>,
    /// Who made the user; nobody made the first one.
    pub created_by: Option<UserId>,
    /// When it was changed.
    pub updated_at: Option<Timestamp>,
    /// By whom.
    pub updated_by: Option<UserId>,
    /// An API user whose keys make keys for other API users.
    pub manages_api_users: bool,
    /// The person who answers for an API user.
    pub owner_id: Option<UserId>,
    /// What an API user is for; empty when nobody said.
    pub purpose: String,
    /// From 1, one more with every change.
    pub version: i64,
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

/// Columns of a [`Profile`]; the first ones are those of a [`User`].
macro_rules! profile {
    () => {
        "id, kind, name, email, role_id, is_admin, is_active, timezone, date_format, time_format, created_at,
         is_forgotten, notifications, created_by, updated_at, updated_by, manages_api_users, version,
         owner_id, purpose"
    };
}

pub mod write;

/// Whoever gets into the project $1 and sees it; $2 whether API users may act. The same rules as `access::require` for
/// `access::SEE`, which is bit 1 of a role's permissions, and as the projects that a caller may see.
macro_rules! of_project {
    () => {
        " FROM users u
          JOIN projects p ON p.id = $1
          JOIN roles own ON own.id = u.role_id
          LEFT JOIN roles dr ON dr.id = p.default_role_id
          LEFT JOIN project_users pu ON pu.project_id = p.id AND pu.user_id = u.id
          LEFT JOIN roles ur ON ur.id = pu.role_id
          LEFT JOIN (SELECT m.user_id, MAX(COALESCE(r.permissions, 0) & 1) AS sees
                     FROM project_groups pg
                     JOIN group_members m ON m.group_id = pg.group_id
                     LEFT JOIN roles r ON r.id = pg.role_id
                     WHERE pg.project_id = $1 GROUP BY m.user_id) g ON g.user_id = u.id
          WHERE u.is_active AND ($2 OR u.kind = 'person')
            AND CASE
                WHEN u.is_admin THEN TRUE
                WHEN pu.user_id IS NOT NULL THEN ur.id IS NOT NULL AND (pu.is_admin OR (ur.permissions & 1) <> 0)
                WHEN g.user_id IS NOT NULL THEN g.sees <> 0
                WHEN u.kind <> 'person' THEN FALSE
                WHEN p.default_access = 'global' THEN (own.permissions & 1) <> 0
                WHEN p.default_access = 'role' THEN dr.id IS NOT NULL AND (dr.permissions & 1) <> 0
                ELSE FALSE END"
    };
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
    PROFILE = concat!("SELECT ", profile!(), " FROM users WHERE id = $1");
    COUNT = "SELECT COUNT(*) FROM users";
    PAGE = concat!("SELECT ", profile!(), " FROM users ORDER BY id LIMIT $1 OFFSET $2");
    COUNT_OF_PROJECT = concat!("SELECT COUNT(*)", of_project!());
    SEES_PROJECT = concat!("SELECT COUNT(*)", of_project!(), " AND u.id = $3");
    PAGE_OF_PROJECT = concat!("SELECT u.id, u.name", of_project!(), " ORDER BY u.id LIMIT $3 OFFSET $4");
}

fn profile(r: &Row<'_>) -> Result<Profile> {
    Ok(Profile {
        user: user(r)?,
        is_forgotten: r.get(11)?,
        notifications: r.get(12)?,
        groups: Vec::new(),
        created_by: r.get::<Option<i64>>(13)?.map(UserId),
        updated_at: r.get::<Option<i64>>(14)?.map(Timestamp),
        updated_by: r.get::<Option<i64>>(15)?.map(UserId),
        manages_api_users: r.get(16)?,
        version: r.get(17)?,
        owner_id: r.get::<Option<i64>>(18)?.map(UserId),
        purpose: r.get(19)?,
    })
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

/// The user with this id and with all that the contract shows.
pub fn profile_of(tx: &mut Tx<'_>, id: UserId) -> Result<Option<Profile>> {
    let Some(mut found) = tx.opt(PROFILE, args![id.0], profile)? else {
        return Ok(None);
    };
    fill(tx, std::slice::from_mut(&mut found))?;
    Ok(Some(found))
}

/// One page of all users, by id, inactive ones too: three statements, however many users and groups there are.
pub fn page(tx: &mut Tx<'_>, request: PageRequest) -> Result<Page<Profile>> {
    let total = tx.one(COUNT, args![], |r| r.get(0))?;
    let mut rows = tx.all(PAGE, args![request.per_page, request.offset()], profile)?;
    fill(tx, &mut rows)?;
    Ok(Page { request, total, rows })
}

/// Puts the groups into users who follow each other by id.
fn fill(tx: &mut Tx<'_>, users: &mut [Profile]) -> Result<()> {
    let ids: Vec<i64> = users.iter().map(|u| u.user.id.0).collect();
    let mut groups = group::of_users(tx, &ids)?;
    for user in users {
        user.groups = groups.remove(&user.user.id.0).unwrap_or_default();
    }
    Ok(())
}

/// One page of ids and names of those who see the project that was checked, by id.
pub fn page_of_project(
    tx: &mut Tx<'_>,
    proof: &Proof,
    request: PageRequest,
) -> Result<Page<(UserId, String)>> {
    let project = proof.project().0;
    let api_users = setting::edition(tx)?.has_api_users();
    let total = tx.one(COUNT_OF_PROJECT, args![project, api_users], |r| r.get(0))?;
    let rows = tx.all(
        PAGE_OF_PROJECT,
        args![project, api_users, request.per_page, request.offset()],
        |r| Ok((UserId(r.get(0)?), r.get(1)?)),
    )?;
    Ok(Page { request, total, rows })
}

/// Whether this user sees the project that was checked.
pub fn sees_project(tx: &mut Tx<'_>, proof: &Proof, id: UserId) -> Result<bool> {
    let api_users = setting::edition(tx)?.has_api_users();
    let args = args![proof.project().0, api_users, id.0];
    tx.one(SEES_PROJECT, args, |r| r.get::<i64>(0)).map(|n| n > 0)
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
