//! A PostgreSQL of our own for tests: memory-backed, without fsync, on a free port, gone at the end.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context as _, bail};

use crate::context::{Context, is_root, output, run};
use crate::tools;

/// Whether data outlives a crash of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// In memory and without fsync, for functional tests.
    Fast,
    /// On disk and with fsync, for measurements.
    Durable,
}

/// A running cluster; stopped and removed when dropped.
#[derive(Debug)]
pub(crate) struct Postgres {
    programs: PathBuf,
    dir: PathBuf,
    port: u16,
    databases: AtomicU32,
}

impl Postgres {
    /// Makes and starts a cluster, installing PostgreSQL first where that is possible.
    pub(crate) fn start(context: &Context, durability: Durability) -> anyhow::Result<Self> {
        let programs = if let Some(programs) = programs() {
            programs
        } else {
            tools::apt("postgresql")?;
            programs().context("PostgreSQL is installed, but /usr/lib/postgresql has no programs")?
        };
        let name = format!("attest-pg-{}", std::process::id());
        let memory = Path::new("/dev/shm");
        let dir = if durability == Durability::Fast && memory.is_dir() {
            memory.join(name)
        } else if is_root() {
            // The target directory may be below a folder that only root can enter.
            std::env::temp_dir().join(name)
        } else {
            context.target.join(name)
        };
        fs::create_dir_all(&dir)?;
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let port = listener.local_addr()?.port();
        drop(listener);
        let cluster = Self {
            programs,
            dir,
            port,
            databases: AtomicU32::new(0),
        };
        cluster.begin(durability)?;
        Ok(cluster)
    }

    fn begin(&self, durability: Durability) -> anyhow::Result<()> {
        if is_root() {
            run(Command::new("chown").arg("postgres:").arg(&self.dir))?;
        }
        run(self
            .program("initdb")
            .args([
                "--username=postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ])
            .arg(self.dir.join("data"))
            .stdout(std::process::Stdio::null()))?;
        let mut options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories={} -c max_connections=400 \
             -c shared_buffers=128MB -c max_wal_size=4GB",
            self.port,
            self.dir.display()
        );
        if durability == Durability::Fast {
            options.push_str(
                " -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c autovacuum=off \
                 -c wal_level=minimal -c max_wal_senders=0",
            );
        }
        run(self
            .program("pg_ctl")
            .args(["--wait", "--silent", "start", "--pgdata"])
            .arg(self.dir.join("data"))
            .arg("--log")
            .arg(self.dir.join("log"))
            .arg("--options")
            .arg(options))
    }

    /// The URL of the cluster's own database, by whose superuser tests make theirs.
    pub(crate) fn url(&self) -> String {
        self.database_url("postgres")
    }

    /// Makes an empty database and returns its URL.
    pub(crate) fn database(&self) -> anyhow::Result<String> {
        let name = format!("xtask_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.query("postgres", &format!("create database {name}"))?;
        Ok(self.database_url(&name))
    }

    /// Runs SQL in a database and returns what psql prints, unaligned.
    pub(crate) fn query(&self, database: &str, sql: &str) -> anyhow::Result<String> {
        output(
            self.program("psql")
                .args([
                    "--no-psqlrc",
                    "--quiet",
                    "--tuples-only",
                    "--no-align",
                    "--command",
                    sql,
                ])
                .arg(self.database_url(database)),
        )
    }

    /// Gathers statistics and merges pending entries of indexes, as autovacuum does within a minute of a large load.
    pub(crate) fn settle(&self) -> anyhow::Result<()> {
        run(self
            .program("vacuumdb")
            .args([
                "--all",
                "--analyze",
                "--quiet",
                "--host=127.0.0.1",
                "--username=postgres",
            ])
            .arg(format!("--port={}", self.port)))
    }

    /// All rows of all databases as text, for a search.
    pub(crate) fn dump(&self, url: &str) -> anyhow::Result<String> {
        output(self.program("pg_dump").args(["--data-only", "--dbname", url]))
    }

    fn database_url(&self, name: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{name}", self.port)
    }

    /// One of PostgreSQL's programs, as a person who may run it: the server refuses root.
    fn program(&self, name: &str) -> Command {
        let program = self.programs.join(name);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.current_dir("/");
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let stopped = output(
            self.program("pg_ctl")
                .args(["--mode=immediate", "--silent", "stop", "--pgdata"])
                .arg(self.dir.join("data")),
        );
        if let Err(error) = stopped {
            eprintln!("could not stop PostgreSQL in {}: {error:#}", self.dir.display());
        }
        let _ = fs::remove_dir_all(&self.dir);
    }
}

/// The folder of the newest installed server's programs.
fn programs() -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version = entry.file_name().to_str()?.parse().ok()?;
            let programs = entry.path().join("bin");
            programs.join("initdb").exists().then_some((version, programs))
        })
        .collect();
    versions.sort();
    versions.pop().map(|(_, programs)| programs)
}

/// Which engine a test runs on.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Engine<'a> {
    /// The embedded default.
    Sqlite,
    /// A database of this cluster.
    Postgres(&'a Postgres),
}

impl Engine<'_> {
    /// Its name, for tables.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Engine::Sqlite => "SQLite",
            Engine::Postgres(_) => "PostgreSQL",
        }
    }
}

/// The value after a flag, if the flag is there.
pub(crate) fn flag<'a>(arguments: &'a [String], name: &str) -> anyhow::Result<Option<&'a str>> {
    let Some(at) = arguments.iter().position(|argument| argument == name) else {
        return Ok(None);
    };
    match arguments.get(at + 1) {
        Some(value) => Ok(Some(value)),
        None => bail!("{name} needs a value"),
    }
}
