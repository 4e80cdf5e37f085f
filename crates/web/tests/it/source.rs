//! Rules of the sources that no type can hold.

use std::fs;
use std::path::{Path, PathBuf};

fn sources() -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    assert!(files.len() > 40, "the sources are found");
    files
}

fn collect(folder: &Path, files: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            files.push((path, text));
        }
    }
}

fn places(pattern: &str) -> Vec<String> {
    sources()
        .into_iter()
        .filter(|(_, text)| text.contains(pattern))
        .map(|(path, _)| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect()
}

#[test]
fn no_markup_is_made_from_strings() {
    assert_eq!(places("PreEscaped"), Vec::<String>::new());
}

#[test]
fn only_one_module_speaks_htmx() {
    for attribute in [
        "hx-get",
        "hx-post",
        "hx-target",
        "hx-swap",
        "hx-trigger",
        "hx-push-url",
        "hx-request",
        "hx-redirect",
    ] {
        let places: Vec<String> = places(attribute)
            .into_iter()
            .filter(|file| file != "hx.rs")
            .collect();
        assert_eq!(places, Vec::<String>::new(), "{attribute}");
    }
    for banned in ["hx-on", "hx-vals", "hx-boost", "hx-vars", ":inherited"] {
        assert_eq!(places(banned), Vec::<String>::new(), "{banned}");
    }
}

#[test]
fn no_style_or_script_stands_in_attributes() {
    for (path, text) in sources() {
        for line in text.lines() {
            assert!(
                !line.contains(" style=") && !line.contains(" onclick="),
                "{}: {line}",
                path.display()
            );
        }
    }
}

#[test]
fn files_stay_small() {
    for (path, text) in sources() {
        assert!(
            text.lines().count() <= 400,
            "{} is too long to read",
            path.display()
        );
    }
}

#[test]
fn every_icon_is_used() {
    let all: String = sources().into_iter().map(|(_, text)| text).collect();
    for icon in web::ui::Icon::ALL {
        let name = format!("Icon::{icon:?}");
        let is_used = all
            .match_indices(&name)
            .any(|(at, _)| !all[at + name.len()..].starts_with(char::is_alphanumeric));
        assert!(is_used, "{} is not used: take it out of icons.txt", icon.name());
    }
}
