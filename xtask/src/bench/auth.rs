//! Who am I, by a key, beside a bare axum handler and beside a static body behind the same middleware.

use std::net::TcpListener;
use std::process::Command;
use std::time::Duration;

use super::{Table, Target, limits, load, median};
use crate::context::{Context, wait_for};
use crate::http::request;
use crate::postgres::Engine;
use crate::server::{Build, Server, build};

const CONNECTIONS: usize = 16;
const TIME: Duration = Duration::from_secs(3);
const ROUNDS: usize = 5;

pub(super) fn measure(context: &Context, table: &mut Table) -> anyhow::Result<()> {
    let program = build(context, Build::Release)?;
    let bare = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let mut hello = Command::new(limits(context)?)
        .args(["hello", &bare.to_string()])
        .spawn()?;
    let server = Server::start(context, &program, "bench-auth", Engine::Sqlite)?;
    let api = server.api()?;
    wait_for("the bare handler", Duration::from_secs(5), || {
        std::net::TcpStream::connect(bare).ok()
    })?;
    let plain = request("GET", "/", "", b"");
    let fixed = request("GET", "/livez", "", b"");
    let user = request("GET", "/api/v1/user", &api.headers(), b"");
    let (mut bares, mut fixeds, mut users) = (Vec::new(), Vec::new(), Vec::new());
    // In turns, so that a change of the machine's mood meets all three.
    for _ in 0..ROUNDS {
        bares.push(load::rate(bare, &plain, CONNECTIONS, TIME)?);
        fixeds.push(load::rate(server.address, &fixed, CONNECTIONS, TIME)?);
        users.push(load::rate(server.address, &user, CONNECTIONS, TIME)?);
    }
    hello.kill()?;
    hello.wait()?;
    let user = median(users);
    table.ratio(
        "GET /api/v1/user per s, of a bare axum handler",
        user,
        median(bares),
        Target::AtLeast(0.5),
    );
    table.ratio(
        "the same, of a static body behind the same layer",
        user,
        median(fixeds),
        Target::AtLeast(0.85),
    );
    Ok(())
}
