//! `--demo`: a project with automation history, so that the pages have something true to show.
//!
//! The history is results of Attest's own tests, submitted through the public API with a real key, like any client's.

mod client;
mod reports;

use std::io::Cursor;
use std::time::Duration;

use anyhow::Context as _;
use app::keys::NewKey;
use app::projects::NewProject;
use app::{Actor, App};
use axum::Router;
use model::clock::HOUR;
use model::{ProjectId, Scope};
use serde_json::{Value, json};

use crate::instance::told;
use crate::serve::layer::Front;
use client::Client;
use reports::{REPORTS, Reported};

/// The project's name.
const PROJECT: &str = "Attest (demo)";
/// Tests in one request, as Testmo's clients send them.
const BATCH: usize = 250;
/// How often we look whether the instance was set up, which the demo waits for.
const LOOK: Duration = Duration::from_secs(1);

/// Makes the demo once somebody has set the instance up. What is there already is left as it is.
pub(crate) async fn make(app: App, front: Front<Router>) {
    match attempt(&app, front).await {
        Ok(0) => {}
        Ok(made) => tracing::info!(runs = made, "made the demo project"),
        Err(error) => tracing::error!(
            error = format!("{error:#}"),
            "could not make the demo project; the next start tries again"
        ),
    }
}

async fn attempt(app: &App, front: Front<Router>) -> anyhow::Result<usize> {
    let owner = owner(app).await?;
    let project = project(app, &owner).await?;
    if is_whole(app, &owner, project).await? {
        return Ok(0);
    }
    let new = NewKey {
        // Names of active keys are unique, and one of a start that was cut short may still be active.
        name: format!("{PROJECT} {}", app.now()),
        scope: Scope::ResultsWrite,
        expires_at: Some(app.now().plus(HOUR)),
        projects: Some(vec![project]),
        addresses: None,
    };
    let key = app::keys::create(app, &owner, &new).await.map_err(told)?;
    let client = Client::new(front, &key.secret);
    let made = submit_missing(&client, project).await;
    app::keys::revoke(app, &owner, key.key.id, Some("the demo is made"))
        .await
        .map_err(told)?;
    made
}

/// The first site admin, who may not be there yet.
async fn owner(app: &App) -> anyhow::Result<Actor> {
    loop {
        if let Some(owner) = app::keys::for_first_admin(app).await.map_err(told)? {
            return Ok(owner);
        }
        tokio::time::sleep(LOOK).await;
    }
}

async fn project(app: &App, owner: &Actor) -> anyhow::Result<ProjectId> {
    if let Some(id) = app::projects::find(app, owner, PROJECT).await.map_err(told)? {
        return Ok(id);
    }
    let new = NewProject {
        name: PROJECT.to_owned(),
        note: Some(
            "Results of Attest's own tests, submitted through the API when the server started.".to_owned(),
        ),
        is_demo: true,
    };
    app::projects::create(app, owner, &new).await.map_err(told)
}

/// Whether there are as many complete runs as reports, so that nothing has to be asked with a key.
async fn is_whole(app: &App, owner: &Actor, project: ProjectId) -> anyhow::Result<bool> {
    let project = app::projects::get(app, owner, project).await.map_err(told)?;
    let complete = project.run_count - project.run_active_count;
    Ok(usize::try_from(complete).is_ok_and(|complete| complete >= REPORTS.len()))
}

/// Submits the reports whose runs are not there or not complete; how many.
async fn submit_missing(client: &Client, project: ProjectId) -> anyhow::Result<usize> {
    let runs = client
        .get(&format!("/api/v1/projects/{project}/automation/runs"))
        .await?;
    let complete: Vec<&Value> = runs["result"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|run| run["is_completed"] == true)
        .collect();
    let missing = REPORTS
        .iter()
        .filter(|report| complete.iter().all(|run| run["name"] != report.name));
    let mut made = 0;
    for report in missing {
        submit(client, project, report)
            .await
            .with_context(|| format!("cannot submit {}", report.name))?;
        made += 1;
    }
    Ok(made)
}

/// One run with one thread. Each request has its idempotency key, so that a submission that was cut short is taken up
/// where it ended.
async fn submit(client: &Client, project: ProjectId, report: &Reported) -> anyhow::Result<()> {
    let once = |step: &str| format!("demo/{}/{step}", report.name);
    let run = json!({"name": report.name, "source": report.source, "tags": ["demo"]});
    let run = client
        .create(
            &format!("/api/v1/projects/{project}/automation/runs"),
            &once("run"),
            &run,
        )
        .await?;
    let mut results = junit::Report::open(Cursor::new(report.xml))?;
    let elapsed = json!({"elapsed_computed": results.summary().elapsed_computed});
    let thread = client
        .create(
            &format!("/api/v1/automation/runs/{run}/threads"),
            &once("thread"),
            &elapsed,
        )
        .await?;
    let tests = results.tests()?.collect::<Result<Vec<_>, _>>()?;
    for (n, batch) in tests.chunks(BATCH).enumerate() {
        let path = format!("/api/v1/automation/runs/threads/{thread}/append");
        client
            .post(&path, &once(&format!("append/{n}")), &json!({ "tests": batch }))
            .await?;
    }
    client
        .post(
            &format!("/api/v1/automation/runs/threads/{thread}/complete"),
            &once("thread/complete"),
            &json!({}),
        )
        .await?;
    client
        .post(
            &format!("/api/v1/automation/runs/{run}/complete"),
            &once("complete"),
            &json!({}),
        )
        .await?;
    Ok(())
}
