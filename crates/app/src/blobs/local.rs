//! A folder of blobs: `tmp/` for what arrives, `ab/cd/SHA256` for what is kept.

use super::Staged;
use model::Timestamp;
use std::fs::{self, DirBuilder, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;
use tempfile::NamedTempFile;

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

    /// Where a blob lies. Only a hash makes a path, whatever a database says.
    pub(super) fn path(&self, sha256: &str) -> io::Result<PathBuf> {
        let is_hash = sha256.len() == 64 && sha256.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if !is_hash {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "name a blob by its SHA-256 in lower-case hexadecimal digits",
            ));
        }
        Ok(self.folder.join(&sha256[..2]).join(&sha256[2..4]).join(sha256))
    }

    pub(super) fn temporary(&self) -> io::Result<NamedTempFile> {
        let tmp = self.tmp();
        make(&tmp)?;
        tempfile::Builder::new().prefix(PREFIX).tempfile_in(tmp)
    }

    pub(super) fn keep(&self, staged: Staged) -> io::Result<()> {
        let path = self.path(&staged.sha256)?;
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
