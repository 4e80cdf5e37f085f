//! Where bytes lie: that a full disk takes none, that nothing is named which is not there, and that late deletions harm nobody.

use super::World;
use app::Blobs;
use app::blobs::{Access, Refused};
use http::StatusCode;
use model::clock::DAY;
use std::time::Duration;
use testkit::bucket::{BUCKET, BucketServer, KEY};

const NOTE: super::Part<'static> = ("files[]", Some("note.txt"), Some("text/plain"), b"seen");

#[tokio::test]
async fn a_nearly_full_disk_takes_no_uploads() {
    let w = World::new().await;
    let folder = w.test.blobs();
    let full = Blobs::local(&folder).with_floor(u64::MAX);
    assert!(full.is_full().await.unwrap(), "the folder is not even there yet");
    assert!(!Blobs::local(&folder).with_floor(1).is_full().await.unwrap());
    let w = World {
        test: w.test.with_blobs(full).await,
        ..w
    };
    let reply = w.upload(&w.path(), &[NOTE]).await;
    assert_eq!(reply.status, StatusCode::INSUFFICIENT_STORAGE);
    assert_eq!(reply.json()["code"], "storage");
    w.assert_nothing("refused before it was received").await;
    let read = w.test.get(&w.path(), &w.key).await;
    assert_eq!(read.status, StatusCode::OK, "files can be looked at");
}

#[tokio::test]
async fn a_case_that_goes_during_its_upload_is_not_found() {
    let w = World::new().await;
    let (began, has_begun) = tokio::sync::oneshot::channel();
    let (case, db) = (w.case, w.test.db().clone());
    let deletes = tokio::spawn(async move {
        let began = std::sync::Mutex::new(Some(began));
        db.write(move |tx| {
            tx.execute("DELETE FROM cases WHERE id = $1", store::args![case])?;
            if let Some(began) = began.lock().unwrap().take() {
                let _ = began.send(());
            }
            std::thread::sleep(Duration::from_millis(300));
            Ok::<_, store::Error>(())
        })
        .await
    });
    has_begun.await.unwrap();
    let reply = w.upload(&w.path(), &[NOTE]).await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND, "{}", reply.json());
    deletes.await.unwrap().unwrap();
}

/// A server that stalls while it deletes must not delete what was uploaded after another one finished its work.
#[tokio::test]
async fn a_late_deletion_leaves_what_was_uploaded_anew() {
    for w in [World::new().await, World::with_bucket().await] {
        let first = w.upload(&w.path(), &[NOTE]).await.json()["result"][0]["id"].clone();
        let sha256 = w.stored()[0].file_name().unwrap().to_str().unwrap()[..64].to_owned();
        let hash = sha256.clone();
        let stale = w
            .test
            .db()
            .read(move |tx| store::blob::find(tx, &hash))
            .await
            .unwrap()
            .unwrap();
        let ids = serde_json::json!({ "ids": [first] });
        w.test.call(http::Method::DELETE, &w.path(), &w.key, &ids).await;
        w.test.clock.advance(2 * DAY);
        assert_eq!(app::attachments::sweep(&w.test.app, "b").await.unwrap(), 1);

        let second = w.upload(&w.path(), &[NOTE]).await.json()["result"][0]["id"].clone();
        w.test.storage().delete(&stale).await.unwrap();
        let path = format!("/api/attest/v1/cases/{}/attachments/{second}", w.case);
        let reply = w.test.get(&path, &w.key).await;
        assert_eq!(
            (reply.status, reply.bytes.as_slice()),
            (StatusCode::OK, b"seen".as_slice())
        );
        assert_eq!(w.stored().len(), 1);
    }
}

async fn refused(address: &str, secret: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let access = Access::Key {
        id: KEY.to_owned(),
        secret: secret.to_owned(),
    };
    let Err(error): Result<_, Refused> = Blobs::bucket(folder.path(), address, access).await else {
        panic!("{address} is taken")
    };
    error.to_string()
}

#[tokio::test]
async fn a_bucket_that_cannot_be_used_says_why() {
    let server = BucketServer::start().await;
    let good = testkit::bucket::SECRET;
    for (address, secret, words) in [
        (server.url("nowhere"), good, "there is no bucket `nowhere`"),
        (server.url(BUCKET), "wrong", "refuses the key"),
        (
            format!("s3://{BUCKET}?endpoint=http://127.0.0.1:1&region=x"),
            good,
            "cannot be reached",
        ),
        ("s3:///files".to_owned(), good, "write s3://BUCKET/PREFIX"),
        ("gs://files".to_owned(), good, "write s3://BUCKET/PREFIX"),
        (format!("s3://{BUCKET}?key=1"), good, "`key` is unknown"),
    ] {
        let text = refused(&address, secret).await;
        assert!(text.contains(words), "{address}: {text}");
        assert!(!text.contains(good), "{text}");
    }
}
