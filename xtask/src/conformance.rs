//! `cargo xtask conformance`: the long forms of the tests, run by hand before a promise is made.

use anyhow::bail;

use crate::context::{Context, Parts};
use crate::server::Build;
use crate::{assets, bench, clients, fault, peak, schemathesis};

type Part = (&'static str, fn(&Context) -> anyhow::Result<()>);

const PARTS: &[Part] = &[
    ("assets", assets::build),
    ("clients", |context| clients::check(context, clients::ALL)),
    ("schemathesis", schemathesis::long),
    ("peak", |context| peak::check(context, 300, Build::Release)),
    ("kill", |context| fault::kills(context, 50)),
    ("revoke", |context| fault::races(context, 10_000)),
    ("bench", |context| bench::run(context, &[])),
];

/// Runs one part or all of them.
pub(crate) fn run(context: &Context, arguments: &[String]) -> anyhow::Result<()> {
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
