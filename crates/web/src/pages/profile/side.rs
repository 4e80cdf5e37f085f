//! The left column of every page of the profile.

use crate::ui::person::{Size, disc};
use crate::ui::shell::fixed_panel;
use crate::ui::text::count;
use crate::ui::{Crumb, Frame, Head, Icon, Section, Viewer, icon, shell};
use maud::{Markup, html};
use model::Timestamp;

/// Which page of the profile it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// Name, time zone, appearance.
    Account,
    /// Password and devices.
    Security,
    /// What the person is told of.
    Notifications,
    /// API keys.
    Keys,
}

/// What the column shows.
#[derive(Debug, Clone)]
pub struct Side {
    /// Whose profile it is.
    pub viewer: Viewer,
    /// Active API keys.
    pub keys: i64,
    /// The key that ends next, within thirty days.
    pub soon: Option<(String, Timestamp)>,
}

/// A page of the profile. `crumbs` come after *User profile*.
pub fn page(
    frame: &Frame,
    side: &Side,
    entry: Entry,
    title: &str,
    crumbs: Vec<Crumb>,
    body: Markup,
) -> Markup {
    let mut way = vec![Crumb::link("User profile", "/users/profile")];
    way.extend(crumbs);
    shell::page(
        frame,
        &Head {
            title,
            crumbs: way,
            section: Section::None,
            project: None,
        },
        fixed_panel(html! {
            div.profile-scroll { div.profile {
                (column(frame, side, entry))
                div.pad { (body) }
            } }
        }),
    )
}

fn column(frame: &Frame, side: &Side, entry: Entry) -> Markup {
    let viewer = &side.viewer;
    html! {
        aside aria-label="Profile" {
            div.self {
                span.big-disc aria-hidden="true" { (disc(viewer.id.0, &viewer.name, Size::Large)) }
                b { (viewer.name) }
                span.muted { (viewer.email) }
                @if viewer.is_admin { span.muted.role { "Site administrator" } }
            }
            nav.subnav aria-label="Profile" {
                (link(Icon::UserRound, "Account", "/users/profile", entry == Entry::Account))
                (link(Icon::ShieldCheck, "Security", "/users/profile/security", entry == Entry::Security))
                (link(Icon::Bell, "Notifications", "/users/profile/notifications", entry == Entry::Notifications))
            }
            section.access {
                div class=[(entry == Entry::Keys).then_some("on")] {
                    h2 { span #api-access { "API access" } a.link href="/users/profile/api" aria-describedby="api-access" { "change" } }
                    p { (count(side.keys, "API key", "API keys")) }
                    @if let Some((name, at)) = &side.soon {
                        p.soon { (icon(Icon::Clock)) span { "“" (name) "” ends " (frame.when.until(*at)) } }
                    }
                }
            }
        }
    }
}

fn link(sign: Icon, label: &str, href: &str, is_current: bool) -> Markup {
    html! { a href=(href) aria-current=[is_current.then_some("page")] { (icon(sign)) (label) } }
}
