//! How slow the other side may be: a credit of time that waiting spends and bytes earn.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep_until};

use crate::config::Limits;

/// The patience with one direction of a transfer.
///
/// Waiting for the other side spends the credit, `rate` bytes earn a second of it. It begins with `grace` and never
/// holds more than three times that, so that a fast beginning does not pay for an endless stall.
#[derive(Debug)]
pub(crate) struct Pace {
    rate: u64,
    most: Duration,
    credit: Duration,
    waiting_since: Option<Instant>,
    timer: Option<Pin<Box<Sleep>>>,
}

/// The credit is spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooSlow;

impl Pace {
    pub(crate) fn new(limits: &Limits) -> Pace {
        Pace {
            rate: limits.rate,
            most: limits.grace * 3,
            credit: limits.grace,
            waiting_since: None,
            timer: None,
        }
    }

    /// Bytes moved. Returns how long they were waited for.
    pub(crate) fn moved(&mut self, bytes: usize) -> Duration {
        let waited = self
            .waiting_since
            .take()
            .map_or(Duration::ZERO, |since| since.elapsed());
        let micros = (bytes as u64).saturating_mul(1_000_000) / self.rate.max(1);
        self.credit = self
            .most
            .min(self.credit.saturating_sub(waited) + Duration::from_micros(micros));
        waited
    }

    /// The other side makes us wait: ready once it has done so for too long.
    pub(crate) fn poll_wait(&mut self, cx: &mut Context<'_>) -> Poll<TooSlow> {
        let end = *self.waiting_since.get_or_insert_with(Instant::now) + self.credit;
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(end)));
        // The timer is moved only when it fires early: setting it for every chunk costs more than the chunk.
        if timer.deadline() > end {
            timer.as_mut().reset(end);
        }
        while timer.as_mut().poll(cx).is_ready() {
            if Instant::now() >= end {
                return Poll::Ready(TooSlow);
            }
            timer.as_mut().reset(end);
        }
        Poll::Pending
    }

    /// Whether the other side is making us wait now.
    pub(crate) fn is_waiting(&self) -> bool {
        self.waiting_since.is_some()
    }
}
