//! One `Db` over SQLite or PostgreSQL. Transactions are closures over a synchronous [`Tx`].
//!
//! * SQL is a `&'static str` with `$1…$n`; the same text runs on both engines.
//! * [`Db::read`] is a snapshot. SQLite: on the calling thread, so keep it under a millisecond.
//!   PostgreSQL: on one of the connections' threads.
//! * [`Db::write`] answers `Ok` when the change is on stable storage. SQLite: one writer thread that commits what
//!   queued up meanwhile as one group. PostgreSQL: READ COMMITTED, retried after conflicts.
//! * A closure is `Fn`: it may run more than once, and must have no effect but through its `tx`. It never waits
//!   for another write, sleeps, calls out or reads the clock.
//! * Dropping the future of a write: what has not started is skipped, what has started finishes whole.
//! * A panic in a closure goes on in the awaiting task.

mod admission;
mod arg;
mod error;
mod health;
mod postgres;
mod row;
mod sqlite;
mod statement;
mod tx;

pub use arg::Arg;
pub use error::{Error, Result};
pub use health::Stats;
pub use row::{Col, Row};
pub use sqlite::Version;
pub use statement::{Dialect, Statement};
pub use tx::{Bulk, Column, Tx};

use std::sync::Arc;
use std::time::Duration;

/// Limits of a database. The defaults are meant for production.
#[derive(Debug, Clone)]
pub struct Options {
    /// Connections to PostgreSQL, each with a thread of its own.
    pub connections: usize,
    /// Closures that may queue or run; more are answered [`Error::Busy`].
    pub queue: usize,
    /// Bytes that queued ingests may keep in memory together.
    pub ingest_bytes: usize,
    /// How long [`Db::ingest`] waits for a place.
    pub ingest_wait: Duration,
    /// Reads are interrupted after this time, and on PostgreSQL every statement.
    pub statement_limit: Duration,
    /// SQLite: no closure joins a group that has worked this long.
    pub group_work: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            connections: 16,
            queue: 1024,
            ingest_bytes: 64 << 20,
            ingest_wait: Duration::from_secs(40),
            statement_limit: Duration::from_secs(30),
            group_work: Duration::from_millis(10),
        }
    }
}

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

enum Inner {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.is_postgres() {
            "Db(PostgreSQL)"
        } else {
            "Db(SQLite)"
        })
    }
}

/// What kind of transaction a closure runs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// One SELECT, no transaction around it.
    One,
    /// A read-only snapshot.
    Read,
    /// The same without the time limit of short reads.
    Long,
    /// Read and write.
    Write,
    /// The same with many rows.
    Ingest,
}

impl Mode {
    /// Whether it may change anything.
    fn writes(self) -> bool {
        matches!(self, Mode::Write | Mode::Ingest)
    }
}

impl Db {
    /// Opens `sqlite:PATH` or `postgres://…` with the default limits. On PostgreSQL it blocks until the first
    /// connection stands.
    pub fn open(url: &str) -> Result<Db> {
        Db::open_with(url, &Options::default())
    }

    /// Opens `sqlite:PATH` or `postgres://…`.
    pub fn open_with(url: &str, options: &Options) -> Result<Db> {
        let inner = if let Some(path) = url.strip_prefix("sqlite:") {
            Inner::Sqlite(sqlite::Sqlite::open(path, options)?)
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Inner::Postgres(postgres::Postgres::open(url, options)?)
        } else {
            return Err(Error::Open("write sqlite:PATH or postgres://…".to_owned()));
        };
        Ok(Db(Arc::new(inner)))
    }

    /// A short read-only transaction over one snapshot.
    pub async fn read<T, E, F>(&self, f: F) -> Result<T, E>
    where
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        match &*self.0 {
            Inner::Sqlite(db) => db.read(Mode::Read, f),
            Inner::Postgres(db) => db.run(Mode::Read, f).await,
        }
    }

    /// Exactly one SELECT, without BEGIN and COMMIT: for the look-ups of every request.
    pub async fn read_one<T, E, F>(&self, f: F) -> Result<T, E>
    where
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        match &*self.0 {
            Inner::Sqlite(db) => db.read(Mode::One, f),
            Inner::Postgres(db) => db.run(Mode::One, f).await,
        }
    }

    /// A long read (report, export), never on an async worker. Few run at a time. Read in keyset pages with a
    /// `read_long` each: a snapshot that is kept stops SQLite from reclaiming its log.
    pub async fn read_long<T, E, F>(&self, f: F) -> Result<T, E>
    where
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        match &*self.0 {
            Inner::Sqlite(db) => db.read_long(f).await,
            Inner::Postgres(db) => db.run(Mode::Long, f).await,
        }
    }

    /// A read-write transaction. `Ok` means: on stable storage. A full queue is [`Error::Busy`] at once.
    pub async fn write<T, E, F>(&self, f: F) -> Result<T, E>
    where
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        match &*self.0 {
            Inner::Sqlite(db) => db.write(f).await,
            Inner::Postgres(db) => db.run(Mode::Write, f).await,
        }
    }

    /// A write that waits for its turn, first come, first served, up to [`Options::ingest_wait`]; then
    /// [`Error::Busy`]. `bytes` is the memory that the closure keeps. Give one closure about 250 rows.
    pub async fn ingest<T, E, F>(&self, bytes: usize, f: F) -> Result<T, E>
    where
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        match &*self.0 {
            Inner::Sqlite(db) => db.ingest(bytes, f).await,
            Inner::Postgres(db) => db.ingest(bytes, f).await,
        }
    }

    /// One round trip to the database.
    pub async fn ping(&self) -> Result<()> {
        self.read_one(|tx| tx.one("SELECT CAST(1 AS BIGINT)", &[], |row| row.get::<i64>(0)))
            .await
            .map(drop)
    }

    /// Finishes what is queued, checkpoints and closes. Everything after it is answered [`Error::Closed`].
    pub async fn close(&self) {
        match &*self.0 {
            Inner::Sqlite(db) => db.close().await,
            Inner::Postgres(db) => db.close().await,
        }
    }

    /// Resolves with the reason when the database cannot go on and the process must end with an error: on
    /// SQLite after an I/O error that a reopened file did not survive. Pending for ever while all is well.
    pub async fn failed(&self) -> String {
        match &*self.0 {
            Inner::Sqlite(db) => db.failed().await,
            Inner::Postgres(db) => db.failed().await,
        }
    }

    /// The version that a read would see that began now; while it stays the same nothing was committed, by any
    /// process. SQLite: one small read of a file, far below the price of a transaction. None where this cannot be
    /// told: on PostgreSQL, and for moments on SQLite.
    pub fn version(&self) -> Option<Version> {
        match &*self.0 {
            Inner::Sqlite(db) => db.version(),
            Inner::Postgres(_) => None,
        }
    }

    /// Counters for the metrics.
    pub fn stats(&self) -> Stats {
        match &*self.0 {
            Inner::Sqlite(db) => db.stats(),
            Inner::Postgres(db) => db.stats(),
        }
    }

    /// Whether this is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        matches!(&*self.0, Inner::Postgres(_))
    }

    /// Prepares every statement of this engine without running it, for one test over all of them. Answers one
    /// line per fault: wrong SQL, or types that [`Arg`] and [`Row`] do not carry.
    pub async fn prepare_all(&self, statements: &[Statement]) -> Vec<String> {
        let mut faults = Vec::new();
        for statement in statements.iter().filter(|s| s.dialect.is_for(self.is_postgres())) {
            let sql = statement.sql;
            let found = match self.read_one(move |tx| tx.prepare(sql)).await {
                Ok(misfits) => misfits,
                Err(e) => vec![e.to_string()],
            };
            faults.extend(
                found
                    .iter()
                    .map(|f| format!("{}::{}: {f}", statement.module, statement.name)),
            );
        }
        faults
    }
}

/// Hands a result over to the waiting future; a panic goes on unwinding there.
type Reply<T, E> = std::thread::Result<Result<T, E>>;

fn resume<T, E>(reply: Reply<T, E>) -> Result<T, E> {
    reply.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Runs `f` and catches its panic. A closure that swallowed a failed statement must not commit half of its work:
/// it fails.
fn attempt<T, E: From<Error>>(tx: &mut Tx<'_>, f: &impl Fn(&mut Tx<'_>) -> Result<T, E>) -> Reply<T, E> {
    let reply = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| f(tx)));
    match reply {
        Ok(Ok(_)) if tx.failed() => Ok(Err(Error::Aborted.into())),
        reply => reply,
    }
}

/// Calls `$then!` with the types of the model that are one number.
macro_rules! newtypes {
    ($then:ident) => {
        $then!(
            id::UserId,
            id::RoleId,
            id::GroupId,
            id::KeyId,
            id::SessionId,
            id::ProjectId,
            id::SourceId,
            id::AutomationRunId,
            id::ThreadId,
            id::AutomationCaseId,
            id::AutomationTestId,
            id::FolderId,
            id::MilestoneId,
            id::ConfigId,
            clock::Timestamp,
        );
    };
}
use newtypes;
