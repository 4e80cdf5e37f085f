//! The audit log: one row for each change, written in the transaction that makes it, and the chain of seals over the rows.
//!
//! Rows carry no MAC when they are written, as numbering them would make every write wait for the one before. The sealer
//! numbers and chains committed rows once a second (architecture §4).

use crate::{Result, Row, Tx, args, statements};
use model::{ProjectId, Timestamp, UserId};

/// One change, as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// Who; none for the system and for nobody known.
    pub actor_id: Option<UserId>,
    /// Their name at that time.
    pub actor_name: String,
    /// `session`, `key`, `cli` or `system`.
    pub via: String,
    /// The session or key.
    pub via_id: Option<i64>,
    /// From where.
    pub ip: Option<String>,
    /// The request.
    pub request_id: Option<String>,
    /// What was done, such as `key.created`.
    pub action: String,
    /// In which project.
    pub project_id: Option<ProjectId>,
    /// To what kind of thing.
    pub target_kind: String,
    /// To which one.
    pub target_id: Option<i64>,
    /// Its name at that time.
    pub target_name: Option<String>,
    /// More about it, JSON without secrets.
    pub detail: Option<String>,
}

/// A row with its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Its id.
    pub id: i64,
    /// What it says.
    pub entry: Entry,
}

/// A seal: number, row and chained MAC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// From 1, without gaps.
    pub seq: i64,
    /// The row.
    pub audit_id: i64,
    /// HMAC over the previous MAC, the number and the row.
    pub mac: Vec<u8>,
}

macro_rules! columns {
    () => {
        "a.id, a.at, a.actor_id, a.actor_name, a.via, a.via_id, a.ip, a.request_id, a.action, a.project_id, a.target_kind,
         a.target_id, a.target_name, a.detail"
    };
}

mod page;

pub(crate) use page::STATEMENTS as PAGE_STATEMENTS;
pub use page::{next, page, range};

/// Which rows, and in what order. What is not given does not filter.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// By this user.
    pub actor_id: Option<i64>,
    /// Of this action, such as `key.revoked`.
    pub action: Option<String>,
    /// In this project.
    pub project_id: Option<i64>,
    /// To this kind of thing.
    pub target_kind: Option<String>,
    /// To the thing with this id.
    pub target_id: Option<i64>,
    /// Written after this instant.
    pub after: Option<Timestamp>,
    /// Written before this instant.
    pub before: Option<Timestamp>,
    /// Oldest first.
    pub ascending: bool,
}

statements! {
    INSERT = "INSERT INTO audit (at, actor_id, actor_name, via, via_id, ip, request_id, action, project_id, target_kind,
            target_id, target_name, detail)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    LAST_SEAL = "SELECT seq, audit_id, mac FROM audit_seals ORDER BY seq DESC LIMIT 1";
    // Two transactions on PostgreSQL may commit in another order than that of their ids, hence the look back.
    UNSEALED = concat!("SELECT ", columns!(), " FROM audit a
        WHERE a.id > (SELECT COALESCE(MAX(audit_id), 0) - 10000 FROM audit_seals)
          AND NOT EXISTS (SELECT 1 FROM audit_seals s WHERE s.audit_id = a.id)
        ORDER BY a.id LIMIT $1");
    SEAL = "INSERT INTO audit_seals (seq, audit_id, mac) VALUES ($1, $2, $3)";
    SEALED = concat!("SELECT s.seq, s.audit_id, s.mac, ", columns!(), " FROM audit_seals s LEFT JOIN audit a ON a.id = s.audit_id
        WHERE s.seq > $1 ORDER BY s.seq LIMIT $2");
    COUNT_UNSEALED = "SELECT COUNT(*) FROM audit a WHERE NOT EXISTS (SELECT 1 FROM audit_seals s WHERE s.audit_id = a.id)";
    OF_TARGET = concat!("SELECT ", columns!(), " FROM audit a WHERE a.target_kind = $1 AND a.target_id = $2 ORDER BY a.id");
}

/// Writes a row.
pub fn insert(tx: &mut Tx<'_>, e: &Entry) -> Result<()> {
    tx.execute(
        INSERT,
        args![
            e.at.0,
            e.actor_id.map(|u| u.0),
            &e.actor_name,
            &e.via,
            e.via_id,
            e.ip.as_ref(),
            e.request_id.as_ref(),
            &e.action,
            e.project_id.map(|p| p.0),
            &e.target_kind,
            e.target_id,
            e.target_name.as_ref(),
            e.detail.as_ref()
        ],
    )
    .map(drop)
}

/// The newest seal.
pub fn last_seal(tx: &mut Tx<'_>) -> Result<Option<Seal>> {
    tx.opt(LAST_SEAL, args![], seal)
}

/// Rows that have no seal yet, oldest first.
pub fn unsealed(tx: &mut Tx<'_>, most: i64) -> Result<Vec<Recorded>> {
    tx.all(UNSEALED, args![most], |r| recorded(r, 0))
}

/// How many rows have no seal.
pub fn count_unsealed(tx: &mut Tx<'_>) -> Result<i64> {
    tx.one(COUNT_UNSEALED, args![], |r| r.get(0))
}

/// Writes a seal.
pub fn add_seal(tx: &mut Tx<'_>, s: &Seal) -> Result<()> {
    tx.execute(SEAL, args![s.seq, s.audit_id, &s.mac]).map(drop)
}

/// Seals after number `after` in their order, each with its row unless somebody took it away.
pub fn sealed(tx: &mut Tx<'_>, after: i64, most: i64) -> Result<Vec<(Seal, Option<Recorded>)>> {
    tx.all(SEALED, args![after, most], |r| {
        let row = if r.get::<Option<i64>>(3)?.is_some() {
            Some(recorded(r, 3)?)
        } else {
            None
        };
        Ok((seal(r)?, row))
    })
}

/// What was done to one thing, oldest first.
pub fn of_target(tx: &mut Tx<'_>, kind: &str, id: i64) -> Result<Vec<Recorded>> {
    tx.all(OF_TARGET, args![kind, id], |r| recorded(r, 0))
}

fn seal(r: &Row<'_>) -> Result<Seal> {
    Ok(Seal {
        seq: r.get(0)?,
        audit_id: r.get(1)?,
        mac: r.get(2)?,
    })
}

fn recorded(r: &Row<'_>, at: usize) -> Result<Recorded> {
    Ok(Recorded {
        id: r.get(at)?,
        entry: Entry {
            at: Timestamp(r.get(at + 1)?),
            actor_id: r.get::<Option<i64>>(at + 2)?.map(UserId),
            actor_name: r.get(at + 3)?,
            via: r.get(at + 4)?,
            via_id: r.get(at + 5)?,
            ip: r.get(at + 6)?,
            request_id: r.get(at + 7)?,
            action: r.get(at + 8)?,
            project_id: r.get::<Option<i64>>(at + 9)?.map(ProjectId),
            target_kind: r.get(at + 10)?,
            target_id: r.get(at + 11)?,
            target_name: r.get(at + 12)?,
            detail: r.get(at + 13)?,
        },
    })
}
