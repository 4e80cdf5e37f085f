//! The pool of reading connections.

use super::connection::{Access, Connection};
use crate::db::health::Health;
use crate::db::tx::{Engine, Tx};
use crate::db::{Error, Mode, Result};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Reads on the calling thread that take longer are reported by debug builds.
const SLOW: Duration = Duration::from_millis(2);

/// Grows to the number of threads that read at the same time; last in, first out, for warm caches.
pub(super) struct Readers {
    path: PathBuf,
    limit: Duration,
    health: Arc<Health>,
    /// `None` after closing.
    idle: Mutex<Option<Vec<Connection>>>,
}

impl Readers {
    pub(super) fn new(path: PathBuf, limit: Duration, health: Arc<Health>) -> Self {
        Readers {
            path,
            limit,
            health,
            idle: Mutex::new(Some(Vec::new())),
        }
    }

    /// Runs a read on this thread. A panic of the closure drops the connection, which is fine.
    pub(super) fn run<T, E, F>(&self, mode: Mode, f: F) -> Result<T, E>
    where
        F: Fn(&mut Tx<'_>) -> Result<T, E>,
        E: From<Error>,
    {
        let connection = self.take()?;
        connection.set_limit((mode != Mode::Long).then_some(self.limit));
        let snapshot = mode != Mode::One;
        if snapshot {
            connection.control("BEGIN")?;
        }
        let began = cfg!(debug_assertions).then(Instant::now);
        let mut tx = Tx::new(Engine::Sqlite(&connection), mode);
        let result = f(&mut tx);
        let (failed, slowest) = (tx.failed(), tx.slowest());
        if let Some(took) = began.map(|b| b.elapsed())
            && took > SLOW
            && mode != Mode::Long
        {
            tracing::warn!(
                ?took,
                ?slowest,
                "a read held up its worker, use read_long or make it faster"
            );
        }
        connection.set_limit(None);
        if !snapshot || connection.control("COMMIT").is_ok() {
            self.give_back(connection);
        }
        if failed && result.is_ok() {
            Err(Error::Aborted.into())
        } else {
            result
        }
    }

    /// Closes what is idle now, and the rest when it comes back.
    pub(super) fn close(&self) {
        let idle = self.idle().take();
        drop(idle);
    }

    fn take(&self) -> Result<Connection> {
        let idle = self.idle().as_mut().ok_or(Error::Closed)?.pop();
        idle.map_or_else(|| Connection::open(&self.path, Access::Read, &self.health), Ok)
    }

    fn give_back(&self, connection: Connection) {
        if let Some(idle) = self.idle().as_mut() {
            idle.push(connection);
        }
    }

    fn idle(&self) -> MutexGuard<'_, Option<Vec<Connection>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
