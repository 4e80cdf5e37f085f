//! Rows and times of covering arrays beside `allpairspy`, and the time for cases of an interface and of stories.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, ensure};
use serde_json::{Map, Value};

use super::{Table, Target, median};
use crate::context::{Context, output, run};
use crate::server::{Build, build};
use crate::tools;

/// The standard inputs, and how many rows each may have at most.
const INPUTS: [(&str, f64); 6] = [
    ("3^4", 9.0),
    ("3^13", 16.0),
    ("4^15.3^17.2^29", 33.0),
    ("4^1.3^39.2^35", 25.0),
    ("2^100", 12.0),
    ("10^20", 198.0),
];

const TIMES: usize = 3;

/// Operations of the interface that is measured.
const OPERATIONS: usize = 300;

const ALLPAIRSPY: &str = "allpairspy==2.5.1";

/// Prints the number of rows for a model file and the milliseconds that they took.
const SCRIPT: &str = "\
import sys, time
from allpairspy import AllPairs
lines = [line.split(':', 1)[1] for line in open(sys.argv[1]) if ':' in line]
values = [[value.strip() for value in line.split(',')] for line in lines]
begin = time.perf_counter()
rows = sum(1 for _ in AllPairs(values))
print(rows, (time.perf_counter() - begin) * 1000)
";

pub(super) fn measure(context: &Context, table: &mut Table) -> anyhow::Result<()> {
    of(context, table, Build::Release)
}

/// The same with a program that was built otherwise.
pub(super) fn of(context: &Context, table: &mut Table, with: Build) -> anyhow::Result<()> {
    let program = build(context, with)?;
    pairwise(context, table, &program)?;
    interface(context, table, &program)?;
    stories(context, table, &program)
}

fn pairwise(context: &Context, table: &mut Table, program: &Path) -> anyhow::Result<()> {
    let python = allpairspy(context)?;
    for (name, most) in INPUTS {
        let file = context
            .root
            .join(format!("testdata/pairwise/standard/{name}.txt"));
        let (took, printed) = timed(|| covering(program, &file))?;
        let rows = count(printed.lines().skip(1).filter(|line| !line.is_empty()).count());
        let other = output(Command::new(&python).args(["-c", SCRIPT]).arg(&file))?;
        let mut other = other.split_whitespace().map(str::parse::<f64>);
        let mut next = || other.next().context("allpairspy printed too little");
        let (other_rows, other_took) = (next()??, next()??);
        table.number(&format!("{name}: rows"), rows, Target::Below(most + 1.0));
        let what = format!("{name}: rows beside allpairspy's");
        table.ratio(&what, rows, other_rows, Target::Below(1.001));
        table.number(&format!("{name}: ms"), took, Target::Below(2_000.0));
        table.number(&format!("{name}: ms of allpairspy"), other_took, Target::None);
    }
    Ok(())
}

fn interface(context: &Context, table: &mut Table, program: &Path) -> anyhow::Result<()> {
    let text = fs::read_to_string(context.root.join("testdata/openapi/crates-io/openapi.json"))?;
    let made = repeated(&serde_json::from_str(&text)?, OPERATIONS)?;
    let file = context.fresh_dir("bench-generate")?.join("openapi.json");
    fs::write(&file, made.to_string())?;
    let (took, printed) = timed(|| generate(program, [&file]))?;
    let set: Value = serde_json::from_str(&printed)?;
    let length = |name: &str| set[name].as_array().map_or(0, Vec::len);
    ensure!(
        length("requirements") == OPERATIONS,
        "not {OPERATIONS} operations"
    );
    table.number("OpenAPI, 300 operations: ms", took, Target::Below(1_000.0));
    table.number(
        "OpenAPI, 300 operations: cases",
        count(length("cases")),
        Target::None,
    );
    Ok(())
}

/// A description with its operations again and again under other paths.
fn repeated(description: &Value, operations: usize) -> anyhow::Result<Value> {
    let mut made = description.clone();
    let paths = description["paths"].as_object().context("no paths")?;
    let (mut all, mut left) = (Map::new(), operations);
    for round in 1.. {
        for (path, item) in paths {
            let mut item = item.clone();
            let members = item.as_object_mut().context("a path that is no object")?;
            members.retain(|name, operation| {
                if !matches!(
                    name.as_str(),
                    "get" | "put" | "post" | "delete" | "patch" | "head"
                ) {
                    return true;
                }
                if let Some(operation) = operation.as_object_mut() {
                    operation.remove("operationId");
                }
                let is_kept = left > 0;
                left = left.saturating_sub(1);
                is_kept
            });
            all.insert(format!("/round-{round}{path}"), item);
            if left == 0 {
                made["paths"] = Value::Object(all);
                return Ok(made);
            }
        }
    }
    Ok(made)
}

fn stories(context: &Context, table: &mut Table, program: &Path) -> anyhow::Result<()> {
    let mut files = Vec::new();
    for folder in fs::read_dir(context.root.join("testdata/stories"))? {
        let folder = folder?.path();
        if folder.is_dir() {
            for file in fs::read_dir(folder)? {
                files.push(file?.path());
            }
        }
    }
    files.sort();
    let (took, printed) = timed(|| generate(program, &files))?;
    let sets: Value = serde_json::from_str(&printed)?;
    let sets = sets.as_array().context("not a list of sets")?;
    let cases = sets.iter().filter_map(|set| set["cases"].as_array());
    let cases = cases.map(Vec::len).sum();
    table.number("all stories: ms", took, Target::None);
    table.number("all stories: cases", count(cases), Target::None);
    Ok(())
}

fn covering(program: &Path, file: &Path) -> Command {
    let mut command = Command::new(program);
    command.arg("covering").arg(file);
    command
}

fn generate<'f>(program: &Path, files: impl IntoIterator<Item = &'f PathBuf>) -> Command {
    let mut command = Command::new(program);
    command.args(["generate", "--format", "json"]).args(files);
    command
}

/// The middle of the milliseconds that a program takes from its start to its end, and what it prints.
fn timed(command: impl Fn() -> Command) -> anyhow::Result<(f64, String)> {
    let (mut took, mut printed) = (Vec::new(), String::new());
    for _ in 0..TIMES {
        let begin = Instant::now();
        printed = output(&mut command())?;
        took.push(begin.elapsed().as_secs_f64() * 1e3);
    }
    Ok((median(took), printed))
}

#[expect(clippy::cast_precision_loss, reason = "some thousands")]
fn count(number: usize) -> f64 {
    number as f64
}

/// A Python with `allpairspy` (MIT), installed by pip; the path of its program.
fn allpairspy(context: &Context) -> anyhow::Result<PathBuf> {
    let dir = context.tools().join(ALLPAIRSPY.replace("==", "-"));
    let python = dir.join("bin/python");
    let stamp = dir.join("installed");
    if stamp.exists() {
        return Ok(python);
    }
    let make = || run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&dir));
    if make().is_err() {
        tools::apt("python3-venv")?;
        make()?;
    }
    println!("installing allpairspy by pip");
    run(Command::new(dir.join("bin/pip")).args([
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        ALLPAIRSPY,
    ]))?;
    fs::write(stamp, ALLPAIRSPY)?;
    Ok(python)
}
