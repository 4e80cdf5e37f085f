//! Named values that clients send: messages, output, steps, links and properties (contract §4.3, §8).

use super::info::outside;
use crate::ui::status::{Kind, mark};
use crate::ui::text::{count, first_line, number};
use maud::{Markup, html};
use model::automation::Field;
use model::status::{Statuses, factory};

/// Kinds of values (contract §4.3).
const HTML: i64 = 3;
const CONSOLE: i64 = 4;
const URL: i64 = 5;

/// Characters of a long text that are shown at first.
const SHOWN: usize = 32_000;

/// Every field: highlighted ones first, then steps, output and properties. Long texts are cut when `more` is the page that has them whole.
pub fn all(fields: &[Field], more: Option<&str>) -> Markup {
    let highlighted = || fields.iter().filter(|f| f.is_highlight);
    let others = || fields.iter().filter(|f| !f.is_highlight);
    let has_properties = others().any(is_property);
    html! {
        @for f in highlighted() { (message(f, more)) }
        @for f in others().filter(|f| f.kind == HTML) { (steps(f, more)) }
        @for f in others().filter(|f| is_block(f)) { (output(f, more)) }
        @if has_properties {
            section { h3 { "Properties" } dl.facts { @for f in others().filter(|f| is_property(f)) { dt { (f.name) } dd { (value(f)) } } } }
        }
    }
}

/// The short fields in one line, for tables.
pub fn inline(fields: &[Field]) -> Markup {
    html! {
        span.tags { @for f in fields.iter().filter(|f| is_property(f)).take(4) {
            span.tag { (f.name) ": " (first_line(f.value.as_deref().unwrap_or(""))) }
        } }
    }
}

fn text(f: &Field) -> &str {
    f.value.as_deref().unwrap_or("")
}

fn is_block(f: &Field) -> bool {
    f.kind == CONSOLE || (f.kind != URL && f.kind != HTML && text(f).contains('\n'))
}

fn is_property(f: &Field) -> bool {
    f.kind != HTML && !is_block(f)
}

fn value(f: &Field) -> Markup {
    match f.kind {
        URL => outside(text(f), ""),
        _ => html! { (text(f)) },
    }
}

fn message(f: &Field, more: Option<&str>) -> Markup {
    let meta = f
        .meta
        .iter()
        .flatten()
        .filter(|(_, v)| !v.is_empty() && !text(f).contains(v.as_str()));
    html! {
        section {
            div.section-head { h3 { (f.name) } }
            div.message {
                @for (name, value) in meta { p { @if name != "message" { span.vh { (name) ": " } } b { (value) } } }
                pre { (cut(text(f), more)) }
            }
            (rest(text(f), more))
        }
    }
}

fn output(f: &Field, more: Option<&str>) -> Markup {
    let lines = i64::try_from(text(f).lines().count()).unwrap_or(i64::MAX);
    html! {
        section {
            div.section-head { h3 { (f.name) } span.muted.num { (count(lines, "line", "lines")) } }
            div.code { pre tabindex="0" role="region" aria-label=(f.name) { (cut(text(f), more)) } }
            (rest(text(f), more))
        }
    }
}

/// The beginning of a long text, unless the page shows it whole.
fn cut<'t>(text: &'t str, more: Option<&str>) -> &'t str {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) if more.is_some() => &text[..end],
        _ => text,
    }
}

fn rest(text: &str, more: Option<&str>) -> Markup {
    let all = text.chars().count();
    html! {
        @if let Some(href) = more.filter(|_| all > SHOWN) {
            p.note { "The first " (number(i64::try_from(SHOWN).unwrap_or(i64::MAX))) " of " (number(i64::try_from(all).unwrap_or(i64::MAX))) " characters. " a.link href=(href) { "Show all" } }
        }
    }
}

/// Steps as Testmo's clients write them; any other HTML is shown as its source.
fn steps(f: &Field, more: Option<&str>) -> Markup {
    let steps = read_steps(text(f));
    if steps.is_empty() {
        return output(f, more);
    }
    let statuses = Statuses(factory());
    html! {
        section {
            div.section-head { h3 { (f.name) } span.muted.num { (steps.len()) } }
            ol.steps { @for (status, words) in &steps {
                @let kind = statuses.by_alias(status).map_or(Kind::Untested, Kind::of);
                li { (mark(kind, if status.is_empty() { kind.word() } else { status })) span { (words) } }
            } }
        }
    }
}

/// `<test-step status="…">…</test-step>`, whose content is not escaped by those who write it, so it is taken as text.
fn read_steps(html: &str) -> Vec<(&str, &str)> {
    html.split("<test-step ")
        .skip(1)
        .filter_map(|piece| {
            let (attributes, rest) = piece.split_once('>')?;
            let status = attributes.split_once("status=\"")?.1.split('"').next()?;
            let words = rest.rsplit_once("</test-step>").map_or(rest, |(words, _)| words);
            Some((status, words.trim()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_text() {
        let html = "<test-steps><test-step status=\"passed\">open <b>page</b></test-step>\n\
                    <test-step status=\"\">a</test-step></test-steps>";
        assert_eq!(read_steps(html), [("passed", "open <b>page</b>"), ("", "a")]);
        assert!(read_steps("<p>hello</p>").is_empty());
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        let long = "é".repeat(SHOWN + 5);
        assert_eq!(cut(&long, Some("/x")).chars().count(), SHOWN);
        assert_eq!(cut(&long, None).chars().count(), SHOWN + 5);
        assert_eq!(cut("short", Some("/x")), "short");
    }
}
