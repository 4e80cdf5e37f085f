//! Lists of cases. A page is found as ids first, for which an index is enough however far behind it lies; rows follow.

use super::{Case, get_many, search};
use crate::access::Proof;
use crate::filter::{self, containing, in_list};
use crate::{Arg, Result, Tx, args, statements};
use model::Timestamp;
use model::page::{Page, PageRequest};

/// How a list of cases is sorted; the id decides between equals, what has no value is last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(i64)]
pub enum Sort {
    /// By name, without regard to case.
    Name = 0,
    /// By the time of making.
    #[default]
    CreatedAt = 1,
    /// By who made it.
    CreatedBy = 2,
    /// By the place in the folder.
    DisplayOrder = 3,
    /// By estimate.
    Estimate = 4,
    /// By folder.
    Folder = 5,
    /// By forecast.
    Forecast = 6,
    /// Those linked to automated tests last.
    HasAutomation = 7,
    /// By id.
    Id = 8,
    /// By workflow state.
    State = 9,
    /// By the time of the last change of status.
    StatusAt = 10,
    /// By status.
    Status = 11,
    /// By template.
    Template = 12,
    /// By the time of the last change.
    UpdatedAt = 13,
    /// By who changed it.
    UpdatedBy = 14,
}

/// Which cases, and in what order. Empty lists do not filter.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// In one of these folders, not below them; 0 is the root.
    pub folder_ids: Vec<i64>,
    /// With one of these templates.
    pub template_ids: Vec<i64>,
    /// In one of these states.
    pub state_ids: Vec<i64>,
    /// With one of these statuses.
    pub status_ids: Vec<i64>,
    /// Made by one of these users.
    pub created_by: Vec<i64>,
    /// Last changed by one of these users.
    pub updated_by: Vec<i64>,
    /// With one of these tags.
    pub tags: Vec<String>,
    /// Made after this instant.
    pub created_after: Option<Timestamp>,
    /// Made before this instant.
    pub created_before: Option<Timestamp>,
    /// Linked to an automated test, or not.
    pub has_automation: Option<bool>,
    /// With a result of a linked test, or without.
    pub has_automation_status: Option<bool>,
    /// With this in the name, without regard to case.
    pub name: Option<String>,
    /// With all these words in name or text; the last letters of each may be missing.
    pub search: Option<String>,
    /// Sort key.
    pub sort: Sort,
    /// Smallest first.
    pub ascending: bool,
}

/// $1 project; made after $2 and before $3; $4 any or $5 automation; $6 any or $7 automation status; lists: $8 folders,
/// $9 templates, $10 states, $11 statuses, $12 made by, $13 changed by, $14 tags; $15 a LIKE pattern of the name; $16 what
/// the source of rows needs.
macro_rules! filtered {
    ($from:expr, $source:expr) => {
        concat!(
            " FROM ",
            $from,
            " WHERE c.project_id = $1 AND ",
            $source,
            " AND c.created_at > $2 AND c.created_at < $3
            AND ($4 OR c.has_automation = $5) AND ($6 OR c.has_automation_status = $7)
            AND (CAST($8 AS TEXT) IS NULL OR replace($8, ',' || CAST(COALESCE(c.folder_id, 0) AS TEXT) || ',', '') <> $8)
            AND (CAST($9 AS TEXT) IS NULL OR replace($9, ',' || CAST(c.template_id AS TEXT) || ',', '') <> $9)
            AND (CAST($10 AS TEXT) IS NULL OR replace($10, ',' || CAST(c.state_id AS TEXT) || ',', '') <> $10)
            AND (CAST($11 AS TEXT) IS NULL OR replace($11, ',' || CAST(c.status_id AS TEXT) || ',', '') <> $11)
            AND (CAST($12 AS TEXT) IS NULL OR replace($12, ',' || CAST(c.created_by AS TEXT) || ',', '') <> $12)
            AND (CAST($13 AS TEXT) IS NULL OR replace($13, ',' || CAST(c.updated_by AS TEXT) || ',', '') <> $13)
            AND (CAST($14 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM case_tags l JOIN tags t ON t.id = l.tag_id
                 WHERE l.case_id = c.id AND replace($14, '\n' || t.name_key || '\n', '') <> $14))
            AND (CAST($15 AS TEXT) IS NULL OR c.name_key LIKE $15 ESCAPE '\\')"
        )
    };
}

/// All cases of the project, those of folders, those with words, those with letters in their name.
macro_rules! source {
    (all $make:ident $($order:literal)?) => { $make!("cases c", "CAST($16 AS TEXT) IS NULL" $(, $order)?) };
    (folders $make:ident $($order:literal)?) => {
        $make!("json_each(CAST($16 AS TEXT)) f JOIN cases c ON c.folder_id = CAST(f.value AS BIGINT)", "TRUE" $(, $order)?)
    };
    (words $make:ident $($order:literal)?) => {
        $make!("case_words w CROSS JOIN cases c ON c.id = w.rowid", "case_words MATCH $16" $(, $order)?)
    };
    (words_pg $make:ident $($order:literal)?) => {
        $make!("case_words w JOIN cases c ON c.id = w.case_id",
            "w.words @@ CAST(CAST($16 AS TEXT) AS TSQUERY)" $(, $order)?)
    };
    (letters $make:ident $($order:literal)?) => {
        $make!("case_trigrams w CROSS JOIN cases c ON c.id = w.rowid", "case_trigrams MATCH $16" $(, $order)?)
    };
    (letters_pg $make:ident $($order:literal)?) => {
        $make!("cases c", "c.name_key LIKE $16 ESCAPE '\\'" $(, $order)?)
    };
}

macro_rules! count {
    ($from:expr, $source:expr) => {
        concat!("SELECT COUNT(*)", filtered!($from, $source))
    };
}

macro_rules! sorted {
    ($from:expr, $source:expr, $order:literal) => {
        concat!(
            "SELECT c.id",
            filtered!($from, $source),
            " ORDER BY CASE WHEN CAST($17 AS BIGINT) = 0 THEN c.name_key END ",
            $order,
            ", CASE CAST($17 AS BIGINT) WHEN 1 THEN c.created_at WHEN 2 THEN c.created_by WHEN 3 THEN c.display_order
                WHEN 4 THEN c.estimate WHEN 5 THEN COALESCE(c.folder_id, 0) WHEN 6 THEN c.forecast
                WHEN 7 THEN CASE WHEN c.has_automation THEN 1 ELSE 0 END WHEN 9 THEN c.state_id
                WHEN 10 THEN c.status_at WHEN 11 THEN c.status_id WHEN 12 THEN c.template_id
                WHEN 13 THEN c.updated_at WHEN 14 THEN c.updated_by END ",
            $order,
            " NULLS LAST, c.id ",
            $order,
            " LIMIT $18 OFFSET $19"
        )
    };
}

macro_rules! from_index {
    ($order:literal) => {
        concat!(
            "SELECT c.id FROM cases c WHERE c.project_id = $1 ORDER BY ",
            $order,
            " LIMIT $2 OFFSET $3"
        )
    };
}

statements! {
    COUNT_ALL = "SELECT case_count FROM projects WHERE id = $1";
    BY_CREATED_ASC = from_index!("c.created_at, c.id");
    BY_CREATED_DESC = from_index!("c.created_at DESC, c.id DESC");
    BY_NAME_ASC = from_index!("c.name_key, c.id");
    BY_NAME_DESC = from_index!("c.name_key DESC, c.id DESC");
    COUNT_FILTERED = source!(all count);
    FILTERED_ASC = source!(all sorted "");
    FILTERED_DESC = source!(all sorted "DESC");
    COUNT_FOLDERS = source!(folders count);
    FOLDERS_ASC = source!(folders sorted "");
    FOLDERS_DESC = source!(folders sorted "DESC");
    COUNT_WORDS (sqlite) = source!(words count);
    WORDS_ASC (sqlite) = source!(words sorted "");
    WORDS_DESC (sqlite) = source!(words sorted "DESC");
    COUNT_WORDS_PG (postgres) = source!(words_pg count);
    WORDS_ASC_PG (postgres) = source!(words_pg sorted "");
    WORDS_DESC_PG (postgres) = source!(words_pg sorted "DESC");
    COUNT_LETTERS (sqlite) = source!(letters count);
    LETTERS_ASC (sqlite) = source!(letters sorted "");
    LETTERS_DESC (sqlite) = source!(letters sorted "DESC");
    COUNT_LETTERS_PG (postgres) = source!(letters_pg count);
    LETTERS_ASC_PG (postgres) = source!(letters_pg sorted "");
    LETTERS_DESC_PG (postgres) = source!(letters_pg sorted "DESC");
    NAMES = concat!("SELECT c.id, c.name, COALESCE(c.folder_id, 0) FROM cases c
        WHERE +c.project_id = $1 AND c.id IN ", in_list!("$2"), " ORDER BY c.id");
}

/// One page of the cases of a project.
pub fn page(tx: &mut Tx<'_>, proof: &Proof, filter: &Filter, request: PageRequest) -> Result<Page<Case>> {
    let (total, ids) = ids(tx, proof, filter, request)?;
    let rows = get_many(tx, proof, &ids)?;
    Ok(Page { request, total, rows })
}

/// One page of the cases of a project as id, name and folder, 0 for the root.
pub fn names(
    tx: &mut Tx<'_>,
    proof: &Proof,
    filter: &Filter,
    request: PageRequest,
) -> Result<Page<(i64, String, i64)>> {
    let (total, ids) = ids(tx, proof, filter, request)?;
    let mut rows = tx.all(NAMES, args![proof.project().0, &filter::list(&ids)], |r| {
        Ok((r.get(0)?, r.get(1)?, r.get(2)?))
    })?;
    rows.sort_by_key(|(id, ..)| ids.iter().position(|i| i == id));
    Ok(Page { request, total, rows })
}

/// How many cases of a project a filter leaves, and the ids of one page of them.
pub fn ids(tx: &mut Tx<'_>, proof: &Proof, f: &Filter, request: PageRequest) -> Result<(i64, Vec<i64>)> {
    let project = proof.project().0;
    if is_all(f) {
        let total = tx.one(COUNT_ALL, args![project], |r| r.get(0))?;
        let sql = match (f.sort, f.ascending) {
            (Sort::CreatedAt, true) => Some(BY_CREATED_ASC),
            (Sort::CreatedAt, false) => Some(BY_CREATED_DESC),
            (Sort::Name, true) => Some(BY_NAME_ASC),
            (Sort::Name, false) => Some(BY_NAME_DESC),
            _ => None,
        };
        if let Some(sql) = sql {
            let ids = tx.all(sql, args![project, request.per_page, request.offset()], |r| {
                r.get(0)
            })?;
            return Ok((total, ids));
        }
    }
    filtered(tx, project, f, request)
}

fn is_all(f: &Filter) -> bool {
    let lists = [
        &f.folder_ids,
        &f.template_ids,
        &f.state_ids,
        &f.status_ids,
        &f.created_by,
        &f.updated_by,
    ];
    lists.iter().all(|l| l.is_empty())
        && f.tags.is_empty()
        && f.created_after.is_none()
        && f.created_before.is_none()
        && f.has_automation.is_none()
        && f.has_automation_status.is_none()
        && f.name.is_none()
        && f.search.is_none()
}

/// Three statements that read from one source of rows: count, smallest first, largest first.
type Source = [&'static str; 3];

/// Where the rows of a project come from (with its id on PostgreSQL), with its parameter, and whether it has done the filter by name or by folder.
fn source(postgres: Option<i64>, f: &Filter, name: Option<&str>) -> Option<(Source, Option<String>)> {
    let of = |sqlite: Source, pg: Source| if postgres.is_some() { pg } else { sqlite };
    if let Some(text) = &f.search {
        let words = match postgres {
            Some(project) => search::tsquery(project, false, text)?,
            None => search::fts(text)?,
        };
        let source = of(
            [COUNT_WORDS, WORDS_ASC, WORDS_DESC],
            [COUNT_WORDS_PG, WORDS_ASC_PG, WORDS_DESC_PG],
        );
        return Some((source, Some(words)));
    }
    if let Some(name) = name
        && name.chars().nth(2).is_some()
    {
        let letters = if postgres.is_some() {
            containing(name)
        } else {
            format!("\"{}\"", name.replace('"', "\"\""))
        };
        let source = of(
            [COUNT_LETTERS, LETTERS_ASC, LETTERS_DESC],
            [COUNT_LETTERS_PG, LETTERS_ASC_PG, LETTERS_DESC_PG],
        );
        return Some((source, Some(letters)));
    }
    if !f.folder_ids.is_empty() && !f.folder_ids.contains(&0) {
        let source = [COUNT_FOLDERS, FOLDERS_ASC, FOLDERS_DESC];
        return Some((source, Some(filter::list(&f.folder_ids))));
    }
    Some(([COUNT_FILTERED, FILTERED_ASC, FILTERED_DESC], None))
}

fn filtered(tx: &mut Tx<'_>, project: i64, f: &Filter, request: PageRequest) -> Result<(i64, Vec<i64>)> {
    let name = f.name.as_deref().map(super::key);
    let Some((source, given_to_source)) = source(tx.is_postgres().then_some(project), f, name.as_deref())
    else {
        // A search for nothing that is a word finds nothing.
        return Ok((0, Vec::new()));
    };
    let lists = [
        &f.folder_ids,
        &f.template_ids,
        &f.state_ids,
        &f.status_ids,
        &f.created_by,
        &f.updated_by,
    ]
    .map(|ids| filter::ids(ids));
    let tags = filter::texts(&f.tags.iter().map(|t| t.to_lowercase()).collect::<Vec<_>>());
    let pattern = name.as_deref().map(containing);
    let mut given: Vec<Arg<'_>> = args![
        project,
        f.created_after.map_or(i64::MIN, |t| t.0),
        f.created_before.map_or(i64::MAX, |t| t.0),
        f.has_automation.is_none(),
        f.has_automation.unwrap_or(false),
        f.has_automation_status.is_none(),
        f.has_automation_status.unwrap_or(false)
    ]
    .to_vec();
    given.extend(lists.iter().map(|list| Arg::from(list.as_ref())));
    given.extend_from_slice(args![tags.as_ref(), pattern.as_ref(), given_to_source.as_ref()]);
    let total = tx.one(source[0], &given, |r| r.get(0))?;
    given.extend_from_slice(args![f.sort as i64, request.per_page, request.offset()]);
    let sql = if f.ascending { source[1] } else { source[2] };
    let ids = tx.all(sql, &given, |r| r.get(0))?;
    Ok((total, ids))
}
