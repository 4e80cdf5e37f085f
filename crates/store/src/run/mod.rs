//! Manual runs: cases that people test. [`crate::automation::run`] is about automation.

pub mod execution;
pub mod live;
pub mod page;
pub mod result;
pub mod test;

pub use live::Live;
pub use page::{Filter, Sort};

use crate::access::Proof;
use crate::automation::{from_json, to_json};
use crate::filter::{self, in_list};
use crate::issue::Issue;
use crate::{Arg, Bulk, Column, Result, Row, Tx, args, statements};
use model::automation::Link;
use model::status::Counts;
use model::{ConfigId, IssueId, MilestoneId, ProjectId, RunId, StateId, TagId, Timestamp, UserId};
use std::collections::HashMap;

/// A manual run.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// The project.
    pub project_id: ProjectId,
    /// What people write.
    pub values: Values,
    /// What it refers to.
    pub links: Links,
    /// All cases of the project were taken when it was made.
    pub include_all: bool,
    /// Its tests by status.
    pub counts: Counts,
    /// Microseconds that its tests should take; none when nothing is known of any.
    pub forecast: Option<i64>,
    /// The part of that for tests that are completed.
    pub forecast_completed: Option<i64>,
    /// Microseconds that its results took.
    pub elapsed: Option<i64>,
    /// From 1; one more with every change.
    pub version: i64,
    /// When it was started.
    pub started_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: Option<UserId>,
    /// When it was changed.
    pub updated_at: Option<Timestamp>,
    /// By whom.
    pub updated_by: Option<UserId>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// By whom.
    pub closed_by: Option<UserId>,
}

/// What people write about a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Values {
    /// Its name.
    pub name: String,
    /// Its workflow state.
    pub state_id: StateId,
    /// What it is done with.
    pub config_id: Option<ConfigId>,
    /// What it belongs to.
    pub milestone_id: Option<MilestoneId>,
    /// What it is about.
    pub note: Option<String>,
    /// Links to elsewhere.
    pub links: Vec<Link>,
    /// Work on it has begun.
    pub is_started: bool,
    /// It is over.
    pub is_closed: bool,
    /// What it takes in cases by that match later, while it is not closed.
    pub live: Option<Live>,
}

/// What a run refers to, each list by id.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Links {
    /// Tags with their names.
    pub tags: Vec<(TagId, String)>,
    /// Issues of trackers.
    pub issues: Vec<Issue>,
}

macro_rules! columns {
    () => {
        "SELECT s.id, s.project_id, s.name, s.state_id, s.config_id, s.milestone_id, s.note, s.links, s.is_started, s.is_closed,
            s.include_all, s.counts, s.forecast, s.forecast_completed, s.elapsed, s.version, s.started_at, s.created_at,
            s.created_by, s.updated_at, s.updated_by, s.closed_at, s.closed_by, s.live FROM runs s"
    };
}

statements! {
    INSERT = "INSERT INTO runs (project_id, name, state_id, config_id, milestone_id, note, links, include_all, is_started,
            is_closed, counts, version, started_at, created_at, created_by, closed_at, closed_by, live)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '[]', 1, $11, $12, $13, $14, $15, $16) RETURNING id";
    UPDATE = "UPDATE runs SET name = $2, state_id = $3, config_id = $4, milestone_id = $5, note = $6, links = $7,
            is_started = $8, is_closed = $9, version = version + 1, started_at = $10, updated_at = $11, updated_by = $12,
            closed_at = $13, closed_by = $14, live = $15, live_seen = -1
        WHERE id = $1";
    SET_COUNTERS = "UPDATE runs SET counts = $2, forecast = $3, forecast_completed = $4, elapsed = $5, is_started = $6,
            started_at = $7 WHERE id = $1";
    DELETE = "DELETE FROM runs WHERE id = $1 AND project_id = $2";
    GET_MANY = concat!(columns!(), " WHERE s.project_id = $1 AND s.id IN ", in_list!("$2"));
    COUNT_MORE = "UPDATE projects SET run_count = run_count + $2,
            run_active_count = run_active_count + $3 WHERE id = $1";
    TAGS = concat!("SELECT l.run_id, t.id, t.name FROM run_tags l JOIN tags t ON t.id = l.tag_id
        WHERE l.run_id IN ", in_list!("$1"), " ORDER BY l.run_id, t.id");
    ISSUES = concat!("SELECT l.run_id, l.issue_id FROM run_issues l
        WHERE l.run_id IN ", in_list!("$1"), " ORDER BY l.run_id, l.issue_id");
    TAG = "INSERT INTO run_tags (run_id, tag_id) VALUES ($1, $2)";
    UNTAG = "DELETE FROM run_tags WHERE run_id = $1";
    LINK = "INSERT INTO run_issues (run_id, issue_id) VALUES ($1, $2)";
    UNLINK = "DELETE FROM run_issues WHERE run_id = $1";
    FREE_OF_MILESTONE = "UPDATE runs SET milestone_id = NULL WHERE milestone_id = $1";
}

const PAIR: &[Column] = &[Column::I64, Column::I64];
const TAG_ROWS: Bulk = Bulk {
    insert: TAG,
    copy: "COPY run_tags (run_id, tag_id) FROM STDIN (FORMAT binary)",
    columns: PAIR,
};
const ISSUE_ROWS: Bulk = Bulk {
    insert: LINK,
    copy: "COPY run_issues (run_id, issue_id) FROM STDIN (FORMAT binary)",
    columns: PAIR,
};

fn run(r: &Row<'_>) -> Result<Run> {
    let user = |i: usize| Ok::<_, crate::Error>(r.get::<Option<i64>>(i)?.map(UserId));
    let at = |i: usize| Ok::<_, crate::Error>(r.get::<Option<i64>>(i)?.map(Timestamp));
    Ok(Run {
        id: RunId(r.get(0)?),
        project_id: ProjectId(r.get(1)?),
        values: Values {
            name: r.get(2)?,
            state_id: StateId(r.get(3)?),
            config_id: r.get::<Option<i64>>(4)?.map(ConfigId),
            milestone_id: r.get::<Option<i64>>(5)?.map(MilestoneId),
            note: r.get(6)?,
            links: from_json(&r.get::<String>(7)?),
            is_started: r.get(8)?,
            is_closed: r.get(9)?,
            live: live(r.get(23)?),
        },
        include_all: r.get(10)?,
        links: Links::default(),
        counts: Counts::from_json(&r.get::<String>(11)?),
        forecast: r.get(12)?,
        forecast_completed: r.get(13)?,
        elapsed: r.get(14)?,
        version: r.get(15)?,
        started_at: at(16)?,
        created_at: Timestamp(r.get(17)?),
        created_by: user(18)?,
        updated_at: at(19)?,
        updated_by: user(20)?,
        closed_at: at(21)?,
        closed_by: user(22)?,
    })
}

fn live(stored: Option<String>) -> Option<Live> {
    serde_json::from_str(&stored?).ok()
}

fn stored(live: Option<&Live>) -> Option<String> {
    live.map(|l| serde_json::json!(l).to_string())
}

/// Takes the lock under which the runs of the project change.
pub fn lock(tx: &mut Tx<'_>, proof: &Proof) -> Result<()> {
    tx.lock(proof.project().0)
}

/// The run with this id, if it lies in the project that was checked.
pub fn get(tx: &mut Tx<'_>, proof: &Proof, id: RunId) -> Result<Option<Run>> {
    Ok(get_many(tx, proof, &[id.0])?.pop())
}

/// The runs with these ids that lie in the project that was checked, in the order of `ids`. At most four statements.
pub fn get_many(tx: &mut Tx<'_>, proof: &Proof, ids: &[i64]) -> Result<Vec<Run>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let list = filter::list(ids);
    let found = tx.all(GET_MANY, args![proof.project().0, &list], run)?;
    let mut links = links(tx, proof, &list)?;
    let mut found: HashMap<i64, Run> = found.into_iter().map(|s| (s.id.0, s)).collect();
    let each = ids.iter().filter_map(|id| {
        let mut run = found.remove(id)?;
        run.links = links.remove(id).unwrap_or_default();
        Some(run)
    });
    Ok(each.collect())
}

fn links(tx: &mut Tx<'_>, proof: &Proof, list: &str) -> Result<HashMap<i64, Links>> {
    let mut links: HashMap<i64, Links> = HashMap::new();
    tx.each(TAGS, args![list], |r| {
        let tag = (TagId(r.get(1)?), r.get(2)?);
        links.entry(r.get(0)?).or_default().tags.push(tag);
        Ok(())
    })?;
    let issues = tx.all(ISSUES, args![list], |r| {
        Ok((r.get::<i64>(0)?, IssueId(r.get(1)?)))
    })?;
    let mut wanted: Vec<i64> = issues.iter().map(|(_, id)| id.0).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let known: HashMap<IssueId, Issue> = crate::issue::of(tx, proof, &wanted)?
        .into_iter()
        .map(|issue| (issue.id, issue))
        .collect();
    for (run, issue) in issues {
        let issue = known.get(&issue).cloned();
        links.entry(run).or_default().issues.extend(issue);
    }
    Ok(links)
}

fn write_links(tx: &mut Tx<'_>, id: RunId, links: &Links) -> Result<()> {
    let row = |other: i64| -> [Arg<'static>; 2] { [id.0.into(), other.into()] };
    if !links.tags.is_empty() {
        tx.bulk(&TAG_ROWS, links.tags.iter().map(|(tag, _)| row(tag.0)))?;
    }
    if !links.issues.is_empty() {
        tx.bulk(&ISSUE_ROWS, links.issues.iter().map(|issue| row(issue.id.0)))?;
    }
    Ok(())
}

/// Makes a run.
pub fn insert(
    tx: &mut Tx<'_>,
    proof: &Proof,
    values: &Values,
    links: &Links,
    include_all: bool,
    now: Timestamp,
) -> Result<RunId> {
    let user = proof.user().0;
    let id = tx.one(
        INSERT,
        args![
            proof.project().0,
            &values.name,
            values.state_id.0,
            values.config_id.map(|c| c.0),
            values.milestone_id.map(|m| m.0),
            values.note.as_deref(),
            &to_json(&values.links),
            include_all,
            values.is_started,
            values.is_closed,
            values.is_started.then_some(now.0),
            now.0,
            user,
            values.is_closed.then_some(now.0),
            values.is_closed.then_some(user),
            stored(values.live.as_ref()).as_deref()
        ],
        |r| r.get(0).map(RunId),
    )?;
    write_links(tx, id, links)?;
    count(tx, proof.project(), 1, i64::from(!values.is_closed))?;
    Ok(id)
}

/// Gives a run, read under the [`lock`], new values and links.
pub fn update(
    tx: &mut Tx<'_>,
    proof: &Proof,
    old: &Run,
    values: &Values,
    links: &Links,
    now: Timestamp,
) -> Result<()> {
    let user = proof.user().0;
    let started_at = values.is_started.then(|| old.started_at.unwrap_or(now).0);
    let closed_at = values.is_closed.then(|| old.closed_at.unwrap_or(now).0);
    let closed_by = if old.values.is_closed {
        old.closed_by.map(|u| u.0)
    } else {
        Some(user)
    };
    tx.execute(
        UPDATE,
        args![
            old.id.0,
            &values.name,
            values.state_id.0,
            values.config_id.map(|c| c.0),
            values.milestone_id.map(|m| m.0),
            values.note.as_deref(),
            &to_json(&values.links),
            values.is_started,
            values.is_closed,
            started_at,
            now.0,
            user,
            closed_at,
            closed_by.filter(|_| values.is_closed),
            stored(values.live.as_ref()).as_deref()
        ],
    )?;
    if *links != old.links {
        tx.execute(UNTAG, args![old.id.0])?;
        tx.execute(UNLINK, args![old.id.0])?;
        write_links(tx, old.id, links)?;
    }
    let active = i64::from(old.values.is_closed) - i64::from(values.is_closed);
    count(tx, old.project_id, 0, active)
}

/// Deletes a run with its tests and results.
pub fn delete(tx: &mut Tx<'_>, proof: &Proof, old: &Run) -> Result<()> {
    tx.execute(DELETE, args![old.id.0, proof.project().0])?;
    count(tx, old.project_id, -1, -i64::from(!old.values.is_closed))
}

fn count(tx: &mut Tx<'_>, project: ProjectId, more: i64, more_active: i64) -> Result<()> {
    if more == 0 && more_active == 0 {
        return Ok(());
    }
    tx.execute(COUNT_MORE, args![project.0, more, more_active])
        .map(drop)
}

/// Stores the counters of a run, and whether work on it has begun.
pub(crate) fn set_counters(tx: &mut Tx<'_>, run: &Run) -> Result<()> {
    let started_at = run.started_at.map(|t| t.0);
    let counts = run.counts.to_json();
    tx.execute(
        SET_COUNTERS,
        args![
            run.id.0,
            &counts,
            run.forecast,
            run.forecast_completed,
            run.elapsed,
            run.values.is_started,
            started_at
        ],
    )
    .map(drop)
}

/// The runs of a milestone that goes away belong to none.
pub(crate) fn free_of_milestone(tx: &mut Tx<'_>, milestone: MilestoneId) -> Result<()> {
    tx.execute(FREE_OF_MILESTONE, args![milestone.0]).map(drop)
}
