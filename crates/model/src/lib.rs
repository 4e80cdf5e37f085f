//! The vocabulary of Attest: ids, statuses, rights, keys, editions, validation and the clock.
//!
//! Everything here is plain data and pure functions. There is no I/O and nothing asynchronous, so any other
//! crate may depend on it.

pub mod automation;
pub mod clock;
pub mod data_set;
pub mod edition;
pub mod field;
pub mod file;
pub mod id;
pub mod key;
pub mod net;
pub mod notice;
pub mod page;
pub mod retention;
pub mod rights;
pub mod status;
pub mod text;

pub use clock::{Clock, SystemClock, Timestamp};
pub use edition::Edition;
pub use field::{Entity, FieldType};
pub use id::*;
pub use notice::NoticeKind;
pub use rights::{Action, Area, Right, Rights, Scope};
