//! The flows of `tests/browser` in Chromium against the built program.

use std::path::PathBuf;

use anyhow::Context as _;

use crate::assets::npm_ci;
use crate::context::{Context, run};
use crate::server::{Build, build};
use crate::tools;

/// Milliseconds that one file of flows may take.
const LIMIT: &str = "240000";

/// Runs every `*.test.mjs`. Each starts servers of its own, with fresh data. When one fails, all are run once more, and
/// what failed first stays in the output: a browser on a busy machine is late now and then, a fault is there both times.
pub(crate) fn check(context: &Context) -> anyhow::Result<()> {
    let folder = context.root.join("tests/browser");
    let browser = tools::chromium()?;
    npm_ci(context, &folder)?;
    let program = build(context, Build::Dev)?;
    let files = files(&folder)?;
    let flows = || {
        run(context
            .program("node")
            .args(["--test", "--test-reporter=spec", "--test-concurrency=2"])
            .arg(format!("--test-timeout={LIMIT}"))
            .args(&files)
            .env("ATTEST_BIN", &program)
            .env("ATTEST_BROWSER", &browser))
    };
    flows().or_else(|first| {
        eprintln!("flows failed, they are run once more: {first:#}");
        flows()
    })
}

/// 300 attacks in every text, instead of the 30 of [`check`].
pub(crate) fn hostile(context: &Context) -> anyhow::Result<()> {
    let folder = context.root.join("tests/browser");
    let browser = tools::chromium()?;
    npm_ci(context, &folder)?;
    let program = build(context, Build::Dev)?;
    run(context
        .program("node")
        .args(["--test", "--test-reporter=spec"])
        .arg(folder.join("hostile.test.mjs"))
        .env("ATTEST_PAYLOADS", "300")
        .env("ATTEST_BIN", &program)
        .env("ATTEST_BROWSER", &browser))
}

/// The files by name: what else would find them differs between the versions of Node.
fn files(folder: &std::path::Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.to_str().is_some_and(|name| name.ends_with(".test.mjs")) {
            files.push(path);
        }
    }
    files.sort();
    anyhow::ensure!(!files.is_empty(), "{} has no flows", folder.display());
    Ok(files)
}
