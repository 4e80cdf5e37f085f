//! The cap on connections per address, and the queue behind it.
//!
//! Continuous integration leaves through one address with a new connection for each request, so a connection counts
//! only until it has shown a valid key or session, and one too many waits instead of being refused. While some wait,
//! those that have a place and don't ask anything lose it soon.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Addresses remembered before those without a connection are forgotten.
const SWEEP_AT: usize = 4096;

/// Counts the unknown connections of each address.
#[derive(Debug)]
pub struct Gate {
    most: usize,
    addresses: Mutex<HashMap<IpAddr, Weak<Address>>>,
}

#[derive(Debug)]
struct Address {
    places: Arc<Semaphore>,
    waiting: AtomicUsize,
}

/// A connection's place among the unknown ones of its address.
#[derive(Debug, Default)]
pub struct Place(Option<Taken>);

#[derive(Debug)]
struct Taken {
    address: Arc<Address>,
    _permit: OwnedSemaphorePermit,
}

impl Place {
    /// A place that counts nowhere: a trusted proxy's, or a test's.
    pub fn uncounted() -> Place {
        Place(None)
    }

    /// Frees the place for the next connection.
    pub fn give_up(&mut self) {
        self.0 = None;
    }

    /// Whether it counts.
    pub(crate) fn is_counted(&self) -> bool {
        self.0.is_some()
    }

    /// Whether others of the address wait for it.
    pub(crate) fn is_wanted(&self) -> bool {
        self.0
            .as_ref()
            .is_some_and(|taken| taken.address.waiting.load(Relaxed) > 0)
    }
}

impl Gate {
    /// At most `most` unknown connections per address.
    pub fn new(most: usize) -> Gate {
        Gate {
            most,
            addresses: Mutex::new(HashMap::new()),
        }
    }

    /// A place at once, or the queue to wait in (first come, first served).
    ///
    /// # Errors
    /// The queue of the address, when all its places are taken.
    pub fn enter(&self, ip: IpAddr) -> Result<Place, Queue> {
        let address = self.address(ip);
        match Arc::clone(&address.places).try_acquire_owned() {
            Ok(permit) => Ok(Place::taken(address, permit)),
            Err(_) => Err(Queue::join(address)),
        }
    }

    fn address(&self, ip: IpAddr) -> Arc<Address> {
        let mut addresses = self.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        let key = network(ip);
        if let Some(address) = addresses.get(&key).and_then(Weak::upgrade) {
            return address;
        }
        if addresses.len() >= SWEEP_AT {
            addresses.retain(|_, address| address.strong_count() > 0);
        }
        let address = Arc::new(Address {
            places: Arc::new(Semaphore::new(self.most)),
            waiting: AtomicUsize::new(0),
        });
        addresses.insert(key, Arc::downgrade(&address));
        address
    }
}

impl Place {
    fn taken(address: Arc<Address>, permit: OwnedSemaphorePermit) -> Place {
        Place(Some(Taken {
            address,
            _permit: permit,
        }))
    }
}

/// A connection in the queue of its address, whose places are all taken.
#[derive(Debug)]
pub struct Queue(Arc<Address>);

impl Queue {
    fn join(address: Arc<Address>) -> Queue {
        address.waiting.fetch_add(1, Relaxed);
        Queue(address)
    }

    /// Waits for a place.
    pub async fn place(self) -> Place {
        match Arc::clone(&self.0.places).acquire_owned().await {
            Ok(permit) => Place::taken(Arc::clone(&self.0), permit),
            Err(_) => Place::uncounted(),
        }
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Relaxed);
    }
}

/// An IPv4 address, or the /64 of an IPv6 address, which one customer usually owns whole.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.into(),
        IpAddr::V6(v6) => Ipv6Addr::from(u128::from(v6) & !u128::from(u64::MAX)).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_v6_network_shares_its_places() {
        let gate = Gate::new(1);
        let first = gate.enter("2001:db8::1".parse().unwrap());
        assert!(first.is_ok());
        assert!(gate.enter("2001:db8::ffff".parse().unwrap()).is_err());
        assert!(gate.enter("2001:db8:0:1::1".parse().unwrap()).is_ok());
        drop(first);
        assert!(gate.enter("2001:db8::ffff".parse().unwrap()).is_ok());
    }

    #[test]
    fn a_mapped_address_is_the_v4_address() {
        let gate = Gate::new(1);
        let _first = gate.enter("::ffff:192.0.2.1".parse().unwrap()).unwrap();
        assert!(gate.enter("192.0.2.1".parse().unwrap()).is_err());
    }

    #[tokio::test]
    async fn the_next_in_the_queue_gets_the_place_that_is_given_up() {
        let gate = Gate::new(1);
        let address = "192.0.2.1".parse().unwrap();
        let mut first = gate.enter(address).unwrap();
        let queue = gate.enter(address).unwrap_err();
        assert!(first.is_wanted());
        let waiting = tokio::spawn(queue.place());
        first.give_up();
        assert!(waiting.await.unwrap().is_counted());
    }

    #[test]
    fn forgets_addresses_without_connections() {
        let gate = Gate::new(1);
        for n in 0..=u32::try_from(SWEEP_AT).unwrap() {
            drop(gate.enter(IpAddr::V4(n.into())));
        }
        assert!(gate.addresses.lock().unwrap().len() <= SWEEP_AT);
    }
}
