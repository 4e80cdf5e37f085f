//! The program that makes the results: runs it, shows what it writes and keeps it for the run.

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use client::automation_runs::Field;
use junit::cut;

use super::failure::Failure;

/// Bytes of the output that are kept of each end; what is sent of it is far shorter.
const END: usize = 256 * 1024;

/// What a program did.
pub(super) struct Ran {
    /// Its exit code; of one that was killed, 128 and the signal's number, as shells have it.
    pub(super) code: u8,
    /// Time on the clock, in microseconds.
    pub(super) elapsed: u64,
    command: String,
    output: Output,
}

impl Ran {
    /// Time in seconds, as it is told.
    #[expect(clippy::cast_precision_loss, reason = "285 years fit")]
    pub(super) fn seconds(&self) -> f64 {
        self.elapsed as f64 / 1e6
    }

    /// The field of the thread that shows command, output, time and exit code.
    pub(super) fn field(&self) -> Field {
        let text = format!(
            "Executing: {}\n\n{}\n\nExited after {} seconds with exit code {}",
            self.command,
            cut::trimmed(&self.output.text()),
            self.seconds(),
            self.code
        );
        Field {
            kind: 4,
            name: "Output".to_owned(),
            value: cut::console(&text),
            meta: std::collections::BTreeMap::new(),
        }
    }
}

/// Runs a program to its end. What it writes is shown as it comes, unless `is_quiet` about stdout.
pub(super) fn run(program: &[OsString], is_quiet: bool) -> Result<Option<Ran>, Failure> {
    let Some((name, arguments)) = program.split_first() else {
        return Ok(None);
    };
    let started = Instant::now();
    let failed = |error: io::Error| {
        Failure::new(format!("Failed to start process: {}: {error}", name.display()))
            .and("Please verify the program after --")
    };
    let mut child = Command::new(name)
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let output = Mutex::new(Output::default());
    let status = watch(&mut child, &output, is_quiet).map_err(failed)?;
    let words: Vec<_> = program.iter().map(|word| word.to_string_lossy()).collect();
    Ok(Some(Ran {
        code: code(status),
        elapsed: u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
        command: words.join(" "),
        output: output.into_inner().unwrap_or_else(PoisonError::into_inner),
    }))
}

fn watch(child: &mut Child, output: &Mutex<Output>, is_quiet: bool) -> io::Result<ExitStatus> {
    let (out, err) = (child.stdout.take(), child.stderr.take());
    thread::scope(|scope| {
        scope.spawn(|| {
            if is_quiet {
                pass(out, io::sink(), output);
            } else {
                pass(out, io::stdout(), output);
            }
        });
        scope.spawn(|| pass(err, io::stderr(), output));
    });
    child.wait()
}

/// Copies what comes to both sides until it ends. Nothing that happens to our own output stops the program.
fn pass(source: Option<impl Read>, mut shown: impl Write, kept: &Mutex<Output>) {
    let Some(mut source) = source else { return };
    let mut buffer = [0; 16 * 1024];
    loop {
        match source.read(&mut buffer) {
            Ok(0) => return,
            Ok(count) => {
                kept.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(&buffer[..count]);
                let _ = shown.write_all(&buffer[..count]).and_then(|()| shown.flush());
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return,
        }
    }
}

#[cfg(unix)]
fn code(status: ExitStatus) -> u8 {
    use std::os::unix::process::ExitStatusExt as _;
    let number = status
        .code()
        .or_else(|| status.signal().map(|signal| 128 + signal));
    number.and_then(|number| u8::try_from(number).ok()).unwrap_or(1)
}

#[cfg(not(unix))]
fn code(status: ExitStatus) -> u8 {
    let number = status.code().unwrap_or(1);
    u8::try_from(number).unwrap_or(1)
}

/// Both ends of what was written.
#[derive(Default)]
struct Output {
    start: Vec<u8>,
    end: Vec<u8>,
}

impl Output {
    fn push(&mut self, bytes: &[u8]) {
        let (first, rest) = bytes.split_at(bytes.len().min(END - self.start.len()));
        self.start.extend_from_slice(first);
        self.end.extend_from_slice(rest);
        if self.end.len() > 2 * END {
            self.end.drain(..self.end.len() - END);
        }
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&[self.start.as_slice(), &self.end].concat()).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_of_a_long_output_are_kept() {
        let mut output = Output::default();
        for n in 0..400_000 {
            output.push(format!("{n:07}\n").as_bytes());
        }
        let text = output.text();
        assert!(text.starts_with("0000000\n0000001\n"));
        assert!(text.ends_with("0399998\n0399999\n"));
        assert!((2 * END..=3 * END).contains(&text.len()), "{}", text.len());
    }
}
