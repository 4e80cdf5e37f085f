//! Automation results from four clients in batches of 250, beside bare inserts of as many rows.

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use super::{Table, Target, limit, limits, median};
use crate::context::Context;
use crate::http::Api;
use crate::peak::Kept;
use crate::postgres::{Durability, Engine, Postgres};
use crate::server::{Build, Server, build};

const CLIENTS: usize = 4;
const BATCH: usize = 250;
const BATCHES_EACH: usize = 100;
const TESTS: usize = CLIENTS * BATCH * BATCHES_EACH;
/// Runs of one source: the first makes its cases, the others find them.
const RUNS: usize = 4;

pub(super) fn measure(context: &Context, table: &mut Table) -> anyhow::Result<()> {
    let program = build(context, Build::Release)?;
    let limits = limits(context)?;
    let rows = TESTS.to_string();
    let dir = context.fresh_dir("bench-limits")?;
    let file = dir.join("limit.db");
    let file = file.to_str().context("the path is not text")?;
    let sqlite = |_| limit(&limits, &["sqlite", &rows, file]);
    {
        let before = (0..2).map(sqlite).collect::<Result<Vec<_>, _>>()?;
        let server = Server::start(context, &program, "bench-ingest", Engine::Sqlite)?;
        let ours = series(&server)?;
        let after = (0..2).map(sqlite).collect::<Result<Vec<_>, _>>()?;
        told(
            table,
            "SQLite",
            &ours,
            median([before, after].concat()),
            Some(0.3),
            0.5,
        );
    }
    let cluster = Postgres::start(context, Durability::Durable)?;
    let bare = cluster.database()?;
    let copy = |how| limit(&limits, &[how, &rows, &bare]);
    let measure = || {
        let pairs = (0..2).map(|_| Ok((copy("copy")?, copy("copies")?)));
        pairs.collect::<anyhow::Result<Vec<_>>>()
    };
    let before = measure()?;
    let server = Server::start(context, &program, "bench-ingest", Engine::Postgres(&cluster))?;
    let ours = series(&server)?;
    let (whole, batches): (Vec<f64>, Vec<f64>) = [before, measure()?].concat().into_iter().unzip();
    told(table, "PostgreSQL", &ours, median(whole), None, 0.3);
    let what = "PostgreSQL: tests/s, later runs, beside COPY in such batches";
    table.ratio(what, ours.later(), median(batches), Target::AtLeast(0.3));
    Ok(())
}

/// Tests per second and processor time of the server per test, for each run.
struct Series(Vec<(f64, Duration)>);

impl Series {
    fn first(&self) -> f64 {
        self.0.first().map(|(rate, _)| *rate).unwrap_or_default()
    }

    /// The middle of all but the first.
    fn later(&self) -> f64 {
        median(self.0.iter().skip(1).map(|(rate, _)| *rate).collect())
    }

    fn processor(runs: &[(f64, Duration)]) -> f64 {
        median(runs.iter().map(|(_, time)| time.as_secs_f64() * 1e6).collect())
    }
}

fn told(table: &mut Table, engine: &str, ours: &Series, limit: f64, first: Option<f64>, later: f64) {
    let limit_is = if engine == "SQLite" {
        "1,000 rows a commit"
    } else {
        "one COPY"
    };
    table.ratio(
        &format!("{engine}: tests/s, first run of a source, beside {limit_is}"),
        ours.first(),
        limit,
        first.map_or(Target::None, Target::AtLeast),
    );
    table.ratio(
        &format!("{engine}: tests/s, later runs, beside {limit_is}"),
        ours.later(),
        limit,
        Target::AtLeast(later),
    );
    let (first, later) = ours.0.split_at(1.min(ours.0.len()));
    for (which, runs) in [("first run", first), ("later runs", later)] {
        table.number(
            &format!("{engine}: server's CPU per test, us, {which}"),
            Series::processor(runs),
            Target::None,
        );
    }
}

#[expect(clippy::cast_precision_loss, reason = "some hundred thousand tests")]
fn series(server: &Server) -> anyhow::Result<Series> {
    let project = server.project("Ingest")?;
    let api = server.api()?;
    let bodies: Vec<Vec<Vec<u8>>> = (0..CLIENTS)
        .map(|client| {
            (0..BATCHES_EACH)
                .map(|batch| body((client * BATCHES_EACH + batch) * BATCH, BATCH))
                .collect()
        })
        .collect();
    let mut all = Vec::new();
    for run in 0..RUNS {
        let id = api.run(project, "bench", &format!("Run {run}"))?;
        let processor = server.processor()?;
        let start = Instant::now();
        std::thread::scope(|scope| {
            let clients: Vec<_> = bodies
                .iter()
                .map(|bodies| scope.spawn(|| client(server, &api, id, bodies)))
                .collect();
            clients
                .into_iter()
                .try_for_each(|client| client.join().unwrap_or_else(|_| bail!("a client panicked")))
        })?;
        let took = start.elapsed();
        let processor = server.processor()?.saturating_sub(processor);
        api.post(
            &format!("automation/runs/{id}/complete"),
            &serde_json::json!({ "measure_elapsed": false }),
        )?;
        let told = api.get(&format!("automation/runs/{id}"))?;
        if told["result"]["total_count"].as_u64() != Some(u64::try_from(TESTS)?) {
            bail!(
                "run {id} has {} tests instead of {TESTS}",
                told["result"]["total_count"]
            );
        }
        all.push((
            TESTS as f64 / took.as_secs_f64(),
            processor / u32::try_from(TESTS)?,
        ));
    }
    Ok(Series(all))
}

fn client(server: &Server, api: &Api, run: i64, bodies: &[Vec<u8>]) -> anyhow::Result<()> {
    let thread = api.thread(run)?;
    let mut kept = Kept::open(server.address, api)?;
    for body in bodies {
        kept.post(&format!("automation/runs/threads/{thread}/append"), body)?;
    }
    Ok(())
}

/// Tests as a command line sends them, of the shape of the limit program's rows.
pub(crate) fn body(first: usize, size: usize) -> Vec<u8> {
    let tests: Vec<serde_json::Value> = (first..first + size)
        .map(|number| {
            let failed = number.is_multiple_of(20);
            let fields = if failed {
                serde_json::json!([{
                    "type": 4,
                    "name": "Failure",
                    "value": "AssertionError: expected 200 but was 500 at CheckoutTest.java:118",
                    "is_highlight": true,
                }])
            } else {
                serde_json::json!([])
            };
            serde_json::json!({
                "key": format!("{:064x}", (number as u128).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835)),
                "name": format!("should handle case {number} of the checkout flow when the cart holds {} items", number % 97),
                "folder": format!("com.example.app.module{}.Class{}Test", number % 40, number / 50 % 400),
                "status": if failed { "failed" } else { "passed" },
                "elapsed": number % 100_000,
                "artifacts": [],
                "fields": fields,
            })
        })
        .collect();
    serde_json::json!({ "tests": tests }).to_string().into_bytes()
}
