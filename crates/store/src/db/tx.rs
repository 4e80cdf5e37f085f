//! The open transaction.

use super::{Arg, Error, Mode, Result, Row, postgres, sqlite};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// Statements that this process ran, whatever the database.
pub(super) static STATEMENTS: AtomicU64 = AtomicU64::new(0);

/// An open transaction. Synchronous, lives on one thread, commits when its closure returns `Ok`.
///
/// After a failed statement every further one is refused with [`Error::Aborted`], as PostgreSQL does it. To go
/// on after an error use [`Tx::nested`] or `ON CONFLICT`.
pub struct Tx<'c> {
    engine: Engine<'c>,
    mode: Mode,
    failed: bool,
    statements: u32,
    slowest: Option<(Duration, &'static str)>,
    connections: Option<u64>,
}

pub(super) enum Engine<'c> {
    Sqlite(&'c sqlite::Connection),
    Postgres(&'c mut postgres::Connection),
}

/// The type of a column for [`Tx::bulk`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// BOOLEAN.
    Bool,
    /// BIGINT.
    I64,
    /// DOUBLE PRECISION.
    F64,
    /// TEXT.
    Text,
    /// BYTEA or BLOB.
    Bytes,
}

/// How many rows are inserted at once: row by row with a prepared statement on SQLite, COPY on PostgreSQL.
#[derive(Debug, Clone, Copy)]
pub struct Bulk {
    /// `INSERT INTO t(a, b) VALUES ($1, $2)`: SQLite.
    pub insert: &'static str,
    /// `COPY t(a, b) FROM STDIN (FORMAT binary)`: PostgreSQL, the same columns in the same order.
    pub copy: &'static str,
    /// The types of these columns.
    pub columns: &'static [Column],
}

/// What a statement hands its rows to; `false` ends it early.
pub(super) type OnRow<'f> = &'f mut dyn FnMut(&Row<'_>) -> Result<bool>;

impl<'c> Tx<'c> {
    pub(super) fn new(engine: Engine<'c>, mode: Mode) -> Self {
        Tx {
            connections: matches!(engine, Engine::Postgres(_)).then(postgres::Connection::opened),
            engine,
            mode,
            failed: false,
            statements: 0,
            slowest: None,
        }
    }

    /// Whether this is PostgreSQL: for the rare statement that needs a dialect.
    pub fn is_postgres(&self) -> bool {
        matches!(self.engine, Engine::Postgres(_))
    }

    /// How many connections to a PostgreSQL server this process had opened when the transaction began; none on SQLite.
    /// While it stays the same, the server did not go back to an earlier state.
    pub fn connections(&self) -> Option<u64> {
        self.connections
    }

    /// Runs a statement that returns no rows; answers how many rows it changed.
    /// With RETURNING use [`Tx::one`], [`Tx::opt`] or [`Tx::all`].
    pub fn execute(&mut self, sql: &'static str, args: &[Arg<'_>]) -> Result<u64> {
        self.guarded(sql, |engine| match engine {
            Engine::Sqlite(c) => c.execute(sql, args),
            Engine::Postgres(c) => c.execute(sql, args),
        })
    }

    /// The first row, or [`Error::NoRow`].
    pub fn one<T>(
        &mut self,
        sql: &'static str,
        args: &[Arg<'_>],
        map: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<T> {
        self.opt(sql, args, map)?.ok_or(Error::NoRow)
    }

    /// The first row, if there is one.
    pub fn opt<T>(
        &mut self,
        sql: &'static str,
        args: &[Arg<'_>],
        mut map: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        let mut first = None;
        self.rows(sql, args, &mut |row| {
            first = Some(map(row)?);
            Ok(false)
        })?;
        Ok(first)
    }

    /// All rows.
    pub fn all<T>(
        &mut self,
        sql: &'static str,
        args: &[Arg<'_>],
        mut map: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut all = Vec::new();
        self.rows(sql, args, &mut |row| {
            all.push(map(row)?);
            Ok(true)
        })?;
        Ok(all)
    }

    /// Hands over all rows one by one and keeps none.
    pub fn each(
        &mut self,
        sql: &'static str,
        args: &[Arg<'_>],
        mut row: impl FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        self.rows(sql, args, &mut |r| row(r).map(|()| true))
    }

    /// Inserts many rows; answers how many. One duplicate fails the whole call, so a batch that may come twice
    /// needs an idempotency row of its own.
    pub fn bulk<'a, R: AsRef<[Arg<'a>]>>(
        &mut self,
        bulk: &Bulk,
        rows: impl IntoIterator<Item = R>,
    ) -> Result<u64> {
        self.guarded(bulk.insert, |engine| match engine {
            Engine::Sqlite(c) => c.bulk(bulk, rows),
            Engine::Postgres(c) => c.bulk(bulk, rows),
        })
    }

    /// A transaction in the transaction (savepoint), for the rare place that wants to go on after an error.
    /// Costs two round trips on PostgreSQL.
    pub fn nested<T, E: From<Error>>(&mut self, f: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        if self.mode == Mode::One {
            self.failed = true;
            return Err(Error::Sql("read_one has no transaction to nest in, use read".to_owned()).into());
        }
        self.control("SAVEPOINT nested")?;
        let result = f(&mut *self);
        let swallowed = std::mem::take(&mut self.failed) && result.is_ok();
        if swallowed || result.is_err() {
            self.control("ROLLBACK TO nested")?;
        }
        self.control("RELEASE nested")?;
        if swallowed {
            Err(Error::Aborted.into())
        } else {
            result
        }
    }

    /// Locks one aggregate (a run, a user, …) until COMMIT. Take it before the first read of what is checked:
    /// that read then sees everything committed before. Nothing on SQLite, where writers are serial.
    pub fn lock(&mut self, aggregate: i64) -> Result<()> {
        if self.is_postgres() {
            self.opt("SELECT pg_advisory_xact_lock($1)", &[Arg::I64(aggregate)], |_| {
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Runs several statements of a migration.
    pub(crate) fn batch(&mut self, sql: &'static str) -> Result<()> {
        self.guarded(sql, |engine| match engine {
            Engine::Sqlite(c) => c.batch(sql),
            Engine::Postgres(c) => c.batch(sql),
        })
    }

    /// Prepares a statement without running it; answers what of its types the facade cannot carry.
    pub(super) fn prepare(&mut self, sql: &'static str) -> Result<Vec<String>> {
        self.guarded(sql, |engine| match engine {
            Engine::Sqlite(c) => c.prepare(sql).map(|()| Vec::new()),
            Engine::Postgres(c) => c.misfits(sql),
        })
    }

    /// Whether a statement failed and nothing undid it: such a transaction must not commit.
    pub(super) fn failed(&self) -> bool {
        self.failed
    }

    /// The statement that took longest so far (debug builds only).
    pub(super) fn slowest(&self) -> Option<(Duration, &'static str)> {
        self.slowest
    }

    fn rows(&mut self, sql: &'static str, args: &[Arg<'_>], row: OnRow<'_>) -> Result<()> {
        self.guarded(sql, |engine| match engine {
            Engine::Sqlite(c) => c.rows(sql, args, row),
            Engine::Postgres(c) => c.rows(sql, args, row),
        })
    }

    fn control(&mut self, sql: &'static str) -> Result<()> {
        self.guarded(sql, |engine| match engine {
            Engine::Sqlite(c) => c.control(sql),
            Engine::Postgres(c) => c.control(sql),
        })
    }

    fn guarded<T>(&mut self, sql: &'static str, run: impl FnOnce(&mut Engine<'c>) -> Result<T>) -> Result<T> {
        if self.failed {
            return Err(Error::Aborted);
        }
        self.statements += 1;
        STATEMENTS.fetch_add(1, Relaxed);
        if self.mode == Mode::One && self.statements > 1 {
            self.failed = true;
            return Err(Error::Sql(
                "read_one runs exactly one statement, use read".to_owned(),
            ));
        }
        let began = cfg!(debug_assertions).then(Instant::now);
        let result = run(&mut self.engine);
        if let Some(took) = began.map(|b| b.elapsed())
            && self.slowest.is_none_or(|(most, _)| took > most)
        {
            self.slowest = Some((took, sql));
        }
        self.failed = result.is_err();
        result
    }
}
