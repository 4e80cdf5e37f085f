//! One closure: its attempts, and what the outcome of each means.

use super::connection::Trouble;
use super::threads::Slot;
use crate::db::tx::{Engine, Tx};
use crate::db::{Error, Mode, Reply, Result, attempt};
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

/// How often a closure runs again after conflicts.
const RETRIES: u32 = 8;

enum Outcome<T, E> {
    /// This is the answer.
    Answer(Reply<T, E>),
    /// Conflicted with another transaction; nothing was written.
    Conflict,
    /// The connection was lost before COMMIT; nothing was written.
    Lost(Reply<T, E>),
}

/// Runs a closure until there is an answer.
pub(super) fn run<T, E, F>(slot: &mut Slot, mode: Mode, f: &F) -> Reply<T, E>
where
    F: Fn(&mut Tx<'_>) -> Result<T, E>,
    E: From<Error>,
{
    let mut conflicts = 0;
    loop {
        // A connection that was idle may have died without our noticing. A fresh one has no such excuse.
        let reused = slot.is_connected();
        match once(slot, mode, f) {
            Outcome::Answer(reply) => return reply,
            Outcome::Lost(reply) if !reused => return reply,
            Outcome::Lost(_) => {}
            Outcome::Conflict if conflicts == RETRIES => return Ok(Err(Error::Conflict.into())),
            Outcome::Conflict => {
                std::thread::sleep(Duration::from_micros(500 << conflicts.min(6)));
                conflicts += 1;
            }
        }
        slot.health().repeated.fetch_add(1, Relaxed);
    }
}

fn once<T, E, F>(slot: &mut Slot, mode: Mode, f: &F) -> Outcome<T, E>
where
    F: Fn(&mut Tx<'_>) -> Result<T, E>,
    E: From<Error>,
{
    let connection = match slot.connect() {
        Ok(connection) => connection,
        Err(e) => {
            tracing::warn!(error = %e.detail(), "no connection to PostgreSQL");
            return Outcome::Answer(Ok(Err(Error::Busy.into())));
        }
    };
    connection.start(mode);
    let reply = attempt(&mut Tx::new(Engine::Postgres(connection), mode), f);
    let begun = connection.has_begun(mode);
    match reply {
        Ok(Ok(value)) if begun => {
            let committed = connection.control("COMMIT");
            committed_outcome(slot, mode, value, committed)
        }
        Ok(Ok(value)) => Outcome::Answer(Ok(Ok(value))),
        Ok(Err(e)) => {
            if begun && connection.trouble() != Some(Trouble::Lost) && connection.control("ROLLBACK").is_err()
            {
                slot.discard();
                return Outcome::Answer(Ok(Err(e)));
            }
            failed(slot, Ok(Err(e)))
        }
        // The state of the transaction and of the protocol is not known.
        Err(panic) => {
            slot.discard();
            Outcome::Answer(Err(panic))
        }
    }
}

fn committed_outcome<T, E>(slot: &mut Slot, mode: Mode, value: T, committed: Result<()>) -> Outcome<T, E>
where
    E: From<Error>,
{
    match committed {
        Ok(()) => {
            if mode.writes() {
                slot.health().groups.fetch_add(1, Relaxed);
                slot.health().closures.fetch_add(1, Relaxed);
            }
            Outcome::Answer(Ok(Ok(value)))
        }
        // Rolled back for certain.
        Err(_) if slot.trouble() == Some(Trouble::Conflict) => Outcome::Conflict,
        Err(e @ (Error::Unique(_) | Error::Constraint(_))) => Outcome::Answer(Ok(Err(e.into()))),
        Err(e) => {
            slot.discard();
            // What a snapshot has read stays true.
            let read = !mode.writes();
            Outcome::Answer(Ok(if read {
                Ok(value)
            } else {
                Err(Error::Unknown(e.detail()).into())
            }))
        }
    }
}

fn failed<T, E>(slot: &mut Slot, reply: Reply<T, E>) -> Outcome<T, E> {
    match slot.trouble() {
        Some(Trouble::Conflict) => Outcome::Conflict,
        Some(Trouble::Lost) => {
            slot.discard();
            Outcome::Lost(reply)
        }
        None => Outcome::Answer(reply),
    }
}
