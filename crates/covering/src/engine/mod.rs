//! The general engine: greedy rows, then a search for fewer.

pub(crate) mod greedy;
pub(crate) mod rules;
pub(crate) mod search;
pub(crate) mod space;
