//! Media types by file extension.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Where Testmo's command line knows another type than the table of `mime-db`.
const DIFFERENT: [(&str, &str); 25] = [
    ("3gpp", "video/3gpp"),
    ("aac", "audio/x-aac"),
    ("deb", "application/x-debian-package"),
    ("dll", "application/x-msdownload"),
    ("dmg", "application/x-apple-diskimage"),
    ("emf", "image/emf"),
    ("es", "application/ecmascript"),
    ("exe", "application/x-msdos-program"),
    ("fdf", "application/vnd.fdf"),
    ("iso", "application/x-iso9660-image"),
    ("jpgm", "video/jpm"),
    ("mjs", "application/javascript"),
    ("mp3", "audio/mpeg"),
    ("mp4", "video/mp4"),
    ("mpg4", "video/mp4"),
    ("msi", "application/x-msdownload"),
    ("obj", "model/obj"),
    ("sql", "application/x-sql"),
    ("stl", "model/stl"),
    ("sub", "text/vnd.dvb.subtitle"),
    ("wav", "audio/wave"),
    ("wmf", "image/wmf"),
    ("x3db", "model/x3d+fastinfoset"),
    ("x3dv", "model/x3d-vrml"),
    ("xlf", "application/xliff+xml"),
];

static TYPES: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let mut types = HashMap::new();
    for (extension, index) in mime_db::EXTENSIONS {
        if let Some((media_type, ..)) = mime_db::TYPES.get(index) {
            types.entry(extension).or_insert(*media_type);
        }
    }
    types.extend(DIFFERENT);
    types
});

/// The media type of a file name. A name without a dot counts as an extension itself, unless a path
/// stands before it.
pub fn type_of(file_name: &str) -> Option<&'static str> {
    let last = file_name.rsplit(['/', '\\']).next()?;
    let extension = last.rsplit('.').next()?;
    let has_path = last.len() < file_name.len();
    let has_dot = extension.len() + 1 < last.len();
    if has_path && !has_dot {
        return None;
    }
    TYPES.get(extension.to_lowercase().as_str()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_found_by_the_last_extension_in_any_case() {
        assert_eq!(type_of("a.PNG"), Some("image/png"));
        assert_eq!(type_of("a.tar.gz"), Some("application/gzip"));
        assert_eq!(type_of(".png"), Some("image/png"));
        assert_eq!(type_of("x\\b.txt"), Some("text/plain"));
        assert_eq!(type_of("c"), Some("text/x-c"));
    }

    #[test]
    fn unknown_ones_have_none() {
        for name in [
            "noext",
            "a.unknownext",
            "a.",
            ".",
            "..",
            "",
            "x\\txt",
            "a.png?x",
            "a.png#x",
        ] {
            assert_eq!(type_of(name), None, "{name}");
        }
    }

    #[test]
    fn differences_from_the_table_win() {
        assert_eq!(type_of("a.mp4"), Some("video/mp4"));
        assert_eq!(type_of("a.stl"), Some("model/stl"));
    }
}
