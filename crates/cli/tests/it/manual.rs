//! Completion scripts and manual pages.

use crate::process::{run, stdout};

#[test]
fn every_shell_has_a_script_that_knows_the_commands() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = run(&["completions", shell]);
        assert!(script.status.success(), "{shell}");
        let script = stdout(&script);
        for word in ["submit", "on-unreachable", "submit-thread"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
    assert_eq!(run(&["completions", "cmd"]).status.code(), Some(2));
}

#[test]
fn every_command_has_a_page() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("man/man1");
    let written = run(&["manual", inner.to_str().unwrap()]);
    assert!(written.status.success(), "{written:?}");
    let mut names: Vec<_> = std::fs::read_dir(&inner)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    insta::assert_snapshot!(names.join("\n"));
    let submit = std::fs::read_to_string(inner.join("attest-submit.1")).unwrap();
    assert!(
        submit.contains(".SH OPTIONS") && submit.contains("run\\-key"),
        "{submit}"
    );
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let refused = run(&["manual", file.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        String::from_utf8_lossy(&refused.stderr).contains("cannot make the folder"),
        "{refused:?}"
    );
}
