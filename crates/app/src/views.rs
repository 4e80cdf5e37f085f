//! Lists of cases that people gave a name: for themselves, or for everybody in the project.

use crate::cases::{EDIT, VIEW};
use crate::changes::Noted;
use crate::clean::Clean;
use crate::{Actor, App, Error, Result};
use model::{ProjectId, text};
use serde_json::{Value, json};
use store::access::{Denied, Proof, Target};
use store::view::{self, View};

/// Most views of a person in a project.
pub const MOST: i64 = 100;
/// Most views that a list offers, with those that others share.
const SEEN: i64 = 300;
/// Most characters of an address.
const QUERY_MAX: usize = 2_000;

/// The views that the caller sees, by name: their own, and those that are shared.
pub async fn list(app: &App, actor: &Actor, project: ProjectId) -> Result<Vec<View>> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::Project(project), VIEW, now)?;
        Ok(view::seen(tx, &proof, SEEN)?)
    })
    .await
}

/// One that the caller may delete, for the page that asks before. Errors as of [`delete`].
pub async fn deletable(app: &App, actor: &Actor, project: ProjectId, id: i64) -> Result<View> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::Project(project), VIEW, now)?;
        owned(tx, &proof, id)
    })
    .await
}

/// One's own, or a shared one for those who may change cases.
fn owned(tx: &mut store::Tx<'_>, proof: &Proof, id: i64) -> Result<View> {
    let found = view::get(tx, proof, id)?.ok_or(Error::NotFound)?;
    if found.user_id != proof.user() && !proof.rights().has(EDIT) {
        return Err(Denied::Missing(EDIT).into());
    }
    Ok(found)
}

/// Keeps a list under a name, in place of the caller's list of that name. Whoever shares one must be allowed to change cases.
pub async fn save(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    name: &str,
    query: &str,
    is_shared: bool,
) -> Result<View> {
    let mut clean = Clean::default();
    let name = clean.name("name", name, text::NAME_MAX);
    if query.chars().nth(QUERY_MAX).is_some() {
        clean.refuse("name", "The list has too many filters to be kept.");
    }
    clean.finish()?;
    let (actor, query, now) = (actor.clone(), query.to_owned(), app.now());
    app.write(move |tx| {
        let right = if is_shared { EDIT } else { VIEW };
        let proof = actor.require(tx, Target::Project(project), right, now)?;
        tx.lock(project.0)?;
        if view::others(tx, &proof, &name)? >= MOST {
            let text = format!("You have {MOST} views in this project. Delete one first.");
            return Err(Error::field("name", text));
        }
        let saved = view::save(tx, &proof, &name, &query, is_shared, now)?;
        note(tx, &actor, "view.saved", project, &saved, now)?;
        Ok(saved)
    })
    .await
}

/// Deletes a view: one's own, or a shared one by those who may change cases. [`Error::NotFound`] for a private one of
/// somebody else.
pub async fn delete(app: &App, actor: &Actor, project: ProjectId, id: i64) -> Result<()> {
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        let proof = actor.require(tx, Target::Project(project), VIEW, now)?;
        let old = owned(tx, &proof, id)?;
        view::delete(tx, &proof, id)?;
        note(tx, &actor, "view.deleted", project, &old, now)
    })
    .await
}

/// The audit row. What somebody keeps for themselves is not told by name.
fn note(
    tx: &mut store::Tx<'_>,
    actor: &Actor,
    action: &str,
    project: ProjectId,
    view: &View,
    now: model::Timestamp,
) -> Result<()> {
    let (name, after) = if view.is_shared {
        (view.name.as_str(), json!({"query": view.query}))
    } else {
        ("a private view", Value::Null)
    };
    let noted = Noted {
        action,
        kind: "view",
        id: view.id,
        name,
        project: Some(project),
        before: Value::Null,
        after,
    };
    actor.note(tx, &noted, now)
}
