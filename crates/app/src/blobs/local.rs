//! A folder of blobs: `tmp/` for what arrives, `ab/cd/PLACE` for what is kept.

use super::{PIECE, Pieces, Staged, relative};
use bytes::Bytes;
use futures_util::stream;
use model::Timestamp;
use std::fs::{self, DirBuilder, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;
use store::blob::Place;
use tempfile::NamedTempFile;
use tokio::io::AsyncReadExt as _;

/// What temporary names begin with; nothing else is removed from `tmp/`.
const PREFIX: &str = "upload-";

#[derive(Debug)]
pub(super) struct Local {
    folder: PathBuf,
}

impl Local {
    pub(super) fn new(folder: PathBuf) -> Local {
        Local { folder }
    }

    fn tmp(&self) -> PathBuf {
        self.folder.join("tmp")
    }

    fn path(&self, place: &Place) -> io::Result<PathBuf> {
        Ok(self.folder.join(relative(place)?))
    }

    pub(super) fn temporary(&self) -> io::Result<NamedTempFile> {
        let tmp = self.tmp();
        make(&tmp)?;
        tempfile::Builder::new().prefix(PREFIX).tempfile_in(tmp)
    }

    pub(super) fn keep(&self, staged: Staged, place: &Place) -> io::Result<()> {
        let path = self.path(place)?;
        let Some(folder) = path.parent() else {
            return Err(io::ErrorKind::InvalidInput.into());
        };
        make(folder)?;
        staged.named.persist(&path).map_err(|e| e.error)?;
        // The name, and the folders that were perhaps just made.
        let up_to_ours = folder.ancestors().take_while(|it| it.starts_with(&self.folder));
        for folder in up_to_ours {
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    }

    pub(super) async fn read(&self, place: &Place) -> io::Result<Pieces> {
        let file = tokio::fs::File::open(self.path(place)?).await?;
        Ok(Box::pin(stream::try_unfold(file, |mut file| async move {
            let mut piece = vec![0; PIECE];
            let read = file.read(&mut piece).await?;
            piece.truncate(read);
            Ok((read > 0).then(|| (Bytes::from(piece), file)))
        })))
    }

    pub(super) async fn delete(&self, place: &Place) -> io::Result<()> {
        match tokio::fs::remove_file(self.path(place)?).await {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            done => done,
        }
    }

    /// Bytes that are free for the server where it writes; the folder may be absent.
    pub(super) fn free(&self) -> io::Result<u64> {
        let there = self.folder.ancestors().find(|it| it.exists());
        let found = rustix::fs::statvfs(there.unwrap_or(Path::new(".")))?;
        Ok(found.f_bavail.saturating_mul(found.f_frsize))
    }

    pub(super) fn clean_up(&self, before: Timestamp) -> io::Result<usize> {
        let entries = match fs::read_dir(self.tmp()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
            entries => entries?,
        };
        let mut removed = 0;
        for entry in entries {
            let entry = entry?;
            let is_ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
            // An upload may end meanwhile and take its file away.
            let Ok(written) = entry.metadata().and_then(|m| m.modified()) else {
                continue;
            };
            let written = written.duration_since(UNIX_EPOCH).unwrap_or_default();
            let is_old = i64::try_from(written.as_micros()).is_ok_and(|at| at < before.0);
            if is_ours && is_old && fs::remove_file(entry.path()).is_ok() {
                removed += 1;
            }
        }
        Ok(removed)
    }
}

/// Makes a folder for the server alone.
fn make(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.recursive(true).create(folder)
}
