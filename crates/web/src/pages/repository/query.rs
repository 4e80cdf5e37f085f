//! What an address of the repository asks for, as it was written.

use axum::extract::FromRequestParts;
use http::request::Parts;
use std::convert::Infallible;

/// What the address asks for.
#[derive(Debug, Clone, Default)]
pub struct Query {
    pub(super) folder: String,
    pub(super) q: String,
    pub(super) state: String,
    pub(super) template: String,
    pub(super) tag: String,
    pub(super) automation: String,
    pub(super) sort: String,
    pub(super) page: String,
    pub(super) cases: Vec<String>,
    pub(super) columns: Vec<String>,
    pub(super) all: String,
    pub(super) done: String,
    pub(super) open: String,
    pub(super) group: String,
}

impl Query {
    /// From the part of an address behind its question mark. Of what is said twice, the last counts.
    pub fn parse(query: &str) -> Query {
        let mut q = Query::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let place = match name.as_ref() {
                "folder" => &mut q.folder,
                "q" => &mut q.q,
                "state" => &mut q.state,
                "template" => &mut q.template,
                "tag" => &mut q.tag,
                "automation" => &mut q.automation,
                "sort" => &mut q.sort,
                "page" => &mut q.page,
                "all" => &mut q.all,
                "done" => &mut q.done,
                "open" => &mut q.open,
                "group" => &mut q.group,
                "case" => {
                    q.cases.push(value.into_owned());
                    continue;
                }
                "column" => {
                    q.columns.push(value.into_owned());
                    continue;
                }
                _ => continue,
            };
            *place = value.into_owned();
        }
        q
    }

    /// Whether all cases that match are meant, not those that are picked.
    pub fn is_all(&self) -> bool {
        self.all == "yes"
    }

    /// What was just done to how many cases, and how many of them differ now.
    pub fn done(&self) -> Option<(&str, i64, i64)> {
        let mut parts = self.done.splitn(3, '.');
        let deed = parts.next()?;
        Some((deed, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    }
}

impl<S: Sync> FromRequestParts<S> for Query {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Query, Infallible> {
        Ok(Query::parse(parts.uri.query().unwrap_or_default()))
    }
}
