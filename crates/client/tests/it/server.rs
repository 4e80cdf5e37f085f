//! A server that gives one prepared answer after the other.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use client::{Client, Patience};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What one request is answered with.
#[derive(Debug, Clone)]
pub(crate) enum Say {
    /// Status, a header line or none, body.
    Answer(u16, &'static str, &'static str),
    /// The connection ends.
    HangUp,
    /// Nothing, for as long as the test runs.
    Nothing,
}

/// A running server.
pub(crate) struct Server {
    pub(crate) address: String,
    /// `POST /path key` of each request; no key is `-`.
    pub(crate) seen: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Gives these answers; the last one to all later requests.
    pub(crate) async fn start(answers: &[Say]) -> Server {
        Server::of_kind(answers, false).await
    }

    /// The same, and `/livez` answers as Attest does.
    pub(crate) async fn attest(answers: &[Say]) -> Server {
        Server::of_kind(answers, true).await
    }

    async fn of_kind(answers: &[Say], is_attest: bool) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(vec![]));
        let script = Arc::new((Mutex::new(0), answers.to_vec()));
        let all = seen.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, all.clone(), script.clone(), is_attest));
            }
        });
        Server { address, seen }
    }

    /// A client without much patience.
    pub(crate) fn client(&self) -> Client {
        let patience = Patience {
            first: Duration::from_millis(1),
            longest: Duration::from_millis(4),
            total: Duration::from_millis(200),
            unreached: 2,
        };
        Client::builder(self.address.parse().unwrap(), "key".into())
            .patience(patience)
            .timeout(Duration::from_millis(300))
            .build()
            .unwrap()
    }

    pub(crate) fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

async fn converse(
    stream: TcpStream,
    seen: Arc<Mutex<Vec<String>>>,
    script: Arc<(Mutex<usize>, Vec<Say>)>,
    is_attest: bool,
) {
    let mut stream = BufReader::new(stream);
    while let Some((line, headers)) = request(&mut stream).await {
        let of = |name: &str| {
            headers
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.as_str())
        };
        if line == "GET /livez" && is_attest {
            let id = of("x-request-id").unwrap();
            let answer = format!("HTTP/1.1 200 OK\r\nx-request-id: {id}\r\ncontent-length: 6\r\n\r\nalive\n");
            stream.write_all(answer.as_bytes()).await.unwrap();
            continue;
        }
        let key = of("idempotency-key").unwrap_or("-");
        seen.lock().unwrap().push(format!("{line} {key}"));
        let say = {
            let mut next = script.0.lock().unwrap();
            *next += 1;
            script.1[(*next - 1).min(script.1.len() - 1)].clone()
        };
        match say {
            Say::Answer(status, header, body) => {
                let length = body.len();
                let answer =
                    format!("HTTP/1.1 {status} Said\r\n{header}content-length: {length}\r\n\r\n{body}");
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
            Say::HangUp => return,
            Say::Nothing => std::future::pending().await,
        }
    }
}

async fn request(stream: &mut BufReader<TcpStream>) -> Option<(String, Vec<(String, String)>)> {
    let mut first = String::new();
    stream.read_line(&mut first).await.ok().filter(|read| *read > 0)?;
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.ok()?;
        match line.trim_end().split_once(": ") {
            None => break,
            Some((name, value)) => headers.push((name.to_lowercase(), value.to_owned())),
        }
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let mut body = vec![0; length.map_or(0, |(_, length)| length.parse().unwrap())];
    stream.read_exact(&mut body).await.ok()?;
    Some((first.trim_end().rsplit_once(' ')?.0.to_owned(), headers))
}
