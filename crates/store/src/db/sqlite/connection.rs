//! One connection to the file: how it is opened, and how statements run on it.

use crate::db::health::Health;
use crate::db::row::Cells;
use crate::db::tx::OnRow;
use crate::db::{Arg, Bulk, Error, Result, Row};
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, ErrorCode, OpenFlags, StatementStatus};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// Prepared statements that a connection keeps.
const STATEMENTS: usize = 512;
/// Steps of SQLite's machine between two looks at the clock: well under a millisecond.
const STEPS: i32 = 10_000;
const PRAGMAS: &str = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; \
    PRAGMA temp_store=MEMORY; PRAGMA trusted_schema=OFF; PRAGMA wal_autocheckpoint=1000; \
    PRAGMA journal_size_limit=67108864;";

/// What a connection may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// Read and write, and create the file.
    Create,
    /// Read and write a file that is there.
    Write,
    /// Read.
    Read,
}

/// A connection with its statement cache.
pub(in crate::db) struct Connection {
    raw: rusqlite::Connection,
    limit: Arc<Limit>,
    health: Arc<Health>,
}

/// When the running read is interrupted, in milliseconds after `epoch`.
struct Limit {
    epoch: Instant,
    at: AtomicU64,
}

impl Limit {
    fn set(&self, after: Option<Duration>) {
        let at = after.map_or(u64::MAX, |d| millis(self.epoch.elapsed() + d));
        self.at.store(at, Relaxed);
    }

    fn is_over(&self) -> bool {
        millis(self.epoch.elapsed()) > self.at.load(Relaxed)
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

impl Connection {
    pub(super) fn open(path: &Path, access: Access, health: &Arc<Health>) -> Result<Connection> {
        // Readers too are opened for writing: a read-only open may fail on the shared memory of the log.
        let mut flags = OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_READ_WRITE;
        flags.set(OpenFlags::SQLITE_OPEN_CREATE, access == Access::Create);
        let mut raw = rusqlite::Connection::open_with_flags(path, flags).map_err(error)?;
        // Only other programs can make us wait.
        raw.busy_timeout(Duration::from_secs(5)).map_err(error)?;
        raw.set_prepared_statement_cache_capacity(STATEMENTS);
        // The bundled SQLite is built with STAT4 and would plan a cached statement again for every new value that
        // is compared with an indexed column. The stability guarantee turns that off.
        raw.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
            .map_err(error)?;
        raw.execute_batch(PRAGMAS).map_err(error)?;
        raw.execute_batch(match access {
            Access::Create | Access::Write => "PRAGMA cache_size=-65536",
            Access::Read => "PRAGMA cache_size=-8192; PRAGMA query_only=ON",
        })
        .map_err(error)?;
        let limit = Arc::new(Limit {
            epoch: Instant::now(),
            at: AtomicU64::new(u64::MAX),
        });
        if access == Access::Read {
            let limit = limit.clone();
            raw.progress_handler(STEPS, Some(move || limit.is_over()))
                .map_err(error)?;
        }
        Ok(Connection {
            raw,
            limit,
            health: health.clone(),
        })
    }

    /// Interrupts statements that run longer than this from now on.
    pub(super) fn set_limit(&self, after: Option<Duration>) {
        self.limit.set(after);
    }

    /// Whether no transaction is open: after an error that made SQLite throw it away.
    pub(super) fn is_autocommit(&self) -> bool {
        self.raw.is_autocommit()
    }

    /// Reads enough of the file to say whether it is sound.
    pub(super) fn quick_check(&self) -> Result<()> {
        let verdict = self
            .raw
            .query_row("PRAGMA quick_check(1)", [], |r| r.get::<_, String>(0));
        match verdict.map_err(error)?.as_str() {
            "ok" => Ok(()),
            fault => Err(Error::RolledBack(fault.to_owned())),
        }
    }

    /// Runs a statement without arguments or rows: BEGIN, SAVEPOINT, ….
    pub(in crate::db) fn control(&self, sql: &str) -> Result<()> {
        self.raw
            .prepare_cached(sql)
            .and_then(|mut s| s.raw_execute())
            .map(drop)
            .map_err(error)
    }

    pub(in crate::db) fn execute(&self, sql: &str, args: &[Arg<'_>]) -> Result<u64> {
        let mut statement = self.statement(sql, args)?;
        let changed = statement.raw_execute().map_err(error)?;
        self.count_plans(&statement);
        Ok(changed as u64)
    }

    pub(in crate::db) fn rows(&self, sql: &str, args: &[Arg<'_>], on_row: OnRow<'_>) -> Result<()> {
        let mut statement = self.statement(sql, args)?;
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().map_err(error)? {
            if !on_row(&Row(Cells::Sqlite(row)))? {
                break;
            }
        }
        drop(rows);
        self.count_plans(&statement);
        Ok(())
    }

    pub(in crate::db) fn bulk<'a, R: AsRef<[Arg<'a>]>>(
        &self,
        bulk: &Bulk,
        rows: impl IntoIterator<Item = R>,
    ) -> Result<u64> {
        let mut statement = self.raw.prepare_cached(bulk.insert).map_err(error)?;
        let mut inserted = 0;
        for row in rows {
            if row.as_ref().len() != bulk.columns.len() {
                return Err(Error::Sql("a row has another number of columns".to_owned()));
            }
            bind(&mut statement, row.as_ref())?;
            inserted += statement.raw_execute().map_err(error)? as u64;
        }
        self.count_plans(&statement);
        Ok(inserted)
    }

    pub(in crate::db) fn batch(&self, sql: &str) -> Result<()> {
        self.raw.execute_batch(sql).map_err(error)
    }

    pub(in crate::db) fn prepare(&self, sql: &str) -> Result<()> {
        self.raw.prepare(sql).map(drop).map_err(error)
    }

    fn statement(&self, sql: &str, args: &[Arg<'_>]) -> Result<CachedStatement<'_>> {
        let mut statement = self.raw.prepare_cached(sql).map_err(error)?;
        bind(&mut statement, args)?;
        Ok(statement)
    }

    fn count_plans(&self, statement: &CachedStatement<'_>) {
        let replanned = statement.reset_status(StatementStatus::RePrepare);
        if let Ok(replanned @ 1..) = u64::try_from(replanned) {
            self.health.replanned.fetch_add(replanned, Relaxed);
        }
    }
}

/// SQLite numbers `$n` by first appearance, so `$2 … $1` would bind the wrong way round: go by the name.
fn bind(statement: &mut rusqlite::Statement<'_>, args: &[Arg<'_>]) -> Result<()> {
    for index in 1..=statement.parameter_count() {
        let number = statement
            .parameter_name(index)
            .and_then(|n| n.strip_prefix('$')?.parse::<usize>().ok());
        let arg = number
            .and_then(|n| args.get(n.checked_sub(1)?))
            .ok_or_else(|| Error::Sql(format!("no argument for parameter {index}")))?;
        arg.check()?;
        statement.raw_bind_parameter(index, arg).map_err(error)?;
    }
    Ok(())
}

impl rusqlite::ToSql for Arg<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match *self {
            Arg::Null => ValueRef::Null,
            Arg::Bool(v) => ValueRef::Integer(i64::from(v)),
            Arg::I64(v) => ValueRef::Integer(v),
            Arg::F64(v) => ValueRef::Real(v),
            Arg::Text(v) => ValueRef::Text(v.as_bytes()),
            Arg::Bytes(v) => ValueRef::Blob(v),
        }))
    }
}

/// Extended result codes of SQLite: UNIQUE, PRIMARY KEY and ROWID.
const UNIQUE: [i32; 3] = [2067, 1555, 2579];

pub(in crate::db) fn error(e: rusqlite::Error) -> Error {
    let text = e.to_string();
    let rusqlite::Error::SqliteFailure(failure, _) = e else {
        return Error::Sql(text);
    };
    match failure.code {
        ErrorCode::ConstraintViolation if UNIQUE.contains(&failure.extended_code) => Error::Unique(text),
        ErrorCode::ConstraintViolation => Error::Constraint(text),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Error::Busy,
        ErrorCode::SystemIoFailure
        | ErrorCode::DiskFull
        | ErrorCode::OutOfMemory
        | ErrorCode::OperationInterrupted
        | ErrorCode::CannotOpen
        | ErrorCode::DatabaseCorrupt
        | ErrorCode::NotADatabase => Error::RolledBack(text),
        _ => Error::Sql(text),
    }
}
