//! Who may queue: counts and bytes are bounded, so that a flood is refused instead of eating the memory.

use super::{Error, Options, Result};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError};

/// Bytes are counted in units of this many.
const UNIT: usize = 1024;

/// Bounds what is queued or running.
pub(super) struct Admission {
    queue: Bound,
    ingest: Bound,
    bytes: Bound,
    long: Bound,
    wait: Duration,
}

struct Bound {
    semaphore: Arc<Semaphore>,
    size: usize,
}

/// A place in the queue; given back when dropped.
pub(super) struct Permit {
    _place: OwnedSemaphorePermit,
    _bytes: Option<OwnedSemaphorePermit>,
}

impl Admission {
    /// `ingest` and `long`: how many ingests may be queued or run, and how many long reads may run.
    pub(super) fn new(options: &Options, ingest: usize, long: usize) -> Self {
        Admission {
            queue: Bound::new(options.queue),
            ingest: Bound::new(ingest),
            bytes: Bound::new(options.ingest_bytes / UNIT),
            long: Bound::new(long),
            wait: options.ingest_wait,
        }
    }

    /// A place at once, or `Busy`.
    pub(super) fn now(&self) -> Result<Permit> {
        match self.queue.semaphore.clone().try_acquire_owned() {
            Ok(place) => Ok(Permit {
                _place: place,
                _bytes: None,
            }),
            Err(TryAcquireError::NoPermits) => Err(Error::Busy),
            Err(TryAcquireError::Closed) => Err(Error::Closed),
        }
    }

    /// A place for an ingest that keeps `bytes` in memory: first come, first served, `Busy` after the wait.
    pub(super) async fn ingest(&self, bytes: usize) -> Result<Permit> {
        let admitted = async {
            let place = self.ingest.take(1).await?;
            let bytes = self.bytes.take(bytes.div_ceil(UNIT)).await?;
            Ok(Permit {
                _place: place,
                _bytes: Some(bytes),
            })
        };
        tokio::time::timeout(self.wait, admitted)
            .await
            .unwrap_or(Err(Error::Busy))
    }

    /// A place for a long read, first come, first served.
    pub(super) async fn long(&self) -> Result<Permit> {
        let place = self.long.take(1).await?;
        Ok(Permit {
            _place: place,
            _bytes: None,
        })
    }

    /// Refuses everybody from now on, also those who wait.
    pub(super) fn close(&self) {
        for bound in [&self.queue, &self.ingest, &self.bytes, &self.long] {
            bound.semaphore.close();
        }
    }

    /// Closures and ingests that are queued or running.
    pub(super) fn depth(&self) -> (usize, usize) {
        (self.queue.used(), self.ingest.used())
    }
}

impl Bound {
    fn new(size: usize) -> Self {
        let size = size.clamp(1, Semaphore::MAX_PERMITS);
        Bound {
            semaphore: Arc::new(Semaphore::new(size)),
            size,
        }
    }

    /// More than there is at all counts as all of it, so that it can run alone.
    async fn take(&self, permits: usize) -> Result<OwnedSemaphorePermit> {
        let permits = u32::try_from(permits.clamp(1, self.size)).unwrap_or(u32::MAX);
        self.semaphore
            .clone()
            .acquire_many_owned(permits)
            .await
            .map_err(|_| Error::Closed)
    }

    fn used(&self) -> usize {
        self.size - self.semaphore.available_permits()
    }
}
