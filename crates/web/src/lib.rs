//! The pages of Attest: maud views, forms, embedded assets. Thin over app.

pub mod assets;
mod compress;
mod csrf;
pub mod pages;
mod respond;
mod sent;
pub mod ui;
mod visit;

use app::App;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use axum::{Router, middleware};

/// The pages and their assets. What no page has is answered by an error page.
pub fn router(app: App) -> Router {
    Router::new()
        .merge(pages::setup::handler::routes())
        .merge(pages::login::handler::routes())
        .merge(pages::projects::handler::routes())
        .merge(pages::repository::handler::routes())
        .merge(pages::preview::routes())
        .merge(pages::search::handler::routes())
        .merge(pages::inbox::handler::routes())
        .merge(pages::shared_steps::handler::routes())
        .merge(pages::manual::routes())
        .merge(pages::runs::handler::routes())
        .merge(pages::run::handler::routes())
        .merge(pages::retention::handler::routes())
        .merge(pages::profile::handler::routes())
        .merge(pages::keys::handler::routes())
        .merge(pages::devices::handler::routes())
        .merge(pages::admin::handler::routes())
        .merge(pages::api_users::handler::routes())
        .merge(pages::docs::routes())
        .fallback(respond::not_found)
        .method_not_allowed_fallback(respond::not_possible)
        .layer(middleware::from_fn_with_state(app.clone(), csrf::guard))
        .layer(DefaultBodyLimit::max(sent::MOST))
        .layer(compress::layer())
        .route("/assets/{name}", get(assets::serve))
        .with_state(app)
}
