//! How long a project keeps results of automation.

use super::view::{self, Page, Typed};
use crate::respond;
use crate::sent::Sent;
use crate::ui::field::Errors;
use crate::visit::{Signed, Visit};
use app::automation::retention::{self, Change, Level};
use app::{App, Error, FieldError};
use axum::Router;
use axum::extract::{Path, Query};
use axum::response::Response;
use axum::routing::{get, post};
use http::StatusCode;
use model::{ProjectId, SourceId};
use serde::Deserialize;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/automation/retention/{project}", get(show).post(save))
        .route("/automation/runs/view/{run}/pin", post(pin))
}

#[derive(Deserialize, Default)]
struct Asked {
    source: Option<String>,
    saved: Option<String>,
    output_days: Option<String>,
    tests_days: Option<String>,
}

impl Asked {
    fn source(&self) -> Option<SourceId> {
        self.source.as_deref()?.parse().ok()
    }

    /// What was typed, when something was.
    fn typed(&self) -> Option<Typed> {
        (self.output_days.is_some() || self.tests_days.is_some()).then(|| Typed {
            output_days: self.output_days.clone().unwrap_or_default(),
            tests_days: self.tests_days.clone().unwrap_or_default(),
        })
    }
}

async fn show(Signed(visit): Signed, Path(id): Path<String>, Query(asked): Query<Asked>) -> Response {
    let result = match id.parse() {
        Ok(id) => draw(&visit, id, &asked, Errors::default()).await,
        Err(_) => Err(Error::NotFound),
    };
    respond::answer(&visit, result)
}

async fn draw(visit: &Visit, id: ProjectId, asked: &Asked, errors: Errors) -> Result<Response, Error> {
    let actor = visit.actor()?;
    let (_, project) = visit.project(id).await?;
    let rules = retention::overview(&visit.app, actor, id).await?;
    let source = asked
        .source()
        .and_then(|id| rules.sources.iter().find(|s| s.id == id).cloned());
    let typed = asked.typed();
    let (change, errors) = match (&typed, errors.is_empty()) {
        (Some(typed), true) => match change(typed).and_then(|c| c.check().map(|()| c)) {
            Ok(change) => (change, errors),
            Err(error) => (Change::default(), respond::fields(error)?),
        },
        _ => (Change::default(), errors),
    };
    // A preview is of the project's rule; what a source would do differently is seen when it is saved.
    let tried = if source.is_none() {
        change
    } else {
        Change::default()
    };
    let gone = retention::preview(&visit.app, actor, id, tried).await?;
    let own = source.as_ref().map_or(rules.project, |s| s.retention).own;
    let status = if errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let page = view::page(
        &visit.frame,
        &Page {
            project,
            is_preview: typed.is_some() && errors.is_empty() && source.is_none(),
            typed: typed.unwrap_or_else(|| Typed::of(own)),
            rules,
            source,
            gone,
            errors,
            is_saved: asked.saved.is_some(),
        },
    );
    Ok(respond::html(status, page))
}

/// A field that is empty follows the level above.
fn days(field: &str, text: &str) -> Result<Option<i64>, FieldError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| {
        FieldError::new(
            field.to_owned(),
            "Give a whole number of days, 0 to keep for ever, or nothing.".to_owned(),
        )
    })
}

fn change(typed: &Typed) -> Result<Change, Error> {
    let output = days("output_days", &typed.output_days);
    let tests = days("tests_days", &typed.tests_days);
    match (output, tests) {
        (Ok(output), Ok(tests)) => Ok(Change {
            output_days: Some(output),
            tests_days: Some(tests),
        }),
        (output, tests) => Err(Error::Invalid(
            [output.err(), tests.err()].into_iter().flatten().collect(),
        )),
    }
}

async fn save(Signed(visit): Signed, Path(id): Path<String>, Sent(asked): Sent<Asked>) -> Response {
    let result = match id.parse() {
        Ok(id) => try_save(&visit, id, &asked).await,
        Err(_) => Err(Error::NotFound),
    };
    respond::answer(&visit, result)
}

async fn try_save(visit: &Visit, id: ProjectId, asked: &Asked) -> Result<Response, Error> {
    let (level, query) = match asked.source() {
        Some(source) => (Level::Source(source), format!("?source={source}&saved=1")),
        None => (Level::Project(id), "?saved=1".to_owned()),
    };
    let saved = match change(&asked.typed().unwrap_or_default()) {
        Ok(change) => retention::update(&visit.app, visit.actor()?, level, change).await,
        Err(error) => Err(error),
    };
    match saved {
        Ok(_) => Ok(respond::to(&format!("{}{query}", view::href(id)))),
        Err(error) => {
            let errors = respond::fields(error)?;
            draw(visit, id, asked, errors).await
        }
    }
}

#[derive(Deserialize)]
struct Pin {
    #[serde(default)]
    pinned: String,
}

async fn pin(Signed(visit): Signed, Path(id): Path<String>, Sent(asked): Sent<Pin>) -> Response {
    let result = match (id.parse(), visit.actor()) {
        (Ok(id), Ok(actor)) => retention::pin(&visit.app, actor, id, asked.pinned == "1")
            .await
            .map(|_| respond::to(&format!("/automation/runs/view/{id}?tab=info"))),
        _ => Err(Error::NotFound),
    };
    respond::answer(&visit, result)
}
