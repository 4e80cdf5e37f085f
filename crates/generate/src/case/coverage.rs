//! How much of what was listed the cases cover.

use std::collections::{BTreeMap, HashSet};

use super::Case;
use super::set::{Coverage, Missing};
use crate::technique::{Item, Technique};

/// Coverage by technique: covered items of all that can be covered, in percent (ISO/IEC/IEEE 29119-4, 6.1).
pub(super) fn measure(items: &[Item], cases: &[Case], over: &HashSet<String>) -> Vec<Coverage> {
    let covered: HashSet<&str> = cases
        .iter()
        .flat_map(|case| &case.items)
        .map(String::as_str)
        .collect();
    let mut found: BTreeMap<Technique, Coverage> = BTreeMap::new();
    for item in items {
        let coverage = found.entry(item.technique).or_insert_with(|| Coverage {
            technique: item.technique,
            items: 0,
            feasible: 0,
            covered: 0,
            percent: 100.0,
            missing: Vec::new(),
        });
        coverage.items += 1;
        let is = covered.contains(item.id.as_str());
        coverage.feasible += usize::from(item.infeasible.is_none());
        coverage.covered += usize::from(is);
        if is {
            continue;
        }
        let why = match &item.infeasible {
            Some(why) => why.clone(),
            None if over.contains(&item.id) => "over the budget".to_owned(),
            None => "no case was found for it".to_owned(),
        };
        coverage.missing.push(Missing {
            item: item.id.clone(),
            why,
        });
    }
    let mut coverage: Vec<Coverage> = found.into_values().collect();
    for one in &mut coverage {
        one.percent = percent(one.covered, one.feasible);
    }
    coverage
}

/// Hundredths with one digit behind the point; all of nothing is 100.
fn percent(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        return 100.0;
    }
    let tenths = (part * 1_000) / whole;
    f64::from(u32::try_from(tenths).unwrap_or(u32::MAX)) / 10.0
}
