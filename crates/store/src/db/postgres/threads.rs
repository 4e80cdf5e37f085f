//! The threads of the connections.

use super::address::Address;
use super::connection::{Connection, Trouble};
use crate::db::health::Health;
use crate::db::{Error, Result};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How long a thread without a connection leaves the work to the others before it tries again.
const PAUSE: Duration = Duration::from_secs(1);

/// A closure of the queue, its types erased.
pub(super) type Task = Box<dyn FnOnce(&mut Slot) + Send>;

/// What the threads are told.
pub(super) enum Message {
    /// Run this.
    Run(Task),
    /// One thread ends.
    Close,
}

/// What a thread owns: a connection, or none after it was lost.
pub(super) struct Slot {
    address: Arc<Address>,
    health: Arc<Health>,
    connection: Option<Connection>,
}

impl Slot {
    /// The connection, opened when there is none.
    pub(super) fn connect(&mut self) -> Result<&mut Connection> {
        if self.connection.as_ref().is_none_or(Connection::is_closed) {
            self.discard();
        }
        match &mut self.connection {
            Some(connection) => Ok(connection),
            none => {
                let opened = Connection::open(&self.address)?;
                self.health.connections.fetch_add(1, Ordering::Relaxed);
                Ok(none.insert(opened))
            }
        }
    }

    /// Whether there is a connection that was used before.
    pub(super) fn is_connected(&self) -> bool {
        self.connection.as_ref().is_some_and(|c| !c.is_closed())
    }

    /// Drops the connection: its state is not known any more.
    pub(super) fn discard(&mut self) {
        if self.connection.take().is_some() {
            self.health.connections.fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// What went wrong in the last closure.
    pub(super) fn trouble(&self) -> Option<Trouble> {
        self.connection.as_ref().and_then(Connection::trouble)
    }

    pub(super) fn health(&self) -> &Health {
        &self.health
    }
}

/// Starts the threads; answers when the first connection stands.
pub(super) fn start(
    count: usize,
    address: &Arc<Address>,
    messages: Receiver<Message>,
    health: &Arc<Health>,
) -> Result<()> {
    let messages = Arc::new(Mutex::new(messages));
    let running = Arc::new(AtomicUsize::new(count));
    let (first, opened) = channel();
    for number in 0..count {
        let thread = Thread {
            slot: Slot {
                address: address.clone(),
                health: health.clone(),
                connection: None,
            },
            messages: messages.clone(),
            running: running.clone(),
        };
        let first = (number == 0).then(|| first.clone());
        std::thread::Builder::new()
            .name(format!("db-{number}"))
            .spawn(move || thread.run(first))
            .map_err(|e| Error::Open(format!("no thread for a connection: {e}")))?;
    }
    opened.recv().unwrap_or(Err(Error::Closed))
}

struct Thread {
    slot: Slot,
    messages: Arc<Mutex<Receiver<Message>>>,
    running: Arc<AtomicUsize>,
}

impl Thread {
    fn run(mut self, first: Option<Sender<Result<()>>>) {
        if let Some(first) = first {
            let opened = self.slot.connect().map(drop);
            // `open` waits for it.
            let _ = first.send(opened);
        }
        while let Some(task) = self.next() {
            // The closures' panics are caught where they run.
            if catch_unwind(AssertUnwindSafe(|| task(&mut self.slot))).is_err() {
                self.slot.discard();
            }
        }
        if let Some(connection) = self.slot.connection.take() {
            connection.close();
            self.slot.health.connections.fetch_sub(1, Ordering::Relaxed);
        }
        if self.running.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.slot.health.set_closed();
        }
    }

    /// Waits for work, with an open connection if there can be one. While others have a connection, work is left
    /// to them; when nobody has, somebody must take it to answer `Busy`.
    fn next(&mut self) -> Option<Task> {
        while let Err(e) = self.slot.connect() {
            if self.slot.health.connections.load(Ordering::Relaxed) == 0 {
                break;
            }
            tracing::warn!(error = %e.detail(), "no connection to PostgreSQL, trying again");
            std::thread::sleep(PAUSE);
        }
        match self
            .messages
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .recv()
        {
            Ok(Message::Run(task)) => Some(task),
            Ok(Message::Close) | Err(_) => None,
        }
    }
}
