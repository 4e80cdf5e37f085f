//! What changes in a run, and whether it may.

use crate::cases::input;
use crate::clean::Clean;
use crate::issues::{self, IssueRef};
use crate::{Error, Result};
use model::automation::{Link, NOTE_MAX as LINK_NOTE_MAX};
use model::{ConfigId, Entity, MilestoneId, StateId, Timestamp, UserId, text};
use store::Tx;
use store::access::Proof;
use store::automation::named;
use store::run::{Links, Live, Run, Values};

/// Most characters of a note.
const NOTE_MAX: usize = 10_000;
/// Most characters of the words that a live run looks for.
const SEARCH_MAX: usize = 200;
/// Most links of a run.
const LINKS_MAX: usize = 100;
/// Most cases that are named one by one.
const CASES_MAX: usize = 100_000;

/// What changes in a run; none stays as it is. A run to be made starts from nothing.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Its name.
    pub name: Option<String>,
    /// Its workflow state.
    pub state_id: Option<StateId>,
    /// What it is done with; `Some(None)` removes it.
    pub config_id: Option<Option<ConfigId>>,
    /// What it belongs to.
    pub milestone_id: Option<Option<MilestoneId>>,
    /// Who does all its tests; a user who sees the project.
    pub assignee_id: Option<Option<UserId>>,
    /// What it is about; `Some(None)` removes it.
    pub note: Option<Option<String>>,
    /// Links to elsewhere.
    pub links: Option<Vec<Link>>,
    /// Work on it has begun.
    pub is_started: Option<bool>,
    /// It is over.
    pub is_closed: Option<bool>,
    /// Names of tags; those that the project does not have are made.
    pub tags: Option<Vec<String>>,
    /// Issues of trackers.
    pub issues: Option<Vec<IssueRef>>,
    /// What it takes in cases by that match later; `Some(None)` ends that.
    pub live: Option<Option<Live>>,
    /// The version that the change is meant for.
    pub version: Option<i64>,
}

impl Change {
    /// The change as it may be stored; everything that is wrong with it at once.
    pub(super) fn clean(mut self) -> Result<Change> {
        let nothing = self.name.is_none()
            && self.state_id.is_none()
            && self.config_id.is_none()
            && self.milestone_id.is_none()
            && self.assignee_id.is_none()
            && self.note.is_none()
            && self.links.is_none()
            && self.is_started.is_none()
            && self.is_closed.is_none()
            && self.tags.is_none()
            && self.issues.is_none()
            && self.live.is_none();
        if nothing {
            return Err(Error::NothingToChange);
        }
        let mut clean = Clean::default();
        if let Some(name) = &mut self.name {
            *name = clean.name("name", name, text::LONG_NAME_MAX);
        }
        self.note = self
            .note
            .map(|note| clean.note("note", note.as_deref(), NOTE_MAX));
        if let Some(links) = &mut self.links {
            clean_links(&mut clean, links);
        }
        if let Some(tags) = &mut self.tags {
            *tags = input::tags(&mut clean, "tags", tags);
        }
        if let Some(named) = &mut self.issues {
            issues::clean(&mut clean, "issues", named);
        }
        if let Some(Some(live)) = &mut self.live {
            live.search = clean.note("live.search", live.search.as_deref(), SEARCH_MAX);
            live.tag = clean.note("live.tag", live.tag.as_deref(), text::NAME_MAX);
        }
        clean.finish()?;
        Ok(self)
    }

    /// Values and links after the change; everything that it refers to and that is not there at once.
    pub(super) fn apply(
        &self,
        tx: &mut Tx<'_>,
        proof: &Proof,
        old: Option<&Run>,
        now: Timestamp,
    ) -> Result<(Values, Links)> {
        let mut clean = Clean::default();
        let state_id = self.state(tx, old, &mut clean)?;
        self.check_references(tx, proof, old, &mut clean)?;
        let links = self.links(tx, proof, old, now, &mut clean)?;
        clean.finish()?;
        let before = old.map(|s| &s.values);
        let values = Values {
            name: self
                .name
                .clone()
                .or(before.map(|v| v.name.clone()))
                .unwrap_or_default(),
            state_id,
            config_id: self.config_id.unwrap_or(before.and_then(|v| v.config_id)),
            milestone_id: self.milestone_id.unwrap_or(before.and_then(|v| v.milestone_id)),
            note: self.note.clone().unwrap_or(before.and_then(|v| v.note.clone())),
            links: self
                .links
                .clone()
                .or(before.map(|v| v.links.clone()))
                .unwrap_or_default(),
            is_started: self.is_started.unwrap_or(before.is_some_and(|v| v.is_started)),
            is_closed: self.is_closed.unwrap_or(before.is_some_and(|v| v.is_closed)),
            live: self
                .live
                .clone()
                .unwrap_or_else(|| before.and_then(|v| v.live.clone())),
        };
        Ok((values, links))
    }

    fn state(&self, tx: &mut Tx<'_>, old: Option<&Run>, clean: &mut Clean) -> Result<StateId> {
        let kept = old.map(|s| s.values.state_id);
        if let Some(kept) = kept.filter(|kept| self.state_id.is_none_or(|id| id == *kept)) {
            return Ok(kept);
        }
        let states = store::state::all(tx, Some(Entity::Run))?;
        let default = states.iter().find(|s| s.is_default).or(states.first());
        let wanted = self.state_id.or(default.map(|s| s.id));
        if let Some(id) = wanted.filter(|id| states.iter().any(|s| s.id == *id)) {
            return Ok(id);
        }
        let known: Vec<String> = states.iter().map(|s| format!("{} {}", s.id, s.name)).collect();
        let text = format!(
            "There is no such state of runs. The states are: {}.",
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
        old: Option<&Run>,
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
            && !store::user::sees_project(tx, proof, id)?
        {
            clean.refuse("assignee_id", absent(&format!("user {id} who sees this project")));
        }
        self.check_live(tx, proof, clean)
    }

    fn check_live(&self, tx: &mut Tx<'_>, proof: &Proof, clean: &mut Clean) -> Result<()> {
        let Some(Some(live)) = &self.live else {
            return Ok(());
        };
        if let Some(folder) = live.folder_id
            && store::folder::existing(tx, proof, &[folder.0])?.is_empty()
        {
            clean.refuse(
                "live.folder_id",
                absent(&format!("folder {folder} in this project")),
            );
        }
        Ok(())
    }

    fn links(
        &self,
        tx: &mut Tx<'_>,
        proof: &Proof,
        old: Option<&Run>,
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

/// A run to be made: its values, and the cases that it takes.
#[derive(Debug, Clone, Default)]
pub struct New {
    /// Its values.
    pub change: Change,
    /// All cases of the project that are not deprecated, instead of those that are named.
    pub include_all: bool,
    /// Cases by id.
    pub cases: Vec<i64>,
}

impl New {
    /// The run as it may be made; each case once.
    pub(super) fn clean(self) -> Result<New> {
        let name = Some(self.change.name.clone().unwrap_or_default());
        let change = Change { name, ..self.change }.clean()?;
        let mut clean = Clean::default();
        clean.at_most("cases", self.cases.len(), CASES_MAX);
        if change.live.as_ref().is_some_and(Option::is_some) && (self.include_all || !self.cases.is_empty()) {
            clean.refuse(
                "live",
                "A live run chooses its cases by itself. Give either cases or live.",
            );
        }
        clean.finish()?;
        Ok(New { change, ..self })
    }
}

fn clean_links(clean: &mut Clean, links: &mut [Link]) {
    clean.at_most("links", links.len(), LINKS_MAX);
    for (n, link) in links.iter_mut().enumerate() {
        let at = |field: &str| format!("links.{n}.{field}");
        link.name = clean.name(&at("name"), &link.name, text::LONG_NAME_MAX);
        link.note = clean.note(&at("note"), link.note.as_deref(), LINK_NOTE_MAX);
        link.url = clean.name(&at("url"), &link.url, 2000);
    }
}

fn absent(what: &str) -> String {
    format!("There is no {what}. Take another one, or null.")
}
