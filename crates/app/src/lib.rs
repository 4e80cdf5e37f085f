//! The use cases of Attest. Each one authorises, works in one transaction, and writes its audit row there.
//!
//! `api` and `web` call the same functions. Nothing here knows of HTTP; SQL stays in `store`.

pub mod account;
pub mod actor;
mod address;
pub mod api_users;
pub mod attachments;
pub mod audit;
pub mod automation;
pub mod blobs;
pub mod cases;
mod changes;
mod clean;
pub mod custom;
pub mod definitions;
mod error;
pub mod folders;
pub mod groups;
pub mod issues;
mod jobs;
pub mod keyring;
pub mod keys;
mod known;
pub mod login;
pub mod lookups;
pub mod members;
pub mod milestones;
pub mod notifications;
pub mod once;
mod password;
pub mod people;
pub mod projects;
mod random;
pub mod reach;
pub mod roles;
pub mod runs;
pub mod sessions;
pub mod settings;
pub mod setup;
pub mod shared_steps;
mod throttle;
pub mod tree;
pub mod users;
mod uses;
pub mod views;

pub use actor::{Actor, Request};
pub use blobs::Blobs;
pub use error::{Error, FieldError, Reason, Result};
pub use jobs::Jobs;
pub use keyring::Keyring;
pub use once::{Answer, Claim};
pub use random::{OsRandom, Random};

use model::{Clock, Timestamp};
use std::sync::{Arc, PoisonError, RwLock};
use store::{Db, Tx};

/// Everything the use cases need. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    db: Db,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    keyring: Keyring,
    blobs: Blobs,
    passwords: password::Passwords,
    failures: throttle::Failures,
    strangers: throttle::Strangers,
    known: known::Known,
    tests: Arc<store::automation::known::Known>,
    uses: uses::Uses,
    public_url: RwLock<Option<Arc<str>>>,
}

/// What an [`App`] is made of.
pub struct Options {
    /// A database whose migrations have run.
    pub db: Db,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
    /// Keys that lie outside the database.
    pub keyring: Keyring,
    /// Where uploaded files lie.
    pub blobs: Blobs,
}

impl App {
    /// Starts on a database: makes the factory roles and statuses when it is new.
    pub async fn open(o: Options) -> Result<App> {
        let now = o.clock.now();
        let stored: Option<String> =
            o.db.write(move |tx| {
                tx.lock(0)?;
                store::role::seed(tx, now)?;
                store::status::seed(tx)?;
                store::setting::get(tx, store::setting::PUBLIC_URL)
            })
            .await
            .map_err(Error::Store)?;
        let public_url = stored.and_then(|json| serde_json::from_str::<String>(&json).ok());
        Ok(App(Arc::new(Inner {
            db: o.db,
            clock: o.clock,
            random: o.random,
            passwords: password::Passwords::new(),
            failures: throttle::Failures::default(),
            strangers: throttle::Strangers::default(),
            known: known::Known::default(),
            tests: Arc::default(),
            uses: uses::Uses::default(),
            keyring: o.keyring,
            blobs: o.blobs,
            public_url: RwLock::new(public_url.map(Arc::from)),
        })))
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.0.db
    }

    /// The present instant.
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// The address under which people and clients reach the instance, without a slash at its end.
    pub fn public_url(&self) -> Option<Arc<str>> {
        self.0
            .public_url
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Uses this address from now on, whatever the database says: it comes from the configuration.
    pub fn set_public_url(&self, url: &str) {
        let url = url.trim_end_matches('/');
        *self.0.public_url.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::from(url));
    }

    fn blobs(&self) -> &Blobs {
        &self.0.blobs
    }

    /// Random bytes.
    fn random_bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.random.fill(&mut bytes);
        bytes
    }

    async fn read<T, F>(&self, f: F) -> Result<T>
    where
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        self.0.db.read(f).await
    }

    async fn write<T, F>(&self, f: F) -> Result<T>
    where
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        self.0.db.write(f).await
    }
}
