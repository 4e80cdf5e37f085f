//! Tests of sources that were looked up lately. PostgreSQL spends as long on looking up a test as on writing its result,
//! and night after night the same tests come.

use super::case::Case;
use crate::Tx;
use model::automation::NewTest;
use model::{AutomationCaseId, SourceId};
use std::collections::HashMap;
use std::hash::{BuildHasher as _, Hash, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Most tests that are kept, about 20 MB.
const MOST: usize = 200_000;

/// Ids of tests by what their results say of them. Rows of `automation_cases` do not change, and go only with their
/// source, whose id does not come again. Only what a transaction found, not what it made, is kept: a rollback can't undo it.
/// A server that went back in time (a restore, a replica in place of its primary) has ended its connections,
/// and a new connection makes all of this forgotten. Nothing is kept on SQLite, where a look-up costs two microseconds.
#[derive(Debug, Default)]
pub struct Known {
    tests: Mutex<Seen>,
    one: RandomState,
    other: RandomState,
}

#[derive(Debug, Default)]
struct Seen {
    connections: u64,
    ids: HashMap<u128, (AutomationCaseId, u128)>,
}

impl Known {
    /// For each result the id of its test, where it is known and is described just so.
    pub(super) fn find(
        &self,
        tx: &Tx<'_>,
        source: SourceId,
        tests: &[NewTest],
    ) -> Vec<Option<AutomationCaseId>> {
        let Some(connections) = tx.connections() else {
            return vec![None; tests.len()];
        };
        let asked: Vec<(u128, u128)> = tests
            .iter()
            .map(|t| {
                (
                    self.key(source, &t.key),
                    self.text(&t.name, &t.folder, t.file.as_deref(), t.line),
                )
            })
            .collect();
        let seen = self.seen(connections);
        let id = |(key, text): &(u128, u128)| seen.ids.get(key).filter(|(_, t)| t == text).map(|(id, _)| *id);
        asked.iter().map(id).collect()
    }

    /// Keeps tests that a transaction found.
    pub(super) fn keep<'c>(
        &self,
        tx: &Tx<'_>,
        source: SourceId,
        cases: impl Iterator<Item = (&'c str, &'c Case)>,
    ) {
        let Some(connections) = tx.connections() else {
            return;
        };
        let found: Vec<_> = cases
            .map(|(key, c)| {
                let text = self.text(&c.name, &c.folder, c.file.as_deref(), c.line);
                (self.key(source, key), (c.id, text))
            })
            .collect();
        let mut seen = self.seen(connections);
        if seen.ids.len() + found.len() > MOST {
            seen.ids.clear();
        }
        seen.ids.extend(found);
    }

    fn seen(&self, connections: u64) -> MutexGuard<'_, Seen> {
        let mut seen = self.tests.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.connections != connections {
            seen.ids.clear();
            seen.connections = connections;
        }
        seen
    }

    fn key(&self, source: SourceId, key: &str) -> u128 {
        self.hash((source.0, key))
    }

    fn text(&self, name: &str, folder: &str, file: Option<&str>, line: Option<i64>) -> u128 {
        self.hash((name, folder, file, line))
    }

    /// 128 bits under keys of this process: nobody can make two texts with one hash.
    fn hash(&self, value: impl Hash) -> u128 {
        u128::from(self.one.hash_one(&value)) << 64 | u128::from(self.other.hash_one(&value))
    }
}
