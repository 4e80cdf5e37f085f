//! Whether the database works, and its counters.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use tokio::sync::watch;

/// Counters since the database was opened, and what is queued now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stats {
    /// Transactions committed to storage: groups on SQLite.
    pub groups: u64,
    /// Write closures answered by these; more than `groups` when group commit saves syncs.
    pub closures: u64,
    /// Closures that ran again: SQLite rolled their group back, PostgreSQL asked for it.
    pub repeated: u64,
    /// Closures that are queued or running (on PostgreSQL also short reads).
    pub queued: usize,
    /// Ingests that are queued or running.
    pub ingests: usize,
    /// Bytes of SQLite's write-ahead log; 0 on PostgreSQL.
    pub wal_bytes: u64,
    /// Statements that this process ran.
    pub statements: u64,
    /// How often SQLite planned a cached statement again; anything but migrations makes this a fault.
    pub replanned: u64,
    /// Open connections to PostgreSQL; 0 on SQLite.
    pub connections: u64,
}

/// Shared by the threads of one database.
pub(super) struct Health {
    state: watch::Sender<State>,
    pub(super) groups: AtomicU64,
    pub(super) closures: AtomicU64,
    pub(super) repeated: AtomicU64,
    pub(super) replanned: AtomicU64,
    pub(super) connections: AtomicU64,
    /// Whether the file was opened again after an I/O error.
    pub(super) reopened: AtomicBool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    Working,
    Checking,
    Closed,
    Failed(String),
}

impl Health {
    pub(super) fn new() -> Self {
        Health {
            state: watch::Sender::new(State::Working),
            groups: AtomicU64::new(0),
            closures: AtomicU64::new(0),
            repeated: AtomicU64::new(0),
            replanned: AtomicU64::new(0),
            connections: AtomicU64::new(0),
            reopened: AtomicBool::new(false),
        }
    }

    /// The counters; the caller adds what is not counted here.
    pub(super) fn stats(&self) -> Stats {
        Stats {
            groups: self.groups.load(Relaxed),
            closures: self.closures.load(Relaxed),
            repeated: self.repeated.load(Relaxed),
            replanned: self.replanned.load(Relaxed),
            connections: self.connections.load(Relaxed),
            statements: super::tx::STATEMENTS.load(Relaxed),
            ..Stats::default()
        }
    }

    /// The file is being checked after an I/O error: writes are refused meanwhile.
    pub(super) fn checking(&self, on: bool) {
        self.state
            .send_replace(if on { State::Checking } else { State::Working });
    }

    pub(super) fn is_checking(&self) -> bool {
        *self.state.borrow() == State::Checking
    }

    /// The last thread has ended.
    pub(super) fn set_closed(&self) {
        self.state.send_if_modified(|state| {
            let ends = !matches!(state, State::Failed(_));
            if ends {
                *state = State::Closed;
            }
            ends
        });
    }

    /// The database cannot go on; the process must end.
    pub(super) fn set_failed(&self, reason: String) {
        tracing::error!(%reason, "the database cannot go on");
        self.state.send_replace(State::Failed(reason));
    }

    /// Resolves with the reason when the database cannot go on.
    pub(super) async fn failed(&self) -> String {
        let mut state = self.state.subscribe();
        loop {
            if let State::Failed(reason) = &*state.borrow_and_update() {
                return reason.clone();
            }
            if state.changed().await.is_err() {
                // Not reached: the sender lives as long as `self`.
                std::future::pending::<()>().await;
            }
        }
    }

    /// Resolves when the last thread has ended, well or not.
    pub(super) async fn ended(&self) {
        let mut state = self.state.subscribe();
        let ended = |s: &State| matches!(s, State::Failed(_) | State::Closed);
        // The sender lives as long as `self`.
        let _ = state.wait_for(ended).await;
    }
}
