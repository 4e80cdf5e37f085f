//! What the instance defines for all projects: result statuses, workflow states, custom fields, templates. Whole site admins
//! make, change, order, archive and delete them; what something uses is not deleted, and what every instance starts with stays.

pub mod fields;
pub mod states;
pub mod statuses;
pub mod templates;

use crate::clean::Clean;
use crate::{Error, Result};
use std::collections::BTreeSet;

/// Ids up to this one are those of what every instance starts with.
const BUILT_IN: i64 = 100;

/// Most characters of a system name.
const SYSTEM_NAME_MAX: usize = 50;

/// Whether an id is that of something that every instance starts with.
pub fn is_built_in(id: i64) -> bool {
    id <= BUILT_IN
}

/// Refuses an order that does not name each of them once.
fn refuse_partial_order(wanted: &[i64], all: impl Iterator<Item = i64>) -> Result<()> {
    let (all, named): (BTreeSet<i64>, BTreeSet<i64>) = (all.collect(), wanted.iter().copied().collect());
    if all == named && named.len() == wanted.len() {
        return Ok(());
    }
    let all: Vec<String> = all.iter().map(ToString::to_string).collect();
    let text = format!("The ids must name each of these once: {}.", all.join(", "));
    Err(Error::field("ids", text))
}

/// The one of this id.
fn the<T>(all: Vec<T>, is_it: impl Fn(&T) -> bool) -> Result<T> {
    all.into_iter().find(is_it).ok_or(Error::NotFound)
}

fn built_in(what: &str, instead: &str) -> Error {
    let text = format!("{what} is one that every instance starts with, so it can't be deleted. {instead}");
    Error::Conflict("built_in", text)
}

fn is_default(what: &str) -> Error {
    let text = format!("{what} is the default one. Make another one the default first.");
    Error::Conflict("is_default", text)
}

/// Refuses to say that something is not the default any more, which leaves none.
fn refuse_no_default(was: bool, wanted: Option<bool>) -> Result<()> {
    if was && wanted == Some(false) {
        let text = "One must be the default. Make another one the default instead.";
        return Err(Error::field("is_default", text));
    }
    Ok(())
}

/// Names among their kind are unique.
fn unique<T>(field: &str, what: &str, result: store::Result<T>) -> Result<T> {
    match result {
        Err(store::Error::Unique(_)) => Err(Error::field(
            field,
            format!("There is a {what} of this name. Choose another name."),
        )),
        other => Ok(other?),
    }
}

/// A colour as `#rrggbb`, in lower case.
fn color(clean: &mut Clean, field: &str, value: &str) -> String {
    let value = value.trim().to_ascii_lowercase();
    let digits = value.strip_prefix('#').unwrap_or_default();
    if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        clean.refuse(field, "The color must look like #259a5b.");
    }
    value
}

/// A name as programs see it: small letters, digits and `_`, from the given one or from the name that people see.
fn system_name(clean: &mut Clean, given: Option<&str>, name: &str) -> String {
    let made = given.map_or_else(|| derived(name), |given| given.trim().to_owned());
    let is_right = made
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    let begins = made.bytes().next().is_some_and(|b| b.is_ascii_lowercase());
    if !(is_right && begins && made.len() <= SYSTEM_NAME_MAX) {
        let text = format!(
            "Give a system_name of up to {SYSTEM_NAME_MAX} small letters, digits and _, that begins with a letter."
        );
        clean.refuse("system_name", text);
    }
    made
}

fn derived(name: &str) -> String {
    let words: Vec<String> = model::text::folded(name)
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    words.join("_").chars().take(SYSTEM_NAME_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn system_names_come_from_names() {
        let mut clean = Clean::default();
        assert_eq!(system_name(&mut clean, None, " Größe (in MB)"), "gro_e_in_mb");
        assert_eq!(system_name(&mut clean, Some("risk_2"), "x"), "risk_2");
        assert!(clean.finish().is_ok());
        for (given, name) in [
            (Some("2nd"), "x"),
            (Some("A"), "x"),
            (None, "日本"),
            (None, "2 x"),
            (Some(""), "x"),
        ] {
            let mut clean = Clean::default();
            system_name(&mut clean, given, name);
            assert!(clean.finish().is_err(), "{given:?} {name}");
        }
    }

    #[test]
    fn an_order_names_each_once() {
        assert!(refuse_partial_order(&[2, 1], [1, 2].into_iter()).is_ok());
        for wrong in [&[1][..], &[1, 1], &[1, 2, 2], &[1, 2, 3]] {
            assert!(
                refuse_partial_order(wrong, [1, 2].into_iter()).is_err(),
                "{wrong:?}"
            );
        }
    }

    #[test]
    fn colours_have_six_digits() {
        let mut clean = Clean::default();
        assert_eq!(color(&mut clean, "color", " #25A9ff "), "#25a9ff");
        assert!(clean.finish().is_ok());
        for wrong in ["", "red", "#fff", "#25a9fg", "25a9ff", "#25a9ff0"] {
            let mut clean = Clean::default();
            color(&mut clean, "color", wrong);
            assert!(clean.finish().is_err(), "{wrong}");
        }
    }
}
