//! Finding cases by what they say: words of name and text, each as one types it, and any three letters of a name.
//! FTS5 on SQLite (<https://sqlite.org/fts5.html>), GIN indexes on PostgreSQL.

use super::Case;
use crate::access::Proof;
use crate::filter::in_list;
use crate::{Arg, Bulk, Column, Result, Tx, args, statements};
use model::{CaseId, text};
use serde_json::Value;

/// Most words of a search; what is behind them is left out.
const WORDS_MAX: usize = 16;
/// Most characters of a case that are searched.
const BODY_MAX: usize = 200_000;

/// A case that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The case.
    pub id: CaseId,
    /// Its number in the project.
    pub number: i64,
    /// Its name.
    pub name: String,
    /// Its folder, 0 for the root.
    pub folder_id: i64,
}

macro_rules! hit {
    ($from:literal, $rest:literal) => {
        concat!(
            "SELECT c.id, c.number, c.name, COALESCE(c.folder_id, 0) FROM ",
            $from,
            " WHERE c.project_id = $1 AND ",
            $rest
        )
    };
}

statements! {
    INSERT_WORDS (sqlite) = "INSERT INTO case_words (rowid, name, body) VALUES ($1, $2, $3)";
    INSERT_TRIGRAMS (sqlite) = "INSERT INTO case_trigrams (rowid, name) VALUES ($1, $2)";
    DELETE_WORDS (sqlite) = concat!("DELETE FROM case_words WHERE rowid IN ", in_list!("$1"));
    DELETE_TRIGRAMS (sqlite) = concat!("DELETE FROM case_trigrams WHERE rowid IN ", in_list!("$1"));
    DELETE_WORDS_PG (postgres) = concat!("DELETE FROM case_words WHERE case_id IN ", in_list!("$1"));
    BY_NUMBER = hit!("cases c", "(c.id = $2 OR c.number = $2) ORDER BY c.number = $2 DESC, c.id");
    BY_WORDS (sqlite) = hit!("case_words w CROSS JOIN cases c ON c.id = w.rowid", "case_words MATCH $2
        ORDER BY w.rowid DESC LIMIT $3");
    BY_WORDS_PG (postgres) = hit!("case_words w JOIN cases c ON c.id = w.case_id",
        "to_tsvector('simple', w.name || ' ' || w.body) @@ to_tsquery('simple', $2) ORDER BY c.id DESC LIMIT $3");
    BY_NAME_WORDS_PG (postgres) = hit!("case_words w JOIN cases c ON c.id = w.case_id",
        "to_tsvector('simple', w.name || ' ' || w.body) @@ to_tsquery('simple', $2)
        AND to_tsvector('simple', w.name) @@ to_tsquery('simple', $2) ORDER BY c.id DESC LIMIT $3");
}

const WORDS: Bulk = Bulk {
    insert: INSERT_WORDS,
    copy: "COPY case_words (case_id, name, body) FROM STDIN (FORMAT binary)",
    columns: &[Column::I64, Column::Text, Column::Text],
};
const TRIGRAMS: Bulk = Bulk {
    insert: INSERT_TRIGRAMS,
    // PostgreSQL has an index on the names themselves.
    copy: "",
    columns: &[Column::I64, Column::Text],
};

/// The words of all that people wrote into fields.
fn body(case: &Case) -> String {
    fn gather(value: &Value, body: &mut String) {
        match value {
            Value::String(s) => {
                body.push(' ');
                body.push_str(s);
            }
            Value::Array(items) => items.iter().for_each(|v| gather(v, body)),
            Value::Object(map) => map.values().for_each(|v| gather(v, body)),
            _ => {}
        }
    }
    let mut all = String::new();
    case.values.custom.values().for_each(|v| gather(v, &mut all));
    let end = all.char_indices().nth(BODY_MAX).map_or(all.len(), |(at, _)| at);
    text::folded(&all[..end])
}

pub(super) fn insert(tx: &mut Tx<'_>, cases: &[Case]) -> Result<()> {
    let texts: Vec<(String, String)> = cases
        .iter()
        .map(|c| (text::folded(&c.values.name), body(c)))
        .collect();
    let words = cases
        .iter()
        .zip(&texts)
        .map(|(c, (name, body))| -> [Arg<'_>; 3] { [c.id.0.into(), name.into(), body.into()] });
    tx.bulk(&WORDS, words)?;
    if !tx.is_postgres() {
        let keys: Vec<(i64, String)> = cases
            .iter()
            .map(|c| (c.id.0, super::key(&c.values.name)))
            .collect();
        let names = keys
            .iter()
            .map(|(id, name)| -> [Arg<'_>; 2] { [(*id).into(), name.into()] });
        tx.bulk(&TRIGRAMS, names)?;
    }
    Ok(())
}

/// Forgets the cases of a JSON list of ids.
pub(super) fn delete(tx: &mut Tx<'_>, ids: &str) -> Result<()> {
    if tx.is_postgres() {
        tx.execute(DELETE_WORDS_PG, args![ids])?;
    } else {
        tx.execute(DELETE_WORDS, args![ids])?;
        tx.execute(DELETE_TRIGRAMS, args![ids])?;
    }
    Ok(())
}

pub(super) fn replace(tx: &mut Tx<'_>, cases: &[Case]) -> Result<()> {
    let ids = crate::filter::list(&cases.iter().map(|c| c.id.0).collect::<Vec<_>>());
    delete(tx, &ids)?;
    insert(tx, cases)
}

/// What `text` asks for, as the engine writes it: every word, the last letters of each may be missing. None without a word.
pub(super) fn query(postgres: bool, text: &str) -> Option<String> {
    let folded = text::folded(text);
    let words: Vec<&str> = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .take(WORDS_MAX)
        .collect();
    let each = |w: &&str| {
        if postgres {
            format!("{w}:*")
        } else {
            format!("\"{w}\"*")
        }
    };
    let between = if postgres { " & " } else { " AND " };
    (!words.is_empty()).then(|| words.iter().map(each).collect::<Vec<_>>().join(between))
}

/// The best cases for what somebody types, at most `limit`: the case with that id or number first, then those with all
/// words in their name, then the others; the newest first among equals.
pub fn suggest(tx: &mut Tx<'_>, proof: &Proof, text: &str, limit: i64) -> Result<Vec<Hit>> {
    let project = proof.project().0;
    let hit = |r: &crate::Row<'_>| {
        Ok(Hit {
            id: CaseId(r.get(0)?),
            number: r.get(1)?,
            name: r.get(2)?,
            folder_id: r.get(3)?,
        })
    };
    let mut hits = Vec::new();
    let number = text.trim().trim_start_matches(['#', 'C', 'c']);
    if let Ok(number) = number.parse::<i64>() {
        hits = tx.all(BY_NUMBER, args![project, number], hit)?;
    }
    let postgres = tx.is_postgres();
    if let Some(words) = query(postgres, text) {
        let (in_name, anywhere, of_name) = if postgres {
            (BY_NAME_WORDS_PG, BY_WORDS_PG, words.clone())
        } else {
            (BY_WORDS, BY_WORDS, format!("name : ({words})"))
        };
        for (sql, words) in [(in_name, of_name), (anywhere, words)] {
            if i64::try_from(hits.len()).is_ok_and(|n| n < limit) {
                for found in tx.all(sql, args![project, &words, limit], hit)? {
                    if !hits.contains(&found) {
                        hits.push(found);
                    }
                }
            }
        }
    }
    hits.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(hits)
}
