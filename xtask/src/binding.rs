//! Testmo's JavaScript binding, unchanged, performs every operation of the contract (contract §2).

use crate::context::{Context, run};
use crate::postgres::Engine;
use crate::server::{Build, Server, build};
use crate::tools;

/// Runs `xtask/binding/walk.mjs` against a server with one project.
pub(crate) fn check(context: &Context) -> anyhow::Result<()> {
    let program = build(context, Build::Dev)?;
    let server = Server::start(context, &program, "binding", Engine::Sqlite)?;
    let project = server.project("Binding")?;
    let api = server.api()?;
    let folder = tools::binding(context)?;
    run(context
        .program("node")
        .arg(context.root.join("xtask/binding/walk.mjs"))
        .current_dir(folder)
        .env("ATTEST_URL", format!("http://{}", server.address))
        .env("ATTEST_KEY", &api.key)
        .env("ATTEST_PROJECT", project.to_string())
        .env("ATTEST_FILES", context.fresh_dir("binding-files")?))
}
