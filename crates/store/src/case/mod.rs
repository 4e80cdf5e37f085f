//! Test cases: rows, with what they refer to in modules of their own.

pub mod comment;
pub mod links;
pub mod page;
pub mod search;
pub mod version;
pub(crate) mod write;

pub use links::{AutomationLink, Issue, Links};
pub use page::{Filter, Sort};
pub(crate) use write::delete_in;
pub use write::{delete, insert, update};

use crate::access::Proof;
use crate::filter::{self, in_list};
use crate::{Result, Row, Tx, args, statements};
use model::data_set::DataSet;
use model::{CaseId, FolderId, ProjectId, StateId, TemplateId, Timestamp, UserId};
use serde_json::{Map, Value};
use std::collections::HashMap;

/// A test case.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// The project.
    pub project_id: ProjectId,
    /// Its number, counted in the project; never used again.
    pub number: i64,
    /// What people write.
    pub values: Values,
    /// When [`Values::status_id`] was last changed.
    pub status_at: Option<Timestamp>,
    /// Its place in the folder.
    pub display_order: i64,
    /// How long it will take, in microseconds, as earlier results say.
    pub forecast: Option<i64>,
    /// Whether it is linked to an automated test.
    pub has_automation: bool,
    /// Whether a linked test has a result.
    pub has_automation_status: bool,
    /// The number of its text, from 1; changes with every change.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: Option<UserId>,
    /// When it was changed.
    pub updated_at: Option<Timestamp>,
    /// By whom.
    pub updated_by: Option<UserId>,
    /// Who wrote the text as it is; none for who made the case.
    pub text_by: Option<UserId>,
    /// The version that a review approved last.
    pub approved_version: Option<i64>,
}

impl Case {
    /// Who wrote the text as it is.
    pub fn author(&self) -> Option<UserId> {
        self.text_by.or(self.created_by)
    }
}

/// What people write about a case.
#[derive(Debug, Clone, PartialEq)]
pub struct Values {
    /// Its name.
    pub name: String,
    /// Its folder; none at the root.
    pub folder_id: Option<FolderId>,
    /// Which fields it has.
    pub template_id: TemplateId,
    /// Its workflow state.
    pub state_id: StateId,
    /// 1 incomplete, 2 complete.
    pub status_id: i64,
    /// Microseconds.
    pub estimate: Option<i64>,
    /// Values of custom fields by system name; those without one are left out.
    pub custom: Map<String, Value>,
    /// What it is run with, once for each row.
    pub data_set: Option<DataSet>,
}

impl Values {
    /// Whether what a tester reads is another text: name, template, texts, steps and data set. Numbers and choices are not part of it.
    pub fn is_other_text(&self, old: &Values) -> bool {
        fn texts(v: &Values) -> impl Iterator<Item = (&String, &Value)> {
            let is_step = |v: &Value| v.as_array().is_some_and(|all| all.iter().any(Value::is_object));
            v.custom.iter().filter(move |(_, v)| v.is_string() || is_step(v))
        }
        self.name != old.name
            || self.template_id != old.template_id
            || self.data_set != old.data_set
            || !texts(self).eq(texts(old))
    }
}

/// A case to be made.
#[derive(Debug, Clone)]
pub struct NewCase {
    /// What people write.
    pub values: Values,
    /// Its links.
    pub links: Links,
}

/// A case that changes: how it was and how it will be.
#[derive(Debug, Clone)]
pub struct Changed {
    /// As it is stored, read under the [`lock`].
    pub old: Case,
    /// Its links as they are stored.
    pub old_links: Links,
    /// New values.
    pub values: Values,
    /// New links.
    pub links: Links,
    /// Whether this approves what was under review.
    pub is_approved: bool,
}

macro_rules! columns {
    () => {
        "SELECT c.id, c.project_id, c.number, c.name, c.folder_id, c.template_id, c.state_id, c.status_id, c.estimate, c.custom,
            c.status_at, c.display_order, c.forecast, c.has_automation, c.has_automation_status, c.version, c.created_at,
            c.created_by, c.updated_at, c.updated_by, c.text_by, c.approved_version, c.parameters, c.data FROM cases c"
    };
}

macro_rules! beside {
    ($of:literal, $than:literal, $order:literal) => {
        concat!(
            "SELECT c.id FROM cases c WHERE ",
            $of,
            " AND (c.display_order, c.id) ",
            $than,
            " ($2, $3) ORDER BY ",
            $order,
            " LIMIT 1"
        )
    };
}

statements! {
    BEFORE_IN_FOLDER = beside!("c.folder_id = $1", "<", "c.display_order DESC, c.id DESC");
    AFTER_IN_FOLDER = beside!("c.folder_id = $1", ">", "c.display_order, c.id");
    BEFORE_IN_ROOT = beside!("c.project_id = $1 AND c.folder_id IS NULL", "<", "c.display_order DESC, c.id DESC");
    AFTER_IN_ROOT = beside!("c.project_id = $1 AND c.folder_id IS NULL", ">", "c.display_order, c.id");
    GET = concat!(columns!(), " WHERE c.id = $1 AND c.project_id = $2");
    GET_MANY = concat!(columns!(), " WHERE +c.project_id = $1 AND c.id IN ", in_list!("$2"));
}

fn case(r: &Row<'_>) -> Result<Case> {
    Ok(Case {
        id: CaseId(r.get(0)?),
        project_id: ProjectId(r.get(1)?),
        number: r.get(2)?,
        values: Values {
            name: r.get(3)?,
            folder_id: r.get::<Option<i64>>(4)?.map(FolderId),
            template_id: TemplateId(r.get(5)?),
            state_id: StateId(r.get(6)?),
            status_id: r.get(7)?,
            estimate: r.get(8)?,
            custom: serde_json::from_str(&r.get::<String>(9)?).unwrap_or_default(),
            data_set: data_set(r.get(22)?, r.get(23)?),
        },
        status_at: r.get::<Option<i64>>(10)?.map(Timestamp),
        display_order: r.get(11)?,
        forecast: r.get(12)?,
        has_automation: r.get(13)?,
        has_automation_status: r.get(14)?,
        version: r.get(15)?,
        created_at: Timestamp(r.get(16)?),
        created_by: r.get::<Option<i64>>(17)?.map(UserId),
        updated_at: r.get::<Option<i64>>(18)?.map(Timestamp),
        updated_by: r.get::<Option<i64>>(19)?.map(UserId),
        text_by: r.get::<Option<i64>>(20)?.map(UserId),
        approved_version: r.get(21)?,
    })
}

/// A data set from its two columns.
fn data_set(parameters: Option<String>, rows: Option<String>) -> Option<DataSet> {
    Some(DataSet {
        parameters: serde_json::from_str(&parameters?).unwrap_or_default(),
        rows: serde_json::from_str(&rows?).unwrap_or_default(),
    })
}

/// Takes the lock under which the cases and folders of the project change.
pub fn lock(tx: &mut Tx<'_>, proof: &Proof) -> Result<()> {
    tx.lock(proof.project().0)
}

/// The case with this id, if it lies in the project that was checked.
pub fn get(tx: &mut Tx<'_>, proof: &Proof, id: CaseId) -> Result<Option<Case>> {
    tx.opt(GET, args![id.0, proof.project().0], case)
}

/// The cases before and after one in its folder, in the order of the folder.
pub fn neighbours(tx: &mut Tx<'_>, case: &Case) -> Result<[Option<CaseId>; 2]> {
    let (of, [before, after]) = match case.values.folder_id {
        Some(folder) => (folder.0, [BEFORE_IN_FOLDER, AFTER_IN_FOLDER]),
        None => (case.project_id.0, [BEFORE_IN_ROOT, AFTER_IN_ROOT]),
    };
    let mut one = |sql| {
        tx.opt(sql, args![of, case.display_order, case.id.0], |r| {
            r.get(0).map(CaseId)
        })
    };
    Ok([one(before)?, one(after)?])
}

/// The cases with these ids that lie in the project that was checked, in the order of `ids`, each once.
pub fn get_many(tx: &mut Tx<'_>, proof: &Proof, ids: &[i64]) -> Result<Vec<Case>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found = tx.all(GET_MANY, args![proof.project().0, &filter::list(ids)], case)?;
    let mut by_id: HashMap<i64, Case> = found.into_iter().map(|c| (c.id.0, c)).collect();
    Ok(ids.iter().filter_map(|id| by_id.remove(id)).collect())
}

/// A name as filters and sorting see it.
fn key(name: &str) -> String {
    name.to_lowercase()
}
