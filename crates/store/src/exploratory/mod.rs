//! Exploratory sessions: testing without cases, with a mission and a limited time. [`crate::session`] is about signing in.

pub mod page;
pub mod result;

pub use page::{Filter, Sort};

use crate::access::Proof;
use crate::filter::{self, in_list};
use crate::issue::Issue;
use crate::{Arg, Bulk, Column, Result, Row, Tx, args, statements};
use model::status::Counts;
use model::{
    ConfigId, ExploratoryId, IssueId, MilestoneId, ProjectId, StateId, TagId, TemplateId, Timestamp, UserId,
};
use serde_json::{Map, Value};
use std::collections::HashMap;

/// An exploratory session.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    /// Its id.
    pub id: ExploratoryId,
    /// The project.
    pub project_id: ProjectId,
    /// What people write.
    pub values: Values,
    /// What it refers to.
    pub links: Links,
    /// Its results by status.
    pub counts: Counts,
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

impl Session {
    /// How long it will have taken, in microseconds: what it took once it is closed; before, what was estimated, or more when
    /// more has passed already.
    pub fn forecast(&self) -> Option<i64> {
        if self.values.is_closed && self.values.elapsed.is_some() {
            self.values.elapsed
        } else {
            self.values.estimate.max(self.values.elapsed)
        }
    }
}

/// What people write about a session.
#[derive(Debug, Clone, PartialEq)]
pub struct Values {
    /// Its name.
    pub name: String,
    /// Which fields it has.
    pub template_id: TemplateId,
    /// Its workflow state.
    pub state_id: StateId,
    /// What it is done with.
    pub config_id: Option<ConfigId>,
    /// What it belongs to.
    pub milestone_id: Option<MilestoneId>,
    /// Who does it.
    pub assignee_id: Option<UserId>,
    /// Microseconds that it should take.
    pub estimate: Option<i64>,
    /// Microseconds that it took so far.
    pub elapsed: Option<i64>,
    /// Work on it has begun.
    pub is_started: bool,
    /// It is over.
    pub is_closed: bool,
    /// Values of custom fields by system name; those without one are left out.
    pub custom: Map<String, Value>,
}

/// What a session refers to, each list by id.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Links {
    /// Tags with their names.
    pub tags: Vec<(TagId, String)>,
    /// Issues of trackers.
    pub issues: Vec<Issue>,
}

macro_rules! columns {
    () => {
        "SELECT s.id, s.project_id, s.name, s.template_id, s.state_id, s.config_id, s.milestone_id, s.assignee_id, s.estimate,
            s.elapsed, s.is_started, s.is_closed, s.custom, s.counts, s.version, s.started_at, s.created_at, s.created_by,
            s.updated_at, s.updated_by, s.closed_at, s.closed_by FROM exploratory_sessions s"
    };
}

statements! {
    INSERT = "INSERT INTO exploratory_sessions (project_id, name, template_id, state_id, config_id, milestone_id, assignee_id,
            estimate, elapsed, is_started, is_closed, custom, counts, version, started_at, created_at, created_by, closed_at,
            closed_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '[]', 1, $13, $14, $15, $16, $17) RETURNING id";
    UPDATE = "UPDATE exploratory_sessions SET name = $2, template_id = $3, state_id = $4, config_id = $5, milestone_id = $6,
            assignee_id = $7, estimate = $8, elapsed = $9, is_started = $10, is_closed = $11, custom = $12,
            version = version + 1, started_at = $13, updated_at = $14, updated_by = $15, closed_at = $16, closed_by = $17
        WHERE id = $1";
    DELETE = "DELETE FROM exploratory_sessions WHERE id = $1 AND project_id = $2";
    GET_MANY = concat!(columns!(), " WHERE +s.project_id = $1 AND s.id IN ", in_list!("$2"));
    COUNT_MORE = "UPDATE projects SET session_count = session_count + $2,
            session_active_count = session_active_count + $3 WHERE id = $1";
    TAGS = concat!("SELECT l.session_id, t.id, t.name FROM exploratory_session_tags l JOIN tags t ON t.id = l.tag_id
        WHERE l.session_id IN ", in_list!("$1"), " ORDER BY l.session_id, t.id");
    ISSUES = concat!("SELECT l.session_id, l.issue_id FROM exploratory_session_issues l
        WHERE l.session_id IN ", in_list!("$1"), " ORDER BY l.session_id, l.issue_id");
    TAG = "INSERT INTO exploratory_session_tags (session_id, tag_id) VALUES ($1, $2)";
    UNTAG = "DELETE FROM exploratory_session_tags WHERE session_id = $1";
    LINK = "INSERT INTO exploratory_session_issues (session_id, issue_id) VALUES ($1, $2)";
    UNLINK = "DELETE FROM exploratory_session_issues WHERE session_id = $1";
    FREE_OF_MILESTONE = "UPDATE exploratory_sessions SET milestone_id = NULL WHERE milestone_id = $1";
}

const PAIR: &[Column] = &[Column::I64, Column::I64];
const TAG_ROWS: Bulk = Bulk {
    insert: TAG,
    copy: "COPY exploratory_session_tags (session_id, tag_id) FROM STDIN (FORMAT binary)",
    columns: PAIR,
};
const ISSUE_ROWS: Bulk = Bulk {
    insert: LINK,
    copy: "COPY exploratory_session_issues (session_id, issue_id) FROM STDIN (FORMAT binary)",
    columns: PAIR,
};

fn session(r: &Row<'_>) -> Result<Session> {
    let user = |i: usize| Ok::<_, crate::Error>(r.get::<Option<i64>>(i)?.map(UserId));
    let at = |i: usize| Ok::<_, crate::Error>(r.get::<Option<i64>>(i)?.map(Timestamp));
    Ok(Session {
        id: ExploratoryId(r.get(0)?),
        project_id: ProjectId(r.get(1)?),
        values: Values {
            name: r.get(2)?,
            template_id: TemplateId(r.get(3)?),
            state_id: StateId(r.get(4)?),
            config_id: r.get::<Option<i64>>(5)?.map(ConfigId),
            milestone_id: r.get::<Option<i64>>(6)?.map(MilestoneId),
            assignee_id: user(7)?,
            estimate: r.get(8)?,
            elapsed: r.get(9)?,
            is_started: r.get(10)?,
            is_closed: r.get(11)?,
            custom: serde_json::from_str(&r.get::<String>(12)?).unwrap_or_default(),
        },
        links: Links::default(),
        counts: Counts::from_json(&r.get::<String>(13)?),
        version: r.get(14)?,
        started_at: at(15)?,
        created_at: Timestamp(r.get(16)?),
        created_by: user(17)?,
        updated_at: at(18)?,
        updated_by: user(19)?,
        closed_at: at(20)?,
        closed_by: user(21)?,
    })
}

/// Takes the lock under which the sessions of the project change.
pub fn lock(tx: &mut Tx<'_>, proof: &Proof) -> Result<()> {
    tx.lock(proof.project().0)
}

/// The session with this id, if it lies in the project that was checked.
pub fn get(tx: &mut Tx<'_>, proof: &Proof, id: ExploratoryId) -> Result<Option<Session>> {
    Ok(get_many(tx, proof, &[id.0])?.pop())
}

/// The sessions with these ids that lie in the project that was checked, in the order of `ids`. At most four statements.
pub fn get_many(tx: &mut Tx<'_>, proof: &Proof, ids: &[i64]) -> Result<Vec<Session>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let list = filter::list(ids);
    let found = tx.all(GET_MANY, args![proof.project().0, &list], session)?;
    let mut links = links(tx, proof, &list)?;
    let mut found: HashMap<i64, Session> = found.into_iter().map(|s| (s.id.0, s)).collect();
    let each = ids.iter().filter_map(|id| {
        let mut session = found.remove(id)?;
        session.links = links.remove(id).unwrap_or_default();
        Some(session)
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
    let issues = tx.all(ISSUES, args![list], |r| Ok((r.get(0)?, IssueId(r.get(1)?))))?;
    for (session, issue) in crate::issue::linked(tx, proof, issues)? {
        links.entry(session).or_default().issues.push(issue);
    }
    Ok(links)
}

fn write_links(tx: &mut Tx<'_>, id: ExploratoryId, links: &Links) -> Result<()> {
    let row = |other: i64| -> [Arg<'static>; 2] { [id.0.into(), other.into()] };
    if !links.tags.is_empty() {
        tx.bulk(&TAG_ROWS, links.tags.iter().map(|(tag, _)| row(tag.0)))?;
    }
    if !links.issues.is_empty() {
        tx.bulk(&ISSUE_ROWS, links.issues.iter().map(|issue| row(issue.id.0)))?;
    }
    Ok(())
}

/// Makes a session.
pub fn insert(
    tx: &mut Tx<'_>,
    proof: &Proof,
    values: &Values,
    links: &Links,
    now: Timestamp,
) -> Result<ExploratoryId> {
    let user = proof.user().0;
    let id = tx.one(
        INSERT,
        args![
            proof.project().0,
            &values.name,
            values.template_id.0,
            values.state_id.0,
            values.config_id.map(|c| c.0),
            values.milestone_id.map(|m| m.0),
            values.assignee_id.map(|a| a.0),
            values.estimate,
            values.elapsed,
            values.is_started,
            values.is_closed,
            &Value::from(values.custom.clone()).to_string(),
            values.is_started.then_some(now.0),
            now.0,
            user,
            values.is_closed.then_some(now.0),
            values.is_closed.then_some(user)
        ],
        |r| r.get(0).map(ExploratoryId),
    )?;
    write_links(tx, id, links)?;
    count(tx, proof.project(), 1, i64::from(!values.is_closed))?;
    Ok(id)
}

/// Gives a session, read under the [`lock`], new values and links.
pub fn update(
    tx: &mut Tx<'_>,
    proof: &Proof,
    old: &Session,
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
            values.template_id.0,
            values.state_id.0,
            values.config_id.map(|c| c.0),
            values.milestone_id.map(|m| m.0),
            values.assignee_id.map(|a| a.0),
            values.estimate,
            values.elapsed,
            values.is_started,
            values.is_closed,
            &Value::from(values.custom.clone()).to_string(),
            started_at,
            now.0,
            user,
            closed_at,
            closed_by.filter(|_| values.is_closed)
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

/// Deletes a session with its results.
pub fn delete(tx: &mut Tx<'_>, proof: &Proof, old: &Session) -> Result<()> {
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

/// The sessions of a milestone that goes away belong to none.
pub(crate) fn free_of_milestone(tx: &mut Tx<'_>, milestone: MilestoneId) -> Result<()> {
    tx.execute(FREE_OF_MILESTONE, args![milestone.0]).map(drop)
}
