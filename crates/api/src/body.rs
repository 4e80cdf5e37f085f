//! Bodies: received whole before any transaction starts, in memory up to 1 MiB and beyond that in a file without a name
//! (architecture §3). A slow client never holds the writer, and many large ones never fill the memory.

use crate::context::content_length;
use crate::surrogate::Mender;
use crate::wire::Object;
use app::Error;
use axum::body::Body as HttpBody;
use axum::http::request::Parts;
use futures_util::StreamExt as _;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use std::fs::File;
use std::io::{BufReader, Read, Seek as _, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use tokio::io::AsyncWriteExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Largest body of an append to a thread, in bytes (contract §5 explains why it is far above what is common).
pub(crate) const LARGEST: u64 = 128 * 1024 * 1024;
/// Largest body of any other operation, which is read into memory as a whole.
pub(crate) const LARGE: u64 = 8 * 1024 * 1024;
/// Bytes of one body that stay in memory.
const IN_MEMORY: usize = 1024 * 1024;
/// Bytes of all bodies together that stay in memory.
const ALL_IN_MEMORY: usize = 24 * 1024 * 1024;
/// Bytes that a body asks the budget for at a time.
const STEP: usize = 64 * 1024;

/// Memory for bodies. Who gets none writes to a file from the beginning.
pub(crate) struct Budget(Arc<Semaphore>);

impl Budget {
    pub(crate) fn new() -> Budget {
        Budget(Arc::new(Semaphore::new(ALL_IN_MEMORY / STEP)))
    }
}

/// A received body.
pub(crate) enum Body {
    /// In memory; its share of the budget goes back when it is dropped.
    Memory {
        bytes: Vec<u8>,
        _share: Option<OwnedSemaphorePermit>,
    },
    /// In a file without a name.
    Spooled(File),
}

impl Body {
    /// No body.
    pub(crate) fn empty() -> Body {
        Body::Memory {
            bytes: Vec::new(),
            _share: None,
        }
    }

    /// The body from its beginning.
    pub(crate) fn reader(&self) -> Result<Box<dyn Read + Send + '_>, Error> {
        match self {
            Body::Memory { bytes, .. } => Ok(Box::new(bytes.as_slice())),
            Body::Spooled(file) => {
                let mut file: &File = file;
                file.seek(SeekFrom::Start(0)).map_err(|e| unreadable(&e))?;
                Ok(Box::new(BufReader::with_capacity(STEP, file)))
            }
        }
    }

    /// The body as a document; an empty one counts as `{}`. [`Error::Invalid`] names the place that is wrong.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let parsed = match self {
            Body::Memory { bytes, .. } => {
                let bytes = if bytes.iter().all(u8::is_ascii_whitespace) {
                    b"{}"
                } else {
                    bytes.as_slice()
                };
                let mut json = serde_json::Deserializer::from_slice(bytes);
                serde_path_to_error::deserialize(&mut json).and_then(|Object(v)| at_end(json.end(), v))
            }
            Body::Spooled(_) => {
                let mut json = serde_json::Deserializer::from_reader(self.reader()?);
                serde_path_to_error::deserialize(&mut json).and_then(|Object(v)| at_end(json.end(), v))
            }
        };
        parsed.map_err(|e| malformed(&e))
    }

    /// SHA-256 of the body.
    pub(crate) fn sha256(&self) -> Result<Vec<u8>, Error> {
        let (mut reader, mut hasher, mut piece) = (self.reader()?, Sha256::new(), vec![0; STEP]);
        loop {
            match reader.read(&mut piece).map_err(|e| unreadable(&e))? {
                0 => return Ok(hasher.finalize().to_vec()),
                n => hasher.update(&piece[..n]),
            }
        }
    }
}

type PathError = serde_path_to_error::Error<serde_json::Error>;

fn at_end<T>(end: serde_json::Result<()>, value: T) -> Result<T, PathError> {
    match end {
        Ok(()) => Ok(value),
        Err(e) => Err(PathError::new(serde_path_to_error::Track::new().path(), e)),
    }
}

/// A malformed document as wrong input: the dotted path of the place, and what is wrong there.
pub(crate) fn malformed(e: &PathError) -> Error {
    let path = e.path().to_string().replace('[', ".").replace(']', "");
    let field = if path.is_empty() || path == "." || path == "?" {
        "body".to_owned()
    } else {
        path.trim_start_matches('.').to_owned()
    };
    Error::field(&field, format!("The {field} can't be read: {}.", e.inner()))
}

fn unreadable(e: &std::io::Error) -> Error {
    tracing::error!(error = %e, "a spooled body can't be read or written");
    Error::Store(store::Error::RolledBack(
        "the spool folder can't be used".to_owned(),
    ))
}

/// Receives a body of at most `limit` bytes. Unpaired surrogates are mended on the way.
pub(crate) async fn receive(
    parts: &Parts,
    body: HttpBody,
    limit: u64,
    budget: &Budget,
    spool: &Path,
) -> Result<Body, Error> {
    let length = content_length(parts);
    if length.is_some_and(|n| n > limit) {
        return Err(Error::TooLarge(limit));
    }
    let mut target = Target::new(budget, length);
    let (mut mender, mut received, mut stream) = (Mender::default(), 0u64, body.into_data_stream());
    while let Some(piece) = stream.next().await {
        let piece = piece
            .map_err(|_| Error::field("body", "The body ended before it was complete. Send it again."))?;
        received += piece.len() as u64;
        if received > limit {
            return Err(Error::TooLarge(limit));
        }
        mender.push(&piece, &mut target.memory);
        target.relieve(budget, spool).await?;
    }
    mender.finish(&mut target.memory);
    target.finish().await
}

/// Where a body goes while it arrives.
struct Target {
    memory: Vec<u8>,
    permit: Option<OwnedSemaphorePermit>,
    file: Option<tokio::fs::File>,
}

impl Target {
    fn new(budget: &Budget, length: Option<u64>) -> Target {
        let expected = length
            .and_then(|n| usize::try_from(n).ok())
            .filter(|n| *n <= IN_MEMORY)
            .unwrap_or(0);
        let mut target = Target {
            memory: Vec::new(),
            permit: None,
            file: None,
        };
        if target.reserve(budget, expected) {
            target.memory.reserve_exact(expected);
        }
        target
    }

    /// Asks the budget for room for `bytes` in all. False: there is none.
    fn reserve(&mut self, budget: &Budget, bytes: usize) -> bool {
        let have = self.permit.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let want = bytes.div_ceil(STEP);
        if want <= have {
            return true;
        }
        let more = u32::try_from(want - have).unwrap_or(u32::MAX);
        let Ok(more) = Arc::clone(&budget.0).try_acquire_many_owned(more) else {
            return false;
        };
        match &mut self.permit {
            Some(permit) => permit.merge(more),
            None => self.permit = Some(more),
        }
        true
    }

    /// Moves to a file what is too large for memory, or finds none free.
    async fn relieve(&mut self, budget: &Budget, spool: &Path) -> Result<(), Error> {
        if self.file.is_none() {
            if self.memory.len() <= IN_MEMORY && self.reserve(budget, self.memory.len()) {
                return Ok(());
            }
            let file = tempfile::tempfile_in(spool).map_err(|e| unreadable(&e))?;
            self.file = Some(tokio::fs::File::from_std(file));
        }
        if self.memory.len() >= STEP {
            self.spill().await?;
        }
        Ok(())
    }

    async fn spill(&mut self) -> Result<(), Error> {
        if let Some(file) = &mut self.file {
            file.write_all(&self.memory).await.map_err(|e| unreadable(&e))?;
            self.memory.clear();
            self.memory.shrink_to(2 * STEP);
            self.permit = None;
        }
        Ok(())
    }

    async fn finish(mut self) -> Result<Body, Error> {
        if self.file.is_none() {
            return Ok(Body::Memory {
                bytes: self.memory,
                _share: self.permit,
            });
        }
        self.spill().await?;
        let Some(mut file) = self.file else {
            return Ok(Body::empty());
        };
        file.flush().await.map_err(|e| unreadable(&e))?;
        Ok(Body::Spooled(file.into_std().await))
    }
}
