//! `cargo xtask up`: from a fresh clone to a page in the browser.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, bail};

use crate::assets;
use crate::context::{Context, output, wait_for, works};
use crate::http::{Link, request};
use crate::server::{Build, build};

/// Oldest Node that the asset tools run on.
const NODE: u32 = 20;

/// Builds and serves; with `--check` it stops as soon as a page was answered.
pub(crate) fn run(context: &Context, arguments: &[String]) -> anyhow::Result<()> {
    let check = match arguments {
        [] => false,
        [flag] if flag == "--check" => true,
        _ => bail!("usage: cargo xtask up [--check]"),
    };
    prerequisites()?;
    println!(
        "Building the assets and the release binary below {}.\n\
         The first time takes about ten minutes on two cores, later seconds.",
        context.target.display()
    );
    assets::build(context)?;
    let program = build(context, Build::Release)?;
    let data = context.target.join("up").join("data");
    let address = address()?;
    let mut command = Command::new(program);
    command
        .args(["serve", "--demo", "--listen", &address.to_string(), "--data-dir"])
        .arg(&data)
        .stdout(Stdio::piped());
    let mut child = command.spawn().context("cannot start attest")?;
    let mut lines = BufReader::new(child.stdout.take().context("no stdout")?);
    let greeting = greeting(&mut lines)?;
    let outcome = first_page(address);
    if check || outcome.is_err() {
        child.kill()?;
        child.wait()?;
        outcome?;
        println!("{greeting}The first page was answered: everything works.");
        return Ok(());
    }
    print!("{greeting}{}", hints(address, &data));
    std::io::stdout().flush()?;
    let mut line = String::new();
    while lines.read_line(&mut line)? > 0 {
        print!("{line}");
        line.clear();
    }
    // Ctrl-C reaches the server too, which then ends by itself.
    child.wait()?;
    Ok(())
}

/// The lines up to the one that says that the server is ready, and the set-up link after it.
fn greeting(lines: &mut impl std::io::BufRead) -> anyhow::Result<String> {
    let mut text = String::new();
    while lines.read_line(&mut text)? > 0 {
        if text.contains("Testmo's command line") {
            return Ok(text);
        }
    }
    bail!("attest serve ended before it was ready: its messages are above")
}

fn hints(address: SocketAddr, data: &std::path::Path) -> String {
    format!(
        "\nMake an API key under User profile > API access > change, then:\n  \
         curl -H \"Authorization: Bearer $KEY\" http://{address}/api/v1/user\n\
         Everything is kept in {}. Ctrl-C ends it.\n",
        data.display()
    )
}

/// The address of the manual, or a free one when somebody has it.
fn address() -> anyhow::Result<SocketAddr> {
    let usual: SocketAddr = "127.0.0.1:8080".parse()?;
    let free = TcpListener::bind(usual).or_else(|_| TcpListener::bind("127.0.0.1:0"))?;
    Ok(free.local_addr()?)
}

fn first_page(address: SocketAddr) -> anyhow::Result<()> {
    wait_for("the first connection", Duration::from_secs(10), || {
        TcpStream::connect(address).ok()
    })?;
    let answer = Link::open(address)?.exchange(&request("GET", "/login", "Connection: close\r\n", b""))?;
    if answer.status >= 400 {
        bail!("/login answered {}", answer.status);
    }
    Ok(())
}

/// Says everything that is missing at once.
fn prerequisites() -> anyhow::Result<()> {
    let mut missing = Vec::new();
    let node = output(Command::new("node").arg("--version")).unwrap_or_default();
    let major = node
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|text| text.parse::<u32>().ok());
    if major.is_none_or(|major| major < NODE) {
        missing.push(format!("Node.js {NODE} or newer with npm (https://nodejs.org)"));
    } else if !works("npm", "--version") {
        missing.push("npm".to_owned());
    }
    if !works("cc", "--version") {
        missing.push("a C compiler (on Debian: apt-get install gcc libc6-dev)".to_owned());
    }
    if !missing.is_empty() {
        bail!("install first: {}", missing.join("; "));
    }
    Ok(())
}
