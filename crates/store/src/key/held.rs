//! The keys of all people and API users, as an administrator looks at them.

use super::scope;
use crate::filter::{self, containing, in_list};
use crate::{Result, Row, Tx, args, statements};
use model::clock::DAY;
use model::page::{Page, PageRequest};
use model::{KeyId, Scope, Timestamp, UserId};
use std::collections::HashMap;

/// A key that nobody used for so long, in microseconds, is remarked upon.
pub const UNUSED: i64 = 90 * DAY;
/// A key that ends within this time, in microseconds, or has ended, is remarked upon.
pub const EXPIRING: i64 = 30 * DAY;

/// What is remarkable about a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remark {
    /// Not used for [`UNUSED`], nor made since.
    Unused,
    /// Not used at all.
    NeverUsed,
    /// It has no end.
    NoExpiry,
    /// It ends within [`EXPIRING`], or has ended.
    Expiring,
    /// Its owner is not active, so that it does not work.
    OwnerInactive,
}

impl Remark {
    /// All of them, as the page has them.
    pub const ALL: [Remark; 5] = [
        Remark::Unused,
        Remark::NeverUsed,
        Remark::NoExpiry,
        Remark::Expiring,
        Remark::OwnerInactive,
    ];

    /// Its name in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Remark::Unused => "unused",
            Remark::NeverUsed => "never",
            Remark::NoExpiry => "no-expiry",
            Remark::Expiring => "expiring",
            Remark::OwnerInactive => "inactive",
        }
    }

    /// The remark of this name.
    pub fn from_name(name: &str) -> Option<Remark> {
        Remark::ALL.into_iter().find(|r| r.name() == name)
    }
}

/// Which keys.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only those with this remark.
    pub remark: Option<Remark>,
    /// Part of the key's or the owner's name, or the last four characters.
    pub text: Option<String>,
}

/// How many active keys there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// All of them.
    pub all: i64,
    /// By remark, in the order of [`Remark::ALL`].
    pub by_remark: [i64; 5],
}

/// A key with its owner.
#[derive(Debug, Clone)]
pub struct Held {
    /// Its id.
    pub id: KeyId,
    /// Its name.
    pub name: String,
    /// Last four characters.
    pub last4: String,
    /// What it may be used for.
    pub scope: Scope,
    /// Names of the projects that it is limited to; none for all of the owner's.
    pub projects: Option<Vec<String>>,
    /// Whose it is.
    pub owner: UserId,
    /// The owner's name.
    pub owner_name: String,
    /// Whether the owner is an API user.
    pub is_api: bool,
    /// Whether the owner is active.
    pub is_owner_active: bool,
    /// Who made it.
    pub created_by: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// From where.
    pub last_used_ip: Option<String>,
    /// By what program.
    pub last_used_agent: Option<String>,
    /// When it was revoked; lists leave such keys out.
    pub revoked_at: Option<Timestamp>,
}

/// The keys of a user that are not revoked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Uses {
    /// How many.
    pub keys: i64,
    /// When any of them was last used.
    pub last_used_at: Option<Timestamp>,
}

macro_rules! columns {
    () => {
        "SELECT k.id, k.name, k.last4, k.scope, k.is_limited, k.user_id, u.name AS owner_name, u.kind, u.is_active,
            c.name AS maker_name, k.created_at, k.expires_at, k.last_used_at, k.last_used_ip, k.last_used_agent, k.revoked_at
        FROM api_keys k JOIN users u ON u.id = k.user_id LEFT JOIN users c ON c.id = k.created_by "
    };
}

/// $1 a remark or ''; $2 unused before; $3 expiring until; $4 a LIKE pattern of names or NULL; $5 last four or NULL.
macro_rules! wanted {
    () => {
        "WHERE k.revoked_at IS NULL
            AND (CAST($1 AS TEXT) = ''
                OR (CAST($1 AS TEXT) = 'unused' AND COALESCE(k.last_used_at, k.created_at) < CAST($2 AS BIGINT))
                OR (CAST($1 AS TEXT) = 'never' AND k.last_used_at IS NULL)
                OR (CAST($1 AS TEXT) = 'no-expiry' AND k.expires_at IS NULL)
                OR (CAST($1 AS TEXT) = 'expiring' AND k.expires_at < CAST($3 AS BIGINT))
                OR (CAST($1 AS TEXT) = 'inactive' AND NOT u.is_active))
            AND (CAST($4 AS TEXT) IS NULL OR lower(k.name) LIKE $4 ESCAPE '\\' OR lower(u.name) LIKE $4 ESCAPE '\\'
                OR k.last4 = CAST($5 AS TEXT))"
    };
}

statements! {
    COUNT = concat!("SELECT COUNT(*) FROM api_keys k JOIN users u ON u.id = k.user_id ", wanted!());
    PAGE = concat!(columns!(), wanted!(), " ORDER BY k.id DESC LIMIT $6 OFFSET $7");
    CHOSEN = concat!(columns!(), "WHERE k.id IN ", in_list!("$1"), " ORDER BY k.id DESC");
    COUNTS = "SELECT COUNT(*),
            COUNT(CASE WHEN COALESCE(k.last_used_at, k.created_at) < $1 THEN 1 END),
            COUNT(CASE WHEN k.last_used_at IS NULL THEN 1 END),
            COUNT(CASE WHEN k.expires_at IS NULL THEN 1 END),
            COUNT(CASE WHEN k.expires_at < $2 THEN 1 END),
            COUNT(CASE WHEN NOT u.is_active THEN 1 END)
        FROM api_keys k JOIN users u ON u.id = k.user_id WHERE k.revoked_at IS NULL";
    USES = concat!("SELECT user_id, COUNT(*), MAX(last_used_at) FROM api_keys
        WHERE revoked_at IS NULL AND user_id IN ", in_list!("$1"), " GROUP BY user_id ORDER BY user_id");
    PROJECTS = concat!("SELECT l.key_id, p.name FROM api_key_projects l JOIN projects p ON p.id = l.project_id
        WHERE l.key_id IN ", in_list!("$1"), " ORDER BY l.key_id, p.name, p.id");
}

/// How many keys there are, and with which remarks. One statement.
pub fn counts(tx: &mut Tx<'_>, now: Timestamp) -> Result<Counts> {
    tx.one(COUNTS, args![now.plus(-UNUSED).0, now.plus(EXPIRING).0], |r| {
        Ok(Counts {
            all: r.get(0)?,
            by_remark: [r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?],
        })
    })
}

/// One page of the keys that are not revoked, newest first. Three statements.
pub fn page(tx: &mut Tx<'_>, wanted: &Filter, request: PageRequest, now: Timestamp) -> Result<Page<Held>> {
    let remark = wanted.remark.map_or("", Remark::name);
    let like = wanted.text.as_ref().map(|t| containing(&t.to_lowercase()));
    let (unused, expiring) = (now.plus(-UNUSED).0, now.plus(EXPIRING).0);
    let text = wanted.text.as_ref();
    let total = tx.one(COUNT, args![remark, unused, expiring, like.as_ref(), text], |r| {
        r.get(0)
    })?;
    let found = tx.all(
        PAGE,
        args![
            remark,
            unused,
            expiring,
            like.as_ref(),
            text,
            request.per_page,
            request.offset()
        ],
        held,
    )?;
    let rows = with_projects(tx, found)?;
    Ok(Page { request, total, rows })
}

/// Those of these keys that exist, revoked ones too, newest first. Two statements.
pub fn chosen(tx: &mut Tx<'_>, ids: &[KeyId]) -> Result<Vec<Held>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let found = tx.all(CHOSEN, args![&filter::list(&ids)], held)?;
    with_projects(tx, found)
}

/// How many keys these users have, and when they were last used; users without a key are left out. One statement.
pub fn uses(tx: &mut Tx<'_>, users: &[UserId]) -> Result<HashMap<UserId, Uses>> {
    let ids: Vec<i64> = users.iter().map(|u| u.0).collect();
    let rows = tx.all(USES, args![&filter::list(&ids)], |r| {
        let uses = Uses {
            keys: r.get(1)?,
            last_used_at: r.get::<Option<i64>>(2)?.map(Timestamp),
        };
        Ok((UserId(r.get(0)?), uses))
    })?;
    Ok(rows.into_iter().collect())
}

/// Puts the names of projects into keys that are limited to some.
fn with_projects(tx: &mut Tx<'_>, found: Vec<(Held, bool)>) -> Result<Vec<Held>> {
    let ids: Vec<i64> = found.iter().map(|(k, _)| k.id.0).collect();
    let mut names: HashMap<i64, Vec<String>> = HashMap::new();
    for (key, name) in tx.all(PROJECTS, args![&filter::list(&ids)], |r| {
        Ok((r.get::<i64>(0)?, r.get(1)?))
    })? {
        names.entry(key).or_default().push(name);
    }
    let rows = found.into_iter().map(|(key, is_limited)| Held {
        projects: is_limited.then(|| names.remove(&key.id.0).unwrap_or_default()),
        ..key
    });
    Ok(rows.collect())
}

fn held(r: &Row<'_>) -> Result<(Held, bool)> {
    let key = Held {
        id: KeyId(r.get(0)?),
        name: r.get(1)?,
        last4: r.get(2)?,
        scope: scope(&r.get::<String>(3)?),
        projects: None,
        owner: UserId(r.get(5)?),
        owner_name: r.get(6)?,
        is_api: r.get::<String>(7)? == "api",
        is_owner_active: r.get(8)?,
        created_by: r.get::<Option<String>>(9)?.unwrap_or_default(),
        created_at: Timestamp(r.get(10)?),
        expires_at: r.get::<Option<i64>>(11)?.map(Timestamp),
        last_used_at: r.get::<Option<i64>>(12)?.map(Timestamp),
        last_used_ip: r.get(13)?,
        last_used_agent: r.get(14)?,
        revoked_at: r.get::<Option<i64>>(15)?.map(Timestamp),
    };
    Ok((key, r.get(4)?))
}
