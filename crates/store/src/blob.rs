//! The bytes of uploaded files, named by their SHA-256; they lie in the blob storage, a row here says that they do.
//!
//! An upload claims a blob before its bytes are put in place. The sweeper begins to delete a blob only when no file has it and
//! nobody claimed it for [`REST`], and an upload cannot claim one that is being deleted; so they never race, also when several
//! servers share the storage. Every statement decides on one row alone, so no lock is needed. Bytes that are stored anew get
//! another [`Place`], so a server that deletes long after its lease has ended deletes nothing but what it was to.

use crate::{Result, Tx, args, statements};
use model::Timestamp;
use model::clock::HOUR;
use serde_json::{Value, json};

/// How long a blob that was claimed is left alone, in microseconds: longer than any upload takes.
pub const REST: i64 = 24 * HOUR;

/// $1 is a list as [`list`] makes it.
macro_rules! hashes {
    () => {
        "(SELECT value ->> 'sha256' FROM json_each(CAST($1 AS TEXT)))"
    };
}

statements! {
    CLAIM = "INSERT INTO blobs (sha256, size, touched_at, is_deleting, salt) VALUES ($1, $2, $3, FALSE, $4)
        ON CONFLICT (sha256) DO UPDATE SET touched_at = excluded.touched_at WHERE NOT blobs.is_deleting RETURNING salt";
    PLACE = "SELECT salt FROM blobs WHERE sha256 = $1";
    TOUCH = concat!("UPDATE blobs SET touched_at = $2 WHERE NOT is_deleting AND sha256 IN ", hashes!());
    BEGIN = "UPDATE blobs SET is_deleting = TRUE WHERE sha256 IN (
            SELECT b.sha256 FROM blobs b WHERE NOT b.is_deleting AND b.touched_at <= $1
                AND NOT EXISTS (SELECT 1 FROM attachments a WHERE a.sha256 = b.sha256) ORDER BY b.sha256 LIMIT $2)
        AND touched_at <= $1 AND NOT EXISTS (SELECT 1 FROM attachments a WHERE a.sha256 = blobs.sha256)";
    DELETING = "SELECT sha256, salt FROM blobs WHERE is_deleting ORDER BY sha256 LIMIT $1";
    DELETE = concat!("DELETE FROM blobs WHERE is_deleting AND sha256 IN ", hashes!());
}

fn list(hashes: &[String]) -> String {
    let rows: Vec<Value> = hashes.iter().map(|sha256| json!({"sha256": sha256})).collect();
    Value::from(rows).to_string()
}

/// Where bytes lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Of the bytes, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// Different for what was stored at different times; 0 or more.
    pub salt: i64,
}

/// The hash, and the salt unless it is 0.
impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.sha256)?;
        if self.salt == 0 {
            return Ok(());
        }
        write!(f, "-{:016x}", self.salt)
    }
}

/// Says that the bytes will be put in place now and named by a file soon, and where: those that are stored already stay where they
/// are, others are told apart by the salt. None: they are just being deleted, try again.
pub fn claim(tx: &mut Tx<'_>, sha256: &str, size: i64, salt: i64, now: Timestamp) -> Result<Option<Place>> {
    let salt = tx.opt(CLAIM, args![sha256, size, now.0, salt], |r| r.get(0))?;
    Ok(salt.map(|salt| place(sha256.to_owned(), salt)))
}

fn place(sha256: String, salt: i64) -> Place {
    Place { sha256, salt }
}

/// Where the bytes of this hash lie. None: nowhere.
pub fn find(tx: &mut Tx<'_>, sha256: &str) -> Result<Option<Place>> {
    tx.opt(PLACE, args![sha256], |r| Ok(place(sha256.to_owned(), r.get(0)?)))
}

/// Keeps these different blobs from the sweeper, in the transaction that names them. False: one of them is gone.
pub fn touch(tx: &mut Tx<'_>, hashes: &[String], now: Timestamp) -> Result<bool> {
    let touched = tx.execute(TOUCH, args![&list(hashes), now.0])?;
    Ok(usize::try_from(touched).is_ok_and(|n| n == hashes.len()))
}

/// Begins to delete at most `most` blobs that no file has and that were not claimed for [`REST`].
pub fn begin_deleting(tx: &mut Tx<'_>, now: Timestamp, most: i64) -> Result<u64> {
    tx.execute(BEGIN, args![now.plus(-REST).0, most])
}

/// Blobs whose bytes are to be deleted, also those that a server left behind which was stopped.
pub fn deleting(tx: &mut Tx<'_>, most: i64) -> Result<Vec<Place>> {
    tx.all(DELETING, args![most], |r| Ok(place(r.get(0)?, r.get(1)?)))
}

/// Forgets blobs whose bytes were deleted; from now on they may be stored again.
pub fn delete(tx: &mut Tx<'_>, hashes: &[String]) -> Result<u64> {
    tx.execute(DELETE, args![&list(hashes)])
}
