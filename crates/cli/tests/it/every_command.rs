//! Wrong use of every command: what is told, and the exit code. Their help is `docs/COMMANDS.md`, proven fresh by
//! another test.

use std::fmt::Write as _;

use crate::process::{attest, run, stderr, stdout};

/// All commands, as words, from the reference.
fn commands() -> Vec<Vec<String>> {
    let page = run(&["config", "commands"]);
    let headings = stdout(&page)
        .lines()
        .filter_map(|line| line.strip_prefix("## attest "));
    headings
        .map(|name| name.split(' ').map(str::to_owned).collect())
        .collect()
}

#[test]
fn wrong_use_is_told() {
    let commands = commands();
    assert!(commands.len() > 25, "{commands:?}");
    let mut all = String::new();
    for command in commands {
        let words: Vec<&str> = command.iter().map(String::as_str).chain(["--bogus"]).collect();
        let output = attest(&words).env("COLUMNS", "100").output().unwrap();
        assert_eq!(stdout(&output), "", "{words:?}");
        let _ = writeln!(all, "$ attest {}", words.join(" "));
        for line in stderr(&output).lines() {
            let _ = writeln!(all, "{}", format!("! {line}").trim_end());
        }
        let _ = writeln!(all, "exit code {}", output.status.code().unwrap());
    }
    insta::assert_snapshot!(all);
}

#[test]
fn help_goes_to_stdout_and_succeeds() {
    for command in commands() {
        let words: Vec<&str> = command.iter().map(String::as_str).chain(["--help"]).collect();
        let output = attest(&words).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{words:?}");
        assert!(stdout(&output).contains("Usage: "), "{words:?}");
        assert_eq!(stderr(&output), "", "{words:?}");
    }
}
