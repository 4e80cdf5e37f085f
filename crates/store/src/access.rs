//! Who may do what in which project: decided by one query, in the transaction that then does it.
//!
//! A [`Proof`] can only be made here. Functions that touch a project's data take one and use its project id, so
//! that a forgotten check does not compile. The rules are those of architecture §4 and `security.md` A3.

use crate::{Row, Tx, args, statements};
use model::{Action, Area, Edition, KeyId, ProjectId, Right, Rights, Scope, SessionId, Timestamp, UserId};
use std::collections::BTreeMap;

/// By what a caller acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// A signed-in browser.
    Session(SessionId),
    /// An API key.
    Key(KeyId),
    /// The command line on the data directory, or the server itself.
    System,
}

/// Somebody who was authenticated and now wants to do something.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The person or API user.
    pub user: UserId,
    /// By session, key or command line.
    pub via: Via,
    /// The scope of the key; [`Scope::Full`] for sessions.
    pub scope: Scope,
    /// Site admin: has every right in every project, as far as the scope lets it through.
    pub is_admin: bool,
}

/// Why something may not be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// Absent, or the caller may not see it: nobody learns which.
    NotFound,
    /// It is visible, but the right is missing.
    Missing(Right),
    /// The owner has the right, but the key's scope does not let it through.
    Scope(Right),
    /// Only for site admins.
    AdminOnly,
    /// Only for who made it.
    NotOwner,
    /// The key or the user was revoked meanwhile.
    Revoked,
}

/// That a caller has a right in a project, as of this transaction.
#[derive(Debug)]
pub struct Proof {
    project: ProjectId,
    user: UserId,
    rights: Rights,
    right: Right,
}

impl Proof {
    /// The project that was checked.
    pub fn project(&self) -> ProjectId {
        self.project
    }

    /// The caller.
    pub fn user(&self) -> UserId {
        self.user
    }

    /// All rights of the caller in the project, after scope.
    pub fn rights(&self) -> Rights {
        self.rights
    }

    /// The right that was asked for.
    pub fn right(&self) -> Right {
        self.right
    }
}

/// The right that sees a project at all.
pub const SEE: Right = Right(Area::Documentation, Action::View);

statements! {
    ACCESS = "SELECT u.is_active, u.is_admin, u.kind, p.default_access, gr.permissions, dr.permissions,
            pu.user_id IS NOT NULL, ur.permissions, COALESCE(pu.is_admin, FALSE),
            k.revoked_at, k.expires_at, COALESCE(k.is_limited, FALSE), kp.project_id IS NOT NULL, e.value
        FROM projects p
        JOIN users u ON u.id = $1
        JOIN roles gr ON gr.id = u.role_id
        LEFT JOIN roles dr ON dr.id = p.default_role_id
        LEFT JOIN project_users pu ON pu.project_id = p.id AND pu.user_id = u.id
        LEFT JOIN roles ur ON ur.id = pu.role_id
        LEFT JOIN api_keys k ON k.id = $3
        LEFT JOIN api_key_projects kp ON kp.key_id = k.id AND kp.project_id = p.id
        LEFT JOIN settings e ON e.name = 'edition'
        WHERE p.id = $2";
    GROUP_ACCESS = "SELECT r.permissions
        FROM project_groups pg
        JOIN group_members m ON m.group_id = pg.group_id AND m.user_id = $1
        LEFT JOIN roles r ON r.id = pg.role_id
        WHERE pg.project_id = $2";
    ADMIN = "SELECT u.is_active, u.is_admin AND u.kind = 'person', k.revoked_at, k.expires_at, COALESCE(k.is_limited, FALSE),
            COALESCE(k.scope, 'full')
        FROM users u LEFT JOIN api_keys k ON k.id = $2 WHERE u.id = $1";
    MANAGES = "SELECT manages_api_users FROM users WHERE id = $1";
    NAMED = "SELECT pu.project_id, pu.role_id IS NOT NULL, CASE WHEN pu.is_admin THEN -1 ELSE COALESCE(r.permissions, 0) END
        FROM project_users pu LEFT JOIN roles r ON r.id = pu.role_id WHERE pu.user_id = $1";
    NAMED_GROUPS = "SELECT pg.project_id, COALESCE(r.permissions, 0)
        FROM group_members m JOIN project_groups pg ON pg.group_id = m.group_id LEFT JOIN roles r ON r.id = pg.role_id
        WHERE m.user_id = $1";
    PROJECT_OF_FOLDER = "SELECT project_id FROM folders WHERE id = $1";
    PROJECT_OF_CASE = "SELECT project_id FROM cases WHERE id = $1";
    PROJECT_OF_MILESTONE = "SELECT project_id FROM milestones WHERE id = $1";
    PROJECT_OF_SHARED_STEPS = "SELECT project_id FROM shared_steps WHERE id = $1";
    PROJECT_OF_RUN = "SELECT project_id FROM runs WHERE id = $1";
    PROJECT_OF_EXPLORATORY = "SELECT project_id FROM exploratory_sessions WHERE id = $1";
    PROJECT_OF_SOURCE = "SELECT project_id FROM automation_sources WHERE id = $1";
    PROJECT_OF_AUTOMATION_RUN = "SELECT project_id FROM automation_runs WHERE id = $1";
    PROJECT_OF_THREAD = "SELECT r.project_id FROM automation_threads t JOIN automation_runs r ON r.id = t.run_id WHERE t.id = $1";
}

/// What a right is asked for: a project, or something that lies in one.
#[derive(Debug, Clone, Copy)]
pub enum Target {
    /// A project.
    Project(ProjectId),
    /// A folder.
    Folder(model::FolderId),
    /// A case.
    Case(model::CaseId),
    /// A milestone.
    Milestone(model::MilestoneId),
    /// Shared steps.
    SharedSteps(model::SharedStepsId),
    /// A manual run.
    Run(model::RunId),
    /// An exploratory session.
    Exploratory(model::ExploratoryId),
    /// An automation source.
    Source(model::SourceId),
    /// An automation run.
    AutomationRun(model::AutomationRunId),
    /// A thread of an automation run.
    Thread(model::ThreadId),
}

/// Checks that `caller` may do `right` to `target` now.
pub fn require(
    tx: &mut Tx<'_>,
    caller: &Caller,
    target: Target,
    right: Right,
    now: Timestamp,
) -> crate::Result<Result<Proof, Denied>> {
    let project = match target {
        Target::Project(id) => Some(id.0),
        Target::Folder(id) => tx.opt(PROJECT_OF_FOLDER, args![id.0], |r| r.get(0))?,
        Target::Case(id) => tx.opt(PROJECT_OF_CASE, args![id.0], |r| r.get(0))?,
        Target::Milestone(id) => tx.opt(PROJECT_OF_MILESTONE, args![id.0], |r| r.get(0))?,
        Target::SharedSteps(id) => tx.opt(PROJECT_OF_SHARED_STEPS, args![id.0], |r| r.get(0))?,
        Target::Run(id) => tx.opt(PROJECT_OF_RUN, args![id.0], |r| r.get(0))?,
        Target::Exploratory(id) => tx.opt(PROJECT_OF_EXPLORATORY, args![id.0], |r| r.get(0))?,
        Target::Source(id) => tx.opt(PROJECT_OF_SOURCE, args![id.0], |r| r.get(0))?,
        Target::AutomationRun(id) => tx.opt(PROJECT_OF_AUTOMATION_RUN, args![id.0], |r| r.get(0))?,
        Target::Thread(id) => tx.opt(PROJECT_OF_THREAD, args![id.0], |r| r.get(0))?,
    };
    let Some(project) = project.map(ProjectId) else {
        return Ok(Err(Denied::NotFound));
    };
    let standing = match standing(tx, caller, project, now)? {
        Ok(standing) => standing,
        Err(denied) => return Ok(Err(denied)),
    };
    let scope = caller.scope.rights();
    Ok(if !standing.rights.has(right) {
        Err(Denied::Missing(right))
    } else if !scope.has(right) {
        Err(Denied::Scope(right))
    } else {
        Ok(Proof {
            project,
            user: caller.user,
            rights: standing.rights.and(scope),
            right,
        })
    })
}

/// Whether a caller is a site admin without any limit now: active, by a key of scope `full` that is good and not limited to
/// projects, or without a key. `Err` says why not.
pub fn whole_admin(tx: &mut Tx<'_>, caller: &Caller, now: Timestamp) -> crate::Result<Result<(), Denied>> {
    let key = key_of(caller);
    let row = tx.opt(ADMIN, args![caller.user.0, key], |r| {
        let is_over =
            r.get::<Option<i64>>(2)?.is_some() || r.get::<Option<i64>>(3)?.is_some_and(|at| now.0 >= at);
        let is_whole = !r.get::<bool>(4)? && r.get::<String>(5)? == Scope::Full.name();
        Ok((r.get::<bool>(0)? && !is_over, r.get::<bool>(1)?, is_whole))
    })?;
    Ok(match row {
        None | Some((false, ..)) => Err(Denied::Revoked),
        Some((true, true, true)) if caller.scope == Scope::Full => Ok(()),
        Some(_) => Err(Denied::AdminOnly),
    })
}

/// Whether a user has the right to manage API users.
pub fn manages_api_users(tx: &mut Tx<'_>, user: UserId) -> crate::Result<bool> {
    Ok(tx.opt(MANAGES, args![user.0], |r| r.get(0))?.unwrap_or(false))
}

/// The rights of a user in every project that names it, by itself or by a group; before scope. For API users this is all
/// they have, as the default of a project is for people.
pub fn named_rights(tx: &mut Tx<'_>, user: UserId) -> crate::Result<BTreeMap<ProjectId, Rights>> {
    let mut all: BTreeMap<ProjectId, Rights> = BTreeMap::new();
    for (project, rights) in tx.all(NAMED_GROUPS, args![user.0], |r| {
        Ok((r.get::<i64>(0)?, r.get::<i64>(1)?))
    })? {
        let known = all.entry(ProjectId(project)).or_default();
        *known = known.with(Rights::from_i64(rights));
    }
    let own = tx.all(NAMED, args![user.0], |r| {
        Ok((r.get::<i64>(0)?, r.get::<bool>(1)?, r.get::<i64>(2)?))
    })?;
    for (project, has_access, rights) in own {
        let rights = if has_access { rights } else { 0 };
        all.insert(ProjectId(project), Rights::from_i64(rights));
    }
    Ok(all)
}

fn key_of(caller: &Caller) -> Option<i64> {
    match caller.via {
        Via::Key(id) => Some(id.0),
        Via::Session(_) | Via::System => None,
    }
}

/// What a user is in a project, before scope.
struct Standing {
    rights: Rights,
}

fn standing(
    tx: &mut Tx<'_>,
    caller: &Caller,
    project: ProjectId,
    now: Timestamp,
) -> crate::Result<Result<Standing, Denied>> {
    let key = key_of(caller);
    let Some(row) = tx.opt(ACCESS, args![caller.user.0, project.0, key], AccessRow::read)? else {
        return Ok(Err(Denied::NotFound));
    };
    if !row.is_active || row.key_is_over(now) || row.is_suspended() {
        return Ok(Err(Denied::Revoked));
    }
    if row.key_is_limited && !row.key_has_project {
        return Ok(Err(Denied::NotFound));
    }
    if caller.is_admin && row.is_admin {
        return Ok(Ok(Standing { rights: Rights::ALL }));
    }
    let rights = if row.has_override {
        row.override_rights
            .map(|r| if row.is_project_admin { Rights::ALL } else { r })
    } else {
        let groups: Vec<Option<i64>> = tx.all(GROUP_ACCESS, args![caller.user.0, project.0], |r| r.get(0))?;
        if groups.is_empty() {
            row.default_rights()
        } else {
            union(&groups)
        }
    };
    Ok(rights.map(|rights| Standing { rights }).ok_or(Denied::NotFound))
}

fn union(groups: &[Option<i64>]) -> Option<Rights> {
    groups
        .iter()
        .flatten()
        .map(|bits| Rights::from_i64(*bits))
        .reduce(Rights::with)
}

struct AccessRow {
    is_active: bool,
    is_admin: bool,
    is_person: bool,
    default_access: String,
    own: Rights,
    default_role: Option<Rights>,
    has_override: bool,
    override_rights: Option<Rights>,
    is_project_admin: bool,
    revoked_at: Option<i64>,
    expires_at: Option<i64>,
    key_is_limited: bool,
    key_has_project: bool,
    edition: Edition,
}

impl AccessRow {
    fn read(r: &Row<'_>) -> crate::Result<AccessRow> {
        Ok(AccessRow {
            is_active: r.get(0)?,
            is_admin: r.get(1)?,
            is_person: r.get::<String>(2)? == "person",
            default_access: r.get(3)?,
            own: Rights::from_i64(r.get(4)?),
            default_role: r.get::<Option<i64>>(5)?.map(Rights::from_i64),
            has_override: r.get(6)?,
            override_rights: r.get::<Option<i64>>(7)?.map(Rights::from_i64),
            is_project_admin: r.get(8)?,
            revoked_at: r.get(9)?,
            expires_at: r.get(10)?,
            key_is_limited: r.get(11)?,
            key_has_project: r.get(12)?,
            edition: crate::setting::edition_of(r.get::<Option<String>>(13)?.as_deref()),
        })
    }

    fn key_is_over(&self, now: Timestamp) -> bool {
        self.revoked_at.is_some() || self.expires_at.is_some_and(|at| now.0 >= at)
    }

    /// API users rest while the edition has none.
    fn is_suspended(&self) -> bool {
        !self.is_person && !self.edition.has_api_users()
    }

    /// The project's default is for people; API users get into a project only by name.
    fn default_rights(&self) -> Option<Rights> {
        match self.default_access.as_str() {
            _ if !self.is_person => None,
            "global" => Some(self.own),
            "role" => self.default_role,
            _ => None,
        }
    }
}
