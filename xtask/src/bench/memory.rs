//! Resident memory: idle, after a million tests, and while large bodies arrive at once.

use anyhow::bail;

use super::pages::filled;
use super::{Table, Target};
use crate::context::Context;
use crate::http::{Api, Link, request};
use crate::postgres::Engine;
use crate::server::{Build, Server, build};

const MIB: f64 = 1_048_576.0;
const SENDERS: usize = 16;
const BODY: usize = 100 << 20;

pub(super) fn measure(context: &Context, table: &mut Table) -> anyhow::Result<()> {
    let program = build(context, Build::Release)?;
    let server = Server::start(context, &program, "bench-memory", Engine::Sqlite)?;
    let api = server.api()?;
    api.get("user")?;
    table.number(
        "idle resident memory, MiB",
        mib(&server, "VmRSS")?,
        Target::Below(40.0),
    );
    let project = server.project("Memory")?;
    filled(&server, &api, project, 1_000_000)?;
    table.number(
        "peak after 1,000,000 tests, MiB",
        mib(&server, "VmHWM")?,
        Target::Below(200.0),
    );
    drop(server);

    let server = Server::start(context, &program, "bench-bodies", Engine::Sqlite)?;
    let api = server.api()?;
    let project = server.project("Bodies")?;
    let run = api.run(project, "bodies", "Large bodies")?;
    let body = large();
    std::thread::scope(|scope| {
        let senders: Vec<_> = (0..SENDERS)
            .map(|_| scope.spawn(|| send(&api, run, &body)))
            .collect();
        senders
            .into_iter()
            .try_for_each(|sender| sender.join().unwrap_or_else(|_| bail!("a sender panicked")))
    })?;
    let what = format!("peak while {SENDERS} clients send 100 MiB each, MiB");
    table.number(&what, mib(&server, "VmHWM")?, Target::Below(200.0));
    Ok(())
}

/// A batch whose output fills 100 MiB.
fn large() -> Vec<u8> {
    let value = "0123456789 abcdefghijklmnopqrstuvwxyz\\n".repeat(400);
    let field = format!(r#"{{"type":4,"name":"Output","value":"{value}"}}"#);
    let fields = vec![field.as_str(); 24].join(",");
    let mut body = String::from(r#"{"tests":["#);
    let mut number = 0;
    while body.len() + fields.len() < BODY {
        use std::fmt::Write as _;
        let comma = if number == 0 { "" } else { "," };
        let _ = write!(
            body,
            r#"{comma}{{"key":"k{number}","name":"large {number}","folder":"large","status":"failed","fields":[{fields}]}}"#
        );
        number += 1;
    }
    body.push_str("]}");
    body.into_bytes()
}

/// One body; a server that protects its memory may answer 413, 429 or 503, and must take it in the end.
fn send(api: &Api, run: i64, body: &[u8]) -> anyhow::Result<()> {
    let thread = api.thread(run)?;
    let path = format!("/api/v1/automation/runs/threads/{thread}/append");
    let head = request(
        "POST",
        &path,
        &format!("{}Connection: close\r\n", api.headers()),
        body,
    );
    for _ in 0..200 {
        let mut link = Link::open(api.address)?;
        // An answer may come, and the connection may be closed, before all is sent.
        let sent = link.send(&head);
        let answer = link.receive();
        match (sent, answer.as_ref().map(|answer| answer.status)) {
            (_, Ok(200..=299)) => return Ok(()),
            (_, Ok(429 | 503)) | (Err(_), Err(_)) => {
                std::thread::sleep(std::time::Duration::from_millis(100));
            }
            (_, _) => {
                let answer = answer?;
                let text = String::from_utf8_lossy(&answer.body);
                bail!("a large body was answered with {}: {text}", answer.status);
            }
        }
    }
    bail!("a large body was never taken")
}

#[expect(clippy::cast_precision_loss, reason = "some hundred MiB")]
fn mib(server: &Server, field: &str) -> anyhow::Result<f64> {
    Ok(server.memory(field)? as f64 / MIB)
}
