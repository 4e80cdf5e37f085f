//! Servers that fail: what is told, the exit code, and what is sent again.

use std::net::TcpListener;

use super::{Place, RUN, shown};
use crate::recorder::{Recorder, Reply};

fn line() -> String {
    format!("automation:run:submit {RUN} --results two.xml")
}

#[test]
fn what_a_server_refuses_is_told_with_what_to_do() {
    let place = Place::new();
    let mut all = String::new();
    let answers: [fn() -> Reply; 8] = [
        || Reply::json(401, r#"{"message":"Unauthenticated."}"#),
        || Reply::json(403, r#"{"message":"You may not submit to this project."}"#),
        || Reply::json(404, r#"{"message":"No such project."}"#),
        || {
            let body = r#"{"message":"The run is completed.","errors":{"run":["The run is completed.","x"],"name":["Too long."]}}"#;
            Reply::json(422, body)
        },
        || {
            Reply::Answer(
                429,
                "retry-after: 3600\r\n",
                r#"{"message":"Too many requests."}"#.to_owned(),
            )
        },
        || Reply::html(502),
        || Reply::html(200),
        || Reply::Answer(302, "location: /login\r\n", String::new()),
    ];
    for answer in answers {
        let recorder = Recorder::answering(move |_, _| Some(answer()));
        all += &place.show_with(&line(), &recorder, &[("ATTEST_RETRY_SECONDS", "0")]);
    }
    insta::assert_snapshot!(all);
}

#[test]
fn nobody_there() {
    let place = Place::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let output = place.command(&line(), &url).output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text.matches("trying again in").count(), 3, "{text}");
    assert!(text.contains("Connection error: Connection refused"), "{text}");
    assert!(
        text.trim_end().ends_with("the network and the proxy settings"),
        "{text}"
    );
}

#[test]
fn a_certificate_that_nobody_trusts() {
    let (place, recorder) = (Place::new(), Recorder::tls());
    let output = place.command(&line(), &recorder.url).output().unwrap();
    let text = shown("", &output);
    assert!(
        text.contains("! Connection error: invalid peer certificate"),
        "{text}"
    );
    assert!(text.contains("NODE_EXTRA_CA_CERTS"), "{text}");
    assert!(!text.contains("trying again"), "{text}");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_server_that_ends_in_the_middle_is_not_asked_twice_unless_it_is_attest() {
    let place = Place::new();
    let recorder = Recorder::answering(|seen, _| match seen.line.as_str() {
        line if line.ends_with("/append") => Some(Reply::HangUp),
        "GET /livez" => Some(Reply::html(200)),
        _ => None,
    });
    let output = place.command(&line(), &recorder.url).output().unwrap();
    let text = shown("", &output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("! Connection error: "), "{text}");
    assert!(text.contains("automation:run:complete --run-id 1"), "{text}");
    let appended = recorder
        .lines()
        .iter()
        .filter(|line| line.ends_with("/append"))
        .count();
    assert_eq!(appended, 1, "results are never doubled: {:?}", recorder.lines());
}

#[test]
fn attest_is_asked_again_with_the_same_key() {
    let place = Place::new();
    let recorder = Recorder::answering(|seen, number| match (seen.line.as_str(), number) {
        ("GET /livez", _) => {
            // Header values of a reply are fixed; what is leaked is a few bytes of a test.
            let id = format!("x-request-id: {}\r\n", seen.header("x-request-id"));
            Some(Reply::Answer(200, id.leak(), "alive\n".to_owned()))
        }
        (line, 2) if line.ends_with("/append") => Some(Reply::HangUp),
        (line, 4) if line.ends_with("/append") => Some(Reply::html(502)),
        _ => None,
    });
    let output = place.command(&line(), &recorder.url).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", shown("", &output));
    let seen = recorder.seen();
    let appended: Vec<_> = seen
        .iter()
        .filter(|seen| seen.line.ends_with("/append"))
        .collect();
    assert_eq!(appended.len(), 3, "{:?}", recorder.lines());
    assert!(
        appended.iter().all(|one| **one == *appended[0]),
        "key and body are the same"
    );
}

#[test]
fn a_server_that_asks_to_wait_is_waited_for() {
    let place = Place::new();
    let recorder = Recorder::answering(|_, number| {
        (number < 2).then(|| {
            Reply::Answer(
                429,
                "retry-after: 0\r\n",
                r#"{"message":"Slow down."}"#.to_owned(),
            )
        })
    });
    let output = place.command(&line(), &recorder.url).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(recorder.lines().len(), 2 + 4);
}
