//! Every page in every state: the rules of HTML that assistive technology and our own policy rely on.

use crate::drawn;
use crate::html::{Element, elements};
use std::collections::HashSet;
use web::ui::Theme;

fn each(check: impl Fn(&str, &[Element], &str)) {
    for theme in [Theme::System, Theme::Dark] {
        for (name, markup) in drawn::pages(theme) {
            check(name, &elements(&markup.0), &markup.0);
        }
    }
}

#[test]
fn every_page_has_one_title_heading_and_main() {
    each(|page, all, html| {
        for name in ["title", "h1", "main"] {
            let found = all
                .iter()
                .filter(|e| e.name == name && !e.inside.iter().any(|i| i == "svg"));
            assert_eq!(found.count(), 1, "{name} of {page}");
        }
        assert!(html.starts_with("<!DOCTYPE html><html lang=\"en\""), "{page}");
        assert!(html.contains(" · Attest</title>"), "{page}");
    });
}

#[test]
fn the_theme_is_rendered_by_the_server() {
    for (page, markup) in drawn::pages(Theme::Dark) {
        assert_eq!(elements(&markup.0)[0].get("data-theme"), Some("dark"), "{page}");
    }
    for (page, markup) in drawn::pages(Theme::System) {
        assert_eq!(elements(&markup.0)[0].get("data-theme"), None, "{page}");
    }
}

#[test]
fn ids_are_unique_and_references_lead_somewhere() {
    each(|page, all, _| {
        let mut ids = HashSet::new();
        for id in all.iter().filter_map(|e| e.get("id")) {
            assert!(ids.insert(id), "{page} has the id {id} twice");
        }
        for element in all {
            for attribute in ["for", "aria-describedby", "aria-labelledby", "popovertarget"] {
                for id in element.get(attribute).unwrap_or_default().split_whitespace() {
                    assert!(ids.contains(id), "{page}: {attribute}={id} leads nowhere");
                }
            }
            for attribute in ["href", "hx-target", "data-from"] {
                if let Some(id) = element.get(attribute).and_then(|v| v.strip_prefix('#')) {
                    assert!(ids.contains(id), "{page}: {attribute}=#{id} leads nowhere");
                }
            }
        }
    });
}

#[test]
fn everything_that_is_filled_in_has_a_label() {
    each(|page, all, _| {
        let labelled: HashSet<&str> = all.iter().filter_map(|e| e.get("for")).collect();
        let fields = all
            .iter()
            .filter(|e| matches!(e.name.as_str(), "input" | "select" | "textarea"));
        for field in fields.filter(|e| e.get("type") != Some("hidden") && e.get("hidden").is_none()) {
            let by_id = field.get("id").is_some_and(|id| labelled.contains(id));
            let by_place = field.inside.iter().any(|name| name == "label");
            assert!(by_id || by_place, "{page}: {field:?}");
        }
    });
}

#[test]
fn nothing_runs_or_is_styled_in_attributes() {
    each(|page, all, _| {
        for element in all {
            assert!(element.name != "style" && element.name != "iframe", "{page}");
            if element.name == "script" {
                assert!(
                    element.get("src").is_some_and(|src| src.starts_with("/assets/")),
                    "{page}"
                );
            }
            for (name, value) in &element.attributes {
                assert!(name != "style" && !name.starts_with("on"), "{page}: {name}");
                assert!(
                    !value.to_ascii_lowercase().trim_start().starts_with("javascript:"),
                    "{page}: {name}"
                );
            }
        }
    });
}

#[test]
fn only_the_agreed_attributes_of_htmx_are_used() {
    const AGREED: [&str; 5] = ["hx-get", "hx-target", "hx-swap", "hx-trigger", "hx-push-url"];
    each(|page, all, _| {
        for (name, value) in all
            .iter()
            .flat_map(|e| &e.attributes)
            .filter(|(name, _)| name.starts_with("hx-"))
        {
            assert!(AGREED.contains(&name.as_str()), "{page}: {name}");
            assert!(
                !value.contains('[') && !value.contains("js:"),
                "{page}: {name}={value}"
            );
        }
    });
}

#[test]
fn forms_work_without_script() {
    each(|page, all, _| {
        for form in all.iter().filter(|e| e.name == "form") {
            assert!(matches!(form.get("method"), Some("post" | "get")), "{page}");
            assert!(
                form.get("action").is_some_and(|action| action.starts_with('/')),
                "{page}"
            );
        }
        for link in all.iter().filter(|e| e.name == "a") {
            assert!(
                link.get("href")
                    .is_some_and(|href| !href.is_empty() && href != "#"),
                "{page}: {link:?}"
            );
        }
        for link in all.iter().filter(|e| e.get("hx-get").is_some() && e.name == "a") {
            assert_eq!(
                link.get("hx-get"),
                link.get("href"),
                "{page}: the same page either way"
            );
        }
    });
}

#[test]
fn links_out_take_nothing_with_them() {
    each(|page, all, _| {
        for link in all
            .iter()
            .filter(|e| e.name == "a" && e.get("href").is_some_and(|h| h.starts_with("http")))
        {
            assert_eq!(link.get("rel"), Some("noopener noreferrer nofollow"), "{page}");
        }
    });
}

#[test]
fn the_labels_of_the_walk_through_are_exact() {
    let pages = drawn::pages(Theme::System);
    let text = |name: &str| pages.iter().find(|(n, _)| *n == name).unwrap().1.0.clone();
    assert!(text("profile").contains("</svg>User profile</a>"));
    assert!(text("profile").contains(">API access</span>"));
    assert!(text("profile").contains(">change</a>"));
    assert!(text("keys").contains("<label for=\"name\">Name</label>"));
    assert!(text("keys").contains(">Create key</button>"));
    assert!(text("key-created").contains("<span data-label>Copy</span>"));
}

#[test]
fn nothing_is_chosen_beforehand_for_a_new_key() {
    let pages = drawn::pages(Theme::System);
    let (_, markup) = pages.iter().find(|(name, _)| *name == "keys-empty").unwrap();
    let all = elements(&markup.0);
    let chosen = |name: &str| {
        let boxes = all
            .iter()
            .filter(|e| e.get("name") == Some(name) && e.get("checked").is_some());
        boxes.filter_map(|e| e.get("value")).collect::<Vec<_>>()
    };
    assert_eq!(chosen("scope"), Vec::<&str>::new());
    assert_eq!(chosen("expires"), ["365"]);
}
