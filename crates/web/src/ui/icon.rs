//! Icons from the sprite, and the product's mark.

use crate::assets::ICONS_SVG;
use maud::{Markup, html};

include!(concat!(env!("OUT_DIR"), "/icons.rs"));

/// An icon beside words that say the same. It has no name of its own.
pub fn icon(icon: Icon) -> Markup {
    html! {
        svg.i aria-hidden="true" width="16" height="16" {
            use href=(address(icon)) {}
        }
    }
}

/// Where an icon lies in the sprite.
pub(super) fn address(icon: Icon) -> String {
    format!("{ICONS_SVG}#{}", icon.name())
}

/// The mark of Attest.
pub fn logo(class: &str) -> Markup {
    html! {
        svg class=(class) aria-hidden="true" viewBox="0 0 24 24" width="24" height="24" {
            rect width="24" height="24" rx="6" {}
            path d="M7 12.5l3.4 3.4L17.2 8.6" {}
        }
    }
}
