//! Which version of the database readers see now, without a transaction: one read of the header of the WAL index.

use std::ffi::OsString;
use std::fs::File;
use std::mem::ManuallyDrop;
use std::path::Path;
use std::sync::OnceLock;

/// Length of one copy of the header; there are two of them, one behind the other
/// (<https://sqlite.org/walformat.html#the_wal_index_header>).
const HEADER: usize = 48;

/// The header of the WAL index as it stood. It holds a counter of transactions, and every commit, of any process,
/// changes it before the commit is acknowledged. Two equal versions mean that nothing was committed between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version([u8; HEADER]);

/// The open WAL index. POSIX drops the locks that SQLite holds on a file as soon as its process closes any
/// descriptor of it, so this one is closed by the end of the process alone.
pub(super) struct Watch {
    path: OsString,
    index: OnceLock<ManuallyDrop<File>>,
}

impl Watch {
    /// Watches the WAL index of a database. SQLite makes it for its first transaction.
    pub(super) fn new(database: &Path) -> Watch {
        let mut path = database.as_os_str().to_owned();
        path.push("-shm");
        Watch {
            path,
            index: OnceLock::new(),
        }
    }

    fn index(&self) -> Option<&File> {
        if self.index.get().is_none() {
            // Of two threads here at once the later one leaves its file open, for the reason above.
            let _ = self.index.set(ManuallyDrop::new(File::open(&self.path).ok()?));
        }
        self.index.get().map(|file| &**file)
    }

    /// The version that a transaction would see that began now. None while a commit is being made known, and where
    /// files cannot be read in this way.
    pub(super) fn see(&self) -> Option<Version> {
        let mut both = [0; 2 * HEADER];
        read(self.index()?, &mut both)?;
        let (first, second) = both.split_at(HEADER);
        if first != second {
            return None;
        }
        first.try_into().ok().map(Version)
    }
}

#[cfg(unix)]
fn read(file: &File, into: &mut [u8]) -> Option<()> {
    use std::os::unix::fs::FileExt as _;
    file.read_exact_at(into, 0).ok()
}

#[cfg(not(unix))]
fn read(_: &File, _: &mut [u8]) -> Option<()> {
    None
}
