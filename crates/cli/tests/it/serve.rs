//! `attest serve` and `attest doctor` as processes.

use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use crate::process::{Serving, attest, init, key, run, stderr, stdout};

#[test]
fn serves_and_ends_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let mut serving = Serving::start(&folder.path().join("data"), &[]);
    assert!(serving.is_alive());
    let link = format!("http://{}/setup/", serving.address);
    assert!(serving.said.contains(&link), "{}", serving.said);
    let token = serving.said.split(&link).nth(1).unwrap().lines().next().unwrap();
    let page = serving.get(&format!("/setup/{token}"), "").unwrap();
    assert!(
        page.starts_with("HTTP/1.1 200 ") && page.contains("Set up Attest"),
        "{page}"
    );
    assert!(serving.get("/", "").unwrap().contains("location: /login"));
    assert!(serving.get("/livez", "").unwrap().ends_with("\r\n\r\nalive\n"));
    assert!(serving.get("/readyz", "").unwrap().ends_with("\r\n\r\nready\n"));
    assert!(
        serving
            .get("/api/v1/user", "")
            .unwrap()
            .starts_with("HTTP/1.1 401 ")
    );
    let (code, log) = serving.stop();
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("stopped"), "{log}");
}

#[test]
fn keys_work_beside_a_running_server_and_only_admins_see_metrics() {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().join("data");
    let shown = data_dir.to_str().unwrap();
    init(shown);
    let serving = Serving::start(&data_dir, &[]);
    assert!(!serving.said.contains("/setup/"), "{}", serving.said);
    let key = key(shown, "ci");
    let bearer = format!("authorization: Bearer {key}\r\n");
    assert!(
        serving
            .get("/api/v1/user", &bearer)
            .unwrap()
            .contains(r#""name":"Ada""#)
    );
    let metrics = serving.get("/metrics", &bearer).unwrap();
    assert!(
        metrics.contains("attest_http_requests_total{class=\"api\",status=\"2xx\"} 1"),
        "{metrics}"
    );
    assert!(metrics.contains("process_resident_memory_bytes"), "{metrics}");
    assert!(serving.get("/metrics", "").unwrap().starts_with("HTTP/1.1 401 "));
    run(&["keys", "revoke", "--data-dir", shown, "--id", "1"]);
    assert!(
        serving
            .get("/api/v1/user", &bearer)
            .unwrap()
            .starts_with("HTTP/1.1 401 ")
    );
    let (_, log) = serving.stop();
    assert!(!log.contains(&key), "a key is never logged");
}

#[test]
fn a_taken_port_and_a_wrong_setting_end_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().to_str().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = run(&["serve", "--data-dir", data_dir, "--listen", &address]);
    assert_eq!(output.status.code(), Some(1));
    let text = stderr(&output);
    assert!(
        text.contains(&format!("cannot listen on {address}")) && text.contains("--listen"),
        "{text}"
    );
    let output = run(&["serve", "--data-dir", data_dir, "--listen", "here"]);
    assert!(
        stderr(&output).contains("set by: --listen"),
        "{}",
        stderr(&output)
    );
    let output = attest(&["serve"])
        .env("ATTEST_LIMITS_IDLE", "soon")
        .output()
        .unwrap();
    assert!(
        stderr(&output).contains("set by: the variable ATTEST_LIMITS_IDLE"),
        "{}",
        stderr(&output)
    );
}

/// Asks until the server answers, for as long as a busy machine may need.
fn answers(serving: &Serving) -> bool {
    (0..1000).any(|_| {
        std::thread::yield_now();
        serving
            .get("/livez", "")
            .is_ok_and(|answer| answer.ends_with("alive\n"))
    })
}

#[test]
fn running_out_of_files_is_survived() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new("sh");
    command
        .args([
            "-c",
            "ulimit -n 100; exec \"$0\" \"$@\"",
            env!("CARGO_BIN_EXE_attest"),
        ])
        .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
        .arg(folder.path().join("data"))
        .env_clear();
    let mut serving = Serving::spawn(command);
    let many: Vec<_> = (0..300).map(|_| TcpStream::connect(serving.address)).collect();
    drop(many);
    assert!(answers(&serving), "it serves again once the connections are gone");
    assert!(serving.is_alive());
    let (code, log) = serving.stop();
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("the limit of open files is low"), "{log}");
}

#[test]
fn the_doctor_finds_nothing_in_a_good_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().join("data");
    init(data_dir.to_str().unwrap());
    let serving = Serving::start(&data_dir, &[]);
    let address = serving.address.to_string();
    let output = run(&[
        "doctor",
        "--data-dir",
        data_dir.to_str().unwrap(),
        "--listen",
        &address,
    ]);
    assert!(output.status.success(), "{}", stdout(&output));
    let text = stdout(&output);
    assert!(
        text.contains(&format!("Attest answers at {address} already")),
        "{text}"
    );
    assert!(text.contains("its schema is up to date"), "{text}");
    assert!(text.ends_with("0 errors, 0 warnings\n"), "{text}");
}

/// What the doctor says about these flags, and its exit code.
fn doctor(data_dir: &str, more: &[&str]) -> (Option<i32>, String) {
    let arguments = ["doctor", "--data-dir", data_dir, "--listen", "127.0.0.1:0"];
    let output = run(&[&arguments[..], more].concat());
    (output.status.code(), stdout(&output).to_owned())
}

#[test]
fn the_doctor_names_each_error_and_its_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().join("data");
    let shown = data_dir.to_str().unwrap();
    init(shown);
    for (more, found, remedy) in [
        (
            &["--listen", "here"][..],
            "listen: `here` is not an address",
            "127.0.0.1:8080",
        ),
        (
            &["--blobs", "s3://evidence?endpoint=http://127.0.0.1:1"],
            "the server of the bucket `evidence` cannot be reached",
            "look at ?endpoint=URL",
        ),
        (
            &["--blobs", "gs://evidence"],
            "`gs://evidence` is no address of a bucket",
            "write s3://BUCKET/PREFIX",
        ),
        (
            &["--listen", "192.0.2.1:80"],
            "cannot listen at 192.0.2.1:80",
            "an address of this machine",
        ),
        (
            &["--tls-cert", "/no.pem", "--tls-key", "/no.key"],
            "cannot read certificates from /no.pem",
            "give a PEM chain",
        ),
        (
            &["--database", "mysql://db"],
            "the database cannot be opened",
            "check --database",
        ),
    ] {
        let arguments = [&["doctor", "--data-dir", shown][..], more].concat();
        let output = run(&arguments);
        let text = stdout(&output);
        assert_eq!(output.status.code(), Some(1), "{more:?}: {text}");
        assert!(text.contains(found) && text.contains(remedy), "{more:?}: {text}");
    }
    let keyring = data_dir.join("keyring.json");
    std::fs::set_permissions(&keyring, std::fs::Permissions::from_mode(0o644)).unwrap();
    let (code, text) = doctor(shown, &[]);
    assert!(code == Some(1) && text.contains("chmod 600"), "{text}");
    std::fs::remove_file(&keyring).unwrap();
    let (code, text) = doctor(shown, &[]);
    assert!(
        code == Some(1) && text.contains("put it back from your backup"),
        "{text}"
    );
    assert!(!keyring.exists(), "the doctor changes nothing");
}

#[test]
fn the_doctor_warns_of_what_will_surprise() {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().to_str().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    for (more, found) in [
        (&[][..], "others can look into the data directory"),
        (
            &["--public-url", "https://attest.example.com"],
            "nothing here serves https",
        ),
        (
            &["--public-url", "http://attest.example.com"],
            "Testmo's clients refuse it",
        ),
        (&["--public-url", "https://attest"], "refuse the host attest"),
        (
            &["--trusted-proxy", "10.0.0.0/8"],
            "the public address is not known",
        ),
        (&["--listen", "0.0.0.0:0"], "travel unencrypted"),
        (&["--limits-connections", "1000000"], "open files"),
    ] {
        let output = run(&[
            &["doctor", "--data-dir", data_dir, "--listen", "127.0.0.1:0"][..],
            more,
        ]
        .concat());
        let text = if more.first() == Some(&"--listen") {
            stdout(&run(&["doctor", "--data-dir", data_dir, "--listen", "0.0.0.0:0"])).to_owned()
        } else {
            stdout(&output).to_owned()
        };
        assert!(text.contains(found), "{more:?}: {text}");
        assert!(text.contains("0 errors"), "{more:?}: {text}");
    }
}

#[test]
fn the_doctor_looks_at_certificates() {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["attest.example.com".to_owned()]).unwrap();
    let (cert, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    std::fs::write(&cert, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
    let data_dir = folder.path().join("data");
    let tls = [
        "--tls-cert",
        cert.to_str().unwrap(),
        "--tls-key",
        key.to_str().unwrap(),
        "--tls-listen",
        "127.0.0.1:0",
    ];
    let with = |url: &str| {
        doctor(
            data_dir.to_str().unwrap(),
            &[&tls[..], &["--public-url", url]].concat(),
        )
    };
    let (code, text) = with("https://attest.example.com");
    assert!(
        code == Some(0) && text.contains("is for attest.example.com"),
        "{text}"
    );
    assert!(text.contains("cert.pem is valid until"), "{text}");
    let (code, text) = with("https://other.example.com");
    assert!(
        code == Some(1) && text.contains("is not for other.example.com"),
        "{text}"
    );

    let mut old = rcgen::CertificateParams::new(["attest.example.com".to_owned()]).unwrap();
    old.not_before = rcgen::date_time_ymd(2020, 1, 1);
    old.not_after = rcgen::date_time_ymd(2021, 1, 1);
    std::fs::write(&cert, old.self_signed(&made.signing_key).unwrap().pem()).unwrap();
    let (code, text) = with("https://attest.example.com");
    assert!(code == Some(1) && text.contains("ended 2021-01-01"), "{text}");
}
