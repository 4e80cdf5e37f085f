//! A key that is revoked while it is used: once the revocation was answered, nothing succeeds any more.

use std::sync::Barrier;
use std::time::Instant;

use anyhow::{Context as _, bail, ensure};

use crate::context::Context;
use crate::http::{Api, Link, request};
use crate::postgres::Engine;
use crate::server::{Build, EMAIL, PASSWORD, Pages, Server, build};

/// Keys that are made ahead, so that the page with the revoke forms stays short.
const AHEAD: u32 = 20;

/// Races `pairs` revocations with a client that never stops asking.
pub(super) fn check(context: &Context, engine: Engine<'_>, pairs: u32) -> anyhow::Result<()> {
    let program = build(context, Build::Dev)?;
    let server = Server::start(context, &program, "revoke", engine)?;
    let mut pages = Pages::open(server.address);
    pages.sign_in(EMAIL, PASSWORD)?;
    let (mut done, mut during, mut after) = (0, 0, 0);
    while done < pairs {
        let some = AHEAD.min(pairs - done);
        for number in 0..some {
            let (form, key) = pages.create_key(&format!("race {}", done + number))?;
            let api = Api {
                address: server.address,
                key,
            };
            let (answered, late) = race(&pages, &form, &api)?;
            during += answered;
            after += late;
        }
        done += some;
    }
    println!(
        "{}: {pairs} races, {during} successes before the revocation's answer, {after} after it",
        engine.name()
    );
    ensure!(
        after == 0,
        "{after} requests succeeded after the revocation was answered"
    );
    ensure!(during > 0, "no request succeeded at all: this raced nothing");
    Ok(())
}

/// One race: how many requests succeeded that began before the answer, and how many that began after it.
fn race(pages: &Pages, form: &crate::server::Form, api: &Api) -> anyhow::Result<(u32, u32)> {
    let bytes = request("GET", "/api/v1/user", &api.headers(), b"");
    let mut asking = Link::open(api.address)?;
    // The key works before the race.
    ensure!(asking.exchange(&bytes)?.status == 200, "a new key was refused");
    let barrier = Barrier::new(2);
    std::thread::scope(|scope| {
        let revoking = scope.spawn(|| {
            let mut pages = pages.clone();
            barrier.wait();
            let answer = pages.submit(form)?;
            let at = Instant::now();
            if answer.status >= 400 {
                bail!("revoking was answered with {}: {}", answer.status, answer.text());
            }
            Ok(at)
        });
        barrier.wait();
        let mut successes = Vec::new();
        loop {
            let begun = Instant::now();
            let status = asking.exchange(&bytes)?.status;
            match status {
                200 => successes.push(begun),
                401 => break,
                other => bail!("a racing request was answered with {other}"),
            }
            if successes.len() > 20_000 {
                bail!("the key still works after 20,000 requests");
            }
        }
        let answered = revoking.join().ok().context("the revoking thread panicked")??;
        let late = successes.iter().filter(|begun| **begun > answered).count();
        Ok((u32::try_from(successes.len() - late)?, u32::try_from(late)?))
    })
}
