//! How much is covered, and why the rest is not.

use std::fmt::Write as _;

use super::plain;
use crate::case::TestSet;

/// Missing items of a technique that are named in a terminal.
const SHOWN: usize = 10;

/// The report for a terminal.
pub fn report(set: &TestSet) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{:<26}{:>8}{:>8}{:>9}{:>9}",
        "technique", "items", "can be", "covered", "percent"
    );
    for one in &set.coverage {
        let _ = writeln!(
            text,
            "{:<26}{:>8}{:>8}{:>9}{:>9.1}",
            one.technique.key(),
            one.items,
            one.feasible,
            one.covered,
            one.percent
        );
        for missing in one.missing.iter().take(SHOWN) {
            let _ = writeln!(
                text,
                "  not covered: {} ({})",
                plain(&missing.item),
                plain(&missing.why)
            );
        }
        if one.missing.len() > SHOWN {
            let _ = writeln!(text, "  not covered: {} more", one.missing.len() - SHOWN);
        }
    }
    let _ = writeln!(
        text,
        "cases {}, open questions {}, remarks on cases {}",
        set.cases.len(),
        set.questions.len(),
        set.lint.len()
    );
    text
}

/// The report as a page of its own, without script and without anything from elsewhere.
pub fn html(set: &TestSet) -> String {
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>Coverage of {0}</title>\n<style>body{{font:1rem/1.5 system-ui;max-width:60rem;margin:2rem auto;padding:0 1rem}}\
         table{{border-collapse:collapse;width:100%}}td,th{{border-bottom:1px solid #8888;padding:.3rem .6rem;text-align:start}}\
         td.n{{text-align:end}}</style>\n<h1>Coverage of {0}</h1>\n<p>{1} cases, {2} open questions.</p>\n\
         <table>\n<tr><th>Technique<th>Items<th>Can be covered<th>Covered<th>Percent</tr>\n",
        escaped(&set.origin.name),
        set.cases.len(),
        set.questions.len()
    );
    for one in &set.coverage {
        let _ = writeln!(
            page,
            "<tr><td>{}<td class=\"n\">{}<td class=\"n\">{}<td class=\"n\">{}<td class=\"n\">{:.1}</tr>",
            one.technique.key(),
            one.items,
            one.feasible,
            one.covered,
            one.percent
        );
    }
    page.push_str("</table>\n<h2>Not covered</h2>\n<ul>\n");
    for missing in set.coverage.iter().flat_map(|one| &one.missing) {
        let text = set.items.values().flatten().find(|item| item.id == missing.item);
        let text = text.map_or(missing.item.as_str(), |item| item.text.as_str());
        let _ = writeln!(page, "<li>{}: {}", escaped(text), escaped(&missing.why));
    }
    page.push_str("</ul>\n<h2>Open questions</h2>\n<ul>\n");
    for question in &set.questions {
        let _ = writeln!(
            page,
            "<li>Line {}: {}",
            question.span.line,
            escaped(&question.text)
        );
    }
    page.push_str("</ul>\n</html>\n");
    page
}

fn escaped(text: &str) -> String {
    plain(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
