//! Lists of the automated tests of a project with what their results say (contract §9).

use crate::access::Proof;
use crate::filter::{self, containing, in_list};
use crate::{Arg, Result, Row, Tx, args, statements};
use model::automation::Outcome;
use model::page::{Page, PageRequest};
use model::{AutomationCaseId, SourceId, Timestamp};

/// An automated test of a source, across its runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AutomationCase {
    /// Its id.
    pub id: AutomationCaseId,
    /// Its source.
    pub source_id: SourceId,
    /// Identity within the source.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Where it belongs.
    pub folder: String,
    /// What its last result counts as.
    pub status: Outcome,
    /// Results.
    pub test_count: i64,
    /// Results that count as success.
    pub success_count: i64,
    /// Results that count as failure.
    pub failure_count: i64,
    /// How often the outcome changed between success and failure among the last [`super::stats::WINDOW`] results.
    pub flaky_count: i64,
    /// Of how often it could have, in percent.
    pub flaky_percent: i64,
    /// Microseconds, of the results that say how long they took.
    pub elapsed_average: Option<i64>,
    /// When it was first seen.
    pub created_at: Timestamp,
    /// When it was last seen.
    pub updated_at: Option<Timestamp>,
}

/// How a list of automated tests is sorted; source and id decide between equals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(i64)]
pub enum Sort {
    /// By the time at which the source was made.
    #[default]
    SourceCreatedAt = 0,
    /// By name.
    Name = 1,
    /// By average time; those without one are last.
    ElapsedAverage = 2,
    /// By failures.
    FailureCount = 3,
    /// By how flaky they are.
    FlakyPercent = 4,
}

/// Which automated tests, and in what order. Empty lists do not filter.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of these sources.
    pub source_ids: Vec<i64>,
    /// Numbers of outcomes, 1 to 4, of the last result.
    pub statuses: Vec<i64>,
    /// With this in the name, without regard to case.
    pub name: Option<String>,
    /// With this in the folder, without regard to case.
    pub folder: Option<String>,
    /// Sort key.
    pub sort: Sort,
    /// Smallest first.
    pub ascending: bool,
}

/// $1 project; lists: $2 sources, $3 statuses; LIKE patterns: $4 name, $5 folder.
macro_rules! filtered {
    () => {
        " FROM automation_sources s JOIN automation_cases c ON c.source_id = s.id
            LEFT JOIN automation_case_stats t ON t.case_id = c.id
          WHERE s.project_id = $1
            AND (CAST($2 AS TEXT) IS NULL OR replace($2, ',' || CAST(s.id AS TEXT) || ',', '') <> $2)
            AND (CAST($3 AS TEXT) IS NULL OR replace($3, ',' || CAST(COALESCE(t.status, 1) AS TEXT) || ',', '') <> $3)
            AND (CAST($4 AS TEXT) IS NULL OR lower(c.name) LIKE $4 ESCAPE '\\')
            AND (CAST($5 AS TEXT) IS NULL OR lower(c.folder) LIKE $5 ESCAPE '\\')"
    };
}

macro_rules! sorted {
    ($order:literal) => {
        concat!(
            "SELECT c.id",
            filtered!(),
            " ORDER BY CASE WHEN $6 = 1 THEN c.name END ",
            $order,
            ", CASE $6 WHEN 0 THEN s.created_at WHEN 2 THEN t.elapsed_total / NULLIF(t.elapsed_count, 0)
                WHEN 3 THEN COALESCE(t.failure_count, 0) WHEN 4 THEN COALESCE(t.flaky_percent, 0) END ",
            $order,
            " NULLS LAST, s.id ",
            $order,
            ", c.id ",
            $order,
            " LIMIT $7 OFFSET $8"
        )
    };
}

/// All of a project in the order of their sources: indexes are enough.
macro_rules! by_source {
    ($order:literal) => {
        concat!(
            "SELECT c.id FROM automation_sources s JOIN automation_cases c ON c.source_id = s.id WHERE s.project_id = $1
             ORDER BY s.created_at ",
            $order,
            ", s.id ",
            $order,
            ", c.id ",
            $order,
            " LIMIT $2 OFFSET $3"
        )
    };
}

statements! {
    COUNT_ALL = "SELECT COUNT(*) FROM automation_sources s JOIN automation_cases c ON c.source_id = s.id
        WHERE s.project_id = $1";
    ALL_ASC = by_source!("");
    ALL_DESC = by_source!("DESC");
    COUNT = concat!("SELECT COUNT(*)", filtered!());
    SORTED_ASC = sorted!("");
    SORTED_DESC = sorted!("DESC");
    ROWS = concat!("SELECT c.id, c.source_id, c.key, c.name, c.folder, COALESCE(t.status, 1), COALESCE(t.test_count, 0),
            COALESCE(t.success_count, 0), COALESCE(t.failure_count, 0), COALESCE(t.flaky_count, 0),
            COALESCE(t.flaky_percent, 0), t.elapsed_total / NULLIF(t.elapsed_count, 0), c.created_at, t.updated_at
        FROM automation_cases c LEFT JOIN automation_case_stats t ON t.case_id = c.id WHERE c.id IN ", in_list!("$1"));
}

fn case(r: &Row<'_>) -> Result<AutomationCase> {
    Ok(AutomationCase {
        id: AutomationCaseId(r.get(0)?),
        source_id: SourceId(r.get(1)?),
        key: r.get(2)?,
        name: r.get(3)?,
        folder: r.get(4)?,
        status: Outcome::from_number(r.get(5)?).unwrap_or(Outcome::Neutral),
        test_count: r.get(6)?,
        success_count: r.get(7)?,
        failure_count: r.get(8)?,
        flaky_count: r.get(9)?,
        flaky_percent: r.get(10)?,
        elapsed_average: r.get(11)?,
        created_at: Timestamp(r.get(12)?),
        updated_at: r.get::<Option<i64>>(13)?.map(Timestamp),
    })
}

/// One page of the automated tests of a project.
pub fn page(
    tx: &mut Tx<'_>,
    proof: &Proof,
    f: &Filter,
    request: PageRequest,
) -> Result<Page<AutomationCase>> {
    let (total, ids) = ids(tx, proof.project().0, f, request)?;
    let mut rows = if ids.is_empty() {
        Vec::new()
    } else {
        tx.all(ROWS, args![&filter::list(&ids)], case)?
    };
    rows.sort_by_key(|row| ids.iter().position(|id| *id == row.id.0));
    Ok(Page { request, total, rows })
}

fn ids(tx: &mut Tx<'_>, project: i64, f: &Filter, request: PageRequest) -> Result<(i64, Vec<i64>)> {
    let is_all = f.source_ids.is_empty() && f.statuses.is_empty() && f.name.is_none() && f.folder.is_none();
    if is_all && f.sort == Sort::SourceCreatedAt {
        let total = tx.one(COUNT_ALL, args![project], |r| r.get(0))?;
        let sql = if f.ascending { ALL_ASC } else { ALL_DESC };
        let args = args![project, request.per_page, request.offset()];
        return Ok((total, tx.all(sql, args, |r| r.get(0))?));
    }
    let lists = [filter::ids(&f.source_ids), filter::ids(&f.statuses)];
    let like = |text: &Option<String>| text.as_ref().map(|t| containing(&t.to_lowercase()));
    let names = [like(&f.name), like(&f.folder)];
    let mut given: Vec<Arg<'_>> = vec![project.into()];
    given.extend(lists.iter().chain(&names).map(|text| Arg::from(text.as_ref())));
    let total = tx.one(COUNT, &given, |r| r.get(0))?;
    given.extend_from_slice(args![f.sort as i64, request.per_page, request.offset()]);
    let sql = if f.ascending { SORTED_ASC } else { SORTED_DESC };
    Ok((total, tx.all(sql, &given, |r| r.get(0))?))
}
