//! Links from cases to automated tests, one by one or many at a time (contract §9).

use super::change::write;
use super::{EDIT, case};
use crate::automation::VIEW;
use crate::clean::Clean;
use crate::custom::Schema;
use crate::once::{Answer, Claim};
use crate::{Actor, App, Result};
use model::{AutomationCaseId, CaseId, Entity, ProjectId};
use std::collections::BTreeMap;
use store::access::Target;
use store::case::{AutomationLink, Changed};

/// Most links of one call.
pub const LINKS_MAX: usize = 500;
/// Most automated tests of a case, as when they are written with the case.
const TESTS_MAX: usize = super::input::LIST_MAX;

/// A case and an automated test that checks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// The case.
    pub case_id: CaseId,
    /// The automated test.
    pub automation_case_id: AutomationCaseId,
}

/// Links 1 to [`LINKS_MAX`] cases to automated tests of the same project, all or none. Links that are there already stay.
/// Fields are named `at` and a number, such as `links.3.case_id`, or without both when `at` is none.
pub async fn link(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    pairs: Vec<Pair>,
    at: Option<&'static str>,
    claim: Option<Claim>,
    render: fn(&()) -> (u16, String),
) -> Result<Answer<()>> {
    let mut clean = Clean::default();
    clean.count(at.unwrap_or("links"), pairs.len(), LINKS_MAX);
    clean.finish()?;
    let (actor, now) = (actor.clone(), app.now());
    app.write_once(claim, render, move |tx| {
        let proof = actor.require(tx, Target::Project(project), EDIT, now)?;
        actor.require(tx, Target::Project(project), VIEW, now)?;
        case::lock(tx, &proof)?;
        let mut ids: Vec<i64> = pairs.iter().map(|p| p.case_id.0).collect();
        ids.sort_unstable();
        ids.dedup();
        let cases = case::get_many(tx, &proof, &ids)?;
        let case_ids: Vec<CaseId> = cases.iter().map(|c| c.id).collect();
        let mut links = case::links::of(tx, &proof, &case_ids)?;
        let tests: Vec<i64> = pairs.iter().map(|p| p.automation_case_id.0).collect();
        let tests = case::links::tests(tx, &proof, &tests)?;
        let mut changed: BTreeMap<CaseId, Changed> = cases
            .into_iter()
            .map(|old| {
                let links = links.remove(&old.id).unwrap_or_default();
                let changed = Changed {
                    values: old.values.clone(),
                    old_links: links.clone(),
                    links,
                    old,
                    is_approved: false,
                };
                (changed.old.id, changed)
            })
            .collect();
        let mut clean = Clean::default();
        for (n, pair) in pairs.iter().enumerate() {
            let at = at.map_or_else(String::new, |at| format!("{at}.{n}."));
            add(&mut clean, &at, pair, &mut changed, &tests);
        }
        clean.finish()?;
        let schema = Schema::load(tx, &proof, Entity::Case)?;
        write(tx, &actor, &proof, schema, changed.into_values().collect(), now).map(drop)
    })
    .await
}

fn add(
    clean: &mut Clean,
    at: &str,
    pair: &Pair,
    changed: &mut BTreeMap<CaseId, Changed>,
    tests: &[AutomationLink],
) {
    let id = pair.automation_case_id;
    let test = tests.iter().find(|test| test.id == id);
    if test.is_none() {
        let text = format!("There is no automated test {id} in this project. Look at its automation cases.");
        clean.refuse(&format!("{at}automation_case_id"), text);
    }
    let field = format!("{at}case_id");
    let Some(case) = changed.get_mut(&pair.case_id) else {
        let text = format!("There is no case {} in this project.", pair.case_id);
        return clean.refuse(&field, text);
    };
    let linked = &mut case.links.automation;
    if let Some(test) = test
        && !linked.contains(test)
    {
        if linked.len() >= TESTS_MAX {
            let text = format!(
                "Case {} has {TESTS_MAX} automated tests, the most there can be.",
                pair.case_id
            );
            return clean.refuse(&field, text);
        }
        linked.push(test.clone());
        linked.sort_unstable_by_key(|test| test.id);
    }
}
