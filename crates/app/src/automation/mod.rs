//! Automation results: sources, runs, threads and tests, with the life cycle of contract §5.

pub mod cases;
pub mod parts;
pub mod removal;
pub mod retention;
pub mod runs;
pub mod sources;
pub mod tests;
pub mod threads;

use crate::{Actor, App, Result};
use model::status::Statuses;
use model::{Action, Area, ConfigId, FolderId, GroupId, MilestoneId, Right, RoleId, SourceId, UserId};
use store::names::Named;

/// Looking at automation.
pub const VIEW: Right = Right(Area::Automation, Action::View);
/// Making and filling runs.
pub const EDIT: Right = Right(Area::Automation, Action::Edit);
/// Deleting files of runs and tests.
pub const DELETE: Right = Right(Area::Automation, Action::Delete);
/// Completing runs and threads.
pub const COMPLETE: Right = Right(Area::Automation, Action::Complete);

/// The result statuses of the instance.
pub async fn statuses(app: &App) -> Result<Statuses> {
    app.db().read_one(|tx| Ok(store::status::all(tx)?)).await
}

/// Ids whose names somebody wants.
#[derive(Debug, Clone, Default)]
pub struct Needs {
    /// Users.
    pub users: Vec<UserId>,
    /// Sources.
    pub sources: Vec<SourceId>,
    /// Configurations.
    pub configs: Vec<ConfigId>,
    /// Milestones.
    pub milestones: Vec<MilestoneId>,
    /// Folders.
    pub folders: Vec<FolderId>,
    /// Groups of users.
    pub groups: Vec<GroupId>,
    /// Roles.
    pub roles: Vec<RoleId>,
}

/// Names by id, each once, in the order of the ids.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Users.
    pub users: Vec<(UserId, String)>,
    /// Sources.
    pub sources: Vec<(SourceId, String)>,
    /// Configurations.
    pub configs: Vec<(ConfigId, String)>,
    /// Milestones.
    pub milestones: Vec<(MilestoneId, String)>,
    /// Folders.
    pub folders: Vec<(FolderId, String)>,
    /// Groups of users.
    pub groups: Vec<(GroupId, String)>,
    /// Roles.
    pub roles: Vec<(RoleId, String)>,
}

impl Names {
    /// A user's name.
    pub fn user(&self, id: UserId) -> Option<&str> {
        self.users
            .iter()
            .find(|(i, _)| *i == id)
            .map(|(_, name)| name.as_str())
    }

    /// A source's name.
    pub fn source(&self, id: SourceId) -> Option<&str> {
        self.sources
            .iter()
            .find(|(i, _)| *i == id)
            .map(|(_, name)| name.as_str())
    }
}

/// Names of things that rows refer to, which their reader may see with the rows.
pub async fn names(app: &App, _actor: &Actor, needs: &Needs) -> Result<Names> {
    let needs = [
        (Named::Users, distinct(&needs.users, |id| id.0)),
        (Named::Sources, distinct(&needs.sources, |id| id.0)),
        (Named::Configs, distinct(&needs.configs, |id| id.0)),
        (Named::Milestones, distinct(&needs.milestones, |id| id.0)),
        (Named::Folders, distinct(&needs.folders, |id| id.0)),
        (Named::Groups, distinct(&needs.groups, |id| id.0)),
        (Named::Roles, distinct(&needs.roles, |id| id.0)),
    ];
    app.read(move |tx| {
        let mut found = Vec::with_capacity(needs.len());
        for (kind, ids) in &needs {
            found.push(store::names::of(tx, *kind, ids)?);
        }
        let mut found = found.into_iter();
        let mut next = || found.next().unwrap_or_default();
        Ok(Names {
            users: typed(next(), UserId),
            sources: typed(next(), SourceId),
            configs: typed(next(), ConfigId),
            milestones: typed(next(), MilestoneId),
            folders: typed(next(), FolderId),
            groups: typed(next(), GroupId),
            roles: typed(next(), RoleId),
        })
    })
    .await
}

fn distinct<T>(ids: &[T], number: impl Fn(&T) -> i64) -> Vec<i64> {
    let mut ids: Vec<i64> = ids.iter().map(number).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn typed<T>(names: Vec<(i64, String)>, id: fn(i64) -> T) -> Vec<(T, String)> {
    names
        .into_iter()
        .map(|(number, name)| (id(number), name))
        .collect()
}
