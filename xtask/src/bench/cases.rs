//! A repository of 100,000 cases beside one of 1,000, searches in it, and making cases beside bare inserts of the same rows.

use std::time::Instant;

use anyhow::{Context as _, bail, ensure};
use serde_json::{Value, json};

use super::{Table, Target, limit, limits, median};
use crate::context::Context;
use crate::http::Api;
use crate::peak::Kept;
use crate::postgres::{Durability, Engine, Postgres};
use crate::server::{Build, Server, build};

const SMALL: usize = 1000;
const LARGE: usize = 100_000;
const CALL: usize = 100;
const CLIENTS: usize = 4;
const TIMES: usize = 41;
/// What people type to find case 54321, letter by letter.
const TYPED: &str = "pay order 54321";

pub(super) fn measure(context: &Context, table: &mut Table) -> anyhow::Result<()> {
    let program = build(context, Build::Release)?;
    let limits = limits(context)?;
    let rows = LARGE.to_string();
    let dir = context.fresh_dir("bench-limits")?;
    let file = dir.join("limit.db");
    let file = file.to_str().context("the path is not text")?;
    let bare = limit(&limits, &["sqlite-cases", &rows, file])?;
    let server = Server::start(context, &program, "bench-cases", Engine::Sqlite)?;
    engine(table, &server, "SQLite", bare, || Ok(()))?;
    drop(server);
    let cluster = Postgres::start(context, Durability::Durable)?;
    let url = cluster.database()?;
    let bare = limit(&limits, &["postgres-cases", &rows, &url])?;
    let server = Server::start(context, &program, "bench-cases", Engine::Postgres(&cluster))?;
    engine(table, &server, "PostgreSQL", bare, || cluster.settle())
}

/// `settle` does what the database does by itself within a minute of such a load.
fn engine(
    table: &mut Table,
    server: &Server,
    name: &str,
    bare: f64,
    settle: impl Fn() -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let api = server.api()?;
    let (small, large) = (server.project("Small")?, server.project("Large")?);
    fill(server, &api, small, SMALL)?;
    let start = Instant::now();
    fill(server, &api, large, LARGE)?;
    #[expect(clippy::cast_precision_loss, reason = "a hundred thousand cases")]
    let rate = LARGE as f64 / start.elapsed().as_secs_f64();
    let what = format!("{name}: cases made per s, 100 a call, four clients");
    table.ratio(&what, rate, bare, Target::AtLeast(0.3));

    settle()?;
    let mut kept = Kept::open(server.address, &api)?;
    let mut beside = |what: &str, one: String, other: String, most: f64| -> anyhow::Result<()> {
        let (mut ones, mut others) = (Vec::new(), Vec::new());
        for _ in 0..TIMES {
            ones.push(timed(&mut kept, &one)?);
            others.push(timed(&mut kept, &other)?);
        }
        table.ratio(
            &format!("{name}: {what}, us"),
            median(ones),
            median(others),
            Target::Below(most),
        );
        Ok(())
    };
    let of = |project: i64, query: &str| format!("projects/{project}/cases?{query}");
    for (what, query) in [("first page", ""), ("second page", "page=2")] {
        let what = format!("{what}, 100,000 cases beside 1,000");
        beside(&what, of(large, query), of(small, query), 1.3)?;
    }
    let few = "name=order 777 ".replace(' ', "%20");
    beside(
        "name filter, 100,000 cases beside 1,000",
        of(large, &few),
        of(small, &few),
        3.0,
    )?;
    beside(
        "page 900 beside the first",
        of(large, "page=900"),
        of(large, ""),
        15.0,
    )?;
    typed(table, &mut kept, name, large)
}

/// The time of each letter that somebody types.
fn typed(table: &mut Table, kept: &mut Kept, name: &str, project: i64) -> anyhow::Result<()> {
    let mut times = Vec::new();
    let mut last = Value::Null;
    for _ in 0..5 {
        for end in 1..=TYPED.len() {
            let text = TYPED[..end].replace(' ', "%20");
            let path = format!("/api/attest/v1/projects/{project}/cases/search?q={text}");
            let start = Instant::now();
            last = kept.get_at(&path)?;
            times.push(start.elapsed().as_secs_f64() * 1e3);
        }
    }
    let first = last["result"][0]["name"].as_str().unwrap_or_default();
    ensure!(
        first.starts_with("Pay order 54321 "),
        "the search found {first:?}"
    );
    times.sort_by(f64::total_cmp);
    let p95 = times.get(times.len() * 95 / 100).copied().unwrap_or_default();
    table.number(
        &format!("{name}: search as one types, p95, ms"),
        p95,
        Target::Below(50.0),
    );
    Ok(())
}

fn timed(kept: &mut Kept, path: &str) -> anyhow::Result<f64> {
    let start = Instant::now();
    kept.get(path)?;
    Ok(start.elapsed().as_secs_f64() * 1e6)
}

/// Makes cases in a folder, with as many clients as are measured.
pub(super) fn fill(server: &Server, api: &Api, project: i64, cases: usize) -> anyhow::Result<()> {
    let folders = api.post(
        &format!("projects/{project}/folders"),
        &json!({"folders": [{"name": "F"}]}),
    )?;
    let folder = &folders["result"][0]["id"];
    let each = cases / CLIENTS;
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| scope.spawn(move || make(server, api, project, folder, client * each, each)))
            .collect();
        clients
            .into_iter()
            .try_for_each(|client| client.join().unwrap_or_else(|_| bail!("a client panicked")))
    })
}

fn make(
    server: &Server,
    api: &Api,
    project: i64,
    folder: &Value,
    first: usize,
    count: usize,
) -> anyhow::Result<()> {
    let mut kept = Kept::open(server.address, api)?;
    let path = format!("projects/{project}/cases");
    for at in (first..first + count).step_by(CALL) {
        let size = CALL.min(first + count - at);
        let cases: Vec<Value> = (at..at + size).map(|n| case(n, folder)).collect();
        kept.post(&path, json!({ "cases": cases }).to_string().as_bytes())?;
    }
    Ok(())
}

/// A case of the shape of the limit program's rows.
fn case(n: usize, folder: &Value) -> Value {
    json!({
        "name": format!("Pay order {n} by card when the cart holds {} items", n % 97),
        "folder_id": folder,
        "custom_priority": 2,
        "custom_preconditions": "A customer with a cart",
        "custom_steps": [
            {"text1": format!("Open the cart {n}"), "text3": "The items are shown"},
            {"text1": "Pay by card", "text3": "The order is paid"},
        ],
    })
}
