//! The binary as a process.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Output, Stdio};

use rustix::process::{Pid, Signal, kill_process};

/// A password that nobody uses.
pub(crate) const PASSWORD: &str = "seven boats on a quiet lake 4711";

/// `attest` with these arguments, and no variable of ours.
pub(crate) fn attest(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_attest"));
    command.args(arguments).env_clear().stdin(Stdio::null());
    command
}

/// Runs to the end.
pub(crate) fn run(arguments: &[&str]) -> Output {
    attest(arguments).output().unwrap()
}

/// Runs with this on stdin.
pub(crate) fn run_with(arguments: &[&str], stdin: &str) -> Output {
    let mut child = attest(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The process may end without reading.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    child.wait_with_output().unwrap()
}

pub(crate) fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

pub(crate) fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

/// Makes an instance with one person, `ada@example.com`.
pub(crate) fn init(data_dir: &str) -> Output {
    let arguments = [
        "admin",
        "init",
        "--data-dir",
        data_dir,
        "--email",
        "ada@example.com",
        "--name",
        "Ada",
    ];
    run_with(&[&arguments[..], &["--password-stdin"]].concat(), PASSWORD)
}

/// Makes a key of `ada@example.com`.
pub(crate) fn key(data_dir: &str, name: &str) -> String {
    let made = run(&[
        "keys",
        "create",
        "--data-dir",
        data_dir,
        "--user",
        "ada@example.com",
        "--name",
        name,
    ]);
    assert!(made.status.success(), "{}", stderr(&made));
    stdout(&made).trim_end().to_owned()
}

/// A running `attest serve`, ended with the test.
pub(crate) struct Serving {
    child: Child,
    /// What it said on stdout until it was ready.
    pub(crate) said: String,
    pub(crate) address: SocketAddr,
    errors: Option<ChildStderr>,
}

impl Serving {
    /// Starts on a port of the system's choice.
    pub(crate) fn start(data_dir: &Path, more: &[&str]) -> Serving {
        let data_dir = data_dir.to_str().unwrap();
        let arguments = ["serve", "--data-dir", data_dir, "--listen", "127.0.0.1:0"];
        Serving::spawn(attest(&[&arguments[..], more].concat()))
    }

    /// Starts what serves plain HTTP.
    pub(crate) fn spawn(mut command: Command) -> Serving {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut said = String::new();
        while !said.contains("Testmo's command line needs") {
            let read = lines.read_line(&mut said).unwrap();
            if read == 0 {
                let mut errors = String::new();
                child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
                panic!("the server ended: {said}{errors}");
            }
        }
        let url = said
            .lines()
            .find_map(|line| line.strip_prefix("Attest is ready: "))
            .unwrap();
        let address = url.rsplit('/').next().unwrap().parse().unwrap();
        let errors = child.stderr.take();
        Serving {
            child,
            said,
            address,
            errors,
        }
    }

    /// The answer to `GET path`, head and body.
    pub(crate) fn get(&self, path: &str, header: &str) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(self.address)?;
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nhost: attest.test\r\nconnection: close\r\n{header}\r\n"
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }

    /// Whether the process still runs.
    pub(crate) fn is_alive(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Sends SIGTERM and waits; the exit code and the log.
    pub(crate) fn stop(mut self) -> (Option<i32>, String) {
        let pid = Pid::from_child(&self.child);
        kill_process(pid, Signal::TERM).unwrap();
        let mut log = String::new();
        self.errors.take().unwrap().read_to_string(&mut log).unwrap();
        (self.child.wait().unwrap().code(), log)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
