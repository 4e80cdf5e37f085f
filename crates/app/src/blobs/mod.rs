//! Where the bytes of uploaded files lie: named by their SHA-256, in a folder of this machine.
//!
//! Bytes arrive in a file of `tmp/` while they are hashed and counted. When they are complete the file is synced, moved to
//! `ab/cd/SHA256`, and the folder is synced; only then a row may name them. What is dropped on the way leaves nothing, and what
//! a crash leaves in `tmp/` is removed later.

mod local;
mod staging;

pub use staging::{Staged, Staging};

use bytes::Bytes;
use futures_util::stream::{self, BoxStream};
use local::Local;
use model::Timestamp;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::io::AsyncReadExt as _;

/// Bytes that are read at a time.
const PIECE: usize = 64 * 1024;

/// The blob storage. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Blobs(Arc<Local>);

/// The bytes of a blob, in pieces of at most 64 KiB.
pub type Pieces = BoxStream<'static, io::Result<Bytes>>;

impl Blobs {
    /// A folder of this machine, which is made when it is first needed.
    pub fn local(folder: impl Into<PathBuf>) -> Blobs {
        Blobs(Arc::new(Local::new(folder.into())))
    }

    /// A place for bytes that arrive now. Fails when the folder cannot be written.
    pub async fn stage(&self) -> io::Result<Staging> {
        let local = Arc::clone(&self.0);
        let file = blocking(move || local.temporary()).await?;
        Staging::new(file)
    }

    /// Puts complete bytes in place, durably. Bytes that are there already are replaced by the same ones.
    pub async fn keep(&self, staged: Staged) -> io::Result<()> {
        let local = Arc::clone(&self.0);
        blocking(move || local.keep(staged)).await
    }

    /// Reads a blob. Fails with [`io::ErrorKind::NotFound`] when there is none of this name.
    pub async fn read(&self, sha256: &str) -> io::Result<Pieces> {
        let file = tokio::fs::File::open(self.0.path(sha256)?).await?;
        Ok(Box::pin(stream::try_unfold(file, |mut file| async move {
            let mut piece = vec![0; PIECE];
            let read = file.read(&mut piece).await?;
            piece.truncate(read);
            Ok((read > 0).then(|| (Bytes::from(piece), file)))
        })))
    }

    /// Deletes a blob; one that is not there counts as deleted.
    pub async fn delete(&self, sha256: &str) -> io::Result<()> {
        match tokio::fs::remove_file(self.0.path(sha256)?).await {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            done => done,
        }
    }

    /// Removes what uploads left that a crash broke off: temporary files not written to since `before`. How many there were.
    pub async fn clean_up(&self, before: Timestamp) -> io::Result<usize> {
        let local = Arc::clone(&self.0);
        blocking(move || local.clean_up(before)).await
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(io::Error::other)?
}
