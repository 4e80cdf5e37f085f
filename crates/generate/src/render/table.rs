//! Cases to look over: one line each.

use std::fmt::Write as _;

use super::plain;
use crate::case::{Polarity, Priority, TestSet};

/// A line for each case: id, priority, whether something is refused, technique, title.
pub fn table(set: &TestSet) -> String {
    let mut text = String::new();
    for case in &set.cases {
        let priority = match case.priority {
            Priority::High => "high",
            Priority::Medium => "medium",
            Priority::Low => "low",
        };
        let sign = if case.polarity == Polarity::Negative {
            '-'
        } else {
            '+'
        };
        let technique = case.technique.key();
        let _ = writeln!(
            text,
            "{:<12} {priority:<6} {sign} {technique:<24} {}",
            case.id,
            plain(&case.title)
        );
    }
    text
}
