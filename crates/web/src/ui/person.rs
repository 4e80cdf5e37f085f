//! People: a disc with initials, and the name.

use maud::{Markup, html};

/// Size of a disc.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// In rows.
    Small,
    /// In the top bar.
    Medium,
    /// On the profile.
    Large,
}

/// The colours of people and projects.
const HUES: i64 = 8;

/// The colour of a person or project, the same on every page.
pub fn hue(id: i64) -> String {
    format!("hue-{}", id.rem_euclid(HUES))
}

/// First letters of the first and the last word.
pub fn initials(name: &str) -> String {
    let letter = |word: &str| word.chars().find(|c| c.is_alphanumeric());
    let mut letters = name.split_whitespace().filter_map(letter);
    let first = letters.next();
    first
        .into_iter()
        .chain(letters.next_back())
        .flat_map(char::to_uppercase)
        .collect()
}

/// The disc alone. Its letters are no name: that stands beside it.
pub fn disc(id: i64, name: &str, size: Size) -> Markup {
    let size = match size {
        Size::Small => "",
        Size::Medium => " avatar-md",
        Size::Large => " avatar-lg",
    };
    html! { span class={ "avatar" (size) " " (hue(id)) } { (initials(name)) } }
}

/// Disc and name.
pub fn person(id: i64, name: &str) -> Markup {
    html! {
        span.person { span class={ "avatar " (hue(id)) } aria-hidden="true" { (initials(name)) } (name) }
    }
}

/// The tile of a project: its first letter.
pub fn tile(id: i64, name: &str, is_large: bool) -> Markup {
    let letter: String = initials(name).chars().take(1).collect();
    html! {
        span class={ "tile " (hue(id)) @if is_large { " tile-lg" } } aria-hidden="true" { (letter) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_of_any_name() {
        for (name, expected) in [
            ("Mara Demo", "MD"),
            ("Mara", "M"),
            ("jonas van der thiel", "JT"),
            ("(bot) ci-storefront", "BC"),
            ("", ""),
            ("ß", "SS"),
            ("山田 太郎", "山太"),
        ] {
            assert_eq!(initials(name), expected, "{name}");
        }
        assert_eq!(hue(-1), "hue-7");
    }
}
