//! SQLite: one writer thread with group commit, readers on a pool of connections, on the calling thread.

mod connection;
mod job;
mod readers;
mod version;
mod writer;

pub(super) use connection::{Connection, error};
pub use version::Version;

use super::admission::{Admission, Permit};
use super::health::{Health, Stats};
use super::{Error, Mode, Options, Result, Tx, resume};
use connection::Access;
use job::Write;
use readers::Readers;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc::{Sender, channel};
use tokio::sync::oneshot;
use version::Watch;
use writer::{Message, Writer};

/// Ingests that may be queued or running: a small write waits behind few of them.
const INGESTS: usize = 16;
/// Long reads at a time: each has a connection with its cache, and holds back the log.
const LONG_READS: usize = 4;

/// A database in a file.
pub(super) struct Sqlite {
    path: PathBuf,
    admission: Admission,
    health: Arc<Health>,
    queue: Sender<Message>,
    readers: Arc<Readers>,
    watch: Watch,
}

impl Sqlite {
    pub(super) fn open(path: &str, options: &Options) -> Result<Sqlite> {
        if path.is_empty() || path.starts_with(":memory:") {
            return Err(Error::Open(
                "name a file, as in sqlite:/var/lib/attest/attest.db".to_owned(),
            ));
        }
        let path = PathBuf::from(path);
        let health = Arc::new(Health::new());
        let connection = Connection::open(&path, Access::Create, &health)
            .map_err(|e| Error::Open(format!("{}: {}", path.display(), e.detail())))?;
        let (queue, messages) = channel();
        let writer = Writer::new(
            connection,
            path.clone(),
            messages,
            options.group_work,
            health.clone(),
        );
        std::thread::Builder::new()
            .name("db-writer".to_owned())
            .spawn(move || writer.run())
            .map_err(|e| Error::Open(format!("no thread for the writer: {e}")))?;
        let watch = Watch::new(&path);
        Ok(Sqlite {
            watch,
            admission: Admission::new(options, INGESTS, LONG_READS),
            readers: Arc::new(Readers::new(
                path.clone(),
                options.statement_limit,
                health.clone(),
            )),
            path,
            health,
            queue,
        })
    }

    pub(super) fn read<T, E, F>(&self, mode: Mode, f: F) -> Result<T, E>
    where
        F: Fn(&mut Tx<'_>) -> Result<T, E>,
        E: From<Error>,
    {
        self.readers.run(mode, f)
    }

    pub(super) async fn read_long<T, E, F>(&self, f: F) -> Result<T, E>
    where
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let permit = self.admission.long().await?;
        let readers = self.readers.clone();
        let work = move || {
            let _permit = permit;
            readers.run(Mode::Long, f)
        };
        match tokio::task::spawn_blocking(work).await {
            Ok(result) => result,
            Err(e) if e.is_panic() => std::panic::resume_unwind(e.into_panic()),
            Err(_) => Err(Error::Closed.into()),
        }
    }

    pub(super) async fn write<T, E, F>(&self, f: F) -> Result<T, E>
    where
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        if self.health.is_checking() {
            return Err(Error::Busy.into());
        }
        self.submit(self.admission.now()?, f).await
    }

    pub(super) async fn ingest<T, E, F>(&self, bytes: usize, f: F) -> Result<T, E>
    where
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.submit(self.admission.ingest(bytes).await?, f).await
    }

    async fn submit<T, E, F>(&self, permit: Permit, f: F) -> Result<T, E>
    where
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        if self
            .queue
            .send(Message::Run(Box::new(Write::new(f, permit, reply))))
            .is_err()
        {
            return Err(Error::Closed.into());
        }
        answer.await.map_or_else(|_| Err(Error::Closed.into()), resume)
    }

    pub(super) async fn close(&self) {
        self.admission.close();
        if self.queue.send(Message::Close).is_ok() {
            self.health.ended().await;
        }
        self.readers.close();
    }

    pub(super) fn version(&self) -> Option<Version> {
        // With its last connection the index goes, and what is watched would never change again.
        if self.health.reopened.load(Relaxed) {
            return None;
        }
        self.watch.see()
    }

    pub(super) async fn failed(&self) -> String {
        self.health.failed().await
    }

    pub(super) fn stats(&self) -> Stats {
        let mut wal = self.path.clone().into_os_string();
        wal.push("-wal");
        let (queued, ingests) = self.admission.depth();
        Stats {
            queued,
            ingests,
            wal_bytes: std::fs::metadata(wal).map_or(0, |m| m.len()),
            ..self.health.stats()
        }
    }
}
