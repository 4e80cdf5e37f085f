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

/// The type of bytes that nobody knows.
pub const UNKNOWN_TYPE: &str = "application/octet-stream";
/// Types that browsers show without running anything in them, or do not show at all.
const HARMLESS: [&str; 10] = [
    "application/gzip",
    "application/json",
    "application/pdf",
    "application/zip",
    "image/gif",
    "image/jpeg",
    "image/png",
    "image/webp",
    "video/mp4",
    "video/webm",
];
/// Most bytes of a media type (RFC 6838 §4.2: 127 for each part; real ones are far shorter).
const TYPE_MAX: usize = 127;

/// The media type that a client gave, in lower case and without parameters; [`UNKNOWN_TYPE`] for none and for what is no type.
pub fn media_type(given: Option<&str>) -> String {
    let essence = given
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default()
        .trim();
    let is_part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphanumeric())
            && part
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "!#$&-^_.+".contains(c))
    };
    match essence.split_once('/') {
        Some((kind, sub)) if essence.len() <= TYPE_MAX && is_part(kind) && is_part(sub) => {
            essence.to_ascii_lowercase()
        }
        _ => UNKNOWN_TYPE.to_owned(),
    }
}

/// The type under which a file of this media type is sent: its own when it is harmless, plain text for text, and
/// [`UNKNOWN_TYPE`] for all else. What can hold script (HTML, SVG, XML) never goes out under its own type (`security.md` A6).
pub fn served_type(media_type: &str) -> &'static str {
    if let Some(harmless) = HARMLESS.iter().find(|it| **it == media_type) {
        return harmless;
    }
    match media_type {
        "text/plain" | "text/csv" | "text/markdown" => "text/plain; charset=utf-8",
        _ => UNKNOWN_TYPE,
    }
}

/// Every type that [`served_type`] may give.
pub fn served_types() -> Vec<&'static str> {
    let others = ["text/plain; charset=utf-8", UNKNOWN_TYPE];
    HARMLESS.into_iter().chain(others).collect()
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
    fn types_are_types_and_only_harmless_ones_go_out() {
        for (given, kept, served) in [
            (Some("Image/PNG"), "image/png", "image/png"),
            (
                Some("text/plain; charset=utf-16"),
                "text/plain",
                "text/plain; charset=utf-8",
            ),
            (Some("text/html"), "text/html", UNKNOWN_TYPE),
            (Some("image/svg+xml"), "image/svg+xml", UNKNOWN_TYPE),
            (
                Some("application/xhtml+xml"),
                "application/xhtml+xml",
                UNKNOWN_TYPE,
            ),
            (Some("text/xml"), "text/xml", UNKNOWN_TYPE),
            (Some("png"), UNKNOWN_TYPE, UNKNOWN_TYPE),
            (Some("a/b/c"), UNKNOWN_TYPE, UNKNOWN_TYPE),
            (Some("text/ht\r\nml"), UNKNOWN_TYPE, UNKNOWN_TYPE),
            (Some("/"), UNKNOWN_TYPE, UNKNOWN_TYPE),
            (None, UNKNOWN_TYPE, UNKNOWN_TYPE),
        ] {
            let found = media_type(given);
            assert_eq!((found.as_str(), served_type(&found)), (kept, served), "{given:?}");
        }
        assert_eq!(media_type(Some(&format!("a/{}", "b".repeat(200)))), UNKNOWN_TYPE);
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
