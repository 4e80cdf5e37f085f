//! Removes results that are older than they are kept: in small pieces with long rests between them, so that who sends results
//! at the same time hardly waits. Of several servers, the one that holds the lease does it; a run that was begun is finished by
//! whoever comes next.

use super::retention::of_instance;
use super::runs::by_system;
use crate::{App, Result};
use model::clock::MINUTE;
use model::retention::{Rule, cutoff};
use model::{AutomationRunId, SourceId, Timestamp};
use std::time::{Duration, Instant};
use store::automation::retention::remove::{self, Step, What};
use store::automation::run;

/// Tests, or files, that one transaction removes.
const PIECE: i64 = 500;
/// Runs that are looked for at a time.
const RUNS: i64 = 100;
/// The lease of who removes, and how long it lasts without being renewed.
const LEASE_NAME: &str = "retention";
const LEASE: i64 = 10 * MINUTE;
/// A rest is so many times as long as the piece before it took.
const RESTS: u32 = 15;
/// Longest rest.
const REST_MAX: Duration = Duration::from_secs(2);

/// What was removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Removed {
    /// Runs that lost their output and files.
    pub outputs: usize,
    /// Runs that lost their tests too.
    pub runs: usize,
}

/// How the work on a run ended.
enum Ended {
    /// All of it is done.
    Done,
    /// It stays after all: it was pinned, or its milestone was opened.
    Stays,
    /// Somebody else removes, or nobody may go on.
    Stopped,
}

/// Removes everything that is too old now, for as long as `goes_on` says so.
pub async fn remove_old(app: &App, holder: &str, goes_on: impl Fn() -> bool) -> Result<Removed> {
    let now = app.now();
    let (instance, sources) = app
        .read(move |tx| Ok((of_instance(tx)?.in_force, remove::sources(tx)?)))
        .await?;
    let mut removed = Removed::default();
    for (source, keep) in sources {
        let work = Work {
            app,
            holder,
            goes_on: &goes_on,
            now,
        };
        if !work.source(source, keep.over(instance), &mut removed).await? {
            break;
        }
    }
    let holder = holder.to_owned();
    app.write(move |tx| Ok(store::lease::give_back(tx, LEASE_NAME, &holder)?))
        .await?;
    if removed != Removed::default() {
        let Removed { outputs, runs } = removed;
        tracing::info!(outputs, runs, "removed old results");
    }
    Ok(removed)
}

struct Work<'a, G> {
    app: &'a App,
    holder: &'a str,
    goes_on: &'a G,
    now: Timestamp,
}

impl<G: Fn() -> bool> Work<'_, G> {
    /// False: not to be gone on with.
    async fn source(&self, source: SourceId, rule: Rule, removed: &mut Removed) -> Result<bool> {
        for (what, days) in [(What::Tests, rule.tests_days), (What::Output, rule.output_days)] {
            let Some(before) = cutoff(days, self.now) else {
                continue;
            };
            loop {
                let old = self
                    .app
                    .read(move |tx| Ok(remove::old(tx, source, what, before, RUNS)?))
                    .await?;
                let (found, done) = (old.len(), *removed);
                for run in old {
                    match self.run(run, what, before).await? {
                        Ended::Stopped => return Ok(false),
                        Ended::Stays => {}
                        Ended::Done if what == What::Tests => removed.runs += 1,
                        Ended::Done => removed.outputs += 1,
                    }
                }
                if i64::try_from(found).is_ok_and(|n| n < RUNS) || done == *removed {
                    break;
                }
            }
        }
        Ok(true)
    }

    async fn run(&self, run: AutomationRunId, what: What, before: Timestamp) -> Result<Ended> {
        let mut step = Step::Tests(0);
        while (self.goes_on)() {
            let began = Instant::now();
            let (holder, from) = (self.holder.to_owned(), step);
            let now = self.app.now();
            let next = self
                .app
                .write(move |tx| {
                    if !store::lease::take(tx, LEASE_NAME, &holder, now, now.plus(LEASE))? {
                        return Ok(Err(Ended::Stopped));
                    }
                    if !remove::may_go(tx, run, what, before)? {
                        return Ok(Err(Ended::Stays));
                    }
                    let next = remove::piece(tx, run, what, from, PIECE, now)?;
                    if next == Step::Done {
                        finish(tx, run, what, now)?;
                    }
                    Ok(Ok(next))
                })
                .await?;
            match next {
                Err(ended) => return Ok(ended),
                Ok(Step::Done) => return Ok(Ended::Done),
                Ok(next) => step = next,
            }
            tokio::time::sleep((began.elapsed() * RESTS).min(REST_MAX)).await;
        }
        Ok(Ended::Stopped)
    }
}

/// Says in the audit log what was done.
fn finish(tx: &mut store::Tx<'_>, id: AutomationRunId, what: What, now: Timestamp) -> Result<()> {
    let action = match what {
        What::Output => "automation_run.output_removed",
        What::Tests => "automation_run.tests_removed",
    };
    if let Some(run) = run::get_for_job(tx, id)? {
        store::audit::insert(tx, &by_system(action, &run, now))?;
    }
    Ok(())
}
