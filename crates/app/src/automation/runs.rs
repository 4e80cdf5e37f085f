//! Automation runs: made, filled through threads, completed; or closed when nothing comes any more.

use super::{COMPLETE, EDIT, VIEW};
use crate::once::{Answer, Claim};
use crate::{Actor, App, Error, Result};
use model::automation::Outcome;
use model::clock::DAY;
use model::page::{Page, PageRequest};
use model::status::Statuses;
use model::{AutomationRunId, ProjectId, Right, Timestamp, UserId};
use store::Tx;
use store::access::{Proof, Target};
use store::audit::Entry;
use store::automation::part::Part;
use store::automation::run::{self, Completion, Filter, Run};
use store::automation::source::outcome;
use store::automation::thread::{self, Elapsed, Thread};
use store::automation::{Additions, named, part};

/// So long after it was closed as incomplete a run is opened again by a late append.
const LATE: i64 = 7 * DAY;
/// Runs that one round of the job closes at most.
const BATCH: i64 = 100;

/// A run with its threads.
#[derive(Debug, Clone)]
pub struct Whole {
    /// The run.
    pub run: Run,
    /// Its threads in their order.
    pub threads: Vec<Thread>,
    /// Which of them are attempts of parts; only of a single run.
    pub parts: Vec<Part>,
}

/// A run to be made. Ids win over names.
#[derive(Debug, Clone, Default)]
pub struct NewRun {
    /// Its name.
    pub name: String,
    /// The source's name; made when it is unknown.
    pub source: String,
    /// Configuration by id.
    pub config_id: Option<i64>,
    /// Configuration by name.
    pub config: Option<String>,
    /// Milestone by id.
    pub milestone_id: Option<i64>,
    /// Milestone by name.
    pub milestone: Option<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// Fields, artifacts and links.
    pub additions: Additions,
}

/// One page of the runs of a project.
pub async fn page(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    filter: &Filter,
    request: PageRequest,
) -> Result<Page<Run>> {
    let (actor, filter, now) = (actor.clone(), filter.clone(), app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::Project(project), VIEW, now)?;
        Ok(run::page(tx, &proof, &filter, request)?)
    })
    .await
}

/// One page of the runs of a project, each with its threads.
pub async fn page_with_threads(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    filter: &Filter,
    request: PageRequest,
) -> Result<Page<Whole>> {
    let (actor, filter, now) = (actor.clone(), filter.clone(), app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::Project(project), VIEW, now)?;
        let page = run::page(tx, &proof, &filter, request)?;
        let ids: Vec<AutomationRunId> = page.rows.iter().map(|r| r.id).collect();
        let mut threads = thread::of_runs(tx, &ids)?;
        Ok(page.map(|run| {
            let (mine, others) = std::mem::take(&mut threads)
                .into_iter()
                .partition(|t| t.run_id == run.id);
            threads = others;
            Whole {
                run,
                threads: mine,
                parts: vec![],
            }
        }))
    })
    .await
}

/// One run with its threads.
pub async fn get(app: &App, actor: &Actor, id: AutomationRunId) -> Result<Whole> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::AutomationRun(id), VIEW, now)?;
        let run = run::get(tx, &proof, id)?.ok_or(Error::NotFound)?;
        Ok(Whole {
            threads: thread::of_run(tx, id)?,
            parts: part::of_run(tx, id)?,
            run,
        })
    })
    .await
}

/// Makes an open run. [`Error::Invalid`] for a configuration or milestone that the project does not have.
pub async fn create(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    new: NewRun,
    claim: Option<Claim>,
    render: fn(&AutomationRunId) -> (u16, String),
) -> Result<Answer<AutomationRunId>> {
    let (actor, now) = (actor.clone(), app.now());
    app.write_once(claim, render, move |tx| {
        let proof = actor.require(tx, Target::Project(project), EDIT, now)?;
        make(tx, &actor, &proof, &new, now)
    })
    .await
}

/// Makes an open run in a transaction of the caller, with its rows of the audit log.
pub(super) fn make(
    tx: &mut Tx<'_>,
    actor: &Actor,
    proof: &Proof,
    new: &NewRun,
    now: Timestamp,
) -> Result<AutomationRunId> {
    let project = proof.project();
    let row = resolve(tx, proof, new)?;
    let (id, source_id, source_is_new) = run::insert(tx, proof, &row, now)?;
    if source_is_new {
        let entry = actor.entry("automation_source.created", "automation_source", now);
        store::audit::insert(
            tx,
            &Entry {
                project_id: Some(project),
                target_id: Some(source_id.0),
                target_name: Some(row.source.clone()),
                ..entry
            },
        )?;
    }
    store::audit::insert(
        tx,
        &entry(actor, "automation_run.created", project, id, &row.name, now),
    )?;
    Ok(id)
}

/// Finds what the run names, and the milestone that wants one of its tags unless one was given.
fn resolve(tx: &mut Tx<'_>, proof: &Proof, new: &NewRun) -> Result<run::NewRun> {
    let unknown = |field: &str, what: &str| {
        Error::field(
            field,
            format!("There is no such {what} in this project. Look at its name or id, or leave it out."),
        )
    };
    let config_id = match (new.config_id, &new.config) {
        (None, None) => None,
        (id, name) => {
            let found = named::config(tx, proof, id, name.as_deref().unwrap_or_default())?;
            let field = if id.is_some() { "config_id" } else { "config" };
            Some(found.ok_or_else(|| unknown(field, "configuration"))?)
        }
    };
    let milestone_id = match (new.milestone_id, &new.milestone) {
        (None, None) => named::milestone_by_tags(tx, proof, &new.tags)?,
        (id, name) => {
            let found = named::milestone(tx, proof, id, name.as_deref().unwrap_or_default())?;
            let field = if id.is_some() { "milestone_id" } else { "milestone" };
            Some(found.ok_or_else(|| unknown(field, "milestone"))?)
        }
    };
    Ok(run::NewRun {
        name: new.name.clone(),
        source: new.source.clone(),
        config_id,
        milestone_id,
        tags: new.tags.clone(),
        additions: new.additions.clone(),
    })
}

/// Appends fields, artifacts and links to an open run.
pub async fn append(
    app: &App,
    actor: &Actor,
    id: AutomationRunId,
    more: Additions,
    claim: Option<Claim>,
    render: fn(&()) -> (u16, String),
) -> Result<Answer<()>> {
    let (actor, now) = (actor.clone(), app.now());
    app.write_once(claim, render, move |tx| {
        let (proof, run) = open(tx, &actor, id, EDIT, now)?;
        Ok(run::add(tx, &proof, &run, &more, now)?)
    })
    .await
}

/// Completes a run and its open threads. With `measure` the run took from its making until now, else as long as its
/// longest thread.
pub async fn complete(
    app: &App,
    actor: &Actor,
    id: AutomationRunId,
    measure: bool,
    claim: Option<Claim>,
    render: fn(&()) -> (u16, String),
) -> Result<Answer<()>> {
    let (actor, now) = (actor.clone(), app.now());
    app.write_once(claim, render, move |tx| {
        let (_, run) = open(tx, &actor, id, COMPLETE, now)?;
        let elapsed = measure.then(|| now.since(run.created_at));
        let project = run.project_id;
        close(tx, &run, elapsed, Some(actor.user.id), now)?;
        Ok(store::audit::insert(
            tx,
            &entry(&actor, "automation_run.completed", project, id, &run.name, now),
        )?)
    })
    .await
}

/// The run, held until the transaction ends, and open: one that was closed as incomplete within the last seven days is
/// opened again.
pub(super) fn open(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: AutomationRunId,
    right: Right,
    now: Timestamp,
) -> Result<(Proof, Run)> {
    let proof = actor.require(tx, Target::AutomationRun(id), right, now)?;
    let run = held(tx, actor, &proof, id, now)?;
    Ok((proof, run))
}

/// The run as [`open`] gives it to somebody who has the right.
pub(super) fn held(
    tx: &mut Tx<'_>,
    actor: &Actor,
    proof: &Proof,
    id: AutomationRunId,
    now: Timestamp,
) -> Result<Run> {
    let run = run::get_locked(tx, proof, id)?.ok_or(Error::NotFound)?;
    if !run.is_completed {
        return Ok(run);
    }
    let is_late = run.is_incomplete && run.completed_at.is_some_and(|at| now.since(at) <= LATE);
    if !is_late {
        return Err(Error::field(
            "automation_run_id",
            "This automation run is completed. Make a new run.",
        ));
    }
    reopen(tx, actor, proof, &run, now)
}

/// The run of a part that begins, held and open: one that was completed within the last seven days is opened again,
/// because its jobs may be repeated.
pub(super) fn held_for_part(
    tx: &mut Tx<'_>,
    actor: &Actor,
    proof: &Proof,
    id: AutomationRunId,
    now: Timestamp,
) -> Result<Run> {
    let run = run::get_locked(tx, proof, id)?.ok_or(Error::NotFound)?;
    if !run.is_completed {
        return Ok(run);
    }
    if run.completed_at.is_none_or(|at| now.since(at) > LATE) {
        return Err(Error::field(
            "run_key",
            "The automation run of this key was completed more than 7 days ago. Use another key.",
        ));
    }
    reopen(tx, actor, proof, &run, now)
}

fn reopen(tx: &mut Tx<'_>, actor: &Actor, proof: &Proof, run: &Run, now: Timestamp) -> Result<Run> {
    run::reopen(tx, run, now)?;
    let entry = entry(
        actor,
        "automation_run.reopened",
        run.project_id,
        run.id,
        &run.name,
        now,
    );
    store::audit::insert(tx, &entry)?;
    run::get(tx, proof, run.id)?.ok_or(Error::NotFound)
}

/// Completes a run that is held. By nobody: it is incomplete, which never counts as success.
pub(super) fn close(
    tx: &mut Tx<'_>,
    run: &Run,
    measured: Option<i64>,
    by: Option<UserId>,
    now: Timestamp,
) -> Result<()> {
    let statuses = store::status::all(tx)?;
    let threads = thread::of_run(tx, run.id)?;
    for open in threads.iter().filter(|t| !t.is_completed) {
        let status = ending(&statuses, &open.counts, by);
        thread::complete(tx, open, status, Elapsed::default(), by, now)?;
    }
    let replaced = part::of_run(tx, run.id)?;
    let is_replaced = |t: &Thread| {
        replaced
            .iter()
            .any(|p| p.thread_id == t.id && p.superseded_at.is_some())
    };
    let longest = threads
        .iter()
        .filter(|t| !is_replaced(t))
        .filter_map(Thread::elapsed)
        .max();
    let completion = Completion {
        status: ending(&statuses, &run.counts, by),
        elapsed: measured.or(longest),
        is_incomplete: by.is_none(),
        by,
    };
    Ok(run::complete(tx, run, &completion, now)?)
}

/// How a run or thread ends that somebody, or nobody, completes.
pub(super) fn ending(statuses: &Statuses, counts: &model::status::Counts, by: Option<UserId>) -> Outcome {
    if by.is_none() {
        Outcome::Failure
    } else {
        outcome(statuses.derive(counts))
    }
}

/// Closes runs to which nothing was added for as long as their project allows; how many.
pub async fn close_abandoned(app: &App) -> Result<usize> {
    let now = app.now();
    let ids = app.read(move |tx| Ok(run::abandoned(tx, now, BATCH)?)).await?;
    for id in &ids {
        let id = *id;
        app.write(move |tx| {
            let Some(run) = run::get_for_job(tx, id)?.filter(|r| !r.is_completed) else {
                return Ok(());
            };
            close(tx, &run, None, None, now)?;
            Ok(store::audit::insert(
                tx,
                &by_system("automation_run.closed_as_incomplete", &run, now),
            )?)
        })
        .await?;
    }
    Ok(ids.len())
}

/// The audit row of something that a job did to a run.
pub(super) fn by_system(action: &str, run: &Run, now: Timestamp) -> Entry {
    Entry {
        at: now,
        actor_id: None,
        actor_name: "Attest".to_owned(),
        via: "system".to_owned(),
        via_id: None,
        ip: None,
        request_id: None,
        action: action.to_owned(),
        project_id: Some(run.project_id),
        target_kind: "automation_run".to_owned(),
        target_id: Some(run.id.0),
        target_name: Some(run.name.clone()),
        detail: None,
    }
}

/// The audit row of something done to a run.
pub(super) fn entry(
    actor: &Actor,
    action: &str,
    project: ProjectId,
    id: AutomationRunId,
    name: &str,
    now: Timestamp,
) -> Entry {
    let entry = actor.entry(action, "automation_run", now);
    Entry {
        project_id: Some(project),
        target_id: Some(id.0),
        target_name: Some(name.to_owned()),
        ..entry
    }
}
