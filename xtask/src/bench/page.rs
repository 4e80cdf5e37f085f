//! The first page of a large run beside that of a small one.

use std::time::Instant;

use anyhow::ensure;

use super::{Table, Target, ingest, median};
use crate::context::Context;
use crate::http::Api;
use crate::peak::Kept;
use crate::postgres::{Durability, Engine, Postgres};
use crate::server::{Build, EMAIL, PASSWORD, Pages, Server, build};

const SMALL: usize = 1000;
const LARGE: usize = 100_000;
const TIMES: usize = 41;

pub(super) fn measure(context: &Context, table: &mut Table) -> anyhow::Result<()> {
    let program = build(context, Build::Release)?;
    let cluster = Postgres::start(context, Durability::Fast)?;
    for engine in [Engine::Sqlite, Engine::Postgres(&cluster)] {
        let server = Server::start(context, &program, "bench-page", engine)?;
        let project = server.project("Pages")?;
        let api = server.api()?;
        let small = filled(&server, &api, project, SMALL)?;
        let large = filled(&server, &api, project, LARGE)?;
        let mut pages = Pages::open(server.address);
        pages.sign_in(EMAIL, PASSWORD)?;
        let (mut smalls, mut larges) = (Vec::new(), Vec::new());
        for _ in 0..TIMES {
            smalls.push(timed(&mut pages, small)?);
            larges.push(timed(&mut pages, large)?);
        }
        let what = format!("{}: first page, 100,000 tests beside 1,000, us", engine.name());
        table.ratio(&what, median(larges), median(smalls), Target::Below(1.3));
    }
    Ok(())
}

fn timed(pages: &mut Pages, run: i64) -> anyhow::Result<f64> {
    let start = Instant::now();
    let answer = pages.get(&format!("/automation/runs/view/{run}"))?;
    let took = start.elapsed();
    ensure!(answer.status == 200, "the page answered {}", answer.status);
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
