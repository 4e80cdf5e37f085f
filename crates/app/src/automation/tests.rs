//! Tests of automation runs: one result each.

use super::VIEW;
use crate::{Actor, App, Error, Result};
use model::automation::Outcome;
use model::page::{Page, PageRequest};
use model::{AutomationRunId, AutomationTestId};
use store::Tx;
use store::access::Target;
use store::automation::run::{self, Run};
use store::automation::test::{self, Cursor, Details, Filter, Past, Test};

/// Earlier results that a test is shown with.
const HISTORY: i64 = 30;

/// A result with all that belongs to it.
#[derive(Debug, Clone)]
pub struct Whole {
    /// The result.
    pub test: Test,
    /// Messages, output, properties and artifacts.
    pub details: Details,
    /// The last results of the same test up to this one, newest first.
    pub history: Vec<Past>,
}

/// One page of the tests of a run.
pub async fn page(
    app: &App,
    actor: &Actor,
    id: AutomationRunId,
    filter: &Filter,
    request: PageRequest,
) -> Result<Page<Test>> {
    let filter = filter.clone();
    in_run(app, actor, id, move |tx, run| {
        Ok(test::page(tx, run, &filter, request)?)
    })
    .await
}

/// The next `most` tests of a run from a place on, failures first, and the place after them.
pub async fn failures_first(
    app: &App,
    actor: &Actor,
    id: AutomationRunId,
    from: Cursor,
    most: i64,
) -> Result<(Vec<Test>, Option<Cursor>)> {
    in_run(app, actor, id, move |tx, run| {
        Ok(test::failures_first(tx, run.id, from, most)?)
    })
    .await
}

/// The next `most` tests of one outcome after a test.
pub async fn group(
    app: &App,
    actor: &Actor,
    id: AutomationRunId,
    group: Outcome,
    after: i64,
    most: i64,
) -> Result<Vec<Test>> {
    in_run(app, actor, id, move |tx, run| {
        Ok(test::group_after(tx, run.id, group, after, most)?)
    })
    .await
}

/// The first `most` failures of a run with their messages.
pub async fn failed(
    app: &App,
    actor: &Actor,
    id: AutomationRunId,
    most: i64,
) -> Result<Vec<(Test, Details)>> {
    in_run(app, actor, id, move |tx, run| {
        let tests = test::group_after(tx, run.id, Outcome::Failure, 0, most)?;
        tests
            .into_iter()
            .map(|t| {
                let details = test::details(tx, t.id)?;
                Ok((t, details))
            })
            .collect()
    })
    .await
}

/// One test of a run.
pub async fn get(app: &App, actor: &Actor, run: AutomationRunId, id: AutomationTestId) -> Result<Whole> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::AutomationRun(run), VIEW, now)?;
        let found = test::get(tx, &proof, run, id)?.ok_or(Error::NotFound)?;
        Ok(Whole {
            details: test::details(tx, id)?,
            history: test::history(tx, &found, HISTORY)?,
            test: found,
        })
    })
    .await
}

async fn in_run<T, F>(app: &App, actor: &Actor, id: AutomationRunId, f: F) -> Result<T>
where
    F: Fn(&mut Tx<'_>, &Run) -> Result<T> + Send + 'static,
    T: Send + 'static,
{
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::AutomationRun(id), VIEW, now)?;
        let run = run::get(tx, &proof, id)?.ok_or(Error::NotFound)?;
        f(tx, &run)
    })
    .await
}
