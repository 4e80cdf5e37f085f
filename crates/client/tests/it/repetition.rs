//! When a call is repeated, and when it must not be.

use client::automation_runs::NewRun;
use client::automation_threads::Batch;
use client::{Error, RequestKey};

use crate::server::{Say, Server};

const MADE: Say = Say::Answer(201, "", r#"{"id":7}"#);

async fn create(server: &Server) -> Result<i64, Error> {
    let key = RequestKey::random().unwrap();
    server
        .client()
        .create_automation_run(1, &NewRun::default(), &key)
        .await
}

/// How many times it was sent; always with one key.
fn attempts(server: &Server) -> usize {
    let seen = server.seen();
    assert!(seen[0].starts_with("POST /api/v1/projects/1/automation/runs "));
    assert!(!seen[0].ends_with('-'), "there is a key");
    assert!(
        seen.iter()
            .filter(|line| line.starts_with("POST"))
            .all(|line| *line == seen[0]),
        "{seen:?}"
    );
    seen.iter().filter(|line| line.starts_with("POST")).count()
}

#[tokio::test]
async fn what_the_server_refused_to_do_is_repeated_anywhere() {
    for status in [429, 408, 425] {
        let later = Say::Answer(status, "retry-after: 0\r\n", r#"{"message":"slow"}"#);
        let server = Server::start(&[later.clone(), later, MADE]).await;
        assert_eq!(create(&server).await.unwrap(), 7);
        assert_eq!(attempts(&server), 3, "{status}");
    }
}

#[tokio::test]
async fn what_may_have_been_done_is_repeated_at_attest_only() {
    for broken in [
        Say::HangUp,
        Say::Nothing,
        Say::Answer(502, "", "<html>"),
        Say::Answer(500, "", "{}"),
    ] {
        let server = Server::attest(&[broken.clone(), broken.clone(), MADE]).await;
        assert_eq!(create(&server).await.unwrap(), 7, "{broken:?}");
        assert_eq!(attempts(&server), 3, "{broken:?}");

        let livez = Say::Answer(200, "", "<html>a page</html>");
        let server = Server::start(&[broken.clone(), livez]).await;
        create(&server).await.unwrap_err();
        assert_eq!(attempts(&server), 1, "{broken:?}");
    }
}

#[tokio::test]
async fn nothing_is_sent_again_while_it_is_unknown_who_answers() {
    for broken in [Say::HangUp, Say::Answer(502, "", "<html>")] {
        let server = Server::start(std::slice::from_ref(&broken)).await;
        create(&server).await.unwrap_err();
        assert_eq!(attempts(&server), 1, "{broken:?}");
        let asked = server
            .seen()
            .iter()
            .filter(|line| *line == "GET /livez -")
            .count();
        assert!(asked > 1, "{broken:?}: {asked}");
    }
}

#[tokio::test]
async fn reading_is_repeated_anywhere() {
    let user = Say::Answer(200, "", r#"{"id":3,"name":"Ada"}"#);
    let server = Server::start(&[Say::HangUp, Say::Answer(503, "", ""), user]).await;
    assert_eq!(server.client().current_user().await.unwrap().name, "Ada");
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn what_cannot_succeed_is_not_repeated() {
    for status in [400, 401, 403, 404, 405, 409, 422, 501, 302] {
        let server = Server::attest(&[Say::Answer(status, "", r#"{"message":"no"}"#)]).await;
        create(&server).await.unwrap_err();
        assert_eq!(attempts(&server), 1, "{status}");
    }
}

#[tokio::test]
async fn a_wait_beyond_all_patience_is_not_begun() {
    let server = Server::start(&[Say::Answer(
        429,
        "retry-after: 3600\r\n",
        r#"{"message":"later"}"#,
    )])
    .await;
    let error = create(&server).await.unwrap_err();
    let refusal = error.refusal().unwrap();
    assert_eq!(refusal.retry_after.unwrap().as_secs(), 3600);
    assert_eq!(attempts(&server), 1);
}

#[tokio::test]
async fn parts_of_one_whole_have_their_own_keys() {
    let server = Server::start(&[Say::Answer(204, "", "")]).await;
    let (client, whole) = (server.client(), RequestKey::random().unwrap());
    for number in 0..3 {
        let key = whole.part(number);
        client
            .append_to_automation_thread(5, Batch::default(), &key)
            .await
            .unwrap();
    }
    let mut seen = server.seen();
    seen.dedup();
    assert_eq!(seen.len(), 3);
}

#[tokio::test]
async fn nobody_there_is_told_soon() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let server = Server {
        address,
        seen: std::sync::Arc::default(),
    };
    let error = create(&server).await.unwrap_err();
    assert!(matches!(error, Error::Unreachable { .. }), "{error:?}");
    assert!(error.is_passing());
}
