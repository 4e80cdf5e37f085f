//! One connection: how it is opened, and how statements run on it.

use super::address::{self, Address};
use super::arg::{column_type, is_column, is_parameter};
use crate::db::row::Cells;
use crate::db::tx::OnRow;
use crate::db::{Arg, Bulk, Error, Mode, Result, Row};
use futures_util::TryStreamExt;
use futures_util::future::join;
use std::collections::HashMap;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, NoTls, Statement};

/// Every session refuses writes unless its transaction asks for them, and never acknowledges what is not on disk.
const SESSION: &str = "SET default_transaction_read_only = on; SET idle_in_transaction_session_timeout = '60s'; \
    SET timezone = 'UTC'; SET jit = off; \
    SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";

/// Connections that this process opened.
static OPENED: AtomicU64 = AtomicU64::new(0);

/// A connection with its prepared statements. Driven only while a method runs.
pub(in crate::db) struct Connection {
    runtime: Runtime,
    client: Client,
    driver: JoinHandle<()>,
    statements: HashMap<&'static str, Statement>,
    /// Sent together with the first statement, which saves a round trip. `None`: sent, or not wanted.
    begin: Option<&'static str>,
    trouble: Option<Trouble>,
}

/// An error that the closure's next attempt may not meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Serialization failure or deadlock.
    Conflict,
    /// The connection is gone, or does not know our prepared statements any more.
    Lost,
}

impl Connection {
    pub(super) fn open(address: &Address) -> Result<Connection> {
        let open = |e: &dyn std::fmt::Display| Error::Open(e.to_string());
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|e| open(&e))?;
        let connected = runtime.block_on(async {
            let (client, driver) = connect(address).await?;
            let limit = address.statement_limit.as_millis();
            client
                .batch_execute(&format!("{SESSION}; SET statement_timeout = {limit}"))
                .await?;
            Ok((client, driver))
        });
        let (client, driver) = connected.map_err(|e| open(&address::text(&e)))?;
        OPENED.fetch_add(1, Relaxed);
        Ok(Connection {
            runtime,
            client,
            driver,
            statements: HashMap::new(),
            begin: None,
            trouble: None,
        })
    }

    /// How many connections this process has opened so far.
    pub(in crate::db) fn opened() -> u64 {
        OPENED.load(Relaxed)
    }

    /// Says goodbye to the server.
    pub(super) fn close(self) {
        let Connection {
            runtime,
            client,
            driver,
            ..
        } = self;
        drop(client);
        // A server that does not answer is left alone.
        let _ = runtime.block_on(async { tokio::time::timeout(Duration::from_secs(1), driver).await });
    }

    pub(super) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// Prepares for a closure.
    pub(super) fn start(&mut self, mode: Mode) {
        self.trouble = None;
        self.begin = match mode {
            Mode::One => None,
            Mode::Read => Some("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"),
            Mode::Long => {
                Some("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = '10min'")
            }
            Mode::Write => Some("BEGIN READ WRITE"),
            // The plan of a prepared statement is kept. One that was made while a table was small would read the
            // whole table for each of many rows long after it has grown.
            Mode::Ingest => Some("BEGIN READ WRITE; SET LOCAL enable_seqscan = off"),
        };
    }

    /// Whether the closure's transaction has begun; if not, none will.
    pub(super) fn has_begun(&mut self, mode: Mode) -> bool {
        self.begin.take().is_none() && mode != Mode::One
    }

    pub(super) fn trouble(&self) -> Option<Trouble> {
        self.trouble
    }

    /// Runs a statement without arguments or rows: SAVEPOINT, COMMIT, ….
    pub(in crate::db) fn control(&mut self, sql: &str) -> Result<()> {
        let begin = self.begin.take();
        let done = self.runtime.block_on(async {
            if let Some(begin) = begin {
                self.client.batch_execute(begin).await?;
            }
            self.client.batch_execute(sql).await
        });
        done.map_err(|e| self.note(&e))
    }

    /// The statements of a migration, for which there is no time limit.
    pub(in crate::db) fn batch(&mut self, sql: &str) -> Result<()> {
        self.control("SET LOCAL statement_timeout = 0")?;
        self.control(sql)
    }

    pub(in crate::db) fn execute(&mut self, sql: &'static str, args: &[Arg<'_>]) -> Result<u64> {
        let statement = self.statement(sql)?;
        let begin = self.begin.take();
        let done = self.runtime.block_on(async {
            let execute = self.client.execute_raw(&statement, args);
            match begin {
                None => execute.await,
                Some(begin) => {
                    let (begun, done) = join(self.client.batch_execute(begin), execute).await;
                    begun.and(done)
                }
            }
        });
        done.map_err(|e| self.note(&e))
    }

    pub(in crate::db) fn rows(
        &mut self,
        sql: &'static str,
        args: &[Arg<'_>],
        on_row: OnRow<'_>,
    ) -> Result<()> {
        let statement = self.statement(sql)?;
        let begin = self.begin.take();
        let done = self.runtime.block_on(async {
            let query = self.client.query_raw(&statement, args);
            let rows = match begin {
                None => query.await,
                Some(begin) => {
                    let (begun, rows) = join(self.client.batch_execute(begin), query).await;
                    begun.and(rows)
                }
            };
            let mut rows = pin!(rows?);
            while let Some(row) = rows.try_next().await? {
                if !on_row(&Row(Cells::Postgres(&row)))? {
                    break;
                }
            }
            Ok(())
        });
        done.map_err(|f| self.note_failure(f))
    }

    pub(in crate::db) fn bulk<'a, R: AsRef<[Arg<'a>]>>(
        &mut self,
        bulk: &Bulk,
        rows: impl IntoIterator<Item = R>,
    ) -> Result<u64> {
        let copy = self.statement(bulk.copy)?;
        if let Some(begin) = self.begin.take() {
            self.control(begin)?;
        }
        let types: Vec<Type> = bulk.columns.iter().map(|c| column_type(*c)).collect();
        let done = self.runtime.block_on(async {
            let sink = self.client.copy_in(&copy).await?;
            let mut writer = pin!(BinaryCopyInWriter::new(sink, &types));
            for row in rows {
                let row = row.as_ref();
                if row.len() != types.len() {
                    return Err(Failure::Ours(Error::Sql(
                        "a row has another number of columns".to_owned(),
                    )));
                }
                writer.as_mut().write_raw(row).await?;
            }
            Ok(writer.finish().await?)
        });
        done.map_err(|f| self.note_failure(f))
    }

    /// What of a statement's types the facade cannot carry.
    pub(in crate::db) fn misfits(&mut self, sql: &'static str) -> Result<Vec<String>> {
        let statement = self.statement(sql)?;
        let params = statement
            .params()
            .iter()
            .enumerate()
            .filter(|(_, ty)| !is_parameter(ty));
        let params = params.map(|(i, ty)| format!("parameter ${} is {ty}, cast it", i + 1));
        let columns = statement.columns().iter().filter(|c| !is_column(c.type_()));
        let columns = columns.map(|c| format!("column {} is {}, cast it", c.name(), c.type_()));
        Ok(params.chain(columns).collect())
    }

    fn statement(&mut self, sql: &'static str) -> Result<Statement> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let prepared = self.runtime.block_on(self.client.prepare(sql));
        let statement = prepared.map_err(|e| self.note(&e))?;
        self.statements.insert(sql, statement.clone());
        Ok(statement)
    }

    fn note_failure(&mut self, failure: Failure) -> Error {
        match failure {
            Failure::Ours(e) => e,
            Failure::Driver(e) => self.note(&e),
        }
    }

    /// Remembers what matters for another attempt.
    fn note(&mut self, e: &tokio_postgres::Error) -> Error {
        let code = e.code().map_or("", |c| c.code());
        if matches!(code, "40001" | "40P01") {
            self.trouble = Some(Trouble::Conflict);
        } else if is_lost(code) || e.is_closed() || self.client.is_closed() {
            self.trouble = Some(Trouble::Lost);
        }
        error(e)
    }
}

/// The server ends the connection (57P01…3, 08…), or the schema changed under prepared statements (0A000, 26000).
fn is_lost(code: &str) -> bool {
    matches!(code, "57P01" | "57P02" | "57P03" | "0A000" | "26000") || code.starts_with("08")
}

/// What ends the rows of a statement: the driver, or our reading of a row.
enum Failure {
    Driver(tokio_postgres::Error),
    Ours(Error),
}

impl From<tokio_postgres::Error> for Failure {
    fn from(e: tokio_postgres::Error) -> Self {
        Failure::Driver(e)
    }
}

impl From<Error> for Failure {
    fn from(e: Error) -> Self {
        Failure::Ours(e)
    }
}

async fn connect(address: &Address) -> Result<(Client, JoinHandle<()>), tokio_postgres::Error> {
    // How a connection ends is told to the statement that notices it.
    if let Some(tls) = address.tls.clone() {
        let (client, connection) = address.config.connect(tls).await?;
        Ok((client, tokio::spawn(async { drop(connection.await) })))
    } else {
        let (client, connection) = address.config.connect(NoTls).await?;
        Ok((client, tokio::spawn(async { drop(connection.await) })))
    }
}

pub(in crate::db) fn error(e: &tokio_postgres::Error) -> Error {
    let Some(reported) = e.as_db_error() else {
        let text = address::text(e);
        let ours = std::error::Error::source(e).and_then(|s| s.downcast_ref::<Error>());
        return match ours {
            Some(refused) => refused.clone(),
            None if is_connection(e) => Error::RolledBack(text),
            None => Error::Sql(text),
        };
    };
    let code = reported.code().code();
    let text = format!("{code} {}", reported.message());
    match code {
        "23505" => Error::Unique(reported.constraint().unwrap_or_default().to_owned()),
        "40001" | "40P01" => Error::Conflict,
        "25P02" => Error::Aborted,
        "22021" => Error::Constraint(text),
        // Lack of resources, an operator or a time limit, a connection, the machine.
        _ if ["53", "57", "08", "58"]
            .iter()
            .any(|class| code.starts_with(class)) =>
        {
            Error::RolledBack(text)
        }
        _ if code.starts_with("23") => Error::Constraint(text),
        _ => Error::Sql(text),
    }
}

fn is_connection(e: &tokio_postgres::Error) -> bool {
    e.is_closed() || std::error::Error::source(e).is_some_and(<dyn std::error::Error>::is::<std::io::Error>)
}
