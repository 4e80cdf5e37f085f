//! Cases as comma-separated values (RFC 4180), one row for each step.

use super::data;
use crate::case::TestSet;

const HEADER: &str =
    "id,title,priority,technique,requirement,criteria,preconditions,step,action,data,expected,source\r\n";

/// One row for each step; what belongs to the whole case stands in its first row. Cells that a spreadsheet would
/// take for a formula begin with an apostrophe.
pub fn csv(set: &TestSet) -> String {
    let mut text = HEADER.to_owned();
    for case in &set.cases {
        let source = case
            .source
            .iter()
            .map(|quote| quote.text.as_str())
            .collect::<Vec<_>>()
            .join("\n");
        let priority = format!("{:?}", case.priority).to_lowercase();
        let count = case.steps.len().max(1);
        for number in 0..count {
            let step = case.steps.get(number);
            let head = number == 0;
            let only = |text: &str| if head { text.to_owned() } else { String::new() };
            let cells = [
                case.id.clone(),
                only(&case.title),
                only(&priority),
                only(case.technique.key()),
                only(&case.requirement),
                only(&case.criteria.join(" ")),
                only(&case.preconditions.join("\n")),
                step.map(|_| (number + 1).to_string()).unwrap_or_default(),
                step.map(|step| step.action.clone()).unwrap_or_default(),
                step.map(|step| data(&step.data)).unwrap_or_default(),
                step.map(|step| step.expected.join("\n")).unwrap_or_default(),
                only(&source),
            ];
            let row: Vec<String> = cells.iter().map(|text| cell(text)).collect();
            text.push_str(&row.join(","));
            text.push_str("\r\n");
        }
    }
    text
}

fn cell(text: &str) -> String {
    let guarded = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if guarded.contains([',', '"', '\n', '\r', ';']) {
        format!("\"{}\"", guarded.replace('"', "\"\""))
    } else {
        guarded
    }
}
