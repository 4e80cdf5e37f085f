//! Equivalence partitioning: the values inside of a limit, and those on each side of it.

use crate::quantity::{Bound, Quantity};
use crate::requirement::Criterion;
use crate::say::fill;
use crate::technique::{Plan, Technique};

/// Where an amount lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Inside,
    Below,
    Above,
}

/// The sides of a limit.
pub(super) fn sides(quantity: &Quantity) -> &'static [Side] {
    match quantity.bound {
        Bound::AtLeast | Bound::MoreThan => &[Side::Inside, Side::Below],
        Bound::AtMost | Bound::LessThan => &[Side::Inside, Side::Above],
        Bound::Exactly | Bound::Between => &[Side::Inside, Side::Below, Side::Above],
    }
}

/// Lists the partition of a side.
pub(super) fn item(
    plan: &mut Plan<'_>,
    criterion: &Criterion,
    number: usize,
    quantity: &Quantity,
    limit: &str,
    side: Side,
) -> Option<String> {
    let (key, phrase) = match side {
        Side::Inside => ("in", &plan.phrases.partition_valid),
        Side::Below => ("below", &plan.phrases.partition_below),
        Side::Above => ("above", &plan.phrases.partition_above),
    };
    debug_assert!(sides(quantity).contains(&side));
    let text = fill(phrase, &[("limit", limit)]);
    let key = format!("{number}.{key}");
    plan.item(
        Technique::EquivalencePartitioning,
        &criterion.id,
        &key,
        text,
        criterion.span,
    )
}
