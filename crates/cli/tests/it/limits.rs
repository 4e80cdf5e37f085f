//! What one connection may take, on a clock that stands still unless everybody waits.

use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::routing::{get, post};
use cli::serve::accept::Stage;
use cli::serve::gate::Gate;
use http::StatusCode;
use model::net::ConnectionAuth;
use tokio::time::{Instant, sleep};

use crate::support::{Client, connect, connect_as, connect_full, factory};

fn router() -> Router {
    Router::new()
        .route("/", get(|| async { "hello" }))
        .route(
            "/slow",
            get(|| async {
                sleep(Duration::from_secs(30)).await;
                "late"
            }),
        )
        .route("/never", get(std::future::pending::<&str>))
        .route("/large", get(|| async { "x".repeat(1 << 20) }))
        .route(
            "/known",
            get(|auth: axum::Extension<ConnectionAuth>| async move {
                auth.mark();
                "known"
            }),
        )
        .route("/upload", post(upload))
}

/// Answers with the number of bytes received, and with wrong input, as the operations do it, when the body breaks off.
async fn upload(body: Body) -> Result<String, (StatusCode, String)> {
    match to_bytes(body, usize::MAX).await {
        Ok(bytes) => Ok(bytes.len().to_string()),
        Err(error) => Err((StatusCode::UNPROCESSABLE_ENTITY, error.to_string())),
    }
}

/// Seconds from now until the server closes the connection.
async fn seconds_until_end<IO>(client: &mut Client<IO>) -> u64
where
    IO: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    let start = Instant::now();
    assert_eq!(client.end().await, "", "nothing is said to who says nothing");
    start.elapsed().as_secs()
}

#[tokio::test(start_paused = true)]
async fn a_silent_connection_ends_after_the_first_byte_limit() {
    let mut wire = connect(router(), factory());
    assert_eq!(seconds_until_end(&mut wire.client).await, 10);
    wire.served.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_head_that_trickles_in_ends_the_connection() {
    let mut wire = connect(router(), factory());
    sleep(Duration::from_secs(9)).await;
    let start = Instant::now();
    let ended = tokio::spawn(async move {
        wire.served.await.unwrap();
        start.elapsed()
    });
    for byte in "GET / HTTP/1.1\r\nhost: attest.test\r\nx-slow: ".chars() {
        if !wire.client.try_say(&byte.to_string()).await {
            break;
        }
        sleep(Duration::from_secs(1)).await;
    }
    assert_eq!(ended.await.unwrap().as_secs(), 10);
}

#[tokio::test(start_paused = true)]
async fn the_second_head_has_the_same_limit() {
    let mut wire = connect(router(), factory());
    wire.client.get("/").await;
    assert_eq!(wire.client.answer().await.body, "hello");
    sleep(Duration::from_secs(20)).await;
    wire.client.say("GET / HTT").await;
    assert_eq!(seconds_until_end(&mut wire.client).await, 10);
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_ends_after_the_idle_limit() {
    let mut wire = connect(router(), factory());
    for pause in [0, 30, 59] {
        sleep(Duration::from_secs(pause)).await;
        wire.client.get("/").await;
        assert_eq!(wire.client.answer().await.status, 200);
    }
    assert_eq!(seconds_until_end(&mut wire.client).await, 60);
}

#[tokio::test(start_paused = true)]
async fn a_body_below_the_rate_is_given_up_after_the_grace() {
    let mut wire = connect(router(), factory());
    wire.client
        .say("POST /upload HTTP/1.1\r\nhost: attest.test\r\ncontent-length: 100000\r\n\r\n")
        .await;
    let start = Instant::now();
    let answer = wire.client.answer().await;
    assert_eq!((answer.status, start.elapsed().as_secs()), (408, 10));
    let told: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(told["code"], "body_too_slow");
    assert_eq!(told["request_id"].as_str(), answer.header("x-request-id"));
    assert_eq!(answer.header("connection"), Some("close"));
    // What is left of the body is not waited for.
    assert_eq!(wire.client.end().await, "");
}

#[tokio::test(start_paused = true)]
async fn a_body_above_the_rate_may_take_longer_than_a_request() {
    let mut wire = connect(router(), factory());
    let size = 100 * 2048;
    wire.client
        .say(&format!(
            "POST /upload HTTP/1.1\r\nhost: attest.test\r\ncontent-length: {size}\r\n\r\n"
        ))
        .await;
    for _ in 0..100 {
        sleep(Duration::from_secs(1)).await;
        wire.client.say(&"x".repeat(2048)).await;
    }
    assert_eq!(wire.client.answer().await.body, size.to_string());
}

#[tokio::test(start_paused = true)]
async fn a_fast_beginning_does_not_pay_for_an_endless_stall() {
    let mut wire = connect(router(), factory());
    wire.client
        .say("POST /upload HTTP/1.1\r\nhost: attest.test\r\ncontent-length: 10000000\r\n\r\n")
        .await;
    wire.client.say(&"x".repeat(5_000_000)).await;
    let start = Instant::now();
    assert_eq!(wire.client.answer().await.status, 408);
    assert_eq!(start.elapsed().as_secs(), 30);
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_does_not_end_is_answered_for() {
    let mut wire = connect(router(), factory());
    wire.client.get("/never").await;
    let start = Instant::now();
    let answer = wire.client.answer().await;
    assert_eq!((answer.status, start.elapsed().as_secs()), (503, 60));
    assert_eq!(answer.header("retry-after"), Some("5"));
    assert!(answer.body.contains(r#""code":"timeout""#), "{}", answer.body);
    // The connection is still good.
    wire.client.get("/").await;
    assert_eq!(wire.client.answer().await.body, "hello");
}

#[tokio::test(start_paused = true)]
async fn who_does_not_read_the_answer_is_left() {
    let mut wire = connect_as(router(), factory(), cli::serve::gate::Place::uncounted(), 1024);
    wire.client.get("/large").await;
    let start = Instant::now();
    wire.served.await.unwrap();
    assert!(
        (10..=11).contains(&start.elapsed().as_secs()),
        "{:?}",
        start.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn a_connection_gives_up_its_place_once_it_is_known() {
    let gate = Gate::new(1);
    let address = "192.0.2.1".parse().unwrap();
    let mut wire = connect_as(router(), factory(), gate.enter(address).unwrap(), 1024);
    wire.client.get("/").await;
    wire.client.answer().await;
    assert!(gate.enter(address).is_err(), "not known yet");
    wire.client.get("/known").await;
    wire.client.answer().await;
    assert!(gate.enter(address).is_ok(), "known, and still connected");
}

#[tokio::test(start_paused = true)]
async fn who_asks_nothing_loses_its_place_to_those_who_wait() {
    let gate = Gate::new(2);
    let address = "192.0.2.1".parse().unwrap();
    let place = || gate.enter(address).unwrap();
    let mut silent = connect_as(router(), factory(), place(), 1024);
    let mut slow = connect_as(router(), factory(), place(), 1024);
    slow.client.say("GET / HTT").await;
    sleep(Duration::from_secs(5)).await;
    let start = Instant::now();
    let next = tokio::spawn(gate.enter(address).unwrap_err().place());
    let last = tokio::spawn(gate.enter(address).unwrap_err().place());
    assert_eq!(silent.client.end().await, "");
    assert_eq!(slow.client.end().await, "");
    assert!(
        start.elapsed() <= Duration::from_millis(500),
        "{:?}",
        start.elapsed()
    );
    next.await.unwrap();
    last.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn connections_are_not_kept_when_few_places_are_left() {
    let mut limits = factory();
    limits.connections = 1;
    let mut wire = connect(router(), limits);
    wire.client.get("/").await;
    assert_eq!(
        wire.client.answer().await.header("connection"),
        None,
        "one of one is not crowded"
    );

    let mut limits = factory();
    limits.connections = 8;
    let mut wire = connect(router(), limits.clone());
    wire.client.get("/").await;
    assert_eq!(wire.client.answer().await.header("connection"), None);
    let mut wire = connect_full(router(), limits);
    wire.client.get("/").await;
    assert_eq!(wire.client.answer().await.header("connection"), Some("close"));
    assert_eq!(wire.client.end().await, "");
}

#[tokio::test(start_paused = true)]
async fn oversized_heads_are_refused() {
    let mut limits = factory();
    limits.header_bytes = 8 * 1024;
    let mut wire = connect(router(), limits.clone());
    let head = format!(
        "GET / HTTP/1.1\r\nhost: attest.test\r\nx-long: {}\r\n\r\n",
        "x".repeat(20_000)
    );
    wire.client.say(&head).await;
    assert_eq!(wire.client.answer().await.status, 431);
    assert_eq!(wire.client.end().await, "");

    limits.header_bytes = 64 * 1024;
    let mut wire = connect(router(), limits);
    wire.client.get(&format!("/{}", "x".repeat(8 * 1024))).await;
    assert_eq!(wire.client.answer().await.status, 414);
}

#[tokio::test(start_paused = true)]
async fn ambiguous_requests_are_refused_or_the_last_of_their_connection() {
    for (head, expected) in [
        (
            "host: a\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabcd",
            400,
        ),
        ("host: a\r\ncontent-length: +3\r\n\r\nabc", 400),
        ("host: a\r\ntransfer-encoding: gzip\r\n\r\nabc", 400),
        ("host: a\r\ntransfer-encoding : chunked\r\n\r\n0\r\n\r\n", 400),
        ("host: a\r\nx: 1\r\n folded\r\n\r\n", 400),
        ("host: a\r\nhost: b\r\ncontent-length: 0\r\n\r\n", 400),
        ("content-length: 0\r\n\r\n", 400),
        (
            "host: a\r\ncontent-length: 50\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
            200,
        ),
    ] {
        let mut wire = connect(router(), factory());
        wire.client.say(&format!("POST /upload HTTP/1.1\r\n{head}")).await;
        let answer = wire.client.answer().await;
        assert_eq!(answer.status, expected, "{head:?}");
        if head.contains("chunked") {
            assert_eq!(answer.header("connection"), Some("close"), "{head:?}");
            assert_eq!(wire.client.end().await, "");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn draining_ends_idle_connections_and_finishes_busy_ones() {
    let mut idle = connect(router(), factory());
    idle.client.get("/").await;
    idle.client.answer().await;
    idle.stage.send_replace(Stage::Draining);
    assert_eq!(seconds_until_end(&mut idle.client).await, 0);

    let mut silent = connect(router(), factory());
    sleep(Duration::from_secs(1)).await;
    silent.stage.send_replace(Stage::Draining);
    assert_eq!(seconds_until_end(&mut silent.client).await, 1);

    let mut late = connect(router(), factory());
    late.stage.send_replace(Stage::Draining);
    late.client.get("/").await;
    assert_eq!(
        late.client.answer().await.body,
        "hello",
        "who has connected may still ask"
    );
    assert_eq!(seconds_until_end(&mut late.client).await, 0);

    let mut beginning = connect(router(), factory());
    beginning.client.say("GET / HTT").await;
    sleep(Duration::from_secs(1)).await;
    beginning.stage.send_replace(Stage::Draining);
    sleep(Duration::from_secs(5)).await;
    beginning.client.say("P/1.1\r\nhost: attest.test\r\n\r\n").await;
    assert_eq!(beginning.client.answer().await.body, "hello");
    assert_eq!(seconds_until_end(&mut beginning.client).await, 0);

    let mut busy = connect(router(), factory());
    busy.client.get("/slow").await;
    sleep(Duration::from_secs(1)).await;
    busy.stage.send_replace(Stage::Draining);
    let answer = busy.client.answer().await;
    assert_eq!(
        (answer.body.as_str(), answer.header("connection")),
        ("late", Some("close"))
    );
    assert_eq!(busy.client.end().await, "");
}

#[tokio::test(start_paused = true)]
async fn the_end_cuts_what_is_left() {
    let mut wire = connect(router(), factory());
    wire.client.get("/never").await;
    sleep(Duration::from_secs(1)).await;
    wire.stage.send_replace(Stage::Draining);
    sleep(Duration::from_secs(15)).await;
    wire.stage.send_replace(Stage::Ended);
    assert_eq!(seconds_until_end(&mut wire.client).await, 0);
    wire.served.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn the_answer_reaches_who_is_still_sending() {
    let router = Router::new().route("/refuse", post(|| async { (StatusCode::UNAUTHORIZED, "no") }));
    let mut wire = connect_as(router, factory(), cli::serve::gate::Place::uncounted(), 4096);
    wire.client
        .say("POST /refuse HTTP/1.1\r\nhost: attest.test\r\ncontent-length: 1000000\r\n\r\n")
        .await;
    for _ in 0..100 {
        wire.client.say(&"x".repeat(10_000)).await;
    }
    assert_eq!(wire.client.answer().await.status, 401);
}
