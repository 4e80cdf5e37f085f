//! Bytes on their way in.

use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::io;
use tempfile::NamedTempFile;
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;

/// Bytes that arrive. Dropping it removes them.
#[derive(Debug)]
pub struct Staging {
    // Dropped before the name is removed.
    file: File,
    named: NamedTempFile,
    hasher: Sha256,
    size: u64,
}

/// Bytes that are complete and synced, but not yet in place. Dropping it removes them.
#[derive(Debug)]
pub struct Staged {
    pub(super) named: NamedTempFile,
    /// SHA-256 of the bytes, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// Bytes.
    pub size: u64,
}

impl Staging {
    pub(super) fn new(named: NamedTempFile) -> io::Result<Staging> {
        Ok(Staging {
            file: File::from_std(named.as_file().try_clone()?),
            named,
            hasher: Sha256::new(),
            size: 0,
        })
    }

    /// Takes the next bytes.
    pub async fn write(&mut self, piece: &[u8]) -> io::Result<()> {
        self.file.write_all(piece).await?;
        self.hasher.update(piece);
        self.size += piece.len() as u64;
        Ok(())
    }

    /// Bytes so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Ends them and syncs them to the disk.
    pub async fn finish(mut self) -> io::Result<Staged> {
        self.file.flush().await?;
        self.file.sync_all().await?;
        let digest = self.hasher.finalize();
        let sha256 = digest.iter().fold(String::with_capacity(64), |mut hex, byte| {
            // Writing to a String can't fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        Ok(Staged {
            named: self.named,
            sha256,
            size: self.size,
        })
    }
}
