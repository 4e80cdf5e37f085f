//! Schemathesis against the running program: it makes requests from the description of the API, right ones and wrong ones,
//! alone and in sequences, and looks whether every answer is one that the description allows.

use std::path::Path;
use std::process::Command;

use anyhow::ensure;
use serde_json::json;

use crate::context::{Context, run};
use crate::postgres::{Durability, Engine, Postgres};
use crate::server::{Build, EMAIL, Server, build};
use crate::tools;

/// Who calls: a name, and the scope of the key; none without one.
type Caller = (&'static str, Option<&'static str>);

const ADMIN: Caller = ("admin", Some("full"));
const ANONYMOUS: Caller = ("anonymous", None);
const ALL: [Caller; 5] = [
    ADMIN,
    ("reader", Some("read")),
    ("results writer", Some("results:write")),
    ("cases writer", Some("cases:write")),
    ANONYMOUS,
];

/// How it is made short for those who are refused everywhere: what lies at the edges of a schema is nothing to them.
const REFUSED: [&str; 4] = ["--max-examples", "2", "--phases", "examples,fuzzing,stateful"];
/// Examples of each operation and phase for those who are not.
const FEW: [&str; 2] = ["--max-examples", "3"];
/// The same where time does not matter.
const MANY: &str = "60";
/// A key that revokes itself ends the whole run: the matrix of callers tries this one.
const LAST: &str = "revokeCurrentKey";
/// Whether a change lands must not depend on luck.
const SEED: &str = "20261123";

/// Admin and anonymous on SQLite, the same requests each time: less than 4 minutes.
pub(crate) fn short(context: &Context) -> anyhow::Result<()> {
    let program = build(context, Build::Dev)?;
    let server = start(context, &program, Engine::Sqlite)?;
    prepare(&server)?;
    let seeded = |how: &[&'static str]| [how, &["--seed", SEED]].concat();
    call(context, &server, ANONYMOUS, &seeded(&REFUSED))?;
    call(context, &server, ADMIN, &seeded(&FEW))
}

/// All callers on both engines, with new requests each time.
pub(crate) fn long(context: &Context) -> anyhow::Result<()> {
    let program = build(context, Build::Release)?;
    let cluster = Postgres::start(context, Durability::Fast)?;
    for engine in [Engine::Sqlite, Engine::Postgres(&cluster)] {
        let server = start(context, &program, engine)?;
        prepare(&server)?;
        for caller in ALL {
            println!("{} on {}", caller.0, engine.name());
            call(context, &server, caller, &["--max-examples", MANY])?;
        }
    }
    Ok(())
}

/// A server that believes which address a request came from: the hooks say another one each time.
fn start(context: &Context, program: &Path, engine: Engine<'_>) -> anyhow::Result<Server> {
    let proxy = ["--trusted-proxy", "127.0.0.1/32"];
    Server::start_with(context, program, "schemathesis", engine, &proxy)
}

/// One of everything, so that the examples of the description, which have the id 1, name something.
fn prepare(server: &Server) -> anyhow::Result<()> {
    let project = server.project("Schemathesis")?;
    ensure!(project == 1, "the first project has the id {project}");
    let api = server.api()?;
    let run = api.run(project, "web", "nightly")?;
    let thread = api.thread(run)?;
    let test = json!({"key": "a", "name": "pays", "folder": "shop", "status": "passed"});
    api.post(
        &format!("automation/runs/threads/{thread}/append"),
        &json!({ "tests": [test] }),
    )?;
    for (path, body) in [
        ("folders", json!({"folders": [{"name": "Checkout"}]})),
        (
            "cases",
            json!({"cases": [{"name": "Pay", "tags": ["smoke"]}, {"name": "Pay twice"}]}),
        ),
        ("milestones", json!({"name": "2.0"})),
        ("sessions", json!({"name": "Money tour"})),
        ("runs", json!({"name": "RC 1", "include_all": true})),
    ] {
        api.post(&format!("projects/{project}/{path}"), &body)?;
    }
    api.post("runs/1/tests/1/results", &json!({"status_id": 2}))?;
    Ok(())
}

fn call(context: &Context, server: &Server, caller: Caller, more: &[&str]) -> anyhow::Result<()> {
    let (name, scope) = caller;
    let settings = context.root.join("xtask/schemathesis/schemathesis.toml");
    let mut command = Command::new(tools::schemathesis(context)?);
    command
        .arg("--config-file")
        .arg(settings)
        .args(["run", "--continue-on-failure", "--checks", "all"])
        .args(["--exclude-operation-id", LAST])
        .args(more)
        .arg(format!("http://{}/api/openapi.json", server.address))
        .current_dir(context.fresh_dir("schemathesis-work")?)
        .env("PYTHONPATH", context.root.join("xtask/schemathesis"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTHONUTF8", "1");
    if let Some(scope) = scope {
        let key = key(server, name, scope)?;
        command.args(["--header", &format!("Authorization: Bearer {key}")]);
    }
    println!("{name}:");
    run(&mut command)
}

fn key(server: &Server, name: &str, scope: &str) -> anyhow::Result<String> {
    let output = server
        .command(&["keys", "create"])
        .args(["--user", EMAIL, "--name", name, "--scope", scope])
        .output()?;
    ensure!(output.status.success(), "attest keys create failed");
    let key = String::from_utf8(output.stdout)?.trim().to_owned();
    server.keep(std::slice::from_ref(&key))?;
    Ok(key)
}
