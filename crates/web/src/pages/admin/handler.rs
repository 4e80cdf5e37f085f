//! Keys of the instance: list, files, one key, revoke.

use super::keys::{self, Keys, PATH};
use super::revoke::{self, Revoke};
use super::{export, one};
use crate::respond;
use crate::sent::Sent;
use crate::ui::field::Errors;
use crate::visit::{Signed, Visit};
use app::keys::held;
use app::{App, Error};
use axum::Router;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use http::StatusCode;
use model::KeyId;
use model::page::PageRequest;
use serde::Deserialize;
use store::key::held::{Filter, Held, Remark};

/// Keys of a page of the list.
const PER_PAGE: i64 = 100;
/// Events of a page of one key.
const EVENTS: i64 = 50;
/// Most keys of a file.
pub(super) const MOST: i64 = 100_000;
/// Where somebody goes who typed a whole key into the search field.
const WHOLE: &str = "/admin/api-keys?refused=key";

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route(PATH, get(show))
        .route("/admin/api-keys/search", post(search))
        .route("/admin/api-keys/export.csv", get(csv))
        .route("/admin/api-keys/export.json", get(json))
        .route("/admin/api-keys/revoke", get(ask_revoke).post(end))
        .route("/admin/api-keys/found", get(ask_found).post(find))
        .route("/admin/api-keys/{key}", get(key))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    show: String,
    q: String,
    page: String,
    revoked: Option<String>,
    refused: String,
}

impl Asked {
    /// Which keys; none when the text is a key itself, which goes into no address.
    fn filter(&self) -> Option<Filter> {
        // A key as it is shown somewhere stands for its last four characters.
        let text = self.q.rsplit('…').next().unwrap_or_default().trim();
        (!model::key::is_in(&self.q)).then(|| Filter {
            remark: Remark::from_name(&self.show),
            text: (!text.is_empty()).then(|| text.to_owned()),
        })
    }
}

async fn show(Signed(visit): Signed, Query(asked): Query<Asked>) -> Response {
    let result = match asked.filter() {
        Some(filter) => try_show(&visit, &asked, filter).await,
        None => Ok(respond::to(WHOLE)),
    };
    respond::answer(&visit, result)
}

async fn try_show(visit: &Visit, asked: &Asked, filter: Filter) -> Result<Response, Error> {
    let request = PageRequest {
        page: respond::page_number(&asked.page),
        per_page: PER_PAGE,
    };
    let (page, counts) = held::page(&visit.app, visit.actor()?, filter.clone(), request).await?;
    let v = Keys {
        page,
        counts,
        filter,
        revoked: asked.revoked.as_deref().and_then(|n| n.parse().ok()),
        is_refused: asked.refused == "key",
    };
    Ok(respond::page(keys::keys(&visit.frame, &v)))
}

/// The search is sent in a body, so that a key that is typed there by mistake is in no address, history or log.
async fn search(Signed(visit): Signed, Sent(asked): Sent<Asked>) -> Response {
    let result = visit.actor().map(|_| match asked.filter() {
        Some(filter) => respond::to(&keys::href("", &filter, None)),
        None => respond::to(WHOLE),
    });
    respond::answer(&visit, result)
}

async fn csv(Signed(visit): Signed, Query(asked): Query<Asked>) -> Response {
    let result = file(&visit, &asked, "csv", "text/csv; charset=utf-8", export::csv).await;
    respond::answer(&visit, result)
}

async fn json(Signed(visit): Signed, Query(asked): Query<Asked>) -> Response {
    let result = file(&visit, &asked, "json", "application/json", export::json).await;
    respond::answer(&visit, result)
}

async fn file(
    visit: &Visit,
    asked: &Asked,
    format: &'static str,
    kind: &'static str,
    write: fn(&[Held]) -> String,
) -> Result<Response, Error> {
    let Some(filter) = asked.filter() else {
        return Ok(respond::to(WHOLE));
    };
    let page = held::export(&visit.app, visit.actor()?, filter, format, MOST).await?;
    let headers = export::headers(kind, &export::name(&page, format));
    Ok((headers, write(&page.rows)).into_response())
}

async fn key(Signed(visit): Signed, Path(id): Path<String>, Query(asked): Query<Asked>) -> Response {
    let result = try_key(&visit, &id, &asked).await;
    respond::answer(&visit, result)
}

async fn try_key(visit: &Visit, id: &str, asked: &Asked) -> Result<Response, Error> {
    let id = id.parse().map_err(|_| Error::NotFound)?;
    let request = PageRequest {
        page: respond::page_number(&asked.page),
        per_page: EVENTS,
    };
    let told = held::one(&visit.app, visit.actor()?, id, request).await?;
    Ok(respond::page(one::one(&visit.frame, &told)))
}

/// Keys and reason as they were sent.
#[derive(Default)]
struct Chosen {
    keys: Vec<KeyId>,
    reason: String,
}

impl Chosen {
    fn read(pairs: Vec<(String, String)>) -> Chosen {
        let mut chosen = Chosen::default();
        for (name, value) in pairs {
            match name.as_str() {
                "key" => chosen.keys.extend(value.parse::<KeyId>()),
                "reason" => chosen.reason = value,
                _ => {}
            }
        }
        chosen
    }
}

async fn ask_revoke(Signed(visit): Signed, Query(pairs): Query<Vec<(String, String)>>) -> Response {
    let result = ask(&visit, Chosen::read(pairs), Errors::default()).await;
    respond::answer(&visit, result)
}

/// Asks once more. Without a key that still works there is nothing to ask.
async fn ask(visit: &Visit, chosen: Chosen, errors: Errors) -> Result<Response, Error> {
    let keys = held::chosen(&visit.app, visit.actor()?, &chosen.keys).await?;
    if keys.is_empty() {
        return Ok(respond::to(PATH));
    }
    let status = if errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let v = Revoke {
        keys,
        reason: chosen.reason,
        errors,
    };
    Ok(respond::html(status, revoke::revoke(&visit.frame, &v)))
}

async fn end(Signed(visit): Signed, Sent(pairs): Sent<Vec<(String, String)>>) -> Response {
    let result = try_end(&visit, Chosen::read(pairs)).await;
    respond::answer(&visit, result)
}

async fn try_end(visit: &Visit, chosen: Chosen) -> Result<Response, Error> {
    match held::revoke(&visit.app, visit.actor()?, &chosen.keys, &chosen.reason).await {
        Ok(n) => Ok(respond::to(&format!("{PATH}?revoked={n}"))),
        Err(error) => {
            let errors = respond::fields(error)?;
            ask(visit, chosen, errors).await
        }
    }
}

async fn ask_found(Signed(visit): Signed) -> Response {
    // Who may not see keys learns so before pasting one.
    let result = match visit.actor() {
        Ok(actor) => held::check(&visit.app, actor).await,
        Err(error) => Err(error),
    };
    respond::answer(
        &visit,
        result.map(|()| respond::page(revoke::found(&visit.frame, &Errors::default()))),
    )
}

#[derive(Deserialize)]
struct Found {
    #[serde(default)]
    secret: String,
}

async fn find(Signed(visit): Signed, Sent(found): Sent<Found>) -> Response {
    let result = try_find(&visit, &found.secret).await;
    respond::answer(&visit, result)
}

async fn try_find(visit: &Visit, secret: &str) -> Result<Response, Error> {
    match held::find(&visit.app, visit.actor()?, secret).await {
        Ok(id) => Ok(respond::to(&format!("{PATH}/revoke?key={id}"))),
        Err(error) => {
            let page = revoke::found(&visit.frame, &respond::fields(error)?);
            Ok(respond::html(StatusCode::UNPROCESSABLE_ENTITY, page))
        }
    }
}
