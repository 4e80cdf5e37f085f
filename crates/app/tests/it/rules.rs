//! The rules of access to a project once more, without a database.

use model::{Action, Area, KeyId, ProjectId, Right, Rights, Scope, UserId};
use store::access::{Denied, SEE};

pub(crate) const SUBMIT: Right = Right(Area::Automation, Action::Edit);
pub(crate) const MANAGE: Right = Right(Area::Settings, Action::Delete);
pub(crate) const SEES: Rights = Rights::of(SEE);
pub(crate) const SUBMITS: Rights = Rights::of(SEE).with(Rights::of(SUBMIT));
/// A role that may something but does not see the project.
pub(crate) const BLIND: Rights = Rights::of(MANAGE);

/// What people have without a row of their own.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Default {
    Nothing,
    OwnRole,
    Role(Rights),
}

/// A row of a user in a project.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Override {
    pub(crate) role: Option<Rights>,
    pub(crate) is_admin: bool,
}

/// A project: its default, the row that each user has, and the roles of the groups in which all users are.
#[derive(Debug, Clone)]
pub(crate) struct Project {
    pub(crate) default: Default,
    pub(crate) row: Option<Override>,
    pub(crate) groups: Vec<Option<Rights>>,
}

pub(crate) fn all_projects() -> Vec<Project> {
    let defaults = [
        Default::Nothing,
        Default::OwnRole,
        Default::Role(SEES),
        Default::Role(BLIND),
    ];
    let row = |role, is_admin| Some(Override { role, is_admin });
    let rows = [
        None,
        row(None, false),
        row(None, true),
        row(Some(SUBMITS), false),
        row(Some(BLIND), false),
        row(Some(BLIND), true),
    ];
    let groups: [&[Option<Rights>]; 6] = [
        &[],
        &[None],
        &[Some(SUBMITS)],
        &[Some(BLIND), None],
        &[None, Some(SEES)],
        &[Some(SEES), Some(BLIND)],
    ];
    let mut all = Vec::new();
    for default in defaults {
        for row in rows {
            for groups in groups {
                let groups = groups.to_vec();
                all.push(Project { default, row, groups });
            }
        }
    }
    all
}

/// Who asks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct User {
    pub(crate) id: UserId,
    pub(crate) is_api: bool,
    pub(crate) is_admin: bool,
    pub(crate) own: Rights,
}

/// By what a user asks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct By {
    pub(crate) key: Option<KeyId>,
    pub(crate) scope: Scope,
    pub(crate) only: Option<ProjectId>,
}

/// The rules, once more and without a database.
pub(crate) fn rights(project: &Project, user: User) -> Option<Rights> {
    if user.is_admin {
        return Some(Rights::ALL);
    }
    if let Some(row) = project.row {
        return row.role.map(|role| if row.is_admin { Rights::ALL } else { role });
    }
    if !project.groups.is_empty() {
        return project.groups.iter().flatten().copied().reduce(Rights::with);
    }
    match project.default {
        _ if user.is_api => None,
        Default::Nothing => None,
        Default::OwnRole => Some(user.own),
        Default::Role(role) => Some(role),
    }
}

pub(crate) fn expected(
    id: ProjectId,
    project: &Project,
    user: User,
    by: By,
    right: Right,
) -> Result<Rights, Denied> {
    if by.only.is_some_and(|only| only != id) {
        return Err(Denied::NotFound);
    }
    let rights = rights(project, user).ok_or(Denied::NotFound)?;
    if !rights.has(right) {
        Err(Denied::Missing(right))
    } else if !by.scope.rights().has(right) {
        Err(Denied::Scope(right))
    } else {
        Ok(rights.and(by.scope.rights()))
    }
}
