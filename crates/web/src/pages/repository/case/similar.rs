//! A hint at cases that may say the same as the one that is being written. Script asks for it while the title is typed.

use super::handler::case_id;
use crate::pages::repository::handler::project;
use crate::respond;
use crate::ui::{Icon, icon};
use crate::visit::{Signed, Visit};
use app::{App, Error, cases};
use axum::Router;
use axum::extract::{Path, Query};
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;
use maud::{Markup, html};
use model::{CaseId, ProjectId};
use serde::Deserialize;
use store::case::search::Hit;

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/cases/similar/{project}", get(show))
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    name: String,
    #[serde(default)]
    except: String,
}

async fn show(Signed(visit): Signed, Path(id): Path<String>, Query(asked): Query<Asked>) -> Response {
    let result = try_show(&visit, &id, &asked).await;
    respond::answer(&visit, result)
}

async fn try_show(visit: &Visit, id: &str, asked: &Asked) -> Result<Response, Error> {
    let except = match asked.except.as_str() {
        "" => None,
        id => Some(case_id(id)?),
    };
    let found = cases::similar(&visit.app, visit.actor()?, project(id)?, &asked.name, except).await?;
    Ok(respond::html(StatusCode::OK, list(&found)))
}

/// The title with the hint below it.
pub fn around(project: ProjectId, case: Option<CaseId>, title: &Markup, found: &[Hit]) -> Markup {
    let except = case.map(|id| format!("?except={id}")).unwrap_or_default();
    html! {
        at-similar data-href={ "/cases/similar/" (project) (except) } { (title) (list(found)) }
    }
}

fn list(found: &[Hit]) -> Markup {
    html! {
        div.similar #similar role="status" {
            @if !found.is_empty() {
                p.muted { (icon(Icon::Layers)) (if found.len() == 1 { "A case like this is there already:" } else { "Cases like this are there already:" }) }
                ul.plain-list { @for hit in found { li {
                    a.link href={ "/cases/view/" (hit.id) } target="_blank" rel="noopener" { span.muted.num { "C" (hit.number) } " " (hit.name) span.vh { " (opens in a new tab)" } }
                } } }
            }
        }
    }
}
