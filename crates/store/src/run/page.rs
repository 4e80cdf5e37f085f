//! Lists of manual runs. A page is found as ids first, for which an index is enough however far behind it lies.

use super::{Run, get_many};
use crate::access::Proof;
use crate::{Arg, Result, Tx, args, filter, statements};
use model::page::{Page, PageRequest};
use model::{RunId, Timestamp};

/// How a list of runs is sorted; the id decides between equals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// By the time of making.
    #[default]
    CreatedAt,
    /// By the time of closing; those that are not closed are last.
    ClosedAt,
}

/// Which runs, and in what order. Empty lists do not filter.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// With these configurations.
    pub config_ids: Vec<i64>,
    /// Made by these users.
    pub created_by: Vec<i64>,
    /// Of these milestones.
    pub milestone_ids: Vec<i64>,
    /// In one of these states.
    pub state_ids: Vec<i64>,
    /// With one of these tags, whatever their case.
    pub tags: Vec<String>,
    /// Closed after this instant.
    pub closed_after: Option<Timestamp>,
    /// Closed before this instant.
    pub closed_before: Option<Timestamp>,
    /// Made after this instant.
    pub created_after: Option<Timestamp>,
    /// Made before this instant.
    pub created_before: Option<Timestamp>,
    /// Only closed ones, or only the others.
    pub is_closed: Option<bool>,
    /// Sort key.
    pub sort: Sort,
    /// Smallest first.
    pub ascending: bool,
}

impl Filter {
    fn lists(&self) -> [&Vec<i64>; 4] {
        [
            &self.config_ids,
            &self.created_by,
            &self.milestone_ids,
            &self.state_ids,
        ]
    }

    fn is_all(&self) -> bool {
        let instants = [
            self.closed_after,
            self.closed_before,
            self.created_after,
            self.created_before,
        ];
        self.lists().iter().all(|list| list.is_empty())
            && self.tags.is_empty()
            && instants.iter().all(Option::is_none)
            && self.is_closed.is_none()
    }
}

/// $1 project; made after $2 and before $3; $4 any or $5 closed; closed after $6 and before $7, where only closed ones are
/// meant if $8; lists as in [`filter`]: $9 configurations, $10 made by, $11 milestones, $12 states, $13 tags.
macro_rules! filtered {
    () => {
        " FROM runs s WHERE s.project_id = $1 AND s.created_at > $2 AND s.created_at < $3
            AND ($4 OR s.is_closed = $5) AND (NOT $8 OR (s.closed_at > $6 AND s.closed_at < $7))
            AND (CAST($9 AS TEXT) IS NULL OR replace($9, ',' || CAST(s.config_id AS TEXT) || ',', '') <> $9)
            AND (CAST($10 AS TEXT) IS NULL OR replace($10, ',' || CAST(s.created_by AS TEXT) || ',', '') <> $10)
            AND (CAST($11 AS TEXT) IS NULL OR replace($11, ',' || CAST(s.milestone_id AS TEXT) || ',', '') <> $11)
            AND (CAST($12 AS TEXT) IS NULL OR replace($12, ',' || CAST(s.state_id AS TEXT) || ',', '') <> $12)
            AND (CAST($13 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM run_tags l JOIN tags t ON t.id = l.tag_id
                 WHERE l.run_id = s.id AND replace($13, '\n' || t.name_key || '\n', '') <> $13))"
    };
}

macro_rules! sorted {
    ($by:literal) => {
        concat!(
            "SELECT s.id",
            filtered!(),
            " ORDER BY ",
            $by,
            " LIMIT $14 OFFSET $15"
        )
    };
}

macro_rules! from_index {
    ($by:literal) => {
        concat!(
            "SELECT s.id FROM runs s WHERE s.project_id = $1 ORDER BY ",
            $by,
            " LIMIT $2 OFFSET $3"
        )
    };
}

statements! {
    NEWEST = "SELECT s.id, s.name FROM runs s WHERE s.project_id = $1 ORDER BY s.created_at DESC, s.id DESC LIMIT $2";
    COUNT_ALL = "SELECT run_count FROM projects WHERE id = $1";
    COUNT = concat!("SELECT COUNT(*)", filtered!());
    BY_CREATED_DESC = sorted!("s.created_at DESC, s.id DESC");
    BY_CREATED_ASC = sorted!("s.created_at, s.id");
    BY_CLOSED_DESC = sorted!("s.closed_at DESC NULLS LAST, s.id DESC");
    BY_CLOSED_ASC = sorted!("s.closed_at NULLS LAST, s.id");
    ALL_BY_CREATED_DESC = from_index!("s.created_at DESC, s.id DESC");
    ALL_BY_CREATED_ASC = from_index!("s.created_at, s.id");
    ALL_BY_CLOSED_DESC = from_index!("s.closed_at DESC NULLS LAST, s.id DESC");
    ALL_BY_CLOSED_ASC = from_index!("s.closed_at NULLS LAST, s.id");
}

/// Ids and names of the newest runs of the project that was checked.
pub fn newest(tx: &mut Tx<'_>, proof: &Proof, limit: i64) -> Result<Vec<(RunId, String)>> {
    tx.all(NEWEST, args![proof.project().0, limit], |r| {
        Ok((RunId(r.get(0)?), r.get(1)?))
    })
}

/// One page of the runs of a project.
pub fn page(tx: &mut Tx<'_>, proof: &Proof, f: &Filter, request: PageRequest) -> Result<Page<Run>> {
    let project = proof.project().0;
    let (total, ids) = if f.is_all() {
        let sql = match (f.sort, f.ascending) {
            (Sort::CreatedAt, false) => ALL_BY_CREATED_DESC,
            (Sort::CreatedAt, true) => ALL_BY_CREATED_ASC,
            (Sort::ClosedAt, false) => ALL_BY_CLOSED_DESC,
            (Sort::ClosedAt, true) => ALL_BY_CLOSED_ASC,
        };
        let args = args![project, request.per_page, request.offset()];
        (
            tx.one(COUNT_ALL, args![project], |r| r.get(0))?,
            tx.all(sql, args, |r| r.get(0))?,
        )
    } else {
        filtered(tx, project, f, request)?
    };
    let rows = get_many(tx, proof, &ids)?;
    Ok(Page { request, total, rows })
}

fn filtered(tx: &mut Tx<'_>, project: i64, f: &Filter, request: PageRequest) -> Result<(i64, Vec<i64>)> {
    let lists = f.lists().map(|ids| filter::ids(ids));
    let tags = filter::texts(&f.tags.iter().map(|t| t.to_lowercase()).collect::<Vec<_>>());
    let mut given: Vec<Arg<'_>> = args![
        project,
        f.created_after.map_or(i64::MIN, |t| t.0),
        f.created_before.map_or(i64::MAX, |t| t.0),
        f.is_closed.is_none(),
        f.is_closed.unwrap_or(false),
        f.closed_after.map_or(i64::MIN, |t| t.0),
        f.closed_before.map_or(i64::MAX, |t| t.0),
        f.closed_after.is_some() || f.closed_before.is_some()
    ]
    .to_vec();
    given.extend(lists.iter().map(|list| Arg::from(list.as_ref())));
    given.push(tags.as_ref().into());
    let total = tx.one(COUNT, &given, |r| r.get(0))?;
    let sql = match (f.sort, f.ascending) {
        (Sort::CreatedAt, false) => BY_CREATED_DESC,
        (Sort::CreatedAt, true) => BY_CREATED_ASC,
        (Sort::ClosedAt, false) => BY_CLOSED_DESC,
        (Sort::ClosedAt, true) => BY_CLOSED_ASC,
    };
    given.extend_from_slice(args![request.per_page, request.offset()]);
    let ids = tx.all(sql, &given, |r| r.get(0))?;
    Ok((total, ids))
}
