//! Licences, sources and bans of the packages that are built, against the lists of `deny.toml`.
//!
//! `cargo deny check` with the same file does the same and more; building it takes longer than everything else here.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use anyhow::{Context as _, bail};
use serde_json::Value;

use crate::context::{Context, output};

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Checks every package in the lock file that some target would build.
pub(super) fn check(context: &Context) -> anyhow::Result<()> {
    let rules = fs::read_to_string(context.root.join("deny.toml"))?;
    let allowed = strings(&rules, "allow = [")?;
    let banned = strings(&rules, "deny = [")?;
    let metadata = output(context.cargo().args([
        "metadata",
        "--format-version=1",
        "--locked",
        "--features=xtask/limits",
    ]))?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let active = active(context)?;
    let reached = reached(&metadata)?;
    let mut wrong = Vec::new();
    for package in list(&metadata["packages"])? {
        let name = package["name"].as_str().unwrap_or_default();
        let version = package["version"].as_str().unwrap_or_default();
        let Some(source) = package["source"].as_str() else {
            continue;
        };
        if source != CRATES_IO {
            wrong.push(format!("{name} {version} comes from {source}"));
        }
        let id = package["id"].as_str().unwrap_or_default();
        if !active.contains(&format!("{name} {version}")) || !reached.contains(id) {
            continue;
        }
        if banned.contains(name) {
            wrong.push(format!("{name} {version} is banned"));
        }
        let licence = package["license"].as_str().unwrap_or_default();
        if !accepted(licence, &allowed) {
            wrong.push(format!("{name} {version} has the licence {licence:?}"));
        }
    }
    if !wrong.is_empty() {
        bail!("against deny.toml: {}", wrong.join("; "));
    }
    Ok(())
}

/// Packages that the features in use switch on, for any target, as `name version`. An optional dependency that
/// nobody switches on is in the lock file and in the metadata, and not here.
fn active(context: &Context) -> anyhow::Result<BTreeSet<String>> {
    let tree = output(context.cargo().args([
        "tree",
        "--locked",
        "--workspace",
        "--target=all",
        "--edges=normal,build,dev",
        "--features=xtask/limits",
        "--prefix=none",
        "--format={p}",
    ]))?;
    Ok(tree
        .lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            let name = words.next()?;
            let version = words.next()?.trim_start_matches('v');
            Some(format!("{name} {version}"))
        })
        .collect())
}

/// The ids of the packages that a build takes part in. Cargo lists the build dependencies of a package that was
/// published without its build script, and never builds them.
fn reached(metadata: &Value) -> anyhow::Result<BTreeSet<&str>> {
    let mut scripts = BTreeSet::new();
    for package in list(&metadata["packages"])? {
        let targets = list(&package["targets"])?;
        if targets.iter().any(|target| target["kind"][0] == "custom-build") {
            scripts.insert(package["id"].as_str().unwrap_or_default());
        }
    }
    let mut edges = BTreeMap::new();
    for node in list(&metadata["resolve"]["nodes"])? {
        edges.insert(node["id"].as_str().unwrap_or_default(), list(&node["deps"])?);
    }
    let mut open: Vec<&str> = list(&metadata["workspace_members"])?
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let mut reached = BTreeSet::new();
    while let Some(id) = open.pop() {
        if !reached.insert(id) {
            continue;
        }
        for dependency in edges.get(id).into_iter().copied().flatten() {
            let kinds = list(&dependency["dep_kinds"])?;
            let only_build = kinds.iter().all(|kind| kind["kind"] == "build");
            if !only_build || scripts.contains(id) {
                open.extend(dependency["pkg"].as_str());
            }
        }
    }
    Ok(reached)
}

fn list(value: &Value) -> anyhow::Result<&Vec<Value>> {
    value
        .as_array()
        .context("cargo metadata has another form than expected")
}

/// Whether an SPDX expression can be met with allowed licences alone.
fn accepted(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let met = any_of(&words, &mut at, allowed);
    met && at == words.len() && !words.is_empty()
}

fn any_of(words: &[&str], at: &mut usize, allowed: &BTreeSet<String>) -> bool {
    let mut met = all_of(words, at, allowed);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        met |= all_of(words, at, allowed);
    }
    met
}

fn all_of(words: &[&str], at: &mut usize, allowed: &BTreeSet<String>) -> bool {
    let mut met = one(words, at, allowed);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        met &= one(words, at, allowed);
    }
    met
}

fn one(words: &[&str], at: &mut usize, allowed: &BTreeSet<String>) -> bool {
    let Some(word) = words.get(*at) else {
        return false;
    };
    *at += 1;
    if *word == "(" {
        let met = any_of(words, at, allowed);
        *at += 1;
        return met;
    }
    let mut name = (*word).to_owned();
    if words.get(*at) == Some(&"WITH") {
        name = format!("{word} WITH {}", words.get(*at + 1).unwrap_or(&""));
        *at += 2;
    }
    allowed.contains(&name)
}

/// The quoted strings between `start` and the next `]`.
fn strings(rules: &str, start: &str) -> anyhow::Result<BTreeSet<String>> {
    let (_, rest) = rules
        .split_once(start)
        .with_context(|| format!("deny.toml has no {start:?}"))?;
    let (list, _) = rest
        .split_once(']')
        .context("deny.toml has a list without an end")?;
    Ok(list.split('"').skip(1).step_by(2).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_spdx_expressions() {
        let allowed: BTreeSet<String> = ["MIT", "Apache-2.0 WITH LLVM-exception", "ISC"]
            .into_iter()
            .map(str::to_owned)
            .collect();
        for good in [
            "MIT",
            "MIT OR GPL-3.0",
            "GPL-3.0/MIT",
            "MIT AND ISC",
            "(GPL-3.0 OR MIT) AND ISC",
            "Apache-2.0 WITH LLVM-exception OR GPL-3.0",
        ] {
            assert!(accepted(good, &allowed), "{good}");
        }
        for bad in [
            "",
            "GPL-3.0",
            "MIT AND GPL-3.0",
            "(MIT OR ISC) AND GPL-3.0",
            "Apache-2.0",
            "MIT ISC",
        ] {
            assert!(!accepted(bad, &allowed), "{bad}");
        }
    }

    #[test]
    fn reads_the_lists() {
        let rules = "[licenses]\nallow = [\n  \"MIT\",\n  \"ISC\", # why\n]\n";
        assert_eq!(
            strings(rules, "allow = [").unwrap(),
            BTreeSet::from(["ISC".to_owned(), "MIT".to_owned()])
        );
        assert!(strings(rules, "deny = [").is_err());
    }
}
