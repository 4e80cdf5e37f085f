//! The public API, called within the process.

use anyhow::{Context as _, ensure};
use axum::Router;
use axum::body::{Body, to_bytes};
use http::{HeaderValue, Method, Request, header};
use serde_json::Value;
use tower::ServiceExt as _;

use crate::serve::layer::Front;

/// Longest answer that is read, in bytes.
const LONGEST: usize = 1 << 20;

/// A client with a key.
pub(super) struct Client {
    front: Front<Router>,
    bearer: String,
}

impl Client {
    pub(super) fn new(front: Front<Router>, key: &str) -> Client {
        Client {
            front,
            bearer: format!("Bearer {key}"),
        }
    }

    /// The document at `path`.
    pub(super) async fn get(&self, path: &str) -> anyhow::Result<Value> {
        self.call(Method::GET, path, None, Body::empty()).await
    }

    /// Sends a document once, whatever happened to an earlier attempt under the same `once`.
    pub(super) async fn post(&self, path: &str, once: &str, document: &Value) -> anyhow::Result<Value> {
        self.call(Method::POST, path, Some(once), Body::from(document.to_string()))
            .await
    }

    /// The id of what a document makes.
    pub(super) async fn create(&self, path: &str, once: &str, document: &Value) -> anyhow::Result<i64> {
        let made = self.post(path, once, document).await?;
        made["id"]
            .as_i64()
            .with_context(|| format!("POST {path} answered without an id"))
    }

    async fn call(
        &self,
        method: Method,
        path: &str,
        once: Option<&str>,
        body: Body,
    ) -> anyhow::Result<Value> {
        let mut request = Request::builder()
            .method(method.clone())
            .uri(path)
            .header(header::HOST, "in-process")
            .header(header::AUTHORIZATION, &self.bearer)
            .header(header::CONTENT_TYPE, "application/json")
            .header(
                header::USER_AGENT,
                concat!("attest/", env!("CARGO_PKG_VERSION"), " (demo)"),
            )
            .body(body)?;
        if let Some(once) = once {
            request
                .headers_mut()
                .insert("idempotency-key", HeaderValue::from_str(once)?);
        }
        let Ok(answer) = self.front.clone().oneshot(request).await;
        let (head, body) = answer.into_parts();
        let bytes = to_bytes(body, LONGEST).await?;
        ensure!(
            head.status.is_success(),
            "{method} {path} answered {}: {}",
            head.status,
            String::from_utf8_lossy(&bytes)
        );
        if bytes.is_empty() {
            return Ok(Value::Null);
        }
        Ok(serde_json::from_slice(&bytes)?)
    }
}
