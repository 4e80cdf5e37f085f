//! Executing a run: the whole page, the part of it that the browser asks for, and results that are given.

use super::address::{Place, Query as Asked};
use super::execute::{self, CHUNK, List, Row};
use super::pane::{self, Detail};
use super::result::{Choice, Form, Past};
use super::view::{self, Page, Run};
use crate::respond;
use crate::sent::Sent;
use crate::ui::field::Errors;
use crate::ui::hx;
use crate::ui::status::{Kind, Tally};
use crate::visit::{Signed, Visit};
use app::automation::{self, Names, Needs};
use app::once::{Answer, Claim};
use app::runs::execution::{self, Open, Show};
use app::runs::results::{self, Change};
use app::{App, Error, people};
use axum::Router;
use axum::extract::{Path, Query};
use axum::response::Response;
use axum::routing::{get, post};
use http::StatusCode;
use model::clock::SECOND;
use model::page::PageRequest;
use model::status::Statuses;
use model::{ResultId, RunId, TemplateId, TestId, UserId};
use serde::Deserialize;
use serde_json::Value;
use store::run::execution::Line;

/// People that a test can be given to.
const PEOPLE: i64 = 200;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/runs/view/{run}", get(show))
        .route("/runs/view/{run}/since/{result}", get(since))
        .route("/runs/view/{run}/tests/{test}", post(give))
        .route("/runs/view/{run}/results/{result}/undo", post(undo))
}

async fn show(Signed(visit): Signed, Path(id): Path<String>, Query(asked): Query<Asked>) -> Response {
    let result = match id.parse() {
        Ok(id) => try_show(&visit, Place::read(id, &asked)).await,
        Err(_) => Err(Error::NotFound),
    };
    respond::answer(&visit, result)
}

async fn try_show(visit: &Visit, place: Place) -> Result<Response, Error> {
    let found = load(visit, place).await?;
    match hx::region(&visit.headers) {
        Some("more") => {
            let list = rows(visit, &found).await?;
            Ok(respond::page(execute::chunk(place, &list)))
        }
        Some("detail") => {
            let detail = detail(visit, &found, place, None).await?;
            Ok(respond::page(pane::pane(&visit.frame, place, detail.as_ref())))
        }
        _ => whole(visit, found, place, None).await,
    }
}

async fn load(visit: &Visit, place: Place) -> Result<execution::List, Error> {
    let part = (place.after, CHUNK);
    execution::list(&visit.app, visit.actor()?, place.run, place.show, part).await
}

/// The whole page; `form` is one that was sent and is shown again.
async fn whole(
    visit: &Visit,
    mut found: execution::List,
    place: Place,
    form: Option<Form>,
) -> Result<Response, Error> {
    let status = if form.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let detail = detail(visit, &found, place, form).await?;
    let place = match &detail {
        // The list in which the open test is seen: from the test on, if it is not in the first part.
        Some(open) if place.after == 0 && !found.lines.iter().any(|l| l.test.id == open.id) => {
            let place = place.show(Show::All).open(Some(open.id)).from(open.position - 1);
            found = load(visit, place).await?;
            place
        }
        _ => place,
    };
    let (_, project) = visit.project(found.run.project_id).await?;
    let told = place
        .made
        .map(|made| view::toast("The result was saved.", Some((place.run, made))));
    let v = Page {
        project,
        run: run(visit, &found).await?,
        place,
        list: rows(visit, &found).await?,
        detail,
        told,
    };
    Ok(respond::html(status, view::page(&visit.frame, &v)))
}

async fn run(visit: &Visit, found: &execution::List) -> Result<Run, Error> {
    let run = &found.run;
    let needs = Needs {
        configs: run.values.config_id.into_iter().collect(),
        milestones: run.values.milestone_id.into_iter().collect(),
        ..Needs::default()
    };
    let actor = visit.actor()?;
    let names = automation::names(&visit.app, actor, &needs).await?;
    let states = app::runs::states(&visit.app, actor, run.project_id).await?;
    let state = states.into_iter().find(|s| s.id == run.values.state_id);
    Ok(Run {
        id: run.id,
        name: run.values.name.clone(),
        state: state.map(|s| s.name).unwrap_or_default(),
        config: names.configs.into_iter().next().map(|(_, name)| name),
        milestone: names.milestones.into_iter().next().map(|(_, name)| name),
        tally: Tally::of(&found.looks.statuses, &run.counts),
        forecast: run.forecast,
        elapsed: run.elapsed,
        is_closed: run.values.is_closed,
        latest: found.latest,
        may: found.may,
    })
}

fn word(statuses: &Statuses, id: i64) -> (Kind, String) {
    match statuses.get(id) {
        Some(status) => (Kind::of(status), status.name.clone()),
        None => (Kind::Untested, "Unknown".to_owned()),
    }
}

async fn rows(visit: &Visit, found: &execution::List) -> Result<List, Error> {
    let needs = Needs {
        users: found.lines.iter().filter_map(|l| l.test.assignee_id).collect(),
        ..Needs::default()
    };
    let names = automation::names(&visit.app, visit.actor()?, &needs).await?;
    let total = Tally::of(&found.looks.statuses, &found.run.counts).total();
    Ok(List {
        rows: found
            .lines
            .iter()
            .map(|l| row(l, &found.looks.statuses, &names))
            .collect(),
        goes_on: found.goes_on,
        total,
        mine: found.mine,
        unfinished: found.unfinished,
    })
}

fn row(l: &Line, statuses: &Statuses, names: &Names) -> Row {
    let (kind, word) = word(statuses, l.test.status_id);
    let assignee = l.test.assignee_id;
    Row {
        id: l.test.id,
        position: l.position,
        number: l.number,
        name: l.test.name.clone().unwrap_or_default(),
        folder: l.folder.clone().unwrap_or_else(|| "No folder".to_owned()),
        kind,
        word,
        assignee: assignee.and_then(|id| Some((id, names.user(id)?.to_owned()))),
    }
}

/// The test that the address names; none for one that is not in the run.
async fn detail(
    visit: &Visit,
    found: &execution::List,
    place: Place,
    form: Option<Form>,
) -> Result<Option<Detail>, Error> {
    let Some(id) = place.test else { return Ok(None) };
    let open = match execution::open(&visit.app, visit.actor()?, place.run, id).await {
        Err(Error::NotFound) => return Ok(None),
        other => other?,
    };
    let statuses = &found.looks.statuses;
    let (kind, word) = word(statuses, open.line.test.status_id);
    let template = open.content.get("template_id").and_then(Value::as_i64);
    let fields = template.map_or_else(Vec::new, |id| open.schema.fields_of(TemplateId(id)));
    let form = match (form, found.may.execute) {
        (_, false) => None,
        (Some(form), true) => Some(form),
        (None, true) => Some(blank(visit, found, &open).await?),
    };
    Ok(Some(Detail {
        id,
        position: open.line.position,
        total: Tally::of(statuses, &found.run.counts).total(),
        case: open.line.test.case_id,
        number: open.line.number,
        version: open.line.test.case_version,
        changed: open.changed(),
        name: open.line.test.name.clone().unwrap_or_default(),
        kind,
        word,
        forecast: open.line.test.forecast,
        fields: fields.into_iter().cloned().collect(),
        history: history(visit, statuses, place.run, &open).await?,
        content: open.content,
        form,
        is_closed: found.run.values.is_closed,
    }))
}

async fn blank(visit: &Visit, found: &execution::List, open: &Open) -> Result<Form, Error> {
    let some = PageRequest {
        page: 1,
        per_page: PEOPLE,
    };
    let project = found.run.project_id;
    let people = people::users_of_project(&visit.app, visit.actor()?, project, some).await?;
    let choice = |s: &model::status::Status| Choice {
        id: s.id,
        name: s.name.clone(),
        kind: Kind::of(s),
        key: Some(s.id - 1).filter(|key| (0..=5).contains(key)),
    };
    let mut statuses: Vec<Choice> = found.looks.statuses.0.iter().map(choice).collect();
    // Untested is the last of those with a key, as nobody begins with it.
    statuses.sort_by_key(|s| s.key.map_or(7, |key| if key == 0 { 6 } else { key }));
    Ok(Form {
        statuses,
        people: people.rows,
        assignee: open.line.test.assignee_id,
        next: open.next,
        token: app::once::token(&visit.app),
        ..Form::default()
    })
}

async fn history(visit: &Visit, statuses: &Statuses, run: RunId, open: &Open) -> Result<Vec<Past>, Error> {
    let needs = Needs {
        users: open.results.iter().filter_map(|r| r.created_by).collect(),
        ..Needs::default()
    };
    let names = automation::names(&visit.app, visit.actor()?, &needs).await?;
    let past = |r: &store::run::result::RunResult| {
        let (kind, word) = word(statuses, r.values.status_id);
        let elsewhere = open
            .runs
            .iter()
            .find(|other| other.id == r.run_id && other.id != run);
        let files = open.files.iter().filter(|(id, _)| *id == r.id);
        Past {
            id: r.id,
            run: r.run_id,
            elsewhere: elsewhere.map(|other| other.values.name.clone()),
            kind,
            word,
            note: r.values.note.clone(),
            elapsed: r.values.elapsed,
            at: r.created_at,
            by: r.created_by.and_then(|id| Some((id, names.user(id)?.to_owned()))),
            files: files
                .map(|(_, f)| (f.id, f.file.name.clone(), f.file.size))
                .collect(),
        }
    };
    Ok(open.results.iter().map(past).collect())
}

#[derive(Deserialize, Default)]
struct Given {
    #[serde(default)]
    status: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    elapsed: String,
    assignee: Option<String>,
    #[serde(default)]
    token: String,
    #[serde(default)]
    show: String,
    #[serde(default)]
    go_on: String,
}

async fn give(
    Signed(visit): Signed,
    Path((run, test)): Path<(String, String)>,
    Sent(given): Sent<Given>,
) -> Response {
    let result = match (run.parse(), test.parse()) {
        (Ok(run), Ok(test)) => try_give(&visit, run, test, given).await,
        _ => Err(Error::NotFound),
    };
    respond::answer(&visit, result)
}

async fn try_give(visit: &Visit, run: RunId, test: TestId, given: Given) -> Result<Response, Error> {
    let asked = Asked::with(test, &given.show);
    let place = Place::read(run, &asked);
    match save(visit, run, test, &given).await {
        Ok(made) if hx::is_fragment(&visit.headers) => news(visit, place, made).await,
        Ok(made) => {
            let open = execution::open(&visit.app, visit.actor()?, run, test).await?;
            let next = open.next.filter(|_| given.go_on == "yes").unwrap_or(test);
            let place = Place {
                made: Some(made),
                ..place.open(Some(next))
            };
            Ok(respond::to(&place.href()))
        }
        Err(error) => {
            let errors = respond::fields(error)?;
            again(visit, place, given, errors).await
        }
    }
}

/// Writes the result; one that was sent before is the same one.
async fn save(visit: &Visit, run: RunId, test: TestId, given: &Given) -> Result<ResultId, Error> {
    let actor = visit.actor()?;
    let seconds: Option<i64> = given.elapsed.parse().ok().filter(|s| *s > 0);
    let change = Change {
        status_id: given.status.parse().ok(),
        note: Some(Some(given.note.clone()).filter(|n| !n.trim().is_empty())),
        elapsed: seconds.map(|s: i64| Some(s.saturating_mul(SECOND))),
        assignee_id: given.assignee.as_ref().map(|id| id.parse().ok().map(UserId)),
    };
    let claim = (!given.token.is_empty()).then(|| Claim {
        user: actor.user.id,
        key: given.token.chars().take(200).collect(),
        route: format!("POST /runs/view/{run}/tests/{test}"),
        body_hash: [&given.status, &given.note, &given.elapsed]
            .into_iter()
            .flat_map(|text| text.bytes().chain([0]))
            .collect(),
    });
    let new = (vec![(test, change)], false);
    let answer = results::create(&visit.app, actor, run, new, claim, |made| {
        (201, made.first().map(|r| r.id.to_string()).unwrap_or_default())
    });
    match answer.await? {
        Answer::Fresh(made) => made.first().map(|r| r.id).ok_or(Error::NotFound),
        Answer::Known(_, id) => id.parse().map_err(|_| Error::NotFound),
    }
}

/// The form again, with what was typed and what was wrong with it.
async fn again(visit: &Visit, place: Place, given: Given, errors: Errors) -> Result<Response, Error> {
    let found = load(visit, place).await?;
    let test = place.test.ok_or(Error::NotFound)?;
    let open = execution::open(&visit.app, visit.actor()?, place.run, test).await?;
    let form = Form {
        status: given.status.parse().ok(),
        note: given.note,
        errors,
        ..blank(visit, &found, &open).await?
    };
    whole(visit, found, place, Some(form)).await
}

/// What a result changed, for script.
async fn news(visit: &Visit, place: Place, made: ResultId) -> Result<Response, Error> {
    let before = ResultId(made.0 - 1);
    let found = execution::since(&visit.app, visit.actor()?, place.run, before).await?;
    let list = rows(visit, &found).await?;
    let mine = list.rows.iter().find(|r| Some(r.id) == place.test);
    let words = mine.map_or_else(
        || "The result was saved.".to_owned(),
        |r| {
            let number = r.number.map(|n| format!("C{n}: ")).unwrap_or_default();
            format!("{number}{}", r.word)
        },
    );
    let run = run(visit, &found).await?;
    let told = view::toast(&words, Some((place.run, made)));
    let place = Place { test: None, ..place };
    Ok(respond::page(view::news(&run, place, &list, Some(told))))
}

async fn since(
    Signed(visit): Signed,
    Path((run, result)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Response {
    let result = match (run.parse(), result.parse()) {
        (Ok(run), Ok(result)) => try_since(&visit, Place::read(run, &asked), result).await,
        _ => Err(Error::NotFound),
    };
    respond::answer(&visit, result)
}

async fn try_since(visit: &Visit, place: Place, result: ResultId) -> Result<Response, Error> {
    let found = execution::since(&visit.app, visit.actor()?, place.run, result).await?;
    let (run, list) = (run(visit, &found).await?, rows(visit, &found).await?);
    Ok(respond::page(view::news(&run, place, &list, None)))
}

async fn undo(
    Signed(visit): Signed,
    Path((run, result)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Response {
    let result = match (run.parse(), result.parse()) {
        (Ok(run), Ok(result)) => try_undo(&visit, Place::read(run, &asked), result).await,
        _ => Err(Error::NotFound),
    };
    respond::answer(&visit, result)
}

async fn try_undo(visit: &Visit, place: Place, result: ResultId) -> Result<Response, Error> {
    let test = results::take_back(&visit.app, visit.actor()?, place.run, result).await?;
    if !hx::is_fragment(&visit.headers) {
        return Ok(respond::to(&place.open(Some(test)).href()));
    }
    let found = execution::of(&visit.app, visit.actor()?, place.run, &[test]).await?;
    let (run, list) = (run(visit, &found).await?, rows(visit, &found).await?);
    let told = view::toast("The result was taken back.", None);
    Ok(respond::page(view::news(&run, place, &list, Some(told))))
}
