//! Pages of much beside pages of little: an automation run, the repository, and the execution of a manual run.

use std::time::Instant;

use anyhow::{Context as _, ensure};

use super::{Table, Target, ingest, median};
use crate::context::Context;
use crate::http::Api;
use crate::peak::Kept;
use crate::postgres::{Durability, Engine, Postgres};
use crate::server::{Build, EMAIL, PASSWORD, Pages, Server, build};

/// Tests of an automation run, and cases of a repository.
const SMALL: usize = 1000;
const LARGE: usize = 100_000;
/// Tests of a manual run.
const FEW: usize = 100;
const MANY: usize = 10_000;
const TIMES: usize = 41;

pub(super) fn measure(context: &Context, table: &mut Table) -> anyhow::Result<()> {
    let program = build(context, Build::Release)?;
    let cluster = Postgres::start(context, Durability::Fast)?;
    for engine in [Engine::Sqlite, Engine::Postgres(&cluster)] {
        let server = Server::start(context, &program, "bench-pages", engine)?;
        let pairs = filled_pairs(&server)?;
        if matches!(engine, Engine::Postgres(_)) {
            // What the database does by itself within a minute of such a load.
            cluster.settle()?;
        }
        let mut pages = Pages::open(server.address);
        pages.sign_in(EMAIL, PASSWORD)?;
        for (what, [large, small], most) in &pairs {
            let (mut larges, mut smalls) = (Vec::new(), Vec::new());
            for _ in 0..TIMES {
                smalls.push(timed(&mut pages, small)?);
                larges.push(timed(&mut pages, large)?);
            }
            let what = format!("{}: {what}, us", engine.name());
            table.ratio(&what, median(larges), median(smalls), Target::Below(*most));
        }
    }
    Ok(())
}

/// What is compared, the addresses of the larger and the smaller one, and the most that the larger may take beside it.
type Pair = (String, [String; 2], f64);

fn filled_pairs(server: &Server) -> anyhow::Result<Vec<Pair>> {
    let api = server.api()?;
    let project = server.project("Pages")?;
    let automation = [LARGE, SMALL].map(|tests| filled(server, &api, project, tests));
    let [large, small] = both(automation)?;
    let repositories = both([LARGE, SMALL].map(|cases| repository(server, &api, cases)))?;
    let runs = both([MANY, FEW].map(|tests| manual(server, &api, tests)))?;
    let run = |id| format!("/automation/runs/view/{id}");
    Ok(vec![
        (
            format!("automation run of {LARGE} tests beside {SMALL}"),
            [run(large), run(small)],
            1.3,
        ),
        (
            format!("repository of {LARGE} cases beside {SMALL}"),
            repositories.map(|id| format!("/repositories/{id}")),
            1.5,
        ),
        (
            format!("execution of a run of {MANY} tests beside {FEW}"),
            runs.map(|id| format!("/runs/view/{id}")),
            1.5,
        ),
    ])
}

fn both(made: [anyhow::Result<i64>; 2]) -> anyhow::Result<[i64; 2]> {
    let [one, other] = made;
    Ok([one?, other?])
}

/// A project with so many cases.
fn repository(server: &Server, api: &Api, cases: usize) -> anyhow::Result<i64> {
    let project = server.project(&format!("{cases} cases"))?;
    super::cases::fill(server, api, project, cases)?;
    Ok(project)
}

/// A run of so many tests.
fn manual(server: &Server, api: &Api, tests: usize) -> anyhow::Result<i64> {
    let project = server.project(&format!("{tests} tests"))?;
    super::cases::fill(server, api, project, tests)?;
    let new = serde_json::json!({"name": "All", "include_all": true});
    let made = api.post(&format!("projects/{project}/runs"), &new)?;
    made["result"]["id"].as_i64().context("a run has an id")
}

fn timed(pages: &mut Pages, path: &str) -> anyhow::Result<f64> {
    let start = Instant::now();
    let answer = pages.get(path)?;
    let took = start.elapsed();
    ensure!(answer.status == 200, "{path} answered {}", answer.status);
    Ok(took.as_secs_f64() * 1e6)
}

/// A completed run with so many tests.
pub(super) fn filled(server: &Server, api: &Api, project: i64, tests: usize) -> anyhow::Result<i64> {
    let run = api.run(project, "bench", &format!("{tests} tests"))?;
    let thread = api.thread(run)?;
    let mut kept = Kept::open(server.address, api)?;
    for first in (0..tests).step_by(1000) {
        let body = ingest::body(first, 1000.min(tests - first));
        kept.post(&format!("automation/runs/threads/{thread}/append"), &body)?;
    }
    api.post(
        &format!("automation/runs/{run}/complete"),
        &serde_json::json!({ "measure_elapsed": false }),
    )?;
    Ok(run)
}
