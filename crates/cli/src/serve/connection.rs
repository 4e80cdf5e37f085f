//! One connection: HTTP over a byte stream, with its limits.

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::Body;
use http::{HeaderValue, Request, Response, Version, header};
use hyper::body::{Body as _, Incoming};
use hyper::server::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use model::net::{ConnectionAuth, Peer};
use pin_project_lite::pin_project;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{Semaphore, watch};
use tokio::time::sleep_until;
use tower::Service;

use super::accept::Stage;
use super::body::{Open, Received, Sent};
use super::gate::Place;
use super::layer::Front;
use super::transport::Transport;
use super::watch::{Expired, Phase, State, Watchdog};
use crate::config::Limits;

/// The HTTP version that a connection speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// HTTP/1.0 and 1.1.
    Http1,
    /// HTTP/2, agreed upon by ALPN.
    Http2,
}

/// What every connection of a server shares.
#[derive(Clone)]
pub struct Shared {
    /// The router with the layer around it.
    pub front: Front<axum::Router>,
    /// The limits.
    pub limits: Arc<Limits>,
    /// Whether the server serves, drains or is being ended.
    pub stage: watch::Receiver<Stage>,
    /// One permit for each further connection that can be served.
    pub slots: Arc<Semaphore>,
}

impl Shared {
    /// Whether so few places are left that idle connections should not keep theirs.
    fn is_crowded(&self) -> bool {
        self.slots.available_permits() < self.limits.connections / 8
    }
}

/// Serves `io` until either side is done, a limit is reached, or the server ends.
///
/// `place` is the connection's place among those of its address that are not known yet; it is given up as soon as a
/// valid key or session was shown.
pub async fn drive<IO>(shared: Shared, io: IO, protocol: Protocol, peer: Peer, place: Place)
where
    IO: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let state = Arc::new(State::new(protocol == Protocol::Http2));
    let auth = ConnectionAuth::default();
    let service = Requests {
        shared: shared.clone(),
        state: Arc::clone(&state),
        peer,
        auth: auth.clone(),
    };
    let io = TokioIo::new(Transport::new(io, Arc::clone(&state), &shared.limits));
    let watch = Watch {
        state: &state,
        limits: &shared.limits,
        stage: shared.stage.clone(),
        auth,
        place,
    };
    let ended = match protocol {
        Protocol::Http1 => {
            watch
                .over(http1(&shared.limits).serve_connection(io, service))
                .await
        }
        Protocol::Http2 => {
            watch
                .over(http2(&shared.limits).serve_connection(io, service))
                .await
        }
    };
    match ended {
        Ended::Done => {}
        Ended::Failed(error) => tracing::debug!(peer = %peer.addr, %error, "connection failed"),
        Ended::Expired(limit) => tracing::debug!(peer = %peer.addr, ?limit, "connection took too long"),
        Ended::Cut => tracing::debug!(peer = %peer.addr, "connection cut at the end"),
    }
}

fn http1(limits: &Limits) -> http1::Builder {
    let mut builder = http1::Builder::new();
    // The watchdog times the head: hyper's own timer does not cover a silent connection and costs a timer a request.
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(None)
        .max_header_size(limits.header_bytes)
        .max_buf_size(limits.header_bytes.max(64 * 1024));
    builder
}

fn http2(limits: &Limits) -> http2::Builder<TokioExecutor> {
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .max_header_list_size(u32::try_from(limits.header_bytes).unwrap_or(u32::MAX))
        .max_concurrent_streams(128)
        .max_send_buf_size(64 * 1024)
        // What a connection may send before its handlers read it, so that many uploads at once stay small.
        .initial_stream_window_size(128 * 1024)
        .initial_connection_window_size(256 * 1024)
        .keep_alive_interval(limits.idle)
        .keep_alive_timeout(limits.header);
    builder
}

/// How a connection ended.
enum Ended {
    Done,
    Failed(hyper::Error),
    Expired(Expired),
    Cut,
}

/// hyper's two kinds of connection.
trait Graceful: Future<Output = hyper::Result<()>> {
    fn finish(self: Pin<&mut Self>);
}

impl<IO, S> Graceful for http1::Connection<IO, S>
where
    S: hyper::service::HttpService<Incoming, ResBody = Sent>,
    S::Error: Into<axum::BoxError>,
    IO: hyper::rt::Read + hyper::rt::Write + Unpin,
{
    fn finish(self: Pin<&mut Self>) {
        self.graceful_shutdown();
    }
}

impl<IO> Graceful for http2::Connection<IO, Requests, TokioExecutor>
where
    IO: hyper::rt::Read + hyper::rt::Write + Unpin,
{
    fn finish(self: Pin<&mut Self>) {
        self.graceful_shutdown();
    }
}

struct Watch<'a> {
    state: &'a State,
    limits: &'a Limits,
    stage: watch::Receiver<Stage>,
    auth: ConnectionAuth,
    place: Place,
}

impl Watch<'_> {
    async fn over(mut self, connection: impl Graceful) -> Ended {
        let mut connection = pin!(connection);
        let mut watchdog = Watchdog::new(self.state, self.limits);
        let mut timer = pin!(sleep_until(watchdog.first()));
        let mut seen = Stage::Serving;
        let mut finishing = false;
        loop {
            let mut changed = pin!(self.stage.wait_for(move |stage| *stage > seen));
            let (place, auth, state) = (&mut self.place, &self.auth, self.state);
            let step = poll_fn(|cx| {
                let done = connection.as_mut().poll(cx);
                if auth.is_marked() {
                    place.give_up();
                }
                if let Poll::Ready(outcome) = done {
                    return Poll::Ready(Step::Over(outcome.map_or_else(Ended::Failed, |()| Ended::Done)));
                }
                if let Poll::Ready(expired) = watchdog.poll(place, timer.as_mut(), cx) {
                    return Poll::Ready(Step::Over(Ended::Expired(expired)));
                }
                // hyper would drop a request whose head is still arriving.
                if seen == Stage::Draining
                    && !finishing
                    && !matches!(state.phase(), Phase::Silent | Phase::Header)
                {
                    return Poll::Ready(Step::Finish);
                }
                let stage = ready!(changed.as_mut().poll(cx)).map_or(Stage::Ended, |stage| *stage);
                Poll::Ready(Step::Stage(stage))
            });
            match step.await {
                Step::Over(ended) => return ended,
                Step::Stage(Stage::Ended) => return Ended::Cut,
                Step::Stage(stage) => {
                    seen = stage;
                    watchdog.last_call(timer.as_mut());
                }
                Step::Finish => {
                    finishing = true;
                    connection.as_mut().finish();
                }
            }
        }
    }
}

enum Step {
    Over(Ended),
    Stage(Stage),
    Finish,
}

/// Turns hyper's requests into those of the router.
#[derive(Clone)]
struct Requests {
    shared: Shared,
    state: Arc<State>,
    peer: Peer,
    auth: ConnectionAuth,
}

impl hyper::service::Service<Request<Incoming>> for Requests {
    type Response = Response<Sent>;
    type Error = Infallible;
    type Future = Answer;

    fn call(&self, request: Request<Incoming>) -> Answer {
        self.state.begin();
        let (mut head, incoming) = request.into_parts();
        head.extensions.insert(self.peer);
        head.extensions.insert(self.auth.clone());
        let last = self.is_last(&head);
        let body = if incoming.is_end_stream() {
            Body::empty()
        } else {
            let (received, upload) = Received::new(incoming, &self.shared.limits);
            head.extensions.insert(upload);
            Body::new(received)
        };
        Answer {
            inner: self.shared.front.clone().call(Request::from_parts(head, body)),
            open: Some(Open::new(Arc::clone(&self.state))),
            last,
        }
    }
}

impl Requests {
    /// Whether the connection ends with the answer.
    ///
    /// A body with Transfer-Encoding ends it: where a proxy and we might disagree about its length, nothing may follow
    /// (RFC 9112 §6.1).
    fn is_last(&self, head: &http::request::Parts) -> bool {
        match head.version {
            Version::HTTP_11 => {
                head.headers.contains_key(header::TRANSFER_ENCODING) || self.shared.is_crowded()
            }
            _ => false,
        }
    }
}

pin_project! {
    /// The answer to one request.
    struct Answer {
        #[pin]
        inner: <Front<axum::Router> as Service<Request<Body>>>::Future,
        open: Option<Open>,
        last: bool,
    }
}

impl Future for Answer {
    type Output = Result<Response<Sent>, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let Ok(response) = ready!(this.inner.poll(cx));
        let (mut head, body) = response.into_parts();
        if *this.last {
            head.headers
                .insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        match this.open.take() {
            Some(open) => Poll::Ready(Ok(Response::from_parts(head, Sent::new(body, open)))),
            None => Poll::Pending,
        }
    }
}
