//! A server that is killed with SIGKILL while clients write, and what it still knows afterwards.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};

use crate::context::{Context, run};
use crate::http::Api;
use crate::postgres::Engine;
use crate::server::{Build, Server, build};

/// Clients that write at the same time.
const WRITERS: usize = 4;
/// Tests in one request.
const BATCH: u64 = 25;
/// Acknowledged batches that a cycle waits for before it kills, so that every cycle has something to lose.
const AT_LEAST: u64 = 3;

/// The keys of the tests that a thread was told are stored, by run.
type Ledger = BTreeMap<i64, Vec<String>>;

/// Kills and restarts a server `cycles` times, then compares every acknowledged test with what is there.
pub(super) fn check(context: &Context, engine: Engine<'_>, cycles: u32) -> anyhow::Result<()> {
    let program = build(context, Build::Dev)?;
    let mut server = Server::start(context, &program, "kill", engine)?;
    let project = server.project("Faults")?;
    let api = server.api()?;
    let ledger = Mutex::new(Ledger::new());
    for cycle in 0..cycles {
        let stop = AtomicBool::new(false);
        let acknowledged = AtomicU64::new(0);
        std::thread::scope(|scope| -> anyhow::Result<()> {
            for writer in 0..WRITERS {
                let (api, ledger, stop, acknowledged) = (&api, &ledger, &stop, &acknowledged);
                scope.spawn(move || {
                    let mut work = Writer {
                        api,
                        project,
                        name: format!("{cycle}-{writer}"),
                        ledger,
                        acknowledged,
                    };
                    while !stop.load(Ordering::Relaxed) {
                        // The server is gone: so is this writer's connection, and the cycle is over.
                        if work.write().is_err() {
                            break;
                        }
                    }
                });
            }
            let waited =
                crate::context::wait_for("enough acknowledged batches", Duration::from_mins(1), || {
                    (acknowledged.load(Ordering::Relaxed) >= AT_LEAST).then_some(())
                });
            std::thread::sleep(random_delay()?);
            server.kill()?;
            stop.store(true, Ordering::Relaxed);
            waited
        })?;
        server.launch()?;
    }
    let ledger = ledger.into_inner().unwrap_or_default();
    let (tests, lost, doubled) = compare(&api, &ledger)?;
    integrity(context, &mut server)?;
    println!(
        "{}: {cycles} kills, {tests} acknowledged tests, {lost} lost, {doubled} doubled, integrity clean",
        engine.name()
    );
    ensure!(
        lost == 0 && doubled == 0,
        "acknowledged tests were lost or doubled"
    );
    Ok(())
}

/// A client that notes what was acknowledged.
struct Writer<'a> {
    api: &'a Api,
    project: i64,
    name: String,
    ledger: &'a Mutex<Ledger>,
    acknowledged: &'a AtomicU64,
}

impl Writer<'_> {
    /// One run with eight batches; an error ends the writer.
    fn write(&mut self) -> anyhow::Result<()> {
        let run = self.api.run(self.project, "faults", &self.name)?;
        let thread = self.api.thread(run)?;
        for batch in 0..8 {
            let keys: Vec<String> = (0..BATCH)
                .map(|test| format!("{run}-{thread}-{batch}-{test}"))
                .collect();
            let tests: Vec<_> = keys
                .iter()
                .map(|key| serde_json::json!({ "key": key, "name": key, "status": "passed", "folder": "faults" }))
                .collect();
            let body = serde_json::json!({ "tests": tests });
            self.api
                .post(&format!("automation/runs/threads/{thread}/append"), &body)?;
            match self.ledger.lock() {
                Ok(mut ledger) => ledger.entry(run).or_default().extend(keys),
                Err(_) => bail!("another writer panicked"),
            }
            self.acknowledged.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }
}

/// Counts the acknowledged tests, those that are not there, and those that are there more than once.
fn compare(api: &Api, ledger: &Ledger) -> anyhow::Result<(usize, usize, usize)> {
    let (mut all, mut lost, mut doubled) = (0, 0, 0);
    for (run, keys) in ledger {
        let mut there: BTreeMap<String, usize> = BTreeMap::new();
        let mut page = 1;
        loop {
            let answer = api.get(&format!("automation/runs/{run}/tests?per_page=1000&page={page}"))?;
            for test in answer["result"].as_array().context("no list of tests")? {
                let key = test["key"].as_str().context("a test without a key")?;
                *there.entry(key.to_owned()).or_default() += 1;
            }
            match answer["next_page"].as_i64() {
                Some(next) => page = next,
                None => break,
            }
        }
        let told = api.get(&format!("automation/runs/{run}"))?;
        let counted = told["result"]["total_count"].as_u64();
        let rows = u64::try_from(there.values().sum::<usize>())?;
        ensure!(
            counted == Some(rows),
            "run {run} says {counted:?} tests and lists {rows}"
        );
        all += keys.len();
        lost += keys.iter().filter(|key| !there.contains_key(*key)).count();
        doubled += there.values().filter(|&&count| count > 1).count();
    }
    Ok((all, lost, doubled))
}

/// Asks the database itself whether it is whole.
fn integrity(context: &Context, server: &mut Server) -> anyhow::Result<()> {
    server.stop()?;
    if server.database.is_some() {
        // PostgreSQL was not killed: that every row could be read says as much.
        return Ok(());
    }
    let files = crate::context::files_below(&server.data, &|_| false)?;
    let database = files
        .iter()
        .find(|file| {
            file.extension()
                .is_some_and(|end| end == "db" || end == "sqlite" || end == "sqlite3")
        })
        .context("no database file in the data directory")?;
    run(context
        .cargo()
        .args([
            "run",
            "--locked",
            "--quiet",
            "--package",
            "xtask",
            "--features",
            "limits",
            "--bin",
            "limits",
        ])
        .args(["--", "integrity"])
        .arg(database))
}

/// Up to 250 ms, from the kernel's random numbers.
fn random_delay() -> anyhow::Result<Duration> {
    let mut byte = [0];
    File::open("/dev/urandom")?.read_exact(&mut byte)?;
    Ok(Duration::from_millis(u64::from(byte[0])))
}
