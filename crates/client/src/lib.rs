//! Typed client of the REST API v1, for any Testmo-compatible instance.
//!
//! A [`Client`] talks to one [`Instance`]. Each resource has its own file with its models and its calls. Every call
//! is repeated by itself where that is safe, see [`Patience`], and fails with an [`Error`] that says what kind of
//! failure it was.
//!
//! ```no_run
//! use client::{Client, Instance, RequestKey, automation_runs::NewRun};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let instance: Instance = "https://attest.example.com".parse()?;
//! let client = Client::builder(instance, "att_usr_…".into()).build()?;
//! let run = NewRun { name: "Nightly".into(), source: "backend".into(), ..NewRun::default() };
//! let id = client.create_automation_run(1, &run, &RequestKey::random()?).await?;
//! client.complete_automation_run(id, false, &RequestKey::random()?).await?;
//! # Ok(())
//! # }
//! ```

pub mod api;
pub mod automation_parts;
pub mod automation_runs;
pub mod automation_sources;
pub mod automation_threads;
mod builder;
mod error;
mod instance;
mod key;
mod page;
mod patience;
pub mod projects;
mod retry_after;
mod transport;
pub mod users;

pub use builder::{Builder, SetupError};
pub use error::{Error, FieldError, Refusal};
pub use instance::{AddressError, Instance};
pub use key::RequestKey;
pub use page::{Page, PageSize};
pub use patience::Patience;
pub use transport::{Client, Trace};
