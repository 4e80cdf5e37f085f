//! Executing a run: its tests in parts, one test with the text that is tested, and what others did meanwhile.

use super::{CLOSE, Looks, VIEW, closed, find, results};
use crate::custom::Schema;
use crate::{Actor, App, Error, Result};
use model::data_set::{self, DataSet};
use model::page::PageRequest;
use model::{Action, Entity, ResultId, RunId, TestId};
use serde_json::{Map, Value};
use store::Tx;
use store::access::{Proof, Target};
use store::attachment::{self, Attachment, Owner};
use store::field::Field;
use store::run::execution::{self, Filter, Line};
use store::run::result::{self, RunResult};
use store::run::{self, Run};

/// Results of the case that are shown beside a test.
const PAST: i64 = 20;
/// Files that are shown of one result.
const FILES: i64 = 20;
/// Most tests that are told of at once when others gave results.
const NEWS: i64 = 100;

/// Custom fields carry this before their system name in the text of a version.
const PREFIX: &str = "custom_";

/// Whose tests, and which.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Show {
    /// All.
    #[default]
    All,
    /// Given to the caller.
    Mine,
    /// Without a final status.
    Unfinished,
}

/// What the caller may do in a run as it is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct May {
    /// Give results.
    pub execute: bool,
    /// Close it, or open it again.
    pub close: bool,
}

/// A run with a part of its tests.
#[derive(Debug, Clone)]
pub struct List {
    /// The run.
    pub run: Run,
    /// Result statuses.
    pub looks: Looks,
    /// The tests, in the order of the run.
    pub lines: Vec<Line>,
    /// Whether more follow.
    pub goes_on: bool,
    /// Tests given to the caller.
    pub mine: i64,
    /// Tests without a final status.
    pub unfinished: i64,
    /// The newest result of the run; 0 before the first.
    pub latest: ResultId,
    /// What the caller may do.
    pub may: May,
}

/// One test, opened.
#[derive(Debug, Clone)]
pub struct Open {
    /// The test.
    pub line: Line,
    /// The text that is tested, without what the caller may not look at, with the values of its row of data.
    pub content: Map<String, Value>,
    /// Parameters with the values of that row; empty for a case without a data set.
    pub values: Vec<(String, String)>,
    /// Fields and templates of cases.
    pub schema: Schema,
    /// Fields of results, as far as the caller may look at them.
    pub fields: Vec<Field>,
    /// What the case went through, newest first, without what was taken back.
    pub results: Vec<RunResult>,
    /// Files of the results of this run.
    pub files: Vec<(ResultId, Attachment)>,
    /// The runs of these results.
    pub runs: Vec<Run>,
    /// The next test without a final status, behind this one or else from the beginning.
    pub next: Option<TestId>,
}

impl Open {
    /// The version that the case has now, when that is not the one that is tested.
    pub fn changed(&self) -> Option<i64> {
        self.line.newest.filter(|v| *v != self.line.test.case_version)
    }
}

/// A closed run is frozen for those who execute it, also for those whose programs may still write to it.
fn may(proof: &Proof, run: &Run) -> May {
    let rights = proof.rights();
    let is_closed = run.values.is_closed;
    let may_close = rights.has(super::EDIT) && rights.has(CLOSE);
    May {
        execute: !is_closed && rights.has(results::EDIT),
        close: may_close && (!is_closed || rights.has(closed(Action::Complete))),
    }
}

fn filter(actor: &Actor, looks: &Looks, show: Show) -> Filter {
    let open = looks.statuses.0.iter().filter(|s| !s.is_final).map(|s| s.id);
    match show {
        Show::All => Filter::default(),
        Show::Mine => Filter {
            assignee: Some(actor.user.id),
            ..Filter::default()
        },
        Show::Unfinished => Filter {
            statuses: open.collect(),
            ..Filter::default()
        },
    }
}

/// A run with at most `limit` tests behind a position.
pub async fn list(
    app: &App,
    actor: &Actor,
    id: RunId,
    show: Show,
    (after, limit): (i64, i64),
) -> Result<List> {
    super::live::fill(app, actor, Target::Run(id)).await?;
    look(app, actor, id, move |tx, actor, run, looks| {
        let mut lines = execution::part(tx, run, &filter(actor, looks, show), after, limit + 1)?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let goes_on = lines.len() > limit;
        lines.truncate(limit);
        Ok((lines, goes_on))
    })
    .await
}

/// A run with the tests that got results after another one.
pub async fn since(app: &App, actor: &Actor, id: RunId, result: ResultId) -> Result<List> {
    look(app, actor, id, move |tx, _, run, _| {
        let ids = execution::since(tx, run, result, NEWS)?;
        Ok((execution::lines(tx, run, &ids)?, false))
    })
    .await
}

/// A run with these tests of it.
pub async fn of(app: &App, actor: &Actor, id: RunId, tests: &[TestId]) -> Result<List> {
    let ids: Vec<i64> = tests.iter().map(|t| t.0).collect();
    look(app, actor, id, move |tx, _, run, _| {
        Ok((execution::lines(tx, run, &ids)?, false))
    })
    .await
}

async fn look<F>(app: &App, actor: &Actor, id: RunId, lines: F) -> Result<List>
where
    F: Fn(&mut Tx<'_>, &Actor, &Run, &Looks) -> Result<(Vec<Line>, bool)> + Send + 'static,
{
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        let (proof, run) = find(tx, &actor, id, VIEW, now)?;
        let looks = Looks::read(tx)?;
        let (lines, goes_on) = lines(tx, &actor, &run, &looks)?;
        Ok(List {
            mine: execution::count(tx, &run, &filter(&actor, &looks, Show::Mine))?,
            unfinished: execution::count(tx, &run, &filter(&actor, &looks, Show::Unfinished))?,
            latest: execution::latest(tx, &run)?,
            may: may(&proof, &run),
            run,
            looks,
            lines,
            goes_on,
        })
    })
    .await
}

/// The latest result of every test of a run that has one.
pub async fn latest_results(app: &App, actor: &Actor, id: RunId) -> Result<Vec<RunResult>> {
    let filter = result::Filter {
        only_latest: true,
        ..result::Filter::default()
    };
    let all = PageRequest {
        page: 1,
        per_page: i64::from(i32::MAX),
    };
    Ok(results::page(app, actor, id, &filter, all).await?.0.rows)
}

/// The fields that results of a run have, as far as the caller may look at them.
pub async fn fields(app: &App, actor: &Actor, id: RunId) -> Result<Vec<Field>> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        let (proof, _) = find(tx, &actor, id, VIEW, now)?;
        Ok(Schema::load(tx, &proof, Entity::RunResult)?.fields)
    })
    .await
}

/// One test of a run; [`Error::NotFound`] when the run has no such test.
pub async fn open(app: &App, actor: &Actor, id: RunId, test: TestId) -> Result<Open> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        let (proof, run) = find(tx, &actor, id, VIEW, now)?;
        let looks = Looks::read(tx)?;
        let execution::Open { line, mut content } =
            execution::open(tx, &run, test)?.ok_or(Error::NotFound)?;
        let schema = Schema::load(tx, &proof, Entity::Case)?;
        let values = fill(&mut content, line.test.data_row);
        content.retain(|name, _| {
            name.strip_prefix(PREFIX)
                .is_none_or(|name| schema.fields.iter().any(|f| f.system_name == name))
        });
        let wants_closed = proof.rights().has(closed(Action::View));
        let first = PageRequest {
            page: 1,
            per_page: PAST,
        };
        let mut results = result::of_case(tx, &proof, line.test.case_id, wants_closed, first)?.rows;
        results.retain(|r| r.deleted_at.is_none());
        let mut ids: Vec<i64> = results.iter().map(|r| r.run_id.0).collect();
        ids.dedup();
        let files = files(tx, &proof, &run, &results)?;
        Ok(Open {
            runs: run::get_many(tx, &proof, &ids)?,
            next: next(tx, &actor, &run, &looks, &line)?,
            line,
            content,
            values,
            schema,
            fields: Schema::load(tx, &proof, Entity::RunResult)?.fields,
            results,
            files,
        })
    })
    .await
}

/// Puts the values of a row of data into all texts; what these values are.
fn fill(content: &mut Map<String, Value>, row: Option<i64>) -> Vec<(String, String)> {
    fn into(value: &mut Value, values: &[(&str, &str)]) {
        match value {
            Value::String(text) => *text = data_set::filled(text, values),
            Value::Array(all) => all.iter_mut().for_each(|v| into(v, values)),
            Value::Object(all) => all.values_mut().for_each(|v| into(v, values)),
            _ => {}
        }
    }
    let set = content
        .remove("data_set")
        .and_then(|set| serde_json::from_value(set).ok());
    let set: DataSet = set.unwrap_or_default();
    let values = row.and_then(|row| set.values(row)).unwrap_or_default();
    let texts = content.iter_mut().filter(|(name, _)| name.starts_with(PREFIX));
    texts.for_each(|(_, value)| into(value, &values));
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    values.iter().map(owned).collect()
}

/// Files of results of this run.
fn files(
    tx: &mut Tx<'_>,
    proof: &Proof,
    run: &Run,
    results: &[RunResult],
) -> Result<Vec<(ResultId, Attachment)>> {
    let mut all = Vec::new();
    for result in results.iter().filter(|r| r.run_id == run.id) {
        let first = PageRequest {
            page: 1,
            per_page: FILES,
        };
        let owner = Owner::Result(run.id, result.id);
        let found = attachment::page(tx, proof, owner, &attachment::Filter::default(), first)?;
        all.extend(found.rows.into_iter().map(|file| (result.id, file)));
    }
    Ok(all)
}

fn next(tx: &mut Tx<'_>, actor: &Actor, run: &Run, looks: &Looks, line: &Line) -> Result<Option<TestId>> {
    let open = filter(actor, looks, Show::Unfinished);
    for after in [line.position, 0] {
        let found = execution::part(tx, run, &open, after, 2)?;
        if let Some(found) = found.into_iter().find(|l| l.test.id != line.test.id) {
            return Ok(Some(found.test.id));
        }
    }
    Ok(None)
}
