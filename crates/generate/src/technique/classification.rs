//! Classification tree method (Grochtmann, Grimm 1993): parameters are the classifications, their values the
//! classes at the leaves. Each leaf is wanted once; rows come from the combinatorial techniques.

use crate::say::fill;
use crate::technique::combinatorial::Combination;
use crate::technique::{Plan, Technique};

/// Lists the leaves.
pub(super) fn leaves(plan: &mut Plan<'_>, combination: &Combination<'_>) {
    for (index, parameter) in combination.model.parameters().iter().enumerate() {
        for (position, value) in parameter.values.iter().enumerate() {
            let text = fill(
                &plan.phrases.value_of,
                &[("name", &parameter.name), ("value", value.name())],
            );
            let key = format!("{index}={position}");
            plan.item(
                Technique::ClassificationTree,
                &combination.of,
                &key,
                text,
                combination.span,
            );
        }
    }
}
