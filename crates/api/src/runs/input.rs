//! What clients send for runs.

use crate::issues::{self, IssueIn};
use crate::wire::{Object, Whole, ids, nullable};
use app::runs::{Change, New};
use model::automation::Link;
use model::{ConfigId, FolderId, MilestoneId, StateId, UserId};
use serde::Deserialize;
use store::run::Live;

/// What a run may have.
#[derive(Deserialize)]
pub(super) struct ChangeIn {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    state_id: Option<Whole>,
    #[serde(default, deserialize_with = "nullable")]
    config_id: Option<Option<Whole>>,
    #[serde(default, deserialize_with = "nullable")]
    milestone_id: Option<Option<Whole>>,
    #[serde(default, deserialize_with = "nullable")]
    assignee_id: Option<Option<Whole>>,
    #[serde(default, deserialize_with = "nullable")]
    note: Option<Option<String>>,
    #[serde(default, deserialize_with = "nullable")]
    links: Option<Option<Vec<Object<LinkIn>>>>,
    #[serde(default)]
    is_started: Option<bool>,
    #[serde(default)]
    is_closed: Option<bool>,
    #[serde(default, deserialize_with = "nullable")]
    tags: Option<Option<Vec<String>>>,
    #[serde(default, deserialize_with = "nullable")]
    issues: Option<Option<Vec<IssueIn>>>,
    #[serde(default, deserialize_with = "nullable")]
    live: Option<Option<Object<LiveIn>>>,
    #[serde(default)]
    version: Option<Whole>,
    #[serde(default)]
    include_all: Option<bool>,
    #[serde(default, deserialize_with = "ids")]
    cases: Vec<i64>,
    #[serde(default, deserialize_with = "ids")]
    case_ids: Vec<i64>,
}

#[derive(Deserialize)]
struct LinkIn {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    note: Option<String>,
    #[serde(default)]
    url: Option<String>,
}

impl From<LinkIn> for Link {
    fn from(l: LinkIn) -> Link {
        Link {
            name: l.name.unwrap_or_default(),
            note: l.note,
            url: l.url.unwrap_or_default(),
        }
    }
}

#[derive(Deserialize)]
struct LiveIn {
    folder_id: Option<Whole>,
    search: Option<String>,
    state_id: Option<Whole>,
    template_id: Option<Whole>,
    tag: Option<String>,
    has_automation: Option<bool>,
}

impl From<LiveIn> for Live {
    fn from(l: LiveIn) -> Live {
        Live {
            folder_id: l.folder_id.map(|id| FolderId(id.0)),
            search: l.search,
            state_id: l.state_id.map(|id| id.0),
            template_id: l.template_id.map(|id| id.0),
            tag: l.tag,
            has_automation: l.has_automation,
        }
    }
}

impl ChangeIn {
    /// The run to be made; `case_ids` is another name of `cases`.
    pub(super) fn into_new(mut self) -> New {
        let mut cases = std::mem::take(&mut self.cases);
        cases.append(&mut self.case_ids);
        New {
            include_all: self.include_all.unwrap_or(false),
            cases,
            change: self.into_change(),
        }
    }
}

impl ChangeIn {
    /// The change that a body asks for. 0 and null mean none.
    pub(super) fn into_change(self) -> Change {
        let c = self;
        let id = |id: Option<Whole>| id.map(|id| id.0).filter(|id| *id != 0);
        Change {
            name: c.name,
            state_id: c.state_id.map(|id| StateId(id.0)),
            config_id: c.config_id.map(|c| id(c).map(ConfigId)),
            milestone_id: c.milestone_id.map(|m| id(m).map(MilestoneId)),
            assignee_id: c.assignee_id.map(|u| id(u).map(UserId)),
            note: c.note,
            links: c
                .links
                .map(|all| all.unwrap_or_default().into_iter().map(|l| l.0.into()).collect()),
            is_started: c.is_started,
            is_closed: c.is_closed,
            tags: c.tags.map(Option::unwrap_or_default),
            issues: issues::named(c.issues),
            live: c.live.map(|live| live.map(|l| l.0.into())),
            version: c.version.map(|v| v.0),
        }
    }
}
