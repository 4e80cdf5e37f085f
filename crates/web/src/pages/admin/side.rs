//! The left column of the pages of `Admin`.

use crate::ui::shell::fixed_panel;
use crate::ui::{Crumb, Frame, Head, Icon, Section, icon, shell};
use maud::{Markup, html};

/// Which part of `Admin` a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// API users.
    ApiUsers,
    /// Every key of the instance.
    Keys,
}

/// A page of `Admin`. `crumbs` come after it.
pub fn page(frame: &Frame, entry: Entry, title: &str, crumbs: Vec<Crumb>, body: Markup) -> Markup {
    let mut way = vec![Crumb::here("Admin")];
    way.extend(crumbs);
    let head = Head {
        title,
        crumbs: way,
        section: Section::Admin,
        project: None,
    };
    shell::page(
        frame,
        &head,
        fixed_panel(html! {
            div.profile-scroll { div.profile {
                aside aria-label="Administration" {
                    nav.subnav aria-label="Administration" {
                        (link(Icon::Bot, "API users", "/admin/api-users", entry == Entry::ApiUsers))
                        (link(Icon::KeyRound, "API keys", "/admin/api-keys", entry == Entry::Keys))
                    }
                }
                div.pad { (body) }
            } }
        }),
    )
}

fn link(sign: Icon, label: &str, href: &str, is_current: bool) -> Markup {
    html! { a href=(href) aria-current=[is_current.then_some("page")] { (icon(sign)) (label) } }
}
