//! Checked-in files that a program makes must be what it makes today.

use std::fs;

use anyhow::bail;

use crate::context::{Context, output, run};

const REFERENCE: &str = "docs/CONFIGURATION.md";

/// Compares each generated file with what its generator prints.
pub(super) fn check(context: &Context) -> anyhow::Result<()> {
    run(context
        .cargo()
        .args(["build", "--locked", "--quiet", "--package", "cli"]))?;
    let attest = context.target.join("debug/attest");
    let made = output(context.program(attest).args(["config", "reference"]))?;
    if fs::read_to_string(context.root.join(REFERENCE))? != made {
        bail!("{REFERENCE} is not fresh: run `cargo run -- config reference > {REFERENCE}`");
    }
    Ok(())
}
