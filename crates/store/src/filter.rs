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

/// The ids of a JSON list in a parameter, for `IN`; finds rows by their index on both engines. A second condition on a column
/// that also has an index is written `+column = …`, else SQLite may go through all rows that meet that one.
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

/// Ids as a PostgreSQL array. To read it costs a fifth of what JSON does, which counts where hundreds of rows are written.
pub(crate) fn id_array(ids: impl IntoIterator<Item = i64>) -> String {
    let ids: Vec<String> = ids.into_iter().map(|id| id.to_string()).collect();
    format!("{{{}}}", ids.join(","))
}

/// Texts as a PostgreSQL array.
pub(crate) fn text_array(texts: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let texts: Vec<String> = texts
        .into_iter()
        .map(|text| format!("\"{}\"", text.as_ref().replace('\\', "\\\\").replace('"', "\\\"")))
        .collect();
    format!("{{{}}}", texts.join(","))
}

/// The values of a PostgreSQL array in a parameter, for `= ANY`.
macro_rules! array {
    ($parameter:literal, $of:literal) => {
        concat!("CAST(CAST(", $parameter, " AS TEXT) AS ", $of, "[])")
    };
}
pub(crate) use array;

/// A LIKE pattern, with `\` as its escape, for what contains `text`.
pub(crate) fn containing(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}
