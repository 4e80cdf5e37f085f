//! The nightly peak: many CI jobs of one address that send their results at the same moment.

use std::net::SocketAddr;
use std::sync::Barrier;
use std::time::Instant;

use anyhow::{Context as _, bail, ensure};

use crate::context::Context;
use crate::http::{Api, Link, Response, number, request};
use crate::postgres::Engine;
use crate::server::{Build, Server, build};

/// Most memory that the server may take meanwhile.
const MEMORY: u64 = 200 << 20;
/// Tests of one run, sent in two requests.
const BATCHES: [usize; 2] = [250, 100];
/// Bytes of output that a failed test brings.
const OUTPUT: usize = 4 << 10;
/// One test in so many failed.
const FAILED: usize = 7;

/// Sends one run from each of `clients` connections at once, with a new connection for every request.
pub(crate) fn check(context: &Context, clients: usize, profile: Build) -> anyhow::Result<()> {
    let program = build(context, profile)?;
    let server = Server::start(context, &program, "peak", Engine::Sqlite)?;
    let project = server.project("Peak")?;
    let api = server.api()?;
    let start = Instant::now();
    let barrier = Barrier::new(clients);
    let runs: Vec<anyhow::Result<i64>> = std::thread::scope(|scope| {
        let jobs: Vec<_> = (0..clients)
            .map(|client| {
                let (api, barrier) = (&api, &barrier);
                scope.spawn(move || {
                    barrier.wait();
                    job(api, project, client)
                })
            })
            .collect();
        jobs.into_iter()
            .map(|job| job.join().unwrap_or_else(|_| bail!("a client panicked")))
            .collect()
    });
    let took = start.elapsed();
    let mut wrong = Vec::new();
    for run in runs {
        if let Err(error) = run.and_then(|run| counts(&api, run)) {
            wrong.push(format!("{error:#}"));
        }
    }
    ensure!(
        wrong.is_empty(),
        "{} of {clients} clients failed, the first with: {}",
        wrong.len(),
        wrong.first().map_or("", String::as_str)
    );
    let memory = server.memory("VmHWM")?;
    ensure!(memory < MEMORY, "the server took {} MiB", memory >> 20);
    println!(
        "{clients} clients at once: all counts exact, only 2xx, {:.1} s, {} MiB at most",
        took.as_secs_f64(),
        memory >> 20
    );
    Ok(())
}

/// What the command line does for one run, request by request.
fn job(api: &Api, project: i64, client: usize) -> anyhow::Result<i64> {
    let run = api.run(project, "peak", &format!("Job {client}"))?;
    let thread = api.thread(run)?;
    let mut first = 0;
    for size in BATCHES {
        let path = format!("automation/runs/threads/{thread}/append");
        success(&api.send("POST", &path, &batch(first, size))?)?;
        first += size;
    }
    let complete = br#"{"measure_elapsed":false}"#;
    success(&api.send("POST", &format!("automation/runs/{run}/complete"), complete)?)?;
    Ok(run)
}

fn success(response: &Response) -> anyhow::Result<()> {
    if !(200..300).contains(&response.status) {
        bail!("answered {}: {}", response.status, response.text());
    }
    Ok(())
}

fn counts(api: &Api, run: i64) -> anyhow::Result<()> {
    let answer = api.get(&format!("automation/runs/{run}"))?;
    let result = &answer["result"];
    let all: usize = BATCHES.iter().sum();
    let failed = (0..all).filter(|test| test % FAILED == 0).count();
    let wanted = [all, failed, all - failed];
    let got = ["total_count", "failure_count", "success_count"].map(|name| {
        result[name]
            .as_u64()
            .and_then(|count| usize::try_from(count).ok())
            .unwrap_or(usize::MAX)
    });
    ensure!(
        got == wanted,
        "run {run}: expected total, failed, passed {wanted:?}, got {got:?}"
    );
    Ok(())
}

/// The body of an append with tests from number `first` on.
pub(crate) fn batch(first: usize, size: usize) -> Vec<u8> {
    let tests: Vec<serde_json::Value> = (first..first + size).map(test).collect();
    serde_json::json!({ "tests": tests }).to_string().into_bytes()
}

fn test(number: usize) -> serde_json::Value {
    let failed = number.is_multiple_of(FAILED);
    let fields = if failed {
        let line = format!("at Checkout.pay (checkout.ts:{number}:17) expected 200, got 500\n");
        let output: String = line.chars().cycle().take(OUTPUT).collect();
        serde_json::json!([{ "type": 4, "name": "Failure", "value": output, "is_highlight": true }])
    } else {
        serde_json::json!([])
    };
    serde_json::json!({
        "key": format!("{number:064x}"),
        "name": format!("pays with card number {number}"),
        "folder": format!("shop.checkout.Payment{}", number % 20),
        "status": if failed { "failed" } else { "passed" },
        "elapsed": 1000 + number,
        "fields": fields,
        "artifacts": [],
    })
}

/// A client that keeps its connection, for measurements.
pub(crate) struct Kept {
    link: Link,
    headers: String,
}

impl Kept {
    /// Connects.
    pub(crate) fn open(address: SocketAddr, api: &Api) -> anyhow::Result<Self> {
        Ok(Self {
            link: Link::open(address)?,
            headers: api.headers(),
        })
    }

    /// A GET below `/api/v1/` that must succeed.
    pub(crate) fn get(&mut self, path: &str) -> anyhow::Result<serde_json::Value> {
        self.get_at(&format!("/api/v1/{path}"))
    }

    /// A GET of any path that must succeed.
    pub(crate) fn get_at(&mut self, path: &str) -> anyhow::Result<serde_json::Value> {
        let bytes = request("GET", path, &self.headers, b"");
        let answer = self.link.exchange(&bytes)?.json();
        answer.with_context(|| format!("GET {path}"))
    }

    /// A POST that must succeed; the number of what was made, if the answer has one.
    pub(crate) fn post(&mut self, path: &str, body: &[u8]) -> anyhow::Result<Option<i64>> {
        let bytes = request("POST", &format!("/api/v1/{path}"), &self.headers, body);
        let answer = self
            .link
            .exchange(&bytes)?
            .json()
            .with_context(|| format!("POST {path}"))?;
        Ok(number(&answer).ok())
    }
}
