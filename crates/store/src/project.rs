//! Projects.

use crate::access::{Caller, Via};
use crate::{Result, Row, Tx, args, statements};
use model::page::{Page, PageRequest};
use model::{ProjectId, Timestamp, UserId};

/// A project with the counters that the contract shows.
#[derive(Debug, Clone)]
pub struct Project {
    /// Its id.
    pub id: ProjectId,
    /// Its name.
    pub name: String,
    /// What it is about.
    pub note: Option<String>,
    /// Made for showing the product.
    pub is_demo: bool,
    /// Over.
    pub is_completed: bool,
    /// Microseconds without an append after which an automation run is closed as incomplete.
    pub incomplete_after: i64,
    /// Automation sources, retired ones too.
    pub source_count: i64,
    /// Retired automation sources.
    pub source_retired_count: i64,
    /// Milestones.
    pub milestone_count: i64,
    /// Milestones that are not completed.
    pub milestone_active_count: i64,
    /// Manual runs.
    pub manual_run_count: i64,
    /// Manual runs that are not closed.
    pub manual_run_active_count: i64,
    /// Exploratory sessions.
    pub session_count: i64,
    /// Exploratory sessions that are not closed.
    pub session_active_count: i64,
    /// Automation runs.
    pub run_count: i64,
    /// Automation runs that are not completed.
    pub run_active_count: i64,
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

/// How a list of projects is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// By the time of making.
    #[default]
    CreatedAt,
    /// By the time of completion.
    CompletedAt,
}

/// Which projects, and in what order.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    /// Only completed ones, or only the others.
    pub is_completed: Option<bool>,
    /// Sort key; the id decides between equals.
    pub sort: Sort,
    /// Oldest first.
    pub ascending: bool,
}

/// Columns of a project.
macro_rules! columns {
    () => {
        "p.id, p.name, p.note, p.is_demo, p.is_completed, p.incomplete_after, p.automation_source_count,
         p.automation_source_retired_count, p.automation_run_count, p.automation_run_active_count,
         p.created_at, p.created_by, p.updated_at, p.updated_by, p.completed_at, p.milestone_count,
         p.milestone_active_count, p.session_count, p.session_active_count, p.run_count, p.run_active_count"
    };
}

/// The projects that a caller may see: $1 user, $2 acts as site admin, $3 key or NULL, $4 and $5 completed or not.
/// The same rules as `access::require` for `access::SEE`, which is bit 1 of a role's permissions.
macro_rules! visible {
    () => {
        " FROM projects p
          JOIN users u ON u.id = $1
          JOIN roles own ON own.id = u.role_id
          LEFT JOIN roles dr ON dr.id = p.default_role_id
          LEFT JOIN project_users pu ON pu.project_id = p.id AND pu.user_id = u.id
          LEFT JOIN roles ur ON ur.id = pu.role_id
          LEFT JOIN api_keys k ON k.id = $3
          WHERE ($4 OR p.is_completed = $5)
            AND (k.id IS NULL OR NOT k.is_limited
                 OR EXISTS (SELECT 1 FROM api_key_projects kp WHERE kp.key_id = k.id AND kp.project_id = p.id))
            AND u.is_active AND k.revoked_at IS NULL
            AND CASE
                WHEN $2 AND u.is_admin THEN TRUE
                WHEN pu.user_id IS NOT NULL THEN ur.id IS NOT NULL AND (pu.is_admin OR (ur.permissions & 1) <> 0)
                WHEN EXISTS (SELECT 1 FROM project_groups pg JOIN group_members m ON m.group_id = pg.group_id
                             WHERE pg.project_id = p.id AND m.user_id = u.id)
                THEN EXISTS (SELECT 1 FROM project_groups pg JOIN group_members m ON m.group_id = pg.group_id
                             JOIN roles r ON r.id = pg.role_id
                             WHERE pg.project_id = p.id AND m.user_id = u.id AND (r.permissions & 1) <> 0)
                WHEN u.kind <> 'person' THEN FALSE
                WHEN p.default_access = 'global' THEN (own.permissions & 1) <> 0
                WHEN p.default_access = 'role' THEN dr.id IS NOT NULL AND (dr.permissions & 1) <> 0
                ELSE FALSE END"
    };
}

statements! {
    INSERT = "INSERT INTO projects (name, note, default_access, is_demo, is_completed, incomplete_after,
            automation_source_count, automation_source_retired_count, automation_run_count, automation_run_active_count,
            created_at, created_by)
        VALUES ($1, $2, 'global', $3, FALSE, $4, 0, 0, 0, 0, $5, $6) RETURNING id";
    GET = concat!("SELECT ", columns!(), " FROM projects p WHERE p.id = $1");
    BY_NAME = "SELECT id FROM projects WHERE name = $1 ORDER BY id LIMIT 1";
    COUNT = concat!("SELECT COUNT(*)", visible!());
    BY_CREATED_DESC = concat!("SELECT ", columns!(), visible!(), " ORDER BY p.created_at DESC, p.id DESC LIMIT $6 OFFSET $7");
    BY_CREATED_ASC = concat!("SELECT ", columns!(), visible!(), " ORDER BY p.created_at, p.id LIMIT $6 OFFSET $7");
    BY_COMPLETED_DESC = concat!("SELECT ", columns!(), visible!(),
        " ORDER BY p.completed_at DESC NULLS LAST, p.id DESC LIMIT $6 OFFSET $7");
    BY_COMPLETED_ASC = concat!("SELECT ", columns!(), visible!(),
        " ORDER BY p.completed_at NULLS LAST, p.id LIMIT $6 OFFSET $7");
    COUNT_SOURCES = "UPDATE projects SET automation_source_count = automation_source_count + $2 WHERE id = $1";
    COUNT_RUNS = "UPDATE projects SET automation_run_count = automation_run_count + $2,
            automation_run_active_count = automation_run_active_count + $3 WHERE id = $1";
    SET_ACCESS = "UPDATE projects SET default_access = $2, default_role_id = $3 WHERE id = $1";
    SET_USER = "INSERT INTO project_users (project_id, user_id, role_id, is_admin) VALUES ($1, $2, $3, FALSE)
        ON CONFLICT (project_id, user_id) DO UPDATE SET role_id = excluded.role_id";
}

fn project(r: &Row<'_>) -> Result<Project> {
    Ok(Project {
        id: ProjectId(r.get(0)?),
        name: r.get(1)?,
        note: r.get(2)?,
        is_demo: r.get(3)?,
        is_completed: r.get(4)?,
        incomplete_after: r.get(5)?,
        source_count: r.get(6)?,
        source_retired_count: r.get(7)?,
        run_count: r.get(8)?,
        run_active_count: r.get(9)?,
        created_at: Timestamp(r.get(10)?),
        created_by: r.get::<Option<i64>>(11)?.map(UserId),
        updated_at: r.get::<Option<i64>>(12)?.map(Timestamp),
        updated_by: r.get::<Option<i64>>(13)?.map(UserId),
        completed_at: r.get::<Option<i64>>(14)?.map(Timestamp),
        milestone_count: r.get(15)?,
        milestone_active_count: r.get(16)?,
        session_count: r.get(17)?,
        session_active_count: r.get(18)?,
        manual_run_count: r.get(19)?,
        manual_run_active_count: r.get(20)?,
    })
}

/// Makes a project to which everybody has access by their own role.
pub fn insert(
    tx: &mut Tx<'_>,
    name: &str,
    note: Option<&str>,
    is_demo: bool,
    by: UserId,
    now: Timestamp,
) -> Result<ProjectId> {
    tx.one(
        INSERT,
        args![name, note, is_demo, model::clock::DAY, now.0, by.0],
        |r| r.get(0),
    )
    .map(ProjectId)
}

/// The project with this id. The caller was checked by [`crate::access::require`].
pub fn get(tx: &mut Tx<'_>, id: ProjectId) -> Result<Option<Project>> {
    tx.opt(GET, args![id.0], project)
}

/// The first project of this name.
pub fn by_name(tx: &mut Tx<'_>, name: &str) -> Result<Option<ProjectId>> {
    tx.opt(BY_NAME, args![name], |r| r.get(0).map(ProjectId))
}

/// One page of the projects that a caller may see.
pub fn visible(
    tx: &mut Tx<'_>,
    caller: &Caller,
    filter: &Filter,
    request: PageRequest,
) -> Result<Page<Project>> {
    let key = match caller.via {
        Via::Key(id) => Some(id.0),
        Via::Session(_) | Via::System => None,
    };
    let any = filter.is_completed.is_none();
    let completed = filter.is_completed.unwrap_or(false);
    let who = [
        caller.user.0.into(),
        caller.is_admin.into(),
        key.into(),
        any.into(),
        completed.into(),
    ];
    let total = tx.one(COUNT, &who, |r| r.get(0))?;
    let sql = match (filter.sort, filter.ascending) {
        (Sort::CreatedAt, false) => BY_CREATED_DESC,
        (Sort::CreatedAt, true) => BY_CREATED_ASC,
        (Sort::CompletedAt, false) => BY_COMPLETED_DESC,
        (Sort::CompletedAt, true) => BY_COMPLETED_ASC,
    };
    let mut args = who.to_vec();
    args.extend_from_slice(args![request.per_page, request.offset()]);
    Ok(Page {
        request,
        total,
        rows: tx.all(sql, &args, project)?,
    })
}

/// Changes the number of automation sources.
pub(crate) fn count_sources(tx: &mut Tx<'_>, id: ProjectId, more: i64) -> Result<()> {
    tx.execute(COUNT_SOURCES, args![id.0, more]).map(drop)
}

/// Changes the numbers of automation runs and of those that are not completed.
pub(crate) fn count_runs(tx: &mut Tx<'_>, id: ProjectId, more: i64, more_active: i64) -> Result<()> {
    tx.execute(COUNT_RUNS, args![id.0, more, more_active]).map(drop)
}

/// What people without a row of their own have in a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DefaultAccess {
    /// No access.
    None,
    /// Everybody has their own role.
    Global,
    /// Everybody has this role.
    Role(model::RoleId),
}

/// Sets what people without a row of their own have.
pub fn set_default_access(tx: &mut Tx<'_>, id: ProjectId, access: DefaultAccess) -> Result<()> {
    let (name, role) = match access {
        DefaultAccess::None => ("none", None),
        DefaultAccess::Global => ("global", None),
        DefaultAccess::Role(role) => ("role", Some(role.0)),
    };
    tx.execute(SET_ACCESS, args![id.0, name, role]).map(drop)
}

/// Gives one user a role in a project; none takes the access away.
pub fn set_user_access(
    tx: &mut Tx<'_>,
    id: ProjectId,
    user: UserId,
    role: Option<model::RoleId>,
) -> Result<()> {
    tx.execute(SET_USER, args![id.0, user.0, role.map(|r| r.0)])
        .map(drop)
}
