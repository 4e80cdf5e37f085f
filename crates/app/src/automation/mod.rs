//! Automation results: sources, runs, threads and tests, with the life cycle of contract §5.

pub mod runs;
pub mod sources;
pub mod tests;
pub mod threads;

use crate::{Actor, App, Result};
use model::status::Statuses;
use model::{Action, Area, ConfigId, MilestoneId, Right, SourceId, UserId};
use store::automation::{run, source};

/// Looking at automation.
pub const VIEW: Right = Right(Area::Automation, Action::View);
/// Making and filling runs.
pub const EDIT: Right = Right(Area::Automation, Action::Edit);
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

/// Names of things that rows refer to, which their reader may see with the rows. At most one page of each.
pub async fn names(app: &App, _actor: &Actor, needs: &Needs) -> Result<Names> {
    let mut needs = needs.clone();
    distinct(&mut needs.users);
    distinct(&mut needs.sources);
    distinct(&mut needs.configs);
    distinct(&mut needs.milestones);
    app.read(move |tx| {
        let mut names = Names {
            users: store::user::names(tx, &needs.users)?,
            sources: source::names(tx, &needs.sources)?,
            ..Names::default()
        };
        for id in &needs.configs {
            names
                .configs
                .extend(run::config_name(tx, *id)?.map(|name| (*id, name)));
        }
        for id in &needs.milestones {
            names
                .milestones
                .extend(run::milestone_name(tx, *id)?.map(|name| (*id, name)));
        }
        Ok(names)
    })
    .await
}

fn distinct<T: Ord>(ids: &mut Vec<T>) {
    ids.sort_unstable();
    ids.dedup();
}
