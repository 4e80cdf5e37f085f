//! Shows notifications, and marks them as read.

use super::view::{self, Inbox, Show, href};
use crate::respond;
use crate::sent::Sent;
use crate::visit::{Signed, Visit};
use app::{App, Error, notifications};
use axum::Router;
use axum::extract::{Path, Query};
use axum::response::Response;
use axum::routing::{get, post};
use model::Timestamp;
use model::page::PageRequest;
use serde::Deserialize;

/// Notifications of one page.
const PER_PAGE: i64 = 50;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/inbox", get(show))
        .route("/inbox/read", post(read_all))
        .route("/inbox/undo", post(undo))
        .route("/inbox/{id}/read", post(read))
        .route("/inbox/{id}/open", post(open))
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    show: String,
    #[serde(default)]
    page: String,
    #[serde(default)]
    read: String,
}

async fn show(Signed(visit): Signed, Query(asked): Query<Asked>) -> Response {
    let result = try_show(&visit, &asked).await;
    respond::answer(&visit, result)
}

async fn try_show(visit: &Visit, asked: &Asked) -> Result<Response, Error> {
    let show = Show::read(&asked.show);
    let request = PageRequest {
        page: respond::page_number(&asked.page),
        per_page: PER_PAGE,
    };
    let page = notifications::page(&visit.app, visit.actor()?, show == Show::All, request).await?;
    let at = |n: i64| format!("{}&page={n}", href(show));
    let v = Inbox {
        show,
        total: page.total,
        previous: page.prev_page().map(at),
        next: page.next_page().map(at),
        rows: page.rows,
        undo: asked.read.parse().ok().map(Timestamp),
    };
    Ok(respond::page(view::page(&visit.frame, &v)))
}

#[derive(Deserialize)]
struct Back {
    #[serde(default)]
    show: String,
    #[serde(default)]
    at: String,
}

/// The list again, with a way to take it back.
fn done(back: &Back, at: Timestamp) -> Response {
    respond::to(&format!("{}&read={}", href(Show::read(&back.show)), at.0))
}

async fn read_all(Signed(visit): Signed, Sent(back): Sent<Back>) -> Response {
    let result = match visit.actor() {
        Ok(actor) => notifications::read_all(&visit.app, actor).await,
        Err(error) => Err(error),
    };
    respond::answer(&visit, result.map(|at| done(&back, at)))
}

async fn try_read(visit: &Visit, id: &str) -> Result<store::notification::Notification, Error> {
    let id = id.parse().map_err(|_| Error::NotFound)?;
    notifications::read(&visit.app, visit.actor()?, id).await
}

async fn read(Signed(visit): Signed, Path(id): Path<String>, Sent(back): Sent<Back>) -> Response {
    let result = try_read(&visit, &id).await;
    let result = result.map(|n| match n.read_at {
        Some(at) => done(&back, at),
        None => respond::to(&href(Show::read(&back.show))),
    });
    respond::answer(&visit, result)
}

async fn open(Signed(visit): Signed, Path(id): Path<String>) -> Response {
    let result = try_read(&visit, &id).await;
    respond::answer(&visit, result.map(|n| respond::to(&view::target(&n))))
}

async fn undo(Signed(visit): Signed, Sent(back): Sent<Back>) -> Response {
    let result = try_undo(&visit, &back).await;
    respond::answer(&visit, result)
}

async fn try_undo(visit: &Visit, back: &Back) -> Result<Response, Error> {
    let at = back.at.parse().map(Timestamp).map_err(|_| Error::NotFound)?;
    notifications::unread_again(&visit.app, visit.actor()?, at).await?;
    Ok(respond::to(&href(Show::read(&back.show))))
}
