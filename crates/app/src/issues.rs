//! Issues of trackers, and how others refer to them.

use crate::clean::Clean;
use crate::{Actor, App, Result};
use model::Timestamp;
use model::page::{Page, PageRequest};
use store::Tx;
use store::access::Proof;
use store::issue::{self, Connection, Filter, Issue, Reference};

/// Most issues of one thing.
const MOST: usize = 100;
/// Most characters of an issue's number.
const DISPLAY_ID_MAX: usize = 255;

/// An issue that somebody names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IssueRef {
    /// One that the project knows, by id.
    Id(i64),
    /// By the number of its tracker; made when the project does not know it.
    Named(Reference),
}

/// The issues as they may be looked for; `field` is where they were named.
pub(crate) fn clean(clean: &mut Clean, field: &str, issues: &mut [IssueRef]) {
    clean.at_most(field, issues.len(), MOST);
    for (n, issue) in issues.iter_mut().enumerate() {
        if let IssueRef::Named(reference) = issue {
            let field = format!("{field}.{n}.display_id");
            reference.display_id = clean.name(&field, &reference.display_id, DISPLAY_ID_MAX);
        }
    }
}

/// The issues that are named, by id, each once. Those that the project does not know yet are made.
pub(crate) fn find(
    tx: &mut Tx<'_>,
    proof: &Proof,
    (clean, field): (&mut Clean, &str),
    named: &[IssueRef],
    now: Timestamp,
) -> Result<Vec<Issue>> {
    let ids: Vec<i64> = named
        .iter()
        .filter_map(|issue| match issue {
            IssueRef::Id(id) => Some(*id),
            IssueRef::Named(_) => None,
        })
        .collect();
    let mut found = issue::of(tx, proof, &ids)?;
    for (n, named) in named.iter().enumerate() {
        let field = format!("{field}.{n}");
        match named {
            IssueRef::Id(id) => {
                if !found.iter().any(|issue| issue.id.0 == *id) {
                    clean.refuse(&field, absent(*id));
                }
            }
            IssueRef::Named(of) => match find_or_make(tx, proof, of, now)? {
                Some(issue) => found.push(issue),
                None => clean.refuse(&field, no_tracker(tx, of)?),
            },
        }
    }
    found.sort_by_key(|issue| issue.id);
    found.dedup_by_key(|issue| issue.id);
    Ok(found)
}

/// The issue that is referred to; none when its tracker is not there, or needs to know the project.
pub(crate) fn find_or_make(
    tx: &mut Tx<'_>,
    proof: &Proof,
    of: &Reference,
    now: Timestamp,
) -> Result<Option<Issue>> {
    if of.connection_project_id.is_none() && issue::needs_project(tx, of.integration_id)? {
        return Ok(None);
    }
    Ok(issue::find_or_insert(tx, proof, of, now)?)
}

/// Refuses an id.
pub(crate) fn absent(id: i64) -> String {
    format!("There is no issue {id} in this project.")
}

/// Refuses a reference, for which [`find_or_make`] found nothing.
pub(crate) fn no_tracker(tx: &mut Tx<'_>, of: &Reference) -> Result<String> {
    if of.connection_project_id.is_none() && issue::needs_project(tx, of.integration_id)? {
        return Ok("Issues of GitHub and GitLab need a connection_project_id. GET /api/v1/issues/connections lists them."
            .to_owned());
    }
    Ok(format!(
        "There is no active integration {} with that connection_project_id. GET /api/v1/issues/connections lists them.",
        of.integration_id
    ))
}

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
