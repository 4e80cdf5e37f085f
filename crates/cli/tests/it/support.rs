//! A server in memory, and a client that says exactly the bytes that it is told to say.

use std::sync::Arc;

use axum::Router;
use cli::config::{Config, Limits};
use cli::serve::accept::Stage;
use cli::serve::connection::{Protocol, Shared, drive};
use cli::serve::gate::Place;
use cli::serve::layer::{Front, Settings};
use cli::serve::metrics::Metrics;
use model::net::Peer;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, DuplexStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;

/// The factory limits.
pub(crate) fn factory() -> Limits {
    Config::factory().unwrap().limits
}

/// The layer around `router`, as `limits` has it.
pub(crate) fn front(router: Router, limits: &Limits) -> Front<Router> {
    front_behind(router, limits, &[])
}

/// The layer around `router`, believing these proxies.
pub(crate) fn front_behind(router: Router, limits: &Limits, trusted: &[&str]) -> Front<Router> {
    let settings = Settings {
        trusted: trusted.iter().map(|net| net.parse().unwrap()).collect(),
        uri_bytes: limits.uri_bytes,
        request: limits.request,
        metrics: Arc::new(Metrics::default()),
    };
    Front::new(router, Arc::new(settings))
}

/// A peer on the loopback interface.
pub(crate) fn peer() -> Peer {
    Peer {
        addr: "127.0.0.1:40000".parse().unwrap(),
        tls: false,
        listener: "127.0.0.1:8080".parse().unwrap(),
    }
}

/// One HTTP/1 connection to `router` in memory.
pub(crate) struct Wire {
    pub(crate) client: Client<DuplexStream>,
    /// What the server is doing.
    pub(crate) stage: watch::Sender<Stage>,
    /// Ends with the connection.
    pub(crate) served: JoinHandle<()>,
}

/// Connects to `router` under `limits`.
pub(crate) fn connect(router: Router, limits: Limits) -> Wire {
    connect_as(router, limits, Place::uncounted(), 64 * 1024)
}

/// Connects with a place of its own and `buffer` bytes between the two sides.
pub(crate) fn connect_as(router: Router, limits: Limits, place: Place, buffer: usize) -> Wire {
    let free = limits.connections - 1;
    connect_with(router, limits, place, buffer, free)
}

/// Connects to a server that has no place left.
pub(crate) fn connect_full(router: Router, limits: Limits) -> Wire {
    connect_with(router, limits, Place::uncounted(), 64 * 1024, 0)
}

fn connect_with(router: Router, limits: Limits, place: Place, buffer: usize, free: usize) -> Wire {
    let (ours, theirs) = tokio::io::duplex(buffer);
    let stage = watch::Sender::new(Stage::Serving);
    let shared = Shared {
        front: front(router, &limits),
        limits: Arc::new(limits),
        stage: stage.subscribe(),
        slots: Arc::new(Semaphore::new(free)),
    };
    Wire {
        client: Client::new(ours),
        stage,
        served: tokio::spawn(drive(shared, theirs, Protocol::Http1, peer(), place)),
    }
}

/// A client that reads answers byte by byte.
pub(crate) struct Client<IO>(IO);

/// An answer's head and body.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: String,
}

impl Answer {
    /// The values of a header, in order.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .filter(|(header, _)| header.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
            .collect()
    }

    /// The only value of a header; nothing when it is absent.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let values = self.all(name);
        assert!(values.len() <= 1, "{name} is there {} times", values.len());
        values.first().copied()
    }
}

impl<IO: AsyncRead + AsyncWrite + Unpin> Client<IO> {
    pub(crate) fn new(io: IO) -> Client<IO> {
        Client(io)
    }

    /// Sends these bytes.
    pub(crate) async fn say(&mut self, text: &str) {
        self.0.write_all(text.as_bytes()).await.unwrap();
    }

    /// Sends these bytes unless the server has closed its side.
    pub(crate) async fn try_say(&mut self, text: &str) -> bool {
        self.0.write_all(text.as_bytes()).await.is_ok()
    }

    /// Sends `GET path`.
    pub(crate) async fn get(&mut self, path: &str) {
        self.say(&format!("GET {path} HTTP/1.1\r\nhost: attest.test\r\n\r\n"))
            .await;
    }

    /// Reads one answer with a `Content-Length`, or without a body.
    pub(crate) async fn answer(&mut self) -> Answer {
        self.try_answer()
            .await
            .expect("an answer, not the end of the connection")
    }

    /// Reads one answer, unless the connection ends before it is whole.
    pub(crate) async fn try_answer(&mut self) -> Option<Answer> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(self.0.read_u8().await.ok()?);
        }
        let head = String::from_utf8(head).unwrap();
        let mut answer = Answer {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            head,
            body: String::new(),
        };
        let length = answer.header("content-length").map_or(0, |n| n.parse().unwrap());
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).await.ok()?;
        answer.body = String::from_utf8(body).unwrap();
        Some(answer)
    }

    /// Reads until the server closes its side; what came before.
    pub(crate) async fn end(&mut self) -> String {
        let mut rest = Vec::new();
        let _ = self.0.read_to_end(&mut rest).await;
        String::from_utf8_lossy(&rest).into_owned()
    }
}
