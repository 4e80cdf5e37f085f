//! Where the bytes of uploaded files lie: in a folder of this machine, or in a bucket of an S3-compatible server.
//!
//! Bytes arrive in a file of `tmp/` while they are hashed and counted. When they are complete the file is synced, and moved to its
//! place in the folder, which is synced, or sent to the bucket; only then a row may name them. What is dropped on the way leaves
//! nothing, and what a crash leaves in `tmp/` is removed later.

mod bucket;
mod local;
mod staging;

pub use bucket::{Access, Refused};
pub use staging::{Staged, Staging};

use bucket::Bucket;
use bytes::Bytes;
use futures_util::stream::BoxStream;
use local::Local;
use model::Timestamp;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use store::blob::Place;

/// Bytes that are read at a time.
const PIECE: usize = 64 * 1024;

/// So many bytes stay free where uploads arrive, unless another number is given: 256 MiB.
pub const FLOOR: u64 = 256 << 20;

/// The blob storage. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Blobs {
    /// Where bytes arrive, and where they stay unless there is a bucket.
    local: Arc<Local>,
    bucket: Option<Arc<Bucket>>,
    floor: u64,
}

/// The bytes of a blob, in pieces.
pub type Pieces = BoxStream<'static, io::Result<Bytes>>;

impl Blobs {
    /// A folder of this machine, which is made when it is first needed.
    pub fn local(folder: impl Into<PathBuf>) -> Blobs {
        Blobs {
            local: Arc::new(Local::new(folder.into())),
            bucket: None,
            floor: FLOOR,
        }
    }

    /// The bucket that an address `s3://BUCKET[/PREFIX][?endpoint=URL&region=NAME]` names; bytes arrive in the folder.
    ///
    /// # Errors
    /// What is wrong with the address or the server's answer to it, and what to do about it.
    pub async fn bucket(folder: impl Into<PathBuf>, address: &str, access: Access) -> Result<Blobs, Refused> {
        let bucket = Bucket::open(address, access)?;
        bucket.check().await?;
        Ok(Blobs {
            bucket: Some(Arc::new(bucket)),
            ..Blobs::local(folder)
        })
    }

    /// The same, where uploads are refused when fewer bytes would stay free.
    #[must_use]
    pub fn with_floor(self, bytes: u64) -> Blobs {
        Blobs { floor: bytes, ..self }
    }

    /// Whether so little is free that no upload may begin.
    pub async fn is_full(&self) -> io::Result<bool> {
        let (local, floor) = (Arc::clone(&self.local), self.floor);
        blocking(move || Ok(local.free()? < floor)).await
    }

    /// A place for bytes that arrive now. Fails when the folder cannot be written.
    pub async fn stage(&self) -> io::Result<Staging> {
        let local = Arc::clone(&self.local);
        let file = blocking(move || local.temporary()).await?;
        Staging::new(file)
    }

    /// Puts complete bytes in place, durably. Bytes that are there already are replaced by the same ones.
    pub async fn keep(&self, staged: Staged, place: Place) -> io::Result<()> {
        if let Some(bucket) = &self.bucket {
            return bucket.keep(staged, &place).await;
        }
        let local = Arc::clone(&self.local);
        blocking(move || local.keep(staged, &place)).await
    }

    /// Reads a blob. Fails with [`io::ErrorKind::NotFound`] when there is none in this place.
    pub async fn read(&self, place: &Place) -> io::Result<Pieces> {
        match &self.bucket {
            Some(bucket) => bucket.read(place).await,
            None => self.local.read(place).await,
        }
    }

    /// Deletes a blob; one that is not there counts as deleted.
    pub async fn delete(&self, place: &Place) -> io::Result<()> {
        match &self.bucket {
            Some(bucket) => bucket.delete(place).await,
            None => self.local.delete(place).await,
        }
    }

    /// Removes what uploads left that a crash broke off: temporary files not written to since `before`. How many there were.
    pub async fn clean_up(&self, before: Timestamp) -> io::Result<usize> {
        let local = Arc::clone(&self.local);
        blocking(move || local.clean_up(before)).await
    }
}

/// `ab/cd/PLACE`. Only a hash makes a path, whatever a database says.
fn relative(place: &Place) -> io::Result<String> {
    let sha256 = &place.sha256;
    let is_hash = sha256.len() == 64 && sha256.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if !is_hash {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "name a blob by its SHA-256 in lower-case hexadecimal digits",
        ));
    }
    Ok(format!("{}/{}/{place}", &sha256[..2], &sha256[2..4]))
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(io::Error::other)?
}
