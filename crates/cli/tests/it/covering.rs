//! `attest covering`, from outside.

use std::process::Output;

use crate::process::{run, run_with, stderr, stdout};

const MODEL: &str = "\
Type:         Single, Span | Both, Mirror
Size:         10, 500, 5000, ~0
File system:  FAT, FAT32, NTFS
Compression:  on, off

IF [File system] = \"FAT\" THEN [Size] <= 4096;
";

/// Exit code, stdout and stderr, to be reviewed.
fn shown(output: &Output) -> String {
    let code = output.status.code().unwrap();
    format!("exit code {code}\n{}----\n{}", stdout(output), stderr(output))
}

fn covering(arguments: &[&str], model: &str) -> Output {
    run_with(&[&["covering", "-"], arguments].concat(), model)
}

#[test]
fn rows_stand_alone_on_stdout_and_stay_the_same() {
    let first = covering(&[], MODEL);
    insta::assert_snapshot!(shown(&first));
    assert_eq!(covering(&[], MODEL).stdout, first.stdout);
    let other = covering(&["--random-seed", "7"], MODEL);
    assert!(other.status.success());
    assert_ne!(other.stdout, first.stdout);
}

#[test]
fn statistics_leave_rows_as_they_are() {
    let plain = covering(&["--strength", "3"], MODEL);
    let told = covering(&["--strength", "3", "--stats"], MODEL);
    assert_eq!(plain.stdout, told.stdout);
    insta::assert_snapshot!(stderr(&told));
}

#[test]
fn seed_rows_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows.txt");
    let rows = "Size\tType\tColour\tFile system\n10\tBoth\tred\tNTFS\n5000\t\t\tFAT\n7\tMirror\t\t\n";
    std::fs::write(&path, rows).unwrap();
    let path = path.to_str().unwrap();
    insta::assert_snapshot!(shown(&covering(&["--seed-rows", path], MODEL)));
    // What was printed is a file of seed rows, to which nothing has to be added.
    let printed = covering(&[], MODEL);
    std::fs::write(path, &printed.stdout).unwrap();
    let again = covering(&["--seed-rows", path], MODEL);
    assert_eq!(stdout(&again).lines().count(), stdout(&printed).lines().count());
    assert_eq!(stderr(&again), "");
}

#[test]
fn failures_say_what_to_do() {
    let mut all = String::new();
    for (arguments, model) in [
        (&[][..], "Type: a, b\nSize 1; 2\n"),
        (
            &[],
            "Type: a, b\nSize: 1, 2\nIF [Type] = \"a\" THEN [size] = \"1\";",
        ),
        (&[], "Type: a, b\nSize: 1, 2\nIF [Type] = \"a\" THEN [Kind] = 1;"),
        (&["--case-sensitive"], "Type: a, b\nSize: 1, 2\n[type] = \"a\";"),
        (&["--strength", "3"], "Type: a, b\nSize: 1, 2\n"),
        (&["--strength", "0"], "Type: a, b\nSize: 1, 2\n"),
        (&[], "Type: a, b\nSize: 1, 2\n[Type] = \"a\" AND [Type] = \"b\";"),
        (&["--seed-rows", "no/such/file"], "Type: a, b\nSize: 1, 2\n"),
    ] {
        let output = covering(arguments, model);
        assert_eq!(stdout(&output), "", "rows are printed when all of them are there");
        all += &shown(&output);
    }
    insta::assert_snapshot!(all);
}

#[test]
fn files_that_are_no_models_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.txt");
    let path = path.to_str().unwrap();
    let latin1: &[u8] = b"Gr\xf6\xdfe: 1, 2\n";
    let long = [b'#'].repeat(covering::MAX_TEXT + 1);
    for (bytes, why) in [(latin1, "save it as UTF-8"), (&long[..], "split it")] {
        std::fs::write(path, bytes).unwrap();
        let output = run(&["covering", path]);
        assert_eq!(output.status.code(), Some(1));
        assert!(stderr(&output).contains(why), "{}", stderr(&output));
    }
    let unknown = run(&["covering", path, "--strength", "two"]);
    assert_eq!(unknown.status.code(), Some(2));
}
