//! Request ids: the caller's own if it is sane, else ours.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, LazyLock};

use http::{HeaderMap, HeaderName};
use model::net::RequestId;

/// The header of both directions.
pub(super) const HEADER: HeaderName = HeaderName::from_static("x-request-id");
const LONGEST: usize = 64;

/// Tells this process's ids from another's.
static PROCESS: LazyLock<u32> = LazyLock::new(|| getrandom::u32().unwrap_or_else(|_| std::process::id()));
static NEXT: AtomicU64 = AtomicU64::new(1);

/// The id of a request with these headers.
pub(super) fn of(headers: &HeaderMap) -> RequestId {
    match headers.get(HEADER).and_then(|given| given.to_str().ok()) {
        Some(given) if is_sane(given) => RequestId(Arc::from(given)),
        _ => made(),
    }
}

fn is_sane(id: &str) -> bool {
    (1..=LONGEST).contains(&id.len())
        && id
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

fn made() -> RequestId {
    let mut text = Text::default();
    let _ = write!(text, "{:08x}-{:x}", *PROCESS, NEXT.fetch_add(1, Relaxed));
    RequestId(Arc::from(text.as_str()))
}

/// A short text on the stack.
#[derive(Default)]
struct Text {
    bytes: [u8; 32],
    used: usize,
}

impl Text {
    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.used]).unwrap_or_default()
    }
}

impl std::fmt::Write for Text {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        let end = self.used + text.len();
        self.bytes
            .get_mut(self.used..end)
            .ok_or(std::fmt::Error)?
            .copy_from_slice(text.as_bytes());
        self.used = end;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn takes_only_sane_ids() {
        let mut headers = HeaderMap::new();
        headers.insert(HEADER, "ci-job.42_a".parse().unwrap());
        assert_eq!(&*of(&headers).0, "ci-job.42_a");
        let long = "x".repeat(65);
        for bad in ["", "a b", "a\"b", "<script>", long.as_str()] {
            headers.insert(HEADER, bad.parse().unwrap());
            assert_ne!(&*of(&headers).0, bad);
        }
    }

    #[test]
    fn made_ids_are_sane_and_differ() {
        let ids: HashSet<_> = (0..1000).map(|_| made().0).collect();
        assert_eq!(ids.len(), 1000);
        assert!(ids.iter().all(|id| is_sane(id)));
    }
}
