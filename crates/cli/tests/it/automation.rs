//! The commands of Testmo's command line: what they print, how they end, what they send.
//! The snapshots beside this file are what a person reads.

mod also;
mod away;
mod broken;
mod files;
mod later;
mod parts;
mod real;
mod resources;
mod short;
mod usage;

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use crate::process::attest;
use crate::recorder::Recorder;

/// Two tests, of which one failed.
const TWO: &str = r#"<testsuite time="1.5"><testcase name="adds" classname="Sum" time="0.25"/>
<testcase name="divides" classname="Sum"><failure message="by zero">at line 3</failure></testcase></testsuite>"#;

/// A folder to work in, and how its commands are shown.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    /// A folder with `two.xml`.
    fn new() -> Place {
        let place = Place {
            folder: tempfile::tempdir().unwrap(),
        };
        place.write("two.xml", TWO);
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// `attest` with these words in the folder; `INSTANCE` stands for the recorder's address.
    fn command(&self, line: &str, instance: &str) -> Command {
        let words: Vec<&str> = line
            .split(' ')
            .map(|word| if word == "INSTANCE" { instance } else { word })
            .collect();
        let mut command = attest(&words);
        command
            .current_dir(self.folder.path())
            .env("TESTMO_TOKEN", "key")
            .env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command
    }

    /// Runs a line against a recorder and shows everything about it.
    fn show(&self, line: &str, recorder: &Recorder) -> String {
        self.show_with(line, recorder, &[])
    }

    fn show_with(&self, line: &str, recorder: &Recorder, variables: &[(&str, &str)]) -> String {
        let mut command = self.command(line, &recorder.url);
        let output = command.envs(variables.iter().copied()).output().unwrap();
        let mut text = shown(line, &output).replace(&recorder.url, "INSTANCE");
        for seen in recorder.seen() {
            let _ = writeln!(text, "> {} {}", seen.line, seen.body);
        }
        seconds_hidden(&text)
    }
}

/// The line, its exit code and what it printed.
fn shown(line: &str, output: &Output) -> String {
    let mut text = format!("$ attest {line}\n");
    for (mark, stream) in [("", &output.stdout), ("! ", &output.stderr)] {
        for printed in String::from_utf8_lossy(stream).lines() {
            let _ = writeln!(text, "{}", format!("{mark}{printed}").trim_end());
        }
    }
    let _ = writeln!(text, "exit code {}", output.status.code().unwrap());
    text
}

/// Replaces times that differ from run to run.
fn seconds_hidden(text: &str) -> String {
    let mut hidden = String::new();
    for word in text.split_inclusive([' ', ',', '}']) {
        let bare = word.trim_end_matches([' ', ',', '}']);
        let rest = &word[bare.len()..];
        let is_time = bare.contains('.') && bare.parse::<f64>().is_ok();
        let observed = bare.strip_prefix("{\"artifacts\":[]");
        match bare.split_once("\"elapsed_observed\":") {
            Some((before, _)) => hidden.extend([before, "\"elapsed_observed\":TIME", rest]),
            None if is_time && observed.is_none() => hidden.extend(["TIME", rest]),
            None => hidden.push_str(word),
        }
    }
    hidden
}

/// The options that every run has.
const RUN: &str = "--instance INSTANCE --project-id 1 --name Nightly --source back-end";
