//! What changes in a session, and whether it may.

use crate::cases::input;
use crate::clean::Clean;
use crate::custom::Schema;
use crate::issues::{self, IssueRef};
use crate::{Error, Result};
use model::{ConfigId, Entity, MilestoneId, StateId, TemplateId, Timestamp, UserId, text};
use serde_json::{Map, Value};
use store::Tx;
use store::access::Proof;
use store::automation::named;
use store::exploratory::{Links, Session, Values};

/// Longest estimate and elapsed time: that of an estimate of cases, in microseconds.
const TIME_MAX: i64 = input::ESTIMATE_MAX;

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
    /// Values by `custom_` and system name; null removes one.
    pub custom: Map<String, Value>,
    /// The version that the change is meant for.
    pub version: Option<i64>,
}

impl Change {
    /// The change as it may be stored; everything that is wrong with it at once.
    pub(super) fn clean(mut self) -> Result<Change> {
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
        if let Some(name) = &mut self.name {
            *name = clean.name("name", name, text::LONG_NAME_MAX);
        }
        for (field, time) in [("estimate", self.estimate), ("elapsed", self.elapsed)] {
            if time.flatten().is_some_and(|t| !(0..=TIME_MAX).contains(&t)) {
                clean.refuse(
                    field,
                    format!("The {field} must be 0 to {TIME_MAX} microseconds."),
                );
            }
        }
        if let Some(tags) = &mut self.tags {
            *tags = input::tags(&mut clean, "tags", tags);
        }
        if let Some(named) = &mut self.issues {
            issues::clean(&mut clean, "issues", named);
        }
        clean.finish()?;
        Ok(self)
    }

    /// Values and links after the change; everything that it refers to and that is not there at once.
    pub(super) fn apply(
        &self,
        tx: &mut Tx<'_>,
        proof: &Proof,
        old: Option<&Session>,
        now: Timestamp,
    ) -> Result<(Values, Links)> {
        let mut clean = Clean::default();
        let schema = Schema::load(tx, proof, Entity::Session)?;
        let template_id = self.template(&schema, old, &mut clean);
        let state_id = self.state(tx, old, &mut clean)?;
        self.check_references(tx, proof, old, &mut clean)?;
        let custom = self.custom(&schema, old, template_id, &mut clean)?;
        let links = self.links(tx, proof, old, now, &mut clean)?;
        clean.finish()?;
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

    fn template(&self, schema: &Schema, old: Option<&Session>, clean: &mut Clean) -> TemplateId {
        let kept = old.map(|s| s.values.template_id);
        let wanted = self.template_id.filter(|id| kept != Some(*id));
        if let Some(id) = wanted
            && schema.template(id).is_none()
        {
            clean.refuse("template_id", schema.no_template(id));
        }
        let default = || schema.default_template().map(|t| t.id);
        wanted.or(kept).or_else(default).unwrap_or(TemplateId(0))
    }

    fn state(&self, tx: &mut Tx<'_>, old: Option<&Session>, clean: &mut Clean) -> Result<StateId> {
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
        let text = format!(
            "There is no such state of sessions. The states are: {}.",
            known.join(", ")
        );
        clean.refuse("state_id", text);
        Ok(wanted.unwrap_or(StateId(0)))
    }

    /// What is kept is not checked again: it may have gone away meanwhile.
    fn check_references(
        &self,
        tx: &mut Tx<'_>,
        proof: &Proof,
        old: Option<&Session>,
        clean: &mut Clean,
    ) -> Result<()> {
        let before = old.map(|s| &s.values);
        if let Some(id) = self.config_id.flatten()
            && before.and_then(|v| v.config_id) != Some(id)
            && named::config(tx, proof, Some(id.0), "")?.is_none()
        {
            clean.refuse(
                "config_id",
                absent(&format!("configuration {id} in this project")),
            );
        }
        if let Some(id) = self.milestone_id.flatten()
            && before.and_then(|v| v.milestone_id) != Some(id)
            && named::milestone(tx, proof, Some(id.0), "")?.is_none()
        {
            clean.refuse("milestone_id", absent(&format!("milestone {id} in this project")));
        }
        if let Some(id) = self.assignee_id.flatten()
            && before.and_then(|v| v.assignee_id) != Some(id)
            && !store::user::sees_project(tx, proof, id)?
        {
            clean.refuse("assignee_id", absent(&format!("user {id} who sees this project")));
        }
        Ok(())
    }

    fn custom(
        &self,
        schema: &Schema,
        old: Option<&Session>,
        template: TemplateId,
        clean: &mut Clean,
    ) -> Result<Map<String, Value>> {
        let Some(old) = old else {
            return schema.fill(template, &self.custom, "", clean);
        };
        let mut values = old.values.custom.clone();
        schema.change(template, &mut values, &self.custom, "", clean)?;
        Ok(values)
    }

    fn links(
        &self,
        tx: &mut Tx<'_>,
        proof: &Proof,
        old: Option<&Session>,
        now: Timestamp,
        clean: &mut Clean,
    ) -> Result<Links> {
        let mut links = old.map(|s| s.links.clone()).unwrap_or_default();
        if let Some(named) = &self.issues {
            links.issues = issues::find(tx, proof, (clean, "issues"), named, now)?;
        }
        if let Some(tags) = &self.tags {
            links.tags = store::tag::resolve(tx, proof, tags)?.into_values().collect();
            links.tags.sort();
        }
        Ok(links)
    }
}

fn absent(what: &str) -> String {
    format!("There is no {what}. Take another one, or null.")
}
