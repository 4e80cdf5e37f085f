//! Milestones: the tree of versions, releases and sprints of a project. The tree changes under one lock.

use crate::access::Proof;
use crate::automation::{from_json, to_json};
use crate::filter::{self, in_list};
use crate::issue::Issue;
use crate::{Arg, Result, Row, Tx, args, statements};
use model::automation::Link;
use model::page::{Page, PageRequest};
use model::status::Counts;
use model::{IssueId, MilestoneId, MilestoneTypeId, ProjectId, Timestamp, UserId};
use std::collections::BTreeMap;

/// A milestone.
#[derive(Debug, Clone, PartialEq)]
pub struct Milestone {
    /// Its id.
    pub id: MilestoneId,
    /// The project.
    pub project_id: ProjectId,
    /// The topmost milestone above; none at the top.
    pub root_id: Option<MilestoneId>,
    /// The milestone above.
    pub parent_id: Option<MilestoneId>,
    /// What can be changed.
    pub values: Values,
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
    /// When it was completed.
    pub completed_at: Option<Timestamp>,
}

/// What people write about a milestone.
#[derive(Debug, Clone, PartialEq)]
pub struct Values {
    /// Its name.
    pub name: String,
    /// One line about it.
    pub note: Option<String>,
    /// Its type.
    pub type_id: MilestoneTypeId,
    /// Work on it has begun.
    pub is_started: bool,
    /// It is over.
    pub is_completed: bool,
    /// `YYYY-MM-DD`.
    pub start_date: Option<String>,
    /// `YYYY-MM-DD`.
    pub due_date: Option<String>,
    /// Automation runs with one of these tags belong to it.
    pub automation_tags: Vec<String>,
    /// Links to elsewhere.
    pub links: Vec<Link>,
    /// Issues of trackers, by id.
    pub issues: Vec<Issue>,
}

/// A type of milestones, the same in all projects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MilestoneType {
    /// Its id.
    pub id: MilestoneTypeId,
    /// Its name.
    pub name: String,
    /// A milestone has this one unless another is named.
    pub is_default: bool,
}

/// How a list of milestones is sorted; the id decides between equals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// By the time of making.
    #[default]
    CreatedAt,
    /// By the time of completion; those that are not completed are last.
    CompletedAt,
}

/// Which milestones, and in what order. Empty lists do not filter.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Automation tags; one of them is enough.
    pub automation_tags: Vec<String>,
    /// Completed after this instant.
    pub completed_after: Option<Timestamp>,
    /// Completed before this instant.
    pub completed_before: Option<Timestamp>,
    /// Made after this instant.
    pub created_after: Option<Timestamp>,
    /// Made before this instant.
    pub created_before: Option<Timestamp>,
    /// Made by these users.
    pub created_by: Vec<i64>,
    /// Only completed ones, or only the others.
    pub is_completed: Option<bool>,
    /// Below these.
    pub parent_ids: Vec<i64>,
    /// In the trees of these.
    pub root_ids: Vec<i64>,
    /// Of these types.
    pub type_ids: Vec<i64>,
    /// Sort key.
    pub sort: Sort,
    /// Oldest first.
    pub ascending: bool,
}

macro_rules! columns {
    () => {
        "m.id, m.project_id, m.root_id, m.parent_id, m.name, m.note, m.type_id, m.is_started, m.is_completed,
         m.start_date, m.due_date, m.automation_tags, m.links, m.started_at, m.created_at, m.created_by, m.updated_at,
         m.updated_by, m.completed_at"
    };
}

/// $1 project; made after $2 and before $3; $4 completed or not, $5 which; completed after $6 and before $7, where only
/// completed ones are meant if $8; lists as in [`filter`]: $9 by, $10 parent, $11 root, $12 type, $13 tags.
macro_rules! filtered {
    () => {
        " FROM milestones m WHERE m.project_id = $1 AND m.created_at > $2 AND m.created_at < $3
            AND ($4 OR m.is_completed = $5)
            AND (NOT $8 OR (m.completed_at > $6 AND m.completed_at < $7))
            AND (CAST($9 AS TEXT) IS NULL OR replace($9, ',' || CAST(m.created_by AS TEXT) || ',', '') <> $9)
            AND (CAST($10 AS TEXT) IS NULL OR replace($10, ',' || CAST(m.parent_id AS TEXT) || ',', '') <> $10)
            AND (CAST($11 AS TEXT) IS NULL OR replace($11, ',' || CAST(m.root_id AS TEXT) || ',', '') <> $11)
            AND (CAST($12 AS TEXT) IS NULL OR replace($12, ',' || CAST(m.type_id AS TEXT) || ',', '') <> $12)
            AND (CAST($13 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM milestone_tags t
                 WHERE t.milestone_id = m.id AND replace($13, '\n' || t.tag || '\n', '') <> $13))"
    };
}

macro_rules! sorted {
    ($by:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            filtered!(),
            " ORDER BY ",
            $by,
            " LIMIT $14 OFFSET $15"
        )
    };
}

/// $1 with everything below it.
macro_rules! tree {
    () => {
        "WITH RECURSIVE tree (id) AS (SELECT CAST($1 AS BIGINT)
            UNION ALL SELECT m.id FROM milestones m JOIN tree t ON m.parent_id = t.id) "
    };
}

statements! {
    INSERT = "INSERT INTO milestones (project_id, root_id, parent_id, name, note, type_id, is_started, is_completed,
            start_date, due_date, automation_tags, links, started_at, created_at, created_by, completed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) RETURNING id";
    UPDATE = "UPDATE milestones SET root_id = $2, parent_id = $3, name = $4, note = $5, type_id = $6, is_started = $7,
            is_completed = $8, start_date = $9, due_date = $10, automation_tags = $11, links = $12, started_at = $13,
            completed_at = $14, updated_at = $15, updated_by = $16 WHERE id = $1";
    TAG = "INSERT INTO milestone_tags (milestone_id, tag) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    UNTAG = "DELETE FROM milestone_tags WHERE milestone_id = $1";
    LINK = "INSERT INTO milestone_issues (milestone_id, issue_id) VALUES ($1, $2)";
    UNLINK = "DELETE FROM milestone_issues WHERE milestone_id = $1";
    ISSUES = concat!("SELECT milestone_id, issue_id FROM milestone_issues WHERE milestone_id IN ", in_list!("$1"), "
        ORDER BY milestone_id, issue_id");
    GET = concat!("SELECT ", columns!(), " FROM milestones m WHERE m.id = $1 AND m.project_id = $2");
    COUNT = concat!("SELECT COUNT(*)", filtered!());
    BY_CREATED_DESC = sorted!("m.created_at DESC, m.id DESC");
    BY_CREATED_ASC = sorted!("m.created_at, m.id");
    BY_COMPLETED_DESC = sorted!("m.completed_at DESC NULLS LAST, m.id DESC");
    BY_COMPLETED_ASC = sorted!("m.completed_at NULLS LAST, m.id");
    IS_BELOW = concat!(tree!(), "SELECT COUNT(*) FROM tree WHERE id = $2");
    BELOW = concat!(tree!(), "SELECT id FROM tree WHERE id <> $1");
    SET_ROOT = "UPDATE milestones SET root_id = $2 WHERE id = $1";
    RAISE = "UPDATE milestones SET parent_id = $2 WHERE parent_id = $1";
    FREE_RUNS = "UPDATE automation_runs SET milestone_id = NULL WHERE milestone_id = $1";
    DELETE = "DELETE FROM milestones WHERE id = $1";
    COUNT_MORE = "UPDATE projects SET milestone_count = milestone_count + $2,
            milestone_active_count = milestone_active_count + $3 WHERE id = $1";
    TYPES = "SELECT id, name, is_default FROM milestone_types ORDER BY display_order, id";
    RESULTS = concat!("SELECT milestone_id, counts FROM automation_runs WHERE milestone_id IN ", in_list!("$1"), "
        UNION ALL SELECT milestone_id, counts FROM runs WHERE milestone_id IN ", in_list!("$1"));
}

fn milestone(r: &Row<'_>) -> Result<Milestone> {
    Ok(Milestone {
        id: MilestoneId(r.get(0)?),
        project_id: ProjectId(r.get(1)?),
        root_id: r.get::<Option<i64>>(2)?.map(MilestoneId),
        parent_id: r.get::<Option<i64>>(3)?.map(MilestoneId),
        values: Values {
            name: r.get(4)?,
            note: r.get(5)?,
            type_id: MilestoneTypeId(r.get(6)?),
            is_started: r.get(7)?,
            is_completed: r.get(8)?,
            start_date: r.get(9)?,
            due_date: r.get(10)?,
            automation_tags: from_json(&r.get::<String>(11)?),
            links: from_json(&r.get::<String>(12)?),
            issues: Vec::new(),
        },
        started_at: r.get::<Option<i64>>(13)?.map(Timestamp),
        created_at: Timestamp(r.get(14)?),
        created_by: r.get::<Option<i64>>(15)?.map(UserId),
        updated_at: r.get::<Option<i64>>(16)?.map(Timestamp),
        updated_by: r.get::<Option<i64>>(17)?.map(UserId),
        completed_at: r.get::<Option<i64>>(18)?.map(Timestamp),
    })
}

/// Takes the lock under which the milestones of the project change.
pub fn lock(tx: &mut Tx<'_>, proof: &Proof) -> Result<()> {
    tx.lock(proof.project().0)
}

/// The root of what lies below `parent`.
fn root_below(parent: Option<&Milestone>) -> Option<i64> {
    parent.map(|p| p.root_id.unwrap_or(p.id).0)
}

/// Makes a milestone below `parent`, which was read under the [`lock`].
pub fn insert(
    tx: &mut Tx<'_>,
    proof: &Proof,
    parent: Option<&Milestone>,
    values: &Values,
    now: Timestamp,
) -> Result<MilestoneId> {
    let id = tx.one(
        INSERT,
        args![
            proof.project().0,
            root_below(parent),
            parent.map(|p| p.id.0),
            &values.name,
            values.note.as_deref(),
            values.type_id.0,
            values.is_started,
            values.is_completed,
            values.start_date.as_deref(),
            values.due_date.as_deref(),
            &to_json(&values.automation_tags),
            &to_json(&values.links),
            values.is_started.then_some(now.0),
            now.0,
            proof.user().0,
            values.is_completed.then_some(now.0)
        ],
        |r| r.get(0).map(MilestoneId),
    )?;
    tag(tx, id, &values.automation_tags)?;
    link(tx, id, &values.issues)?;
    let active = i64::from(!values.is_completed);
    tx.execute(COUNT_MORE, args![proof.project().0, 1, active])?;
    Ok(id)
}

fn tag(tx: &mut Tx<'_>, id: MilestoneId, tags: &[String]) -> Result<()> {
    for tag in tags {
        tx.execute(TAG, args![id.0, tag])?;
    }
    Ok(())
}

fn link(tx: &mut Tx<'_>, id: MilestoneId, issues: &[Issue]) -> Result<()> {
    for issue in issues {
        tx.execute(LINK, args![id.0, issue.id.0])?;
    }
    Ok(())
}

/// The same milestones with their issues. Two statements.
fn with_issues(tx: &mut Tx<'_>, proof: &Proof, mut found: Vec<Milestone>) -> Result<Vec<Milestone>> {
    let ids: Vec<i64> = found.iter().map(|m| m.id.0).collect();
    let pairs = tx.all(ISSUES, args![&filter::list(&ids)], |r| {
        Ok((r.get::<i64>(0)?, IssueId(r.get(1)?)))
    })?;
    for (id, issue) in crate::issue::linked(tx, proof, pairs)? {
        if let Some(milestone) = found.iter_mut().find(|m| m.id.0 == id) {
            milestone.values.issues.push(issue);
        }
    }
    Ok(found)
}

/// The milestone with this id, if it lies in the project that was checked.
pub fn get(tx: &mut Tx<'_>, proof: &Proof, id: MilestoneId) -> Result<Option<Milestone>> {
    let found = tx.opt(GET, args![id.0, proof.project().0], milestone)?;
    Ok(with_issues(tx, proof, found.into_iter().collect())?.pop())
}

/// One page of the milestones of a project.
pub fn page(tx: &mut Tx<'_>, proof: &Proof, f: &Filter, request: PageRequest) -> Result<Page<Milestone>> {
    let lists = [&f.created_by, &f.parent_ids, &f.root_ids, &f.type_ids].map(|ids| filter::ids(ids));
    let tags = filter::texts(&f.automation_tags);
    let mut given: Vec<Arg<'_>> = args![
        proof.project().0,
        f.created_after.map_or(i64::MIN, |t| t.0),
        f.created_before.map_or(i64::MAX, |t| t.0),
        f.is_completed.is_none(),
        f.is_completed.unwrap_or(false),
        f.completed_after.map_or(i64::MIN, |t| t.0),
        f.completed_before.map_or(i64::MAX, |t| t.0),
        f.completed_after.is_some() || f.completed_before.is_some()
    ]
    .to_vec();
    given.extend(lists.iter().map(|list| Arg::from(list.as_ref())));
    given.push(tags.as_ref().into());
    let total = tx.one(COUNT, &given, |r| r.get(0))?;
    let sql = match (f.sort, f.ascending) {
        (Sort::CreatedAt, false) => BY_CREATED_DESC,
        (Sort::CreatedAt, true) => BY_CREATED_ASC,
        (Sort::CompletedAt, false) => BY_COMPLETED_DESC,
        (Sort::CompletedAt, true) => BY_COMPLETED_ASC,
    };
    given.extend_from_slice(args![request.per_page, request.offset()]);
    let rows = tx.all(sql, &given, milestone)?;
    let rows = with_issues(tx, proof, rows)?;
    Ok(Page { request, total, rows })
}

/// Whether `id` is `top` or lies below it.
pub fn is_in(tx: &mut Tx<'_>, id: MilestoneId, top: MilestoneId) -> Result<bool> {
    tx.one(IS_BELOW, args![top.0, id.0], |r| r.get::<i64>(0))
        .map(|n| n > 0)
}

/// Gives a milestone new values and a parent that does not lie below it.
pub fn update(
    tx: &mut Tx<'_>,
    proof: &Proof,
    old: &Milestone,
    parent: Option<&Milestone>,
    values: &Values,
    now: Timestamp,
) -> Result<()> {
    let root = root_below(parent);
    let since = |is: bool, at: Option<Timestamp>| is.then(|| at.unwrap_or(now).0);
    tx.execute(
        UPDATE,
        args![
            old.id.0,
            root,
            parent.map(|p| p.id.0),
            &values.name,
            values.note.as_deref(),
            values.type_id.0,
            values.is_started,
            values.is_completed,
            values.start_date.as_deref(),
            values.due_date.as_deref(),
            &to_json(&values.automation_tags),
            &to_json(&values.links),
            since(values.is_started, old.started_at),
            since(values.is_completed, old.completed_at),
            now.0,
            proof.user().0
        ],
    )?;
    if values.automation_tags != old.values.automation_tags {
        tx.execute(UNTAG, args![old.id.0])?;
        tag(tx, old.id, &values.automation_tags)?;
    }
    if values.issues != old.values.issues {
        tx.execute(UNLINK, args![old.id.0])?;
        link(tx, old.id, &values.issues)?;
    }
    if root != old.root_id.map(|r| r.0) {
        set_root(tx, old.id, Some(root.unwrap_or(old.id.0)))?;
    }
    let active = i64::from(old.values.is_completed) - i64::from(values.is_completed);
    tx.execute(COUNT_MORE, args![proof.project().0, 0, active])
        .map(drop)
}

/// Gives everything below a milestone a new root.
fn set_root(tx: &mut Tx<'_>, top: MilestoneId, root: Option<i64>) -> Result<()> {
    for id in tx.all(BELOW, args![top.0], |r| r.get::<i64>(0))? {
        tx.execute(SET_ROOT, args![id, root])?;
    }
    Ok(())
}

/// Deletes a milestone. What lay below it lies below its parent now; its runs and sessions belong to none.
pub fn delete(tx: &mut Tx<'_>, proof: &Proof, old: &Milestone) -> Result<()> {
    let children = tx.all(BELOW, args![old.id.0], |r| r.get::<i64>(0))?;
    let parent = old.parent_id.map(|p| p.0);
    tx.execute(RAISE, args![old.id.0, parent])?;
    if parent.is_none() {
        // Each child is the top of a tree of its own.
        for id in children {
            let child = get(tx, proof, MilestoneId(id))?;
            if child.is_some_and(|c| c.parent_id.is_none()) {
                tx.execute(SET_ROOT, args![id, None::<i64>])?;
                set_root(tx, MilestoneId(id), Some(id))?;
            }
        }
    }
    tx.execute(FREE_RUNS, args![old.id.0])?;
    crate::run::free_of_milestone(tx, old.id)?;
    crate::exploratory::free_of_milestone(tx, old.id)?;
    tx.execute(DELETE, args![old.id.0])?;
    let active = -i64::from(!old.values.is_completed);
    tx.execute(COUNT_MORE, args![proof.project().0, -1, active])
        .map(drop)
}

/// The types of milestones, in their order.
pub fn types(tx: &mut Tx<'_>) -> Result<Vec<MilestoneType>> {
    tx.all(TYPES, args![], |r| {
        Ok(MilestoneType {
            id: MilestoneTypeId(r.get(0)?),
            name: r.get(1)?,
            is_default: r.get(2)?,
        })
    })
}

/// Results of the automation runs and manual runs of these milestones, by milestone; those without a run are left out.
pub fn results(tx: &mut Tx<'_>, ids: &[MilestoneId]) -> Result<BTreeMap<MilestoneId, Counts>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let mut sums = BTreeMap::new();
    for (id, counts) in tx.all(RESULTS, args![&filter::list(&ids)], |r| {
        Ok((MilestoneId(r.get(0)?), r.get::<String>(1)?))
    })? {
        let sum: &mut Counts = sums.entry(id).or_default();
        sum.add_all(&Counts::from_json(&counts));
    }
    Ok(sums)
}
