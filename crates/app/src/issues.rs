//! Issues of trackers.

use crate::{Actor, App, Result};
use model::page::{Page, PageRequest};
use store::issue::{self, Connection, Filter};

/// One page of the trackers with their projects, which everybody may know.
pub async fn connections(
    app: &App,
    _actor: &Actor,
    filter: &Filter,
    request: PageRequest,
) -> Result<Page<Connection>> {
    let filter = filter.clone();
    app.read(move |tx| Ok(issue::connections(tx, &filter, request)?))
        .await
}
