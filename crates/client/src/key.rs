//! Keys by which a server knows that a request is repeated.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

/// The value of `Idempotency-Key` of one write. All attempts of one request carry the same key, two requests never do;
/// a server that knows the header does the work once and gives the same answer again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RequestKey(String);

impl RequestKey {
    /// A new key of 128 random bits.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub fn random() -> std::io::Result<RequestKey> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
        let mut text = String::with_capacity(32);
        for byte in bytes {
            let _ = write!(text, "{byte:02x}");
        }
        Ok(RequestKey(text))
    }

    /// The key of part `number` of a whole that has this key, so that one kept key stands for many requests.
    #[must_use]
    pub fn part(&self, number: u64) -> RequestKey {
        RequestKey(format!("{}-{number}", self.0))
    }

    /// As the header has it: up to 64 characters of visible ASCII.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_differ_and_their_parts_are_told_apart() {
        let (one, other) = (RequestKey::random().unwrap(), RequestKey::random().unwrap());
        assert_ne!(one, other);
        assert_eq!(one.as_str().len(), 32);
        assert_eq!(one.part(7), one.part(7));
        assert_ne!(one.part(7), one.part(8));
        assert!(one.part(u64::MAX).as_str().len() <= 64);
    }
}
