//! Values of options, checked before anything is sent.

use client::automation_runs::NewRun;
use client::{AddressError, Instance};
use junit::cut;

use super::args::Run;
use super::failure::Failure;

/// A positive whole number; `what` names it.
pub(super) fn id(what: &str, text: &str) -> Result<u64, Failure> {
    let number = text.parse::<u64>().ok().filter(|number| *number > 0);
    number
        .filter(|number| i64::try_from(*number).is_ok())
        .ok_or_else(|| Failure::new(format!("{what} ID needs to be a positive number")))
}

fn optional_id(what: &str, text: Option<&String>) -> Result<Option<u64>, Failure> {
    text.map(|text| id(what, text)).transpose()
}

/// The address of an instance.
pub(super) fn instance(text: &str) -> Result<Instance, Failure> {
    text.parse()
        .map_err(|error: AddressError| Failure::sentence(&error))
}

/// The address of a proxy: with a scheme and a host.
pub(super) fn proxy(text: Option<&String>) -> Result<Option<String>, Failure> {
    let is_usable = |text: &str| {
        ["http://", "https://"]
            .iter()
            .any(|scheme| text.strip_prefix(scheme).is_some_and(|host| !host.is_empty()))
    };
    match text {
        Some(text) if !is_usable(text) => Err(Failure::new(
            "The proxy address must be a valid HTTP/HTTPS address",
        )),
        other => Ok(other.cloned()),
    }
}

/// The project's id and the run as it is sent, without its resources.
pub(super) fn run(run: &Run) -> Result<(i64, NewRun), Failure> {
    let project = id("Project", &run.project_id)?;
    if run.name.is_empty() {
        return Err(Failure::new("Name cannot be empty"));
    }
    if !is_source(&run.source) {
        return Err(Failure::new(
            "Invalid source name: needs to be a single word (with dashes allowed)",
        ));
    }
    if !run.tags.iter().all(|tag| is_tag(tag)) {
        return Err(Failure::new(
            "Invalid tag name: only letters, numbers, underscore and dash allowed",
        ));
    }
    let named = |name: &Option<String>| {
        let name = name.as_deref().filter(|name| !name.is_empty());
        name.map(|name| cut::short(name).to_owned())
    };
    let new = NewRun {
        name: cut::short(&run.name).to_owned(),
        source: cut::short(&run.source).to_owned(),
        tags: run.tags.iter().map(|tag| cut::short(tag).to_owned()).collect(),
        config_id: optional_id("Config", run.config_id.as_ref())?,
        config: named(&run.config),
        milestone_id: optional_id("Milestone", run.milestone_id.as_ref())?,
        milestone: named(&run.milestone),
        ..NewRun::default()
    };
    Ok((project.cast_signed(), new))
}

/// A letter, then at least one letter, digit or dash.
pub(super) fn is_source(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() > 1
        && bytes[0].is_ascii_alphabetic()
        && bytes.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-')
}

pub(super) fn is_tag(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}

/// Whether `text` is an address with a scheme and a host, as links and files have it.
pub(super) fn is_link(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    ["http", "https", "ftp"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known))
        && !host.is_empty()
        && !text.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_positive_numbers() {
        assert_eq!(id("Run", "17").ok(), Some(17));
        for text in ["0", "-1", "", "x", "1.5", "9223372036854775808"] {
            let told = id("Run", text).unwrap_err().to_string();
            assert_eq!(told, "Run ID needs to be a positive number", "{text}");
        }
    }

    #[test]
    fn sources_and_tags_are_words() {
        assert!(["ab", "a-1", "Backend-unit"].into_iter().all(is_source));
        assert!(!["", "a", "1a", "a_b", "a b", "é-a"].into_iter().any(is_source));
        assert!(["a", "a_b-1"].into_iter().all(is_tag));
        assert!(!["", "a b", "a,b", "é"].into_iter().any(is_tag));
    }

    #[test]
    fn links_have_a_scheme_and_a_host() {
        assert!(
            ["https://a.b", "http://localhost/x", "https://u@h:1/p?q"]
                .into_iter()
                .all(is_link)
        );
        assert!(
            ![
                "foo",
                "foo.com",
                "https://",
                "https:///x",
                "mailto:a@b",
                "https://a b"
            ]
            .into_iter()
            .any(is_link)
        );
    }
}
