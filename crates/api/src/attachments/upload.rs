//! Files that arrive as `multipart/form-data` (RFC 7578), read as a stream: no more than a few pieces of the network are in
//! memory at a time, whatever the size of the files.

use app::attachments::{self, Arrived, FILE_MAX, FILES};
use app::{App, Error};
use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{Stream, StreamExt as _};
use multer::{Field, Multipart};
use sha2::{Digest as _, Sha256};
use std::fmt::{self, Display};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

/// Largest body of an upload, in bytes: as many files of the largest size as are taken, and what stands around them.
pub(crate) const UPLOAD: u64 = FILES as u64 * FILE_MAX + 1024 * 1024;
/// Most bytes between two files: boundary, headers, and what comes before the first one.
const BETWEEN: u64 = 64 * 1024;
/// The parts that are files when there may be several; one client repeats `file` (contract §2.8).
const NAMES: [&str; 3] = ["files[]", "files", "file"];

/// The body of an upload, not yet read.
pub(crate) struct Upload {
    headers: HeaderMap,
    // A body can't be shared between threads, what an operation has must be.
    body: Mutex<Body>,
}

/// Which files are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// Exactly one, in a part named `file`.
    One,
    /// The first [`FILES`] in parts named `files[]`; others are passed over (contract §2.8).
    Many,
}

impl Wanted {
    fn has(self, name: Option<&str>) -> bool {
        match self {
            Wanted::One => name == Some("file"),
            Wanted::Many => name.is_some_and(|name| NAMES.contains(&name)),
        }
    }

    fn field(self, n: usize) -> String {
        match self {
            Wanted::One => "file".to_owned(),
            Wanted::Many => format!("files.{n}"),
        }
    }

    fn none(self) -> Error {
        let (field, part) = match self {
            Wanted::One => ("file", "file"),
            Wanted::Many => ("files", "files[]"),
        };
        let text = format!("Send a file as a part named {part} of a multipart/form-data body.");
        Error::field(field, text)
    }
}

impl Upload {
    pub(crate) fn new(parts: &Parts, body: Body) -> Upload {
        Upload {
            headers: parts.headers.clone(),
            body: Mutex::new(body),
        }
    }

    /// Reads all of it. What was received is removed when something is wrong, or when the caller goes away.
    pub(crate) async fn receive(self, app: &App, wanted: Wanted) -> Result<Vec<Arrived>, Error> {
        let boundary = self
            .headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| multer::parse_boundary(value.to_str().ok()?).ok())
            .ok_or_else(|| wanted.none())?;
        let body = self.body.into_inner().unwrap_or_else(PoisonError::into_inner);
        let pace = Arc::new(Pace::default());
        let stream = Paced::new(body, Arc::clone(&pace));
        let mut multipart = Multipart::new(stream, boundary);
        let mut files = Vec::new();
        loop {
            pace.rest();
            let Some(field) = multipart.next_field().await.map_err(|e| broken(&e))? else {
                break;
            };
            if wanted == Wanted::One && !files.is_empty() && wanted.has(field.name()) {
                return Err(Error::field(
                    "file",
                    "Send exactly one file; several go to …/attachments.",
                ));
            }
            if wanted.has(field.name()) && files.len() < FILES {
                let label = wanted.field(files.len());
                files.push(store(app, field, &label, &pace).await?);
            } else {
                pass_over(field, &pace).await?;
            }
        }
        if files.is_empty() {
            return Err(wanted.none());
        }
        Ok(files)
    }
}

async fn store(app: &App, mut field: Field<'_>, label: &str, pace: &Pace) -> Result<Arrived, Error> {
    let name = field.file_name().map(str::to_owned);
    let given = field.headers().get(header::CONTENT_TYPE);
    let media_type = given.and_then(|v| v.to_str().ok()).map(str::to_owned);
    let mut arriving = attachments::arrive(app, label).await?;
    pace.rest();
    while let Some(piece) = field.chunk().await.map_err(|e| broken(&e))? {
        if !piece.is_empty() {
            pace.rest();
        }
        arriving.write(&piece).await?;
    }
    arriving.finish(name.as_deref(), media_type.as_deref()).await
}

async fn pass_over(mut field: Field<'_>, pace: &Pace) -> Result<(), Error> {
    pace.rest();
    while let Some(piece) = field.chunk().await.map_err(|e| broken(&e))? {
        if !piece.is_empty() {
            pace.rest();
        }
    }
    Ok(())
}

/// What the same upload always has in common: names, types and bytes of its files.
pub(crate) fn hash(files: &[Arrived]) -> Vec<u8> {
    let mut hasher = Sha256::new();
    for file in files {
        for text in [&file.name, &file.media_type, file.sha256()] {
            hasher.update(text.len().to_le_bytes());
            hasher.update(text);
        }
    }
    hasher.finalize().to_vec()
}

/// What the stream of a body has to know of its parser.
#[derive(Default)]
struct Pace {
    /// The parser may still have what it needs, and gets nothing when it asks for the first time.
    rests: AtomicBool,
    /// Bytes since the parser made something of them.
    between: AtomicU64,
}

impl Pace {
    /// Before the parser is asked for something new.
    fn rest(&self) {
        self.rests.store(true, Relaxed);
        self.between.store(0, Relaxed);
    }
}

/// Hands out a piece only when the parser can't go on without: it takes all that a stream has at once, whether it needs it or
/// not, which may be the whole body.
struct Paced {
    body: BoxStream<'static, Result<Bytes, axum::Error>>,
    pace: Arc<Pace>,
    total: u64,
}

impl Paced {
    fn new(body: Body, pace: Arc<Pace>) -> Paced {
        Paced {
            body: body.into_data_stream().boxed(),
            pace,
            total: 0,
        }
    }
}

impl Stream for Paced {
    type Item = Result<Bytes, Broken>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.pace.rests.swap(false, Relaxed) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let Poll::Ready(piece) = self.body.poll_next_unpin(cx) else {
            return Poll::Pending;
        };
        let Some(piece) = piece else {
            return Poll::Ready(None);
        };
        let Ok(piece) = piece else {
            return Poll::Ready(Some(Err(Broken::Off)));
        };
        self.pace.rests.store(true, Relaxed);
        let bytes = piece.len() as u64;
        let before = self.pace.between.fetch_add(bytes, Relaxed);
        self.total += bytes;
        Poll::Ready(Some(if before > BETWEEN {
            Err(Broken::Between)
        } else if self.total > UPLOAD {
            Err(Broken::TooLarge)
        } else {
            Ok(piece)
        }))
    }
}

/// Why a stream ends early.
#[derive(Debug, Clone, Copy)]
enum Broken {
    /// The client went away.
    Off,
    /// Too much that is no file.
    Between,
    /// Too much.
    TooLarge,
}

impl Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the upload broke off")
    }
}

impl std::error::Error for Broken {}

fn broken(error: &multer::Error) -> Error {
    let why = match error {
        multer::Error::StreamReadFailed(cause) => cause.downcast_ref::<Broken>().copied(),
        multer::Error::IncompleteStream
        | multer::Error::IncompleteFieldData { .. }
        | multer::Error::IncompleteHeaders => Some(Broken::Off),
        _ => None,
    };
    match why {
        Some(Broken::TooLarge) => Error::TooLarge(UPLOAD),
        Some(Broken::Off) => Error::field("body", "The body ended before it was complete. Send it again."),
        Some(Broken::Between) | None => Error::field(
            "body",
            "The body is no multipart/form-data as RFC 7578 has it. Send each file as a part of its own.",
        ),
    }
}
