//! The `curl` lines of the documentation, run as they stand: each block of lines against a fresh server that holds one of each.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, bail, ensure};
use serde_json::json;

use crate::context::{Context, output, works};
use crate::postgres::Engine;
use crate::server::{Build, Server, build};
use crate::tools;

/// Where lines stand, and how many blocks of them at least: a changed way of writing must not make the test empty.
const PAGES: [(&str, usize); 2] = [("docs/API.md", 8), ("README.md", 1)];
/// The address that the documentation uses.
const ADDRESS: &str = "http://127.0.0.1:8080";
/// What the blocks take for granted: the names of `docs/API.md`, and that a refused request ends the block.
const BEFORE: &str =
    "set -euo pipefail; curl() { command curl --silent --show-error --fail-with-body --max-time 30 \"$@\" && echo; }
B=http://127.0.0.1:8080/api/v1; H=\"Authorization: Bearer $KEY\"; J=\"Content-Type: application/json\"\n";

/// Runs all blocks.
pub(crate) fn check(context: &Context) -> anyhow::Result<()> {
    for program in ["curl", "jq"] {
        if !works(program, "--version") {
            tools::apt(program)?;
        }
    }
    let program = build(context, Build::Dev)?;
    for (page, least) in PAGES {
        let blocks = blocks(&fs::read_to_string(context.root.join(page))?);
        ensure!(
            blocks.len() >= least,
            "{page} has {} blocks with curl, expected {least} or more",
            blocks.len()
        );
        for (line, block) in blocks {
            checked(context, &program, &block).with_context(|| format!("{page}, line {line}"))?;
        }
    }
    Ok(())
}

/// The blocks of shell lines with a request, and where each begins.
fn blocks(page: &str) -> Vec<(usize, String)> {
    let (mut blocks, mut open) = (Vec::new(), None::<(usize, String)>);
    for (number, line) in page.lines().enumerate() {
        match &mut open {
            None if line == "```sh" => open = Some((number + 2, String::new())),
            None => {}
            Some(_) if line == "```" => blocks.extend(open.take()),
            Some((_, block)) => {
                block.push_str(line);
                block.push('\n');
            }
        }
    }
    blocks.retain(|(_, block)| block.contains("curl "));
    blocks
}

fn checked(context: &Context, program: &Path, block: &str) -> anyhow::Result<()> {
    let server = Server::start(context, program, "docs", Engine::Sqlite)?;
    let project = server.project("Web shop")?;
    let api = server.api()?;
    ensure!(project == 1, "the first project has the id {project}");
    let at = |path: &str| format!("projects/{project}/{path}");
    api.post(&at("folders"), &json!({"folders": [{"name": "Basket"}]}))?;
    api.post(
        &at("cases"),
        &json!({"cases": [{"name": "Pay by invoice", "folder_id": 1}]}),
    )?;
    let thread = api.thread(api.run(project, "unit", "Nightly")?)?;
    let test = json!({"key": "k", "name": "adds", "folder": "cart", "status": "passed"});
    let path = format!("/api/v1/automation/runs/threads/{thread}/append");
    let body = json!({ "tests": [test] }).to_string();
    let sent = api.send("POST", path.trim_start_matches("/api/v1/"), body.as_bytes())?;
    ensure!(sent.status == 204, "the test was answered with {}", sent.status);
    let script = format!("{BEFORE}{block}").replace(ADDRESS, &format!("http://{}", api.address));
    let said = output(Command::new("bash").args(["-c", &script]).env("KEY", &api.key))?;
    if said.trim().is_empty() && !block.contains("/append") {
        bail!("the lines say nothing:\n{block}");
    }
    Ok(())
}
