//! Where things are, and how programs are started.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

/// The folders that the commands work in.
#[derive(Debug)]
pub(crate) struct Context {
    /// The checkout.
    pub(crate) root: PathBuf,
    /// Cargo's target directory: everything that is made goes below it.
    pub(crate) target: PathBuf,
}

impl Context {
    /// Finds the checkout, and the target directory that this program was built in.
    pub(crate) fn new() -> anyhow::Result<Self> {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = manifest
            .parent()
            .context("xtask has no parent folder")?
            .to_path_buf();
        let program = std::env::current_exe()?;
        let target = program
            .ancestors()
            .nth(2)
            .context("run this as `cargo xtask`")?
            .to_path_buf();
        Ok(Self { root, target })
    }

    /// A folder for tools that are installed for tests.
    pub(crate) fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// An empty folder for the files of one test.
    pub(crate) fn fresh_dir(&self, name: &str) -> anyhow::Result<PathBuf> {
        let dir = self.target.join("xtask").join(name);
        if dir.exists() {
            fs::remove_dir_all(&dir)?;
        }
        fs::create_dir_all(&dir)?;
        Ok(dir)
    }

    /// Cargo, in the checkout, without what cargo tells the programs that it runs.
    pub(crate) fn cargo(&self) -> Command {
        let mut cargo = Command::new("cargo");
        cargo
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", &self.target);
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"]
                .iter()
                .any(|prefix| text.starts_with(prefix))
            {
                cargo.env_remove(&name);
            }
        }
        let tools = self.tools().join("bin");
        if let Some(path) = std::env::var_os("PATH") {
            let mut all = vec![tools];
            all.extend(std::env::split_paths(&path));
            if let Ok(joined) = std::env::join_paths(all) {
                cargo.env("PATH", joined);
            }
        }
        cargo
    }

    /// A program that is run in the checkout.
    pub(crate) fn program(&self, name: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(name);
        command.current_dir(&self.root);
        command
    }
}

/// Runs a program to its end with its output shown; anything but success is an error.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    let shown = shown(command);
    let status = command
        .status()
        .with_context(|| format!("cannot start {shown}"))?;
    if !status.success() {
        bail!("{shown} ended with {status}");
    }
    Ok(())
}

/// Runs a program to its end and returns what it printed; anything but success is an error.
pub(crate) fn output(command: &mut Command) -> anyhow::Result<String> {
    let shown = shown(command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start {shown}"))?;
    if !output.status.success() {
        bail!(
            "{shown} ended with {}: {}{}",
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// Whether a program can be started and says its version.
pub(crate) fn works(program: impl AsRef<OsStr>, argument: &str) -> bool {
    Command::new(program)
        .arg(argument)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Whether this process may install packages.
pub(crate) fn is_root() -> bool {
    output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// Asks again and again until there is an answer; `what` names it when there is none in time.
pub(crate) fn wait_for<T>(
    what: &str,
    limit: Duration,
    mut ask: impl FnMut() -> Option<T>,
) -> anyhow::Result<T> {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return Ok(answer);
        }
        if start.elapsed() > limit {
            bail!("{what} did not happen within {} s", limit.as_secs());
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The parts of a long command, with the time that each took.
#[derive(Debug, Default)]
pub(crate) struct Parts(Vec<(String, Duration)>);

impl Parts {
    /// Runs a part and notes its time.
    pub(crate) fn run<T>(
        &mut self,
        name: &str,
        work: impl FnOnce() -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        println!("== {name}");
        let start = Instant::now();
        let result = work().with_context(|| format!("{name} failed"));
        self.0.push((name.to_owned(), start.elapsed()));
        if result.is_err() {
            self.print();
        }
        result
    }

    /// Prints the table of times.
    pub(crate) fn print(&self) {
        println!("\n{:<28} {:>8}", "part", "seconds");
        for (name, time) in &self.0 {
            println!("{name:<28} {:>8.1}", time.as_secs_f64());
        }
        let all: Duration = self.0.iter().map(|(_, time)| *time).sum();
        println!("{:<28} {:>8.1}", "all", all.as_secs_f64());
    }
}

/// All files below a folder, in a fixed order; folders whose name `skip` accepts are left out.
pub(crate) fn files_below(folder: &Path, skip: &dyn Fn(&str) -> bool) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut entries: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        if skip(&entry.file_name().to_string_lossy()) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            found.extend(files_below(&entry.path(), skip)?);
        } else {
            found.push(entry.path());
        }
    }
    Ok(found)
}

fn shown(command: &Command) -> String {
    let mut text = command.get_program().to_string_lossy().into_owned();
    for argument in command.get_args().take(8) {
        text.push(' ');
        text.push_str(&argument.to_string_lossy());
    }
    text
}
