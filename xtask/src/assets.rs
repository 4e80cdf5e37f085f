//! Style sheets, scripts and icons: built by npm and esbuild into `assets/dist`, never by a build script.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::Hasher as _;
use std::path::Path;

use anyhow::bail;

use crate::context::{Context, files_below, run};

/// Builds the assets unless those that are there were made from the same sources.
pub(crate) fn build(context: &Context) -> anyhow::Result<()> {
    let assets = context.root.join("assets");
    if !assets.join("package.json").exists() {
        bail!("assets/package.json is missing: there is nothing to build");
    }
    let dist = assets.join("dist");
    let stamp = dist.join(".built-from");
    let wanted = sources(&assets)?;
    if fs::read_to_string(&stamp).is_ok_and(|built| built == wanted) {
        println!("assets are up to date");
        return Ok(());
    }
    packages(context)?;
    run(context.program("node").arg("build.mjs").current_dir(&assets))?;
    fs::create_dir_all(&dist)?;
    fs::write(stamp, wanted)?;
    Ok(())
}

/// Checks the types of the scripts.
pub(crate) fn types(context: &Context) -> anyhow::Result<()> {
    packages(context)?;
    let assets = context.root.join("assets");
    run(context
        .program(assets.join("node_modules/.bin/tsc"))
        .arg("--noEmit")
        .current_dir(&assets))
}

fn packages(context: &Context) -> anyhow::Result<()> {
    npm_ci(context, &context.root.join("assets"))
}

/// Installs what a lock file names, unless it is there already. No package runs a script.
pub(crate) fn npm_ci(context: &Context, folder: &Path) -> anyhow::Result<()> {
    let lock = fs::read(folder.join("package-lock.json"))?;
    let mut hash = DefaultHasher::new();
    hash.write(&lock);
    let wanted = format!("{:016x}", hash.finish());
    let stamp = folder.join("node_modules/.installed-from");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    run(context
        .program("npm")
        .args([
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
        ])
        .current_dir(folder))?;
    fs::write(stamp, wanted)?;
    Ok(())
}

/// One value for the content of all sources.
fn sources(assets: &Path) -> anyhow::Result<String> {
    let mut hash = DefaultHasher::new();
    for file in files_below(assets, &|name| name == "dist" || name == "node_modules")? {
        hash.write(file.strip_prefix(assets)?.as_os_str().as_encoded_bytes());
        hash.write(&[0]);
        hash.write(&fs::read(&file)?);
        hash.write(&[0]);
    }
    Ok(format!("{:016x}", hash.finish()))
}
