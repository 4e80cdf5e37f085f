//! Finding cases by what they say: words of name and text, each as one types it, and any three letters of a name. What
//! stands in restricted fields is not searched, as a search would tell it to those who may not look at it.
//! FTS5 on SQLite (<https://sqlite.org/fts5.html>), GIN indexes on PostgreSQL.

use super::Case;
use crate::access::Proof;
use crate::filter::{self, array, in_list};
use crate::{Arg, Bulk, Column, Result, Tx, args, statements};
use model::{CaseId, text};
use serde_json::{Map, Value};

/// Most words of a search; what is behind them is left out.
const WORDS_MAX: usize = 16;
/// Most words of a name that [`near`] looks at.
const NEAR_WORDS: usize = 8;
/// Most characters of a word that are looked at.
const WORD_MAX: usize = 100;
/// Most characters of a case that are searched.
const BODY_MAX: usize = 200_000;
/// Cases whose index is made anew with one statement.
const AT_ONCE: i64 = 500;

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
            " WHERE +c.project_id = $1 AND ",
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
    RESTRICTED = "SELECT f.system_name FROM fields f LEFT JOIN field_projects p ON p.field_id = f.id AND p.project_id = $1
        WHERE f.entity = 'repository_case' AND COALESCE(p.is_restricted, f.is_restricted)";
    WITH_FIELD = "SELECT id, project_id, name, custom FROM cases WHERE id > $1 AND custom LIKE $2 ORDER BY id LIMIT $3";
    BY_NUMBER = hit!("cases c", "c.id IN (SELECT CAST($2 AS BIGINT)
        UNION SELECT n.id FROM cases n WHERE n.project_id = $1 AND n.number = $2) ORDER BY c.number = $2 DESC, c.id");
    BY_WORDS (sqlite) = hit!("case_words w CROSS JOIN cases c ON c.id = w.rowid", "case_words MATCH $2
        ORDER BY w.rowid DESC LIMIT $3");
    INSERT_WORDS_PG (postgres) = concat!("INSERT INTO case_words (case_id, words)
        SELECT n.id, array_to_tsvector(string_to_array(n.words, ' '))
        FROM unnest(", array!("$1", "BIGINT"), ", ", array!("$2", "TEXT"), ") AS n (id, words)");
    NEWEST_PG (postgres) = hit!("(SELECT id, project_id, number, name, folder_id FROM cases WHERE project_id = $1
            ORDER BY id DESC LIMIT 2000) c JOIN case_words w ON w.case_id = c.id",
        "w.words @@ CAST(CAST($2 AS TEXT) AS TSQUERY) ORDER BY c.id DESC LIMIT $3");
    ALL_PG (postgres) = hit!("(SELECT case_id FROM case_words WHERE words @@ CAST(CAST($2 AS TEXT) AS TSQUERY)
            ORDER BY case_id DESC LIMIT $3) w JOIN cases c ON c.id = w.case_id",
        "TRUE ORDER BY c.id DESC");
}

const WORDS: Bulk = Bulk {
    insert: INSERT_WORDS,
    // PostgreSQL has vectors, which only its own functions make.
    copy: "",
    columns: &[Column::I64, Column::Text, Column::Text],
};
const TRIGRAMS: Bulk = Bulk {
    insert: INSERT_TRIGRAMS,
    // PostgreSQL has an index on the names themselves.
    copy: "",
    columns: &[Column::I64, Column::Text],
};

/// What a case says.
struct Said {
    id: i64,
    project: i64,
    name: String,
    custom: Map<String, Value>,
}

/// The words of all that people wrote into fields, but those of `without`.
fn body(custom: &Map<String, Value>, without: &[String]) -> String {
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
    let seen = custom.iter().filter(|(name, _)| !without.contains(name));
    seen.for_each(|(_, value)| gather(value, &mut all));
    let end = all.char_indices().nth(BODY_MAX).map_or(all.len(), |(at, _)| at);
    text::folded(&all[..end])
}

/// Cases of one project.
pub(super) fn insert(tx: &mut Tx<'_>, cases: &[Case]) -> Result<()> {
    let said: Vec<Said> = cases
        .iter()
        .map(|c| Said {
            id: c.id.0,
            project: c.project_id.0,
            name: c.values.name.clone(),
            custom: c.values.custom.clone(),
        })
        .collect();
    add(tx, &said)
}

fn add(tx: &mut Tx<'_>, cases: &[Said]) -> Result<()> {
    let Some(first) = cases.first() else { return Ok(()) };
    let restricted: Vec<String> = tx.all(RESTRICTED, args![first.project], |r| r.get(0))?;
    let texts: Vec<(String, String)> = cases
        .iter()
        .map(|c| (text::folded(&c.name), body(&c.custom, &restricted)))
        .collect();
    if tx.is_postgres() {
        let ids = filter::id_array(cases.iter().map(|c| c.id));
        let vectors = cases.iter().zip(&texts);
        let vectors = filter::text_array(vectors.map(|(c, (name, body))| vector(c.project, name, body)));
        return tx.execute(INSERT_WORDS_PG, args![&ids, &vectors]).map(drop);
    }
    let words = cases
        .iter()
        .zip(&texts)
        .map(|(c, (name, body))| -> [Arg<'_>; 3] { [c.id.into(), name.into(), body.into()] });
    tx.bulk(&WORDS, words)?;
    let keys: Vec<(i64, String)> = cases.iter().map(|c| (c.id, super::key(&c.name))).collect();
    let names = keys
        .iter()
        .map(|(id, name)| -> [Arg<'_>; 2] { [(*id).into(), name.into()] });
    tx.bulk(&TRIGRAMS, names).map(drop)
}

/// Makes the index anew for every case that has a value of a field, after the field became restricted or free in a project.
pub fn again(tx: &mut Tx<'_>, system_name: &str) -> Result<()> {
    let having = format!("%\"{system_name}\":%");
    let mut after = 0_i64;
    loop {
        let cases = tx.all(WITH_FIELD, args![after, &having, AT_ONCE], |r| {
            Ok(Said {
                id: r.get(0)?,
                project: r.get(1)?,
                name: r.get(2)?,
                custom: serde_json::from_str(&r.get::<String>(3)?).unwrap_or_default(),
            })
        })?;
        let Some(last) = cases.last() else { return Ok(()) };
        after = last.id;
        delete(tx, &filter::list(&cases.iter().map(|c| c.id).collect::<Vec<_>>()))?;
        for cases in cases.chunk_by(|a, b| a.project == b.project) {
            add(tx, cases)?;
        }
    }
}

/// What a vector of PostgreSQL holds, between blanks: the project, the words of the name as such, and all words.
fn vector(project: i64, name: &str, body: &str) -> String {
    let mut all = format!("/{project}");
    for (before, text) in [("=", name), ("", name), ("", body)] {
        for word in words(text) {
            all.push(' ');
            all.push_str(before);
            all.push_str(word);
        }
    }
    all
}

/// Words as both sides of a search see them; what is behind the first [`WORD_MAX`] characters of one is left out.
fn words(folded: &str) -> impl Iterator<Item = &str> {
    let cut = |word: &str| word.char_indices().nth(WORD_MAX).map_or(word.len(), |(at, _)| at);
    folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(move |word| &word[..cut(word)])
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
    let ids = filter::list(&cases.iter().map(|c| c.id.0).collect::<Vec<_>>());
    delete(tx, &ids)?;
    insert(tx, cases)
}

/// What `text` asks for as FTS5 reads it: every word, the last letters of each may be missing. None without a word.
pub(super) fn fts(text: &str) -> Option<String> {
    joined(text, " AND ", |word| format!("\"{word}\"*"))
}

/// The same as PostgreSQL reads it, for the cases of one project, in their names only or anywhere.
pub(super) fn tsquery(project: i64, in_name: bool, text: &str) -> Option<String> {
    let before = if in_name { "=" } else { "" };
    let words = joined(text, " & ", |word| format!("'{before}{word}':*"))?;
    Some(format!("'/{project}' & {words}"))
}

fn joined(text: &str, between: &str, each: impl Fn(&str) -> String) -> Option<String> {
    let folded = text::folded(text);
    let words: Vec<String> = words(&folded).take(WORDS_MAX).map(each).collect();
    (!words.is_empty()).then(|| words.join(between))
}

fn hit(r: &crate::Row<'_>) -> Result<Hit> {
    Ok(Hit {
        id: CaseId(r.get(0)?),
        number: r.get(1)?,
        name: r.get(2)?,
        folder_id: r.get(3)?,
    })
}

/// The best cases for what somebody types, at most `limit`: the case with that id or number first, then those with all
/// words in their name, then the others; the newest first among equals.
pub fn suggest(tx: &mut Tx<'_>, proof: &Proof, text: &str, limit: i64) -> Result<Vec<Hit>> {
    let project = proof.project().0;
    let mut hits = Vec::new();
    let number = text.trim().trim_start_matches(['#', 'C', 'c']);
    if let Ok(number) = number.parse::<i64>() {
        hits = tx.all(BY_NUMBER, args![project, number], hit)?;
    }
    for (sql, words) in searches(tx.is_postgres(), project, text) {
        if i64::try_from(hits.len()).is_ok_and(|n| n < limit) {
            for found in tx.all(sql, args![project, &words, limit], hit)? {
                if !hits.contains(&found) {
                    hits.push(found);
                }
            }
        }
    }
    hits.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(hits)
}

/// Cases whose name has all words of another name but one, at most `limit`, the newest first: those that may say the same.
pub fn near(tx: &mut Tx<'_>, proof: &Proof, name: &str, limit: i64) -> Result<Vec<Hit>> {
    let project = proof.project().0;
    let name = text::folded(name);
    let mut words: Vec<&str> = words(&name).collect();
    // Long words are rare, so that they tell more.
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words.dedup();
    words.truncate(NEAR_WORDS);
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let (sql, query) = if tx.is_postgres() {
        let query = all_but_one(&words, " & ", " | ", |word| format!("'={word}'"));
        (ALL_PG, format!("'/{project}' & ({query})"))
    } else {
        let query = all_but_one(&words, " AND ", " OR ", |word| format!("\"{word}\""));
        (BY_WORDS, format!("name : ({query})"))
    };
    tx.all(sql, args![project, &query, limit], hit)
}

/// Every choice of all words but one; the word itself when there is only one.
fn all_but_one(words: &[&str], and: &str, or: &str, each: impl Fn(&str) -> String) -> String {
    let choice = |without: usize| {
        let kept = words
            .iter()
            .enumerate()
            .filter(|(n, _)| *n != without || words.len() == 1);
        let kept: Vec<String> = kept.map(|(_, word)| each(word)).collect();
        format!("({})", kept.join(and))
    };
    let choices: Vec<String> = (0..words.len()).map(choice).collect();
    choices.join(or)
}

/// The statements that look for words, first in names, and what each is given. On PostgreSQL the newest cases are looked
/// through before all are: words that many have, as the first letters that one types, are found there at once.
fn searches(postgres: bool, project: i64, text: &str) -> Vec<(&'static str, String)> {
    if !postgres {
        let each = |words: String| [(BY_WORDS, format!("name : ({words})")), (BY_WORDS, words)];
        return fts(text).map(each).into_iter().flatten().collect();
    }
    [true, false]
        .into_iter()
        .filter_map(|in_name| tsquery(project, in_name, text))
        .flat_map(|words| [(NEWEST_PG, words.clone()), (ALL_PG, words)])
        .collect()
}
