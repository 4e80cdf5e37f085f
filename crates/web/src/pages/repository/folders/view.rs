//! The forms.

use crate::pages::repository::address::Place;
use crate::pages::repository::view::crumbs;
use crate::ui::button::{Look, link, submit};
use crate::ui::field::{Errors, Input, described, field};
use crate::ui::shell::panel;
use crate::ui::text::count;
use crate::ui::{Crumb, Frame, Head, ProjectNav, Section, card, shell};
use app::tree::Branch;
use maud::{Markup, html};
use model::{FolderId, text};

/// What a form does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Makes a folder.
    New,
    /// Changes name and text of one.
    Rename,
    /// Puts one elsewhere.
    Move,
    /// Makes another one with the same content.
    Copy,
    /// Deletes one with its content.
    Delete,
}

impl Deed {
    /// Its name in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Deed::New => "new",
            Deed::Rename => "rename",
            Deed::Move => "move",
            Deed::Copy => "copy",
            Deed::Delete => "delete",
        }
    }

    /// The one of this name.
    pub fn from_name(name: &str) -> Option<Deed> {
        [Deed::Rename, Deed::Move, Deed::Copy, Deed::Delete]
            .into_iter()
            .find(|d| d.name() == name)
    }

    fn button(self) -> (Look, &'static str) {
        match self {
            Deed::New => (Look::Primary, "Create folder"),
            Deed::Rename => (Look::Primary, "Save"),
            Deed::Move => (Look::Primary, "Move folder"),
            Deed::Copy => (Look::Primary, "Copy folder"),
            Deed::Delete => (Look::Danger, "Delete folder"),
        }
    }
}

/// What a form shows.
pub struct Form {
    /// The project.
    pub project: ProjectNav,
    /// What it does.
    pub deed: Deed,
    /// From the root to the folder, or to the one in which a new one is made.
    pub way: Vec<(FolderId, String)>,
    /// The folder with what lies in it; none for a new one.
    pub subject: Option<Branch>,
    /// What was typed: the name.
    pub name: String,
    /// What was typed: the text.
    pub docs: String,
    /// What was typed: the id of the folder to move or copy to; empty for the root.
    pub to: String,
    /// Folders to choose from; none when there are too many.
    pub choices: Option<Vec<(FolderId, String)>>,
    /// What was wrong.
    pub errors: Errors,
}

impl Form {
    /// Where the form is sent, and found.
    pub fn action(&self) -> String {
        match &self.subject {
            Some(branch) => format!("/repositories/folders/{}/{}", branch.folder.id, self.deed.name()),
            None => {
                let within = self
                    .way
                    .last()
                    .map(|(id, _)| format!("?in={id}"))
                    .unwrap_or_default();
                format!("/repositories/{}/folders/new{within}", self.project.id)
            }
        }
    }

    fn title(&self) -> String {
        let name = self.subject.as_ref().map_or("", |b| b.folder.name.as_str());
        match self.deed {
            Deed::New => "New folder".to_owned(),
            Deed::Rename => format!("Rename “{name}”"),
            Deed::Move => format!("Move “{name}”"),
            Deed::Copy => format!("Copy “{name}”"),
            Deed::Delete => format!("Delete “{name}”?"),
        }
    }
}

/// Draws it.
pub fn page(frame: &Frame, v: &Form) -> Markup {
    let title = v.title();
    let back = Place::folder(v.project.id, v.way.last().map(|(id, _)| *id)).href();
    let (look, label) = v.deed.button();
    let fields = html! { (v.errors.summary()) @match v.deed {
        Deed::New | Deed::Rename => (text_fields(v)),
        Deed::Move | Deed::Copy => (target(v)),
        Deed::Delete => (warning(v)),
    } };
    let foot = html! { (submit(look, label)) (link(Look::Ghost, "Cancel", &back)) };
    let mut crumbs = crumbs(&v.project, &v.way);
    crumbs.push(Crumb::here(v.deed.button().1));
    let shown = if v.errors.is_empty() {
        title.clone()
    } else {
        format!("Error: {title}")
    };
    shell::page(
        frame,
        &Head {
            title: &shown,
            crumbs,
            section: Section::Repository,
            project: Some(&v.project),
        },
        panel(html! { h1 { (title) } (card::form(&v.action(), "confirm", "Folder", fields, foot)) }),
    )
}

fn text_fields(v: &Form) -> Markup {
    let name = Input {
        name: "name",
        label: "Name",
        value: &v.name,
        error: v.errors.of("name"),
        is_required: true,
        has_focus: v.errors.is_empty(),
        autocomplete: "off",
        most: u32::try_from(text::LONG_NAME_MAX).ok(),
        ..Input::default()
    };
    let help = "Optional. What belongs into this folder.";
    let docs = html! {
        textarea.input #docs name="docs" rows="3" aria-describedby=[described("docs", help, v.errors.of("docs"))] { (v.docs) }
    };
    html! { (name.render()) (field("docs", "Text", false, help, v.errors.of("docs"), &docs)) }
}

fn target(v: &Form) -> Markup {
    let error = v.errors.of("to");
    let control = html! {
        @match &v.choices {
            Some(folders) => select.input #to name="to" aria-describedby=[described("to", "", error)] aria-invalid=[error.map(|_| "true")] {
                option value="" { "The root of the repository" }
                @for (id, name) in folders { option value=(id) selected[v.to == id.to_string()] { (name) } }
            },
            None => input.input #to type="text" name="to" value=(v.to) inputmode="numeric" autocomplete="off"
                aria-describedby=[described("to", HELP, error)] aria-invalid=[error.map(|_| "true")];,
        }
    };
    let help = if v.choices.is_some() { "" } else { HELP };
    html! {
        (field("to", "Into", false, help, error, &control))
        @if v.deed == Deed::Copy { @if let Some(branch) = &v.subject {
            p { "Copies " (extent(branch)) ". Comments and older versions stay with the original." }
        } }
    }
}

const HELP: &str = "The ID of a folder, which its page shows; empty for the root.";

fn extent(branch: &Branch) -> String {
    let cases = count(branch.cases, "case", "cases");
    match branch.below {
        0 => cases,
        n => format!("{} below and {cases}", count(n, "folder", "folders")),
    }
}

fn warning(v: &Form) -> Markup {
    let Some(branch) = &v.subject else {
        return html! {};
    };
    html! {
        @if branch.below == 0 && branch.cases == 0 { p { "The folder is empty." } }
        @else { p { "Deletes " b { (extent(branch)) } " with their comments. Runs keep the text that was tested. This cannot be undone." } }
    }
}
