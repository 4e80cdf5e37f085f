//! What is kept of files, how they come back, and when they go.

use super::{World, body};
use axum::body::Body;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use std::path::PathBuf;

in_folder_and_bucket! {
    files_come_back_as_they_were_sent
    names_are_names_and_nothing_is_shown_by_a_browser
    a_repeated_upload_is_one_upload
    deleted_files_and_those_of_deleted_cases_are_swept
    results_automation_runs_and_their_tests_have_files_too
}

async fn files_come_back_as_they_were_sent(w: World) {
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
    assert_eq!(w.stored().len(), 2, "the same bytes are kept once");
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

async fn names_are_names_and_nothing_is_shown_by_a_browser(w: World) {
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
    for file in w.stored() {
        let name = file.file_name().unwrap().to_string_lossy();
        assert!(
            name.len() == 64 + 1 + 16 && name.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-'),
            "{name}"
        );
    }
}

async fn a_repeated_upload_is_one_upload(w: World) {
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

async fn deleted_files_and_those_of_deleted_cases_are_swept(w: World) {
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
    assert_eq!(w.stored().len(), 2);
    w.test.clock.advance(model::clock::DAY);
    assert_eq!(sweep().await, 1);
    assert_eq!(w.stored().len(), 1);
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
    assert_eq!(w.stored(), [""; 0].map(PathBuf::from));
}

async fn results_automation_runs_and_their_tests_have_files_too(w: World) {
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
        assert_eq!(
            w.list(path).await,
            std::slice::from_ref(&row),
            "each has its own files"
        );
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
