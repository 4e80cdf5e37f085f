//! Executing a run: the whole page, or the part of it that the browser asks for.

use super::address::{Place, Query as Asked};
use super::execute::{self, CHUNK, List, Row};
use super::pane::{self, Detail};
use super::result::{Choice, Form, Past};
use super::steps;
use super::view::{self, Page, Run};
use crate::pages::repository::case::around::trackers;
use crate::respond;
use crate::ui::hx;
use crate::ui::status::{Kind, Tally};
use crate::visit::{Signed, Visit};
use app::automation::{self, Names, Needs};
use app::runs::execution::{self, Open, Show};
use app::{App, Error, people};
use axum::Router;
use axum::extract::{Path, Query};
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;
use model::page::PageRequest;
use model::status::{Statuses, StepStatus};
use model::{RunId, TemplateId};
use serde_json::{Map, Value};
use store::field::Field;
use store::run::execution::Line;

/// People that a test can be given to.
const PEOPLE: i64 = 200;

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/runs/view/{run}", get(show))
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

pub(super) async fn load(visit: &Visit, place: Place) -> Result<execution::List, Error> {
    let part = (place.after, CHUNK);
    execution::list(&visit.app, visit.actor()?, place.run, place.show, part).await
}

/// The whole page; `form` is one that was sent and is shown again.
pub(super) async fn whole(
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

pub(super) async fn run(visit: &Visit, found: &execution::List) -> Result<Run, Error> {
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
        is_live: run.values.live.is_some(),
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

pub(super) async fn rows(visit: &Visit, found: &execution::List) -> Result<List, Error> {
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
        values: open.values,
        form,
        is_closed: found.run.values.is_closed,
    }))
}

pub(super) async fn blank(visit: &Visit, found: &execution::List, open: &Open) -> Result<Form, Error> {
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
        weight: (!s.is_untested).then(|| s.weight()),
    };
    let mut statuses: Vec<Choice> = found.looks.statuses.0.iter().map(choice).collect();
    // Untested is the last of those with a key, as nobody begins with it.
    statuses.sort_by_key(|s| s.key.map_or(7, |key| if key == 0 { 6 } else { key }));
    Ok(Form {
        statuses,
        people: people.rows,
        assignee: open.line.test.assignee_id,
        next: open.next,
        fields: open.fields.clone(),
        custom: defaults(&open.fields),
        has_steps: steps::of(open) > 0,
        trackers: trackers(visit).await?,
        token: app::once::token(&visit.app),
        ..Form::default()
    })
}

fn step(statuses: &Statuses, s: &StepStatus) -> (i64, Kind, String) {
    let (kind, word) = word(statuses, s.status_id);
    (s.step, kind, word)
}

/// What the fields hold before anybody fills them.
fn defaults(fields: &[Field]) -> Map<String, Value> {
    let each = fields.iter().filter_map(|f| {
        let value = serde_json::from_str(f.default_value.as_deref()?).ok()?;
        Some((f.system_name.clone(), value))
    });
    each.collect()
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
            version: Some(r.case_version).filter(|v| *v != open.line.test.case_version),
            row: r.data_row.filter(|_| r.test_id != open.line.test.id),
            elapsed: r.values.elapsed,
            at: r.created_at,
            by: r.created_by.and_then(|id| Some((id, names.user(id)?.to_owned()))),
            values: open
                .fields
                .iter()
                .filter_map(|f| Some((f.clone(), r.values.custom.get(&f.system_name)?.clone())))
                .collect(),
            issues: r.values.issues.iter().map(|i| i.display_id.clone()).collect(),
            steps: r.values.steps.iter().map(|s| step(statuses, s)).collect(),
            files: files
                .map(|(_, f)| (f.id, f.file.name.clone(), f.file.size))
                .collect(),
        }
    };
    Ok(open.results.iter().map(past).collect())
}
