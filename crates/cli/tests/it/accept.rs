//! The accept loop on real sockets.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use cli::config::Limits;
use cli::serve::accept::{Listener, Server, Stage};
use tokio::net::TcpStream;
use tokio::sync::{Notify, Semaphore, oneshot, watch};
use tokio::task::{JoinHandle, JoinSet};

use crate::support::{Client, factory, front};

struct Running {
    address: std::net::SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    ended: JoinHandle<bool>,
}

fn start(router: Router, limits: Limits) -> Running {
    let listener = Listener::bind("127.0.0.1:0".parse().unwrap(), None).unwrap();
    let address = listener.address().unwrap();
    let server = Server::new(
        front(router, &limits),
        limits,
        Vec::new(),
        watch::Sender::new(Stage::Serving),
    );
    let (stop, stopped) = oneshot::channel::<()>();
    let ended = tokio::spawn(async move {
        server
            .run(vec![listener], async {
                let _ = stopped.await;
            })
            .await
    });
    Running {
        address,
        stop: Some(stop),
        ended,
    }
}

impl Running {
    async fn client(&self) -> Client<TcpStream> {
        Client::new(TcpStream::connect(self.address).await.unwrap())
    }

    fn stop(&mut self) {
        let _ = self.stop.take().unwrap().send(());
    }
}

/// Counts the requests that run at the same time.
#[derive(Clone, Default)]
struct Together {
    now: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
}

impl Together {
    async fn answer(self) -> &'static str {
        self.most.fetch_max(self.now.fetch_add(1, SeqCst) + 1, SeqCst);
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
        self.now.fetch_sub(1, SeqCst);
        "hello"
    }
}

fn counting(together: &Together) -> Router {
    let together = together.clone();
    Router::new().route("/", get(move || together.clone().answer()))
}

async fn everybody_is_served(running: &Running, clients: usize) {
    let mut all = JoinSet::new();
    for _ in 0..clients {
        let mut client = running.client().await;
        all.spawn(async move {
            client
                .say("GET / HTTP/1.1\r\nhost: attest.test\r\nconnection: close\r\n\r\n")
                .await;
            let answer = client.answer().await;
            client.end().await;
            answer.status
        });
    }
    assert_eq!(all.join_all().await, vec![200; clients]);
}

#[tokio::test(flavor = "multi_thread")]
async fn three_hundred_connections_of_one_address_are_all_served() {
    let together = Together::default();
    let limits = Limits {
        per_address: 16,
        ..factory()
    };
    let running = start(counting(&together), limits);
    everybody_is_served(&running, 300).await;
    let most = together.most.load(SeqCst);
    assert!((1..=16).contains(&most), "{most} at once");
}

#[tokio::test(flavor = "multi_thread")]
async fn more_connections_than_allowed_wait_for_their_turn() {
    let together = Together::default();
    let limits = Limits {
        connections: 4,
        ..factory()
    };
    let running = start(counting(&together), limits);
    everybody_is_served(&running, 100).await;
    let most = together.most.load(SeqCst);
    assert!((1..=4).contains(&most), "{most} at once");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_holds_connections_open_does_not_keep_others_out() {
    let limits = Limits {
        connections: 8,
        per_address: 2,
        ..factory()
    };
    let running = start(Router::new().route("/", get(|| async { "hello" })), limits);
    // From 127.0.0.1: two silent connections hold both places, six more wait without a slot.
    let mut silent = Vec::new();
    for _ in 0..8 {
        silent.push(running.client().await);
    }
    // From 127.0.0.2.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.2:0".parse().unwrap()).unwrap();
    let mut other = Client::new(socket.connect(running.address).await.unwrap());
    other.get("/").await;
    assert_eq!(other.answer().await.status, 200);
    // A place that is given back goes to one that waits.
    drop(silent.drain(..2));
    silent[5].get("/").await;
    drop(silent.drain(..5));
    assert_eq!(silent[0].answer().await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_finishes_what_was_begun() {
    let begun = Arc::new(Notify::new());
    let gate = Arc::new(Semaphore::new(0));
    let (begins, opens) = (Arc::clone(&begun), Arc::clone(&gate));
    let router = Router::new().route(
        "/",
        get(move || async move {
            begins.notify_one();
            let _ = opens.acquire().await;
            "finished"
        }),
    );
    let mut running = start(router, factory());
    let mut busy = running.client().await;
    busy.get("/").await;
    begun.notified().await;
    running.stop();
    while TcpStream::connect(running.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    gate.add_permits(1);
    assert_eq!(busy.answer().await.body, "finished");
    drop(busy);
    assert!(running.ended.await.unwrap(), "everything was finished in time");
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_cuts_what_does_not_end() {
    let limits = Limits {
        drain: Duration::from_millis(50),
        ..factory()
    };
    let begun = Arc::new(Notify::new());
    let begins = Arc::clone(&begun);
    let router = Router::new().route(
        "/",
        get(move || async move {
            begins.notify_one();
            std::future::pending::<&str>().await
        }),
    );
    let mut running = start(router, limits);
    let mut client = running.client().await;
    client.get("/").await;
    begun.notified().await;
    running.stop();
    assert_eq!(client.end().await, "");
    assert!(!running.ended.await.unwrap(), "not everything was finished");
}
