//! The limit of open files: each connection takes one.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Files that the server needs beside its connections: database, logs, uploads.
const OTHERS: u64 = 128;

/// Open files that `connections` served and as many waiting ones need.
pub(crate) fn needed(connections: usize) -> u64 {
    2 * connections as u64 + OTHERS
}

/// The limit that the process has, and the one that it may take; nothing means none.
pub(crate) fn present() -> (Option<u64>, Option<u64>) {
    let limit = getrlimit(Resource::Nofile);
    (limit.current, limit.maximum)
}

/// Raises the limit as far as the system lets us, and says so when it is not enough.
pub(crate) fn raise(connections: usize) {
    let needed = needed(connections);
    let (current, maximum) = present();
    if current.is_none_or(|current| current >= needed) {
        return;
    }
    let target = maximum.map_or(needed, |maximum| maximum.min(needed));
    let raised = setrlimit(
        Resource::Nofile,
        Rlimit {
            current: Some(target),
            maximum,
        },
    );
    if raised.is_err() || target < needed {
        tracing::warn!(
            needed,
            limit = target,
            "the limit of open files is low; raise it (ulimit -n, LimitNOFILE) or lower limits.connections"
        );
    }
}
