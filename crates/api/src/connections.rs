//! Trackers that issues can be linked to (contract §2.3).

use crate::context::{Cx, Outcome, Reply};
use crate::envelope::PageOf;
use model::Timestamp;
use serde::Serialize;
use store::issue::{Connection, Filter, Sort};

#[derive(Serialize)]
struct Row {
    integration_id: i64,
    integration_type: i64,
    integration_name: String,
    connection_id: Option<i64>,
    connection_name: Option<String>,
    connection_project_id: Option<i64>,
    connection_project_name: Option<String>,
    is_active: bool,
    created_at: Timestamp,
    updated_at: Option<Timestamp>,
}

impl From<Connection> for Row {
    fn from(c: Connection) -> Row {
        let (connection_id, connection_name) = c.connection.unzip();
        let (connection_project_id, connection_project_name) = c.project.unzip();
        Row {
            integration_id: c.integration_id.0,
            integration_type: c.kind,
            integration_name: c.integration_name,
            connection_id,
            connection_name,
            connection_project_id,
            connection_project_name,
            is_active: c.is_active,
            created_at: c.created_at,
            updated_at: c.updated_at,
        }
    }
}

#[derive(Serialize)]
struct Page {
    #[serde(flatten)]
    page: PageOf<Row, ()>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'static str>,
}

/// Trackers with their projects.
pub(crate) async fn page(cx: Cx) -> Outcome {
    let p = &cx.params;
    let sort = p.sort(&[
        ("connections:integration_name", Sort::IntegrationName),
        ("connections:integration_id", Sort::Integration),
        ("connections:connection_id", Sort::Connection),
        ("connections:connection_name", Sort::ConnectionName),
        ("connections:connection_project_id", Sort::Project),
        ("connections:connection_project_name", Sort::ProjectName),
        ("connections:integration_type", Sort::Kind),
        ("connections:is_active", Sort::IsActive),
        ("connections:created_at", Sort::CreatedAt),
        ("connections:updated_at", Sort::UpdatedAt),
    ]);
    let filter = Filter {
        integration_ids: p.ids("integration_id"),
        integration_name: p.text("integration_name"),
        connection_ids: p.ids("connection_id"),
        connection_name: p.text("connection_name"),
        project_ids: p.ids("connection_project_id"),
        project_name: p.text("connection_project_name"),
        kinds: p.ids_of("integration_type", &[1, 2, 3, 4]),
        is_active: p.bool("is_active"),
        sort: sort.unwrap_or_default(),
        ascending: p.ascending(true),
    };
    let request = p.page();
    p.check()?;
    let page = app::issues::connections(&cx.app, &cx.actor, &filter, request).await?;
    let message = (page.total == 0).then_some("No issue integrations are connected.");
    let (request, total) = (page.request, page.total);
    let rows = page.rows.into_iter().map(Row::from).collect();
    Reply::ok(&Page {
        page: PageOf::bare(model::page::Page { request, total, rows }),
        message,
    })
}
