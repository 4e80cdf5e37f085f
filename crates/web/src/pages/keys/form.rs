//! The form for a new API key. What it is for comes first, and nothing is chosen beforehand.

use super::view::Projects;
use crate::ui::button::{Look, submit};
use crate::ui::field::{Errors, Input, Segment, below, checkbox, described, required, segments, username};
use crate::ui::{Frame, Icon, icon};
use maud::{Markup, html};
use model::{ProjectId, Scope};

/// Purposes in their order: scope, id in the form, icon, what it means.
const PURPOSES: [(Scope, &str, Icon, &str); 4] = [
    (
        Scope::ResultsWrite,
        "results",
        Icon::Upload,
        "Automation runs and results, with the look-ups they need.",
    ),
    (
        Scope::CasesWrite,
        "cases",
        Icon::FilePen,
        "Folders, cases and attachments, with the look-ups they need.",
    ),
    (
        Scope::Read,
        "read",
        Icon::Eye,
        "See what you can see. Change nothing.",
    ),
    (
        Scope::Full,
        "full",
        Icon::Infinity,
        "Your own rights in every project, except making keys.",
    ),
];

/// Lives of a key, as the form has them.
const LIVES: [Segment<'static>; 5] = [
    Segment {
        value: "30",
        label: "30 days",
    },
    Segment {
        value: "90",
        label: "90 days",
    },
    Segment {
        value: "365",
        label: "1 year",
    },
    Segment {
        value: "date",
        label: "Date…",
    },
    Segment {
        value: "never",
        label: "No expiry",
    },
];

/// The life that is chosen beforehand.
pub const FACTORY_LIFE: &str = "365";

/// What the form shows.
pub struct Form<'a> {
    /// What it is for, once chosen.
    pub scope: Option<Scope>,
    /// What was typed before.
    pub name: &'a str,
    /// One of the lives.
    pub expires: &'a str,
    /// The day, when the life is one.
    pub date: &'a str,
    /// Projects to choose from.
    pub projects: &'a Projects,
    /// Chosen projects.
    pub chosen: Vec<ProjectId>,
    /// Addresses, one a line.
    pub addresses: &'a str,
    /// Whether the password has to be given again.
    pub wants_password: bool,
    /// What was wrong.
    pub errors: Errors,
}

impl<'a> Form<'a> {
    /// The form before anything was filled in.
    pub fn fresh(projects: &'a Projects, wants_password: bool) -> Form<'a> {
        Form {
            scope: None,
            name: "",
            expires: FACTORY_LIFE,
            date: "",
            projects,
            chosen: Vec::new(),
            addresses: "",
            wants_password,
            errors: Errors::default(),
        }
    }
}

/// Draws it.
pub fn form(frame: &Frame, v: &Form<'_>) -> Markup {
    html! {
        form.card.new-key method="post" action="/users/profile/api" {
            header.card-head { h2 { "New API key" } }
            div.card-body {
                (v.errors.summary())
                (purposes(v))
                div.key-row { (name(v)) (life(frame, v.expires, v.date, v.errors.of("expires_at"))) }
                (limits(v))
                @for (_, id, ..) in PURPOSES { (powers(id)) }
                @if v.wants_password { (password(frame.viewer.as_ref().map_or("", |v| &v.email), &v.errors)) }
            }
            footer.card-foot {
                (submit(Look::Primary, "Create key"))
                @if !v.wants_password { span.end.note.with-icon { (icon(Icon::ShieldCheck)) "Password confirmed" } }
            }
        }
    }
}

fn purposes(v: &Form<'_>) -> Markup {
    let error = v.errors.of("scope");
    html! {
        fieldset.field #scope aria-describedby=[described("scope", "", error)] {
            legend.label { "What is it for? " (required()) }
            div class={ "choices" @if error.is_some() { " choices-bad" } } {
                @for (scope, id, sign, about) in PURPOSES {
                    label.choice for={ "scope-" (id) } {
                        span.head { (icon(sign)) (scope.words()) input type="radio" id={ "scope-" (id) } name="scope" value=(scope.name()) required checked[v.scope == Some(scope)]; }
                        span.about { (about) }
                        code { (scope.name()) }
                    }
                }
            }
            (below("scope", "", error))
        }
    }
}

fn name(v: &Form<'_>) -> Markup {
    Input {
        name: "name",
        label: "Name",
        value: v.name,
        help: "Shown in lists and reminders.",
        error: v.errors.of("name"),
        is_required: true,
        autocomplete: "off",
        most: Some(255),
        ..Input::default()
    }
    .render()
}

/// How long a key lives: one of the lives, or a day.
pub fn life(frame: &Frame, expires: &str, date: &str, error: Option<&str>) -> Markup {
    html! {
        div.field {
            (segments("expires", "Expires", &LIVES, expires))
            div.on-date {
                label.vh for="expires_at" { "Last day" }
                input.input #expires_at name="expires_at" type="date" value=(date) min=(frame.when.day(frame.when.now()))
                    aria-invalid=[error.map(|_| "true")] aria-describedby=[described("expires_at", "", error)];
            }
            (below("expires_at", "", error))
            p.note { "A key without an end works until somebody revokes it." }
        }
    }
}

fn limits(v: &Form<'_>) -> Markup {
    let (projects, addresses) = (v.errors.of("projects"), v.errors.of("addresses"));
    let help = "One address or network a line, such as 10.0.0.7 or 10.0.0.0/8. Empty: from anywhere.";
    html! {
        div.limits {
            @if !v.projects.is_empty() {
                details.more open[!v.chosen.is_empty() || projects.is_some()] {
                    summary { (icon(Icon::Layers)) "Only in some projects" span.muted { "optional" } span.turn { (icon(Icon::ChevronRight)) } }
                    div #projects role="group" aria-label="Projects" {
                        div.checks { @for (id, name) in v.projects { (checkbox("projects", &id.to_string(), v.chosen.contains(id), html! { (name) })) } }
                        (below("projects", "None chosen: in all of your projects, later ones too.", projects))
                    }
                }
            }
            details.more open[!v.addresses.is_empty() || addresses.is_some()] {
                summary { (icon(Icon::Globe)) "Only from some addresses" span.muted { "optional" } span.turn { (icon(Icon::ChevronRight)) } }
                div {
                    label.vh for="addresses" { "Addresses" }
                    textarea.input.mono #addresses name="addresses" rows="2" spellcheck="false"
                        aria-invalid=[addresses.map(|_| "true")] aria-describedby=[described("addresses", help, addresses)] { (v.addresses) }
                    (below("addresses", help, addresses))
                }
            }
        }
    }
}

/// What a key of this purpose can and can't do. Style shows the one of the chosen purpose.
fn powers(id: &str) -> Markup {
    let (can, cannot): (&[&str], &[&str]) = match id {
        "results" => (
            &[
                "create, fill, complete and read automation runs",
                "look up projects, milestones, runs and tags",
            ],
            &["read or change test cases", "manage people, projects or keys"],
        ),
        "cases" => (
            &[
                "write folders, cases, attachments and tags",
                "look up projects, automation, issues and shared steps",
            ],
            &["submit results", "manage people, projects or keys"],
        ),
        "read" => (
            &["read what you can read"],
            &["change or submit anything", "manage people, projects or keys"],
        ),
        _ => (
            &[
                "everything that you may do, now and later",
                "act as site administrator if you are one",
            ],
            &["make, change or revoke keys", "sign in to the pages"],
        ),
    };
    html! {
        div class={ "powers powers-" (id) } {
            (power("This key can", Icon::Check, "good", can))
            (power("This key cannot", Icon::X, "bad", cannot))
        }
    }
}

fn power(title: &str, sign: Icon, class: &str, lines: &[&str]) -> Markup {
    html! {
        div { h3 { (title) } ul { @for line in lines { li { span class=(class) { (icon(sign)) } (line) } } } }
    }
}

/// The password once more, for what must not be done by whoever finds an open browser.
pub fn password(email: &str, errors: &Errors) -> Markup {
    html! {
        div.narrow {
            (username(email))
            (Input {
                name: "password",
                label: "Your password",
                kind: "password",
                help: "Asked for again, as you gave it more than ten minutes ago.",
                error: errors.of("password"),
                is_required: true,
                autocomplete: "current-password",
                ..Input::default()
            }.render())
        }
    }
}
