//! Answers requests for the form of a new run.

use super::new::{self, New, Typed};
use crate::pages::repository::address::{Place, Query};
use crate::respond;
use crate::sent::MOST;
use crate::ui::field::Errors;
use crate::visit::{Signed, Visit};
use app::once::Answer;
use app::runs::Change;
use app::{App, Error, cases, lookups, milestones, people, runs, tree};
use axum::Router;
use axum::body::Bytes;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;
use model::page::PageRequest;
use model::{ConfigId, MilestoneId, RunId, StateId, UserId};
use store::run::Live;

/// Most cases of a run.
const CASES_MAX: i64 = 100_000;
/// Most choices of a list.
const LISTED: i64 = 200;

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/runs/new/{project}", get(show).post(create))
}

async fn show(Signed(visit): Signed, Path(id): Path<String>, asked: Query) -> Response {
    let result = match id.parse() {
        Ok(id) => blank(&visit, Place::read(id, &asked)).await,
        Err(_) => Err(Error::NotFound),
    };
    let result = result.map(|(v, _)| respond::page(new::page(&visit.frame, &v)));
    respond::answer(&visit, result)
}

async fn create(Signed(visit): Signed, Path(id): Path<String>, asked: Query, body: Bytes) -> Response {
    let result = match id.parse() {
        Ok(_) if body.len() > MOST => Err(Error::TooLarge(MOST as u64)),
        Ok(id) => try_create(&visit, Place::read(id, &asked), typed(&body)).await,
        Err(_) => Err(Error::NotFound),
    };
    respond::answer(&visit, result)
}

fn typed(body: &[u8]) -> Typed {
    let mut typed = Typed::default();
    for (name, value) in form_urlencoded::parse(body) {
        let id = value.parse().ok();
        match name.as_ref() {
            "name" => typed.name = value.into_owned(),
            "note" => typed.note = value.into_owned(),
            "milestone" => typed.milestone = id,
            "assignee" => typed.assignee = id,
            "state" => typed.state = id,
            "config" => typed.configs.extend(id),
            "live" => typed.live = value == "yes",
            _ => {}
        }
    }
    typed
}

/// The form, and the ids of the cases that go into the run.
async fn blank(visit: &Visit, place: Place) -> Result<(New, Vec<i64>), Error> {
    let (app, actor, id) = (&visit.app, visit.actor()?, place.project);
    let (_, project) = visit.project(id).await?;
    if !runs::rights(app, actor, id).await?.has(runs::EDIT) {
        return Err(store::access::Denied::Missing(runs::EDIT).into());
    }
    let found = tree::look(app, actor, id, place.folder).await?;
    let which = if place.picked.is_empty() {
        cases::Which::Matching(Box::new(place.filter(&found.inside)))
    } else {
        cases::Which::Picked(place.picked.clone())
    };
    let chosen = cases::runnable(app, actor, id, &which, CASES_MAX).await?;
    let (folders, is_all) = tree::choices(app, actor, id).await?;
    let some = PageRequest {
        page: 1,
        per_page: LISTED,
    };
    let open = store::milestone::Filter {
        is_completed: Some(false),
        ..Default::default()
    };
    let milestones = milestones::page(app, actor, id, &open, some).await?;
    let people = people::users_of_project(app, actor, id, some).await?;
    let states = runs::states(app, actor, id).await?;
    let v = New {
        project,
        cases: chosen.total - chosen.left_out,
        tests: chosen.tests,
        left_out: chosen.left_out,
        is_too_many: chosen.total > CASES_MAX || chosen.tests > CASES_MAX,
        folders: is_all.then_some(folders),
        milestones: milestones
            .rows
            .into_iter()
            .map(|m| (m.id.0, m.values.name))
            .collect(),
        configs: lookups::configs(app, actor, id).await?,
        people: people.rows.into_iter().map(|(id, name)| (id.0, name)).collect(),
        states: states.into_iter().map(|s| (s.id.0, s.name)).collect(),
        typed: Typed::default(),
        errors: Errors::default(),
        place,
    };
    Ok((v, chosen.ids))
}

async fn try_create(visit: &Visit, place: Place, typed: Typed) -> Result<Response, Error> {
    let (mut v, ids) = blank(visit, place).await?;
    let result = if ids.is_empty() || v.is_too_many {
        let text = "Choose between 1 and 100,000 cases for the run.";
        Err(Error::field("cases", text))
    } else {
        make(visit, &v.place, &typed, ids).await
    };
    match result {
        Ok(made) => Ok(respond::to(&match made.as_slice() {
            [one] => format!("/runs/view/{one}"),
            _ => format!("/runs/{}", v.project.id),
        })),
        Err(error) => {
            v.typed = typed;
            v.errors = respond::fields(error)?;
            Ok(respond::html(
                StatusCode::UNPROCESSABLE_ENTITY,
                new::page(&visit.frame, &v),
            ))
        }
    }
}

/// What chose the cases, for a run that goes on choosing.
fn live(place: &Place) -> Live {
    let text = |text: &String| Some(text.clone()).filter(|t| !t.is_empty());
    Live {
        folder_id: place.folder,
        search: text(&place.words),
        state_id: place.state,
        template_id: place.template,
        tag: text(&place.tag),
        has_automation: place.automation,
    }
}

/// One run, or one for each configuration.
async fn make(visit: &Visit, place: &Place, typed: &Typed, cases: Vec<i64>) -> Result<Vec<RunId>, Error> {
    let live = (typed.live && place.picked.is_empty()).then(|| live(place));
    let cases = if live.is_some() { Vec::new() } else { cases };
    let mut configs: Vec<Option<ConfigId>> = typed.configs.iter().map(|id| Some(ConfigId(*id))).collect();
    configs.dedup();
    if configs.is_empty() {
        configs.push(None);
    }
    let mut made = Vec::new();
    for config in configs {
        let change = Change {
            name: Some(typed.name.clone()),
            note: Some(Some(typed.note.clone()).filter(|n| !n.trim().is_empty())),
            milestone_id: Some(typed.milestone.map(MilestoneId)),
            assignee_id: typed.assignee.map(|id| Some(UserId(id))),
            state_id: typed.state.map(StateId),
            config_id: Some(config),
            live: live.clone().map(Some),
            ..Change::default()
        };
        let new = runs::New {
            change,
            include_all: false,
            cases: cases.clone(),
        };
        let answer = runs::create(&visit.app, visit.actor()?, place.project, new, None, |_| {
            (201, String::new())
        });
        if let Answer::Fresh((run, _)) = answer.await? {
            made.push(run.id);
        }
    }
    Ok(made)
}
