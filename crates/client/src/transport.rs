//! One call from request to answer, and its repetition.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{HeaderName, HeaderValue, Method, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::api::Sent;
use crate::error::{Error, Refusal};
use crate::instance::Instance;
use crate::key::RequestKey;
use crate::patience::{Patience, Waiting};

/// Longest answer that is read, in bytes.
const LONGEST_ANSWER: usize = 64 << 20;
const JSON: &str = "application/json";
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What happens during a call, for those who want to watch.
#[derive(Debug)]
#[non_exhaustive]
pub enum Trace<'a> {
    /// A request is sent.
    Request {
        /// Its method.
        method: &'a Method,
        /// Its address.
        url: &'a str,
        /// Its body, JSON.
        body: &'a [u8],
    },
    /// An answer came.
    Response {
        /// Its status.
        status: u16,
        /// Its body.
        body: &'a [u8],
    },
    /// An attempt failed and will be repeated.
    Waiting {
        /// Why it failed.
        error: &'a Error,
        /// How long until the next attempt.
        pause: Duration,
    },
}

pub(crate) type Watch = Arc<dyn Fn(&Trace<'_>) + Send + Sync>;

/// A client of one instance. Cloning is cheap and shares connections.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    http: reqwest::Client,
    instance: Instance,
    authorization: HeaderValue,
    patience: Patience,
    watch: Option<Watch>,
    /// Whether the server was ever reached.
    reached: AtomicBool,
    /// Whether the server does the work of repeated requests once.
    repeatable: AtomicBool,
}

/// Whether a failed attempt may be repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Again {
    /// It would fail the same way.
    Never,
    /// The server did nothing.
    Safe,
    /// The server may have done it: only where a repeated request has its effect once.
    Unsure,
}

/// What is known of a server and repeated requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Proof {
    /// It does their work once.
    Once,
    /// It knows nothing of them.
    Never,
    /// It does not answer just now.
    Unknown,
}

/// A request that can be sent several times.
struct Call<'a> {
    method: Method,
    path: &'a str,
    query: &'a [(&'static str, String)],
    body: Option<Bytes>,
    content_type: &'a str,
    key: Option<&'a RequestKey>,
}

impl Client {
    pub(crate) fn new(
        http: reqwest::Client,
        instance: Instance,
        authorization: HeaderValue,
        patience: Patience,
        watch: Option<Watch>,
    ) -> Client {
        Client {
            inner: Arc::new(Inner {
                http,
                instance,
                authorization,
                patience,
                watch,
                reached: AtomicBool::new(false),
                repeatable: AtomicBool::new(false),
            }),
        }
    }

    /// The instance that is called.
    pub fn instance(&self) -> &Instance {
        &self.inner.instance
    }

    /// Whether the server does the work of a repeated request once, as far as it can be told: only Attest does.
    pub async fn does_repeated_work_once(&self) -> bool {
        self.proof().await == Proof::Once
    }

    /// Whether [`Client::does_repeated_work_once`] was found to hold before.
    pub fn is_known_to_repeat_once(&self) -> bool {
        self.inner.repeatable.load(Relaxed)
    }

    pub(crate) async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&'static str, String)],
    ) -> Result<T, Error> {
        let call = Call {
            method: Method::GET,
            path,
            query,
            body: None,
            content_type: JSON,
            key: None,
        };
        self.parse(&self.send(&call).await?)
    }

    /// A write whose answer has a body.
    pub(crate) async fn create<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
        key: &RequestKey,
    ) -> Result<T, Error> {
        let answer = self.post(path, encode(body)?, key).await?;
        self.parse(&answer)
    }

    /// A write whose answer is not read.
    pub(crate) async fn write(
        &self,
        path: &str,
        body: &impl Serialize,
        key: &RequestKey,
    ) -> Result<(), Error> {
        self.post(path, encode(body)?, key).await.map(drop)
    }

    pub(crate) async fn post(&self, path: &str, body: Bytes, key: &RequestKey) -> Result<Bytes, Error> {
        let call = Call {
            method: Method::POST,
            path,
            query: &[],
            body: Some(body),
            content_type: JSON,
            key: Some(key),
        };
        self.send(&call).await
    }

    /// Any request of [`crate::api`].
    pub(crate) async fn send_sent(&self, sent: &Sent) -> Result<Bytes, Error> {
        let call = Call {
            method: sent.method.clone(),
            path: &sent.path,
            query: &sent.query,
            body: sent.body.clone(),
            content_type: &sent.content_type,
            key: sent.key.as_ref(),
        };
        self.send(&call).await
    }

    pub(crate) fn parse<T: DeserializeOwned>(&self, answer: &[u8]) -> Result<T, Error> {
        serde_json::from_slice(answer).map_err(|_| Error::NotTheProduct {
            host: self.inner.instance.host().to_owned(),
            refusal: Refusal {
                status: 200,
                ..Refusal::default()
            },
        })
    }

    /// Sends until there is success, no hope or no patience.
    async fn send(&self, call: &Call<'_>) -> Result<Bytes, Error> {
        let mut waiting = Waiting::new(self.inner.patience);
        loop {
            let (error, again) = match self.attempt(call).await {
                Ok(answer) => return Ok(answer),
                Err(failed) => failed,
            };
            if again == Again::Never {
                return Err(error);
            }
            // Nothing makes a repetition of these safe: a second PATCH may undo what somebody else did in between.
            if again == Again::Unsure && call.method != Method::GET && call.key.is_none() {
                return Err(error);
            }
            let needs_proof = again == Again::Unsure && call.method != Method::GET;
            let mut asked = error.refusal().and_then(|refusal| refusal.retry_after);
            loop {
                let has_reached = self.inner.reached.load(Relaxed);
                let Some(pause) = waiting.next(asked.take(), has_reached) else {
                    return Err(error);
                };
                let proof = if needs_proof {
                    self.proof().await
                } else {
                    Proof::Once
                };
                if proof == Proof::Never {
                    return Err(error);
                }
                self.tell(&Trace::Waiting { error: &error, pause });
                tokio::time::sleep(pause).await;
                if proof == Proof::Once {
                    break;
                }
            }
        }
    }

    /// One attempt.
    async fn attempt(&self, call: &Call<'_>) -> Result<Bytes, (Error, Again)> {
        let inner = &self.inner;
        let mut url = inner.instance.url(call.path);
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(call.query);
        }
        self.tell(&Trace::Request {
            method: &call.method,
            url: url.as_str(),
            body: call.body.as_deref().unwrap_or_default(),
        });
        let mut request = inner
            .http
            .request(call.method.clone(), url)
            .header(http::header::ACCEPT, "application/json")
            .header(http::header::AUTHORIZATION, inner.authorization.clone());
        if let Some(body) = &call.body {
            request = request
                .header(http::header::CONTENT_TYPE, call.content_type)
                .body(body.clone());
        }
        if let Some(key) = call.key {
            request = request.header(IDEMPOTENCY_KEY, key.as_str());
        }
        let (status, headers, body) = self.answer(request).await.map_err(|cause| self.broken(cause))?;
        inner.reached.store(true, Relaxed);
        self.tell(&Trace::Response {
            status: status.as_u16(),
            body: &body,
        });
        if status.is_success() {
            return Ok(body);
        }
        let refusal = Refusal::read(status, &headers, &body);
        Err((Error::of(inner.instance.host(), refusal), after(status)))
    }

    async fn answer(
        &self,
        request: reqwest::RequestBuilder,
    ) -> Result<(StatusCode, http::HeaderMap, Bytes), reqwest::Error> {
        let mut response = request.send().await?;
        let mut body = BytesMut::new();
        while let Some(chunk) = response.chunk().await? {
            if body.len() + chunk.len() > LONGEST_ANSWER {
                break;
            }
            body.extend_from_slice(&chunk);
        }
        let headers = std::mem::take(response.headers_mut());
        Ok((response.status(), headers, body.freeze()))
    }

    fn broken(&self, cause: reqwest::Error) -> (Error, Again) {
        let error = Error::below(self.inner.instance.host(), cause);
        let again = match error {
            Error::Tls { .. } => Again::Never,
            Error::Unreachable { .. } => Again::Safe,
            _ => Again::Unsure,
        };
        (error, again)
    }

    /// Whether the server does the work of a repeated request once. Only Attest does: its `/livez` says one word and
    /// repeats the id that the request came with.
    async fn proof(&self) -> Proof {
        let inner = &self.inner;
        if inner.repeatable.load(Relaxed) {
            return Proof::Once;
        }
        let Ok(id) = RequestKey::random() else {
            return Proof::Never;
        };
        let request = inner
            .http
            .get(inner.instance.url("/livez"))
            .header(REQUEST_ID, id.as_str());
        let Ok((status, headers, body)) = self.answer(request).await else {
            return Proof::Unknown;
        };
        let echo = headers.get(REQUEST_ID).map(HeaderValue::as_bytes);
        if status == StatusCode::OK && body.as_ref() == b"alive\n" && echo == Some(id.as_str().as_bytes()) {
            inner.repeatable.store(true, Relaxed);
            return Proof::Once;
        }
        if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
            Proof::Unknown
        } else {
            Proof::Never
        }
    }

    fn tell(&self, trace: &Trace<'_>) {
        if let Some(watch) = &self.inner.watch {
            watch(trace);
        }
    }
}

/// Whether a request that was answered with `status` may be sent again.
fn after(status: StatusCode) -> Again {
    match status.as_u16() {
        408 | 425 | 429 => Again::Safe,
        501 | 505 => Again::Never,
        500.. => Again::Unsure,
        _ => Again::Never,
    }
}

pub(crate) fn encode(body: &impl Serialize) -> Result<Bytes, Error> {
    serde_json::to_vec(body)
        .map(Bytes::from)
        .map_err(|error| Error::Request(error.to_string()))
}
