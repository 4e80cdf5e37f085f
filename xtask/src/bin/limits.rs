//! What this machine can do at best: the denominators of `cargo xtask bench`. Each prints one number.
//!
//! ```text
//! limits hello ADDRESS       a bare axum handler with a small JSON body, until it is killed
//! limits sqlite ROWS FILE    durable inserts, 1,000 rows a transaction, two indexes: rows per second
//! limits copy ROWS URL       one bare COPY of the same rows into PostgreSQL, one COMMIT: rows per second
//! limits copies ROWS URL     the same from four connections, 250 rows a transaction, each durable: rows per second
//! limits sqlite-cases ROWS FILE, limits postgres-cases ROWS URL
//!                            bare inserts of all rows of a case, 10,000 cases a transaction: cases per second
//! limits age PLACE DAYS      nothing, and automation runs of a database (a file or a URL) that are so many days older
//! limits integrity FILE      nothing, and success, if SQLite finds the file whole
//! ```
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for the bench command"
)]

#[path = "limits/cases.rs"]
mod cases;

use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context as _, bail, ensure};
use axum::{Json, Router, routing::get};
use bytes::Bytes;
use futures_util::SinkExt as _;
use rusqlite::Connection;

/// Rows of one transaction.
const TRANSACTION: u64 = 1000;
/// Rows of one transaction and number of connections where they are those of the clients of `bench ingest`.
const BATCH: u64 = 250;
const CONNECTIONS: u64 = 4;
const COPY: &str =
    "copy t (run_id, thread_id, status, key, name, folder, elapsed, message, created) from stdin";

const SQLITE: &str = "
    pragma journal_mode = wal;
    pragma synchronous = full;
    pragma temp_store = memory;
    create table t (
        id integer primary key, run_id int, thread_id int, status int, key text, name text, folder text,
        elapsed int, message text, created int
    );
    create index t_run on t (run_id, status);
    create unique index t_key on t (key, run_id);";

const POSTGRES: &str = "
    drop table if exists t;
    create table t (
        id bigint generated always as identity primary key, run_id bigint, thread_id bigint, status bigint,
        key text, name text, folder text, elapsed bigint, message text, created bigint
    );
    create index t_run on t (run_id, status);
    create unique index t_key on t (key, run_id);";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["hello", address] => hello(address),
        ["sqlite", rows, file] => sqlite(rows, file),
        ["copy", rows, url] => copy(rows, url),
        ["copies", rows, url] => copies(rows, url),
        ["sqlite-cases", rows, file] => rows
            .parse()
            .map_err(Into::into)
            .and_then(|n| cases::sqlite(n, file)),
        ["postgres-cases", rows, url] => rows
            .parse()
            .map_err(Into::into)
            .and_then(|n| cases::postgres(n, url)),
        ["age", place, days] => age(place, days),
        ["integrity", file] => integrity(file),
        _ => Err(anyhow::anyhow!("usage: see the head of xtask/src/bin/limits.rs")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The row of a number, of the shape of a test result.
struct Row {
    run: i64,
    status: i64,
    key: String,
    name: String,
    folder: String,
    elapsed: i64,
    message: Option<&'static str>,
    created: i64,
}

impl Row {
    fn new(number: u64) -> anyhow::Result<Self> {
        // A bijection that spreads the keys over the index (Knuth's multiplicative hash).
        let spread = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        Ok(Self {
            run: i64::try_from(number / 10_000)?,
            status: i64::try_from(number % 5)?,
            key: format!("{spread:016x}{:016x}", spread.rotate_left(17)),
            name: format!(
                "should handle case {number} of the checkout flow when the cart holds {} items",
                spread % 97
            ),
            folder: format!(
                "com.example.app.module{}.Class{}Test",
                number % 40,
                number / 50 % 400
            ),
            elapsed: i64::try_from(spread % 100_000)?,
            message: number
                .is_multiple_of(20)
                .then_some("AssertionError: expected 200 but was 500 at CheckoutTest.java:118"),
            created: 1_700_000_000 + i64::try_from(number)?,
        })
    }
}

fn hello(address: &str) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let answer = || async { Json(serde_json::json!({ "result": { "id": 1, "name": "Ada Lovelace" } })) };
        let app = Router::new().route("/", get(answer));
        let listener = tokio::net::TcpListener::bind(address).await?;
        axum::serve(listener, app).await?;
        Ok(())
    })
}

fn sqlite(rows: &str, file: &str) -> anyhow::Result<()> {
    let rows: u64 = rows.parse()?;
    for end in ["", "-wal", "-shm"] {
        let old = format!("{file}{end}");
        if std::fs::exists(&old)? {
            std::fs::remove_file(old)?;
        }
    }
    let mut connection = Connection::open(file)?;
    connection.execute_batch(SQLITE)?;
    let start = Instant::now();
    let mut number = 0;
    while number < rows {
        let transaction = connection.transaction()?;
        {
            let mut insert = transaction.prepare_cached(
                "insert into t (run_id, thread_id, status, key, name, folder, elapsed, message, created)
                 values (?1, 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?;
            let end = rows.min(number + TRANSACTION);
            while number < end {
                let row = Row::new(number)?;
                insert.execute((
                    row.run,
                    row.status,
                    row.key,
                    row.name,
                    row.folder,
                    row.elapsed,
                    row.message,
                    row.created,
                ))?;
                number += 1;
            }
        }
        transaction.commit()?;
    }
    report(rows, start)
}

fn copy(rows: &str, url: &str) -> anyhow::Result<()> {
    let rows: u64 = rows.parse()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let client = connect(url).await?;
        client.batch_execute(POSTGRES).await?;
        let start = Instant::now();
        copy_rows(&client, 0, rows).await?;
        report(rows, start)
    })
}

fn copies(rows: &str, url: &str) -> anyhow::Result<()> {
    let rows: u64 = rows.parse()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut clients = Vec::new();
        for _ in 0..CONNECTIONS {
            clients.push(connect(url).await?);
        }
        clients[0].batch_execute(POSTGRES).await?;
        let share = rows / CONNECTIONS;
        let start = Instant::now();
        let work = clients.iter().zip(0..).map(|(client, place)| async move {
            let (mut first, end) = (place * share, (place + 1) * share);
            while first < end {
                let next = end.min(first + BATCH);
                copy_rows(client, first, next).await?;
                first = next;
            }
            anyhow::Ok(())
        });
        futures_util::future::try_join_all(work).await?;
        report(share * CONNECTIONS, start)
    })
}

fn age(place: &str, days: &str) -> anyhow::Result<()> {
    let micros = days.parse::<i64>()? * 86_400_000_000;
    let sql = format!(
        "update automation_runs set created_at = created_at - {micros}, completed_at = completed_at - {micros}"
    );
    if !place.contains("://") {
        return Ok(Connection::open(place)?.execute_batch(&sql)?);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async { Ok(connect(place).await?.batch_execute(&sql).await?) })
}

async fn connect(url: &str) -> anyhow::Result<tokio_postgres::Client> {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
    // It ends with the client, and a statement tells of its errors.
    tokio::spawn(connection);
    Ok(client)
}

/// One COPY, which is a transaction of its own.
async fn copy_rows(client: &tokio_postgres::Client, first: u64, end: u64) -> anyhow::Result<()> {
    let mut sink = std::pin::pin!(client.copy_in(COPY).await?);
    let mut number = first;
    while number < end {
        let mut text = String::new();
        let piece = end.min(number + TRANSACTION);
        while number < piece {
            push(&mut text, &Row::new(number)?)?;
            number += 1;
        }
        sink.send(Bytes::from(text)).await?;
    }
    let written = sink.as_mut().finish().await?;
    ensure!(written == end - first, "{written} rows were written");
    Ok(())
}

/// A row in COPY's text format; none of its texts needs an escape.
fn push(text: &mut String, row: &Row) -> anyhow::Result<()> {
    use std::fmt::Write as _;
    let message = row.message.unwrap_or("\\N");
    writeln!(
        text,
        "{}\t1\t{}\t{}\t{}\t{}\t{}\t{message}\t{}",
        row.run, row.status, row.key, row.name, row.folder, row.elapsed, row.created
    )
    .context("no text")
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a rate for people; rows stay far below 2^52"
)]
fn report(rows: u64, start: Instant) -> anyhow::Result<()> {
    println!("{:.0}", rows as f64 / start.elapsed().as_secs_f64());
    Ok(())
}

fn integrity(file: &str) -> anyhow::Result<()> {
    let connection = Connection::open(file)?;
    let answer: String = connection.query_row("pragma integrity_check", [], |row| row.get(0))?;
    if answer != "ok" {
        bail!("{file}: {answer}");
    }
    let strays: i64 = connection.query_row("select count(*) from pragma_foreign_key_check", [], |row| {
        row.get(0)
    })?;
    ensure!(
        strays == 0,
        "{file}: {strays} rows refer to rows that are not there"
    );
    Ok(())
}
