//! How results get in, with everything filled in that is known.

use crate::ui::button::{Look, copy, link};
use crate::ui::{Icon, card};
use crate::ui::{ProjectNav, icon};
use maud::{Markup, html};

/// What a project without results shows: the command that sends the first ones.
pub fn first_upload(project: &ProjectNav, address: &str) -> Markup {
    let command = command(project, address);
    card::card(
        "Send the first results",
        html! {},
        html! {
            div.card-body {
                p.lead { "Testmo's own command line sends JUnit files of any tool here, unchanged. It wants an API key in " code { "TESTMO_TOKEN" } "." }
                div.code {
                    header { (icon(Icon::Terminal)) "In your build, after the tests" span.end { (copy(Look::Ghost, "#first-upload", "Copy")) } }
                    pre tabindex="0" { code.bare #first-upload { (command) } }
                }
                div.actions { (link(Look::Outline, "Make an API key", "/users/profile/api")) }
            }
        },
    )
}

fn command(project: &ProjectNav, address: &str) -> String {
    format!(
        "testmo automation:run:submit \\\n  --instance {address} \\\n  --project-id {} \\\n  --name \"Nightly\" \\\n  --source \"unit-tests\" \\\n  --results \"results/*.xml\"",
        project.id
    )
}
