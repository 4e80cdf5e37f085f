//! Old results are removed while four clients send new ones: what that costs them, what goes, and what stays.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use serde_json::json;

use crate::bench::{ingest, limits, median};
use crate::context::{Context, run as run_program};
use crate::http::Api;
use crate::peak::Kept;
use crate::postgres::{Durability, Engine, Postgres};
use crate::server::{Build, Server, build};

/// Runs that grow old; the last 50 of them stay.
const RUNS: usize = 400;
const NEWEST: usize = 50;
const CLIENTS: usize = 4;
const BATCH: usize = 250;
/// How long ingest is measured each time.
const TIME: Duration = Duration::from_secs(10);
/// How often it is measured beside the removal, each time between two times without: what else the machine does differs from
/// one minute to the next.
const ROUNDS: usize = 7;
/// Ingest may lose less than a tenth.
const LEAST: f64 = 0.9;
/// Longest time until everything is gone.
const PATIENCE: Duration = Duration::from_hours(2);
const FOR_EVER: i64 = 0;
const YEAR: i64 = 365;
const RULES: &str = "/api/attest/v1/automation/retention";

/// Both engines, with so many rows of tests.
pub(crate) fn check(context: &Context, rows: usize) -> anyhow::Result<()> {
    let program = build(context, Build::Release)?;
    let age = limits(context)?;
    let cluster = Postgres::start(context, Durability::Durable)?;
    for engine in [Engine::Sqlite, Engine::Postgres(&cluster)] {
        let name = engine.name();
        let mut server = Server::start(context, &program, "retention", engine)?;
        let mut world = World::fill(&server, rows / RUNS)?;
        println!("{name}: {rows} tests in {RUNS} runs");
        world.rule(FOR_EVER)?;
        server.stop()?;
        let place = server
            .database
            .clone()
            .unwrap_or_else(|| server.data.join("attest.db").display().to_string());
        run_program(Command::new(&age).args(["age", &place, "400"]))?;
        server.launch()?;

        let mut before = world.again(&mut server, FOR_EVER)?;
        let mut ratios = Vec::with_capacity(ROUNDS);
        for _ in 0..ROUNDS {
            let during = world.again(&mut server, YEAR)?;
            let after = world.again(&mut server, FOR_EVER)?;
            let alone = f64::midpoint(before, after);
            println!("{name}: {alone:.0} tests/s alone, {during:.0} beside the removal");
            ratios.push(during / alone);
            before = after;
        }
        ensure!(
            !world.is_gone(world.last())?,
            "the removal ended before it was measured"
        );
        let ratio = median(ratios);
        println!("{name}: ratio {ratio:.3}, the middle of {ROUNDS}");
        ensure!(ratio > LEAST, "{name}: ingest slowed by more than a tenth");

        let begin = Instant::now();
        world.restart(&mut server, YEAR)?;
        while !world.is_gone(world.last())? {
            ensure!(begin.elapsed() < PATIENCE, "the removal does not end");
            std::thread::sleep(Duration::from_secs(1));
        }
        println!(
            "{name}: everything is gone after {:.0} s more",
            begin.elapsed().as_secs_f64()
        );
        world.examine(rows / RUNS)?;
        server.stop()?;
    }
    Ok(())
}

/// A project whose runs are to grow old.
struct World {
    api: Api,
    project: i64,
    runs: Vec<i64>,
    live: usize,
}

impl World {
    fn fill(server: &Server, tests: usize) -> anyhow::Result<World> {
        let (api, project) = (server.api()?, server.project("Retention")?);
        let name = |n: usize| format!("Night {n}");
        let runs: Vec<i64> = (0..RUNS)
            .map(|n| api.run(project, "nightly", &name(n)))
            .collect::<Result<_, _>>()?;
        std::thread::scope(|scope| {
            let clients: Vec<_> = (0..CLIENTS)
                .map(|client| {
                    let (api, runs) = (&api, &runs);
                    scope.spawn(move || {
                        let mine = runs.iter().skip(client).step_by(CLIENTS);
                        mine.copied().try_for_each(|run| night(server, api, run, tests))
                    })
                })
                .collect();
            clients
                .into_iter()
                .try_for_each(|client| client.join().unwrap_or_else(|_| bail!("a client panicked")))
        })?;
        let world = World {
            api,
            project,
            runs,
            live: 0,
        };
        world.patch(&kept(world.pinned()), &json!({"is_pinned": true}))?;
        Ok(world)
    }

    /// The oldest run, which is pinned.
    fn pinned(&self) -> i64 {
        self.runs[0]
    }

    /// The last one that goes.
    fn last(&self) -> i64 {
        self.runs[RUNS - NEWEST - 1]
    }

    fn patch(&self, path: &str, body: &serde_json::Value) -> anyhow::Result<()> {
        let bytes = serde_json::to_vec(body)?;
        self.api
            .send_to("PATCH", path, &bytes)?
            .json()
            .context(path.to_owned())
            .map(drop)
    }

    fn rule(&self, days: i64) -> anyhow::Result<()> {
        self.patch(RULES, &json!({"output_days": days, "tests_days": days}))
    }

    /// The removal begins with the server, by the rule that is in force then.
    fn restart(&mut self, server: &mut Server, days: i64) -> anyhow::Result<()> {
        self.rule(days)?;
        server.stop()?;
        server.launch()
    }

    /// Tests per second of four clients, after a start with this rule.
    fn again(&mut self, server: &mut Server, days: i64) -> anyhow::Result<f64> {
        self.restart(server, days)?;
        self.live += 1;
        let run = self
            .api
            .run(self.project, "live", &format!("Live {}", self.live))?;
        let bodies: Vec<Vec<u8>> = (0..40).map(|n| ingest::body(n * BATCH, BATCH)).collect();
        // The first seconds belong to caches.
        load(server, &self.api, run, &bodies, TIME / 10)?;
        let begin = Instant::now();
        let sent = load(server, &self.api, run, &bodies, TIME)?;
        #[expect(clippy::cast_precision_loss, reason = "some million tests")]
        Ok(sent as f64 / begin.elapsed().as_secs_f64())
    }

    fn is_gone(&self, run: i64) -> anyhow::Result<bool> {
        let kept = self.api.send_to("GET", &kept(run), b"")?.json()?;
        Ok(kept["result"]["removed"] == "tests")
    }

    /// Tests that are listed and those that are counted.
    fn tests(&self, run: i64) -> anyhow::Result<(i64, i64)> {
        let listed = self.api.get(&format!("automation/runs/{run}/tests"))?;
        let run = self.api.get(&format!("automation/runs/{run}"))?;
        let number = |value: &serde_json::Value| value.as_i64().context("no number");
        Ok((number(&listed["total"])?, number(&run["result"]["total_count"])?))
    }

    fn examine(&self, tests: usize) -> anyhow::Result<()> {
        let tests = i64::try_from(tests)?;
        for (n, run) in self.runs.iter().enumerate() {
            let stays = n == 0 || n >= RUNS - NEWEST;
            let expected = (if stays { tests } else { 0 }, tests);
            let found = self.tests(*run)?;
            ensure!(found == expected, "run {run}: {found:?} instead of {expected:?}");
        }
        Ok(())
    }
}

fn kept(run: i64) -> String {
    format!("/api/attest/v1/automation/runs/{run}/retention")
}

/// A completed run.
fn night(server: &Server, api: &Api, run: i64, tests: usize) -> anyhow::Result<()> {
    let thread = api.thread(run)?;
    let mut kept = Kept::open(server.address, api)?;
    for first in (0..tests).step_by(1000) {
        let body = ingest::body(first, 1000.min(tests - first));
        kept.post(&format!("automation/runs/threads/{thread}/append"), &body)?;
    }
    api.post(&format!("automation/runs/{run}/complete"), &json!({}))
        .map(drop)
}

/// What four clients send in some time.
fn load(server: &Server, api: &Api, run: i64, bodies: &[Vec<u8>], time: Duration) -> anyhow::Result<usize> {
    let begin = Instant::now();
    let client = || -> anyhow::Result<usize> {
        let thread = api.thread(run)?;
        let mut kept = Kept::open(server.address, api)?;
        let mut sent = 0;
        for body in bodies.iter().cycle() {
            kept.post(&format!("automation/runs/threads/{thread}/append"), body)?;
            sent += BATCH;
            if begin.elapsed() >= time {
                break;
            }
        }
        Ok(sent)
    };
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(client)).collect();
        clients
            .into_iter()
            .map(|client| client.join().unwrap_or_else(|_| bail!("a client panicked")))
            .sum()
    })
}
