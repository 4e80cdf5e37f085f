//! `cargo xtask conformance`: the long forms of the tests, run by hand before a promise is made.

use anyhow::bail;

use crate::context::{Context, Parts, run as run_program};
use crate::postgres::{Durability, Postgres};
use crate::server::Build;
use crate::{assets, bench, browser, clients, fault, peak, retention, schemathesis};

type Part = (&'static str, fn(&Context) -> anyhow::Result<()>);

const PARTS: &[Part] = &[
    ("assets", assets::build),
    ("clients", |context| clients::check(context, clients::ALL)),
    ("schemathesis", schemathesis::long),
    ("peak", |context| peak::check(context, 300, Build::Release)),
    ("kill", |context| fault::kills(context, 50)),
    ("revoke", |context| fault::races(context, 10_000)),
    ("hostile", browser::hostile),
    ("model", model),
    ("retention", |context| retention::check(context, 10_000_000)),
    ("bench", |context| bench::run(context, &[])),
];

/// 10,000 sequences of requests against the model of folders and cases, on each engine.
fn model(context: &Context) -> anyhow::Result<()> {
    let cluster = Postgres::start(context, Durability::Fast)?;
    for engine in ["sqlite", "postgres"] {
        let mut command = context.cargo();
        command
            .args(["nextest", "run", "--locked", "--workspace", "--cargo-quiet"])
            .args(["--filterset", "test(against_model::)"])
            .env("ATTEST_TEST_POSTGRES", cluster.url())
            .env("ATTEST_TEST_SEQUENCES", "10000")
            .env("TESTDB", engine);
        run_program(&mut command)?;
    }
    Ok(())
}

/// Runs one part or all of them. `retention ROWS` is for a quick look at that part.
pub(crate) fn run(context: &Context, arguments: &[String]) -> anyhow::Result<()> {
    if let [part, rows] = arguments
        && part == "retention"
    {
        assets::build(context)?;
        return retention::check(context, rows.parse()?);
    }
    let wanted = arguments.first().map(String::as_str);
    if wanted.is_some_and(|name| !PARTS.iter().any(|(part, _)| *part == name)) {
        let names: Vec<_> = PARTS.iter().map(|(part, _)| *part).collect();
        bail!("the parts are {}", names.join(", "));
    }
    let mut times = Parts::default();
    for (name, work) in PARTS {
        if wanted.is_none_or(|wanted| wanted == *name || *name == "assets") {
            times.run(name, || work(context))?;
        }
    }
    times.print();
    Ok(())
}
