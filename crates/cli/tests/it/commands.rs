//! `admin`, `keys` and `audit`, on a store of their own.

use crate::process::{PASSWORD, init, key, run, run_with, stderr, stdout};

/// A folder for an instance that has one person.
fn instance() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().join("data").to_str().unwrap().to_owned();
    let made = init(&data_dir);
    assert!(made.status.success(), "{}", stderr(&made));
    (folder, data_dir)
}

#[test]
fn the_references_that_are_checked_in_are_fresh() {
    for (about, file) in [("reference", "CONFIGURATION.md"), ("commands", "COMMANDS.md")] {
        let path = format!("{}/../../docs/{file}", env!("CARGO_MANIFEST_DIR"));
        let made = run(&["config", about]);
        let is_fresh = std::fs::read_to_string(path).unwrap() == stdout(&made);
        assert!(is_fresh, "run `cargo run -- config {about} > docs/{file}`");
    }
}

#[test]
fn init_makes_the_first_person_once() {
    let (_folder, data_dir) = instance();
    let again = init(&data_dir);
    assert!(!again.status.success());
    assert!(stderr(&again).contains("set up already"), "{}", stderr(&again));
    assert_eq!(stdout(&again), "");
}

#[test]
fn init_takes_the_password_from_stdin_only() {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().to_str().unwrap();
    let arguments = [
        "admin",
        "init",
        "--data-dir",
        data_dir,
        "--email",
        "a@example.com",
        "--name",
        "Ada",
    ];
    let without = run(&arguments);
    assert!(
        stderr(&without).contains("--password-stdin"),
        "{}",
        stderr(&without)
    );
    let arguments = [&arguments[..], &["--password-stdin"]].concat();
    let empty = run_with(&arguments, "\n");
    assert!(
        stderr(&empty).contains("stdin holds no password"),
        "{}",
        stderr(&empty)
    );
    let weak = run_with(&arguments, "password");
    assert!(stderr(&weak).contains("password: "), "{}", stderr(&weak));
    assert!(
        run_with(&arguments, &format!("{PASSWORD}\n")).status.success(),
        "a line end is no part of it"
    );
}

#[test]
fn a_made_key_stands_alone_on_stdout() {
    let (_folder, data_dir) = instance();
    let made = run(&[
        "keys",
        "create",
        "--data-dir",
        &data_dir,
        "--user",
        "ada@example.com",
        "--name",
        "ci",
        "--expires",
        "never",
    ]);
    let text = stdout(&made);
    assert_eq!(text.lines().count(), 1);
    assert!(model::key::kind(text.trim_end()).is_some(), "{text:?}");
    assert!(stderr(&made).contains("it does not expire"), "{}", stderr(&made));
    assert!(!stderr(&made).contains(text.trim_end()));
}

#[test]
fn keys_are_listed_replaced_and_revoked() {
    let (_folder, data_dir) = instance();
    let list = || {
        stdout(&run(&[
            "keys",
            "list",
            "--data-dir",
            &data_dir,
            "--user",
            "ada@example.com",
        ]))
        .to_owned()
    };
    let first = key(&data_dir, "ci");
    let last4 = &first[first.len() - 4..];
    assert!(list().contains(&format!("att_usr_…{last4}")), "{}", list());
    assert!(!list().contains(&first));

    let rotated = run(&[
        "keys",
        "rotate",
        "--data-dir",
        &data_dir,
        "--id",
        "1",
        "--overlap",
        "0m",
    ]);
    assert!(rotated.status.success(), "{}", stderr(&rotated));
    let second = stdout(&rotated).trim_end().to_owned();
    assert_ne!(second, first);
    assert!(!list().contains(&format!("…{last4}")), "{}", list());

    let revoked = run(&[
        "keys",
        "revoke",
        "--data-dir",
        &data_dir,
        "--user",
        "ada@example.com",
        "--name",
        "ci",
    ]);
    assert!(revoked.status.success(), "{}", stderr(&revoked));
    assert_eq!(list().lines().count(), 1, "only the head is left: {}", list());
}

#[test]
fn what_cannot_be_done_is_said() {
    let (_folder, data_dir) = instance();
    let fails = |arguments: &[&str], expected: &str| {
        let output = run(&[arguments, &["--data-dir", &data_dir]].concat());
        assert!(!output.status.success(), "{arguments:?}");
        assert_eq!(stdout(&output), "", "{arguments:?}");
        assert!(
            stderr(&output).contains(expected),
            "{arguments:?}: {}",
            stderr(&output)
        );
    };
    let ada = "ada@example.com";
    fails(
        &["keys", "create", "--user", "eve@example.com", "--name", "x"],
        "no person with this mail address",
    );
    fails(
        &["keys", "create", "--user", ada, "--name", "x", "--scope", "all"],
        "full",
    );
    fails(
        &[
            "keys",
            "create",
            "--user",
            ada,
            "--name",
            "x",
            "--expires",
            "soon",
        ],
        "90d",
    );
    fails(
        &["keys", "create", "--user", ada, "--name", "x", "--project", "99"],
        "does not exist",
    );
    fails(
        &[
            "keys",
            "create",
            "--user",
            ada,
            "--name",
            "x",
            "--address",
            "here",
        ],
        "no address or network",
    );
    fails(
        &["keys", "revoke", "--user", ada, "--name", "absent"],
        "no such key",
    );
    fails(&["keys", "revoke", "--id", "99"], "there is no key 99");
    fails(&["keys", "revoke"], "--id");
    fails(
        &["keys", "rotate", "--id", "1", "--overlap", "never"],
        "at most 7d",
    );
}

#[test]
fn a_data_dir_with_a_typing_error_is_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let absent = folder.path().join("absent");
    let output = run(&[
        "keys",
        "list",
        "--data-dir",
        absent.to_str().unwrap(),
        "--user",
        "a@example.com",
    ]);
    assert!(
        stderr(&output).contains("does not exist; give the --data-dir"),
        "{}",
        stderr(&output)
    );
    assert!(!absent.exists());
}

#[test]
fn a_lost_keyring_is_not_replaced() {
    let (folder, data_dir) = instance();
    std::fs::remove_file(folder.path().join("data/keyring.json")).unwrap();
    let output = run(&[
        "keys",
        "list",
        "--data-dir",
        &data_dir,
        "--user",
        "ada@example.com",
    ]);
    assert!(
        stderr(&output).contains("put it back from your backup"),
        "{}",
        stderr(&output)
    );
    assert!(!folder.path().join("data/keyring.json").exists());
}

#[test]
fn the_audit_log_is_verified() {
    let (_folder, data_dir) = instance();
    let whole = run(&["audit", "verify", "--data-dir", &data_dir]);
    assert!(whole.status.success(), "{}", stderr(&whole));
    assert!(
        stdout(&whole).contains("the audit log is whole"),
        "{}",
        stdout(&whole)
    );
}
