//! Test cases of the repository.

mod automation;
mod bulk;
mod change;
mod comments;
mod copy;
pub(crate) mod input;
pub mod review;
mod similar;
mod versions;
pub mod workflow;

pub use crate::issues::IssueRef;
pub use automation::{LINKS_MAX, Pair, link};
pub use bulk::{BULK, Chosen, Deed, Done, Preview, Which, perform, preview};
pub use change::{create, delete, restore, update};
pub use comments::{comment, comments, delete_comment, update_comment};
pub(crate) use copy::copies;
pub use copy::copy;
pub use input::{Change, Lists, New};
pub use similar::similar;
pub use versions::{version, versions};

use crate::custom::Schema;
use crate::{Actor, App, Error, Result};
use model::page::{Page, PageRequest};
use model::{Action, Area, CaseId, Entity, ProjectId, Right};
use std::collections::{HashMap, HashSet};
use store::Tx;
use store::access::{Proof, Target};
use store::case::comment::Comment;
use store::case::search::Hit;
use store::case::version::Version;
use store::case::{self, Case, Filter, Links};

/// Looking at cases.
pub const VIEW: Right = Right(Area::Cases, Action::View);
/// Making and changing them.
pub const EDIT: Right = Right(Area::Cases, Action::Edit);
/// Deleting them.
pub const DELETE: Right = Right(Area::Cases, Action::Delete);

/// Commenting on them: for those who change cases, and for those who run them.
pub const COMMENT: [Right; 2] = [EDIT, Right(Area::Results, Action::Edit)];

/// Most cases of one call (contract §3.2).
pub const MOST: usize = 100;
/// Most cases that a search proposes.
const SUGGESTED: i64 = 20;

/// Cases with what they refer to, and the fields that they may have.
#[derive(Debug, Clone, Default)]
pub struct Cases {
    /// The cases with their links.
    pub cases: Vec<(Case, Links)>,
    /// Fields and templates, as far as the caller may look at them.
    pub schema: Schema,
}

/// Cases for a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Runnable {
    /// How many were chosen.
    pub total: i64,
    /// How many of these have a state that does not flow into runs.
    pub left_out: i64,
    /// How many tests the others are: one for each, or for each row of its data set.
    pub tests: i64,
    /// The others.
    pub ids: Vec<i64>,
}

/// What a list of cases shall say beside its rows.
#[derive(Debug, Clone, Copy, Default)]
pub struct With {
    /// Tags and links to automated tests.
    pub links: bool,
    /// What changed and when.
    pub history: bool,
    /// Comments.
    pub comments: bool,
}

/// One page of cases.
#[derive(Debug, Clone)]
pub struct CasePage {
    /// The cases.
    pub page: Page<Case>,
    /// Fields and templates, as far as the caller may look at them.
    pub schema: Schema,
    /// By case, where asked for.
    pub links: HashMap<CaseId, Links>,
    /// Where asked for, by case and oldest first.
    pub history: Vec<Version>,
    /// Where asked for, by case and oldest first.
    pub comments: Vec<Comment>,
}

/// One page of the cases of a project.
pub async fn page(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    filter: &Filter,
    request: PageRequest,
    with: With,
) -> Result<CasePage> {
    let (actor, filter, now) = (actor.clone(), filter.clone(), app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::Project(project), VIEW, now)?;
        let mut page = case::page::page(tx, &proof, &filter, request)?;
        let schema = Schema::load(tx, &proof, Entity::Case)?;
        for case in &mut page.rows {
            schema.hide(&mut case.values.custom);
        }
        let ids: Vec<CaseId> = page.rows.iter().map(|c| c.id).collect();
        let mut found = CasePage {
            page,
            schema,
            links: HashMap::new(),
            history: Vec::new(),
            comments: Vec::new(),
        };
        if with.links {
            found.links = case::links::of(tx, &proof, &ids)?;
        }
        if with.history {
            found.history = case::version::history(tx, &ids)?;
            found
                .history
                .iter_mut()
                .for_each(|v| versions::hide(&found.schema, v));
        }
        if with.comments {
            found.comments = case::comment::of(tx, &ids)?;
        }
        Ok(found)
    })
    .await
}

/// How many cases of a project a filter leaves, and the ids of the first of them, in its order.
pub async fn ids(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    filter: &Filter,
    most: i64,
) -> Result<(i64, Vec<i64>)> {
    let (actor, filter, now) = (actor.clone(), filter.clone(), app.now());
    let first = PageRequest {
        page: 1,
        per_page: most,
    };
    app.read(move |tx| {
        let proof = actor.require(tx, Target::Project(project), VIEW, now)?;
        Ok(case::page::ids(tx, &proof, &filter, first)?)
    })
    .await
}

/// Of the cases that were chosen, those that may be put into a run, and how many others there are. At most `most` of those
/// that a filter leaves are looked at; the first number says how many it leaves.
pub async fn runnable(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    which: &Which,
    most: i64,
) -> Result<Runnable> {
    let (actor, which, now) = (actor.clone(), which.clone(), app.now());
    let first = PageRequest {
        page: 1,
        per_page: most,
    };
    app.read(move |tx| {
        let proof = actor.require(tx, Target::Project(project), VIEW, now)?;
        let (total, ids) = match &which {
            Which::Picked(ids) => {
                let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
                let there: Vec<i64> = case::get_many(tx, &proof, &ids)?.iter().map(|c| c.id.0).collect();
                (i64::try_from(there.len()).unwrap_or(i64::MAX), there)
            }
            Which::Matching(filter) => case::page::ids(tx, &proof, filter, first)?,
        };
        let others: HashSet<i64> = store::run::test::not_in_runs(tx, &proof, &ids)?
            .into_iter()
            .map(|(id, _)| id)
            .collect();
        let ids: Vec<i64> = ids.into_iter().filter(|id| !others.contains(id)).collect();
        Ok(Runnable {
            total,
            left_out: i64::try_from(others.len()).unwrap_or(i64::MAX),
            tests: store::run::test::size(tx, &proof, &ids)?,
            ids,
        })
    })
    .await
}

/// One case with what it refers to.
pub async fn get(app: &App, actor: &Actor, id: CaseId) -> Result<Cases> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::Case(id), VIEW, now)?;
        let case = case::get(tx, &proof, id)?.ok_or(Error::NotFound)?;
        let schema = Schema::load(tx, &proof, Entity::Case)?;
        let links = case::links::of(tx, &proof, &[id])?
            .remove(&id)
            .unwrap_or_default();
        Ok(shown(vec![(case, links)], schema))
    })
    .await
}

/// The cases before and after one in its folder.
pub async fn neighbours(app: &App, actor: &Actor, id: CaseId) -> Result<[Option<CaseId>; 2]> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::Case(id), VIEW, now)?;
        let case = case::get(tx, &proof, id)?.ok_or(Error::NotFound)?;
        Ok(case::neighbours(tx, &case)?)
    })
    .await
}

/// One page of id, name and folder (0 for the root) of cases.
pub async fn names(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    filter: &Filter,
    request: PageRequest,
) -> Result<Page<(i64, String, i64)>> {
    let (actor, filter, now) = (actor.clone(), filter.clone(), app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::Project(project), VIEW, now)?;
        Ok(case::page::names(tx, &proof, &filter, request)?)
    })
    .await
}

/// The best cases for what somebody types.
pub async fn suggest(app: &App, actor: &Actor, project: ProjectId, text: &str) -> Result<Vec<Hit>> {
    let (actor, text, now) = (actor.clone(), text.to_owned(), app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::Project(project), VIEW, now)?;
        Ok(case::search::suggest(tx, &proof, &text, SUGGESTED)?)
    })
    .await
}

/// Cases as their caller may see them.
fn shown(mut cases: Vec<(Case, Links)>, schema: Schema) -> Cases {
    for (case, _) in &mut cases {
        schema.hide(&mut case.values.custom);
    }
    Cases { cases, schema }
}

/// The case with this id, or the refusal that an update or a deletion gives.
fn found(tx: &mut Tx<'_>, proof: &Proof, ids: &[CaseId]) -> Result<Vec<Case>> {
    let numbers: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let cases = case::get_many(tx, proof, &numbers)?;
    let missing = ids
        .iter()
        .enumerate()
        .find(|(_, id)| !cases.iter().any(|c| c.id == **id));
    match missing {
        None => Ok(cases),
        Some((n, id)) => Err(Error::field(
            format!("ids.{n}"),
            format!("There is no case {id} in this project. Look at the ids of the list."),
        )),
    }
}
