//! PostgreSQL: a fixed number of threads, each with a connection and a runtime of its own. A connection is driven
//! while its thread waits for an answer, so statements do not hop between threads.

mod address;
mod arg;
mod connection;
mod run;
mod threads;
mod tls;

pub(super) use connection::{Connection, error};

use super::admission::{Admission, Permit};
use super::health::{Health, Stats};
use super::{Error, Mode, Options, Result, Tx, resume};
use address::Address;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use threads::{Message, Slot};
use tokio::sync::oneshot;
use tracing::Span;

/// A database on a server.
pub(super) struct Postgres {
    admission: Admission,
    health: Arc<Health>,
    connections: usize,
    queue: Sender<Message>,
}

impl Postgres {
    pub(super) fn open(url: &str, options: &Options) -> Result<Postgres> {
        let address = Arc::new(Address::parse(url, options.statement_limit)?);
        let connections = options.connections.max(1);
        // Bulk work gets a part of the connections: look-ups never queue behind it.
        let part = connections.div_ceil(4);
        let health = Arc::new(Health::new());
        let (queue, messages) = channel();
        threads::start(connections, &address, messages, &health)?;
        Ok(Postgres {
            admission: Admission::new(options, part, part),
            health,
            connections,
            queue,
        })
    }

    pub(super) async fn run<T, E, F>(&self, mode: Mode, f: F) -> Result<T, E>
    where
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let permit = if mode == Mode::Long {
            self.admission.long().await
        } else {
            self.admission.now()
        };
        self.submit(mode, permit?, f).await
    }

    pub(super) async fn ingest<T, E, F>(&self, bytes: usize, f: F) -> Result<T, E>
    where
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.submit(Mode::Ingest, self.admission.ingest(bytes).await?, f)
            .await
    }

    async fn submit<T, E, F>(&self, mode: Mode, permit: Permit, f: F) -> Result<T, E>
    where
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let span = Span::current();
        let task = move |slot: &mut Slot| {
            if !reply.is_closed() {
                let result = span.in_scope(|| run::run(slot, mode, &f));
                drop(permit);
                // Nobody waits any more: fine.
                let _ = reply.send(result);
            }
        };
        if self.queue.send(Message::Run(Box::new(task))).is_err() {
            return Err(Error::Closed.into());
        }
        answer.await.map_or_else(|_| Err(Error::Closed.into()), resume)
    }

    pub(super) async fn close(&self) {
        self.admission.close();
        let told = (0..self.connections).all(|_| self.queue.send(Message::Close).is_ok());
        if told {
            self.health.ended().await;
        }
    }

    pub(super) async fn failed(&self) -> String {
        self.health.failed().await
    }

    pub(super) fn stats(&self) -> Stats {
        let (queued, ingests) = self.admission.depth();
        Stats {
            queued,
            ingests,
            ..self.health.stats()
        }
    }
}
