//! What clients send about cases.

use crate::issues::IssueIn;
use crate::wire::{Object, Whole, custom, ids, list, nullable, objects};
use app::cases::{Change, New};
use model::data_set::DataSet;
use model::{CaseId, FolderId, StateId, TemplateId};
use serde::Deserialize;
use serde_json::{Map, Value};

#[derive(Deserialize)]
pub(super) struct CasesIn {
    #[serde(default, deserialize_with = "objects")]
    pub(super) cases: Vec<CaseIn>,
}

#[derive(Deserialize)]
pub(super) struct CaseIn {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    folder_id: Option<Whole>,
    #[serde(default)]
    template_id: Option<Whole>,
    #[serde(default)]
    state_id: Option<Whole>,
    #[serde(default)]
    estimate: Option<Whole>,
    #[serde(default, deserialize_with = "ids")]
    automation_links: Vec<i64>,
    #[serde(default, deserialize_with = "list")]
    issues: Vec<IssueIn>,
    #[serde(default, deserialize_with = "list")]
    tags: Vec<String>,
    #[serde(default)]
    data_set: Option<Object<DataSet>>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// 0 is the root.
fn folder(id: i64) -> Option<FolderId> {
    (id != 0).then_some(FolderId(id))
}

impl From<CaseIn> for New {
    fn from(c: CaseIn) -> New {
        New {
            name: c.name.unwrap_or_default(),
            folder_id: c.folder_id.and_then(|id| folder(id.0)),
            template_id: c.template_id.map(|id| TemplateId(id.0)),
            state_id: c.state_id.map(|id| StateId(id.0)),
            estimate: c.estimate.map(|e| e.0),
            tags: c.tags,
            issues: c.issues.into_iter().map(Into::into).collect(),
            automation_links: c.automation_links,
            custom: custom(c.rest),
            data_set: c.data_set.map(|set| set.0),
        }
    }
}

#[derive(Deserialize)]
pub(super) struct ChangeIn {
    #[serde(default, deserialize_with = "ids")]
    ids: Vec<i64>,
    #[serde(default)]
    version: Option<Whole>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    folder_id: Option<Option<Whole>>,
    #[serde(default)]
    template_id: Option<Whole>,
    #[serde(default)]
    state_id: Option<Whole>,
    #[serde(default)]
    status_id: Option<Whole>,
    #[serde(default, deserialize_with = "nullable")]
    estimate: Option<Option<Whole>>,
    #[serde(default)]
    issues: Option<Vec<IssueIn>>,
    #[serde(default)]
    tags: Option<Vec<String>>,
    #[serde(default)]
    automation_links: Option<Vec<Whole>>,
    #[serde(default, deserialize_with = "nullable")]
    data_set: Option<Option<Object<DataSet>>>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

impl ChangeIn {
    pub(super) fn parts(self) -> (Vec<CaseId>, Change) {
        let change = Change {
            version: self.version.map(|v| v.0),
            name: self.name,
            folder_id: self.folder_id.map(|id| id.and_then(|id| folder(id.0))),
            template_id: self.template_id.map(|id| TemplateId(id.0)),
            state_id: self.state_id.map(|id| StateId(id.0)),
            status_id: self.status_id.map(|id| id.0),
            estimate: self.estimate.map(|e| e.map(|e| e.0)),
            tags: self.tags,
            issues: self.issues.map(|all| all.into_iter().map(Into::into).collect()),
            automation_links: self
                .automation_links
                .map(|all| all.into_iter().map(|id| id.0).collect()),
            custom: custom(self.rest),
            data_set: self.data_set.map(|set| set.map(|set| set.0)),
            ..Change::default()
        };
        (self.ids.into_iter().map(CaseId).collect(), change)
    }
}

#[derive(Deserialize)]
pub(super) struct DeleteIn {
    #[serde(default, deserialize_with = "ids")]
    pub(super) ids: Vec<i64>,
}

#[derive(Deserialize)]
pub(super) struct CommentIn {
    #[serde(default)]
    pub(super) text: Option<String>,
}
