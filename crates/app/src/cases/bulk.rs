//! One deed for many cases that people picked, or for all that a filter leaves: for all of them, or for none.

use super::change::{changed, note, tidy, write};
use super::copy::copied;
use super::input::Change;
use super::{DELETE, EDIT, VIEW, found};
use crate::clean::Clean;
use crate::custom::{PREFIX, Schema};
use crate::{Actor, App, Error, Result};
use model::page::PageRequest;
use model::{CaseId, Entity, FolderId, ProjectId, Rights};
use store::Tx;
use store::access::{Proof, Target};
use store::case::{self, Case, Changed, Filter};

/// Most cases of one deed.
pub const BULK: i64 = 5_000;
/// Cases that a preview names.
const NAMED: usize = 5;

/// Which cases.
#[derive(Debug, Clone)]
pub enum Which {
    /// Those with these ids.
    Picked(Vec<CaseId>),
    /// Those that a filter leaves at the moment of the deed.
    Matching(Box<Filter>),
}

/// Cases as somebody chose them.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// Which.
    pub which: Which,
    /// How many they were when they were shown; the deed is refused when they are more or fewer by now.
    pub expected: Option<i64>,
}

/// What is done to them.
#[derive(Debug, Clone)]
pub enum Deed {
    /// They get new values; another folder moves them.
    Change(Box<Change>),
    /// They are copied into a folder, or to the root.
    Copy(Option<FolderId>),
    /// They are deleted. Runs keep the text that was tested.
    Delete,
}

/// What a deed did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Done {
    /// The cases that it was for.
    pub cases: i64,
    /// Those that are not as before: changed, copied or deleted.
    pub changed: i64,
}

/// What people see before they do it.
#[derive(Debug, Clone)]
pub struct Preview {
    /// How many cases were chosen.
    pub total: i64,
    /// The first of them.
    pub first: Vec<Case>,
    /// Fields and templates, as far as the caller may look at them.
    pub schema: Schema,
    /// What the caller may do in the project.
    pub rights: Rights,
}

/// The cases that were chosen, for a look. Those that are gone are left out.
pub async fn preview(app: &App, actor: &Actor, project: ProjectId, which: &Which) -> Result<Preview> {
    let (actor, which, now) = (actor.clone(), which.clone(), app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::Project(project), VIEW, now)?;
        let (total, first) = match &which {
            Which::Picked(ids) => {
                let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
                let mut cases = case::get_many(tx, &proof, &ids)?;
                let total = count(cases.len());
                cases.truncate(NAMED);
                (total, cases)
            }
            Which::Matching(filter) => {
                let first = PageRequest {
                    page: 1,
                    per_page: count(NAMED),
                };
                let page = case::page::page(tx, &proof, filter, first)?;
                (page.total, page.rows)
            }
        };
        Ok(Preview {
            total,
            first,
            schema: Schema::load(tx, &proof, Entity::Case)?,
            rights: proof.rights(),
        })
    })
    .await
}

/// Does it for 1 to [`BULK`] cases in one transaction, so for all of them or for none.
pub async fn perform(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    chosen: Chosen,
    mut deed: Deed,
) -> Result<Done> {
    if let Deed::Change(change) = &mut deed {
        let mut clean = Clean::default();
        tidy(&mut clean, change);
        clean.finish()?;
        if change.is_empty() {
            return Err(Error::field(
                "change",
                "Choose at least one new value. Nothing was changed.",
            ));
        }
    }
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        let right = if matches!(deed, Deed::Delete) {
            DELETE
        } else {
            EDIT
        };
        let proof = actor.require(tx, Target::Project(project), right, now)?;
        case::lock(tx, &proof)?;
        let ids = resolve(tx, &proof, &chosen)?;
        let changed = match &deed {
            Deed::Change(change) => {
                let schema = Schema::load(tx, &proof, Entity::Case)?;
                let all = of_one_kind(tx, &proof, &schema, &ids, change)
                    .and_then(|()| changed(tx, &proof, &schema, &ids, change, now))?;
                let is_other = |c: &&Changed| c.values != c.old.values || c.links != c.old_links;
                let n = all.iter().filter(is_other).count();
                write(tx, &actor, &proof, schema, all, now)?;
                n
            }
            Deed::Copy(to) => copied(tx, &actor, &proof, &ids, *to, now)?.len(),
            Deed::Delete => {
                let cases = found(tx, &proof, &ids)?;
                case::delete(tx, &proof, &cases)?;
                note(tx, &actor, "case.deleted", project, &cases, None, now)?;
                cases.len()
            }
        };
        Ok(Done {
            cases: count(ids.len()),
            changed: count(changed),
        })
    })
    .await
}

/// The ids of the cases, each once. Holds the lock of the project.
fn resolve(tx: &mut Tx<'_>, proof: &Proof, chosen: &Chosen) -> Result<Vec<CaseId>> {
    let (total, ids) = match &chosen.which {
        Which::Picked(ids) => {
            let mut seen = std::collections::HashSet::new();
            let ids: Vec<CaseId> = ids.iter().copied().filter(|id| seen.insert(*id)).collect();
            (count(ids.len()), ids)
        }
        Which::Matching(filter) => {
            let all = PageRequest {
                page: 1,
                per_page: BULK,
            };
            let (total, ids) = case::page::ids(tx, proof, filter, all)?;
            (total, ids.into_iter().map(CaseId).collect())
        }
    };
    if total == 0 || total > BULK {
        let text = format!("Choose between 1 and {BULK} cases; these are {total}.");
        return Err(Error::field("cases", text));
    }
    match chosen.expected {
        Some(expected) if expected != total => Err(Error::field(
            "cases",
            format!(
                "These are {total} cases now, but {expected} were shown. Nothing was done; look at them again."
            ),
        )),
        _ => Ok(ids),
    }
}

/// Refuses fields that the template of a case does not have, once for all cases.
fn of_one_kind(
    tx: &mut Tx<'_>,
    proof: &Proof,
    schema: &Schema,
    ids: &[CaseId],
    change: &Change,
) -> Result<()> {
    if change.custom.is_empty() {
        return Ok(());
    }
    let cases = found(tx, proof, ids)?;
    let mut clean = Clean::default();
    for name in change.custom.keys() {
        let system_name = name.strip_prefix(PREFIX).unwrap_or(name);
        let lacks = |case: &&Case| {
            let template = change.template_id.unwrap_or(case.values.template_id);
            let fields = schema.fields_of(template);
            !fields.iter().any(|f| f.system_name == system_name)
        };
        let without = cases.iter().filter(lacks).count();
        if without > 0 {
            let all = cases.len();
            let text = format!("{without} of the {all} cases have a type without this field. Choose others.");
            clean.refuse(name, text);
        }
    }
    clean.finish()
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
