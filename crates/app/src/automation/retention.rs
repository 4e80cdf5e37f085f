//! How long results are kept: the rules of instance, project and source, what would go now, and runs that are pinned.

use super::{COMPLETE, VIEW};
use crate::changes::Noted;
use crate::clean::Clean;
use crate::{Actor, App, Error, Result};
use model::retention::{DAYS_MAX, DAYS_MIN, FACTORY, Keep, Removal, Rule, is_days};
use model::{Action, Area, AutomationRunId, ProjectId, Right, SourceId, Timestamp};
use serde_json::{Value, json};
use store::access::{Proof, Target};
use store::automation::retention::preview::{self, Gone};
use store::automation::retention::{self, Stays};
use store::automation::{run, source};
use store::{Tx, setting};

/// Looking at the rules of a project and its sources.
pub const VIEW_RULES: Right = Right(Area::Settings, Action::View);
/// Changing them.
pub const EDIT_RULES: Right = Right(Area::Settings, Action::Edit);

/// What a rule is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// The instance.
    Instance,
    /// A project.
    Project(ProjectId),
    /// A source.
    Source(SourceId),
}

/// A rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// What this level says itself.
    pub own: Keep,
    /// What is in force there.
    pub in_force: Rule,
}

/// What changes; none stays as it is, `Some(None)` follows the level above.
#[derive(Debug, Clone, Copy, Default)]
pub struct Change {
    /// Output and properties of tests, artifacts and uploaded files.
    pub output_days: Option<Option<i64>>,
    /// The rows of tests.
    pub tests_days: Option<Option<i64>>,
}

impl Change {
    /// Refuses days that cannot be kept, naming the field.
    pub fn check(&self) -> Result<()> {
        let mut clean = Clean::default();
        for (field, days) in [("output_days", self.output_days), ("tests_days", self.tests_days)] {
            if days.flatten().is_some_and(|days| !is_days(days)) {
                let text = format!(
                    "The {field} must be {DAYS_MIN} to {DAYS_MAX}, 0 to keep for ever, or null to follow the level above."
                );
                clean.refuse(field, text);
            }
        }
        clean.finish()
    }

    /// What a level says with this change.
    pub fn over(&self, own: Keep) -> Keep {
        Keep {
            output_days: self.output_days.unwrap_or(own.output_days),
            tests_days: self.tests_days.unwrap_or(own.tests_days),
        }
    }
}

/// The rule of the instance as it is in force.
pub(super) fn of_instance(tx: &mut Tx<'_>) -> Result<Retention> {
    let json = setting::get(tx, setting::RETENTION)?;
    let own: Keep = json
        .and_then(|json| serde_json::from_str(&json).ok())
        .unwrap_or_default();
    Ok(Retention {
        own,
        in_force: own.over(FACTORY),
    })
}

fn of_project(tx: &mut Tx<'_>, proof: &Proof) -> Result<Retention> {
    let own = retention::of_project(tx, proof)?;
    let in_force = own.over(of_instance(tx)?.in_force);
    Ok(Retention { own, in_force })
}

fn of_source(tx: &mut Tx<'_>, proof: &Proof, id: SourceId) -> Result<Retention> {
    let own = retention::of_source(tx, proof, id)?;
    let in_force = own.over(of_project(tx, proof)?.in_force);
    Ok(Retention { own, in_force })
}

/// The rule of a level.
pub async fn get(app: &App, actor: &Actor, level: Level) -> Result<Retention> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| match level {
        Level::Instance => {
            actor.require_whole_admin(tx, now)?;
            of_instance(tx)
        }
        Level::Project(id) => {
            let proof = actor.require(tx, Target::Project(id), VIEW_RULES, now)?;
            of_project(tx, &proof)
        }
        Level::Source(id) => {
            let proof = actor.require(tx, Target::Source(id), VIEW_RULES, now)?;
            of_source(tx, &proof, id)
        }
    })
    .await
}

/// Changes the rule of a level. What is too old by it goes with the next removal.
pub async fn update(app: &App, actor: &Actor, level: Level, change: Change) -> Result<Retention> {
    if change.output_days.is_none() && change.tests_days.is_none() {
        return Err(Error::NothingToChange);
    }
    change.check()?;
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| match level {
        Level::Instance => {
            actor.require_whole_admin(tx, now)?;
            store::user::write::lock(tx)?;
            let before = of_instance(tx)?;
            let keep = json!(change.over(before.own)).to_string();
            setting::put(tx, setting::RETENTION, &keep)?;
            let after = of_instance(tx)?;
            note(
                tx,
                &actor,
                ("settings", 0, "retention"),
                None,
                [before, after],
                now,
            )
        }
        Level::Project(id) => {
            let proof = actor.require(tx, Target::Project(id), EDIT_RULES, now)?;
            tx.lock(id.0)?;
            let before = of_project(tx, &proof)?;
            retention::set_project(tx, &proof, change.over(before.own))?;
            let after = of_project(tx, &proof)?;
            let name = store::project::get(tx, id)?.map_or_else(String::new, |p| p.name);
            note(
                tx,
                &actor,
                ("project", id.0, &name),
                Some(id),
                [before, after],
                now,
            )
        }
        Level::Source(id) => {
            let proof = actor.require(tx, Target::Source(id), EDIT_RULES, now)?;
            tx.lock(proof.project().0)?;
            let before = of_source(tx, &proof, id)?;
            retention::set_source(tx, &proof, id, change.over(before.own))?;
            let after = of_source(tx, &proof, id)?;
            let name = source::get(tx, &proof, id)?.map_or_else(String::new, |s| s.name);
            let project = Some(proof.project());
            note(
                tx,
                &actor,
                ("automation_source", id.0, &name),
                project,
                [before, after],
                now,
            )
        }
    })
    .await
}

fn told(r: &Retention) -> Value {
    json!({"output_days": r.own.output_days, "tests_days": r.own.tests_days, "in_force": r.in_force})
}

fn note(
    tx: &mut Tx<'_>,
    actor: &Actor,
    (kind, id, name): (&str, i64, &str),
    project: Option<ProjectId>,
    [before, after]: [Retention; 2],
    now: Timestamp,
) -> Result<Retention> {
    if before != after {
        let noted = Noted {
            action: "retention.updated",
            kind,
            id,
            name,
            project,
            before: told(&before),
            after: told(&after),
        };
        actor.note(tx, &noted, now)?;
    }
    Ok(after)
}

/// What would go from a project now if its rule were changed so; sources keep their own.
pub async fn preview(app: &App, actor: &Actor, project: ProjectId, change: Change) -> Result<Vec<Gone>> {
    change.check()?;
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::Project(project), VIEW_RULES, now)?;
        let own = retention::of_project(tx, &proof)?;
        let rule = change.over(own).over(of_instance(tx)?.in_force);
        Ok(preview::preview(tx, &proof, rule, now)?)
    })
    .await
}

/// A source and its rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The source.
    pub id: SourceId,
    /// Its name.
    pub name: String,
    /// Its rule.
    pub retention: Retention,
}

/// The rules of a project and its sources.
#[derive(Debug, Clone)]
pub struct Overview {
    /// What is in force in the instance.
    pub instance: Rule,
    /// The project's rule.
    pub project: Retention,
    /// Its sources, by name.
    pub sources: Vec<Source>,
    /// Whether the caller may change rules.
    pub may_edit: bool,
}

/// The rules of a project and its sources.
pub async fn overview(app: &App, actor: &Actor, project: ProjectId) -> Result<Overview> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::Project(project), VIEW_RULES, now)?;
        let project = of_project(tx, &proof)?;
        let sources = retention::of_sources(tx, &proof)?;
        let source = |(id, name, own): (SourceId, String, Keep)| Source {
            id,
            name,
            retention: Retention {
                own,
                in_force: own.over(project.in_force),
            },
        };
        Ok(Overview {
            instance: of_instance(tx)?.in_force,
            project,
            sources: sources.into_iter().map(source).collect(),
            may_edit: proof.rights().has(EDIT_RULES),
        })
    })
    .await
}

/// What is kept of a run, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Somebody wants all of it to stay.
    pub is_pinned: bool,
    /// How much is gone.
    pub removal: Removal,
    /// What else decides.
    pub stays: Stays,
    /// The rule of its source.
    pub rule: Rule,
    /// Whether the caller may pin it or let it go.
    pub may_pin: bool,
}

fn kept(tx: &mut Tx<'_>, proof: &Proof, id: AutomationRunId) -> Result<Kept> {
    let run = run::get(tx, proof, id)?.ok_or(Error::NotFound)?;
    Ok(Kept {
        is_pinned: run.is_pinned,
        removal: run.removal,
        stays: retention::stays(tx, proof, id)?,
        rule: of_source(tx, proof, run.source_id)?.in_force,
        may_pin: proof.rights().has(COMPLETE),
    })
}

/// What is kept of a run, and why.
pub async fn of_run(app: &App, actor: &Actor, id: AutomationRunId) -> Result<Kept> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::AutomationRun(id), VIEW, now)?;
        kept(tx, &proof, id)
    })
    .await
}

/// Pins a run, so that all of it that is there stays whatever its age, or lets it go.
pub async fn pin(app: &App, actor: &Actor, id: AutomationRunId, is_pinned: bool) -> Result<Kept> {
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        let proof = actor.require(tx, Target::AutomationRun(id), COMPLETE, now)?;
        let run = run::get_locked(tx, &proof, id)?.ok_or(Error::NotFound)?;
        if run.is_pinned != is_pinned {
            retention::pin(tx, &proof, &run, is_pinned)?;
            let action = if is_pinned {
                "automation_run.pinned"
            } else {
                "automation_run.unpinned"
            };
            let entry = super::runs::entry(&actor, action, run.project_id, id, &run.name, now);
            store::audit::insert(tx, &entry)?;
        }
        kept(tx, &proof, id)
    })
    .await
}
