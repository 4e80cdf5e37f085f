//! What callers say about cases, checked against what the project has.

use crate::clean::Clean;
use crate::issues::{self, IssueRef};
use crate::{Error, Result};
use model::data_set::DataSet;
use model::{CaseId, Entity, FolderId, StateId, TemplateId, Timestamp, text};
use serde_json::{Map, Value};
use std::collections::HashMap;
use store::Tx;
use store::access::Proof;
use store::case::{AutomationLink, Issue};
use store::issue::{self, Reference};

/// Most tags, issues or links of a case.
pub(super) const LIST_MAX: usize = 100;
/// Longest estimate: ten years of microseconds.
pub(crate) const ESTIMATE_MAX: i64 = 10 * 366 * 86_400 * 1_000_000;

/// A case to be made. What is none gets the project's default.
#[derive(Debug, Clone, Default)]
pub struct New {
    /// Its name.
    pub name: String,
    /// Its folder; none for the root.
    pub folder_id: Option<FolderId>,
    /// Which fields it has.
    pub template_id: Option<TemplateId>,
    /// Its workflow state.
    pub state_id: Option<StateId>,
    /// Microseconds.
    pub estimate: Option<i64>,
    /// Names of tags; those that do not exist are made.
    pub tags: Vec<String>,
    /// Issues.
    pub issues: Vec<IssueRef>,
    /// Ids of automated tests.
    pub automation_links: Vec<i64>,
    /// Values by `custom_` and system name.
    pub custom: Map<String, Value>,
    /// What it is run with, once for each row.
    pub data_set: Option<DataSet>,
}

/// What changes in cases; none stays as it is.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Only when the case has this version.
    pub version: Option<i64>,
    /// Another name.
    pub name: Option<String>,
    /// Another folder; `Some(None)` is the root.
    pub folder_id: Option<Option<FolderId>>,
    /// Another template; values of fields that it does not have stay, unseen.
    pub template_id: Option<TemplateId>,
    /// Another workflow state.
    pub state_id: Option<StateId>,
    /// 1 incomplete, 2 complete.
    pub status_id: Option<i64>,
    /// Microseconds; `Some(None)` removes it.
    pub estimate: Option<Option<i64>>,
    /// Names of tags.
    pub tags: Option<Vec<String>>,
    /// What the tags are to those it has.
    pub tag_mode: Lists,
    /// Issues.
    pub issues: Option<Vec<IssueRef>>,
    /// What the issues are to those it has.
    pub issue_mode: Lists,
    /// Ids of automated tests, in place of those it has.
    pub automation_links: Option<Vec<i64>>,
    /// Values by `custom_` and system name; null removes one.
    pub custom: Map<String, Value>,
    /// What it is run with, once for each row; `Some(None)` removes it.
    pub data_set: Option<Option<DataSet>>,
}

/// What a list of a [`Change`] is to the list that a case has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lists {
    /// It takes its place.
    #[default]
    Replace,
    /// It is added.
    Add,
    /// It is taken away.
    Remove,
}

impl Lists {
    /// Tags afterwards, in the order of their ids; tags that nothing has are never made in order to remove them.
    pub(super) fn tags(self, old: &[Tag], names: &[String], tags: &[Tag]) -> Vec<Tag> {
        let is_named = |tag: &Tag| names.iter().any(|n| n.to_lowercase() == tag.1.to_lowercase());
        let mut all: Vec<Tag> = match self {
            Lists::Replace => return tags.to_vec(),
            Lists::Remove => return old.iter().filter(|tag| !is_named(tag)).cloned().collect(),
            Lists::Add => old.iter().chain(tags).cloned().collect(),
        };
        all.sort_unstable_by_key(|(id, _)| *id);
        all.dedup_by_key(|(id, _)| *id);
        all
    }

    /// Issues afterwards, in the order of their ids.
    pub(super) fn issues(self, old: &[Issue], issues: &[Issue]) -> Vec<Issue> {
        let mut all: Vec<Issue> = match self {
            Lists::Replace => return issues.to_vec(),
            Lists::Remove => return old.iter().filter(|i| !issues.contains(i)).cloned().collect(),
            Lists::Add => old.iter().chain(issues).cloned().collect(),
        };
        all.sort_unstable_by_key(|i| i.id);
        all.dedup_by_key(|i| i.id);
        all
    }
}

/// A tag with its name.
type Tag = (model::TagId, String);

impl Change {
    pub(super) fn is_empty(&self) -> bool {
        self.name.is_none()
            && self.folder_id.is_none()
            && self.template_id.is_none()
            && self.state_id.is_none()
            && self.status_id.is_none()
            && self.estimate.is_none()
            && self.tags.is_none()
            && self.issues.is_none()
            && self.automation_links.is_none()
            && self.custom.is_empty()
            && self.data_set.is_none()
    }
}

/// A data set as it may be stored.
pub(super) fn data_set(clean: &mut Clean, field: &str, set: DataSet) -> DataSet {
    set.clean().unwrap_or_else(|wrong| {
        for one in wrong {
            clean.refuse(&format!("{field}.{}", one.at), one.text);
        }
        DataSet::default()
    })
}

pub(super) fn name(clean: &mut Clean, field: &str, name: &str) -> String {
    clean.name(field, name, text::LONG_NAME_MAX)
}

pub(super) fn estimate(clean: &mut Clean, field: &str, estimate: Option<i64>) {
    if estimate.is_some_and(|e| !(0..=ESTIMATE_MAX).contains(&e)) {
        clean.refuse(
            field,
            format!("The estimate must be 0 to {ESTIMATE_MAX} microseconds."),
        );
    }
}

pub(crate) fn tags(clean: &mut Clean, field: &str, tags: &[String]) -> Vec<String> {
    clean.at_most(field, tags.len(), LIST_MAX);
    let mut names: Vec<String> = Vec::with_capacity(tags.len());
    for (n, tag) in tags.iter().enumerate() {
        let tag = clean.name(&format!("{field}.{n}"), tag, text::NAME_MAX);
        if !names.iter().any(|t| t.to_lowercase() == tag.to_lowercase()) {
            names.push(tag);
        }
    }
    names
}

pub(super) fn automation(clean: &mut Clean, field: &str, links: &[i64]) {
    clean.at_most(field, links.len(), LIST_MAX);
}

/// What the project has that cases may refer to, read with one statement for each kind.
pub(super) struct Known {
    folders: Vec<i64>,
    pub(super) states: Vec<store::state::State>,
    tags: HashMap<String, (model::TagId, String)>,
    issues: Vec<Issue>,
    tests: Vec<AutomationLink>,
}

/// What cases refer to.
#[derive(Default)]
pub(super) struct Wanted<'w> {
    pub(super) folders: Vec<FolderId>,
    pub(super) tags: Vec<&'w [String]>,
    pub(super) issues: Vec<&'w [IssueRef]>,
    pub(super) tests: Vec<i64>,
}

impl Known {
    pub(super) fn find(tx: &mut Tx<'_>, proof: &Proof, wanted: &Wanted<'_>) -> Result<Known> {
        let folders: Vec<i64> = wanted.folders.iter().map(|f| f.0).collect();
        let names: Vec<String> = wanted.tags.iter().copied().flatten().cloned().collect();
        let issues: Vec<i64> = wanted
            .issues
            .iter()
            .copied()
            .flatten()
            .filter_map(|i| match i {
                IssueRef::Id(id) => Some(*id),
                IssueRef::Named(_) => None,
            })
            .collect();
        Ok(Known {
            folders: store::folder::existing(tx, proof, &folders)?,
            states: store::state::all(tx, Some(Entity::Case))?,
            tags: store::tag::resolve(tx, proof, &names)?,
            issues: issue::of(tx, proof, &issues)?,
            tests: store::case::links::tests(tx, proof, &wanted.tests)?,
        })
    }

    pub(super) fn check_folder(&self, clean: &mut Clean, field: &str, folder: Option<FolderId>) {
        if let Some(id) = folder
            && !self.folders.contains(&id.0)
        {
            let text =
                format!("There is no folder {id} in this project. Take another one, or 0 for the root.");
            clean.refuse(field, text);
        }
    }

    /// The state that was named, or the one of new cases.
    pub(super) fn state(&self, clean: &mut Clean, field: &str, id: Option<StateId>) -> StateId {
        let default = self.states.iter().find(|s| s.is_default).or(self.states.first());
        let Some(id) = id else {
            return default.map_or(StateId(0), |s| s.id);
        };
        if !self.states.iter().any(|s| s.id == id) {
            let known = self.states.iter().map(|s| format!("{} {}", s.id, s.name));
            let known = known.collect::<Vec<_>>().join(", ");
            clean.refuse(
                field,
                format!("There is no state {id} of cases. The states are: {known}."),
            );
        }
        id
    }

    pub(super) fn tags(&self, names: &[String]) -> Vec<(model::TagId, String)> {
        let found = names.iter().filter_map(|n| self.tags.get(&n.to_lowercase()));
        let mut tags: Vec<_> = found.cloned().collect();
        tags.sort_unstable_by_key(|(id, _)| *id);
        tags
    }

    pub(super) fn tests(&self, clean: &mut Clean, field: &str, ids: &[i64]) -> Vec<AutomationLink> {
        for (n, id) in ids.iter().enumerate() {
            if !self.tests.iter().any(|t| t.id.0 == *id) {
                let text =
                    format!("There is no automated test {id} in this project. Look at its automation cases.");
                clean.refuse(&format!("{field}.{n}"), text);
            }
        }
        let tests = self.tests.iter().filter(|t| ids.contains(&t.id.0));
        tests.cloned().collect()
    }

    /// The issues that were named. Those that the project does not know yet are made.
    pub(super) fn issues(
        &mut self,
        tx: &mut Tx<'_>,
        proof: &Proof,
        (clean, field): (&mut Clean, &str),
        named: &[IssueRef],
        now: Timestamp,
    ) -> Result<Vec<Issue>> {
        let mut issues: Vec<Issue> = Vec::with_capacity(named.len());
        for (n, one) in named.iter().enumerate() {
            let field = format!("{field}.{n}");
            let issue = match one {
                IssueRef::Id(id) => self.issues.iter().find(|i| i.id.0 == *id).cloned(),
                IssueRef::Named(reference) => self.named(tx, proof, reference, now)?,
            };
            match (issue, one) {
                (Some(issue), _) if issues.contains(&issue) => {}
                (Some(issue), _) => issues.push(issue),
                (None, IssueRef::Id(id)) => {
                    clean.refuse(&field, issues::absent(*id));
                }
                (None, IssueRef::Named(reference)) => {
                    clean.refuse(&field, issues::no_tracker(tx, reference)?);
                }
            }
        }
        issues.sort_unstable_by_key(|i| i.id);
        Ok(issues)
    }

    fn named(
        &mut self,
        tx: &mut Tx<'_>,
        proof: &Proof,
        of: &Reference,
        now: Timestamp,
    ) -> Result<Option<Issue>> {
        let same = |i: &&Issue| {
            i.integration_id == of.integration_id
                && i.connection_project_id == of.connection_project_id
                && i.display_id == of.display_id
        };
        if let Some(known) = self.issues.iter().find(same) {
            return Ok(Some(known.clone()));
        }
        let found = issues::find_or_make(tx, proof, of, now)?;
        self.issues.extend(found.clone());
        Ok(found)
    }
}

/// Refuses a change of a case that somebody else changed meanwhile.
pub(super) fn check_version(id: CaseId, wanted: Option<i64>, has: i64) -> Result<()> {
    match wanted {
        Some(wanted) if wanted != has => Err(Error::Conflict(
            "version_conflict",
            format!(
                "Case {id} has version {has}, but the change is based on version {wanted}. Read it again first."
            ),
        )),
        _ => Ok(()),
    }
}
