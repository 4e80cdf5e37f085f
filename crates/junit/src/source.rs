//! Bytes of a result file as valid UTF-8, with their position and a limit.

use std::error::Error;
use std::io::{self, BufRead, Read, Seek, SeekFrom};

use crate::MAX_TEXT;

/// Bytes that are handed out for one event: the longest text, what surrounds it, and a look ahead.
const BUDGET: usize = MAX_TEXT + 64;
const REPLACEMENT: &[u8] = "\u{FFFD}".as_bytes();

/// Hands out the bytes of `inner` as UTF-8: like Testmo's command line, a byte sequence that is not
/// UTF-8 becomes U+FFFD whatever encoding the file declares.
pub(crate) struct Source<R> {
    inner: R,
    /// Bytes taken from `inner` so far.
    position: u64,
    /// Bytes at the start of `inner`'s buffer that are known to be whole characters.
    valid: usize,
    /// A character that is not contiguous in `inner`'s buffer: split over two, or a replacement.
    patch: Patch,
    /// Bytes that may be handed out before [`Source::renew_budget`] is called again.
    budget: usize,
}

#[derive(Default)]
struct Patch {
    bytes: [u8; 4],
    start: usize,
    end: usize,
}

impl Patch {
    fn set(&mut self, bytes: &[u8]) {
        self.bytes[..bytes.len()].copy_from_slice(bytes);
        (self.start, self.end) = (0, bytes.len());
    }

    fn rest(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }
}

impl<R> Source<R> {
    pub(crate) fn new(inner: R) -> Self {
        Self {
            inner,
            position: 0,
            valid: 0,
            patch: Patch::default(),
            budget: BUDGET,
        }
    }

    /// Offset in the file of the next byte. Exact before and after markup.
    pub(crate) fn position(&self) -> u64 {
        self.position
    }

    /// Allows [`BUDGET`] bytes more. Beyond that reading fails, see [`is_too_long`].
    pub(crate) fn renew_budget(&mut self) {
        self.budget = BUDGET;
    }
}

impl<R: Seek> Source<R> {
    pub(crate) fn seek_to(&mut self, position: u64) -> io::Result<()> {
        self.inner.seek(SeekFrom::Start(position))?;
        self.position = position;
        self.valid = 0;
        self.patch = Patch::default();
        Ok(())
    }
}

impl<R: BufRead> Source<R> {
    /// Finds out how much of `inner`'s buffer is valid, or makes a patch when its start is not.
    fn refill(&mut self) -> io::Result<()> {
        let chunk = self.inner.fill_buf()?;
        match std::str::from_utf8(chunk) {
            Ok(text) => self.valid = text.len(),
            Err(error) if error.valid_up_to() > 0 => self.valid = error.valid_up_to(),
            Err(_) => self.mend()?,
        }
        Ok(())
    }

    /// Takes one character byte by byte, or a replacement for the longest start of one.
    fn mend(&mut self) -> io::Result<()> {
        let mut bytes = [0; 4];
        for length in 0..bytes.len() {
            let Some(byte) = self.peek()? else { break };
            bytes[length] = byte;
            let sequence = &bytes[..=length];
            match std::str::from_utf8(sequence) {
                Ok(_) => {
                    self.patch.set(sequence);
                    self.take_one();
                    return Ok(());
                }
                Err(error) if error.error_len().is_none() => self.take_one(),
                Err(_) => {
                    if length == 0 {
                        self.take_one();
                    }
                    break;
                }
            }
        }
        self.patch.set(REPLACEMENT);
        Ok(())
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            match self.inner.fill_buf() {
                Ok(chunk) => return Ok(chunk.first().copied()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn take_one(&mut self) {
        self.inner.consume(1);
        self.position += 1;
    }
}

impl<R: BufRead> BufRead for Source<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.budget == 0 {
            return Err(io::Error::other(TooLong));
        }
        if self.valid == 0 && self.patch.rest().is_empty() {
            self.refill()?;
        }
        if self.patch.rest().is_empty() {
            let usable = self.valid.min(self.budget);
            return Ok(if usable == 0 {
                &[]
            } else {
                &self.inner.fill_buf()?[..usable]
            });
        }
        Ok(self.patch.rest())
    }

    fn consume(&mut self, amount: usize) {
        self.budget = self.budget.saturating_sub(amount);
        if self.patch.rest().is_empty() {
            self.inner.consume(amount);
            self.valid -= amount;
            self.position += amount as u64;
        } else {
            self.patch.start += amount;
        }
    }
}

impl<R: BufRead> Read for Source<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the budget of one event is used up")]
struct TooLong;

/// Whether `error` says that the budget was used up.
pub(crate) fn is_too_long(error: &io::Error) -> bool {
    error
        .get_ref()
        .is_some_and(<dyn Error + Send + Sync>::is::<TooLong>)
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Cursor};

    use super::*;

    fn lossy(bytes: &[u8], chunk: usize) -> String {
        let mut source = Source::new(BufReader::with_capacity(chunk, Cursor::new(bytes)));
        let mut text = String::new();
        source.read_to_string(&mut text).expect("always valid UTF-8");
        assert_eq!(source.position(), bytes.len() as u64);
        text
    }

    #[test]
    fn invalid_sequences_become_replacement_characters_in_every_chunking() {
        let samples: [&[u8]; 6] = [
            "plain, é, €, 😀".as_bytes(),
            b"caf\xe9 <\xe2\x82< \xf0\x9f\x98",
            b"\xff\xfe\x80\x80",
            b"\xed\xa0\x80 surrogate",
            b"\xe2\x82",
            b"",
        ];
        for sample in samples {
            for chunk in 1..9 {
                assert_eq!(
                    lossy(sample, chunk),
                    String::from_utf8_lossy(sample),
                    "chunk {chunk}"
                );
            }
        }
    }

    #[test]
    fn the_budget_ends_and_is_renewed() {
        let mut source = Source::new(Cursor::new(b"abcdef"));
        source.budget = 2;
        assert_eq!(source.fill_buf().expect("in budget").len(), 2);
        source.consume(2);
        assert!(is_too_long(&source.fill_buf().expect_err("used up")));
        source.renew_budget();
        assert_eq!(source.fill_buf().expect("renewed").len(), 4);
    }
}
