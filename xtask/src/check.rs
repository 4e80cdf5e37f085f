//! `cargo xtask check`: what a reviewer should not have to look for.

mod generated;
mod licences;
mod tree;

use anyhow::bail;

use crate::assets;
use crate::context::{Context, Parts, run as run_program};

type Part = (&'static str, fn(&Context) -> anyhow::Result<()>);

const PARTS: &[Part] = &[
    ("format", format),
    ("tree", tree::check),
    ("assets", assets::build),
    ("types", assets::types),
    ("licences", licences::check),
    ("clippy", clippy),
    ("documentation", documentation),
    ("generated", generated::check),
];

/// Runs one part or all of them, and prints their times.
pub(crate) fn run(context: &Context, arguments: &[String]) -> anyhow::Result<()> {
    let wanted = arguments.first().map(String::as_str);
    if let Some(name) = wanted
        && !PARTS.iter().any(|(part, _)| *part == name)
    {
        let names: Vec<_> = PARTS.iter().map(|(part, _)| *part).collect();
        bail!("there is no part {name:?}: the parts are {}", names.join(", "));
    }
    let mut times = Parts::default();
    for (name, work) in PARTS {
        if wanted.is_none_or(|wanted| wanted == *name) {
            times.run(name, || work(context))?;
        }
    }
    times.print();
    Ok(())
}

fn format(context: &Context) -> anyhow::Result<()> {
    run_program(context.cargo().args(["fmt", "--all", "--check"]))
}

fn clippy(context: &Context) -> anyhow::Result<()> {
    let all = ["clippy", "--locked", "--workspace", "--all-targets", "--quiet"];
    run_program(
        context
            .cargo()
            .args(all)
            .args(["--features", "xtask/limits", "--", "-D", "warnings"]),
    )
}

fn documentation(context: &Context) -> anyhow::Result<()> {
    run_program(
        context
            .cargo()
            .args(["doc", "--locked", "--workspace", "--no-deps", "--quiet"])
            .env("RUSTDOCFLAGS", "-D warnings"),
    )
}
