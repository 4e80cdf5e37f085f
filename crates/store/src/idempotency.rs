//! Answers already given, by caller and `Idempotency-Key`, written in the transaction of the work itself.

use crate::{Result, Tx, args, statements};
use model::{Timestamp, UserId};

/// What a caller asked for under a key.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The caller.
    pub user: UserId,
    /// The header's value.
    pub key: String,
    /// Method and path.
    pub route: String,
    /// SHA-256 of the body.
    pub body_hash: Vec<u8>,
}

/// What is known about a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// Nothing: it was taken now. The work may be done.
    Fresh,
    /// So many rows of a long body are in; go on after them.
    Begun(i64),
    /// Everything was done, with this answer.
    Done(u16, String),
    /// The same key was used for something else.
    Other,
}

statements! {
    TAKE = "INSERT INTO idempotency (user_id, key, route, body_hash, done, created_at) VALUES ($1, $2, $3, $4, 0, $5)
        ON CONFLICT DO NOTHING";
    GET = "SELECT route, body_hash, done, status, body FROM idempotency WHERE user_id = $1 AND key = $2";
    ADVANCE = "UPDATE idempotency SET done = $3 WHERE user_id = $1 AND key = $2";
    FINISH = "UPDATE idempotency SET status = $3, body = $4 WHERE user_id = $1 AND key = $2";
    DELETE_OLD = "DELETE FROM idempotency WHERE created_at < $1";
}

/// Takes a key for a caller, or says what was done under it before.
pub fn take(tx: &mut Tx<'_>, claim: &Claim, now: Timestamp) -> Result<Known> {
    let taken = tx.execute(
        TAKE,
        args![claim.user.0, &claim.key, &claim.route, &claim.body_hash, now.0],
    )?;
    if taken > 0 {
        return Ok(Known::Fresh);
    }
    tx.one(GET, args![claim.user.0, &claim.key], |r| {
        let (route, hash): (String, Vec<u8>) = (r.get(0)?, r.get(1)?);
        if route != claim.route || hash != claim.body_hash {
            return Ok(Known::Other);
        }
        Ok(match r.get::<Option<i64>>(3)? {
            Some(status) => Known::Done(
                u16::try_from(status).unwrap_or(200),
                r.get::<Option<String>>(4)?.unwrap_or_default(),
            ),
            None => Known::Begun(r.get(2)?),
        })
    })
}

/// Notes how many rows of a long body are in.
pub fn advance(tx: &mut Tx<'_>, claim: &Claim, done: i64) -> Result<()> {
    tx.execute(ADVANCE, args![claim.user.0, &claim.key, done])
        .map(drop)
}

/// Keeps the answer.
pub fn finish(tx: &mut Tx<'_>, claim: &Claim, status: u16, body: &str) -> Result<()> {
    tx.execute(FINISH, args![claim.user.0, &claim.key, i64::from(status), body])
        .map(drop)
}

/// Forgets answers from before `before`; the number.
pub fn delete_old(tx: &mut Tx<'_>, before: Timestamp) -> Result<u64> {
    tx.execute(DELETE_OLD, args![before.0])
}
