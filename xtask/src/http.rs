//! A small HTTP/1.1 client over a socket, so that a test sees exactly what was sent and answered.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context as _, bail};
use serde_json::Value;

/// Longer than any request of a test may take.
const PATIENCE: Duration = Duration::from_mins(2);

/// What was answered.
#[derive(Debug)]
pub(crate) struct Response {
    /// The status code.
    pub(crate) status: u16,
    /// Names in lower case, in order.
    pub(crate) headers: Vec<(String, String)>,
    /// The whole body.
    pub(crate) body: Vec<u8>,
}

impl Response {
    /// The first header of a name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(other, _)| other == name)
            .map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON, if it was a success.
    pub(crate) fn json(&self) -> anyhow::Result<Value> {
        if !(200..300).contains(&self.status) {
            bail!("answered {}: {}", self.status, self.text());
        }
        if self.body.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(&self.body).with_context(|| format!("not JSON: {}", self.text()))
    }
}

/// A connection that takes one request after another.
#[derive(Debug)]
pub(crate) struct Link {
    stream: BufReader<TcpStream>,
}

impl Link {
    /// Connects.
    pub(crate) fn open(address: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(Self {
            stream: BufReader::with_capacity(16 << 10, stream),
        })
    }

    /// Sends the bytes of a whole request and reads its answer.
    pub(crate) fn exchange(&mut self, request: &[u8]) -> anyhow::Result<Response> {
        self.send(request)?;
        self.receive()
    }

    /// Sends bytes.
    pub(crate) fn send(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.stream.get_mut().write_all(bytes)
    }

    /// Reads one answer.
    pub(crate) fn receive(&mut self) -> anyhow::Result<Response> {
        let mut line = String::new();
        self.line(&mut line)?;
        let status = line
            .split(' ')
            .nth(1)
            .and_then(|code| code.parse().ok())
            .with_context(|| format!("no status in {line:?}"))?;
        let mut headers = Vec::new();
        loop {
            self.line(&mut line)?;
            let Some((name, value)) = line.split_once(':') else {
                break;
            };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let mut response = Response {
            status,
            headers,
            body: Vec::new(),
        };
        if let Some(length) = response.header("content-length") {
            response.body = vec![0; length.parse()?];
            self.stream.read_exact(&mut response.body)?;
        } else if response.header("transfer-encoding").is_some() {
            response.body = self.chunks()?;
        } else if status != 204 && status != 304 {
            self.stream.read_to_end(&mut response.body)?;
        }
        Ok(response)
    }

    fn chunks(&mut self) -> anyhow::Result<Vec<u8>> {
        let mut body = Vec::new();
        let mut line = String::new();
        loop {
            self.line(&mut line)?;
            let size = usize::from_str_radix(line.split(';').next().unwrap_or_default().trim(), 16)?;
            let start = body.len();
            body.resize(start + size, 0);
            self.stream.read_exact(&mut body[start..])?;
            self.line(&mut line)?;
            if size == 0 {
                return Ok(body);
            }
        }
    }

    fn line(&mut self, line: &mut String) -> anyhow::Result<()> {
        line.clear();
        if self.stream.read_line(line)? == 0 {
            bail!("the connection was closed without an answer");
        }
        line.truncate(line.trim_end().len());
        Ok(())
    }
}

/// The bytes of a request. `headers` are whole lines, each with its line end.
pub(crate) fn request(method: &str, path: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = if body.is_empty() && method == "GET" {
        String::new()
    } else {
        format!("Content-Length: {}\r\n", body.len())
    };
    let mut bytes =
        format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}{length}\r\n").into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

/// A client of the REST API: a new connection for each request, as Testmo's command line does it.
#[derive(Debug, Clone)]
pub(crate) struct Api {
    /// Where the server is.
    pub(crate) address: SocketAddr,
    /// The key that is shown.
    pub(crate) key: String,
}

impl Api {
    /// The header lines of every request.
    pub(crate) fn headers(&self) -> String {
        format!(
            "Authorization: Bearer {}\r\nAccept: application/json\r\nContent-Type: application/json\r\n",
            self.key
        )
    }

    /// One request below `/api/v1/`; any status is an answer.
    pub(crate) fn send(&self, method: &str, path: &str, body: &[u8]) -> anyhow::Result<Response> {
        self.send_to(method, &format!("/api/v1/{path}"), body)
    }

    /// One request; any status is an answer.
    pub(crate) fn send_to(&self, method: &str, path: &str, body: &[u8]) -> anyhow::Result<Response> {
        let headers = format!("{}Connection: close\r\n", self.headers());
        let bytes = request(method, path, &headers, body);
        Link::open(self.address)?.exchange(&bytes)
    }

    /// A GET that must succeed.
    pub(crate) fn get(&self, path: &str) -> anyhow::Result<Value> {
        self.send("GET", path, b"")?
            .json()
            .with_context(|| format!("GET {path}"))
    }

    /// A POST that must succeed.
    pub(crate) fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        let bytes = if body.is_null() {
            Vec::new()
        } else {
            serde_json::to_vec(body)?
        };
        self.send("POST", path, &bytes)?
            .json()
            .with_context(|| format!("POST {path}"))
    }

    /// Makes a run and returns its number.
    pub(crate) fn run(&self, project: i64, source: &str, name: &str) -> anyhow::Result<i64> {
        let body = serde_json::json!({ "name": name, "source": source });
        number(&self.post(&format!("projects/{project}/automation/runs"), &body)?)
    }

    /// Makes a thread of a run and returns its number.
    pub(crate) fn thread(&self, run: i64) -> anyhow::Result<i64> {
        let body = serde_json::json!({});
        number(&self.post(&format!("automation/runs/{run}/threads"), &body)?)
    }
}

/// The `id` of what was made.
pub(crate) fn number(answer: &Value) -> anyhow::Result<i64> {
    answer["id"]
        .as_i64()
        .or_else(|| answer["result"]["id"].as_i64())
        .with_context(|| format!("no id in {answer}"))
}
