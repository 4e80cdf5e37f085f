//! One form for an API user and its first key.

use super::PATH;
use super::powers::powers;
use crate::pages::admin::side::{Entry, page};
use crate::pages::keys::form::{life, password};
use crate::ui::button::{Look, link, submit};
use crate::ui::field::{Errors, Input, below, checkbox, described, field, required};
use crate::ui::{Crumb, Frame};
use app::api_users::shown::Choices;
use maud::{Markup, html};
use model::{ProjectId, RoleId};
use store::role::Role;

/// What somebody typed.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// The name.
    pub name: String,
    /// The owner's number.
    pub owner: String,
    /// What it is for.
    pub purpose: String,
    /// The role in the projects.
    pub role: Option<RoleId>,
    /// The projects.
    pub projects: Vec<ProjectId>,
    /// The name of its key.
    pub key_name: String,
    /// The life of its key, as the form of keys has it.
    pub expires: String,
    /// The day, when the life is one.
    pub date: String,
    /// The password, where it is asked for.
    pub password: String,
}

/// What the page shows.
pub struct Form<'a> {
    /// What there is to choose from.
    pub choices: &'a Choices,
    /// What was typed.
    pub typed: &'a Typed,
    /// Whether the password has to be given again.
    pub wants_password: bool,
    /// What was wrong.
    pub errors: Errors,
}

/// Draws it.
pub fn form(frame: &Frame, v: &Form<'_>) -> Markup {
    let title = if v.errors.is_empty() {
        "New API user"
    } else {
        "Error: New API user"
    };
    let body = html! {
        h1 { "New API user" }
        form.card.new-key method="post" action={ (PATH) "/new" } {
            header.card-head { h2 { "API user" } span.end.muted { "The key is shown once" } }
            div.card-body {
                (v.errors.summary())
                div.halves { (name(v)) (owner(v)) }
                (purpose(v))
                (roles(v))
                (projects(v))
                h3.rule { "First key" }
                div.key-row { (key_name(v)) (life(frame, &v.typed.expires, &v.typed.date, v.errors.of("key_expires_at"))) }
                @if v.wants_password { (password(frame.viewer.as_ref().map_or("", |v| &v.email), &v.errors)) }
            }
            footer.card-foot {
                (submit(Look::Primary, "Create API user and key"))
                (link(Look::Ghost, "Cancel", PATH))
            }
        }
    };
    let crumbs = vec![Crumb::link("API users", PATH), Crumb::here("New")];
    page(frame, Entry::ApiUsers, title, crumbs, body)
}

fn name(v: &Form<'_>) -> Markup {
    Input {
        name: "name",
        label: "Name",
        value: &v.typed.name,
        help: "What acts, such as “CI pipelines”.",
        error: v.errors.of("name"),
        is_required: true,
        autocomplete: "off",
        most: Some(255),
        ..Input::default()
    }
    .render()
}

fn owner(v: &Form<'_>) -> Markup {
    let (error, help) = (
        v.errors.of("owner_id"),
        "Answers for it in reviews, and is asked about its keys.",
    );
    let control = html! {
        select.input #owner_id name="owner_id" aria-invalid=[error.map(|_| "true")] aria-describedby=[described("owner_id", help, error)] {
            @for (id, name) in &v.choices.owners { option value=(id) selected[v.typed.owner == id.to_string()] { (name) } }
        }
    };
    field("owner_id", "Owner", true, help, error, &control)
}

fn purpose(v: &Form<'_>) -> Markup {
    Input {
        name: "purpose",
        label: "What is it for?",
        value: &v.typed.purpose,
        help: "A sentence that still tells in a year why it is there.",
        error: v.errors.of("purpose"),
        is_required: true,
        autocomplete: "off",
        most: Some(255),
        ..Input::default()
    }
    .render()
}

fn about(role: &Role) -> &'static str {
    match role.name.as_str() {
        _ if !role.is_factory => "A role of this instance.",
        "Results submitter" => "Sends automation runs and results.",
        "Case writer" => "Writes cases and tags.",
        "Read-only" => "Sees everything, changes nothing.",
        "Tester" => "Runs tests, results, sessions and issues.",
        "Designer" => "Cases, tags and shared steps.",
        _ => "Everything in the projects.",
    }
}

/// The roles of programs come first, then those of people.
fn in_order(roles: &[Role]) -> Vec<&Role> {
    let place = |role: &Role| match role.name.as_str() {
        "Results submitter" => 0,
        "Case writer" => 1,
        "Read-only" => 2,
        _ => 3,
    };
    let mut all: Vec<&Role> = roles.iter().collect();
    all.sort_by_key(|role| place(role));
    all
}

fn roles(v: &Form<'_>) -> Markup {
    let error = v.errors.of("role_id");
    html! {
        fieldset.field #role_id aria-describedby=[described("role_id", "", error)] {
            legend.label { "Role in the projects " (required()) }
            div class={ "choices roles" @if error.is_some() { " choices-bad" } } {
                @for role in in_order(&v.choices.roles) {
                    @let id = format!("role-{}", role.id);
                    div.role {
                        label.choice for=(id) {
                            span.head { (role.name) input type="radio" id=(id) name="role_id" value=(role.id) required checked[v.typed.role == Some(role.id)]; }
                            span.about { (about(role)) }
                        }
                        (powers("It", role.rights, false))
                    }
                }
            }
            (below("role_id", "", error))
        }
    }
}

fn projects(v: &Form<'_>) -> Markup {
    let error = v.errors.of("projects");
    html! {
        fieldset.field #projects aria-describedby=[described("projects", "", error)] {
            legend.label { "Projects " (required()) }
            @if v.choices.projects.is_empty() {
                p.note { "There is no project yet. " a href="/projects/new" { "Make one" } " first." }
            } @else {
                div.checks { @for (id, name) in &v.choices.projects { (checkbox("projects", &id.to_string(), v.typed.projects.contains(id), html! { (name) })) } }
            }
            (below("projects", "It sees no other project, nor those to come.", error))
        }
    }
}

fn key_name(v: &Form<'_>) -> Markup {
    Input {
        name: "key_name",
        label: "Key name",
        value: &v.typed.key_name,
        help: "Where it will be kept, such as “main branch”.",
        error: v.errors.of("key_name"),
        is_required: true,
        autocomplete: "off",
        most: Some(255),
        ..Input::default()
    }
    .render()
}
