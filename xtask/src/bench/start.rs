//! From the start of the process until it answers, and how large the program is.

use std::fs;

use super::{Table, Target, median};
use crate::context::Context;
use crate::postgres::Engine;
use crate::server::{Build, Server, build};

const TIMES: usize = 9;

#[expect(clippy::cast_precision_loss, reason = "a file of some MB")]
pub(super) fn measure(context: &Context, table: &mut Table) -> anyhow::Result<()> {
    let program = build(context, Build::Release)?;
    let (mut empty, mut existing) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        let mut server = Server::prepare(context, &program, "bench-start", Engine::Sqlite, &[])?;
        server.launch()?;
        empty.push(server.started_in.as_secs_f64() * 1e3);
        server.stop()?;
        server.launch()?;
        existing.push(server.started_in.as_secs_f64() * 1e3);
        server.stop()?;
    }
    table.number(
        "ready on an empty data directory, ms",
        median(empty),
        Target::Below(300.0),
    );
    table.number(
        "ready on an existing one, ms",
        median(existing),
        Target::Below(100.0),
    );
    let size = fs::metadata(&program)?.len() as f64 / 1e6;
    table.number("release binary with its assets, MB", size, Target::Below(40.0));
    Ok(())
}
