//! Values after a schema: valid ones, and ones that break exactly one of its rules.

mod breaks;
mod pattern;
mod sample;

pub(crate) use breaks::{Fault, Wrong, faults, spoil};
pub(crate) use sample::{edges, merged, sample};

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn patterns_give_texts() {
        assert_eq!(pattern::text("^[A-Z]{3}-\\d+$").as_deref(), Some("AAA-0"));
        assert_eq!(pattern::text("^(a|b)c?$").as_deref(), Some("a"));
        assert_eq!(pattern::text("^[^/]+/x$").as_deref(), Some("a/x"));
        assert_eq!(pattern::text("^(?!x)a$"), None);
    }
}
