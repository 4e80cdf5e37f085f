//! Uploaded files: what is kept of them, how they come back, and that what breaks off leaves nothing.

use axum::body::Body;
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::{Method, Request, StatusCode};
use model::ProjectId;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::task::{Context, Waker};
use testkit::app::{Reply, TestApp, request};

/// The type of [`body`].
pub(crate) const MULTIPART: &str = "multipart/form-data; boundary=----here";

/// A part: its name, the name of its file, its type, and its bytes.
type Part<'a> = (&'a str, Option<&'a str>, Option<&'a str>, &'a [u8]);

/// A body of these parts.
pub(crate) fn body(parts: &[Part<'_>]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, file, kind, bytes) in parts {
        body.extend(head(name, *file, *kind).into_bytes());
        body.extend(*bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"------here--\r\n");
    body
}

fn head(name: &str, file: Option<&str>, kind: Option<&str>) -> String {
    let file = file.map_or_else(String::new, |file| format!("; filename=\"{file}\""));
    let kind = kind.map_or_else(String::new, |kind| format!("\r\nContent-Type: {kind}"));
    format!("------here\r\nContent-Disposition: form-data; name=\"{name}\"{file}{kind}\r\n\r\n")
}

/// Files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let paths = entries.map(|e| e.unwrap().path());
    paths
        .flat_map(|p| if p.is_dir() { files(&p) } else { vec![p] })
        .collect()
}

struct World {
    test: TestApp,
    key: String,
    project: ProjectId,
    case: i64,
}

impl World {
    async fn new() -> World {
        let test = TestApp::new().await;
        let (admin, key) = test.admin().await;
        let project = test.project(admin, "Storefront").await;
        let path = format!("/api/v1/projects/{}/cases", project.0);
        let made = test.post(&path, &key, json!({"cases": [{"name": "Pay"}]})).await;
        let case = made.json()["result"][0]["id"].as_i64().unwrap();
        World {
            test,
            key,
            project,
            case,
        }
    }

    fn path(&self) -> String {
        format!("/api/v1/cases/{}/attachments", self.case)
    }

    async fn send(&self, path: &str, body: Body, more: &[(&'static str, &str)]) -> Reply {
        let mut request: Request<Body> = request(Method::POST, path, &self.key).body(body).unwrap();
        let headers = request.headers_mut();
        headers.insert("content-type", MULTIPART.parse().unwrap());
        for (name, value) in more {
            headers.insert(*name, value.parse().unwrap());
        }
        self.test.send(request).await
    }

    async fn upload(&self, path: &str, parts: &[Part<'_>]) -> Reply {
        self.send(path, Body::from(body(parts)), &[]).await
    }

    async fn list(&self, path: &str) -> Vec<Value> {
        let reply = self.test.get(path, &self.key).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.json());
        reply.json()["result"].as_array().unwrap().clone()
    }

    /// That neither a row nor a byte is there.
    async fn assert_nothing(&self, what: &str) {
        assert_eq!(self.list(&self.path()).await, [Value::Null; 0], "{what}");
        assert_eq!(files(&self.test.blobs()), [""; 0].map(PathBuf::from), "{what}");
    }
}

#[tokio::test]
async fn files_come_back_as_they_were_sent() {
    let w = World::new().await;
    let single = format!("{}/single", w.path());
    let reply = w
        .upload(&single, &[("file", Some("a.txt"), Some("text/plain"), b"one")])
        .await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.json());
    let made = reply.json()["result"][0].clone();
    assert_eq!(made["name"], "a.txt");
    assert_eq!(
        (&made["size"], &made["mime_type"]),
        (&json!(3), &json!("text/plain"))
    );
    let many = w
        .upload(
            &w.path(),
            &[
                ("files[]", Some("b.bin"), None, b""),
                ("note", None, None, b"x"),
                ("file", None, None, b"one"),
            ],
        )
        .await;
    let many = many.json();
    let names: Vec<_> = many["result"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["name"].clone())
        .collect();
    assert_eq!(names, [json!("b.bin"), json!("file")]);
    assert_eq!(files(&w.test.blobs()).len(), 2, "the same bytes are kept once");
    for (row, bytes) in [
        (&made, "one"),
        (&many["result"][0], ""),
        (&many["result"][1], "one"),
    ] {
        let reply = w.test.get(row["path"].as_str().unwrap(), &w.key).await;
        assert_eq!(
            (reply.status, reply.bytes.as_slice()),
            (StatusCode::OK, bytes.as_bytes())
        );
        assert_eq!(reply.header("content-length"), bytes.len().to_string());
    }
    let order = |rows: &[Value]| {
        rows.iter()
            .map(|r| r["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(order(&w.list(&w.path()).await), ["file", "b.bin", "a.txt"]);
    let by = format!("{}?order=asc&created_by=1&expands=users", w.path());
    assert_eq!(order(&w.list(&by).await), ["a.txt", "b.bin", "file"]);
    assert_eq!(
        w.list(&format!("{}?created_by=99", w.path())).await,
        [Value::Null; 0]
    );
}

#[tokio::test]
async fn twenty_files_at_once_and_no_more() {
    let w = World::new().await;
    let names: Vec<String> = (0..22).map(|n| format!("{n}.txt")).collect();
    let parts: Vec<Part<'_>> = names
        .iter()
        .map(|n| ("files[]", Some(n.as_str()), Some("text/plain"), n.as_bytes()))
        .collect();
    let reply = w.upload(&w.path(), &parts).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.json());
    let listed = w.list(&format!("{}?order=asc", w.path())).await;
    let kept: Vec<_> = listed.iter().map(|r| r["name"].as_str().unwrap()).collect();
    assert_eq!(kept, names[..20]);
    assert_eq!(files(&w.test.blobs()).len(), 20);
}

#[tokio::test]
async fn wrong_uploads_name_the_field_and_leave_nothing() {
    let w = World::new().await;
    let single = format!("{}/single", w.path());
    let file: Part<'_> = ("file", Some("a"), None, b"x");
    for (path, parts, field) in [
        (&single, vec![], "file"),
        (&single, vec![file, file], "file"),
        (
            &single,
            vec![("files[]", Some("a"), None, b"x".as_slice())],
            "file",
        ),
        (&w.path(), vec![("note", None, None, b"x".as_slice())], "files"),
    ] {
        let reply = w.upload(path, &parts).await;
        assert_eq!(
            reply.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{path} {}",
            reply.json()
        );
        assert!(
            reply.json()["errors"][field].is_array(),
            "{field} {}",
            reply.json()
        );
    }
    let cut = body(&[file]);
    let endless = format!("------here\r\nX: {}", "x".repeat(300_000));
    for (bytes, kind, field) in [
        (b"{}".to_vec(), "application/json", "files"),
        (cut.clone(), "multipart/form-data", "files"),
        (cut[..cut.len() - 9].to_vec(), MULTIPART, "body"),
        (b"nothing of the kind".to_vec(), MULTIPART, "body"),
        (endless.into_bytes(), MULTIPART, "body"),
    ] {
        let reply = w
            .send(&w.path(), Body::from(bytes), &[("content-type", kind)])
            .await;
        assert_eq!(
            reply.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{kind} {}",
            reply.json()
        );
        assert!(
            reply.json()["errors"][field].is_array(),
            "{field} {}",
            reply.json()
        );
    }
    w.assert_nothing("wrong uploads").await;
}

/// A body of a first file and then `pieces` MiB of a second one; counts how many pieces were taken.
fn long(pieces: usize, end: &'static [u8], taken: &Arc<AtomicUsize>) -> Body {
    let taken = Arc::clone(taken);
    let first = body(&[("files[]", Some("small"), None, b"whole")]);
    let first = first[..first.len() - b"------here--\r\n".len()].to_vec();
    let begin = [first, head("files[]", Some("long"), None).into_bytes()].concat();
    let piece = Bytes::from(vec![b'.'; 1 << 20]);
    let pieces = stream::iter(0..pieces + 2).map(move |n| {
        taken.fetch_add(1, SeqCst);
        if n == 0 {
            Ok(Bytes::from(begin.clone()))
        } else if n <= pieces {
            Ok(piece.clone())
        } else if end.is_empty() {
            Err(std::io::Error::other("the client went away"))
        } else {
            Ok(Bytes::from_static(end))
        }
    });
    Body::from_stream(pieces)
}

#[tokio::test]
async fn parts_come_in_pieces_of_any_size() {
    let w = World::new().await;
    let large = vec![b'-'; 5000];
    let tricky = b"\r\n------her\r\n\r\r\n--".as_slice();
    let bytes = body(&[
        ("files[]", Some("large"), None, &large),
        ("files[]", Some("tricky"), None, tricky),
        ("files[]", Some("empty"), None, b""),
    ]);
    for size in [1, 2, 3, 7, 64, 1000, bytes.len()] {
        let pieces: Vec<_> = bytes
            .chunks(size)
            .map(|p| Ok::<_, std::io::Error>(Bytes::copy_from_slice(p)))
            .collect();
        let reply = w
            .send(&w.path(), Body::from_stream(stream::iter(pieces)), &[])
            .await;
        assert_eq!(reply.status, StatusCode::CREATED, "{size} {}", reply.json());
        for (n, sent) in [large.as_slice(), tricky, b"".as_slice()].into_iter().enumerate() {
            let path = reply.json()["result"][n]["path"].clone();
            assert_eq!(
                w.test.get(path.as_str().unwrap(), &w.key).await.bytes,
                sent,
                "{size}"
            );
        }
    }
    assert_eq!(files(&w.test.blobs()).len(), 3);
}

#[tokio::test]
async fn a_thousand_small_parts_take_no_more_than_is_needed() {
    let w = World::new().await;
    let parts: Vec<Part<'_>> = vec![("note", None, None, b"x"); 1000];
    let good = body(&parts);
    let good = good[..good.len() - b"------here--\r\n".len()].to_vec();
    let bad = [good.as_slice(), b"------here\r\nno header\r\n\r\nx\r\n", &good].concat();
    let taken = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&taken);
    let pieces = stream::iter(0..50).map(move |n| {
        seen.fetch_add(1, SeqCst);
        Ok::<_, std::io::Error>(Bytes::from(if n == 1 { bad.clone() } else { good.clone() }))
    });
    let reply = w.send(&w.path(), Body::from_stream(pieces), &[]).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", reply.json());
    let taken = taken.load(SeqCst);
    assert!(
        taken <= 3,
        "{taken} pieces were taken before the second one was parsed"
    );
}

const END: &[u8] = b"\r\n------here--\r\n";

#[tokio::test]
async fn a_hundred_mebibytes_pass_through() {
    let w = World::new().await;
    let taken = Arc::default();
    let reply = w.send(&w.path(), long(100, END, &taken), &[]).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.json());
    assert_eq!(reply.json()["result"][1]["size"], 100 << 20);
    let mut sizes: Vec<u64> = files(&w.test.blobs())
        .iter()
        .map(|f| f.metadata().unwrap().len())
        .collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [5, 100 << 20]);
}

#[tokio::test]
async fn a_file_over_the_limit_is_refused_without_reading_on() {
    let w = World::new().await;
    let taken = Arc::default();
    let reply = w.send(&w.path(), long(500, END, &taken), &[]).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = "The files.1 is larger than 128 MiB. Upload a smaller file.";
    assert_eq!(reply.json()["errors"], json!({"files.1": [text]}));
    // It was noticed with the first piece over the limit: no more than two pieces were ever waiting in memory.
    let taken = taken.load(SeqCst);
    assert!((129..=132).contains(&taken), "{taken}");
    w.assert_nothing("too large").await;
    let announced = (21_u64 * 128 << 20).to_string();
    let reply = w
        .send(&w.path(), Body::from("x"), &[("content-length", &announced)])
        .await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn an_interrupted_upload_leaves_nothing() {
    let w = World::new().await;
    let reply = w.send(&w.path(), long(3, b"", &Arc::default()), &[]).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", reply.json());
    w.assert_nothing("the body broke off").await;
    // The connection goes away while the upload waits for more.
    let begin = head("files[]", Some("a"), None).into_bytes();
    let waits = stream::iter([Ok::<_, std::io::Error>(Bytes::from(begin))]).chain(stream::pending());
    let path = w.path();
    {
        let sending = w.send(&path, Body::from_stream(waits), &[]);
        tokio::pin!(sending);
        while files(&w.test.blobs()).is_empty() {
            let mut cx = Context::from_waker(Waker::noop());
            assert!(sending.as_mut().poll(&mut cx).is_pending());
            tokio::task::yield_now().await;
        }
    }
    w.assert_nothing("the caller went away").await;
}

#[tokio::test]
async fn rights_are_decided_before_a_byte_is_read() {
    let w = World::new().await;
    let taken = Arc::default();
    let mut refused = request(Method::POST, &w.path(), "")
        .body(long(3, END, &taken))
        .unwrap();
    refused
        .headers_mut()
        .insert("content-type", MULTIPART.parse().unwrap());
    assert_eq!(w.test.send(refused).await.status, StatusCode::UNAUTHORIZED);
    let reply = w
        .send("/api/v1/cases/999/attachments", long(3, END, &taken), &[])
        .await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
    assert_eq!(taken.load(SeqCst), 0);
}

#[tokio::test]
async fn names_are_names_and_nothing_is_shown_by_a_browser() {
    let w = World::new().await;
    for (name, kind, kept, mime, served) in [
        (
            "../../etc/passwd",
            "text/plain",
            "passwd",
            "text/plain",
            "text/plain; charset=utf-8",
        ),
        (
            r"C:\\x\\page.html",
            "text/html",
            "page.html",
            "text/html",
            "application/octet-stream",
        ),
        (
            "a.svg",
            "image/svg+xml",
            "a.svg",
            "image/svg+xml",
            "application/octet-stream",
        ),
        (
            "a.xml",
            "text/xml; charset=utf-7",
            "a.xml",
            "text/xml",
            "application/octet-stream",
        ),
        ("page.html", "image/png", "page.html", "image/png", "image/png"),
        (
            "Bücher.pdf",
            "application/pdf",
            "Bücher.pdf",
            "application/pdf",
            "application/pdf",
        ),
        (
            "..",
            "no type",
            "file",
            "application/octet-stream",
            "application/octet-stream",
        ),
    ] {
        let content: &[u8] = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
        let reply = w
            .upload(&w.path(), &[("files[]", Some(name), Some(kind), content)])
            .await;
        let row = &reply.json()["result"][0];
        assert_eq!(
            (&row["name"], &row["mime_type"]),
            (&json!(kept), &json!(mime)),
            "{name}"
        );
        let sent = w.test.get(row["path"].as_str().unwrap(), &w.key).await;
        assert_eq!(sent.bytes, content);
        assert_eq!(sent.header("content-type"), served, "{name}");
        assert_eq!(sent.header("x-content-type-options"), "nosniff");
        assert_eq!(
            sent.header("content-security-policy"),
            "default-src 'none'; frame-ancestors 'none'; sandbox"
        );
        assert_eq!(sent.header("cross-origin-resource-policy"), "same-origin");
        assert!(
            sent.header("content-disposition")
                .starts_with("attachment; filename="),
            "{name}"
        );
    }
    for file in files(&w.test.blobs()) {
        let name = file.file_name().unwrap().to_string_lossy();
        assert!(
            name.len() == 64 && name.bytes().all(|b| b.is_ascii_hexdigit()),
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_repeated_upload_is_one_upload() {
    let w = World::new().await;
    let one = body(&[("files[]", Some("a"), None, b"1")]);
    let other = body(&[("files[]", Some("a"), None, b"2")]);
    let claim = [("idempotency-key", "k")];
    let first = w.send(&w.path(), Body::from(one.clone()), &claim).await;
    let again = w.send(&w.path(), Body::from(one), &claim).await;
    assert_eq!(
        (first.status, again.status),
        (StatusCode::CREATED, StatusCode::CREATED)
    );
    assert_eq!(first.bytes, again.bytes);
    let reply = w.send(&w.path(), Body::from(other), &claim).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(reply.json()["errors"]["Idempotency-Key"].is_array());
    assert_eq!(w.list(&w.path()).await.len(), 1);
}

#[tokio::test]
async fn deleted_files_and_those_of_deleted_cases_are_swept() {
    let w = World::new().await;
    let reply = w
        .upload(
            &w.path(),
            &[
                ("files[]", Some("a"), None, b"1"),
                ("files[]", Some("b"), None, b"2"),
            ],
        )
        .await;
    let first = reply.json()["result"][0]["id"].clone();
    for (ids, status, field) in [
        (json!([]), 422, "ids"),
        (json!([first, 999]), 422, "ids.1"),
        (json!((1..=101).collect::<Vec<_>>()), 422, "ids"),
        (json!([first]), 204, ""),
        (json!([first]), 422, "ids.0"),
    ] {
        let body = json!({ "ids": ids });
        let reply = w.test.call(Method::DELETE, &w.path(), &w.key, &body).await;
        assert_eq!(reply.status, status, "{body} {}", reply.json());
        assert!(
            field.is_empty() || reply.json()["errors"][field].is_array(),
            "{}",
            reply.json()
        );
    }
    assert_eq!(w.list(&w.path()).await.len(), 1);
    let sweep = async || app::attachments::sweep(&w.test.app, "one").await.unwrap();
    assert_eq!(sweep().await, 0, "what was claimed lately may be under way");
    assert_eq!(files(&w.test.blobs()).len(), 2);
    w.test.clock.advance(model::clock::DAY);
    assert_eq!(sweep().await, 1);
    assert_eq!(files(&w.test.blobs()).len(), 1);
    let path = format!("/api/v1/projects/{}/cases", w.project.0);
    let gone = w
        .test
        .call(Method::DELETE, &path, &w.key, &json!({"ids": [w.case]}))
        .await;
    assert!(gone.status.is_success(), "{}", gone.json());
    assert_eq!(
        app::attachments::sweep(&w.test.app, "other").await.unwrap(),
        0,
        "another server sweeps"
    );
    assert_eq!(sweep().await, 1);
    assert_eq!(files(&w.test.blobs()), [""; 0].map(PathBuf::from));
}

#[tokio::test]
async fn results_automation_runs_and_their_tests_have_files_too() {
    let w = World::new().await;
    let post = async |path: String, body: Value| w.test.post(&path, &w.key, body).await.json();
    let project = w.project.0;
    let run = post(
        format!("/api/v1/projects/{project}/runs"),
        json!({"name": "RC", "cases": [w.case]}),
    )
    .await;
    let run = run["result"]["id"].as_i64().unwrap();
    let test = w.list(&format!("/api/v1/runs/{run}/tests")).await[0]["id"].clone();
    let result = post(
        format!("/api/v1/runs/{run}/tests/{test}/results"),
        json!({"status_id": 2}),
    )
    .await;
    let result = result["result"]["id"].as_i64().unwrap();
    let auto = post(
        format!("/api/v1/projects/{project}/automation/runs"),
        json!({"name": "n", "source": "web"}),
    )
    .await;
    let auto = auto["id"].as_i64().unwrap();
    let thread = post(format!("/api/v1/automation/runs/{auto}/threads"), json!({})).await["id"].clone();
    let tests = json!({"tests": [{"key": "a", "name": "a", "folder": "f", "status": "passed"}]});
    post(format!("/api/v1/automation/runs/threads/{thread}/append"), tests).await;
    let auto_test = w.list(&format!("/api/v1/automation/runs/{auto}/tests")).await[0]["id"].clone();
    let owners = [
        format!("/api/attest/v1/runs/{run}/results/{result}/attachments"),
        format!("/api/attest/v1/automation/runs/{auto}/attachments"),
        format!("/api/attest/v1/automation/runs/{auto}/tests/{auto_test}/attachments"),
    ];
    for path in &owners {
        let reply = w
            .upload(
                path,
                &[("files[]", Some("trace.zip"), Some("application/zip"), b"PK")],
            )
            .await;
        assert_eq!(reply.status, StatusCode::CREATED, "{path} {}", reply.json());
        let row = reply.json()["result"][0].clone();
        assert_eq!(row["path"], format!("{path}/{}", row["id"]));
        assert_eq!(w.list(path).await, [row.clone()], "each has its own files");
        assert_eq!(
            w.test.get(row["path"].as_str().unwrap(), &w.key).await.bytes,
            b"PK"
        );
        // A file is found only where it belongs.
        for other in owners.iter().filter(|o| *o != path) {
            let reply = w.test.get(&format!("{other}/{}", row["id"]), &w.key).await;
            assert_eq!(reply.status, StatusCode::NOT_FOUND, "{other}");
        }
    }
    for absent in [
        format!("/api/attest/v1/runs/{run}/results/999/attachments"),
        format!("/api/attest/v1/automation/runs/{auto}/tests/999/attachments"),
    ] {
        let reply = w.upload(&absent, &[("files[]", Some("a"), None, b"x")]).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{absent}");
    }
    let closed = json!({"is_closed": true});
    w.test
        .call(Method::PATCH, &format!("/api/v1/runs/{run}"), &w.key, &closed)
        .await;
    for path in &owners {
        let id = w.list(path).await[0]["id"].clone();
        let reply = w
            .test
            .call(Method::DELETE, path, &w.key, &json!({"ids": [id]}))
            .await;
        assert_eq!(reply.status, StatusCode::NO_CONTENT, "{path} {}", reply.json());
        assert_eq!(w.list(path).await, [Value::Null; 0]);
    }
}
