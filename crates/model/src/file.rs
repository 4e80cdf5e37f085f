//! Names of uploaded files: metadata only, never part of a path of ours.

use crate::text::is_invisible;
use std::fmt::Write as _;
use unicode_normalization::UnicodeNormalization as _;

/// Most bytes of a file's name, as file systems have it.
pub const NAME_MAX: usize = 255;
/// Longest ending that is kept when a name is cut, in bytes with its dot.
const ENDING_MAX: usize = 32;
/// The name of a file that has none.
const NAMELESS: &str = "file";

/// How a file is shown that is opened by its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disposition {
    /// It is saved.
    Attachment,
    /// It is shown in the page; only for images and films that hold no script.
    Inline,
}

/// The name under which a file is kept: the last part of a path in either spelling, in NFC, without control and direction
/// characters, with `_` for what file systems give a meaning, at most [`NAME_MAX`] bytes. Never empty.
pub fn name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last
        .nfc()
        .filter(|c| !is_invisible(*c))
        .map(|c| if r#"<>:"|?*"#.contains(c) { '_' } else { c })
        .collect();
    // Windows drops dots and blanks at the end, so they could hide the real ending; names of dots are folders.
    let clean = clean.trim().trim_end_matches(['.', ' ']);
    if clean.is_empty() {
        NAMELESS.to_owned()
    } else {
        cut(clean)
    }
}

/// At most [`NAME_MAX`] bytes of a name, with its ending.
fn cut(name: &str) -> String {
    if name.len() <= NAME_MAX {
        return name.to_owned();
    }
    let ending = name
        .rfind('.')
        .map(|dot| &name[dot..])
        .filter(|ending| ending.len() <= ENDING_MAX)
        .unwrap_or_default();
    let stem = &name[..name.floor_char_boundary(NAME_MAX - ending.len())];
    format!("{}{ending}", stem.trim_end())
}

/// The value of `Content-Disposition` (RFC 6266) for a file: the name in ASCII for old clients, and in UTF-8 (RFC 8187)
/// where that is not the same. It holds visible ASCII and blanks only, whatever the name is.
pub fn content_disposition(disposition: Disposition, name: &str) -> String {
    let kind = match disposition {
        Disposition::Attachment => "attachment",
        Disposition::Inline => "inline",
    };
    // Clients decode percent signs and backslashes in the plain form differently (RFC 6266, appendix D).
    let is_plain = |c: char| (c.is_ascii_graphic() || c == ' ') && !r#""\%"#.contains(c);
    let plain: String = name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    let mut value = format!("{kind}; filename=\"{plain}\"");
    if plain != name {
        value.push_str("; filename*=UTF-8''");
        for byte in name.bytes() {
            if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
                value.push(char::from(byte));
            } else {
                // Writing to a String can't fail.
                let _ = write!(value, "%{byte:02X}");
            }
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_path_and_what_could_deceive() {
        for (given, kept) in [
            ("report.pdf", "report.pdf"),
            ("../../etc/passwd", "passwd"),
            (r"C:\Users\ada\shot.png", "shot.png"),
            (r"..\../x.svg", "x.svg"),
            ("C:evil.html", "C_evil.html"),
            ("a\r\nSet-Cookie: b.txt", "aSet-Cookie_ b.txt"),
            ("in\u{202e}gpj.exe", "ingpj.exe"),
            ("nul\0.txt", "nul.txt"),
            ("page.html. . ", "page.html"),
            ("e\u{301}.png", "é.png"),
            ("", "file"),
            ("..", "file"),
            ("folder/", "file"),
            (" \t", "file"),
            (".gitignore", ".gitignore"),
        ] {
            assert_eq!(name(given), kept, "{given:?}");
        }
    }

    #[test]
    fn long_names_keep_their_ending() {
        let long = name(&format!("{}.png", "é".repeat(300)));
        assert!(
            long.len() <= NAME_MAX && long.len() > NAME_MAX - 3,
            "{}",
            long.len()
        );
        assert!(long.ends_with("é.png"));
        let endless = name(&format!("a.{}", "x".repeat(400)));
        assert_eq!(endless.len(), NAME_MAX);
    }

    #[test]
    fn dispositions_are_safe_in_a_header() {
        use Disposition::{Attachment, Inline};
        for (disposition, name, value) in [
            (Attachment, "a b.txt", r#"attachment; filename="a b.txt""#),
            (Inline, "shot.png", r#"inline; filename="shot.png""#),
            (
                Attachment,
                "Übersicht €.pdf",
                "attachment; filename=\"_bersicht _.pdf\"; filename*=UTF-8''%C3%9Cbersicht%20%E2%82%AC.pdf",
            ),
            (
                Attachment,
                "a\"; b=\\c%41\r\n",
                "attachment; filename=\"a_; b=_c_41__\"; filename*=UTF-8''a%22%3B%20b%3D%5Cc%2541%0D%0A",
            ),
        ] {
            assert_eq!(content_disposition(disposition, name), value);
        }
    }
}
