//! How long and how often a call is repeated.

use std::time::Duration;

/// How often a call is repeated, and how long it waits in between: twice as long each time, up to a limit, less a
/// random part (full jitter, <https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/>). A
/// `Retry-After` of the server is waited for in full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Longest wait before the first repetition.
    pub first: Duration,
    /// Longest wait between two attempts, unless the server asks for more.
    pub longest: Duration,
    /// All waits of one call together; a call whose next wait would exceed it fails.
    pub total: Duration,
    /// Most repetitions while the server has never been reached: a wrong address should be told soon.
    pub unreached: u32,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience {
            first: Duration::from_millis(500),
            longest: Duration::from_secs(10),
            total: Duration::from_mins(2),
            unreached: 3,
        }
    }
}

impl Patience {
    /// No repetition at all.
    pub const NONE: Patience = Patience {
        first: Duration::ZERO,
        longest: Duration::ZERO,
        total: Duration::ZERO,
        unreached: 0,
    };

    /// The wait before repetition `number`, counted from 0. `chance` is a random number.
    pub(crate) fn pause(&self, number: u32, chance: u32) -> Duration {
        let ceiling = self
            .first
            .saturating_mul(2_u32.saturating_pow(number.min(20)))
            .min(self.longest);
        // Never less than half, so that attempts spread over the time that was allowed.
        let share = 0.5 + 0.5 * (f64::from(chance) / f64::from(u32::MAX));
        ceiling.mul_f64(share)
    }
}

/// The waits of one call.
pub(crate) struct Waiting {
    patience: Patience,
    waited: Duration,
    number: u32,
}

impl Waiting {
    pub(crate) fn new(patience: Patience) -> Waiting {
        Waiting {
            patience,
            waited: Duration::ZERO,
            number: 0,
        }
    }

    /// How long to wait now; none when the patience is at its end. `asked` is what the server asks for.
    pub(crate) fn next(&mut self, asked: Option<Duration>, has_reached: bool) -> Option<Duration> {
        let chance = getrandom::u32().unwrap_or_default();
        let pause = asked.unwrap_or_else(|| self.patience.pause(self.number, chance));
        let is_lost = !has_reached && self.number >= self.patience.unreached;
        self.number = self.number.saturating_add(1);
        self.waited = self.waited.saturating_add(pause.max(Duration::from_millis(1)));
        (!is_lost && self.waited <= self.patience.total).then_some(pause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_limit_and_are_spread() {
        let patience = Patience::default();
        let longest: Vec<u128> = (0..7).map(|n| patience.pause(n, u32::MAX).as_millis()).collect();
        assert_eq!(longest, [500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
        assert_eq!(patience.pause(2, 0).as_millis(), 1000);
        assert_eq!(patience.pause(u32::MAX, 0).as_millis(), 5000);
        assert_eq!(Patience::NONE.pause(3, 5), Duration::ZERO);
    }
}
