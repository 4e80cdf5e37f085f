//! Markdown (<https://spec.commonmark.org/0.31.2/>, with tables and strikethrough of GitHub's) as markup of ours. Raw HTML is
//! shown as text, links lead to http and https only, and images are links: nothing is fetched from elsewhere.

use super::text::is_web;
use maud::{Markup, html};
use pulldown_cmark::{Event, Options, Parser, Tag};

/// What lies deeper in lists and quotes than this is drawn at this depth.
const DEPTH: usize = 24;

/// An open element: what it is, and what is inside so far.
struct Open<'a> {
    tag: Tag<'a>,
    inside: Markup,
    /// The head, of a table.
    head: Markup,
}

/// Draws a text.
pub fn markdown(text: &str) -> Markup {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut done = html! {};
    let mut too_deep = 0_usize;
    let mut in_head = false;
    for event in Parser::new_ext(text, options) {
        match event {
            Event::Start(_) if open.len() >= DEPTH => too_deep += 1,
            Event::End(_) if too_deep > 0 => too_deep -= 1,
            Event::Start(tag) => {
                in_head |= matches!(tag, Tag::TableHead);
                open.push(Open {
                    tag,
                    inside: html! {},
                    head: html! {},
                });
            }
            Event::End(_) => {
                let Some(end) = open.pop() else { continue };
                let drawn = element(&end, in_head);
                match open.last_mut() {
                    Some(table) if matches!(end.tag, Tag::TableHead) => {
                        in_head = false;
                        table.head = drawn;
                    }
                    _ => put(&mut open, &mut done, &drawn),
                }
            }
            other => put(&mut open, &mut done, &leaf(&other)),
        }
    }
    html! { div.prose { (done) } }
}

fn put(open: &mut [Open<'_>], done: &mut Markup, drawn: &Markup) {
    let into = open.last_mut().map_or(done, |o| &mut o.inside);
    into.0.push_str(&drawn.0);
}

fn leaf(event: &Event<'_>) -> Markup {
    match event {
        Event::Code(text) => html! { code { (text) } },
        Event::SoftBreak => html! { "\n" },
        Event::HardBreak => html! { br; },
        Event::Rule => html! { hr; },
        Event::TaskListMarker(is_done) => html! { (if *is_done { "☑ " } else { "☐ " }) },
        Event::Text(text)
        | Event::Html(text)
        | Event::InlineHtml(text)
        | Event::FootnoteReference(text)
        | Event::InlineMath(text)
        | Event::DisplayMath(text) => html! { (text) },
        Event::Start(_) | Event::End(_) => html! {},
    }
}

fn element(of: &Open<'_>, in_head: bool) -> Markup {
    let Open { tag, inside, head } = of;
    match tag {
        Tag::Paragraph | Tag::HtmlBlock => html! { p { (inside) } },
        Tag::Heading { .. } => html! { h3 { (inside) } },
        Tag::BlockQuote(_) => html! { blockquote { (inside) } },
        Tag::CodeBlock(_) => html! { pre tabindex="0" { (inside) } },
        Tag::List(None) => html! { ul { (inside) } },
        Tag::List(Some(first)) => html! { ol start=(first) { (inside) } },
        Tag::Item => html! { li { (inside) } },
        Tag::Table(_) => {
            html! { div.table-box tabindex="0" role="region" aria-label="Table" { table { (head) tbody { (inside) } } } }
        }
        Tag::TableHead => html! { thead { tr { (inside) } } },
        Tag::TableRow => html! { tr { (inside) } },
        Tag::TableCell if in_head => html! { th scope="col" { (inside) } },
        Tag::TableCell => html! { td { (inside) } },
        Tag::Emphasis => html! { em { (inside) } },
        Tag::Strong => html! { strong { (inside) } },
        Tag::Strikethrough => html! { del { (inside) } },
        Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } if is_web(dest_url) => {
            let words = if inside.0.trim().is_empty() {
                html! { (dest_url) }
            } else {
                html! { (inside) }
            };
            html! { a.link href=(dest_url) rel="noopener noreferrer nofollow" { (words) } }
        }
        _ => html! { (inside) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(text: &str) -> String {
        let all = markdown(text).into_string();
        all.trim_start_matches("<div class=\"prose\">")
            .trim_end_matches("</div>")
            .to_owned()
    }

    #[test]
    fn what_people_write() {
        for (text, expected) in [
            (
                "two *words* and `code`",
                "<p>two <em>words</em> and <code>code</code></p>",
            ),
            ("# Head", "<h3>Head</h3>"),
            ("3. c\n4. d", "<ol start=\"3\"><li>c</li><li>d</li></ol>"),
            ("- [x] a", "<ul><li>☑ a</li></ul>"),
            ("> ~~no~~", "<blockquote><p><del>no</del></p></blockquote>"),
            ("```\na < b\n```", "<pre tabindex=\"0\">a &lt; b\n</pre>"),
            (
                "[x](https://a.example)",
                "<p><a class=\"link\" href=\"https://a.example\" rel=\"noopener noreferrer nofollow\">x</a></p>",
            ),
        ] {
            assert_eq!(drawn(text), expected, "{text}");
        }
        assert!(
            drawn("| a |\n|---|\n| b |").contains(
                "<thead><tr><th scope=\"col\">a</th></tr></thead><tbody><tr><td>b</td></tr></tbody>"
            )
        );
    }

    #[test]
    fn what_attackers_write() {
        for text in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "a <b onmouseover=alert(1)>b</b>",
            "[x](javascript:alert(1))",
            "![x](data:text/html,<script>alert(1)</script>)",
            "<javascript:alert(1)>",
            "[x](https://a.example/\"onmouseover=alert(1))",
            "![\"><svg onload=alert(1)>](https://a.example/x.png)",
        ] {
            let html = drawn(text);
            for bad in [
                "<script",
                "<img",
                "<svg",
                "<b ",
                "href=\"javascript",
                "href=\"data",
            ] {
                assert!(!html.contains(bad), "{text} gave {html}");
            }
            assert!(!html.contains("\"onmouseover"), "{text} gave {html}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let html = drawn(&format!("{} deep", ">".repeat(50_000)));
        assert!(html.matches("<blockquote>").count() <= DEPTH && html.contains("deep"));
    }
}
