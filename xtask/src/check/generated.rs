//! Checked-in files that a program makes must be what it makes today.

use std::fs;

use anyhow::bail;

use crate::context::{Context, output, run};

/// Each file with what `attest config` is asked for.
const REFERENCES: &[(&str, &str)] = &[
    ("docs/CONFIGURATION.md", "reference"),
    ("docs/COMMANDS.md", "commands"),
];

/// Compares each generated file with what its generator prints.
pub(super) fn check(context: &Context) -> anyhow::Result<()> {
    run(context
        .cargo()
        .args(["build", "--locked", "--quiet", "--package", "cli"]))?;
    let attest = context.target.join("debug/attest");
    for (file, what) in REFERENCES {
        let made = output(context.program(&attest).args(["config", what]))?;
        if fs::read_to_string(context.root.join(file))? != made {
            bail!("{file} is not fresh: run `cargo run -- config {what} > {file}`");
        }
    }
    Ok(())
}
