//! What the accept loop tells the handlers about a connection, as request extensions.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The socket that a request came through.
#[derive(Debug, Clone, Copy)]
pub struct Peer {
    /// The other end of the socket: the client, or a proxy before it.
    pub addr: SocketAddr,
    /// Whether the connection is encrypted.
    pub tls: bool,
    /// The address that accepted the connection.
    pub listener: SocketAddr,
}

/// The client's address after trusted proxies were walked back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientIp(pub IpAddr);

/// Whether the client reached us over https, by its own connection or by what a trusted proxy says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Https(pub bool);

/// The id under which a request is logged and answered (`x-request-id`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(pub Arc<str>);

/// Set once a connection has shown a valid key or session; the cap per address counts only the others.
#[derive(Debug, Clone, Default)]
pub struct ConnectionAuth(Arc<AtomicBool>);

impl ConnectionAuth {
    /// Marks the connection as one of a known caller.
    pub fn mark(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether a valid key or session was shown.
    pub fn is_marked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
