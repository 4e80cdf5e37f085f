//! What else is known of a run: facts, fields, links and files.

use super::view::Run;
use super::{fields, kept};
use crate::ui::card::{card, facts};
use crate::ui::table::{column, right, table};
use crate::ui::text::{bytes, duration, is_web};
use crate::ui::{Empty, Frame, Icon, empty, icon};
use maud::{Markup, html};
use model::automation::{Artifact, Link};

/// The tab of facts.
pub fn section(frame: &Frame, run: &Run) -> Markup {
    let when = |at| html! { (frame.when.full(at)) " " span.muted { "(" (frame.when.ago(at)) ")" } };
    let mut rows: Vec<(&str, Markup)> = vec![
        ("State", html! { (run.word()) }),
        ("Source", html! { (run.source.1) }),
        ("Started", when(run.started_at)),
    ];
    if let Some((_, name)) = &run.by {
        rows.push(("By", html! { (name) }));
    }
    rows.push(("Last results", when(run.appended_at)));
    if let Some(at) = run.completed_at {
        rows.push(("Completed", when(at)));
        rows.push((
            "Completed by",
            html! { (run.completed_by.as_deref().unwrap_or("Attest, as nothing came any more")) },
        ));
    }
    if let Some(elapsed) = run.elapsed {
        rows.push(("Duration", html! { (duration(elapsed)) }));
    }
    for (name, value) in [("Configuration", &run.config), ("Milestone", &run.milestone)] {
        if let Some(value) = value {
            rows.push((name, html! { (value) }));
        }
    }
    html! {
        div.pad {
            (card("Run", html! {}, html! { div.card-body { (facts(&rows)) } }))
            (kept::card(run))
            @if !run.links.is_empty() { (card("Links", html! {}, html! { div.card-body { ul.plain-list { @for l in &run.links { li { (link(l)) } } } } })) }
            @if !run.fields.is_empty() { (card("Fields", html! {}, html! { div.card-body { (fields::all(&run.fields, None)) } })) }
        }
    }
}

fn link(l: &Link) -> Markup {
    html! {
        (outside(&l.url, &l.name))
        @if let Some(note) = &l.note { " " span.muted { (note) } }
    }
}

/// A link that leads out of the instance; plain words when the address is not one of the web.
pub fn outside(url: &str, words: &str) -> Markup {
    let words = if words.is_empty() { url } else { words };
    html! {
        @if is_web(url) { a.link href=(url) rel="noopener noreferrer nofollow" target="_blank" { (words) " " (icon(Icon::ExternalLink)) span.vh { " (new tab)" } } }
        @else { span { (words) } @if words != url { " " code { (url) } } }
    }
}

/// The tab of files.
pub fn artifacts(run: &Run) -> Markup {
    if run.artifact_count() == 0 {
        return empty(&Empty {
            icon: Icon::Paperclip,
            title: "No artifacts",
            text: html! { "Builds can add links to reports, recordings and logs to a run, a thread or a test." },
            actions: html! {},
        });
    }
    let columns = [column("File"), column("Of"), column("Type"), right("Size")];
    let rows = html! {
        @for a in &run.artifacts { (file(a, "the run")) }
        @for t in &run.threads { @for a in &t.artifacts { (file(a, &format!("thread {}", t.position))) } }
    };
    table("Artifacts", "", &columns, rows)
}

fn file(a: &Artifact, of: &str) -> Markup {
    html! {
        tr {
            th scope="row" { (outside(&a.url, &a.name)) @if let Some(note) = &a.note { span.sub { (note) } } }
            td { (of) }
            td { (a.mime_type.as_deref().unwrap_or("–")) }
            td.right.num { (a.size.map_or_else(|| "–".to_owned(), bytes)) }
        }
    }
}
