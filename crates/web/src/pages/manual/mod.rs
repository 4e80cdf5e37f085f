//! Manual runs: the list, a new one, and executing one.

pub mod address;
pub(crate) mod change;
pub mod execute;
pub(crate) mod give;
pub(crate) mod handler;
pub(crate) mod list;
pub mod new;
pub mod pane;
pub mod report;
pub mod result;
pub mod rows;
pub mod runs;
pub(crate) mod start;
pub mod steps;
pub mod view;

use app::App;
use axum::Router;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .merge(list::routes())
        .merge(start::routes())
        .merge(handler::routes())
        .merge(give::routes())
        .merge(change::routes())
}
