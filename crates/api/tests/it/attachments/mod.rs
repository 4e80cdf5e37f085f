//! Uploaded files: what is kept of them, how they come back, and that what breaks off leaves nothing.

/// Makes tests of functions that take a world: once with files in a folder, once with files in a bucket.
macro_rules! in_folder_and_bucket {
    ($($name:ident)*) => {
        mod folder {
            $(#[tokio::test]
            async fn $name() {
                super::$name(super::World::new().await).await;
            })*
        }

        mod bucket {
            $(#[tokio::test]
            async fn $name() {
                super::$name(super::World::with_bucket().await).await;
            })*
        }
    };
}

mod keeping;
mod storage;
mod streams;

use axum::body::Body;
use http::{Method, Request, StatusCode};
use model::ProjectId;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
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
        World::of(TestApp::new().await).await
    }

    async fn with_bucket() -> World {
        World::of(TestApp::with_bucket().await).await
    }

    async fn of(test: TestApp) -> World {
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

    /// Everything that is stored: blobs, and what has not arrived yet.
    fn stored(&self) -> Vec<PathBuf> {
        let mut all = files(&self.test.blobs());
        if let Some(bucket) = self.test.bucket() {
            // The server keeps what it knows of an object beside it.
            let is_note = |path: &PathBuf| path.extension().is_some_and(|e| e == "json");
            all.extend(files(&bucket).into_iter().filter(|path| !is_note(path)));
        }
        all
    }

    /// That neither a row nor a byte is there.
    async fn assert_nothing(&self, what: &str) {
        assert_eq!(self.list(&self.path()).await, [Value::Null; 0], "{what}");
        assert_eq!(self.stored(), [""; 0].map(PathBuf::from), "{what}");
    }
}
