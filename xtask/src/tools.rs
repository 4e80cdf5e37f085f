//! Programs that tests need and that are installed on demand, at pinned versions.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::bail;

use crate::context::{Context, is_root, run, works};

const NEXTEST: &str = "0.9.143";

/// Installs a Debian package where this process may; elsewhere says which line to run.
pub(crate) fn apt(package: &str) -> anyhow::Result<()> {
    let line = format!("apt-get update && apt-get install -y --no-install-recommends {package}");
    if !is_root() || !works("apt-get", "--version") {
        bail!("{package} is needed. On Debian: sudo sh -c '{line}'");
    }
    println!("installing {package} by apt-get");
    run(Command::new("sh")
        .args(["-c", &format!("({line}) >/dev/null")])
        .env("DEBIAN_FRONTEND", "noninteractive"))
}

/// The browser for page tests.
pub(crate) fn chromium() -> anyhow::Result<PathBuf> {
    if let Some(browser) = std::env::var_os("ATTEST_TEST_BROWSER") {
        return Ok(browser.into());
    }
    let known = [
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
    ];
    let find = || {
        known
            .iter()
            .map(Path::new)
            .find(|path| path.exists())
            .map(Path::to_path_buf)
    };
    if find().is_none() {
        apt("chromium")?;
    }
    match find() {
        Some(browser) => Ok(browser),
        None => bail!("no Chromium in {}; set ATTEST_TEST_BROWSER", known.join(", ")),
    }
}

/// Makes `cargo nextest` available.
pub(crate) fn nextest(context: &Context) -> anyhow::Result<()> {
    let works = context
        .cargo()
        .args(["nextest", "--version"])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .status()?
        .success();
    if works {
        return Ok(());
    }
    println!("installing cargo-nextest {NEXTEST} (once, about 4 minutes)");
    run(context
        .cargo()
        .args([
            "install",
            "cargo-nextest",
            "--quiet",
            "--locked",
            "--version",
            NEXTEST,
            "--root",
        ])
        .arg(context.tools())
        .env("CARGO_TARGET_DIR", context.target.join("tools/build")))
}

/// Testmo's own command line at one version, installed from the npm registry; the path of its program.
///
/// 1.5.0 asks for a package version that was never published, so it gets the newest that was.
pub(crate) fn testmo(context: &Context, version: &str) -> anyhow::Result<PathBuf> {
    let dir = context.tools().join("testmo").join(version);
    let program = dir.join("node_modules/.bin/testmo");
    if program.exists() {
        return Ok(program);
    }
    fs::create_dir_all(&dir)?;
    let overrides = if version == "1.5.0" {
        r#", "overrides": { "@testmo/testmo-api": "2.4.0" }"#
    } else {
        ""
    };
    fs::write(
        dir.join("package.json"),
        format!(
            r#"{{ "private": true, "dependencies": {{ "@testmo/testmo-cli": "{version}" }}{overrides} }}"#
        ),
    )?;
    npm_install(&dir)?;
    if !program.exists() {
        bail!("npm installed @testmo/testmo-cli@{version} without its program");
    }
    Ok(program)
}

/// The version of Testmo's JavaScript binding that the contract was read from.
const BINDING: &str = "2.4.0";

/// Testmo's JavaScript binding, installed from the npm registry; the folder in which Node finds it.
pub(crate) fn binding(context: &Context) -> anyhow::Result<PathBuf> {
    let dir = context.tools().join("testmo-api").join(BINDING);
    if !dir.join("node_modules/@testmo/testmo-api").exists() {
        fs::create_dir_all(&dir)?;
        let package =
            format!(r#"{{ "private": true, "dependencies": {{ "@testmo/testmo-api": "{BINDING}" }} }}"#);
        fs::write(dir.join("package.json"), package)?;
        npm_install(&dir)?;
    }
    Ok(dir)
}

fn npm_install(dir: &Path) -> anyhow::Result<()> {
    run(Command::new("npm")
        .args([
            "install",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
        ])
        .current_dir(dir))
}

/// Schemathesis with all it needs, in a virtual environment at the versions of `xtask/schemathesis/requirements.txt`; the
/// path of its program.
pub(crate) fn schemathesis(context: &Context) -> anyhow::Result<PathBuf> {
    let list = context.root.join("xtask/schemathesis/requirements.txt");
    let wanted = fs::read_to_string(&list)?;
    let dir = context.tools().join("schemathesis");
    let (program, stamp) = (dir.join("bin/schemathesis"), dir.join("installed-from"));
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(program);
    }
    if dir.exists() {
        fs::remove_dir_all(&dir)?;
    }
    let make = || run(Command::new("python3").args(["-m", "venv"]).arg(&dir));
    if make().is_err() {
        apt("python3-venv")?;
        make()?;
    }
    println!("installing Schemathesis by pip");
    run(Command::new(dir.join("bin/pip"))
        .args([
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
            "--requirement",
        ])
        .arg(&list))?;
    fs::write(stamp, wanted)?;
    Ok(program)
}
