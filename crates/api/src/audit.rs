//! The audit log of the instance, for site admins (ours, not in the contract).

use crate::context::{Cx, Outcome, Reply};
use crate::envelope::PageOf;
use crate::error;
use crate::params::Params;
use app::Error;
use axum::body::Body;
use futures_util::{StreamExt as _, stream};
use model::Timestamp;
use serde::Serialize;
use store::audit::{Filter, Recorded};

#[derive(Serialize)]
struct Row {
    id: i64,
    action: String,
    actor_id: Option<i64>,
    actor_name: String,
    via: String,
    via_id: Option<i64>,
    ip: Option<String>,
    request_id: Option<String>,
    project_id: Option<i64>,
    target_kind: String,
    target_id: Option<i64>,
    target_name: Option<String>,
    detail: Option<serde_json::Value>,
    created_at: Timestamp,
}

impl From<Recorded> for Row {
    fn from(r: Recorded) -> Row {
        let e = r.entry;
        Row {
            id: r.id,
            action: e.action,
            actor_id: e.actor_id.map(|u| u.0),
            actor_name: e.actor_name,
            via: e.via,
            via_id: e.via_id,
            ip: e.ip,
            request_id: e.request_id,
            project_id: e.project_id.map(|p| p.0),
            target_kind: e.target_kind,
            target_id: e.target_id,
            target_name: e.target_name,
            detail: e.detail.and_then(|d| serde_json::from_str(&d).ok()),
            created_at: e.at,
        }
    }
}

/// Names of the columns of a CSV export.
const COLUMNS: [&str; 14] = [
    "id",
    "action",
    "actor_id",
    "actor_name",
    "via",
    "via_id",
    "ip",
    "request_id",
    "project_id",
    "target_kind",
    "target_id",
    "target_name",
    "detail",
    "created_at",
];

/// How an export looks.
#[derive(Clone, Copy)]
enum Format {
    /// RFC 4180, with a line of names first.
    Csv,
    /// One JSON document a line.
    JsonLines,
}

fn filter(p: &Params) -> Filter {
    Filter {
        actor_id: p.id("actor_id"),
        action: p.text("action"),
        project_id: p.id("project_id"),
        target_kind: p.text("target_kind"),
        target_id: p.id("target_id"),
        after: p.instant("created_after"),
        before: p.instant("created_before"),
        ascending: p.ascending(false),
    }
}

/// Rows of the log, the newest first.
pub(crate) async fn page(cx: Cx) -> Outcome {
    let (request, filter) = (cx.params.page(), filter(&cx.params));
    cx.params.check()?;
    let page = app::audit::page(&cx.app, &cx.actor, filter, request).await?;
    Reply::ok(&PageOf::bare(page.map(Row::from)))
}

/// All rows of a filter, the oldest first, as a stream: page by page, so that the whole log is never in memory.
pub(crate) async fn export(cx: Cx) -> Outcome {
    let filter = filter(&cx.params);
    let format = match cx.params.text("format").as_deref() {
        None | Some("csv") => Format::Csv,
        Some("jsonl") => Format::JsonLines,
        Some(_) => return Err(Error::field("format", "The format must be csv or jsonl.")),
    };
    cx.params.check()?;
    let begin = app::audit::export(&cx.app, &cx.actor, filter).await?;
    let head = match format {
        Format::Csv => csv_of([COLUMNS.map(str::to_owned)]),
        Format::JsonLines => Vec::new(),
    };
    let (app, actor) = (cx.app, cx.actor);
    let pages = stream::try_unfold(begin, move |export| {
        let (app, actor) = (app.clone(), actor.clone());
        async move {
            let (rows, next) = app::audit::export_next(&app, &actor, &export).await?;
            Ok::<_, Error>((!rows.is_empty()).then(|| (format.write(rows), next)))
        }
    });
    let head = stream::once(async move { Ok(head) });
    let (kind, name) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "audit.csv"),
        Format::JsonLines => ("application/jsonl", "audit.jsonl"),
    };
    Ok(Reply::Stream {
        kind,
        name,
        body: Body::from_stream(head.chain(pages)),
    })
}

impl Format {
    fn write(self, rows: Vec<Recorded>) -> Vec<u8> {
        match self {
            Format::Csv => csv_of(rows.into_iter().map(cells)),
            Format::JsonLines => rows.into_iter().map(Row::from).fold(Vec::new(), |mut out, row| {
                out.extend_from_slice(&error::to_json(&row));
                out.push(b'\n');
                out
            }),
        }
    }
}

fn cells(r: Recorded) -> [String; 14] {
    fn number(n: Option<i64>) -> String {
        n.map_or_else(String::new, |n| n.to_string())
    }
    let e = r.entry;
    [
        r.id.to_string(),
        text(e.action),
        number(e.actor_id.map(|u| u.0)),
        text(e.actor_name),
        text(e.via),
        number(e.via_id),
        text(e.ip.unwrap_or_default()),
        text(e.request_id.unwrap_or_default()),
        number(e.project_id.map(|p| p.0)),
        text(e.target_kind),
        number(e.target_id),
        text(e.target_name.unwrap_or_default()),
        text(e.detail.unwrap_or_default()),
        e.at.to_string(),
    ]
}

/// A text as a cell. One that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, *CSV injection*).
fn text(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text
    }
}

fn csv_of(rows: impl IntoIterator<Item = [String; 14]>) -> Vec<u8> {
    let mut out = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    for row in rows {
        // Writing to memory does not fail.
        let _ = out.write_record(&row);
    }
    out.into_inner().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_no_formulas() {
        let mut row = [""; 14].map(str::to_owned);
        row[0] = text("=1+1".to_owned());
        row[1] = text("a, \"b\"\nc".to_owned());
        let line = String::from_utf8(csv_of([row])).unwrap();
        assert_eq!(line, "'=1+1,\"a, \"\"b\"\"\nc\",,,,,,,,,,,,\r\n");
        for formula in ["+1", "-1", "@SUM(A1)", "\tx"] {
            assert_eq!(text(formula.to_owned()), format!("'{formula}"));
        }
    }
}
