//! What changes in a session, and whether it may.

use crate::clean::Clean;
use crate::{Error, FieldError, Result};
use model::clock::DAY;
use model::{ConfigId, Entity, IssueId, MilestoneId, StateId, TemplateId, Timestamp, UserId, text};
use serde_json::{Map, Value};
use store::Tx;
use store::access::Proof;
use store::automation::run;
use store::exploratory::{Links, Session, Values};
use store::issue::{self, Issue, Reference};

/// Most tags and most issues of a session.
const LIST_MAX: usize = 100;
/// Most characters of a tag.
const TAG_MAX: usize = 100;
/// Longest estimate and elapsed time, in microseconds.
const TIME_MAX: i64 = 3650 * DAY;

/// What changes in a session; none stays as it is. A session to be made starts from nothing.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Its name.
    pub name: Option<String>,
    /// Which fields it has.
    pub template_id: Option<TemplateId>,
    /// Its workflow state.
    pub state_id: Option<StateId>,
    /// What it is done with; `Some(None)` removes it.
    pub config_id: Option<Option<ConfigId>>,
    /// What it belongs to.
    pub milestone_id: Option<Option<MilestoneId>>,
    /// Who does it; a user who sees the project.
    pub assignee_id: Option<Option<UserId>>,
    /// Microseconds that it should take.
    pub estimate: Option<Option<i64>>,
    /// Microseconds that it took so far.
    pub elapsed: Option<Option<i64>>,
    /// Work on it has begun.
    pub is_started: Option<bool>,
    /// It is over.
    pub is_closed: Option<bool>,
    /// Names of tags; those that the project does not have are made.
    pub tags: Option<Vec<String>>,
    /// Issues of trackers.
    pub issues: Option<Vec<IssueRef>>,
    /// Values of custom fields by system name; null removes one.
    pub custom: Map<String, Value>,
    /// The version that the change is meant for.
    pub version: Option<i64>,
}

/// An issue that a session refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IssueRef {
    /// One that the project knows.
    Known(IssueId),
    /// One by its number; made when the project does not know it.
    Number(Reference),
}

impl Change {
    /// The change as it may be stored; everything that is wrong with it at once.
    pub(super) fn clean(self) -> Result<Change> {
        let nothing = self.name.is_none()
            && self.template_id.is_none()
            && self.state_id.is_none()
            && self.config_id.is_none()
            && self.milestone_id.is_none()
            && self.assignee_id.is_none()
            && self.estimate.is_none()
            && self.elapsed.is_none()
            && self.is_started.is_none()
            && self.is_closed.is_none()
            && self.tags.is_none()
            && self.issues.is_none()
            && self.custom.is_empty();
        if nothing {
            return Err(Error::NothingToChange);
        }
        let mut clean = Clean::default();
        let name = self
            .name
            .as_deref()
            .map(|name| clean.name("name", name, text::LONG_NAME_MAX));
        for (field, time) in [("estimate", self.estimate), ("elapsed", self.elapsed)] {
            if let Some(time) = time.flatten()
                && !(0..=TIME_MAX).contains(&time)
            {
                clean.refuse(
                    field,
                    format!("The {field} must be 0 to {TIME_MAX} microseconds."),
                );
            }
        }
        let tags = self.tags.as_ref().map(|tags| {
            clean.at_most("tags", tags.len(), LIST_MAX);
            let each = tags.iter().enumerate();
            each.map(|(n, tag)| clean.name(&format!("tags.{n}"), tag, TAG_MAX))
                .collect()
        });
        let issues = self.issues.as_ref().map(|issues| {
            clean.at_most("issues", issues.len(), LIST_MAX);
            let each = issues.iter().enumerate();
            each.map(|(n, issue)| match issue {
                IssueRef::Known(id) => IssueRef::Known(*id),
                IssueRef::Number(of) => IssueRef::Number(Reference {
                    display_id: clean.name(&format!("issues.{n}.display_id"), &of.display_id, 255),
                    ..of.clone()
                }),
            })
            .collect()
        });
        clean.finish()?;
        Ok(Change {
            name,
            tags,
            issues,
            ..self
        })
    }

    /// Values and links after the change; everything that it refers to and that is not there at once.
    pub(super) fn apply(
        &self,
        tx: &mut Tx<'_>,
        proof: &Proof,
        old: Option<&Session>,
        now: Timestamp,
    ) -> Result<(Values, Links)> {
        let mut wrong = Vec::new();
        let template_id = self.template(tx, proof, old, &mut wrong)?;
        let state_id = self.state(tx, old, &mut wrong)?;
        self.check_references(tx, proof, old, &mut wrong)?;
        let custom = self.custom(tx, proof, old, template_id, &mut wrong)?;
        let links = self.links(tx, proof, old, now, &mut wrong)?;
        if !wrong.is_empty() {
            return Err(Error::Invalid(wrong));
        }
        let before = old.map(|s| &s.values);
        let values = Values {
            name: self
                .name
                .clone()
                .or(before.map(|v| v.name.clone()))
                .unwrap_or_default(),
            template_id,
            state_id,
            config_id: self.config_id.unwrap_or(before.and_then(|v| v.config_id)),
            milestone_id: self.milestone_id.unwrap_or(before.and_then(|v| v.milestone_id)),
            assignee_id: self.assignee_id.unwrap_or(before.and_then(|v| v.assignee_id)),
            estimate: self.estimate.unwrap_or(before.and_then(|v| v.estimate)),
            elapsed: self.elapsed.unwrap_or(before.and_then(|v| v.elapsed)),
            is_started: self.is_started.unwrap_or(before.is_some_and(|v| v.is_started)),
            is_closed: self.is_closed.unwrap_or(before.is_some_and(|v| v.is_closed)),
            custom,
        };
        Ok((values, links))
    }

    fn template(
        &self,
        tx: &mut Tx<'_>,
        proof: &Proof,
        old: Option<&Session>,
        wrong: &mut Vec<FieldError>,
    ) -> Result<TemplateId> {
        let kept = old.map(|s| s.values.template_id);
        if let Some(kept) = kept.filter(|kept| self.template_id.is_none_or(|id| id == *kept)) {
            return Ok(kept);
        }
        let templates = store::template::of_project(tx, proof, Entity::Session)?;
        let default = templates.iter().find(|t| t.is_default).or(templates.first());
        let wanted = self.template_id.or(default.map(|t| t.id));
        if let Some(id) = wanted.filter(|id| templates.iter().any(|t| t.id == *id)) {
            return Ok(id);
        }
        let known: Vec<String> = templates.iter().map(|t| format!("{} {}", t.id, t.name)).collect();
        wrong.push(unknown("template_id", "template of sessions", &known));
        Ok(wanted.unwrap_or(TemplateId(0)))
    }

    fn state(&self, tx: &mut Tx<'_>, old: Option<&Session>, wrong: &mut Vec<FieldError>) -> Result<StateId> {
        let kept = old.map(|s| s.values.state_id);
        if let Some(kept) = kept.filter(|kept| self.state_id.is_none_or(|id| id == *kept)) {
            return Ok(kept);
        }
        let states = store::state::all(tx, Some(Entity::Session))?;
        let default = states.iter().find(|s| s.is_default).or(states.first());
        let wanted = self.state_id.or(default.map(|s| s.id));
        if let Some(id) = wanted.filter(|id| states.iter().any(|s| s.id == *id)) {
            return Ok(id);
        }
        let known: Vec<String> = states.iter().map(|s| format!("{} {}", s.id, s.name)).collect();
        wrong.push(unknown("state_id", "state of sessions", &known));
        Ok(wanted.unwrap_or(StateId(0)))
    }

    /// What is kept is not checked again: it may have gone away meanwhile.
    fn check_references(
        &self,
        tx: &mut Tx<'_>,
        proof: &Proof,
        old: Option<&Session>,
        wrong: &mut Vec<FieldError>,
    ) -> Result<()> {
        let before = old.map(|s| &s.values);
        if let Some(id) = self.config_id.flatten()
            && before.and_then(|v| v.config_id) != Some(id)
            && run::config(tx, proof, Some(id.0), "")?.is_none()
        {
            wrong.push(absent(
                "config_id",
                &format!("configuration {id} in this project"),
            ));
        }
        if let Some(id) = self.milestone_id.flatten()
            && before.and_then(|v| v.milestone_id) != Some(id)
            && run::milestone(tx, proof, Some(id.0), "")?.is_none()
        {
            wrong.push(absent("milestone_id", &format!("milestone {id} in this project")));
        }
        if let Some(id) = self.assignee_id.flatten()
            && before.and_then(|v| v.assignee_id) != Some(id)
            && !store::user::sees_project(tx, proof, id)?
        {
            wrong.push(absent("assignee_id", &format!("user {id} who sees this project")));
        }
        Ok(())
    }

    fn custom(
        &self,
        _tx: &mut Tx<'_>,
        _proof: &Proof,
        old: Option<&Session>,
        _template: TemplateId,
        _wrong: &mut Vec<FieldError>,
    ) -> Result<Map<String, Value>> {
        let mut custom = old.map(|s| s.values.custom.clone()).unwrap_or_default();
        custom.extend(self.custom.clone());
        custom.retain(|_, value| !value.is_null());
        Ok(custom)
    }

    fn links(
        &self,
        tx: &mut Tx<'_>,
        proof: &Proof,
        old: Option<&Session>,
        now: Timestamp,
        wrong: &mut Vec<FieldError>,
    ) -> Result<Links> {
        let mut links = old.map(|s| s.links.clone()).unwrap_or_default();
        if let Some(issues) = &self.issues {
            links.issues = find_issues(tx, proof, issues, now, wrong)?;
        }
        if let Some(tags) = &self.tags {
            links.tags = if wrong.is_empty() {
                store::tag::resolve(tx, proof, tags)?.into_values().collect()
            } else {
                Vec::new()
            };
            links.tags.sort();
        }
        Ok(links)
    }
}

fn unknown(field: &str, what: &str, known: &[String]) -> FieldError {
    let text = format!(
        "There is no such {what} in this project. There are: {}.",
        known.join(", ")
    );
    FieldError::new(field, text)
}

fn absent(field: &str, what: &str) -> FieldError {
    FieldError::new(field, format!("There is no {what}. Take another one, or null."))
}

/// The issues that are referred to, by id, each once.
fn find_issues(
    tx: &mut Tx<'_>,
    proof: &Proof,
    wanted: &[IssueRef],
    now: Timestamp,
    wrong: &mut Vec<FieldError>,
) -> Result<Vec<Issue>> {
    let ids: Vec<i64> = wanted
        .iter()
        .filter_map(|issue| match issue {
            IssueRef::Known(id) => Some(id.0),
            IssueRef::Number(_) => None,
        })
        .collect();
    let mut found = issue::of(tx, proof, &ids)?;
    for (n, wanted) in wanted.iter().enumerate() {
        let is_missing = match wanted {
            IssueRef::Known(id) => !found.iter().any(|issue| issue.id == *id),
            IssueRef::Number(of) => {
                let needs_project =
                    of.connection_project_id.is_none() && issue::needs_project(tx, of.integration_id)?;
                if needs_project {
                    None
                } else {
                    issue::find_or_insert(tx, proof, of, now)?
                }
                .map(|issue| found.push(issue))
                .is_none()
            }
        };
        if is_missing {
            let text = match wanted {
                IssueRef::Known(id) => {
                    format!("There is no issue {id} in this project. Name its tracker and number instead.")
                }
                IssueRef::Number(_) => {
                    "There is no such tracker, or it needs a connection_project_id of its own. See the issue \
                                        connections."
                        .to_owned()
                }
            };
            wrong.push(FieldError::new(format!("issues.{n}"), text));
        }
    }
    found.sort_by_key(|issue| issue.id);
    found.dedup_by_key(|issue| issue.id);
    Ok(found)
}
