//! Request bodies that have to arrive at a rate, and answers that report when they are sent.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use hyper::body::Incoming;

use super::pace::Pace;
use super::watch::State;
use crate::config::Limits;

/// How long a request has waited for its own body, which its time limit leaves out.
#[derive(Debug, Clone, Default)]
pub(crate) struct Upload(Arc<UploadState>);

#[derive(Debug, Default)]
struct UploadState {
    waited_micros: AtomicU64,
    waiting: AtomicBool,
    too_slow: AtomicBool,
}

impl Upload {
    /// The time spent waiting for the client so far.
    pub(crate) fn waited(&self) -> Duration {
        Duration::from_micros(self.0.waited_micros.load(Relaxed))
    }

    /// Whether the request waits for the client now.
    pub(crate) fn is_waiting(&self) -> bool {
        self.0.waiting.load(Relaxed)
    }

    /// Whether the body was given up because it arrived too slowly. The handler only sees that it broke off.
    pub(crate) fn is_too_slow(&self) -> bool {
        self.0.too_slow.load(Relaxed)
    }
}

/// A request's body was sent more slowly than the limits allow.
#[derive(Debug, thiserror::Error)]
#[error("the request's body arrives too slowly; send at least {0} bytes a second")]
pub struct SlowBody(u64);

/// A request's body, with the time that it takes.
#[derive(Debug)]
pub(crate) struct Received {
    body: Incoming,
    pace: Pace,
    rate: u64,
    upload: Upload,
}

impl Received {
    pub(crate) fn new(body: Incoming, limits: &Limits) -> (Received, Upload) {
        let upload = Upload::default();
        let received = Received {
            body,
            pace: Pace::new(limits),
            rate: limits.rate,
            upload: upload.clone(),
        };
        (received, upload)
    }

    fn note(&mut self, bytes: usize) {
        let waited = self.pace.moved(bytes);
        if !waited.is_zero() {
            let micros = u64::try_from(waited.as_micros()).unwrap_or(u64::MAX);
            self.upload.0.waited_micros.fetch_add(micros, Relaxed);
        }
        self.upload.0.waiting.store(false, Relaxed);
    }
}

impl HttpBody for Received {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::BoxError>>> {
        match Pin::new(&mut self.body).poll_frame(cx) {
            Poll::Ready(frame) => {
                let bytes = match &frame {
                    Some(Ok(frame)) => frame.data_ref().map_or(0, Bytes::len),
                    _ => 0,
                };
                self.note(bytes);
                Poll::Ready(frame.map(|it| it.map_err(Into::into)))
            }
            Poll::Pending => {
                self.upload.0.waiting.store(true, Relaxed);
                let slow = SlowBody(self.rate);
                self.pace.poll_wait(cx).map(|_| {
                    self.upload.0.too_slow.store(true, Relaxed);
                    Some(Err(slow.into()))
                })
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// An answer's body that tells the connection when the transport has taken it over.
#[derive(Debug)]
pub(crate) struct Sent {
    body: Body,
    _open: Open,
}

/// One request of a connection, until it is dropped.
#[derive(Debug)]
pub(crate) struct Open {
    state: Arc<State>,
    answered: bool,
}

impl Open {
    pub(crate) fn new(state: Arc<State>) -> Open {
        Open {
            state,
            answered: false,
        }
    }
}

impl Open {
    /// The handler has answered.
    fn answered(&mut self) {
        if !self.answered {
            self.answered = true;
            self.state.answered();
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.answered();
        self.state.end();
    }
}

impl Sent {
    pub(crate) fn new(body: Body, mut open: Open) -> Sent {
        open.answered();
        Sent { body, _open: open }
    }
}

impl HttpBody for Sent {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
