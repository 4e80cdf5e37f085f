//! A year of nights beside one month: the list of runs, one test's history and the flaky tests; and how many bytes a test takes.

use std::time::Instant;

use anyhow::{Context as _, bail, ensure};
use serde_json::Value;

use super::{Table, Target, ingest, median};
use crate::context::Context;
use crate::http::Api;
use crate::peak::Kept;
use crate::postgres::{Durability, Engine, Postgres};
use crate::server::{Build, EMAIL, PASSWORD, Pages, Server, build};

/// Tests of a year, when it is not said otherwise.
const TESTS: usize = 10_000_000;
const MONTH: usize = 30;
const YEAR: usize = 365;
const CLIENTS: usize = 4;
const BATCH: usize = 1000;
const TIMES: usize = 41;

pub(super) fn measure(context: &Context, table: &mut Table) -> anyhow::Result<()> {
    of(context, table, TESTS)
}

/// The same with so many tests in the year.
pub(super) fn of(context: &Context, table: &mut Table, tests: usize) -> anyhow::Result<()> {
    let program = build(context, Build::Release)?;
    let cluster = Postgres::start(context, Durability::Fast)?;
    for engine in [Engine::Sqlite, Engine::Postgres(&cluster)] {
        let mut server = Server::start(context, &program, "bench-year", engine)?;
        let api = server.api()?;
        let each = tests / YEAR / CLIENTS;
        let bodies: Vec<_> = (0..CLIENTS).map(|client| bodies(client * each, each)).collect();
        let month = Project::fill(&server, &api, "Month", MONTH, &bodies)?;
        let empty = bytes(&server, engine)?;
        let begin = Instant::now();
        let year = Project::fill(&server, &api, "Year", YEAR, &bodies)?;
        let rows = YEAR * CLIENTS * each;
        println!(
            "  {}: {rows} tests in {:.0} s",
            engine.name(),
            begin.elapsed().as_secs_f64()
        );
        reading(table, &server, engine.name(), [&month, &year])?;
        server.stop()?;
        #[expect(clippy::cast_precision_loss, reason = "some gigabytes")]
        let size = (bytes(&server, engine)? - empty) as f64 / rows as f64;
        table.number(
            &format!("{}: bytes on disk per test, one in 20 failed", engine.name()),
            size,
            Target::Below(300.0),
        );
    }
    Ok(())
}

/// What one client sends in a night.
fn bodies(first: usize, tests: usize) -> Vec<Vec<u8>> {
    (first..first + tests)
        .step_by(BATCH)
        .map(|at| ingest::body(at, BATCH.min(first + tests - at)))
        .collect()
}

/// A project with nights of one source.
struct Project {
    id: i64,
    last: i64,
    test: i64,
}

impl Project {
    fn fill(
        server: &Server,
        api: &Api,
        name: &str,
        nights: usize,
        bodies: &[Vec<Vec<u8>>],
    ) -> anyhow::Result<Self> {
        let id = server.project(name)?;
        let mut last = 0;
        for n in 0..nights {
            last = api.run(id, "nightly", &format!("Night {n}"))?;
            night(server, api, last, bodies)?;
        }
        let tests = api.get(&format!("automation/runs/{last}/tests"))?;
        let test = tests["result"][0]["id"].as_i64().context("no test")?;
        Ok(Self { id, last, test })
    }
}

fn night(server: &Server, api: &Api, run: i64, bodies: &[Vec<Vec<u8>>]) -> anyhow::Result<()> {
    std::thread::scope(|scope| {
        let clients: Vec<_> = bodies
            .iter()
            .map(|bodies| {
                scope.spawn(move || -> anyhow::Result<()> {
                    let thread = api.thread(run)?;
                    let mut kept = Kept::open(server.address, api)?;
                    for body in bodies {
                        kept.post(&format!("automation/runs/threads/{thread}/append"), body)?;
                    }
                    Ok(())
                })
            })
            .collect();
        clients
            .into_iter()
            .try_for_each(|client| client.join().unwrap_or_else(|_| bail!("a client panicked")))
    })?;
    api.post(
        &format!("automation/runs/{run}/complete"),
        &serde_json::json!({ "measure_elapsed": false }),
    )
    .map(drop)
}

fn reading(table: &mut Table, server: &Server, engine: &str, projects: [&Project; 2]) -> anyhow::Result<()> {
    let api = server.api()?;
    let mut kept = Kept::open(server.address, &api)?;
    let mut pages = Pages::open(server.address);
    pages.sign_in(EMAIL, PASSWORD)?;
    let mut list = |path: String| -> anyhow::Result<f64> {
        let start = Instant::now();
        let answer = kept.get(&path)?;
        let took = start.elapsed();
        ensure!(
            answer["result"].as_array().is_some_and(|rows| !rows.is_empty()),
            "{path} is empty: {}",
            answer.get("total").unwrap_or(&Value::Null)
        );
        Ok(took.as_secs_f64() * 1e6)
    };
    beside(table, engine, "list of runs", projects, |p| {
        list(format!("projects/{}/automation/runs", p.id))
    })?;
    beside(table, engine, "flaky tests", projects, |p| {
        let sorted = "sort=automation_cases:flaky_percent&order=desc";
        list(format!("projects/{}/automation/cases?{sorted}", p.id))
    })?;
    beside(table, engine, "one test with its history", projects, |p| {
        let start = Instant::now();
        let answer = pages.get(&format!("/automation/runs/view/{}?test={}", p.last, p.test))?;
        let took = start.elapsed();
        ensure!(answer.status == 200, "the page answered {}", answer.status);
        ensure!(
            answer.text().contains("<h3>History</h3>"),
            "the page tells no history"
        );
        Ok(took.as_secs_f64() * 1e6)
    })
}

fn beside(
    table: &mut Table,
    engine: &str,
    what: &str,
    [month, year]: [&Project; 2],
    mut timed: impl FnMut(&Project) -> anyhow::Result<f64>,
) -> anyhow::Result<()> {
    let (mut months, mut years) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        months.push(timed(month)?);
        years.push(timed(year)?);
    }
    table.ratio(
        &format!("{engine}: {what}, a year beside a month, us"),
        median(years),
        median(months),
        Target::Below(1.5),
    );
    Ok(())
}

/// What the database takes.
fn bytes(server: &Server, engine: Engine<'_>) -> anyhow::Result<u64> {
    match engine {
        Engine::Sqlite => ["attest.db", "attest.db-wal"].iter().try_fold(0, |sum, name| {
            let file = server.data.join(name);
            Ok(sum + if file.exists() { file.metadata()?.len() } else { 0 })
        }),
        Engine::Postgres(cluster) => {
            let url = server.database.as_deref().context("no database")?;
            let name = url.rsplit('/').next().unwrap_or_default();
            let size = cluster.query(name, "SELECT pg_database_size(current_database())")?;
            Ok(size.trim().parse()?)
        }
    }
}
