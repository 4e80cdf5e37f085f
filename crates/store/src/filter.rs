//! Lists in statements: as one parameter, so that a statement stays constant.

/// Ids as `,1,2,3,`, which a statement compares by `replace`; none for an empty list.
pub(crate) fn ids(ids: &[i64]) -> Option<String> {
    (!ids.is_empty()).then(|| ids.iter().fold(",".to_owned(), |list, id| format!("{list}{id},")))
}

/// Texts between line feeds; none for an empty list.
pub(crate) fn texts(texts: &[String]) -> Option<String> {
    (!texts.is_empty()).then(|| format!("\n{}\n", texts.join("\n\n")))
}

/// Ids as a JSON list, for [`in_list!`].
pub(crate) fn list(ids: &[i64]) -> String {
    format!("{ids:?}")
}

/// The ids of a JSON list in a parameter, for `IN`; finds rows by their index on both engines.
macro_rules! in_list {
    ($parameter:literal) => {
        concat!(
            "(SELECT CAST(value AS BIGINT) FROM json_each(CAST(",
            $parameter,
            " AS TEXT)))"
        )
    };
}
pub(crate) use in_list;

/// A LIKE pattern, with `\` as its escape, for what contains `text`.
pub(crate) fn containing(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}
