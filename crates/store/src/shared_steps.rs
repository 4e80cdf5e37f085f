//! Steps that many cases share. A case holds their text among its own steps, each marked with the id of the shared ones, so
//! that its versions, and the runs that test them, keep what it was.

use crate::access::Proof;
use crate::case::Case;
use crate::filter::{self, in_list};
use crate::{Arg, Bulk, Column, Result, Row, Tx, args, statements};
use model::{CaseId, ProjectId, SharedStepsId, Timestamp, UserId};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// In a step of a case: the shared steps that it is part of.
pub const MARK: &str = "shared_steps_id";

/// Steps that many cases share.
#[derive(Debug, Clone, PartialEq)]
pub struct SharedSteps {
    /// Their id.
    pub id: SharedStepsId,
    /// The project.
    pub project_id: ProjectId,
    /// Their name, once in a project.
    pub name: String,
    /// The steps in their order, each with its texts `text1` to `text4`.
    pub steps: Vec<Value>,
    /// From 1, one more with every change.
    pub version: i64,
    /// How many cases have them.
    pub cases: i64,
    /// When they were made.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: Option<UserId>,
    /// When they were changed.
    pub updated_at: Option<Timestamp>,
    /// By whom.
    pub updated_by: Option<UserId>,
}

macro_rules! columns {
    () => {
        "SELECT s.id, s.project_id, s.name, s.steps, s.version,
            (SELECT COUNT(*) FROM case_shared_steps c WHERE c.shared_steps_id = s.id),
            s.created_at, s.created_by, s.updated_at, s.updated_by FROM shared_steps s "
    };
}

statements! {
    ALL = concat!(columns!(), "WHERE s.project_id = $1 ORDER BY s.name_key, s.id");
    GET = concat!(columns!(), "WHERE s.id = $1 AND s.project_id = $2");
    GET_MANY = concat!(columns!(), "WHERE +s.project_id = $1 AND s.id IN ", in_list!("$2"));
    COUNT = "SELECT COUNT(*) FROM shared_steps WHERE project_id = $1";
    INSERT = "INSERT INTO shared_steps (project_id, name, name_key, steps, created_at, created_by)
        VALUES ($1, $2, $3, $4, $5, $6) RETURNING id";
    UPDATE = "UPDATE shared_steps SET name = $3, name_key = $4, steps = $5, version = version + 1, updated_at = $6,
        updated_by = $7 WHERE id = $1 AND project_id = $2";
    DELETE = "DELETE FROM shared_steps WHERE id = $1 AND project_id = $2";
    CASES = "SELECT case_id FROM case_shared_steps WHERE shared_steps_id = $1 ORDER BY case_id";
    LINK = "INSERT INTO case_shared_steps (case_id, shared_steps_id) VALUES ($1, $2)";
    UNLINK = concat!("DELETE FROM case_shared_steps WHERE case_id IN ", in_list!("$1"));
}

const LINKS: Bulk = Bulk {
    insert: LINK,
    copy: "COPY case_shared_steps (case_id, shared_steps_id) FROM STDIN (FORMAT binary)",
    columns: &[Column::I64, Column::I64],
};

fn shared(r: &Row<'_>) -> Result<SharedSteps> {
    Ok(SharedSteps {
        id: SharedStepsId(r.get(0)?),
        project_id: ProjectId(r.get(1)?),
        name: r.get(2)?,
        steps: serde_json::from_str(&r.get::<String>(3)?).unwrap_or_default(),
        version: r.get(4)?,
        cases: r.get(5)?,
        created_at: Timestamp(r.get(6)?),
        created_by: r.get::<Option<i64>>(7)?.map(UserId),
        updated_at: r.get::<Option<i64>>(8)?.map(Timestamp),
        updated_by: r.get::<Option<i64>>(9)?.map(UserId),
    })
}

/// Those of the project that was checked, by name.
pub fn all(tx: &mut Tx<'_>, proof: &Proof) -> Result<Vec<SharedSteps>> {
    tx.all(ALL, args![proof.project().0], shared)
}

/// Those with this id, if they are of the project that was checked.
pub fn get(tx: &mut Tx<'_>, proof: &Proof, id: SharedStepsId) -> Result<Option<SharedSteps>> {
    tx.opt(GET, args![id.0, proof.project().0], shared)
}

/// Those with these ids that are of the project that was checked.
pub fn get_many(tx: &mut Tx<'_>, proof: &Proof, ids: &[i64]) -> Result<Vec<SharedSteps>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    tx.all(GET_MANY, args![proof.project().0, &filter::list(ids)], shared)
}

/// How many the project has.
pub fn count(tx: &mut Tx<'_>, proof: &Proof) -> Result<i64> {
    tx.one(COUNT, args![proof.project().0], |r| r.get(0))
}

/// Makes shared steps. [`crate::Error::Unique`]: the name is taken.
pub fn insert(
    tx: &mut Tx<'_>,
    proof: &Proof,
    name: &str,
    steps: &[Value],
    now: Timestamp,
) -> Result<SharedStepsId> {
    let (key, steps) = (name.to_lowercase(), Value::from(steps).to_string());
    let args = args![proof.project().0, name, &key, &steps, now.0, proof.user().0];
    tx.one(INSERT, args, |r| r.get(0)).map(SharedStepsId)
}

/// Gives shared steps another name and text. [`crate::Error::Unique`]: the name is taken.
pub fn update(
    tx: &mut Tx<'_>,
    proof: &Proof,
    id: SharedStepsId,
    name: &str,
    steps: &[Value],
    now: Timestamp,
) -> Result<()> {
    let (key, steps) = (name.to_lowercase(), Value::from(steps).to_string());
    let args = args![id.0, proof.project().0, name, &key, &steps, now.0, proof.user().0];
    tx.execute(UPDATE, args).map(drop)
}

/// Deletes shared steps.
pub fn delete(tx: &mut Tx<'_>, proof: &Proof, id: SharedStepsId) -> Result<()> {
    tx.execute(DELETE, args![id.0, proof.project().0]).map(drop)
}

/// The cases that have these shared steps.
pub fn cases(tx: &mut Tx<'_>, id: SharedStepsId) -> Result<Vec<CaseId>> {
    tx.all(CASES, args![id.0], |r| r.get(0).map(CaseId))
}

/// The shared steps that values of custom fields name.
pub fn named<'v>(values: impl IntoIterator<Item = &'v Value>) -> BTreeSet<i64> {
    let steps = values.into_iter().filter_map(Value::as_array).flatten();
    steps.filter_map(|step| step.get(MARK)?.as_i64()).collect()
}

fn of(custom: &Map<String, Value>) -> BTreeSet<i64> {
    named(custom.values())
}

/// Notes which shared steps new cases have.
pub(crate) fn link(tx: &mut Tx<'_>, cases: &[Case]) -> Result<()> {
    let pairs: Vec<(i64, i64)> = cases
        .iter()
        .flat_map(|c| of(&c.values.custom).into_iter().map(|id| (c.id.0, id)))
        .collect();
    if pairs.is_empty() {
        return Ok(());
    }
    let rows = pairs
        .iter()
        .map(|(case, id)| -> [Arg<'_>; 2] { [(*case).into(), (*id).into()] });
    tx.bulk(&LINKS, rows).map(drop)
}

/// Notes which shared steps cases have now, and what each had before.
pub(crate) fn relink<'c>(
    tx: &mut Tx<'_>,
    cases: impl Iterator<Item = (&'c Map<String, Value>, &'c Case)>,
) -> Result<()> {
    let moved: Vec<Case> = cases
        .filter(|(old, new)| of(old) != of(&new.values.custom))
        .map(|(_, new)| new.clone())
        .collect();
    if moved.is_empty() {
        return Ok(());
    }
    let ids: Vec<i64> = moved.iter().map(|c| c.id.0).collect();
    tx.execute(UNLINK, args![&filter::list(&ids)])?;
    link(tx, &moved)
}
