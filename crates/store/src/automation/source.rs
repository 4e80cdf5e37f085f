//! Automation sources: the test suites of a project.

use crate::access::Proof;
use crate::{Result, Row, Tx, args, project, statements};
use model::automation::Outcome;
use model::page::{Page, PageRequest};
use model::status::{Counts, Derived};
use model::{ProjectId, SourceId, Timestamp, UserId};

/// An automation source.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its id.
    pub id: SourceId,
    /// The project it belongs to.
    pub project_id: ProjectId,
    /// Unique in the project.
    pub name: String,
    /// State of the last completed run; neutral without one.
    pub status: Outcome,
    /// No longer in use.
    pub is_retired: bool,
    /// Runs, open ones too.
    pub run_count: i64,
    /// Tests a completed run, rounded.
    pub test_count_average: Option<i64>,
    /// Microseconds a completed run, rounded.
    pub elapsed_average: Option<i64>,
    /// When its last run began.
    pub ran_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: Option<UserId>,
    /// When it was changed.
    pub updated_at: Option<Timestamp>,
    /// By whom.
    pub updated_by: Option<UserId>,
    /// When it was retired.
    pub retired_at: Option<Timestamp>,
    /// By whom.
    pub retired_by: Option<UserId>,
}

/// How a list of sources is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// By the time of making.
    #[default]
    CreatedAt,
    /// By the time of the last run.
    RanAt,
    /// By the time of retirement.
    RetiredAt,
}

/// Which sources, and in what order.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    /// Only retired ones, or only the others.
    pub is_retired: Option<bool>,
    /// Sort key; the id decides between equals, rows without a time come last.
    pub sort: Sort,
    /// Smallest first.
    pub ascending: bool,
}

macro_rules! columns {
    () => {
        "s.id, s.project_id, s.name, s.status, s.is_retired, s.run_count, s.completed_run_count, s.test_total,
         s.elapsed_total, s.ran_at, s.created_at, s.created_by, s.updated_at, s.updated_by, s.retired_at, s.retired_by"
    };
}

macro_rules! list {
    ($order:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM automation_sources s WHERE s.project_id = $1 AND ($2 OR s.is_retired = $3)
             ORDER BY ",
            $order,
            " LIMIT $4 OFFSET $5"
        )
    };
}

statements! {
    FIND = "SELECT id FROM automation_sources WHERE project_id = $1 AND name = $2";
    INSERT = "INSERT INTO automation_sources (project_id, name, status, is_retired, run_count, completed_run_count, test_total,
            elapsed_total, created_at, created_by)
        VALUES ($1, $2, 1, FALSE, 0, 0, 0, 0, $3, $4) RETURNING id";
    GET = concat!("SELECT ", columns!(), " FROM automation_sources s WHERE s.id = $1");
    COUNT = "SELECT COUNT(*) FROM automation_sources s WHERE s.project_id = $1 AND ($2 OR s.is_retired = $3)";
    BY_CREATED_DESC = list!("s.created_at DESC, s.id DESC");
    BY_CREATED_ASC = list!("s.created_at, s.id");
    BY_RAN_DESC = list!("s.ran_at DESC NULLS LAST, s.id DESC");
    BY_RAN_ASC = list!("s.ran_at NULLS LAST, s.id");
    BY_RETIRED_DESC = list!("s.retired_at DESC NULLS LAST, s.id DESC");
    BY_RETIRED_ASC = list!("s.retired_at NULLS LAST, s.id");
    RAN = "UPDATE automation_sources SET run_count = run_count + 1, ran_at = $2 WHERE id = $1";
    COMPLETED = "UPDATE automation_sources SET status = $2, completed_run_count = completed_run_count + $3,
            test_total = test_total + $4, elapsed_total = elapsed_total + $5 WHERE id = $1";
}

fn source(r: &Row<'_>) -> Result<Source> {
    let (runs, tests, elapsed): (i64, i64, i64) = (r.get(6)?, r.get(7)?, r.get(8)?);
    let average = |sum: i64| (runs > 0).then(|| (sum + runs / 2) / runs);
    Ok(Source {
        id: SourceId(r.get(0)?),
        project_id: ProjectId(r.get(1)?),
        name: r.get(2)?,
        status: Outcome::from_number(r.get(3)?).unwrap_or(Outcome::Neutral),
        is_retired: r.get(4)?,
        run_count: r.get(5)?,
        test_count_average: average(tests),
        elapsed_average: average(elapsed),
        ran_at: r.get::<Option<i64>>(9)?.map(Timestamp),
        created_at: Timestamp(r.get(10)?),
        created_by: r.get::<Option<i64>>(11)?.map(UserId),
        updated_at: r.get::<Option<i64>>(12)?.map(Timestamp),
        updated_by: r.get::<Option<i64>>(13)?.map(UserId),
        retired_at: r.get::<Option<i64>>(14)?.map(Timestamp),
        retired_by: r.get::<Option<i64>>(15)?.map(UserId),
    })
}

/// The source of this name, made when it is unknown; true when it was made.
pub fn find_or_insert(
    tx: &mut Tx<'_>,
    proof: &Proof,
    name: &str,
    now: Timestamp,
) -> Result<(SourceId, bool)> {
    let project = proof.project();
    if let Some(id) = tx.opt(FIND, args![project.0, name], |r| r.get(0))? {
        return Ok((SourceId(id), false));
    }
    // Two clients may name a new source at once; the lock lets the second one see the first one's row.
    tx.lock(project.0)?;
    if let Some(id) = tx.opt(FIND, args![project.0, name], |r| r.get(0))? {
        return Ok((SourceId(id), false));
    }
    let id = tx.one(INSERT, args![project.0, name, now.0, proof.user().0], |r| {
        r.get(0)
    })?;
    project::count_sources(tx, project, 1)?;
    Ok((SourceId(id), true))
}

/// The source with this id. The caller was checked by [`crate::access::require`].
pub fn get(tx: &mut Tx<'_>, _proof: &Proof, id: SourceId) -> Result<Option<Source>> {
    tx.opt(GET, args![id.0], source)
}

/// One page of the sources of a project.
pub fn page(tx: &mut Tx<'_>, proof: &Proof, filter: &Filter, request: PageRequest) -> Result<Page<Source>> {
    let (any, retired) = (filter.is_retired.is_none(), filter.is_retired.unwrap_or(false));
    let total = tx.one(COUNT, args![proof.project().0, any, retired], |r| r.get(0))?;
    let sql = match (filter.sort, filter.ascending) {
        (Sort::CreatedAt, false) => BY_CREATED_DESC,
        (Sort::CreatedAt, true) => BY_CREATED_ASC,
        (Sort::RanAt, false) => BY_RAN_DESC,
        (Sort::RanAt, true) => BY_RAN_ASC,
        (Sort::RetiredAt, false) => BY_RETIRED_DESC,
        (Sort::RetiredAt, true) => BY_RETIRED_ASC,
    };
    Ok(Page {
        request,
        total,
        rows: tx.all(
            sql,
            args![
                proof.project().0,
                any,
                retired,
                request.per_page,
                request.offset()
            ],
            source,
        )?,
    })
}

/// Counts a run that begins.
pub(super) fn ran(tx: &mut Tx<'_>, id: SourceId, now: Timestamp) -> Result<()> {
    tx.execute(RAN, args![id.0, now.0]).map(drop)
}

/// Counts a run that was completed (`direction` 1) or opened again (-1).
pub(super) fn completed(
    tx: &mut Tx<'_>,
    id: SourceId,
    status: Outcome,
    direction: i64,
    counts: &Counts,
    elapsed: Option<i64>,
) -> Result<()> {
    let elapsed = direction * elapsed.unwrap_or(0);
    tx.execute(
        COMPLETED,
        args![
            id.0,
            status.number(),
            direction,
            direction * counts.total(),
            elapsed
        ],
    )
    .map(drop)
}

/// What a set of derived counters says about a completed run or thread.
pub fn outcome(derived: Derived) -> Outcome {
    if derived.failure > 0 {
        Outcome::Failure
    } else {
        Outcome::Success
    }
}
