//! Sending: the steps of a submit, each of which is done once however often it is tried.

use std::collections::BTreeSet;
use std::io;

use client::automation_parts::NewPart;
use client::automation_runs::NewRun;
use client::automation_threads::{Batch, NewThread};
use client::{Client, PageSize, RequestKey};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use reports::Lines;
use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;

use super::counts::{Counts, FirstFailed};
use crate::automation::failure::Failure;
use crate::automation::results::BATCH;
use crate::automation::say::Say;

/// A submit on its way. What was done already is noted, so that it can go on later.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Shipment {
    /// Address of the instance.
    pub(super) instance: String,
    pub(super) proxy: Option<String>,
    /// Project, by name or id.
    pub(super) project: String,
    pub(super) new: NewRun,
    pub(super) thread: NewThread,
    pub(super) part: Option<PartOf>,
    pub(super) counts: Counts,
    /// The keys of its requests are parts of this one.
    key: RequestKey,
    #[serde(default)]
    pub(super) done: Done,
    /// When it was kept to be sent later, in microseconds since 1970.
    #[serde(default)]
    pub(super) kept_at: i64,
}

/// Which part of which run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct PartOf {
    pub(super) run_key: String,
    pub(super) part: String,
    pub(super) parts: Option<u32>,
}

/// What the instance has said so far.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Done {
    pub(super) project: Option<i64>,
    pub(super) run: Option<i64>,
    thread: Option<i64>,
    /// Batches that are there, counted from 1.
    batches: BTreeSet<u64>,
    pub(super) is_completed: bool,
}

/// So long, in microseconds, the keys of requests are surely known: a day less than Attest keeps
/// its answers.
const KEYS_KNOWN: i64 = 6 * model::clock::DAY;

/// Numbers of requests beside those of batches, as parts of the shipment's key.
const CREATE_RUN: u64 = 1 << 40;
const CREATE_THREAD: u64 = CREATE_RUN + 1;
const COMPLETE: u64 = CREATE_RUN + 2;

impl Shipment {
    pub(super) fn new(instance: String, proxy: Option<String>, project: String) -> Result<Shipment, Failure> {
        Ok(Shipment {
            instance,
            proxy,
            project,
            new: NewRun::default(),
            thread: NewThread::default(),
            part: None,
            counts: Counts::default(),
            key: crate::automation::key()?,
            done: Done::default(),
            kept_at: 0,
        })
    }

    /// Makes ready what was kept until `now`. A part is sent anew, since it replaces what it sent before. Otherwise it
    /// goes on where it was, as long as the server knows the keys of what it has done; after that the results go to a
    /// run of their own, and the earlier one, whose number is given, stays incomplete.
    pub(super) fn resume(&mut self, now: i64) -> Result<Option<i64>, Failure> {
        let is_old = now.saturating_sub(self.kept_at) > KEYS_KNOWN;
        if self.done.run.is_none() || (self.part.is_none() && !is_old) {
            return Ok(None);
        }
        let left = self.done.run.filter(|_| self.part.is_none());
        self.key = crate::automation::key()?;
        self.done = Done {
            project: self.done.project,
            ..Done::default()
        };
        Ok(left)
    }

    /// The page of the run.
    pub(super) fn url(&self) -> String {
        let run = self.done.run.unwrap_or_default();
        format!(
            "{}/automation/runs/view/{run}",
            self.instance.trim_end_matches('/')
        )
    }

    /// Sends all that is not there yet.
    pub(super) async fn send(
        &mut self,
        client: &Client,
        lines: &mut Lines,
        parallel: u8,
        say: Say,
    ) -> Result<FirstFailed, Failure> {
        let (run, thread) = self.open(client, say).await?;
        say.line("Sending tests to the instance ..");
        let sent = self.send_tests(client, thread, lines, parallel, say).await;
        let failed = sent.map_err(|failure| self.advised(failure, run))?;
        let closed = self.close(client, run, thread).await;
        closed.map_err(|failure| self.advised(failure, run))?;
        Ok(failed)
    }

    /// Adds what becomes of the run.
    fn advised(&self, failure: Failure, run: i64) -> Failure {
        match &self.part {
            None => failure.in_run(run),
            Some(_) => failure.and(format_args!(
                "Run again, the command replaces what this part of the run (ID: {run}) had sent"
            )),
        }
    }

    async fn open(&mut self, client: &Client, say: Say) -> Result<(i64, i64), Failure> {
        let project = match self.done.project {
            Some(project) => project,
            None => project_id(client, &self.project).await?,
        };
        self.done.project = Some(project);
        if let (Some(run), Some(thread)) = (self.done.run, self.done.thread) {
            return Ok((run, thread));
        }
        if let Some(part) = &self.part {
            let new = NewPart {
                run_key: part.run_key.clone(),
                part: part.part.clone(),
                run: self.new.clone(),
                thread: self.thread.clone(),
            };
            let begun = client
                .begin_automation_part(project, &new, &self.key.part(CREATE_RUN))
                .await
                .map_err(needs_attest)?;
            say.line(format_args!(
                "Sending part {:?} of the run {:?} (ID: {}, attempt {})",
                part.part, part.run_key, begun.run_id, begun.attempt
            ));
            (self.done.run, self.done.thread) = (Some(begun.run_id), Some(begun.thread_id));
            return Ok((begun.run_id, begun.thread_id));
        }
        let run = match self.done.run {
            Some(run) => run,
            None => {
                let key = self.key.part(CREATE_RUN);
                let run = client.create_automation_run(project, &self.new, &key).await?;
                say.line(format_args!("Created new test automation run (ID: {run})"));
                run
            }
        };
        self.done.run = Some(run);
        let key = self.key.part(CREATE_THREAD);
        let thread = client.create_automation_thread(run, &self.thread, &key).await;
        let thread = thread.map_err(|error| Failure::from(error).in_run(run))?;
        self.done.thread = Some(thread);
        Ok((run, thread))
    }

    /// Sends the batches that are not there yet, a few at once; all that are under way end before a failure is told.
    async fn send_tests(
        &mut self,
        client: &Client,
        thread: i64,
        lines: &mut Lines,
        parallel: u8,
        say: Say,
    ) -> Result<FirstFailed, Failure> {
        lines.rewind().map_err(lost)?;
        let progress = progress(self.counts.tests, say);
        let (mut failed, mut running, mut number) = (FirstFailed::default(), JoinSet::new(), 0);
        let mut outcome = Ok(());
        loop {
            let batch = next_batch(lines, &mut failed).map_err(lost)?;
            if batch.is_empty() {
                break;
            }
            number += 1;
            let tests = batch.len() as u64;
            if self.done.batches.contains(&number) {
                progress.inc(tests);
                continue;
            }
            if running.len() >= usize::from(parallel) {
                outcome = self.note(running.join_next().await, &progress);
                if outcome.is_err() {
                    break;
                }
            }
            let (client, key) = (client.clone(), self.key.part(number));
            running.spawn(async move {
                let sent = client.append_to_automation_thread(thread, batch, &key).await;
                (number, tests, sent)
            });
        }
        while let Some(ended) = running.join_next().await {
            outcome = outcome.and(self.note(Some(ended), &progress));
        }
        progress.finish_and_clear();
        outcome.map(|()| failed)
    }

    fn note(&mut self, ended: Option<Ended>, progress: &ProgressBar) -> Result<(), Failure> {
        let Some(ended) = ended else { return Ok(()) };
        let (number, tests, sent) = ended.map_err(|error| Failure::sentence(&error))?;
        sent?;
        self.done.batches.insert(number);
        progress.inc(tests);
        Ok(())
    }

    async fn close(&mut self, client: &Client, run: i64, thread: i64) -> Result<(), Failure> {
        let key = self.key.part(COMPLETE);
        match &self.part {
            Some(part) => {
                let ended = client.complete_automation_part(thread, part.parts, &key).await?;
                self.done.is_completed = ended.is_completed;
            }
            None => {
                client.complete_automation_run(run, false, &key).await?;
                self.done.is_completed = true;
            }
        }
        Ok(())
    }
}

type Ended = Result<(u64, u64, Result<(), client::Error>), tokio::task::JoinError>;

/// Only Attest knows run keys.
fn needs_attest(error: client::Error) -> Failure {
    let is_unknown = matches!(
        error,
        client::Error::NotTheProduct { .. } | client::Error::NotFound(_) | client::Error::Unexpected(_)
    );
    let failure = Failure::from(error);
    if is_unknown {
        failure.and("Run keys need Attest; without --run-key and --parts it works with any instance")
    } else {
        failure
    }
}

fn lost(error: io::Error) -> Failure {
    Failure::new(format!("Cannot read the tests that were kept: {error}"))
}

fn next_batch(lines: &mut Lines, failed: &mut FirstFailed) -> io::Result<Batch> {
    let mut batch = Batch::default();
    for line in lines.by_ref().take(BATCH) {
        let line = line?;
        failed.look_at(&line);
        batch.push_json(&line);
    }
    Ok(batch)
}

/// A bar for whoever watches; nothing in logs.
fn progress(tests: u64, say: Say) -> ProgressBar {
    if !say.is_live {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(Some(tests), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{bar:40} {human_pos} of {human_len} tests, {eta} left");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// The id of a project; a name is looked for in all that the key's owner may see.
async fn project_id(client: &Client, project: &str) -> Result<i64, Failure> {
    if let Ok(id) = project.parse::<i64>() {
        return Ok(id);
    }
    let mut next = Some(1);
    while let Some(page) = next {
        let found = client.projects(page, PageSize::Hundred).await?;
        if let Some(found) = found.result.iter().find(|one| one.name == project) {
            return Ok(found.id);
        }
        next = found.next_page;
    }
    Err(Failure::new(format!("There is no project {project:?}"))
        .and("Please verify its name and the rights of the owner of the API token"))
}
