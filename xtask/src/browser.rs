//! The flows of `tests/browser` in Chromium against the built program.

use anyhow::Context as _;

use crate::assets::npm_ci;
use crate::context::{Context, run};
use crate::postgres::Engine;
use crate::server::{Build, EMAIL, NAME, PASSWORD, Server, build};
use crate::tools;

/// Starts a server that nobody has set up, and runs the flows in order: the first sets it up.
pub(crate) fn check(context: &Context) -> anyhow::Result<()> {
    let folder = context.root.join("tests/browser");
    let browser = tools::chromium()?;
    npm_ci(context, &folder)?;
    let program = build(context, Build::Dev)?;
    let mut server = Server::prepare(context, &program, "browser", Engine::Sqlite, &[])?;
    server.launch()?;
    let link = server
        .setup_link()
        .context("attest serve printed no set-up link")?;
    run(context
        .program("node")
        .args(["--test", "--test-reporter=spec", "flows/index.mjs"])
        .current_dir(&folder)
        .env("ATTEST_URL", format!("http://{}", server.address))
        .env("ATTEST_SETUP", link)
        .env("ATTEST_NAME", NAME)
        .env("ATTEST_EMAIL", EMAIL)
        .env("ATTEST_PASSWORD", PASSWORD)
        .env("ATTEST_PICTURES", context.fresh_dir("pictures")?)
        .env("ATTEST_BROWSER", browser))?;
    server.stop()
}
