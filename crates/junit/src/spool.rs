//! Input that cannot be read twice.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

/// Copies `source`, a pipe for example, into a temporary file without a name, which can be read twice
/// and vanishes when it is closed.
pub fn spool<R: Read>(mut source: R) -> io::Result<BufReader<File>> {
    let mut file = tempfile::tempfile()?;
    io::copy(&mut source, &mut file)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(BufReader::new(file))
}
