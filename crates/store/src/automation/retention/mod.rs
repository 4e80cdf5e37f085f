//! How long results are kept: the rules of projects and sources, runs that are pinned, what is to go, and its removal.

pub mod preview;
pub mod remove;

use super::run::Run;
use crate::access::Proof;
use crate::{Result, Row, Tx, args, statements};
use model::retention::Keep;
use model::{AutomationRunId, SourceId, Timestamp};

/// Whether a run `r` may lose anything, apart from its age and its place among the runs of its source.
macro_rules! may_go {
    () => {
        "r.is_completed AND NOT r.is_pinned AND NOT EXISTS (SELECT 1 FROM milestones m
            WHERE m.id = r.milestone_id AND NOT m.is_completed)"
    };
}
use may_go;

statements! {
    OF_PROJECT = "SELECT keep_output_days, keep_tests_days FROM projects WHERE id = $1";
    OF_SOURCE = "SELECT keep_output_days, keep_tests_days FROM automation_sources WHERE id = $1";
    OF_SOURCES = "SELECT keep_output_days, keep_tests_days, id, name FROM automation_sources WHERE project_id = $1
        ORDER BY name, id";
    SET_PROJECT = "UPDATE projects SET keep_output_days = $2, keep_tests_days = $3 WHERE id = $1";
    SET_SOURCE = "UPDATE automation_sources SET keep_output_days = $2, keep_tests_days = $3 WHERE id = $1";
    PIN = "UPDATE automation_runs SET is_pinned = $2 WHERE id = $1";
    STAYS = "SELECT r.removed_at,
            EXISTS (SELECT 1 FROM milestones m WHERE m.id = r.milestone_id AND NOT m.is_completed),
            NOT EXISTS (SELECT 1 FROM automation_runs n WHERE n.source_id = r.source_id AND (n.created_at > r.created_at
                OR (n.created_at = r.created_at AND n.id > r.id)) ORDER BY n.created_at LIMIT 1 OFFSET $2)
        FROM automation_runs r WHERE r.id = $1";
}

fn keep(r: &Row<'_>) -> Result<Keep> {
    Ok(Keep {
        output_days: r.get(0)?,
        tests_days: r.get(1)?,
    })
}

/// What the project that was checked says itself.
pub fn of_project(tx: &mut Tx<'_>, proof: &Proof) -> Result<Keep> {
    tx.one(OF_PROJECT, args![proof.project().0], keep)
}

/// What a source of the project that was checked says itself.
pub fn of_source(tx: &mut Tx<'_>, _proof: &Proof, id: SourceId) -> Result<Keep> {
    tx.one(OF_SOURCE, args![id.0], keep)
}

/// Changes what the project that was checked says.
pub fn set_project(tx: &mut Tx<'_>, proof: &Proof, keep: Keep) -> Result<()> {
    let args = args![proof.project().0, keep.output_days, keep.tests_days];
    tx.execute(SET_PROJECT, args).map(drop)
}

/// Changes what a source of the project that was checked says.
pub fn set_source(tx: &mut Tx<'_>, _proof: &Proof, id: SourceId, keep: Keep) -> Result<()> {
    tx.execute(SET_SOURCE, args![id.0, keep.output_days, keep.tests_days])
        .map(drop)
}

/// Pins a run, so that all of it stays, or lets it go.
pub fn pin(tx: &mut Tx<'_>, _proof: &Proof, run: &Run, is_pinned: bool) -> Result<()> {
    tx.execute(PIN, args![run.id.0, is_pinned]).map(drop)
}

/// Why a run stays, beside being pinned or open, and what happened to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stays {
    /// When something of it was last removed.
    pub removed_at: Option<Timestamp>,
    /// Its milestone is not completed.
    pub has_open_milestone: bool,
    /// It is one of the [`model::retention::NEWEST`] of its source.
    pub is_among_newest: bool,
}

/// Why a run stays.
pub fn stays(tx: &mut Tx<'_>, _proof: &Proof, run: AutomationRunId) -> Result<Stays> {
    tx.one(STAYS, args![run.0, model::retention::NEWEST - 1], |r| {
        Ok(Stays {
            removed_at: r.get::<Option<i64>>(0)?.map(Timestamp),
            has_open_milestone: r.get(1)?,
            is_among_newest: r.get(2)?,
        })
    })
}

/// What each source of the project that was checked says itself, by name.
pub fn of_sources(tx: &mut Tx<'_>, proof: &Proof) -> Result<Vec<(SourceId, String, Keep)>> {
    tx.all(OF_SOURCES, args![proof.project().0], |r| {
        Ok((SourceId(r.get(2)?), r.get(3)?, keep(r)?))
    })
}
