//! Speed and memory of the release build, beside what this machine can do at best in the same run.

mod auth;
mod cases;
mod generate;
pub(crate) mod ingest;
mod load;
mod memory;
mod pages;
mod start;
mod year;

use std::path::PathBuf;
use std::process::Command;

use anyhow::bail;

use crate::assets;
use crate::context::{Context, output, run as run_program};
use crate::server::Build;

type Part = (&'static str, fn(&Context, &mut Table) -> anyhow::Result<()>);

const PARTS: &[Part] = &[
    ("auth", auth::measure),
    ("ingest", ingest::measure),
    ("cases", cases::measure),
    ("pages", pages::measure),
    ("start", start::measure),
    ("memory", memory::measure),
    ("year", year::measure),
    ("generate", generate::measure),
];

/// Measures one part or all of them and prints the table. `year TESTS` and `generate dev`, with the build for tests, are
/// for a quick look at those parts.
pub(crate) fn run(context: &Context, arguments: &[String]) -> anyhow::Result<()> {
    if let [part, tests] = arguments
        && part == "year"
    {
        assets::build(context)?;
        let mut table = Table::default();
        year::of(context, &mut table, tests.parse()?)?;
        table.print();
        return Ok(());
    }
    if let [part, build] = arguments
        && part == "generate"
        && build == "dev"
    {
        let mut table = Table::default();
        generate::of(context, &mut table, Build::Dev)?;
        table.print();
        return Ok(());
    }
    let wanted = arguments.first().map(String::as_str);
    if wanted.is_some_and(|name| !PARTS.iter().any(|(part, _)| *part == name)) {
        let names: Vec<_> = PARTS.iter().map(|(part, _)| *part).collect();
        bail!("the parts are {}", names.join(", "));
    }
    assets::build(context)?;
    let mut table = Table::default();
    for (name, work) in PARTS {
        if wanted.is_none_or(|wanted| wanted == *name) {
            println!("measuring {name}");
            work(context, &mut table)?;
        }
    }
    table.print();
    Ok(())
}

/// Which side of a target is good.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Target {
    AtLeast(f64),
    Below(f64),
    /// Told, not judged.
    None,
}

/// The lines of the result.
#[derive(Debug, Default)]
struct Table(Vec<[String; 5]>);

impl Table {
    /// A rate and its limit, as a ratio.
    fn ratio(&mut self, what: &str, value: f64, limit: f64, target: Target) {
        self.line(
            what,
            &format!("{value:.0}"),
            &format!("{limit:.0}"),
            value / limit,
            target,
        );
    }

    /// One number.
    fn number(&mut self, what: &str, value: f64, target: Target) {
        self.line(what, &format!("{value:.1}"), "", value, target);
    }

    fn line(&mut self, what: &str, value: &str, limit: &str, judged: f64, target: Target) {
        let (wanted, verdict) = match target {
            Target::AtLeast(least) => (format!(">= {least}"), judged >= least),
            Target::Below(most) => (format!("< {most}"), judged < most),
            Target::None => (String::new(), true),
        };
        let judged = if limit.is_empty() {
            String::new()
        } else {
            format!("{judged:.2}")
        };
        let wanted = if verdict {
            wanted
        } else {
            format!("{wanted}  MISSED")
        };
        let line = [
            what.to_owned(),
            value.to_owned(),
            limit.to_owned(),
            judged,
            wanted,
        ];
        println!("  {}", line.join("  "));
        self.0.push(line);
    }

    fn print(&self) {
        println!(
            "\n| {:<58} | {:>10} | {:>10} | {:>6} | target |",
            "what", "value", "limit", "ratio"
        );
        println!("|{:-<60}|{:->12}|{:->12}|{:->8}|--------|", "", ":", ":", ":");
        for [what, value, limit, ratio, target] in &self.0 {
            println!("| {what:<58} | {value:>10} | {limit:>10} | {ratio:>6} | {target} |");
        }
    }
}

/// Builds the limit programs in release and returns their path.
pub(crate) fn limits(context: &Context) -> anyhow::Result<PathBuf> {
    let what = ["build", "--locked", "--quiet", "--release", "--package", "xtask"];
    run_program(
        context
            .cargo()
            .args(what)
            .args(["--features", "limits", "--bin", "limits"]),
    )?;
    Ok(context.target.join("release/limits"))
}

/// The number that a limit program prints.
fn limit(program: &PathBuf, arguments: &[&str]) -> anyhow::Result<f64> {
    Ok(output(Command::new(program).args(arguments))?.trim().parse()?)
}

/// The middle of some numbers.
pub(crate) fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or_default()
}
