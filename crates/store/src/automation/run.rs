//! Automation runs.

use super::{Additions, from_json, source, to_json};
use crate::access::Proof;
use crate::{Arg, Result, Row, Tx, args, project, statements};
use model::automation::{Artifact, Field, Link, Outcome};
use model::page::{Page, PageRequest};
use model::retention::Removal;
use model::status::Counts;
use model::{AutomationRunId, ConfigId, MilestoneId, ProjectId, SourceId, Timestamp, UserId};

/// An automation run.
#[derive(Debug, Clone)]
pub struct Run {
    /// Its id.
    pub id: AutomationRunId,
    /// The project it belongs to.
    pub project_id: ProjectId,
    /// The source it is a run of.
    pub source_id: SourceId,
    /// Its name.
    pub name: String,
    /// Running, success or failure.
    pub status: Outcome,
    /// Configuration.
    pub config_id: Option<ConfigId>,
    /// Milestone.
    pub milestone_id: Option<MilestoneId>,
    /// Microseconds; known when it is completed.
    pub elapsed: Option<i64>,
    /// Nothing more comes.
    pub is_completed: bool,
    /// Closed because nothing came any more; a late append opens it again.
    pub is_incomplete: bool,
    /// Tags.
    pub tags: Vec<String>,
    /// Files that lie elsewhere.
    pub artifacts: Vec<Artifact>,
    /// Named values.
    pub fields: Vec<Field>,
    /// Links.
    pub links: Vec<Link>,
    /// Results by status.
    pub counts: Counts,
    /// Threads.
    pub thread_count: i64,
    /// Threads that are not completed.
    pub thread_active_count: i64,
    /// When something was last added.
    pub appended_at: Timestamp,
    /// When it was made.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: Option<UserId>,
    /// When it was changed.
    pub updated_at: Option<Timestamp>,
    /// By whom.
    pub updated_by: Option<UserId>,
    /// When it was completed.
    pub completed_at: Option<Timestamp>,
    /// By whom; none when it was closed because nothing came any more.
    pub completed_by: Option<UserId>,
    /// All of it stays, whatever its age.
    pub is_pinned: bool,
    /// How much of it is gone because of its age.
    pub removal: Removal,
}

/// A run to be made.
#[derive(Debug, Clone)]
pub struct NewRun {
    /// Its name.
    pub name: String,
    /// The source's name; made when it is unknown.
    pub source: String,
    /// Configuration.
    pub config_id: Option<ConfigId>,
    /// Milestone.
    pub milestone_id: Option<MilestoneId>,
    /// Tags.
    pub tags: Vec<String>,
    /// Fields, artifacts and links.
    pub additions: Additions,
}

/// Which runs, and in what order. Empty lists do not filter.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Configurations.
    pub config_ids: Vec<i64>,
    /// Made after this instant.
    pub created_after: Option<Timestamp>,
    /// Made before this instant.
    pub created_before: Option<Timestamp>,
    /// Made by these users.
    pub created_by: Vec<i64>,
    /// Milestones.
    pub milestone_ids: Vec<i64>,
    /// Sources.
    pub source_ids: Vec<i64>,
    /// Numbers of states: 2, 3, 4.
    pub statuses: Vec<i64>,
    /// Tags; one of them is enough.
    pub tags: Vec<String>,
    /// Oldest first.
    pub ascending: bool,
}

impl Filter {
    fn is_empty(&self) -> bool {
        self.config_ids.is_empty()
            && self.created_after.is_none()
            && self.created_before.is_none()
            && self.created_by.is_empty()
            && self.milestone_ids.is_empty()
            && self.source_ids.is_empty()
            && self.statuses.is_empty()
            && self.tags.is_empty()
    }
}

macro_rules! columns {
    () => {
        "r.id, r.project_id, r.source_id, r.name, r.status, r.config_id, r.milestone_id, r.elapsed, r.is_completed,
         r.is_incomplete, r.tags, r.artifacts, r.fields, r.links, r.counts, r.thread_count, r.thread_active_count,
         r.appended_at, r.created_at, r.created_by, r.updated_at, r.updated_by, r.completed_at, r.completed_by,
         r.is_pinned, r.removal"
    };
}

/// $1 project, $2 after, $3 before, then lists as `,1,2,` or NULL: $4 config, $5 by, $6 milestone, $7 source, $8 status,
/// and $9 tags between line feeds.
macro_rules! filtered {
    () => {
        " FROM automation_runs r WHERE r.project_id = $1 AND r.created_at > $2 AND r.created_at < $3
            AND (CAST($4 AS TEXT) IS NULL OR replace($4, ',' || CAST(r.config_id AS TEXT) || ',', '') <> $4)
            AND (CAST($5 AS TEXT) IS NULL OR replace($5, ',' || CAST(r.created_by AS TEXT) || ',', '') <> $5)
            AND (CAST($6 AS TEXT) IS NULL OR replace($6, ',' || CAST(r.milestone_id AS TEXT) || ',', '') <> $6)
            AND (CAST($7 AS TEXT) IS NULL OR replace($7, ',' || CAST(r.source_id AS TEXT) || ',', '') <> $7)
            AND (CAST($8 AS TEXT) IS NULL OR replace($8, ',' || CAST(r.status AS TEXT) || ',', '') <> $8)
            AND (CAST($9 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM automation_run_tags t
                 WHERE t.run_id = r.id AND replace($9, '\n' || t.tag || '\n', '') <> $9))"
    };
}

statements! {
    INSERT = "INSERT INTO automation_runs (project_id, source_id, name, status, config_id, milestone_id, is_completed,
            is_incomplete, tags, artifacts, fields, links, counts, thread_count, thread_active_count, appended_at,
            created_at, created_by)
        VALUES ($1, $2, $3, 4, $4, $5, FALSE, FALSE, $6, $7, $8, $9, '[]', 0, 0, $10, $10, $11) RETURNING id";
    TAG = "INSERT INTO automation_run_tags (run_id, tag) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    GET = concat!("SELECT ", columns!(), " FROM automation_runs r WHERE r.id = $1");
    COUNT = concat!("SELECT COUNT(*)", filtered!());
    COUNT_ALL = "SELECT automation_run_count FROM projects WHERE id = $1";
    DESC = concat!("SELECT ", columns!(), filtered!(), " ORDER BY r.created_at DESC, r.id DESC LIMIT $10 OFFSET $11");
    ASC = concat!("SELECT ", columns!(), filtered!(), " ORDER BY r.created_at, r.id LIMIT $10 OFFSET $11");
    ADD = "UPDATE automation_runs SET artifacts = $2, fields = $3, links = $4, appended_at = $5, updated_at = $5,
            updated_by = $6 WHERE id = $1";
    SET_COUNTS = "UPDATE automation_runs SET counts = $2, appended_at = $3, output_bytes = output_bytes + $4 WHERE id = $1";
    THREADS = "UPDATE automation_runs SET thread_count = thread_count + $2, thread_active_count = thread_active_count + $3,
            appended_at = $4 WHERE id = $1";
    COMPLETE = "UPDATE automation_runs SET status = $2, elapsed = $3, is_completed = TRUE, is_incomplete = $4,
            thread_active_count = 0, completed_at = $5, completed_by = $6 WHERE id = $1";
    REOPEN = "UPDATE automation_runs SET status = 4, elapsed = NULL, is_completed = FALSE, is_incomplete = FALSE,
            completed_at = NULL, completed_by = NULL, appended_at = $2 WHERE id = $1";
    ABANDONED = "SELECT r.id FROM automation_runs r JOIN projects p ON p.id = r.project_id
        WHERE NOT r.is_completed AND r.appended_at < $1 - p.incomplete_after ORDER BY r.id LIMIT $2";
}

fn run(r: &Row<'_>) -> Result<Run> {
    Ok(Run {
        id: AutomationRunId(r.get(0)?),
        project_id: ProjectId(r.get(1)?),
        source_id: SourceId(r.get(2)?),
        name: r.get(3)?,
        status: Outcome::from_number(r.get(4)?).unwrap_or(Outcome::Running),
        config_id: r.get::<Option<i64>>(5)?.map(ConfigId),
        milestone_id: r.get::<Option<i64>>(6)?.map(MilestoneId),
        elapsed: r.get(7)?,
        is_completed: r.get(8)?,
        is_incomplete: r.get(9)?,
        tags: from_json(&r.get::<String>(10)?),
        artifacts: from_json(&r.get::<String>(11)?),
        fields: from_json(&r.get::<String>(12)?),
        links: from_json(&r.get::<String>(13)?),
        counts: Counts::from_json(&r.get::<String>(14)?),
        thread_count: r.get(15)?,
        thread_active_count: r.get(16)?,
        appended_at: Timestamp(r.get(17)?),
        created_at: Timestamp(r.get(18)?),
        created_by: r.get::<Option<i64>>(19)?.map(UserId),
        updated_at: r.get::<Option<i64>>(20)?.map(Timestamp),
        updated_by: r.get::<Option<i64>>(21)?.map(UserId),
        completed_at: r.get::<Option<i64>>(22)?.map(Timestamp),
        completed_by: r.get::<Option<i64>>(23)?.map(UserId),
        is_pinned: r.get(24)?,
        removal: Removal::from_number(r.get(25)?),
    })
}

/// Makes an open run of a source; true when the source was made too.
pub fn insert(
    tx: &mut Tx<'_>,
    proof: &Proof,
    new: &NewRun,
    now: Timestamp,
) -> Result<(AutomationRunId, SourceId, bool)> {
    let (source_id, is_new) = source::find_or_insert(tx, proof, &new.source, now)?;
    let id = AutomationRunId(tx.one(
        INSERT,
        args![
            proof.project().0,
            source_id.0,
            &new.name,
            new.config_id.map(|c| c.0),
            new.milestone_id.map(|m| m.0),
            &to_json(&new.tags),
            &to_json(&new.additions.artifacts),
            &to_json(&new.additions.fields),
            &to_json(&new.additions.links),
            now.0,
            proof.user().0
        ],
        |r| r.get(0),
    )?);
    for tag in &new.tags {
        tx.execute(TAG, args![id.0, tag])?;
    }
    source::ran(tx, source_id, now)?;
    project::count_runs(tx, proof.project(), 1, 1)?;
    Ok((id, source_id, is_new))
}

/// The run with this id. The caller was checked by [`crate::access::require`].
pub fn get(tx: &mut Tx<'_>, _proof: &Proof, id: AutomationRunId) -> Result<Option<Run>> {
    tx.opt(GET, args![id.0], run)
}

/// The run with this id, kept from being changed by others until the transaction ends.
pub fn get_locked(tx: &mut Tx<'_>, _proof: &Proof, id: AutomationRunId) -> Result<Option<Run>> {
    lock(tx, id)?;
    tx.opt(GET, args![id.0], run)
}

/// Two appends to one run on PostgreSQL take their turn from here on.
fn lock(tx: &mut Tx<'_>, id: AutomationRunId) -> Result<()> {
    // Runs and projects share the space of advisory locks, so a run takes the negative number.
    tx.lock(-id.0)
}

/// One page of the runs of a project.
pub fn page(tx: &mut Tx<'_>, proof: &Proof, filter: &Filter, request: PageRequest) -> Result<Page<Run>> {
    let lists = [
        &filter.config_ids,
        &filter.created_by,
        &filter.milestone_ids,
        &filter.source_ids,
        &filter.statuses,
    ]
    .map(|ids| crate::filter::ids(ids));
    let tags = crate::filter::texts(&filter.tags);
    let mut args = vec![
        proof.project().0.into(),
        filter.created_after.map_or(i64::MIN, |t| t.0).into(),
        filter.created_before.map_or(i64::MAX, |t| t.0).into(),
    ];
    args.extend(lists.iter().map(|list| Arg::from(list.as_ref())));
    args.push(tags.as_ref().into());
    let total = if filter.is_empty() {
        tx.one(COUNT_ALL, args![proof.project().0], |r| r.get(0))?
    } else {
        tx.one(COUNT, &args, |r| r.get(0))?
    };
    args.extend_from_slice(args![request.per_page, request.offset()]);
    let rows = tx.all(if filter.ascending { ASC } else { DESC }, &args, run)?;
    Ok(Page { request, total, rows })
}

/// Appends fields, artifacts and links to what a run has.
pub fn add(tx: &mut Tx<'_>, proof: &Proof, run: &Run, more: &Additions, now: Timestamp) -> Result<()> {
    let artifacts = to_json(&[run.artifacts.as_slice(), &more.artifacts].concat());
    let fields = to_json(&[run.fields.as_slice(), &more.fields].concat());
    let links = to_json(&[run.links.as_slice(), &more.links].concat());
    tx.execute(
        ADD,
        args![run.id.0, &artifacts, &fields, &links, now.0, proof.user().0],
    )
    .map(drop)
}

/// Adds results to the counters of a run; their output takes so many bytes.
pub(super) fn count(tx: &mut Tx<'_>, run: &Run, more: &Counts, bytes: i64, now: Timestamp) -> Result<()> {
    let mut counts = run.counts;
    counts.add_all(more);
    tx.execute(SET_COUNTS, args![run.id.0, &counts.to_json(), now.0, bytes])
        .map(drop)
}

/// Takes results out of the counters of a run.
pub(super) fn uncount(tx: &mut Tx<'_>, run: &Run, less: &Counts, now: Timestamp) -> Result<()> {
    let mut counts = run.counts;
    counts.take_all(less);
    tx.execute(SET_COUNTS, args![run.id.0, &counts.to_json(), now.0, 0])
        .map(drop)
}

/// Changes the numbers of threads.
pub(super) fn count_threads(
    tx: &mut Tx<'_>,
    id: AutomationRunId,
    more: i64,
    more_active: i64,
    now: Timestamp,
) -> Result<()> {
    tx.execute(THREADS, args![id.0, more, more_active, now.0])
        .map(drop)
}

/// How a run ends.
#[derive(Debug, Clone, Copy)]
pub struct Completion {
    /// Success or failure.
    pub status: Outcome,
    /// Microseconds.
    pub elapsed: Option<i64>,
    /// Closed because nothing came any more.
    pub is_incomplete: bool,
    /// Who completed it.
    pub by: Option<UserId>,
}

/// Completes a run and keeps the numbers of its source and project. Its threads were closed before.
pub fn complete(tx: &mut Tx<'_>, run: &Run, c: &Completion, now: Timestamp) -> Result<()> {
    tx.execute(
        COMPLETE,
        args![
            run.id.0,
            c.status.number(),
            c.elapsed,
            c.is_incomplete,
            now.0,
            c.by.map(|u| u.0)
        ],
    )?;
    source::completed(tx, run.source_id, c.status, 1, &run.counts, c.elapsed)?;
    project::count_runs(tx, run.project_id, 0, -1)
}

/// Opens a run again that was closed as incomplete.
pub fn reopen(tx: &mut Tx<'_>, run: &Run, now: Timestamp) -> Result<()> {
    tx.execute(REOPEN, args![run.id.0, now.0])?;
    source::completed(tx, run.source_id, run.status, -1, &run.counts, run.elapsed)?;
    project::count_runs(tx, run.project_id, 0, 1)
}

/// Open runs to which nothing was added for as long as their project allows.
pub fn abandoned(tx: &mut Tx<'_>, now: Timestamp, most: i64) -> Result<Vec<AutomationRunId>> {
    tx.all(ABANDONED, args![now.0, most], |r| r.get(0).map(AutomationRunId))
}

/// A run for jobs, which act for nobody; kept from being changed by others until the transaction ends.
pub fn get_for_job(tx: &mut Tx<'_>, id: AutomationRunId) -> Result<Option<Run>> {
    lock(tx, id)?;
    tx.opt(GET, args![id.0], run)
}
