//! `cargo xtask test`: everything that can be tested without a person.

use std::fs;

use anyhow::bail;

use crate::context::{Context, Parts, run as run_program};
use crate::postgres::{Durability, Postgres};
use crate::server::Build;
use crate::{assets, binding, browser, canaries, clients, docs, fault, peak, requests, schemathesis, tools};

type Part = (&'static str, fn(&Context) -> anyhow::Result<()>);

const PARTS: &[Part] = &[
    ("tools", tools_and_assets),
    ("sqlite", on_sqlite),
    ("postgres", on_postgres),
    ("doctests", doctests),
    ("browser", browser::check),
    ("clients", |context| clients::check(context, &[clients::CURRENT])),
    ("binding", binding::check),
    ("requests", requests::check),
    ("schemathesis", schemathesis::short),
    ("docs", docs::check),
    ("peak", |context| peak::check(context, 60, Build::Dev)),
    ("kill", |context| fault::kills(context, 10)),
    ("revoke", |context| fault::races(context, 500)),
    ("canaries", canaries::check),
];

/// Runs one part or all of them, and prints their times.
pub(crate) fn run(context: &Context, arguments: &[String]) -> anyhow::Result<()> {
    let mut times = Parts::default();
    match arguments {
        [] => {
            let left = context.target.join("xtask");
            if left.exists() {
                fs::remove_dir_all(left)?;
            }
            for (name, work) in PARTS {
                times.run(name, || work(context))?;
            }
        }
        [name] => {
            let Some((_, work)) = PARTS.iter().find(|(part, _)| part == name) else {
                let names: Vec<_> = PARTS.iter().map(|(part, _)| *part).collect();
                bail!("the parts are {}", names.join(", "));
            };
            if name != "tools" {
                times.run("tools", || tools_and_assets(context))?;
            }
            times.run(name, || work(context))?;
        }
        _ => bail!("usage: cargo xtask test [PART]"),
    }
    times.print();
    Ok(())
}

/// Whether a change lands must not depend on luck: property tests draw the same inputs here each time, and new ones whenever
/// `cargo nextest` is called by hand.
const RANDOM: (&str, &str) = ("PROPTEST_RNG_SEED", "20261123");

fn tools_and_assets(context: &Context) -> anyhow::Result<()> {
    tools::nextest(context)?;
    assets::build(context)
}

fn on_sqlite(context: &Context) -> anyhow::Result<()> {
    run_program(
        context
            .cargo()
            .args(["nextest", "run", "--locked", "--workspace", "--cargo-quiet"])
            .env_remove("ATTEST_TEST_POSTGRES")
            .env("TESTDB", "sqlite")
            .env(RANDOM.0, RANDOM.1),
    )
}

fn on_postgres(context: &Context) -> anyhow::Result<()> {
    let cluster = Postgres::start(context, Durability::Fast)?;
    // The whole workspace is named so that nothing is built anew; the filter leaves what talks to a database.
    run_program(
        context
            .cargo()
            .args([
                "nextest",
                "run",
                "--locked",
                "--workspace",
                "--cargo-quiet",
                "--filterset",
            ])
            .arg("package(store) | package(app) | package(api) | package(web)")
            .env("ATTEST_TEST_POSTGRES", cluster.url())
            .env("TESTDB", "postgres")
            .env(RANDOM.0, RANDOM.1),
    )
}

fn doctests(context: &Context) -> anyhow::Result<()> {
    run_program(
        context
            .cargo()
            .args(["test", "--locked", "--workspace", "--doc", "--quiet"]),
    )
}
