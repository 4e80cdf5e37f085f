//! The accept loop: listeners, the cap on connections, and the orderly end.

use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::task::Poll;
use std::time::Duration;

use ipnet::IpNet;
use model::net::Peer;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};
use tokio_rustls::TlsAcceptor;

use super::connection::{Protocol, Shared, drive};
use super::gate::{Gate, Place};
use super::layer::Front;
use super::watch::{GLANCE, HURRIED};
use crate::config::Limits;

/// Connections that the kernel holds before we accept them.
const BACKLOG: u32 = 1024;
/// How long a connection waits for its address's turn. Testmo's clients give up after 60 s.
const QUEUE_WAIT: Duration = Duration::from_secs(40);

/// What the server is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Serving.
    Serving,
    /// Finishing what was begun.
    Draining,
    /// Cutting what is left.
    Ended,
}

/// A bound socket, and TLS on it.
pub struct Listener {
    socket: TcpListener,
    tls: Option<TlsAcceptor>,
}

impl Listener {
    /// Binds `address`.
    ///
    /// # Errors
    /// Those of the operating system: the port is taken, or not ours to take.
    pub fn bind(address: SocketAddr, tls: Option<TlsAcceptor>) -> io::Result<Listener> {
        let socket = match address {
            SocketAddr::V4(_) => TcpSocket::new_v4()?,
            SocketAddr::V6(_) => TcpSocket::new_v6()?,
        };
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        Ok(Listener {
            socket: socket.listen(BACKLOG)?,
            tls,
        })
    }

    /// The address that was bound, with the port that the system chose for port 0.
    ///
    /// # Errors
    /// Those of the operating system.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }
}

/// Serves one router on any number of listeners.
pub struct Server {
    shared: Shared,
    stage: watch::Sender<Stage>,
    slots: Arc<Semaphore>,
    gate: Arc<Gate>,
    queued: Arc<AtomicUsize>,
    trusted: Arc<[IpNet]>,
}

impl Server {
    /// A server that answers with `front`. Connections from `trusted` proxies are not counted per address.
    ///
    /// `stage` is what the server is doing, which [`Server::run`] changes.
    pub fn new(
        front: Front<axum::Router>,
        limits: Limits,
        trusted: Vec<IpNet>,
        stage: watch::Sender<Stage>,
    ) -> Server {
        let slots = Arc::new(Semaphore::new(limits.connections));
        Server {
            gate: Arc::new(Gate::new(limits.per_address)),
            queued: Arc::default(),
            trusted: trusted.into(),
            shared: Shared {
                front,
                limits: Arc::new(limits),
                stage: stage.subscribe(),
                slots: Arc::clone(&slots),
            },
            slots,
            stage,
        }
    }

    /// Connections that are served now.
    pub fn connections(&self) -> usize {
        self.shared
            .limits
            .connections
            .saturating_sub(self.slots.available_permits())
    }

    /// Accepts until `stop` is ready, then finishes what was begun within the drain limit and cuts the rest.
    ///
    /// Returns whether everything was finished in time.
    pub async fn run(&self, listeners: Vec<Listener>, stop: impl Future<Output = ()>) -> bool {
        let mut loops = JoinSet::new();
        for listener in listeners {
            loops.spawn(self.acceptor().run(listener));
        }
        stop.await;
        self.stage.send_replace(Stage::Draining);
        while loops.join_next().await.is_some() {}
        let every = u32::try_from(self.shared.limits.connections).unwrap_or(u32::MAX);
        let drained = timeout(self.shared.limits.drain, self.slots.acquire_many(every))
            .await
            .is_ok();
        self.stage.send_replace(Stage::Ended);
        drained
    }

    fn acceptor(&self) -> Acceptor {
        Acceptor {
            shared: self.shared.clone(),
            slots: Arc::clone(&self.slots),
            gate: Arc::clone(&self.gate),
            queued: Arc::clone(&self.queued),
            trusted: Arc::clone(&self.trusted),
        }
    }
}

#[derive(Clone)]
struct Acceptor {
    shared: Shared,
    slots: Arc<Semaphore>,
    gate: Arc<Gate>,
    queued: Arc<AtomicUsize>,
    trusted: Arc<[IpNet]>,
}

impl Acceptor {
    async fn run(self, listener: Listener) {
        let mut stage = self.shared.stage.clone();
        loop {
            tokio::select! {
                biased;
                () = left_serving(&mut stage) => break,
                () = self.accept(&listener) => {}
            }
        }
        self.take_the_rest(&listener).await;
    }

    /// One connection, and a slot for it. While there is none, the others wait in the kernel's queue.
    async fn accept(&self, listener: &Listener) {
        let mut pause = Duration::from_millis(5);
        loop {
            match listener.socket.accept().await {
                Ok((stream, from)) => {
                    if let Ok(slot) = Arc::clone(&self.slots).acquire_owned().await {
                        self.start(listener, stream, from, slot);
                    }
                    return;
                }
                Err(error) if is_of_the_connection(&error) => {}
                Err(error) => {
                    // Out of file descriptors or memory: accepting again at once would only burn the processor.
                    tracing::warn!(%error, pause_ms = pause.as_millis(), "cannot accept connections; raise the limit of open files");
                    sleep(pause).await;
                    pause = (pause * 2).min(Duration::from_secs(1));
                }
            }
        }
    }

    /// What the kernel has completed before we stopped: those clients have connected and may have sent a request.
    async fn take_the_rest(&self, listener: &Listener) {
        while let Ok(slot) = Arc::clone(&self.slots).try_acquire_owned() {
            match poll_fn(|cx| Poll::Ready(listener.socket.poll_accept(cx))).await {
                Poll::Ready(Ok((stream, from))) => self.start(listener, stream, from, slot),
                _ => return,
            }
        }
    }

    fn start(&self, listener: &Listener, stream: TcpStream, from: SocketAddr, slot: OwnedSemaphorePermit) {
        // Answers are small and complete: waiting to fill a packet only delays them.
        let _ = stream.set_nodelay(true);
        let Ok(local) = stream.local_addr() else { return };
        let peer = Peer {
            addr: SocketAddr::new(from.ip().to_canonical(), from.port()),
            tls: listener.tls.is_some(),
            listener: local,
        };
        let tls = listener.tls.clone();
        tokio::spawn(self.clone().connection(stream, peer, tls, slot));
    }

    async fn connection(
        self,
        stream: TcpStream,
        peer: Peer,
        tls: Option<TlsAcceptor>,
        slot: OwnedSemaphorePermit,
    ) {
        let Some((place, _slot)) = self.admit(peer, slot).await else {
            return;
        };
        let Some(tls) = tls else {
            return drive(self.shared, stream, Protocol::Http1, peer, place).await;
        };
        let handshake = tokio::select! {
            handshake = tls.accept(stream) => handshake,
            () = patience(&place, self.shared.limits.header) => Err(io::ErrorKind::TimedOut.into()),
        };
        match handshake {
            Ok(stream) => {
                let protocol = match stream.get_ref().1.alpn_protocol() {
                    Some(b"h2") => Protocol::Http2,
                    _ => Protocol::Http1,
                };
                drive(self.shared, stream, protocol, peer, place).await;
            }
            Err(error) => tracing::debug!(peer = %peer.addr, %error, "no TLS connection"),
        }
    }

    /// A place among the unknown connections of the address, waiting for one if need be.
    ///
    /// Who waits holds no slot, so that one address cannot take them all. The queue is bounded too.
    async fn admit(&self, peer: Peer, slot: OwnedSemaphorePermit) -> Option<(Place, OwnedSemaphorePermit)> {
        if self.trusted.iter().any(|net| net.contains(&peer.addr.ip())) {
            return Some((Place::uncounted(), slot));
        }
        let queue = match self.gate.enter(peer.addr.ip()) {
            Ok(place) => return Some((place, slot)),
            Err(queue) => queue,
        };
        drop(slot);
        let _waiting = Waiting::enter(&self.queued, self.shared.limits.connections)?;
        let mut stage = self.shared.stage.clone();
        tokio::select! {
            place = timeout(QUEUE_WAIT, queue.place()) => {
                let slot = Arc::clone(&self.slots).acquire_owned().await.ok()?;
                Some((place.ok()?, slot))
            }
            () = left_serving(&mut stage) => None,
        }
    }
}

/// Ready when a handshake has taken `limit`, or a moment while others wait for the place.
async fn patience(place: &Place, limit: Duration) {
    let begin = Instant::now();
    while begin.elapsed() < limit && !(place.is_wanted() && begin.elapsed() >= HURRIED) {
        sleep(GLANCE.min(limit)).await;
    }
}

async fn left_serving(stage: &mut watch::Receiver<Stage>) {
    let _ = stage.wait_for(|stage| *stage != Stage::Serving).await;
}

/// One connection that waits for its address's turn.
struct Waiting(Arc<AtomicUsize>);

impl Waiting {
    fn enter(queued: &Arc<AtomicUsize>, most: usize) -> Option<Waiting> {
        let waiting = Waiting(Arc::clone(queued));
        if queued.fetch_add(1, Relaxed) < most {
            return Some(waiting);
        }
        tracing::warn!("too many connections wait for their address's turn; one was refused");
        None
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

/// Whether the error concerns only the connection that was about to be accepted.
fn is_of_the_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionRefused
    )
}
