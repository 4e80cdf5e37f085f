//! Uploads as streams: their limits, what is wrong with them, and what they leave when they break off.

use super::{MULTIPART, Part, World, body, head};
use axum::body::Body;
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::{Method, StatusCode};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::task::{Context, Waker};
use testkit::app::request;

in_folder_and_bucket! {
    twenty_files_at_once_and_no_more
    wrong_uploads_name_the_field_and_leave_nothing
    parts_come_in_pieces_of_any_size
    a_thousand_small_parts_take_no_more_than_is_needed
    a_hundred_mebibytes_pass_through
    a_file_over_the_limit_is_refused_without_reading_on
    an_interrupted_upload_leaves_nothing
    rights_are_decided_before_a_byte_is_read
}

async fn twenty_files_at_once_and_no_more(w: World) {
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
    assert_eq!(w.stored().len(), 20);
}

async fn wrong_uploads_name_the_field_and_leave_nothing(w: World) {
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

async fn parts_come_in_pieces_of_any_size(w: World) {
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
    assert_eq!(w.stored().len(), 3);
}

async fn a_thousand_small_parts_take_no_more_than_is_needed(w: World) {
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

async fn a_hundred_mebibytes_pass_through(w: World) {
    let taken = Arc::default();
    let reply = w.send(&w.path(), long(100, END, &taken), &[]).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.json());
    assert_eq!(reply.json()["result"][1]["size"], 100 << 20);
    let mut sizes: Vec<u64> = w.stored().iter().map(|f| f.metadata().unwrap().len()).collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [5, 100 << 20]);
}

async fn a_file_over_the_limit_is_refused_without_reading_on(w: World) {
    let taken = Arc::default();
    let reply = w.send(&w.path(), long(500, END, &taken), &[]).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = "The files.1 is larger than 128 MiB. Upload a smaller file.";
    assert_eq!(reply.json()["errors"], json!({"files.1": [text]}));
    // It was noticed with the first piece over the limit: no more than two pieces were ever waiting in memory.
    let taken = taken.load(SeqCst);
    assert!((129..=132).contains(&taken), "{taken}");
    w.assert_nothing("too large").await;
    let announced = ((21_u64 * 128) << 20).to_string();
    let reply = w
        .send(&w.path(), Body::from("x"), &[("content-length", &announced)])
        .await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
}

async fn an_interrupted_upload_leaves_nothing(w: World) {
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
        while w.stored().is_empty() {
            let mut cx = Context::from_waker(Waker::noop());
            assert!(sending.as_mut().poll(&mut cx).is_pending());
            tokio::task::yield_now().await;
        }
    }
    w.assert_nothing("the caller went away").await;
}

async fn rights_are_decided_before_a_byte_is_read(w: World) {
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
