//! Results that are given, taken back, and what others gave meanwhile.

use super::address::{Place, Query as Asked};
use super::handler::{blank, load, rows, run, whole};
use super::result::Form;
use super::steps;
use super::view;
use crate::pages::repository::case::typed::{one_issue, sent_steps, value};
use crate::respond;
use crate::sent::{Pairs, Sent};
use crate::ui::field::Errors;
use crate::ui::hx;
use crate::visit::{Signed, Visit};
use app::custom::PREFIX;
use app::once::{Answer, Claim};
use app::runs::execution;
use app::runs::results::{self, Change};
use app::{App, Error};
use axum::Router;
use axum::extract::{Path, Query};
use axum::response::Response;
use axum::routing::{get, post};
use model::clock::SECOND;
use model::status::StepStatus;
use model::{FieldType, ResultId, RunId, TestId, UserId};
use serde_json::{Map, Value};
use store::field::Field;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/runs/view/{run}/since/{result}", get(since))
        .route("/runs/view/{run}/tests/{test}", post(give))
        .route("/runs/view/{run}/tests/{test}/text", post(take_over))
        .route("/runs/view/{run}/results/{result}/undo", post(undo))
}

async fn give(
    Signed(visit): Signed,
    Path((run, test)): Path<(String, String)>,
    Sent(given): Sent<Pairs>,
) -> Response {
    let result = match (run.parse(), test.parse()) {
        (Ok(run), Ok(test)) => try_give(&visit, run, test, given).await,
        _ => Err(Error::NotFound),
    };
    respond::answer(&visit, result)
}

async fn try_give(visit: &Visit, run: RunId, test: TestId, given: Pairs) -> Result<Response, Error> {
    let asked = Asked::with(test, given.one("show"));
    let place = Place::read(run, &asked);
    match save(visit, run, test, &given).await {
        Ok(made) if hx::is_fragment(&visit.headers) => news(visit, place, made).await,
        Ok(made) => {
            let open = execution::open(&visit.app, visit.actor()?, run, test).await?;
            let next = open.next.filter(|_| given.one("go_on") == "yes").unwrap_or(test);
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
async fn save(visit: &Visit, run: RunId, test: TestId, given: &Pairs) -> Result<ResultId, Error> {
    let actor = visit.actor()?;
    let fields = execution::fields(&visit.app, actor, run).await?;
    let seconds: Option<i64> = given.one("elapsed").parse().ok().filter(|s| *s > 0);
    let issue = one_issue(given.one("tracker"), given.one("issue_number"));
    let issue = issue.map_err(|error| Error::Invalid(vec![error]))?;
    let custom = custom(given, &fields).into_iter();
    let given_steps = steps::read(given);
    let change = Change {
        status_id: status(visit, (run, test), given.one("status"), &given_steps).await?,
        note: Some(Some(given.one("note").to_owned()).filter(|n| !n.trim().is_empty())),
        elapsed: seconds.map(|s: i64| Some(s.saturating_mul(SECOND))),
        assignee_id: given
            .all("assignee")
            .first()
            .map(|id| id.parse().ok().map(UserId)),
        issues: issue.map(|issue| vec![issue]),
        custom: custom
            .map(|(name, value)| (format!("{PREFIX}{name}"), value))
            .collect(),
        steps: (!given_steps.is_empty()).then_some(given_steps),
    };
    let token = given.one("token");
    let claim = (!token.is_empty()).then(|| Claim {
        user: actor.user.id,
        key: token.chars().take(200).collect(),
        route: format!("POST /runs/view/{run}/tests/{test}"),
        body_hash: given
            .0
            .iter()
            .filter(|(name, _)| !["show", "go_on", "token"].contains(&name.as_str()))
            .flat_map(|(name, value)| [name, value])
            .flat_map(|text| text.bytes().chain([0]))
            .collect(),
    });
    let new = (vec![(test, change)], false);
    let answer = results::create(&visit.app, actor, run, new, claim, |(made, _)| {
        (201, made.first().map(|r| r.id.to_string()).unwrap_or_default())
    });
    match answer.await? {
        Answer::Fresh((made, _)) => made.first().map(|r| r.id).ok_or(Error::NotFound),
        Answer::Known(_, id) => id.parse().map_err(|_| Error::NotFound),
    }
}

/// The status that was chosen, or else the one that the steps say.
async fn status(
    visit: &Visit,
    (run, test): (RunId, TestId),
    chosen: &str,
    given: &[StepStatus],
) -> Result<Option<i64>, Error> {
    let chosen = chosen.parse().ok();
    if chosen.is_some() || given.is_empty() {
        return Ok(chosen);
    }
    let actor = visit.actor()?;
    let open = execution::open(&visit.app, actor, run, test).await?;
    let (_, looks) = app::runs::get(&visit.app, actor, run).await?;
    Ok(looks.statuses.of_steps(given, steps::of(&open)))
}

/// What was given for these fields, by system name; null where nothing was.
fn custom(given: &Pairs, fields: &[Field]) -> Map<String, Value> {
    let each = fields.iter().map(|field| {
        let name = format!("{PREFIX}{}", field.system_name);
        let value = match field.kind {
            FieldType::Steps => sent_steps(&given.0, &name),
            _ => value(field, &given.all(&name)),
        };
        (field.system_name.clone(), value)
    });
    each.collect()
}

/// The form again, with what was typed and what was wrong with it.
async fn again(visit: &Visit, place: Place, given: Pairs, errors: Errors) -> Result<Response, Error> {
    let found = load(visit, place).await?;
    let test = place.test.ok_or(Error::NotFound)?;
    let open = execution::open(&visit.app, visit.actor()?, place.run, test).await?;
    let form = Form {
        status: given.one("status").parse().ok(),
        note: given.one("note").to_owned(),
        custom: custom(&given, &open.fields),
        steps: steps::read(&given),
        issue: (
            given.one("tracker").to_owned(),
            given.one("issue_number").to_owned(),
        ),
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

async fn take_over(
    Signed(visit): Signed,
    Path((run, test)): Path<(String, String)>,
    Sent(given): Sent<Pairs>,
) -> Response {
    let result = match (run.parse(), test.parse()) {
        (Ok(run), Ok(test)) => try_take_over(&visit, run, test, &given).await,
        _ => Err(Error::NotFound),
    };
    respond::answer(&visit, result)
}

async fn try_take_over(visit: &Visit, run: RunId, test: TestId, given: &Pairs) -> Result<Response, Error> {
    let version = given.one("version").parse().map_err(|_| Error::NotFound)?;
    let place = Place::read(run, &Asked::with(test, given.one("show")));
    match results::take_over(&visit.app, visit.actor()?, (run, test), version).await {
        // What changed meanwhile is what the page shows.
        Ok(_) | Err(Error::Conflict(..)) => Ok(respond::to(&place.href())),
        Err(error) => Err(error),
    }
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
