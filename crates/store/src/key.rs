//! API keys: rows with a keyed digest, never the secret (`security.md` A1).

pub mod held;

use crate::{Result, Row, Tx, args, statements};
use std::collections::HashMap;
use std::sync::Arc;

use model::{Edition, KeyId, ProjectId, RoleId, Scope, Timestamp, UserId};

/// What authentication needs to know about a key and its owner. One statement reads it.
#[derive(Debug, Clone)]
pub struct Presented {
    /// The key.
    pub id: KeyId,
    /// The stored digest, for the comparison in constant time.
    pub digest: Vec<u8>,
    /// Its scope.
    pub scope: Scope,
    /// Networks it may be used from, a JSON list; none for any.
    pub addresses: Option<String>,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// When it was last seen used.
    pub last_used_at: Option<Timestamp>,
    /// The owner.
    pub owner: Arc<super::user::User>,
    /// The edition, as API users rest without one that has them.
    pub edition: Edition,
}

/// A key as lists show it.
#[derive(Debug, Clone)]
pub struct Key {
    /// Its id.
    pub id: KeyId,
    /// Whose it is.
    pub user_id: UserId,
    /// Whether the owner is an API user.
    pub is_api: bool,
    /// Unique among the owner's active keys.
    pub name: String,
    /// Last four characters.
    pub last4: String,
    /// Its scope.
    pub scope: Scope,
    /// Only these projects; none for all of the owner's.
    pub projects: Option<Vec<ProjectId>>,
    /// Networks it may be used from.
    pub addresses: Option<Vec<String>>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// From where.
    pub last_used_ip: Option<String>,
    /// By what program.
    pub last_used_agent: Option<String>,
    /// The key that it replaced.
    pub previous_id: Option<KeyId>,
}

/// A key to be made.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// Whose it is.
    pub user_id: UserId,
    /// Unique among the owner's active keys.
    pub name: String,
    /// HMAC of the whole key.
    pub digest: Vec<u8>,
    /// The pepper's version.
    pub pepper_version: String,
    /// Last four characters.
    pub last4: String,
    /// Its scope.
    pub scope: Scope,
    /// Only these projects.
    pub projects: Option<Vec<ProjectId>>,
    /// Networks it may be used from.
    pub addresses: Option<Vec<String>>,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// Who made it.
    pub created_by: UserId,
    /// The key that it replaces.
    pub previous_id: Option<KeyId>,
}

/// One use, to be written with others.
#[derive(Debug, Clone)]
pub struct Use {
    /// The key.
    pub id: KeyId,
    /// When.
    pub at: Timestamp,
    /// From where.
    pub ip: Option<String>,
    /// By what program.
    pub agent: Option<String>,
}

statements! {
    PRESENTED = "SELECT k.id, k.digest, k.scope, k.addresses, k.expires_at, k.revoked_at, k.last_used_at,
            u.id, u.kind, u.name, u.email, u.role_id, u.is_admin, u.is_active, u.timezone, u.date_format, u.time_format,
            u.created_at, e.value
        FROM api_keys k JOIN users u ON u.id = k.user_id LEFT JOIN settings e ON e.name = 'edition'
        WHERE k.digest = $1";
    RE_PEPPER = "UPDATE api_keys SET digest = $2, pepper_version = $3 WHERE id = $1";
    INSERT = "INSERT INTO api_keys (user_id, name, digest, pepper_version, last4, scope, is_limited, addresses, created_at,
            created_by, expires_at, previous_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING id";
    LIMIT = "INSERT INTO api_key_projects (key_id, project_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    PROJECTS = "SELECT project_id FROM api_key_projects WHERE key_id = $1 ORDER BY project_id";
    GET = "SELECT k.id, k.user_id, u.kind, k.name, k.last4, k.scope, k.is_limited, k.addresses, k.created_at, k.expires_at,
            k.revoked_at, k.last_used_at, k.last_used_ip, k.last_used_agent, k.previous_id
        FROM api_keys k JOIN users u ON u.id = k.user_id WHERE k.id = $1";
    OF_USER = "SELECT k.id, k.user_id, u.kind, k.name, k.last4, k.scope, k.is_limited, k.addresses, k.created_at,
            k.expires_at, k.revoked_at, k.last_used_at, k.last_used_ip, k.last_used_agent, k.previous_id
        FROM api_keys k JOIN users u ON u.id = k.user_id
        WHERE k.user_id = $1 AND k.revoked_at IS NULL ORDER BY k.id DESC";
    PROJECTS_OF_USER = "SELECT p.key_id, p.project_id FROM api_key_projects p JOIN api_keys k ON k.id = p.key_id
        WHERE k.user_id = $1 AND k.revoked_at IS NULL ORDER BY p.key_id, p.project_id";
    COUNT_ACTIVE = "SELECT COUNT(*) FROM api_keys WHERE user_id = $1 AND revoked_at IS NULL";
    REVOKE = "UPDATE api_keys SET revoked_at = $2, revoked_by = $3, revoke_reason = $4
        WHERE id = $1 AND revoked_at IS NULL";
    OVERLAP = "UPDATE api_keys SET expires_at = $2, name = $3 WHERE id = $1";
    USED = "UPDATE api_keys SET last_used_at = $2, last_used_ip = $3, last_used_agent = $4
        WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)";
}

/// The key with this digest, whether it is still good or not. One statement.
pub fn presented(tx: &mut Tx<'_>, digest: &[u8]) -> Result<Option<Presented>> {
    tx.opt(PRESENTED, args![digest], |r| {
        Ok(Presented {
            id: KeyId(r.get(0)?),
            digest: r.get(1)?,
            scope: scope(&r.get::<String>(2)?),
            addresses: r.get(3)?,
            expires_at: r.get::<Option<i64>>(4)?.map(Timestamp),
            revoked_at: r.get::<Option<i64>>(5)?.map(Timestamp),
            last_used_at: r.get::<Option<i64>>(6)?.map(Timestamp),
            owner: Arc::new(super::user::User {
                id: UserId(r.get(7)?),
                is_api: r.get::<String>(8)? == "api",
                name: r.get(9)?,
                email: r.get(10)?,
                role_id: RoleId(r.get(11)?),
                is_admin: r.get(12)?,
                is_active: r.get(13)?,
                timezone: r.get(14)?,
                date_format: r.get(15)?,
                time_format: r.get(16)?,
                created_at: Timestamp(r.get(17)?),
            }),
            edition: crate::setting::edition_of(r.get::<Option<String>>(18)?.as_deref()),
        })
    })
}

/// Writes a digest under the current pepper after the key was shown under the one before.
pub fn re_pepper(tx: &mut Tx<'_>, id: KeyId, digest: &[u8], version: &str) -> Result<()> {
    tx.execute(RE_PEPPER, args![id.0, digest, version]).map(drop)
}

/// Makes a key. [`crate::Error::Unique`]: the owner has an active key of this name.
pub fn insert(tx: &mut Tx<'_>, new: &NewKey, now: Timestamp) -> Result<KeyId> {
    let addresses = new
        .addresses
        .as_ref()
        .map(|a| serde_json::to_string(a).unwrap_or_default());
    let id = KeyId(tx.one(
        INSERT,
        args![
            new.user_id.0,
            &new.name,
            &new.digest,
            &new.pepper_version,
            &new.last4,
            new.scope.name(),
            new.projects.is_some(),
            addresses.as_ref(),
            now.0,
            new.created_by.0,
            new.expires_at.map(|t| t.0),
            new.previous_id.map(|k| k.0)
        ],
        |r| r.get(0),
    )?);
    for project in new.projects.iter().flatten() {
        tx.execute(LIMIT, args![id.0, project.0])?;
    }
    Ok(id)
}

/// The key with this id.
pub fn get(tx: &mut Tx<'_>, id: KeyId) -> Result<Option<Key>> {
    let row = tx.opt(GET, args![id.0], key)?;
    row.map(|(key, limited)| with_projects(tx, key, limited))
        .transpose()
}

/// The keys of a user that are not revoked, newest first; expired ones too. Two statements, however many there are.
pub fn of_user(tx: &mut Tx<'_>, user: UserId) -> Result<Vec<Key>> {
    let mut projects: HashMap<i64, Vec<ProjectId>> = HashMap::new();
    for (key, project) in tx.all(PROJECTS_OF_USER, args![user.0], |r| {
        Ok((r.get::<i64>(0)?, ProjectId(r.get(1)?)))
    })? {
        projects.entry(key).or_default().push(project);
    }
    let rows = tx.all(OF_USER, args![user.0], key)?.into_iter();
    Ok(rows
        .map(|(key, is_limited)| Key {
            projects: is_limited.then(|| projects.remove(&key.id.0).unwrap_or_default()),
            ..key
        })
        .collect())
}

/// How many keys of a user are not revoked.
pub fn count_active(tx: &mut Tx<'_>, user: UserId) -> Result<i64> {
    tx.one(COUNT_ACTIVE, args![user.0], |r| r.get(0))
}

/// Revokes a key. False: it was revoked before.
pub fn revoke(tx: &mut Tx<'_>, id: KeyId, by: UserId, reason: Option<&str>, now: Timestamp) -> Result<bool> {
    Ok(tx.execute(REVOKE, args![id.0, now.0, by.0, reason])? > 0)
}

/// Lets a replaced key live until `until` under another name, as its own name goes to its successor.
pub fn overlap(tx: &mut Tx<'_>, id: KeyId, until: Timestamp, name: &str) -> Result<()> {
    tx.execute(OVERLAP, args![id.0, until.0, name]).map(drop)
}

/// Writes last uses.
pub fn used(tx: &mut Tx<'_>, uses: &[Use]) -> Result<()> {
    for u in uses {
        tx.execute(USED, args![u.id.0, u.at.0, u.ip.as_ref(), u.agent.as_ref()])?;
    }
    Ok(())
}

fn with_projects(tx: &mut Tx<'_>, mut key: Key, limited: bool) -> Result<Key> {
    if limited {
        key.projects = Some(tx.all(PROJECTS, args![key.id.0], |r| r.get(0).map(ProjectId))?);
    }
    Ok(key)
}

fn key(r: &Row<'_>) -> Result<(Key, bool)> {
    let key = Key {
        id: KeyId(r.get(0)?),
        user_id: UserId(r.get(1)?),
        is_api: r.get::<String>(2)? == "api",
        name: r.get(3)?,
        last4: r.get(4)?,
        scope: scope(&r.get::<String>(5)?),
        projects: None,
        addresses: r
            .get::<Option<String>>(7)?
            .map(|a| serde_json::from_str(&a).unwrap_or_default()),
        created_at: Timestamp(r.get(8)?),
        expires_at: r.get::<Option<i64>>(9)?.map(Timestamp),
        revoked_at: r.get::<Option<i64>>(10)?.map(Timestamp),
        last_used_at: r.get::<Option<i64>>(11)?.map(Timestamp),
        last_used_ip: r.get(12)?,
        last_used_agent: r.get(13)?,
        previous_id: r.get::<Option<i64>>(14)?.map(KeyId),
    };
    Ok((key, r.get(6)?))
}

/// An unknown scope, written by a newer version, may do the least.
fn scope(name: &str) -> Scope {
    name.parse().unwrap_or(Scope::Read)
}
