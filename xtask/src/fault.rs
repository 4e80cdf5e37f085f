//! What must hold when things go wrong: a server that is killed, a key that is revoked in the middle.

mod kill;
mod revoke;

use anyhow::bail;

use crate::context::Context;
use crate::postgres::{Durability, Engine, Postgres, flag};

/// `cargo xtask fault kill|revoke`, by hand.
pub(crate) fn run(context: &Context, arguments: &[String]) -> anyhow::Result<()> {
    let cycles = flag(arguments, "--cycles")?.map_or(Ok(50), str::parse)?;
    let pairs = flag(arguments, "--pairs")?.map_or(Ok(10_000), str::parse)?;
    let only = flag(arguments, "--database")?;
    match arguments.first().map(String::as_str) {
        Some("kill") => each_engine(context, only, |engine| kill::check(context, engine, cycles)),
        Some("revoke") => each_engine(context, only, |engine| revoke::check(context, engine, pairs)),
        _ => bail!(
            "usage: cargo xtask fault kill [--cycles N] | revoke [--pairs N]  [--database sqlite|postgres]"
        ),
    }
}

/// Kills a server again and again on both engines.
pub(crate) fn kills(context: &Context, cycles: u32) -> anyhow::Result<()> {
    each_engine(context, None, |engine| kill::check(context, engine, cycles))
}

/// Races revocation with use on both engines.
pub(crate) fn races(context: &Context, pairs: u32) -> anyhow::Result<()> {
    each_engine(context, None, |engine| revoke::check(context, engine, pairs))
}

fn each_engine(
    context: &Context,
    only: Option<&str>,
    work: impl Fn(Engine<'_>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    if only.is_none_or(|name| name == "sqlite") {
        work(Engine::Sqlite)?;
    }
    if only.is_none_or(|name| name == "postgres") {
        let cluster = Postgres::start(context, Durability::Durable)?;
        work(Engine::Postgres(&cluster))?;
    }
    Ok(())
}
