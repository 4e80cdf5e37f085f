//! Sets of cases as text: Markdown, Gherkin, comma-separated values, a table to look over, and reports of coverage.

mod csv;
mod gherkin;
mod markdown;
mod report;
mod table;

pub use csv::csv;
pub use gherkin::gherkin;
pub use markdown::markdown;
pub use report::{html, report};
pub use table::table;

use crate::case::Datum;

/// Data in one line.
fn data(data: &[Datum]) -> String {
    let told: Vec<String> = data
        .iter()
        .map(|datum| format!("{} = {}", datum.name, datum.value.replace('\n', "⏎")))
        .collect();
    told.join("; ")
}

/// Characters that would end a line or mean something to a terminal, made harmless.
fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}
