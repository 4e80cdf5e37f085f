//! The writer thread. Writes that queue up while a COMMIT is syncing are committed together.

use super::connection::{Access, Connection};
use super::job::Job;
use crate::db::health::Health;
use crate::db::tx::{Engine, Tx};
use crate::db::{Error, Mode, Result};
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

/// Most closures in one COMMIT.
const GROUP: usize = 256;
/// How long a group waits for another closure while it is smaller than the last group. A lone writer never waits.
const LINGER: Duration = Duration::from_micros(100);

/// What the writer is told.
pub(super) enum Message {
    /// Run this.
    Run(Box<dyn Job>),
    /// Everything before this has been run: end.
    Close,
}

/// What the writer thread owns.
pub(super) struct Writer {
    connection: Connection,
    path: PathBuf,
    messages: Receiver<Message>,
    /// Innocent closures of a group that SQLite threw away: they run again.
    again: VecDeque<Box<dyn Job>>,
    closing: bool,
    last_group: usize,
    group_work: Duration,
    health: Arc<Health>,
}

/// How a closure left the open group.
enum Step {
    /// It is part of the group, or was rolled back alone; answer it after the COMMIT.
    Joined(Box<dyn Job>),
    /// Nobody waited for it.
    Skipped,
    /// SQLite rolled back the whole transaction.
    Thrown,
    /// The savepoint does not work any more.
    Broken(Error),
}

impl Writer {
    pub(super) fn new(
        connection: Connection,
        path: PathBuf,
        messages: Receiver<Message>,
        group_work: Duration,
        health: Arc<Health>,
    ) -> Self {
        let again = VecDeque::new();
        Writer {
            connection,
            path,
            messages,
            again,
            closing: false,
            last_group: 0,
            group_work,
            health,
        }
    }

    /// Works until it is told to close, or every `Db` is gone, or the file cannot be used any more.
    pub(super) fn run(mut self) {
        let health = self.health.clone();
        // The closures' panics are caught where they run, this one would be ours.
        match catch_unwind(AssertUnwindSafe(|| self.work())) {
            Ok(Ok(())) => {
                drop(self);
                health.set_closed();
            }
            Ok(Err(reason)) => health.set_failed(reason),
            Err(_) => health.set_failed("the writer panicked".to_owned()),
        }
    }

    fn work(&mut self) -> Result<(), String> {
        while let Some(first) = self.next() {
            if let Err(e) = self.group(first) {
                tracing::error!(error = %e, "a COMMIT failed, reopening the database");
                self.reopen()?;
            }
        }
        if let Err(e) = self
            .connection
            .batch("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)")
        {
            tracing::warn!(error = %e, "no checkpoint at the end, the next start does it");
        }
        Ok(())
    }

    /// Waits for the first closure of a group; `None` ends the thread.
    fn next(&mut self) -> Option<Box<dyn Job>> {
        if let Some(job) = self.again.pop_front() {
            return Some(job);
        }
        if self.closing {
            return None;
        }
        let message = self.messages.recv();
        self.accept(message.ok())
    }

    /// Another closure for a group that has `size` already.
    fn more(&mut self, size: usize, began: Instant) -> Option<Box<dyn Job>> {
        if size >= GROUP || began.elapsed() >= self.group_work {
            return None;
        }
        if let Some(job) = self.again.pop_front() {
            return Some(job);
        }
        let message = if self.closing {
            None
        } else if size < self.last_group {
            self.messages.recv_timeout(LINGER).ok()
        } else {
            self.messages.try_recv().ok()
        };
        message.and_then(|m| self.accept(Some(m)))
    }

    /// `None`, or no message at all: the end.
    fn accept(&mut self, message: Option<Message>) -> Option<Box<dyn Job>> {
        match message {
            Some(Message::Run(job)) => Some(job),
            Some(Message::Close) | None => {
                self.closing = true;
                None
            }
        }
    }

    /// Runs and commits one group. `Err`: this connection must not be used again.
    fn group(&mut self, first: Box<dyn Job>) -> Result<()> {
        if let Err(e) = self.connection.control("BEGIN IMMEDIATE") {
            first.finish(Some(e));
            return Ok(());
        }
        let began = Instant::now();
        let mut joined = Vec::new();
        let mut next = Some(first);
        while let Some(job) = next {
            match self.step(job) {
                Step::Joined(job) => joined.push(job),
                Step::Skipped => {}
                Step::Thrown => {
                    self.repeat(joined);
                    return Ok(());
                }
                Step::Broken(e) => {
                    self.repeat(joined);
                    return Err(e);
                }
            }
            next = self.more(joined.len(), began);
        }
        self.commit(joined)
    }

    fn step(&self, mut job: Box<dyn Job>) -> Step {
        if job.is_abandoned() {
            return Step::Skipped;
        }
        let kept = match self.connection.control("SAVEPOINT closure") {
            Ok(()) => job.run(&mut Tx::new(Engine::Sqlite(&self.connection), Mode::Write)),
            Err(e) => return broken(job, e),
        };
        if self.connection.is_autocommit() {
            // Disk full, I/O error, out of memory, OR ROLLBACK.
            job.finish(Some(Error::RolledBack(
                "the engine ended the transaction".to_owned(),
            )));
            return Step::Thrown;
        }
        // ROLLBACK TO alone leaves the savepoint open.
        let undone = if kept {
            Ok(())
        } else {
            self.connection.control("ROLLBACK TO closure")
        };
        match undone.and_then(|()| self.connection.control("RELEASE closure")) {
            // A failed one too: it may have seen rows of its group, so it is answered when they are there.
            Ok(()) => Step::Joined(job),
            Err(e) => broken(job, e),
        }
    }

    fn commit(&mut self, joined: Vec<Box<dyn Job>>) -> Result<()> {
        let committed = self.connection.control("COMMIT");
        self.last_group = joined.len();
        self.health.groups.fetch_add(1, Relaxed);
        self.health.closures.fetch_add(joined.len() as u64, Relaxed);
        let instead = committed.as_ref().err().map(|e| Error::Unknown(e.detail()));
        for job in joined {
            job.finish(instead.clone());
        }
        committed
    }

    /// The innocent run again, before those that came after them.
    fn repeat(&mut self, innocent: Vec<Box<dyn Job>>) {
        self.health.repeated.fetch_add(innocent.len() as u64, Relaxed);
        for job in innocent.into_iter().rev() {
            self.again.push_front(job);
        }
    }

    /// After a failed COMMIT the same connection is never asked again: a sync that failed once may "succeed" later.
    fn reopen(&mut self) -> Result<(), String> {
        self.health.reopened.store(true, Relaxed);
        self.health.checking(true);
        while let Ok(message) = self.messages.try_recv() {
            match message {
                // Checking a large file takes long.
                Message::Run(job) => job.finish(Some(Error::Busy)),
                Message::Close => self.closing = true,
            }
        }
        let fresh = Connection::open(&self.path, Access::Write, &self.health)
            .and_then(|fresh| fresh.quick_check().map(|()| fresh))
            .map_err(|e| e.detail())?;
        self.connection = fresh;
        self.health.checking(false);
        Ok(())
    }
}

fn broken(job: Box<dyn Job>, e: Error) -> Step {
    job.finish(Some(Error::RolledBack(e.detail())));
    Step::Broken(e)
}
