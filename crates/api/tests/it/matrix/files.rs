//! Operations on files: each needs a file that lies where its path says.

use super::{Objects, World};
use crate::attachments;
use axum::body::Body;
use http::Method;
use testkit::app::request;

/// What is uploaded: a part that single and several uploads take.
const FILE: (&str, Option<&str>, Option<&str>, &[u8]) = ("file", Some("a.txt"), Some("text/plain"), b"a");

/// Where the files are listed that an operation is about.
pub(super) fn list(path: &str) -> Option<String> {
    let (owner, _) = path.split_once("/attachments")?;
    let owner = match owner {
        "/api/attest/v1/cases/{case_id}" => "/api/v1/cases/{case_id}",
        owner => owner,
    };
    Some(format!("{owner}/attachments"))
}

/// A body with it.
pub(super) fn body() -> Vec<u8> {
    attachments::body(&[FILE])
}

impl World {
    /// Fresh objects for an operation, with a file where it is about files.
    pub(super) async fn objects_for(&self, admin: &str, operation: &str) -> Objects {
        let mut objects = self.objects(admin).await;
        if let Some(list) = list(operation) {
            let path = objects.in_path(&list);
            let body = Body::from(body());
            let mut upload = request(Method::POST, &path, admin).body(body).unwrap();
            let kind = attachments::MULTIPART.parse().unwrap();
            upload.headers_mut().insert("content-type", kind);
            let made = self.test.send(upload).await;
            objects.attachment = made.json()["result"][0]["id"].as_i64().unwrap();
        }
        objects
    }
}
