//! The TOML file, flattened to the table's keys.

use std::collections::BTreeMap;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use super::error::{Error, Origin};
use super::table::SETTINGS;

/// The values of one key and its line.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) values: Vec<String>,
    pub(super) line: usize,
}

/// Reads and flattens the file.
///
/// # Errors
/// An unreadable file, a syntax error, or a key that the table doesn't have.
pub(super) fn read(path: &Path, origin: Origin) -> Result<BTreeMap<String, Entry>, Error> {
    let text = std::fs::read_to_string(path).map_err(|cause| Error {
        key: "config".to_owned(),
        origin,
        problem: format!("{} cannot be read: {cause}", path.display()),
        remedy: "give the path of a readable TOML file".to_owned(),
    })?;
    parse(path, &text)
}

fn parse(path: &Path, text: &str) -> Result<BTreeMap<String, Entry>, Error> {
    let table = DeTable::parse(text).map_err(|cause| Error {
        key: String::new(),
        origin: Origin::File(
            path.to_owned(),
            line_of(text, cause.span().map_or(0, |span| span.start)),
        ),
        problem: format!("the file is not valid TOML: {}", cause.message()),
        remedy: "mend this line; text values stand in double quotes".to_owned(),
    })?;
    let mut reader = Reader {
        path,
        text,
        entries: BTreeMap::new(),
    };
    reader.table("", table.get_ref())?;
    Ok(reader.entries)
}

struct Reader<'a> {
    path: &'a Path,
    text: &'a str,
    entries: BTreeMap<String, Entry>,
}

impl Reader<'_> {
    fn table(&mut self, prefix: &str, table: &DeTable<'_>) -> Result<(), Error> {
        for (name, value) in table {
            let key = match prefix {
                "" => name.get_ref().to_string(),
                _ => format!("{prefix}.{}", name.get_ref()),
            };
            let line = line_of(self.text, name.span().start);
            match value.get_ref() {
                DeValue::Table(inner) => self.table(&key, inner)?,
                value => self.entry(key, line, value)?,
            }
        }
        Ok(())
    }

    fn entry(&mut self, key: String, line: usize, value: &DeValue<'_>) -> Result<(), Error> {
        let fail = |problem: String, remedy: String| Error {
            key: key.clone(),
            origin: Origin::File(self.path.to_owned(), line),
            problem,
            remedy,
        };
        if !is_known(&key) {
            return Err(fail("no setting has this name".to_owned(), suggestion(&key)));
        }
        let values = match value {
            DeValue::Array(items) => items.iter().map(|item| scalar(item.get_ref())).collect(),
            other => scalar(other).map(|text| vec![text]),
        };
        let values = values.ok_or_else(|| {
            fail(
                "the value is neither text, number, true/false nor a list of them".to_owned(),
                "write a plain value".to_owned(),
            )
        })?;
        self.entries.insert(key, Entry { values, line });
        Ok(())
    }
}

fn scalar(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str().replace('_', "")),
        DeValue::Boolean(flag) => Some(flag.to_string()),
        _ => None,
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    1 + text.get(..offset).unwrap_or(text).matches('\n').count()
}

fn keys() -> impl Iterator<Item = String> {
    SETTINGS.iter().flat_map(|setting| {
        let file = setting.secret.then(|| format!("{}-file", setting.key));
        std::iter::once(setting.key.to_owned()).chain(file)
    })
}

fn is_known(key: &str) -> bool {
    keys().any(|known| known == key)
}

/// The nearest name, if one is near enough to have been meant.
pub(super) fn suggestion(key: &str) -> String {
    keys()
        .map(|known| (distance(&known, key), known))
        .min()
        .filter(|(distance, known)| *distance <= 2.max(known.len() / 4))
        .map_or_else(
            || "remove it; `attest config reference` lists every setting".to_owned(),
            |(_, known)| format!("did you mean `{known}`?"),
        )
}

/// Levenshtein's distance between two short words.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
