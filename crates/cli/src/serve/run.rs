//! Starting, running and ending the server.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context as _;
use app::App;
use axum::Router;
use model::SystemClock;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

use super::accept::{Listener, Server, Stage};
use super::health::{self, Readiness};
use super::layer::{Front, Settings};
use super::metrics::Metrics;
use super::metrics_page::{self, Render};
use super::{files_limit, tls, welcome};
use crate::config::{Config, Tls};
use crate::demo;
use crate::instance::{self, Absent};

/// Serves until SIGTERM or SIGINT, then ends in order.
///
/// # Errors
/// What keeps the server from starting, or the reason why the database cannot go on.
pub async fn run(config: Config) -> anyhow::Result<()> {
    let signals = Signals::take()?;
    files_limit::raise(config.limits.connections);
    let bound = bind(&config)?;
    let app = instance::open(&config, Absent::Make).await?;
    let jobs = app.start_jobs();
    let stage = watch::Sender::new(Stage::Serving);
    let metrics = Arc::new(Metrics::default());
    let render = metrics_page::render(app.clone(), Arc::clone(&metrics));
    let router = routes(&app, &config, &stage, Arc::clone(&render));
    let front = Front::new(router, Arc::new(Settings::new(&config, Arc::clone(&metrics))));
    let demo = config
        .demo
        .then(|| tokio::spawn(demo::make(app.clone(), front.clone())));
    let server = Server::new(
        front,
        config.limits.clone(),
        config.trusted_proxies.clone(),
        stage.clone(),
    );
    let watcher = metrics_server(&config, render, stage)?;

    welcome::print(
        &config,
        &bound,
        app::setup::link_token(&app).await.map_err(instance::told)?,
    );
    let listeners = bound.into_iter().map(|bound| bound.listener).collect();
    let failed = app.db().clone();
    let mut failure = None;
    let finished = server
        .run(listeners, async {
            tokio::select! {
                () = signals.stop() => {}
                reason = failed.failed() => failure = Some(reason),
            }
        })
        .await;
    if !finished {
        tracing::warn!("some requests did not end in time and were cut");
    }
    watcher.abort();
    if let Some(demo) = demo {
        demo.abort();
    }
    jobs.stop().await;
    instance::close(app).await;
    tracing::info!("stopped");
    failure.map_or(Ok(()), |reason| {
        Err(anyhow::Error::msg(reason).context("the database cannot go on"))
    })
}

/// A listener, and how it is reached.
pub(super) struct Bound {
    pub(super) listener: Listener,
    pub(super) address: SocketAddr,
    pub(super) scheme: &'static str,
}

fn bind(config: &Config) -> anyhow::Result<Vec<Bound>> {
    let mut bound = Vec::new();
    if let Some(address) = config.listen {
        bound.push(listen(address, "http", None, "--listen")?);
    }
    if let Some(acceptor) = certificate(config)? {
        bound.push(listen(
            config.tls_listen,
            "https",
            Some(acceptor),
            "--tls-listen",
        )?);
    }
    Ok(bound)
}

fn listen(
    address: SocketAddr,
    scheme: &'static str,
    acceptor: Option<tokio_rustls::TlsAcceptor>,
    flag: &str,
) -> anyhow::Result<Bound> {
    let listener = Listener::bind(address, acceptor).with_context(|| {
        format!("cannot listen on {address}; end what uses the port, or give another with {flag}")
    })?;
    let address = listener.address()?;
    Ok(Bound {
        listener,
        address,
        scheme,
    })
}

/// The certificate, looked after from now on.
fn certificate(config: &Config) -> anyhow::Result<Option<tokio_rustls::TlsAcceptor>> {
    let current = match &config.tls {
        Tls::Off => return Ok(None),
        Tls::SelfSigned => {
            let names = tls::subject_names(config);
            let ours = tls::SelfSigned::open(&config.data_dir, names, Arc::new(SystemClock))?;
            let current = tls::Current::new(ours.issue()?);
            tokio::spawn(ours.follow(Arc::clone(&current)));
            current
        }
        Tls::Files { cert, key } => {
            let files = tls::Files {
                cert: cert.clone(),
                key: key.clone(),
            };
            let current = tls::Current::new(files.load()?);
            tokio::spawn(files.follow(Arc::clone(&current)));
            current
        }
    };
    tls::acceptor(current).map(Some)
}

fn routes(app: &App, config: &Config, stage: &watch::Sender<Stage>, render: Render) -> Router {
    let readiness = Readiness::new(app.clone(), config.data_dir.clone(), stage.subscribe());
    let options = api::Options {
        spool: config.data_dir.clone(),
    };
    web::router(app.clone())
        .merge(api::router(app.clone(), options))
        .merge(health::router(readiness))
        .merge(metrics_page::admin_metrics(app.clone(), render))
}

/// `/metrics` on its own address, with few connections and without rights.
fn metrics_server(
    config: &Config,
    render: Render,
    stage: watch::Sender<Stage>,
) -> anyhow::Result<tokio::task::JoinHandle<bool>> {
    let Some(address) = config.metrics_listen else {
        return Ok(tokio::spawn(async { true }));
    };
    let bound = listen(address, "http", None, "--metrics-listen")?;
    tracing::info!(address = %bound.address, "serving /metrics");
    let settings = Settings::new(config, Arc::default());
    let front = Front::new(metrics_page::open_metrics(render), Arc::new(settings));
    let limits = crate::config::Limits {
        connections: 32,
        ..config.limits.clone()
    };
    let server = Server::new(front, limits, Vec::new(), stage);
    Ok(tokio::spawn(async move {
        server.run(vec![bound.listener], std::future::pending()).await
    }))
}

/// SIGTERM and SIGINT.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// Takes the signals over. Until then either ends the process at once.
    fn take() -> std::io::Result<Signals> {
        Ok(Signals {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn either(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }

    /// Ready at the first signal. The second one ends the process at once.
    async fn stop(mut self) {
        self.either().await;
        tracing::info!("stopping: finishing what was begun");
        tokio::spawn(async move {
            self.either().await;
            tracing::warn!("stopping at once");
            std::process::exit(1);
        });
    }
}
