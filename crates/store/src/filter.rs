//! Lists in filters: one text that a statement compares by `replace`, so that it stays constant.

/// Ids as `,1,2,3,`; none for an empty list.
pub(crate) fn ids(ids: &[i64]) -> Option<String> {
    (!ids.is_empty()).then(|| ids.iter().fold(",".to_owned(), |list, id| format!("{list}{id},")))
}

/// Texts between line feeds; none for an empty list.
pub(crate) fn texts(texts: &[String]) -> Option<String> {
    (!texts.is_empty()).then(|| format!("\n{}\n", texts.join("\n\n")))
}
