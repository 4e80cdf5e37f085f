//! The one layer around every route: request id, client address, security headers, metrics, log context, time limit,
//! and a panic's answer.
//!
//! It is written by hand as one service, because the same things stacked from ready-made layers cost half of the
//! server's throughput.

mod answer;
mod client;
mod headers;
mod id;

use std::any::Any;
use std::convert::Infallible;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use http::{Method, Request, Response, StatusCode, Uri};
use ipnet::IpNet;
use model::net::{ClientIp, Https, Peer, RequestId};
use pin_project_lite::pin_project;
use tokio::time::{Instant, Sleep, sleep_until};
use tower::Service;

pub use headers::Class;

use super::body::Upload;
use super::metrics::Metrics;
use crate::config::Config;
use crate::logging;
use answer::{Asked, Refusal};

/// What the layer has to know.
#[derive(Debug)]
pub struct Settings {
    /// Proxies whose `X-Forwarded-*` headers are believed.
    pub trusted: Vec<IpNet>,
    /// Bytes of a request's address.
    pub uri_bytes: usize,
    /// A request without the time that its body took.
    pub request: Duration,
    /// Where requests are counted.
    pub metrics: Arc<Metrics>,
}

impl Settings {
    /// Those of a configuration.
    pub fn new(config: &Config, metrics: Arc<Metrics>) -> Settings {
        Settings {
            trusted: config.trusted_proxies.clone(),
            uri_bytes: config.limits.uri_bytes,
            request: config.limits.request,
            metrics,
        }
    }
}

/// The layer around `S`.
#[derive(Debug, Clone)]
pub struct Front<S> {
    inner: S,
    settings: Arc<Settings>,
}

impl<S> Front<S> {
    /// Puts the layer around `inner`.
    pub fn new(inner: S, settings: Arc<Settings>) -> Front<S> {
        Front { inner, settings }
    }
}

impl<S> Service<Request<Body>> for Front<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Answer<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let trip = Trip::begin(&self.settings, &mut request);
        let upload = request.extensions_mut().remove::<Upload>();
        let settings = Arc::clone(&self.settings);
        match headers::refuse(&request, self.settings.uri_bytes) {
            Some(refusal) => Answer::new(None, Some(refusal), trip, upload, settings),
            None => Answer::new(Some(self.inner.call(request)), None, trip, upload, settings),
        }
    }
}

/// What is remembered of a request until its answer.
#[derive(Debug)]
struct Trip {
    id: RequestId,
    started: Instant,
    class: Class,
    https: bool,
    asked: Asked,
    client: Option<ClientIp>,
    method: Method,
    uri: Uri,
}

impl Trip {
    fn begin(settings: &Settings, request: &mut Request<Body>) -> Trip {
        let class = Class::of(request.uri().path());
        let id = id::of(request.headers());
        let peer = request.extensions().get::<Peer>().copied();
        let seen = client::seen(peer, request.headers(), &settings.trusted);
        let trip = Trip {
            id: id.clone(),
            started: Instant::now(),
            class,
            https: seen.https,
            asked: Asked::of(class, request.headers()),
            client: seen.ip.map(ClientIp),
            method: request.method().clone(),
            uri: request.uri().clone(),
        };
        let extensions = request.extensions_mut();
        extensions.insert(id);
        extensions.insert(Https(seen.https));
        if let Some(ip) = trip.client {
            extensions.insert(ip);
        }
        settings.metrics.begin();
        trip
    }

    fn log(&self, status: StatusCode, elapsed: Duration) {
        let ip = self.client.map(|client| client.0);
        let path = logging::path(self.uri.path());
        let method = logging::method(&self.method);
        let ms = elapsed.as_secs_f64() * 1000.0;
        let status = status.as_u16();
        if status >= 500 {
            tracing::warn!(target: "access", method, path, status, ms, ip = ip.map(tracing::field::display), "request failed");
        } else {
            tracing::debug!(target: "access", method, path, status, ms, ip = ip.map(tracing::field::display), "request");
        }
    }
}

pin_project! {
    /// The answer to one request, finished by the layer.
    pub struct Answer<F> {
        #[pin]
        inner: Option<F>,
        refusal: Option<Refusal>,
        trip: Trip,
        upload: Option<Upload>,
        timer: Option<Pin<Box<Sleep>>>,
        settings: Arc<Settings>,
        counted: Counted,
    }
}

/// Counts a request as no longer open, even if its client went away.
struct Counted(Arc<Metrics>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.end();
    }
}

impl<F> Answer<F> {
    fn new(
        inner: Option<F>,
        refusal: Option<Refusal>,
        trip: Trip,
        upload: Option<Upload>,
        settings: Arc<Settings>,
    ) -> Answer<F> {
        Answer {
            inner,
            refusal,
            trip,
            upload,
            timer: None,
            counted: Counted(Arc::clone(&settings.metrics)),
            settings,
        }
    }
}

impl<F> Future for Answer<F>
where
    F: Future<Output = Result<Response<Body>, Infallible>>,
{
    type Output = Result<Response<Body>, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let trip = this.trip;
        let mut response = match this.inner.as_pin_mut() {
            None => this
                .refusal
                .take()
                .unwrap_or(Refusal::PANIC)
                .response(trip.asked, &trip.id),
            Some(inner) => match poll_inner(inner, &trip.id, cx) {
                Poll::Ready(Ok(response)) if too_slow(this.upload.as_ref(), response.status()) => {
                    Refusal::TOO_SLOW.response(trip.asked, &trip.id)
                }
                Poll::Ready(Ok(response)) => response,
                Poll::Ready(Err(panic)) => {
                    drop(panic);
                    Refusal::PANIC.response(trip.asked, &trip.id)
                }
                Poll::Pending => {
                    let limit = Limit {
                        started: trip.started,
                        request: this.settings.request,
                        upload: this.upload.as_ref(),
                    };
                    std::task::ready!(limit.poll(this.timer, cx));
                    Refusal::TIMEOUT.response(trip.asked, &trip.id)
                }
            },
        };
        let status = response.status();
        let elapsed = trip.started.elapsed();
        headers::finish(&mut response, trip.class, trip.https, &trip.id);
        this.settings.metrics.record(trip.class, status, elapsed);
        if status.is_server_error() || tracing::enabled!(target: "access", tracing::Level::DEBUG) {
            logging::within(&trip.id, || trip.log(status, elapsed));
        }
        Poll::Ready(Ok(response))
    }
}

/// Whether the handler refused a request because its body broke off, and it did so because we gave it up. An answer that
/// was a success, or that told of something of our own, did not depend on the rest of the body.
fn too_slow(upload: Option<&Upload>, status: StatusCode) -> bool {
    status.is_client_error() && upload.is_some_and(Upload::is_too_slow)
}

/// Polls the handler with the request's id in the log context. A panic ends the request, not the server.
fn poll_inner<F>(
    inner: Pin<&mut F>,
    id: &RequestId,
    cx: &mut Context<'_>,
) -> Poll<Result<Response<Body>, Box<dyn Any + Send>>>
where
    F: Future<Output = Result<Response<Body>, Infallible>>,
{
    match catch_unwind(AssertUnwindSafe(|| logging::within(id, || inner.poll(cx)))) {
        Ok(poll) => poll.map(|Ok(response)| Ok(response)),
        Err(panic) => Poll::Ready(Err(panic)),
    }
}

/// The time limit of a request, which leaves out what its body took.
struct Limit<'a> {
    started: Instant,
    request: Duration,
    upload: Option<&'a Upload>,
}

impl Limit<'_> {
    fn end(&self) -> Instant {
        match self.upload {
            Some(upload) if upload.is_waiting() => Instant::now() + self.request,
            Some(upload) => self.started + self.request + upload.waited(),
            None => self.started + self.request,
        }
    }

    fn poll(&self, timer: &mut Option<Pin<Box<Sleep>>>, cx: &mut Context<'_>) -> Poll<()> {
        let timer = timer.get_or_insert_with(|| Box::pin(sleep_until(self.started + self.request)));
        while timer.as_mut().poll(cx).is_ready() {
            let end = self.end();
            if Instant::now() >= end {
                return Poll::Ready(());
            }
            timer.as_mut().reset(end);
        }
        Poll::Pending
    }
}
