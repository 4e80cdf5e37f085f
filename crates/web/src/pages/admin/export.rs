//! Keys as files, for reviews outside of Attest.

use http::{HeaderName, HeaderValue, header};
use model::key::{Kind, masked};
use model::page::Page;
use serde_json::json;
use store::key::held::Held;

/// Heads of the columns, and members of the objects.
const NAMES: [&str; 13] = [
    "id",
    "name",
    "key",
    "owner_id",
    "owner",
    "owner_kind",
    "owner_active",
    "scope",
    "projects",
    "created_by",
    "created_at",
    "last_used_at",
    "expires_at",
];

/// How a key is shown: prefix and last four characters.
pub(super) fn mask(k: &Held) -> String {
    masked(if k.is_api { Kind::ApiUser } else { Kind::User }, &k.last4)
}

/// Headers of a file of this type and name.
pub(super) fn headers(kind: &'static str, name: &str) -> [(HeaderName, HeaderValue); 3] {
    let place = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (
            header::CONTENT_DISPOSITION,
            place.unwrap_or(HeaderValue::from_static("attachment")),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ]
}

/// The name of a file, which says so when the file does not hold all keys.
pub(super) fn name(page: &Page<Held>, format: &str) -> String {
    let n = page.rows.len();
    if i64::try_from(n).is_ok_and(|n| n < page.total) {
        format!("api-keys-newest-{n}-of-{}.{format}", page.total)
    } else {
        format!("api-keys.{format}")
    }
}

/// An array of objects. `projects` is null where a key works in all of its owner's projects.
pub(super) fn json(keys: &[Held]) -> String {
    let all: Vec<serde_json::Value> = keys
        .iter()
        .map(|k| {
            json!({
                "id": k.id.0, "name": k.name, "key": mask(k), "owner_id": k.owner.0, "owner": k.owner_name,
                "owner_kind": kind(k), "owner_active": k.is_owner_active, "scope": k.scope.name(), "projects": k.projects,
                "created_by": k.created_by, "created_at": k.created_at.to_string(),
                "last_used_at": k.last_used_at.map(|t| t.to_string()),
                "expires_at": k.expires_at.map(|t| t.to_string()),
            })
        })
        .collect();
    serde_json::Value::from(all).to_string()
}

/// A table for spreadsheets (RFC 4180).
pub(super) fn csv(keys: &[Held]) -> String {
    let mut out = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    // Writing to memory does not fail.
    let _ = out.write_record(NAMES);
    for k in keys {
        let _ = out.write_record(cells(k));
    }
    String::from_utf8(out.into_inner().unwrap_or_default()).unwrap_or_default()
}

fn cells(k: &Held) -> [String; 13] {
    let time = |t: Option<model::Timestamp>| t.map(|t| t.to_string()).unwrap_or_default();
    let projects = k.projects.as_ref().map(|p| p.join("; "));
    [
        k.id.to_string(),
        cell(&k.name),
        mask(k),
        k.owner.to_string(),
        cell(&k.owner_name),
        kind(k).to_owned(),
        k.is_owner_active.to_string(),
        k.scope.name().to_owned(),
        cell(projects.as_deref().unwrap_or("all")),
        cell(&k.created_by),
        k.created_at.to_string(),
        time(k.last_used_at),
        time(k.expires_at),
    ]
}

fn kind(k: &Held) -> &'static str {
    if k.is_api { "api_user" } else { "person" }
}

/// A text as a cell. One that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, *CSV injection*).
fn cell(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::page::PageRequest;

    fn page(rows: usize, total: i64) -> Page<Held> {
        let key = Held {
            id: model::KeyId(7),
            name: "=SUM(a, \"b\")".to_owned(),
            last4: "3kQ9".to_owned(),
            scope: model::Scope::Read,
            projects: Some(vec!["Web, shop".to_owned(), "App".to_owned()]),
            owner: model::UserId(1),
            owner_name: "Mara Demo".to_owned(),
            is_api: false,
            is_owner_active: true,
            created_by: "Mara Demo".to_owned(),
            created_at: model::Timestamp(0),
            expires_at: None,
            last_used_at: None,
            last_used_ip: None,
            last_used_agent: None,
            revoked_at: None,
        };
        let request = PageRequest { page: 1, per_page: 2 };
        Page {
            request,
            total,
            rows: vec![key; rows],
        }
    }

    #[test]
    fn a_file_that_is_cut_says_so() {
        assert_eq!(name(&page(2, 2), "csv"), "api-keys.csv");
        assert_eq!(name(&page(2, 3), "json"), "api-keys-newest-2-of-3.json");
    }

    #[test]
    fn cells_are_quoted_and_no_formulas() {
        let text = csv(&page(1, 1).rows);
        let line = text.lines().nth(1).unwrap();
        assert!(
            line.starts_with(
                "7,\"'=SUM(a, \"\"b\"\")\",att_usr_…3kQ9,1,Mara Demo,person,true,read,\"Web, shop; App\","
            ),
            "{line}"
        );
        assert_eq!(text.matches("\r\n").count(), 2);
    }
}
