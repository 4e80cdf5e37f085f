//! A running Attest with fresh data, a first person, a project and a key.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use crate::canaries;
use crate::context::{Context, run};
use crate::http::Api;
use crate::postgres::Engine;

mod pages;

pub(crate) use pages::{Form, Pages};

/// Who signs in first.
pub(crate) const EMAIL: &str = "ada@example.com";
/// The first person's display name.
pub(crate) const NAME: &str = "Ada Lovelace";
/// The first person's password, which must never be seen in a log or a database.
pub(crate) const PASSWORD: &str = "canary-plum-orbit-7316-lantern";

/// How the program under test is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Build {
    /// As for tests.
    Dev,
    /// As for users.
    Release,
}

/// Builds the program and returns its path.
pub(crate) fn build(context: &Context, build: Build) -> anyhow::Result<PathBuf> {
    let mut cargo = context.cargo();
    cargo.args([
        "build",
        "--locked",
        "--quiet",
        "--package",
        "cli",
        "--bin",
        "attest",
    ]);
    let folder = match build {
        Build::Dev => "debug",
        Build::Release => {
            cargo.arg("--release");
            "release"
        }
    };
    run(&mut cargo)?;
    Ok(context.target.join(folder).join("attest"))
}

/// A server process and its data; killed when dropped.
#[derive(Debug)]
pub(crate) struct Server {
    program: PathBuf,
    /// Its data directory.
    pub(crate) data: PathBuf,
    /// The URL of its PostgreSQL database, if it has one.
    pub(crate) database: Option<String>,
    arguments: Vec<String>,
    child: Option<Child>,
    said: String,
    /// Where plain HTTP is answered.
    pub(crate) address: SocketAddr,
    /// Where HTTPS is answered, if it was asked for.
    pub(crate) secure: SocketAddr,
    /// From the start of the process until it said that it is ready.
    pub(crate) started_in: Duration,
}

impl Server {
    /// Starts a server on fresh data with a first person.
    pub(crate) fn start(
        context: &Context,
        program: &Path,
        name: &str,
        engine: Engine<'_>,
    ) -> anyhow::Result<Self> {
        Self::start_with(context, program, name, engine, &[])
    }

    /// The same with more arguments for `attest serve`.
    pub(crate) fn start_with(
        context: &Context,
        program: &Path,
        name: &str,
        engine: Engine<'_>,
        more: &[&str],
    ) -> anyhow::Result<Self> {
        let mut server = Self::prepare(context, program, name, engine, more)?;
        server.init()?;
        server.launch()?;
        Ok(server)
    }

    /// Chooses addresses and folders, and starts nothing.
    pub(crate) fn prepare(
        context: &Context,
        program: &Path,
        name: &str,
        engine: Engine<'_>,
        more: &[&str],
    ) -> anyhow::Result<Self> {
        let dir = context.fresh_dir(&format!("{name}-{}", engine.name()))?;
        Ok(Self {
            program: program.to_path_buf(),
            data: dir.join("data"),
            database: match engine {
                Engine::Sqlite => None,
                Engine::Postgres(cluster) => Some(cluster.database()?),
            },
            arguments: more.iter().map(|&argument| argument.to_owned()).collect(),
            child: None,
            said: String::new(),
            address: free_address()?,
            secure: free_address()?,
            started_in: Duration::ZERO,
        })
    }

    /// Makes the first person.
    pub(crate) fn init(&self) -> anyhow::Result<()> {
        let mut command = self.command(&["admin", "init"]);
        let mut child = command
            .args(["--email", EMAIL, "--name", NAME, "--password-stdin"])
            .stdin(Stdio::piped())
            .stderr(self.log()?)
            .spawn()?;
        let mut stdin = child.stdin.take().context("no stdin")?;
        stdin.write_all(format!("{PASSWORD}\n").as_bytes())?;
        drop(stdin);
        let status = child.wait()?;
        if !status.success() {
            bail!(
                "attest admin init ended with {status}: see {}",
                self.log_path().display()
            );
        }
        Ok(())
    }

    /// Starts the process and waits until it says that it is ready.
    pub(crate) fn launch(&mut self) -> anyhow::Result<()> {
        let mut command = self.command(&["serve"]);
        command
            .args(["--listen", &self.address.to_string()])
            .args(["--tls-listen", &self.secure.to_string()])
            .args(&self.arguments)
            .stdout(Stdio::piped())
            .stderr(self.log()?);
        self.started_in = Duration::ZERO;
        let begin = Instant::now();
        let mut child = command.spawn()?;
        let mut lines = BufReader::new(child.stdout.take().context("no stdout")?);
        self.child = Some(child);
        let mut said = String::new();
        while lines.read_line(&mut said)? > 0 {
            if self.started_in.is_zero() && said.contains("Attest is ready") {
                self.started_in = begin.elapsed();
            }
            // The last thing that is always said.
            if said.contains("Testmo's command line") {
                let mut kept = File::create(self.data.with_file_name("stdout"))?;
                kept.write_all(said.as_bytes())?;
                self.said = said;
                // Until the process ends, so that its writes don't fail.
                std::thread::spawn(move || std::io::copy(&mut lines, &mut kept));
                return Ok(());
            }
        }
        bail!(
            "attest serve did not become ready: see {}",
            self.log_path().display()
        )
    }

    /// Ends the process at once, as a power cut would.
    pub(crate) fn kill(&mut self) -> anyhow::Result<()> {
        if let Some(mut child) = self.child.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }

    /// Asks the process to end and waits until it has.
    pub(crate) fn stop(&mut self) -> anyhow::Result<()> {
        if let Some(mut child) = self.child.take() {
            run(Command::new("kill").arg(child.id().to_string()))?;
            let status = child.wait()?;
            if !status.success() {
                bail!(
                    "attest serve ended with {status}: see {}",
                    self.log_path().display()
                );
            }
        }
        Ok(())
    }

    /// A key of the first person for everything.
    pub(crate) fn key(&self, name: &str) -> anyhow::Result<String> {
        let output = self
            .command(&["keys", "create"])
            .args(["--user", EMAIL, "--name", name])
            .stderr(self.log()?)
            .output()?;
        if !output.status.success() {
            bail!("attest keys create failed: see {}", self.log_path().display());
        }
        let key = String::from_utf8(output.stdout)?.trim().to_owned();
        self.keep(std::slice::from_ref(&key))?;
        Ok(key)
    }

    /// Notes secrets, for the search at the end of all tests.
    pub(crate) fn keep(&self, secrets: &[String]) -> anyhow::Result<()> {
        canaries::keep(&self.secrets(), secrets)
    }

    /// The list of the secrets that all servers of a test run were given.
    pub(crate) fn secrets(&self) -> PathBuf {
        self.data.with_file_name("..").join(canaries::SECRETS)
    }

    /// An API client with a new key.
    pub(crate) fn api(&self) -> anyhow::Result<Api> {
        Ok(Api {
            address: self.address,
            key: self.key("xtask")?,
        })
    }

    /// Makes a project, as a person does it in the browser, and returns its number.
    pub(crate) fn project(&self, name: &str) -> anyhow::Result<i64> {
        let mut pages = Pages::open(self.address);
        pages.sign_in(EMAIL, PASSWORD)?;
        self.keep(&pages.cookies())?;
        pages.create_project(name)
    }

    /// A number of bytes from the process's status, such as `VmHWM`.
    pub(crate) fn memory(&self, field: &str) -> anyhow::Result<u64> {
        let id = self.child.as_ref().context("no process")?.id();
        let status = fs::read_to_string(format!("/proc/{id}/status"))?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix(field)?.strip_prefix(':'))
            .with_context(|| format!("no {field} in /proc/{id}/status"))?;
        let kib: u64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kib << 10)
    }

    /// Processor time that the process has used until now.
    pub(crate) fn processor(&self) -> anyhow::Result<Duration> {
        let id = self.child.as_ref().context("no process")?.id();
        let stat = fs::read_to_string(format!("/proc/{id}/stat"))?;
        let (_, after) = stat.rsplit_once(") ").context("no name in stat")?;
        let fields: Vec<&str> = after.split(' ').collect();
        let ticks: u64 = fields[11].parse::<u64>()? + fields[12].parse::<u64>()?;
        // USER_HZ, which is 100 on every Linux that Rust builds for.
        Ok(Duration::from_millis(ticks * 10))
    }

    /// The file of its log.
    pub(crate) fn log_path(&self) -> PathBuf {
        self.data.with_file_name("log")
    }

    /// `attest` with a subcommand and this server's store.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(words).arg("--data-dir").arg(&self.data);
        if let Some(url) = &self.database {
            command.args(["--database", url]);
        }
        command
    }

    fn log(&self) -> anyhow::Result<File> {
        Ok(File::options().create(true).append(true).open(self.log_path())?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}

/// An address of this machine that nobody listens at.
fn free_address() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}
