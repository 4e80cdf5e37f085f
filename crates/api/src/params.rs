//! Query parameters (contract §1): lists with commas, booleans in every spelling, dates with any offset. Unknown names
//! are left alone; everything that is wrong is told at once.

use app::{Error, FieldError};
use model::page::{PER_PAGE, PageRequest};
use model::{Entity, Timestamp};
use std::sync::{Mutex, PoisonError};

/// Longest list of a filter.
pub(crate) const LIST_MAX: usize = 1000;
/// Longest list of expands; no operation has as many.
pub(crate) const EXPANDS_MAX: usize = 20;
/// Longest text of a filter, in characters.
pub(crate) const TEXT_MAX: usize = 1000;

/// The query of a request.
pub(crate) struct Params {
    pairs: Vec<(String, String)>,
    wrong: Mutex<Vec<FieldError>>,
}

impl Params {
    /// No text that is kept has a NUL, so one in a query is read as the sign for what cannot be read, and finds nothing.
    pub(crate) fn parse(query: &str) -> Params {
        let pairs = form_urlencoded::parse(query.as_bytes())
            .map(|(name, value)| (name.into_owned(), value.replace('\0', "\u{fffd}")))
            .collect();
        Params {
            pairs,
            wrong: Mutex::default(),
        }
    }

    /// The last value under a name that is not empty.
    fn get(&self, name: &str) -> Option<&str> {
        self.pairs
            .iter()
            .rev()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.trim_ascii())
            .filter(|v| !v.is_empty())
    }

    fn refuse(&self, name: &str, text: String) {
        self.wrong
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(FieldError::new(name, text));
    }

    /// Whatever was wrong in all that was asked for. Call it before the values are used.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let wrong = std::mem::take(&mut *self.wrong.lock().unwrap_or_else(PoisonError::into_inner));
        if wrong.is_empty() {
            Ok(())
        } else {
            Err(Error::Invalid(wrong))
        }
    }

    /// Number and size of the page.
    pub(crate) fn page(&self) -> PageRequest {
        let sizes = PER_PAGE.map(|n| n.to_string()).join(", ");
        self.page_of(|n| PER_PAGE.contains(&n), &sizes)
    }

    /// Number and size of the page, where other sizes are allowed.
    pub(crate) fn page_of(&self, is_size: impl Fn(i64) -> bool, sizes: &str) -> PageRequest {
        #[cfg(test)]
        asked::note("page", "page");
        #[cfg(test)]
        asked::note("per_page", &format!("per_page {sizes}"));
        let default = PageRequest::default();
        let page = self.get("page").map_or(default.page, |text| {
            text.parse().ok().filter(|n| *n >= 1).unwrap_or_else(|| {
                self.refuse("page", "The page must be a whole number from 1.".to_owned());
                default.page
            })
        });
        let per_page = self.get("per_page").map_or(default.per_page, |text| {
            text.parse().ok().filter(|n| is_size(*n)).unwrap_or_else(|| {
                self.refuse("per_page", format!("The page rows must be one of {sizes}."));
                default.per_page
            })
        });
        PageRequest { page, per_page }
    }

    /// A text of at most [`TEXT_MAX`] characters, or not given.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        #[cfg(test)]
        asked::note(name, "text");
        let text = self.get(name)?;
        if text.chars().nth(TEXT_MAX).is_some() {
            self.refuse(
                name,
                format!("The {name} may have at most {TEXT_MAX} characters."),
            );
        }
        Some(text.to_owned())
    }

    /// One id, or not given.
    pub(crate) fn id(&self, name: &str) -> Option<i64> {
        #[cfg(test)]
        asked::note(name, "id");
        let id = self.get(name)?.parse().ok().filter(|id| *id >= 0);
        if id.is_none() {
            self.refuse(name, format!("The {name} must be a whole number."));
        }
        id
    }

    /// The entity among those allowed, or not given.
    pub(crate) fn entity(&self, allowed: &[Entity]) -> Option<Entity> {
        #[cfg(test)]
        asked::note(
            "entity",
            &format!(
                "entity {:?}",
                allowed.iter().map(|e| e.name()).collect::<Vec<_>>()
            ),
        );
        let found = Entity::from_name(self.get("entity")?).filter(|e| allowed.contains(e));
        if found.is_none() {
            let names: Vec<&str> = allowed.iter().map(|e| e.name()).collect();
            self.refuse(
                "entity",
                format!("The entity must be one of {}.", names.join(", ")),
            );
        }
        found
    }

    /// A list of ids.
    pub(crate) fn ids(&self, name: &str) -> Vec<i64> {
        #[cfg(test)]
        asked::note(name, "ids");
        self.numbers(name)
    }

    fn numbers(&self, name: &str) -> Vec<i64> {
        let ids: Result<Vec<i64>, _> = self.values(name).iter().map(|v| v.parse()).collect();
        ids.ok()
            .filter(|ids| ids.iter().all(|id| *id >= 0))
            .unwrap_or_else(|| {
                self.refuse(
                    name,
                    format!("The {name} must be whole numbers with commas between them."),
                );
                Vec::new()
            })
    }

    /// A list of ids among those allowed.
    pub(crate) fn ids_of(&self, name: &str, allowed: &[i64]) -> Vec<i64> {
        #[cfg(test)]
        asked::note(name, &format!("ids_of {allowed:?}"));
        let ids = self.numbers(name);
        if ids.iter().any(|id| !allowed.contains(id)) {
            let allowed: Vec<String> = allowed.iter().map(i64::to_string).collect();
            self.refuse(name, format!("The {name} must be among {}.", allowed.join(", ")));
        }
        ids
    }

    /// A list of texts; repeated names add up.
    pub(crate) fn texts(&self, name: &str) -> Vec<String> {
        #[cfg(test)]
        asked::note(name, "texts");
        self.values(name)
    }

    fn values(&self, name: &str) -> Vec<String> {
        let is_name = |n: &str| n == name || n.strip_suffix("[]") == Some(name);
        let values = self
            .pairs
            .iter()
            .filter(|(n, v)| is_name(n) && !v.trim_ascii().is_empty())
            .flat_map(|(_, v)| v.split(','));
        let list: Vec<String> = values.map(|v| v.trim_ascii().to_owned()).collect();
        if list.iter().any(String::is_empty) {
            self.refuse(name, format!("The {name} has a comma too many."));
        }
        if list.len() > LIST_MAX {
            self.refuse(name, format!("The {name} may have at most {LIST_MAX} values."));
        }
        list
    }

    /// True, false, or not given.
    pub(crate) fn bool(&self, name: &str) -> Option<bool> {
        #[cfg(test)]
        asked::note(name, "bool");
        match self.get(name)?.to_ascii_lowercase().as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => {
                self.refuse(name, format!("The {name} must be true or false."));
                None
            }
        }
    }

    /// An instant, or not given.
    pub(crate) fn instant(&self, name: &str) -> Option<Timestamp> {
        #[cfg(test)]
        asked::note(name, "instant");
        let text = self.get(name)?;
        // An offset's plus sign that was not encoded arrives as a blank.
        let instant = Timestamp::parse(&text.replace(' ', "+"));
        if instant.is_none() {
            self.refuse(
                name,
                format!("The {name} must be a time such as 2024-02-15T00:00:00Z."),
            );
        }
        instant
    }

    /// One of the sort keys `(name in the contract, value)`, with or without the name of the table; the first by default.
    pub(crate) fn sort<T: Copy>(&self, keys: &[(&str, T)]) -> Option<T> {
        #[cfg(test)]
        asked::note(
            "sort",
            &format!(
                "sort {:?}",
                keys.iter().map(|(name, _)| *name).collect::<Vec<_>>()
            ),
        );
        let Some(text) = self.get("sort") else {
            return keys.first().map(|(_, v)| *v);
        };
        let found = keys
            .iter()
            .find(|(name, _)| *name == text || name.split_once(':').is_some_and(|(_, c)| c == text));
        if found.is_none() {
            let names: Vec<&str> = keys.iter().map(|(name, _)| *name).collect();
            self.refuse("sort", format!("The sort must be one of {}.", names.join(", ")));
        }
        found.map(|(_, v)| *v)
    }

    /// Whether smallest first.
    pub(crate) fn ascending(&self, default: bool) -> bool {
        #[cfg(test)]
        asked::note("order", if default { "order asc" } else { "order desc" });
        match self.get("order").map(str::to_ascii_lowercase).as_deref() {
            None => default,
            Some("asc") => true,
            Some("desc") => false,
            Some(_) => {
                self.refuse("order", "The order must be asc or desc.".to_owned());
                default
            }
        }
    }

    /// Which of the allowed expands are wanted.
    pub(crate) fn expands(&self, allowed: &[&'static str]) -> Expands {
        #[cfg(test)]
        asked::note("expands", &format!("expands {allowed:?}"));
        let mut wanted = Vec::new();
        let names = self.values("expands");
        if names.len() > EXPANDS_MAX {
            self.refuse(
                "expands",
                format!("The expands may have at most {EXPANDS_MAX} values."),
            );
        }
        for name in names {
            match allowed.iter().find(|a| **a == name) {
                Some(a) => wanted.push(*a),
                None => self.refuse(
                    "expands",
                    format!("The expands must be among {}.", allowed.join(", ")),
                ),
            }
        }
        Expands(wanted)
    }
}

/// The expands that a request wants.
pub(crate) struct Expands(Vec<&'static str>);

impl Expands {
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains(&name)
    }
}

/// What handlers ask for, for the test that compares it with the description of the API.
#[cfg(test)]
pub(crate) mod asked {
    use std::cell::RefCell;
    use std::collections::BTreeSet;

    thread_local! {
        static ASKED: RefCell<BTreeSet<(String, String)>> = RefCell::default();
    }

    /// A handler asks for a parameter in some way.
    pub(crate) fn note(name: &str, kind: &str) {
        ASKED.with_borrow_mut(|all| all.insert((name.to_owned(), kind.to_owned())));
    }

    /// All that was asked for on this thread since the last call.
    pub(crate) fn take() -> BTreeSet<(String, String)> {
        ASKED.take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(params: &Params) -> Vec<String> {
        match params.check() {
            Err(Error::Invalid(fields)) => fields
                .into_iter()
                .map(|f| format!("{}: {}", f.field, f.text))
                .collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn lists_have_no_empty_values() {
        let p = Params::parse("ids=&tags=%20&group_ids=1,,2&expands=,&order=%C2%A0");
        assert!(p.ids("ids").is_empty() && p.texts("tags").is_empty());
        p.ids("group_ids");
        p.texts("expands");
        p.ascending(true);
        let all = errors(&p);
        assert!(
            all.contains(&"order: The order must be asc or desc.".to_owned()),
            "{all:?}"
        );
        assert!(
            all.contains(&"group_ids: The group_ids has a comma too many.".to_owned()),
            "{all:?}"
        );
        assert!(
            all.contains(&"expands: The expands has a comma too many.".to_owned()),
            "{all:?}"
        );
    }

    #[test]
    fn what_clients_send_is_understood() {
        let p = Params::parse(
            "page=2&per_page=25&ids=1%2C2&is_retired=True&after=2023-02-15T00%3A00%3A00.000Z&limit=5&order=ASC\
             &sort=runs%3Acreated_at&expands=users&tags=a,b",
        );
        assert_eq!(
            p.page(),
            PageRequest {
                page: 2,
                per_page: 25
            }
        );
        assert_eq!(p.ids("ids"), [1, 2]);
        assert_eq!(p.bool("is_retired"), Some(true));
        assert_eq!(
            p.instant("after").unwrap().to_string(),
            "2023-02-15T00:00:00.000Z"
        );
        assert!(p.ascending(false));
        assert_eq!(p.sort(&[("runs:closed_at", 1), ("runs:created_at", 2)]), Some(2));
        assert!(p.expands(&["users"]).has("users"));
        assert_eq!(p.texts("tags"), ["a", "b"]);
        assert!(p.check().is_ok());
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        let p = Params::parse(
            "page=0&per_page=7&ids=x&is_retired=maybe&after=soon&order=up&sort=name&expands=cats",
        );
        p.page();
        p.ids("ids");
        p.bool("is_retired");
        p.instant("after");
        p.ascending(false);
        p.sort(&[("runs:created_at", ())]);
        p.expands(&["users"]);
        let errors = errors(&p);
        assert_eq!(errors.len(), 8, "{errors:?}");
        assert_eq!(
            errors[1],
            "per_page: The page rows must be one of 15, 25, 50, 100."
        );
    }
}
