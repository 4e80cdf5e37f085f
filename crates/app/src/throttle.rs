//! Failed attempts by address. A valid key or password is never held up by a neighbour's failures:
//! it is checked first, and only failures count (`security.md` A1).

use model::Timestamp;
use model::clock::{MINUTE, SECOND};
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

/// Failures a minute before an address is told to wait.
const BURST: u32 = 30;
/// Addresses that are remembered at most.
const ADDRESSES: usize = 100_000;

/// Mail addresses of nobody that are remembered at most.
const STRANGERS: usize = 10_000;

/// Failures by address in the running minute.
#[derive(Default)]
pub(crate) struct Failures(Mutex<HashMap<IpAddr, (Timestamp, u32)>>);

impl Failures {
    /// Counts a failure. The seconds to wait when there were too many.
    pub(crate) fn count(&self, ip: Option<IpAddr>, now: Timestamp) -> Option<u64> {
        let ip = network(ip?);
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= ADDRESSES {
            seen.retain(|_, (began, _)| now.since(*began) < MINUTE);
        }
        let (began, failures) = seen.entry(ip).or_insert((now, 0));
        if now.since(*began) >= MINUTE {
            (*began, *failures) = (now, 0);
        }
        *failures += 1;
        (*failures > BURST).then(|| seconds(MINUTE - now.since(*began)))
    }
}

/// Microseconds as the seconds that a client has to wait.
pub(crate) fn seconds(micros: i64) -> u64 {
    u64::try_from((micros + SECOND - 1) / SECOND).unwrap_or(0)
}

/// Digest of a mail address.
type Address = [u8; 32];

/// Failed sign-ins with mail addresses that nobody has, by digest: how many in a row, and when the last one came.
#[derive(Default)]
pub(crate) struct Strangers(Mutex<HashMap<Address, (i64, Timestamp)>>);

impl Strangers {
    /// How often somebody tried with this address, and when last.
    pub(crate) fn failures(&self, address: &Address) -> (i64, Option<Timestamp>) {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.get(address).map_or((0, None), |(n, at)| (*n, Some(*at)))
    }

    /// Counts a failure.
    pub(crate) fn count(&self, address: Address, now: Timestamp) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= STRANGERS {
            seen.clear();
        }
        let (failures, last) = seen.entry(address).or_insert((0, now));
        (*failures, *last) = (*failures + 1, now);
    }
}

/// One customer of a provider has a whole /64 of IPv6.
fn network(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(_) => ip,
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => v4.into(),
            None => Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX)).into(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_31st_failure_of_a_minute_waits() {
        let failures = Failures::default();
        let ip: IpAddr = "2001:db8::1".parse().unwrap();
        let neighbour: IpAddr = "2001:db8::2".parse().unwrap();
        let now = Timestamp(1_000 * MINUTE);
        for _ in 0..30 {
            assert_eq!(failures.count(Some(ip), now), None);
        }
        assert_eq!(failures.count(Some(neighbour), now.plus(MINUTE / 2)), Some(30));
        assert_eq!(
            failures.count(Some("2001:db8:0:1::1".parse().unwrap()), now),
            None
        );
        assert_eq!(failures.count(Some(ip), now.plus(MINUTE)), None);
    }
}
