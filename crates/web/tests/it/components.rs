//! Text from outside never becomes markup: a component has the same shape whatever it is given.

use crate::html::{elements, unescape};
use crate::sample;
use app::FieldError;
use maud::{Markup, html};
use model::automation::{Artifact, Field, Outcome};
use web::pages::problem::{self, Problem};
use web::pages::run::address::Tab;
use web::pages::run::failures::{Failed, Failures, Group};
use web::pages::run::tests::List;
use web::pages::run::{detail, failures, fields, info, tests, threads, view};
use web::pages::runs::rows;
use web::ui::field::{Errors, Input};
use web::ui::person::person;
use web::ui::secret::secret;
use web::ui::shell::{self, Crumb, Head, ProjectNav, Section, Theme};
use web::ui::{self, Tone, card, hx};

const HOSTILE: [&str; 9] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "\" hx-get=\"/logout\" x=\"",
    "</title></textarea></pre></svg><svg onload=alert(1)>",
    "&lt;script&gt;&amp;",
    "{{7*7}}${7*7}<%= 7*7 %>",
    "\u{202e}moc.live\u{0}\u{fffe}",
    "<!--",
];

fn shapes(markup: &Markup) -> Vec<String> {
    elements(&markup.0).iter().map(html_shape).collect()
}

fn html_shape(element: &crate::html::Element) -> String {
    element.shape()
}

/// Draws with a harmless and with every hostile text: only words and values may differ, and they come through whole.
fn same_shape(draw: impl Fn(&str) -> Markup) {
    let harmless = shapes(&draw("harmless"));
    for text in HOSTILE {
        let markup = draw(text);
        assert_eq!(shapes(&markup), harmless, "{text}");
        assert!(unescape(&markup.0).contains(text), "{text} is shown as it is");
    }
}

#[test]
fn small_components() {
    same_shape(ui::tag);
    same_shape(|t| ui::banner(Tone::Bad, t, html! {}));
    same_shape(|t| ui::head(t, html! {}));
    same_shape(|t| person(7, t));
    same_shape(|t| secret("secret", "Your API key", t));
    same_shape(|t| card::card(t, html! {}, html! {}));
    same_shape(|t| card::facts(&[("Name", html! { (t) })]));
    same_shape(|t| hx::row_link("/x", "detail", html! { (t) }));
}

#[test]
fn fields_keep_what_was_typed() {
    same_shape(|t| {
        Input {
            name: "name",
            label: "Name",
            value: t,
            ..Input::default()
        }
        .render()
    });
    same_shape(|t| {
        Input {
            name: "name",
            label: "Name",
            error: Some(t),
            ..Input::default()
        }
        .render()
    });
    same_shape(|t| Errors(vec![FieldError::new("name", t)]).summary());
}

#[test]
fn the_frame() {
    same_shape(|t| {
        let mut frame = sample::frame(Theme::Light, true);
        t.clone_into(&mut frame.path);
        if let Some(viewer) = &mut frame.viewer {
            t.clone_into(&mut viewer.name);
            t.clone_into(&mut viewer.email);
        }
        let project = ProjectNav {
            name: t.to_owned(),
            ..sample::project()
        };
        let head = Head {
            title: t,
            crumbs: vec![Crumb::link(t, "/x"), Crumb::here(t)],
            section: Section::None,
            project: Some(&project),
        };
        shell::page(&frame, &head, html! {})
    });
    same_shape(|t| {
        problem::page(
            &sample::frame(Theme::Light, false),
            &Problem {
                status: 500,
                text: t,
                request_id: Some(t),
            },
        )
    });
}

#[test]
fn runs_and_tests() {
    let frame = sample::frame(Theme::Light, true);
    same_shape(|t| {
        let mut row = sample::run_rows(1).remove(0);
        t.clone_into(&mut row.name);
        t.clone_into(&mut row.source.1);
        row.tags = vec![t.to_owned()];
        row.by = Some((model::UserId(1), t.to_owned()));
        rows::table(&frame, "Runs", &[row])
    });
    same_shape(|t| {
        let mut row = sample::test_rows(1).remove(0);
        t.clone_into(&mut row.name);
        t.clone_into(&mut row.folder);
        t.clone_into(&mut row.word);
        tests::chunk(
            &sample::run(Outcome::Failure),
            sample::place(),
            &List {
                rows: vec![row],
                next: None,
            },
        )
    });
    same_shape(|t| {
        let test = Failed {
            id: model::AutomationTestId(1),
            name: t.to_owned(),
            folder: t.to_owned(),
            elapsed: None,
        };
        let group = Group {
            message: t.to_owned(),
            kind: Some(t.to_owned()),
            tests: vec![test],
        };
        failures::section(
            sample::place().tab(Tab::Failures),
            &sample::run(Outcome::Failure),
            &Failures {
                groups: vec![group],
                read: 1,
            },
        )
    });
}

#[test]
fn a_run_with_all_that_clients_send() {
    let frame = sample::frame(Theme::Light, true);
    let run = |t: &str| {
        let mut run = sample::run(Outcome::Failure);
        t.clone_into(&mut run.name);
        run.tags = vec![t.to_owned()];
        run.config = Some(t.to_owned());
        run.milestone = Some(t.to_owned());
        run.fields = sent(t);
        run.artifacts = vec![Artifact {
            name: t.to_owned(),
            note: Some(t.to_owned()),
            url: t.to_owned(),
            mime_type: Some(t.to_owned()),
            size: None,
        }];
        t.clone_into(&mut run.links[0].name);
        for thread in &mut run.threads {
            thread.fields = sent(t);
        }
        run
    };
    same_shape(|t| view::summary(&frame, &run(t), &sample::project(), sample::place()));
    same_shape(|t| info::section(&frame, &run(t)));
    same_shape(|t| info::artifacts(&run(t)));
    same_shape(|t| threads::section(&frame, &run(t)));
}

fn sent(text: &str) -> Vec<Field> {
    (1..=5)
        .flat_map(|kind| [false, true].map(|is_highlight| (kind, is_highlight)))
        .map(|(kind, is_highlight)| Field {
            kind,
            name: text.to_owned(),
            value: Some(text.to_owned()),
            meta: Some([("type".to_owned(), format!("{text}!"))].into()),
            is_highlight,
        })
        .collect()
}

#[test]
fn one_test_with_all_that_clients_send() {
    let frame = sample::frame(Theme::Light, true);
    same_shape(|t| {
        let mut d = sample::detail();
        t.clone_into(&mut d.name);
        t.clone_into(&mut d.folder);
        t.clone_into(&mut d.key);
        t.clone_into(&mut d.word);
        d.file = Some(t.to_owned());
        d.fields = sent(t);
        d.artifacts[0].name = t.to_owned();
        d.artifacts[0].note = Some(t.to_owned());
        detail::pane(&frame, sample::place(), Some(&d))
    });
}

#[test]
fn steps_of_other_clients_stay_text() {
    let step = |t: &str| Field {
        kind: 3,
        name: "Steps".to_owned(),
        value: Some(format!(
            "<test-steps><test-step status=\"passed\">{t}</test-step></test-steps>"
        )),
        meta: None,
        is_highlight: false,
    };
    same_shape(|t| fields::all(&[step(t)], None));
}

#[test]
fn addresses_from_outside_become_links_only_when_they_are_of_the_web() {
    let link = |url: &str| {
        elements(&info::outside(url, "words").0)
            .iter()
            .any(|e| e.name == "a")
    };
    assert!(link("https://ci.example/1"));
    for url in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "/logout",
        "vbscript:x",
    ] {
        assert!(!link(url), "{url}");
    }
}
