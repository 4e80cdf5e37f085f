//! Results of manual runs. In a closed run they need the right to edit closed runs.

use super::{find, find_locked, tell};
use crate::clean::Clean;
use crate::custom::Schema;
use crate::issues::{self, IssueRef};
use crate::once::{Answer, Claim};
use crate::{Actor, App, Error, Result};
use model::clock::DAY;
use model::data_set::DataSet;
use model::page::{Page, PageRequest};
use model::status::{Statuses, StepStatus, UNTESTED};
use model::{
    Action, Area, CaseId, Entity, ProjectId, ResultId, Right, RunId, TemplateId, TestId, Timestamp, UserId,
};
use serde_json::{Map, Value, json};
use std::collections::{BTreeSet, HashMap};
use store::Tx;
use store::access::{Proof, Target};
use store::audit::Entry;
use store::run::Run;
use store::run::result::{self, Filter, RunResult, Values};
use store::run::test::{self, Test};

/// Looking at results.
pub const VIEW: Right = Right(Area::Results, Action::View);
/// Writing results.
pub const EDIT: Right = Right(Area::Results, Action::Edit);
/// Deleting files of results.
pub const DELETE: Right = Right(Area::Results, Action::Delete);

/// Most results of one call.
pub const MOST: usize = 100;
/// Most characters of a note.
const NOTE_MAX: usize = 10_000;
/// Results have no templates: they have all their fields.
pub const TEMPLATE: TemplateId = TemplateId(0);

/// What it takes to show results of a project.
#[derive(Debug, Clone, Default)]
pub struct Looks {
    /// Fields of results, as far as the caller may look at them.
    pub schema: Schema,
    /// Result statuses.
    pub statuses: Statuses,
}

impl Looks {
    fn read(tx: &mut Tx<'_>, proof: &Proof) -> Result<Looks> {
        Ok(Looks {
            schema: Schema::load(tx, proof, Entity::RunResult)?,
            statuses: store::status::all(tx)?,
        })
    }
}

/// Results, with what it takes to show them.
pub type Made = (Vec<RunResult>, Looks);

/// What is written about a test; none is left as it is, or as the test has it.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Result status; a new result needs one.
    pub status_id: Option<i64>,
    /// What was seen; `Some(None)` removes it.
    pub note: Option<Option<String>>,
    /// Microseconds that it took.
    pub elapsed: Option<Option<i64>>,
    /// Who tests it; a user who sees the project.
    pub assignee_id: Option<Option<UserId>>,
    /// Issues, in place of those it has.
    pub issues: Option<Vec<IssueRef>>,
    /// Values by `custom_` and system name; null removes one.
    pub custom: Map<String, Value>,
    /// The statuses of single steps, in place of those it has.
    pub steps: Option<Vec<StepStatus>>,
}

impl Change {
    fn clean(&mut self, clean: &mut Clean, at: &str) {
        self.note = self
            .note
            .take()
            .map(|note| clean.note(&format!("{at}note"), note.as_deref(), NOTE_MAX));
        if self
            .elapsed
            .flatten()
            .is_some_and(|e| !(0..=365 * DAY).contains(&e))
        {
            let text = format!("The elapsed must be 0 to {} microseconds.", 365 * DAY);
            clean.refuse(&format!("{at}elapsed"), text);
        }
        if let Some(named) = &mut self.issues {
            issues::clean(clean, &format!("{at}issues"), named);
        }
    }

    fn is_empty(&self) -> bool {
        self.status_id.is_none()
            && self.note.is_none()
            && self.elapsed.is_none()
            && self.assignee_id.is_none()
            && self.issues.is_none()
            && self.custom.is_empty()
            && self.steps.is_none()
    }

    /// What the result says after the change, as far as what it refers to is there.
    fn apply(
        &self,
        tx: &mut Tx<'_>,
        proof: &Proof,
        looks: &Looks,
        (clean, at): (&mut Clean, &str),
        (old, is_new, count, now): (&Values, bool, usize, Timestamp),
    ) -> Result<Values> {
        self.check_steps(looks, count, (&mut *clean, at));
        if let Some(id) = self.status_id
            && looks.statuses.get(id).is_none()
        {
            let text = format!("There is no status {id}. See the statuses of the project.");
            clean.refuse(&format!("{at}status_id"), text);
        }
        if let Some(id) = self.assignee_id.flatten()
            && !store::user::sees_project(tx, proof, id)?
        {
            let text = format!("There is no user {id} who sees this project. Take another one, or null.");
            clean.refuse(&format!("{at}assignee_id"), text);
        }
        let custom = if is_new {
            looks.schema.fill(TEMPLATE, &self.custom, at, clean)?
        } else {
            let mut custom = old.custom.clone();
            looks
                .schema
                .change(TEMPLATE, &mut custom, &self.custom, at, clean)?;
            custom
        };
        let issues = match &self.issues {
            Some(named) => issues::find(tx, proof, (clean, &format!("{at}issues")), named, now)?,
            None => old.issues.clone(),
        };
        Ok(Values {
            status_id: self.status_id.unwrap_or(old.status_id),
            note: self.note.clone().unwrap_or_else(|| old.note.clone()),
            elapsed: self.elapsed.unwrap_or(old.elapsed),
            assignee_id: self.assignee_id.unwrap_or(old.assignee_id),
            custom,
            issues,
            steps: self.steps.clone().unwrap_or_else(|| old.steps.clone()),
        })
    }

    /// `count` is how many steps the text has.
    fn check_steps(&self, looks: &Looks, count: usize, (clean, at): (&mut Clean, &str)) {
        let mut before = 0;
        for (n, one) in self.steps.iter().flatten().enumerate() {
            let field = |name: &str| format!("{at}steps.{n}.{name}");
            if !(1..=i64::try_from(count).unwrap_or(i64::MAX)).contains(&one.step) {
                clean.refuse(
                    &field("step"),
                    format!(
                        "There is no step {}. The text that is tested has {count}.",
                        one.step
                    ),
                );
            } else if one.step <= before {
                clean.refuse(
                    &field("step"),
                    "Name each step once, in the order of the text.".to_owned(),
                );
            }
            before = one.step;
            if looks.statuses.get(one.status_id).is_none_or(|s| s.is_untested) {
                let text = "Give a status of the project other than that of what is untested; leave the step out instead.";
                clean.refuse(&field("status_id"), text);
            }
        }
    }
}

/// One page of the results of a run.
pub async fn page(
    app: &App,
    actor: &Actor,
    id: RunId,
    filter: &Filter,
    request: PageRequest,
) -> Result<(Page<RunResult>, Looks)> {
    let (actor, filter, now) = (actor.clone(), filter.clone(), app.now());
    app.read(move |tx| {
        let (proof, run) = find(tx, &actor, id, VIEW, now)?;
        let page = result::page(tx, &proof, &run, &filter, request)?;
        Ok((page, Looks::read(tx, &proof)?))
    })
    .await
}

/// One page of the results that a case had, newest first; those of closed runs for who may look at these.
pub async fn history(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    case: CaseId,
    request: PageRequest,
) -> Result<(Page<RunResult>, Looks)> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::Project(project), VIEW, now)?;
        let closed = proof.rights().has(super::closed(Action::View));
        let page = result::of_case(tx, &proof, case, closed, request)?;
        Ok((page, Looks::read(tx, &proof)?))
    })
    .await
}

/// Writes results of 1 to [`MOST`] different tests of a run, all or none; `many` names fields as `results.N.status_id`.
pub async fn create(
    app: &App,
    actor: &Actor,
    id: RunId,
    (mut new, many): (Vec<(TestId, Change)>, bool),
    claim: Option<Claim>,
    render: fn(&Made) -> (u16, String),
) -> Result<Answer<Made>> {
    let at = move |n: usize| {
        if many {
            format!("results.{n}.")
        } else {
            String::new()
        }
    };
    let mut clean = Clean::default();
    clean.count("results", new.len(), MOST);
    let mut seen = BTreeSet::new();
    for (n, (test, change)) in new.iter_mut().enumerate() {
        change.clean(&mut clean, &at(n));
        if change.status_id.is_none() {
            let text = "Give the status_id of a status. See the statuses of the project.";
            clean.refuse(&format!("{}status_id", at(n)), text);
        }
        if !seen.insert(*test) {
            let text = format!("Test {test} is there twice. Send its results one after the other.");
            clean.refuse(&format!("{}test_id", at(n)), text);
        }
    }
    clean.finish()?;
    let (actor, now) = (actor.clone(), app.now());
    app.write_once(claim, render, move |tx| {
        let (proof, run) = find_locked(tx, &actor, id, EDIT, now)?;
        let looks = Looks::read(tx, &proof)?;
        let ids: Vec<i64> = new.iter().map(|(test, _)| test.0).collect();
        let tests = test::get_many(tx, &run, &ids)?;
        if !many && tests.is_empty() {
            return Err(Error::NotFound);
        }
        let mut clean = Clean::default();
        let mut ready = Vec::with_capacity(new.len());
        let counts = step_counts(tx, &run, new.iter().map(|(id, change)| (*id, change)))?;
        for (n, (id, change)) in new.iter().enumerate() {
            let test = tests.iter().find(|t| t.id == *id);
            let count = counts.get(id).copied().unwrap_or(0);
            let (at, before) = (at(n), (&blank(test), true, count, now));
            let values = change.apply(tx, &proof, &looks, (&mut clean, &at), before)?;
            match test {
                Some(test) => ready.push((test.clone(), values)),
                None => {
                    let text = format!("There is no test {id} in this run. GET its tests for their ids.");
                    clean.refuse(&format!("{at}test_id"), text);
                }
            }
        }
        clean.finish()?;
        let made = result::insert(tx, &proof, &run, &looks.statuses, &ready, now)?;
        let given = ready.iter().map(|(t, v)| (t.id, t.assignee_id, v.assignee_id));
        tell::given(tx, &run, given, &proof, now)?;
        let all: Vec<_> = made.iter().map(told).collect();
        let detail = json!({"after": all});
        note(
            tx,
            &actor,
            ("run_result.created", &proof),
            (id.0, &run.values.name),
            &detail,
            now,
        )?;
        Ok((made, looks))
    })
    .await
}

/// What a new result of a test begins with.
fn blank(test: Option<&Test>) -> Values {
    Values {
        status_id: test.map_or(UNTESTED, |t| t.status_id),
        note: None,
        elapsed: None,
        assignee_id: test.and_then(|t| t.assignee_id),
        custom: Map::new(),
        issues: Vec::new(),
        steps: Vec::new(),
    }
}

/// How many steps the texts of tests have that get statuses of steps.
fn step_counts<'c>(
    tx: &mut Tx<'_>,
    run: &Run,
    new: impl Iterator<Item = (TestId, &'c Change)>,
) -> Result<HashMap<TestId, usize>> {
    let ids: Vec<i64> = new
        .filter(|(_, c)| c.steps.is_some())
        .map(|(id, _)| id.0)
        .collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    Ok(test::steps(tx, run, &ids)?)
}

/// Changes a result; the test follows its latest one.
pub async fn update(
    app: &App,
    actor: &Actor,
    run: RunId,
    id: ResultId,
    mut change: Change,
) -> Result<(RunResult, Looks)> {
    if change.is_empty() {
        return Err(Error::NothingToChange);
    }
    let mut clean = Clean::default();
    change.clean(&mut clean, "");
    clean.finish()?;
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        let (proof, run) = find_locked(tx, &actor, run, EDIT, now)?;
        let old = read(tx, &proof, id)?;
        let test = test::get_many(tx, &run, &[old.test_id.0])?.pop();
        let test = test.filter(|_| old.run_id == run.id).ok_or(Error::NotFound)?;
        let looks = Looks::read(tx, &proof)?;
        let mut clean = Clean::default();
        let counts = step_counts(tx, &run, std::iter::once((test.id, &change)))?;
        let count = counts.get(&test.id).copied().unwrap_or(0);
        let before = (&old.values, false, count, now);
        let values = change.apply(tx, &proof, &looks, (&mut clean, ""), before)?;
        clean.finish()?;
        if values == old.values {
            return Ok((old, looks));
        }
        result::update(tx, &proof, (&run, &test, &old), &looks.statuses, &values, now)?;
        let new = read(tx, &proof, id)?;
        let given = (old.test_id, old.values.assignee_id, values.assignee_id);
        tell::given(tx, &run, [given], &proof, now)?;
        let detail = json!({"before": told(&old), "after": told(&new)});
        let what = ("run_result.updated", &proof);
        note(tx, &actor, what, (id.0, &run.values.name), &detail, now)?;
        Ok((new, looks))
    })
    .await
}

/// Gives a test the newest text of its case, whose version the caller names. The test is untested again; its results stay,
/// each with the version that it is about. [`Error::Conflict`] when that is not the newest version any more, or has no such row of data.
pub async fn take_over(app: &App, actor: &Actor, (run, id): (RunId, TestId), version: i64) -> Result<Test> {
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        let (proof, run) = find_locked(tx, &actor, run, EDIT, now)?;
        let line = store::run::execution::lines(tx, &run, &[id.0])?.pop();
        let line = line.ok_or(Error::NotFound)?;
        let Some(newest) = line.newest else {
            let text = "The case was deleted, so there is no newer text. The test keeps the one it has.";
            return Err(Error::Conflict("case_deleted", text.to_owned()));
        };
        if newest != version {
            let text = format!("The case has version {newest}, not {version}. Look at it again first.");
            return Err(Error::Conflict("version_conflict", text));
        }
        let old = line.test;
        if old.case_version == newest {
            return Ok(old);
        }
        let data_row = row_in(tx, &proof, &old, newest)?;
        let statuses = store::status::all(tx)?;
        result::take_over(tx, &run, &old, &statuses, (newest, data_row))?;
        let told = |t: &Test| json!({"case_version": t.case_version, "data_row": t.data_row, "status_id": t.status_id});
        let new = test::get_many(tx, &run, &[id.0])?.pop().ok_or(Error::NotFound)?;
        let detail = json!({"test_id": id, "before": told(&old), "after": told(&new)});
        let what = ("run_test.updated", &proof);
        note(tx, &actor, what, (id.0, &run.values.name), &detail, now)?;
        Ok(new)
    })
    .await
}

/// The row of the data set of another version that a test goes on with: the one with the same values, else with the same number.
fn row_in(tx: &mut Tx<'_>, proof: &Proof, test: &Test, version: i64) -> Result<Option<i64>> {
    let mut set = |version| -> Result<Option<DataSet>> {
        let found = store::case::version::get(tx, proof, test.case_id, version)?.ok_or(Error::NotFound)?;
        let set = found.content.get("data_set").cloned();
        Ok(set.and_then(|set| serde_json::from_value(set).ok()))
    };
    let (old, new) = (set(test.case_version)?, set(version)?);
    let gone = |text: &str| Err(Error::Conflict("data_row_gone", text.to_owned()));
    match (old, new, test.data_row) {
        (_, None, _) => Ok(None),
        (Some(old), Some(new), Some(row)) => match new.same_row(&old, row) {
            Some(row) => Ok(Some(row)),
            None => gone("The case has no such row of data any more. The test keeps the text it has."),
        },
        _ => gone("The case has rows of data now. Make a new run to test each of them."),
    }
}

/// Takes back the latest result of a test, which the caller gave. It stays in the history as deleted.
pub async fn take_back(app: &App, actor: &Actor, run: RunId, id: ResultId) -> Result<TestId> {
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        let (proof, run) = find_locked(tx, &actor, run, EDIT, now)?;
        let old = read(tx, &proof, id)?;
        let test = test::get_many(tx, &run, &[old.test_id.0])?.pop();
        let test = test.filter(|_| old.run_id == run.id).ok_or(Error::NotFound)?;
        if !old.is_latest || old.created_by != Some(actor.user.id) {
            let text = "Only the latest result of a test can be taken back, by whoever gave it.";
            return Err(Error::Conflict("not_latest", text.to_owned()));
        }
        let statuses = store::status::all(tx)?;
        result::remove(tx, &proof, (&run, &test, &old), &statuses, now)?;
        let what = ("run_result.deleted", &proof);
        note(
            tx,
            &actor,
            what,
            (id.0, &run.values.name),
            &json!({"before": told(&old)}),
            now,
        )?;
        Ok(test.id)
    })
    .await
}

fn read(tx: &mut Tx<'_>, proof: &Proof, id: ResultId) -> Result<RunResult> {
    result::get_many(tx, proof, &[id.0])?.pop().ok_or(Error::NotFound)
}

/// What the audit log keeps of a result.
fn told(r: &RunResult) -> serde_json::Value {
    let v = &r.values;
    let issues: Vec<i64> = v.issues.iter().map(|issue| issue.id.0).collect();
    json!({"id": r.id, "test_id": r.test_id, "status_id": v.status_id, "note": v.note, "elapsed": v.elapsed,
        "assignee_id": v.assignee_id, "custom": v.custom, "issues": issues, "steps": v.steps})
}

fn note(
    tx: &mut Tx<'_>,
    actor: &Actor,
    (action, proof): (&str, &Proof),
    (id, name): (i64, &str),
    detail: &serde_json::Value,
    now: Timestamp,
) -> Result<()> {
    Ok(store::audit::insert(
        tx,
        &Entry {
            project_id: Some(proof.project()),
            target_id: Some(id),
            target_name: Some(name.to_owned()),
            detail: Some(detail.to_string()),
            ..actor.entry(action, "run_result", now)
        },
    )?)
}
