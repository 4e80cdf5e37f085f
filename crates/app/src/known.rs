//! Keys that were looked up, for as long as nothing at all was committed since: by this process or by another one.
//! A look-up costs more than the rest of a small request, and clients ask for `GET /user` and the like in rows.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use store::Version;
use store::key::Presented;

/// Most keys that are kept.
const MOST: usize = 10_000;

#[derive(Default)]
pub(crate) struct Known(Mutex<Option<Seen>>);

struct Seen {
    version: Version,
    keys: HashMap<[u8; 32], Presented>,
}

impl Known {
    /// The key with this digest, if it was looked up in this very version of the database.
    pub(crate) fn get(&self, version: Option<Version>, digest: &[u8; 32]) -> Option<Presented> {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = seen.as_ref().filter(|seen| Some(seen.version) == version)?;
        seen.keys.get(digest).cloned()
    }

    /// Keeps a key that was looked up while the version was `version` before and `after`.
    pub(crate) fn keep(
        &self,
        version: Option<Version>,
        after: Option<Version>,
        digest: [u8; 32],
        key: &Presented,
    ) {
        let Some(version) = version.filter(|_| version == after) else {
            return;
        };
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = match &mut *seen {
            Some(seen) if seen.version == version && seen.keys.len() < MOST => seen,
            other => other.insert(Seen {
                version,
                keys: HashMap::new(),
            }),
        };
        seen.keys.insert(digest, key.clone());
    }
}
