//! Syntax testing.
use crate::technique::Plan;
/// Nothing yet.
pub(super) fn plan(_: &mut Plan<'_>) {}
