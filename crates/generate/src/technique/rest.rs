//! Rest.
use crate::api::Api;
use crate::technique::Plan;
/// Nothing yet.
pub(super) fn plan(_: &mut Plan<'_>, _: &Api) {}
