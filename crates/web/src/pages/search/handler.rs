//! Answers searches.

use super::view::{self, Item, Search};
use crate::respond;
use crate::ui::{Icon, ProjectNav};
use crate::visit::{Signed, Visit};
use app::{App, Error, cases, runs};
use axum::Router;
use axum::extract::Query;
use axum::response::Response;
use axum::routing::get;
use model::ProjectId;
use model::page::PageRequest;
use serde::Deserialize;

/// Most projects that are looked through.
const PROJECTS: i64 = 200;
/// Most of a group.
const SHOWN: usize = 8;
/// Letters from which cases and runs are searched; a number needs one.
const LETTERS: usize = 2;

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/search", get(show))
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    project: String,
    #[serde(default)]
    q: String,
}

async fn show(Signed(visit): Signed, Query(asked): Query<Asked>) -> Response {
    let result = try_show(&visit, &asked).await;
    respond::answer(&visit, result)
}

async fn try_show(visit: &Visit, asked: &Asked) -> Result<Response, Error> {
    let project = match asked.project.as_str() {
        "" => None,
        id => Some(visit.project(id.parse().map_err(|_| Error::NotFound)?).await?.1),
    };
    let words: String = asked.q.chars().take(200).collect();
    let mut found = vec![
        ("Go to", places(visit, project.as_ref(), &words)),
        ("Projects", projects(visit, &words).await?),
    ];
    if let Some(project) = &project
        && is_enough(&words)
    {
        found.push(("Cases", of_cases(visit, project.id, &words).await?));
        found.push(("Runs", of_runs(visit, project.id, &words).await?));
    }
    let search = Search {
        project,
        words,
        found,
    };
    Ok(respond::page(view::page(&visit.frame, &search)))
}

fn is_enough(words: &str) -> bool {
    let words = words.trim();
    words.chars().nth(LETTERS - 1).is_some() || words.parse::<i64>().is_ok()
}

/// Whether a name has all words.
fn fits(name: &str, words: &str) -> bool {
    let name = model::text::folded(name);
    let words = model::text::folded(words);
    words.split_whitespace().all(|word| name.contains(word))
}

fn item(icon: Icon, label: &str, href: String) -> Item {
    Item {
        icon,
        label: label.to_owned(),
        number: String::new(),
        href,
    }
}

/// Pages of the project and of the person.
fn places(visit: &Visit, project: Option<&ProjectNav>, words: &str) -> Vec<Item> {
    let mut all = Vec::new();
    if let Some(ProjectNav { id, .. }) = project {
        all.extend([
            item(Icon::LayoutDashboard, "Overview", format!("/projects/view/{id}")),
            item(Icon::FolderTree, "Repository", format!("/repositories/{id}")),
            item(Icon::CirclePlay, "Runs", format!("/runs/{id}")),
            item(Icon::Zap, "Automation runs", format!("/automation/runs/{id}")),
            item(Icon::Layers, "Shared steps", format!("/shared-steps/{id}")),
            item(Icon::Plus, "New case", format!("/cases/new/{id}")),
            item(Icon::Plus, "New run", format!("/runs/new/{id}")),
        ]);
    }
    all.extend([
        item(Icon::LayoutGrid, "All projects", "/projects".to_owned()),
        item(Icon::UserRound, "User profile", "/users/profile".to_owned()),
        item(
            Icon::KeyRound,
            "API keys of mine",
            "/users/profile/api".to_owned(),
        ),
        item(
            Icon::Monitor,
            "Signed-in devices",
            "/users/profile/security".to_owned(),
        ),
        item(Icon::Terminal, "Description of the API", "/api/docs".to_owned()),
    ]);
    if visit.frame.viewer.as_ref().is_some_and(|v| v.is_admin) {
        all.push(item(
            Icon::ShieldCheck,
            "API keys of the instance",
            "/admin/api-keys".to_owned(),
        ));
        all.push(item(Icon::Bot, "API users", "/admin/api-users".to_owned()));
    }
    all.retain(|one| fits(&one.label, words));
    all
}

async fn projects(visit: &Visit, words: &str) -> Result<Vec<Item>, Error> {
    if words.trim().is_empty() {
        return Ok(Vec::new());
    }
    let request = PageRequest {
        page: 1,
        per_page: PROJECTS,
    };
    let filter = store::project::Filter::default();
    let page = app::projects::page(&visit.app, visit.actor()?, &filter, request).await?;
    let named = page.rows.into_iter().filter(|p| fits(&p.name, words)).take(SHOWN);
    Ok(named
        .map(|p| item(Icon::LayoutGrid, &p.name, format!("/projects/view/{}", p.id)))
        .collect())
}

/// Nothing, for those who may not look.
fn seen<T>(found: Result<Vec<T>, Error>) -> Result<Vec<T>, Error> {
    match found {
        Err(Error::Denied(_)) => Ok(Vec::new()),
        other => other,
    }
}

async fn of_cases(visit: &Visit, project: ProjectId, words: &str) -> Result<Vec<Item>, Error> {
    let hits = seen(cases::suggest(&visit.app, visit.actor()?, project, words).await)?;
    let of = |hit: store::case::search::Hit| Item {
        icon: Icon::FolderTree,
        label: hit.name,
        number: format!("C{}", hit.number),
        href: format!("/cases/view/{}", hit.id),
    };
    Ok(hits.into_iter().take(SHOWN).map(of).collect())
}

async fn of_runs(visit: &Visit, project: ProjectId, words: &str) -> Result<Vec<Item>, Error> {
    let found = seen(runs::suggest(&visit.app, visit.actor()?, project, words, SHOWN).await)?;
    let of = |(id, name): (model::RunId, String)| item(Icon::CirclePlay, &name, format!("/runs/view/{id}"));
    Ok(found.into_iter().map(of).collect())
}
