//! Issues as clients name them, and as answers expand them.

use crate::wire::{Object, Whole};
use app::issues::IssueRef;
use model::IntegrationId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::issue::{Issue, Reference};

/// An id, or an `IssueInput`.
#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "must be the id of an issue, or an object with display_id and integration_id"
)]
pub(crate) enum IssueIn {
    Id(Whole),
    Named(Object<NamedIssue>),
}

/// An issue by what its tracker calls it (`IssueInput`).
#[derive(Deserialize)]
#[expect(clippy::struct_field_names, reason = "the names of the contract")]
pub(crate) struct NamedIssue {
    display_id: String,
    integration_id: Whole,
    #[serde(default)]
    connection_project_id: Option<Whole>,
}

impl From<IssueIn> for IssueRef {
    fn from(issue: IssueIn) -> IssueRef {
        match issue {
            IssueIn::Id(id) => IssueRef::Id(id.0),
            IssueIn::Named(Object(named)) => IssueRef::Named(Reference {
                integration_id: IntegrationId(named.integration_id.0),
                connection_project_id: named.connection_project_id.map(|id| id.0),
                display_id: named.display_id,
            }),
        }
    }
}

/// Issues of a body where null means none and absent leaves them.
pub(crate) fn named(issues: Option<Option<Vec<IssueIn>>>) -> Option<Vec<IssueRef>> {
    let each = |all: Option<Vec<IssueIn>>| all.unwrap_or_default().into_iter().map(IssueRef::from);
    issues.map(|all| each(all).collect())
}

/// The ids of issues, as rows have them.
pub(crate) fn ids(issues: &[Issue]) -> Vec<i64> {
    issues.iter().map(|issue| issue.id.0).collect()
}

/// An issue among the expands of an answer (`IssueExpand`).
#[derive(Serialize)]
pub(crate) struct IssueRow<'a> {
    id: i64,
    #[serde(rename = "type")]
    kind: i64,
    display_id: &'a str,
    external_project_id: Option<i64>,
    external_project_key: Option<&'a str>,
}

/// Each issue once, by id.
pub(crate) fn expanded<'a>(issues: impl IntoIterator<Item = &'a Issue>) -> Vec<IssueRow<'a>> {
    let all: BTreeMap<i64, &Issue> = issues.into_iter().map(|issue| (issue.id.0, issue)).collect();
    let row = |(id, issue): (i64, &'a Issue)| IssueRow {
        id,
        kind: issue.kind,
        display_id: &issue.display_id,
        external_project_id: issue.connection_project_id,
        external_project_key: issue.external_key.as_deref(),
    };
    all.into_iter().map(row).collect()
}
