//! A server that keeps what it is asked and answers as a test tells it to, over HTTP or HTTPS.

use std::collections::BTreeMap;
use std::io::{BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, LazyLock, Mutex};
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::Value;

/// A request as it came.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Seen {
    /// `POST /path`.
    pub(crate) line: String,
    /// Headers by their names in lower case.
    pub(crate) headers: BTreeMap<String, String>,
    /// Body as JSON; null when there is none.
    pub(crate) body: Value,
}

impl Seen {
    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

/// What a request is answered with.
pub(crate) enum Reply {
    /// This status, these more headers, this body.
    Answer(u16, &'static str, String),
    /// The connection ends without an answer.
    HangUp,
    /// There is no answer until the client gives up.
    Silence,
}

impl Reply {
    pub(crate) fn json(status: u16, body: &str) -> Reply {
        Reply::Answer(status, "content-type: application/json\r\n", body.to_owned())
    }

    pub(crate) fn html(status: u16) -> Reply {
        let page = "<html>Bad gateway</html>".to_owned();
        Reply::Answer(status, "content-type: text/html\r\n", page)
    }

    /// What a server says that takes everything: each run and thread gets the next number.
    pub(crate) fn usual(line: &str, created: &Mutex<i64>) -> Reply {
        if line.ends_with("/automation/runs") || line.ends_with("/threads") {
            let mut last = created.lock().unwrap();
            *last += 1;
            return Reply::json(201, &format!("{{\"id\":{last}}}"));
        }
        Reply::Answer(204, "", String::new())
    }
}

type Answers = dyn Fn(&Seen, usize) -> Option<Reply> + Send + Sync;

/// A running recorder; ends with the test's process.
pub(crate) struct Recorder {
    /// Address of it, as `--instance` takes it.
    pub(crate) url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

struct Shared {
    seen: Arc<Mutex<Vec<Seen>>>,
    created: Mutex<i64>,
    answers: Box<Answers>,
}

impl Recorder {
    /// Over HTTP, and takes everything.
    pub(crate) fn plain() -> Recorder {
        Recorder::answering(|_, _| None)
    }

    /// Over HTTP. `answers` gets each request and its number, from 0; with none of its own it is the usual one.
    pub(crate) fn answering(
        answers: impl Fn(&Seen, usize) -> Option<Reply> + Send + Sync + 'static,
    ) -> Recorder {
        Recorder::start("http", Box::new(answers), |stream, shared| {
            converse(stream, shared);
        })
    }

    /// Over HTTPS with the certificate of [`ca`], and takes everything.
    pub(crate) fn tls() -> Recorder {
        Recorder::start("https", Box::new(|_, _| None), |stream, shared| {
            let tls = ServerConnection::new(IDENTITY.config.clone()).unwrap();
            converse(StreamOwned::new(tls, stream), shared);
        })
    }

    /// Over HTTP at an address that is free, and takes everything.
    pub(crate) fn at(address: SocketAddr) -> Recorder {
        let listener = TcpListener::bind(address).unwrap();
        Recorder::listen(listener, "http", Box::new(|_, _| None), |stream, shared| {
            converse(stream, shared);
        })
    }

    fn start(scheme: &str, answers: Box<Answers>, talk: fn(TcpStream, &Shared)) -> Recorder {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        Recorder::listen(listener, scheme, answers, talk)
    }

    fn listen(
        listener: TcpListener,
        scheme: &str,
        answers: Box<Answers>,
        talk: fn(TcpStream, &Shared),
    ) -> Recorder {
        let url = format!("{scheme}://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(vec![]));
        let shared = Arc::new(Shared {
            seen: seen.clone(),
            created: Mutex::new(0),
            answers,
        });
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = shared.clone();
                thread::spawn(move || talk(stream, &shared));
            }
        });
        Recorder { url, seen }
    }

    /// What was asked so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// The first lines of what was asked so far.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.line).collect()
    }
}

/// The CA that HTTPS recorders have their certificate from, as PEM.
pub(crate) fn ca() -> &'static str {
    &IDENTITY.ca
}

struct Identity {
    ca: String,
    config: Arc<ServerConfig>,
}

static IDENTITY: LazyLock<Identity> = LazyLock::new(|| {
    let mut params = CertificateParams::default();
    // Its own name: OpenSSL takes a certificate whose issuer has the same name for its own issuer.
    params
        .distinguished_name
        .push(DnType::CommonName, "recorder's CA");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let names = vec!["127.0.0.1".to_owned()];
    let leaf = CertificateParams::new(names)
        .unwrap()
        .signed_by(&key, &issuer)
        .unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![leaf.der().clone()],
            PrivateKeyDer::Pkcs8(key.serialize_der().into()),
        )
        .unwrap();
    Identity {
        ca: issuer.pem(),
        config: Arc::new(config),
    }
});

/// Answers the requests of one connection.
fn converse<S: Read + Write>(stream: S, shared: &Shared) {
    let mut stream = BufReader::new(stream);
    while let Some(seen) = request(&mut stream) {
        let number = {
            let mut all = shared.seen.lock().unwrap();
            all.push(seen.clone());
            all.len() - 1
        };
        let reply =
            (shared.answers)(&seen, number).unwrap_or_else(|| Reply::usual(&seen.line, &shared.created));
        let (status, headers, body) = match reply {
            Reply::Answer(status, headers, body) => (status, headers, body),
            Reply::HangUp => return,
            Reply::Silence => {
                // Ends when the client closes the connection.
                let _ = std::io::copy(&mut stream, &mut std::io::sink());
                return;
            }
        };
        let length = match status {
            204 => String::new(),
            _ => format!("content-length: {}\r\n", body.len()),
        };
        let answer = format!("HTTP/1.1 {status} Said\r\n{headers}{length}\r\n{body}");
        let out = stream.get_mut();
        if out
            .write_all(answer.as_bytes())
            .and_then(|()| out.flush())
            .is_err()
        {
            return;
        }
    }
}

fn request(stream: &mut impl std::io::BufRead) -> Option<Seen> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let mut lines = lines.into_iter();
    let line = lines.next()?.rsplit_once(' ')?.0.to_owned();
    let headers: BTreeMap<String, String> = lines
        .filter_map(|line| {
            let (name, value) = line.split_once(':')?;
            Some((name.to_ascii_lowercase(), value.trim().to_owned()))
        })
        .collect();
    let length = headers
        .get("content-length")
        .map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    // A half of a surrogate pair, which JavaScript sends at a cut, is no JSON for serde.
    let text = String::from_utf8_lossy(&body);
    let body = serde_json::from_str(&text).unwrap_or_else(|_| Value::String(text.into_owned()));
    Some(Seen {
        line,
        headers,
        body: if length == 0 { Value::Null } else { body },
    })
}
