//! Parts of runs: jobs that share one run, which they find by a key.

use super::dto::{RunIn, ThreadIn};
use super::input::Input;
use crate::context::{Cx, Outcome, Reply};
use crate::envelope::{Counters, PageOf};
use crate::wire::Whole;
use app::automation;
use app::automation::parts::{self, Begun, Ended, NewPart};
use app::{Error, FieldError};
use model::Timestamp;
use model::status::Statuses;
use serde::{Deserialize, Serialize};
use store::automation::part::{Part, Superseded};
use store::automation::thread::Thread;

/// Most characters of a run key and of the name of a part.
pub(crate) const NAME_MAX: usize = 200;
/// Most parts that a run may wait for.
pub(crate) const PARTS_MAX: i64 = 10_000;

#[derive(Deserialize)]
struct PartIn {
    run_key: Option<String>,
    part: Option<String>,
    #[serde(flatten)]
    run: RunIn,
    thread: Option<ThreadIn>,
}

#[derive(Deserialize, Default)]
struct CompleteIn {
    parts: Option<Whole>,
}

#[derive(Serialize)]
struct BegunOut {
    run_id: i64,
    thread_id: i64,
    attempt: i64,
}

#[derive(Serialize)]
struct EndedOut {
    run_id: i64,
    parts_completed: i64,
    is_completed: bool,
}

fn begun(b: &Begun) -> (u16, String) {
    let out = BegunOut {
        run_id: b.run.0,
        thread_id: b.thread.0,
        attempt: b.attempt,
    };
    (201, serde_json::to_string(&out).unwrap_or_default())
}

fn ended(e: &Ended) -> (u16, String) {
    let out = EndedOut {
        run_id: e.run.0,
        parts_completed: e.completed,
        is_completed: e.run_is_completed,
    };
    (200, serde_json::to_string(&out).unwrap_or_default())
}

/// Finds the run of a key or makes it, and begins a part of it.
pub(crate) async fn begin(cx: Cx) -> Outcome {
    let body: PartIn = cx.json()?;
    let mut input = Input::default();
    let run_key = input.name("run_key", body.run_key, NAME_MAX);
    let part = input.name("part", body.part, NAME_MAX);
    let run = input.run(body.run);
    let thread = input.inside("thread", |input| input.thread(body.thread.unwrap_or_default()));
    input.finish()?;
    let new = NewPart {
        run_key,
        part,
        run,
        thread,
    };
    let claim = cx.claim()?;
    Reply::once(
        parts::begin(&cx.app, &cx.actor, cx.project()?, new, claim, begun).await?,
        begun,
    )
}

/// Completes a part, and its run with the last one.
pub(crate) async fn complete(cx: Cx) -> Outcome {
    let body: CompleteIn = cx.json()?;
    let parts = body.parts.map(|parts| parts.0);
    if parts.is_some_and(|parts| !(1..=PARTS_MAX).contains(&parts)) {
        let text = format!("The parts field must be 1 to {PARTS_MAX}.");
        return Err(Error::Invalid(vec![FieldError::new("parts".to_owned(), text)]));
    }
    let claim = cx.claim()?;
    Reply::once(
        parts::complete(&cx.app, &cx.actor, cx.thread()?, parts, claim, ended).await?,
        ended,
    )
}

#[derive(Serialize)]
struct AttemptRow<'a> {
    part: &'a str,
    attempt: i64,
    thread_id: i64,
    is_completed: bool,
    is_superseded: bool,
    elapsed: Option<i64>,
    #[serde(flatten)]
    counters: Counters<'a>,
    created_at: Timestamp,
    completed_at: Option<Timestamp>,
    superseded_at: Option<Timestamp>,
}

fn attempt_row<'a>((part, thread): &'a (Part, Thread), statuses: &'a Statuses) -> AttemptRow<'a> {
    AttemptRow {
        part: &part.part,
        attempt: part.attempt,
        thread_id: part.thread_id.0,
        is_completed: part.is_completed,
        is_superseded: part.superseded_at.is_some(),
        elapsed: thread.elapsed(),
        counters: Counters {
            counts: &thread.counts,
            statuses,
        },
        created_at: thread.created_at,
        completed_at: thread.completed_at,
        superseded_at: part.superseded_at,
    }
}

#[derive(Serialize)]
struct PartsOut<'a> {
    run_key: Option<&'a str>,
    result: Vec<AttemptRow<'a>>,
}

/// All attempts of the parts of a run.
pub(crate) async fn list(cx: Cx) -> Outcome {
    cx.params.check()?;
    let found = parts::list(&cx.app, &cx.actor, cx.run()?).await?;
    let statuses = automation::statuses(&cx.app).await?;
    Reply::ok(&PartsOut {
        run_key: found.run_key.as_deref(),
        result: found
            .attempts
            .iter()
            .map(|attempt| attempt_row(attempt, &statuses))
            .collect(),
    })
}

#[derive(Serialize)]
struct ResultRow {
    id: i64,
    key: String,
    name: String,
    folder: String,
    status: i64,
    status_id: i64,
    elapsed: Option<i64>,
    created_at: Timestamp,
}

impl From<Superseded> for ResultRow {
    fn from(test: Superseded) -> ResultRow {
        ResultRow {
            id: test.id.0,
            key: test.key,
            name: test.name,
            folder: test.folder,
            status: test.outcome.number(),
            status_id: test.status_id,
            elapsed: test.elapsed,
            created_at: test.created_at,
        }
    }
}

/// The tests of an attempt that no longer counts.
pub(crate) async fn results(cx: Cx) -> Outcome {
    let request = cx.params.page_of(|n| (100..=1000).contains(&n), "100 to 1000");
    cx.params.check()?;
    let page = parts::results(&cx.app, &cx.actor, cx.thread()?, request).await?;
    Reply::ok(&PageOf::bare(page.map(ResultRow::from)))
}
