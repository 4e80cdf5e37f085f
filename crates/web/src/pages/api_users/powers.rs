//! What a role lets an API user do, and what it does not, in words.

use crate::ui::{Icon, icon};
use maud::{Markup, html};
use model::{Action, Area, Right, Rights};

/// Areas in which something is completed or closed.
const COMPLETED: [Area; 4] = [Area::Milestones, Area::Runs, Area::Sessions, Area::Automation];
/// Areas that go without saying where they are left out, as others say the same.
const QUIET: [Area; 4] = [
    Area::RestrictedCaseFields,
    Area::ClosedRuns,
    Area::RestrictedResultFields,
    Area::ClosedSessions,
];

/// What no API user can do, whatever its role.
const NEVER: [&str; 3] = [
    "sign in to these pages or reset a password",
    "see or touch a project that it is not given",
    "manage people, roles, projects or keys",
];

/// The same, where an administrator gave it the right to manage other API users.
const NEVER_OF_MANAGERS: [&str; 3] = [
    "sign in to these pages or reset a password",
    "see or touch a project that it is not given",
    "manage people, roles, projects, or its own keys",
];

/// `a, b and c`.
fn listed(all: &[&str], and: &str) -> String {
    match all {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} {and} {last}", first.join(", ")),
    }
}

fn areas(rights: Rights, action: Action, has: bool) -> Vec<&'static str> {
    let counts = |area: &Area| match action {
        Action::Complete => COMPLETED.contains(area),
        _ => has || !QUIET.contains(area),
    };
    Area::ALL
        .into_iter()
        .filter(|area| counts(area) && rights.has(Right(*area, action)) == has)
        .map(Area::words)
        .collect()
}

/// What somebody with these rights in a project can do there, a line for each action; adding, editing and deleting are one
/// line where they go together.
pub fn can(rights: Rights) -> Vec<String> {
    lines(rights, true)
}

/// What somebody with these rights in a project can't do there.
pub fn cannot(rights: Rights) -> Vec<String> {
    lines(rights, false)
}

fn lines(rights: Rights, has: bool) -> Vec<String> {
    let of = |action| areas(rights, action, has);
    let (edited, deleted) = (of(Action::Edit), of(Action::Delete));
    let and = if has { "and" } else { "or" };
    let line = |verb: &str, action: Action, found: &[&str]| {
        let is_all = areas(rights, action, !has).is_empty();
        match (found.is_empty(), is_all, has) {
            (true, ..) => None,
            (false, true, true) => Some(format!("{verb} everything there")),
            (false, true, false) => Some(format!("{verb} anything")),
            (false, false, _) => Some(format!("{verb} {}", listed(found, and))),
        }
    };
    let mut all = vec![line("see", Action::View, &of(Action::View))];
    if edited == deleted {
        all.push(line(&format!("add, edit {and} delete"), Action::Edit, &edited));
    } else {
        all.push(line(&format!("add {and} edit"), Action::Edit, &edited));
        all.push(line("delete", Action::Delete, &deleted));
    }
    all.push(line("complete", Action::Complete, &of(Action::Complete)));
    all.into_iter().flatten().collect()
}

/// Both lists. `who` begins their heads.
pub fn powers(who: &str, rights: Rights, is_manager: bool) -> Markup {
    let never = if is_manager { NEVER_OF_MANAGERS } else { NEVER };
    let mut can = can(rights);
    if is_manager {
        can.push("make, rotate and revoke keys of other API users, no wider than its own".to_owned());
    }
    if can.is_empty() {
        can.push("nothing at all".to_owned());
    }
    let never = never.into_iter().map(str::to_owned);
    let cannot: Vec<String> = cannot(rights).into_iter().chain(never).collect();
    html! {
        div.powers {
            (list(&format!("{who} can"), Icon::Check, "good", &can))
            (list(&format!("{who} cannot"), Icon::X, "bad", &cannot))
        }
    }
}

fn list(title: &str, sign: Icon, class: &str, lines: &[String]) -> Markup {
    html! {
        div { h3 { (title) } ul { @for line in lines { li { span class=(class) { (icon(sign)) } span { (line) } } } } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::rights::FACTORY_ROLES;

    fn role(name: &str) -> Rights {
        FACTORY_ROLES.into_iter().find(|r| r.0 == name).unwrap().1
    }

    #[test]
    fn roles_are_told_in_words() {
        assert_eq!(can(role("Read-only")), ["see everything there"]);
        assert_eq!(
            cannot(role("Read-only")),
            ["add, edit or delete anything", "complete anything"]
        );
        assert_eq!(cannot(role("Lead")), [""; 0]);
        assert_eq!(can(Rights::NONE), [""; 0]);
        assert_eq!(
            can(role("Case writer"))[1..],
            ["add, edit and delete cases and tags"]
        );
        assert_eq!(
            can(role("Results submitter"))[1..],
            [
                "add, edit and delete results and automation",
                "complete automation"
            ]
        );
        assert!(cannot(role("Results submitter"))[1].contains(" cases, "));
    }
}
