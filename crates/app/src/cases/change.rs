//! Making, changing and deleting cases: all of a call, or nothing.

use super::input::{self, Change, Known, Lists, New, Wanted, check_version};
use super::workflow::{self, ask};
use super::{Cases, DELETE, EDIT, MOST, found, shown};
use crate::clean::Clean;
use crate::custom::Schema;
use crate::once::{Answer, Claim};
use crate::shared_steps;
use crate::{Actor, App, Error, Result};
use model::{CaseId, Entity, ProjectId, TemplateId, Timestamp};
use serde_json::{Map, Value, json};
use store::Tx;
use store::access::{Proof, Target};
use store::audit::Entry;
use store::case::version::difference;
use store::case::{self, Case, Changed, Links, NewCase, Values};

/// A case that nobody has finished writing.
const INCOMPLETE: i64 = 1;
/// A case that can be run.
const COMPLETE: i64 = 2;

/// Makes 1 to [`MOST`] cases, all or none; fields are named `cases.N.name`.
pub async fn create(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    mut new: Vec<New>,
    claim: Option<Claim>,
    render: fn(&Cases) -> (u16, String),
) -> Result<Answer<Cases>> {
    let mut clean = Clean::default();
    clean.count("cases", new.len(), MOST);
    for (n, case) in new.iter_mut().enumerate() {
        let at = |field: &str| format!("cases.{n}.{field}");
        case.name = input::name(&mut clean, &at("name"), &case.name);
        input::estimate(&mut clean, &at("estimate"), case.estimate);
        case.tags = input::tags(&mut clean, &at("tags"), &case.tags);
        crate::issues::clean(&mut clean, &at("issues"), &mut case.issues);
        input::automation(&mut clean, &at("automation_links"), &case.automation_links);
        let set = case.data_set.take();
        case.data_set = set.map(|set| input::data_set(&mut clean, &at("data_set"), set));
    }
    clean.finish()?;
    let (actor, now) = (actor.clone(), app.now());
    app.write_once(claim, render, move |tx| {
        let proof = actor.require(tx, Target::Project(project), EDIT, now)?;
        case::lock(tx, &proof)?;
        let schema = Schema::load(tx, &proof, Entity::Case)?;
        let ready = prepare(tx, &proof, &schema, &new, now)?;
        let made = case::insert(tx, &proof, &ready, now)?;
        ask(tx, &proof, &made, now)?;
        note(tx, &actor, "case.created", project, &made, None, now)?;
        let links = ready.into_iter().map(|r| r.links);
        Ok(shown(made.into_iter().zip(links).collect(), schema))
    })
    .await
}

/// New cases as they will be stored; everything that is wrong with them at once.
fn prepare(
    tx: &mut Tx<'_>,
    proof: &Proof,
    schema: &Schema,
    new: &[New],
    now: Timestamp,
) -> Result<Vec<NewCase>> {
    let wanted = Wanted {
        folders: new.iter().filter_map(|c| c.folder_id).collect(),
        tags: new.iter().map(|c| c.tags.as_slice()).collect(),
        issues: new.iter().map(|c| c.issues.as_slice()).collect(),
        tests: new.iter().flat_map(|c| c.automation_links.clone()).collect(),
    };
    let mut known = Known::find(tx, proof, &wanted)?;
    let shared = shared_steps::Known::find(tx, proof, new.iter().map(|c| &c.custom))?;
    let mut clean = Clean::default();
    let mut ready = Vec::with_capacity(new.len());
    for (n, new) in new.iter().enumerate() {
        let at = format!("cases.{n}.");
        let field = |name: &str| format!("{at}{name}");
        known.check_folder(&mut clean, &field("folder_id"), new.folder_id);
        let named = new.state_id.is_some();
        let state_id = known.state(&mut clean, &field("state_id"), new.state_id);
        let state_id = workflow::of_new(&mut clean, &field("state_id"), &known.states, state_id, named);
        let template_id = template(&mut clean, &field("template_id"), schema, new.template_id);
        let mut custom = schema.fill(template_id, &new.custom, &at, &mut clean)?;
        shared.fill(&mut custom, &new.custom, &at, &mut clean);
        let automation = known.tests(&mut clean, &field("automation_links"), &new.automation_links);
        let issues = known.issues(tx, proof, (&mut clean, &field("issues")), &new.issues, now)?;
        ready.push(NewCase {
            values: Values {
                name: new.name.clone(),
                folder_id: new.folder_id,
                template_id,
                state_id,
                status_id: status(&custom),
                estimate: new.estimate,
                custom,
                data_set: new.data_set.clone(),
            },
            links: Links {
                tags: known.tags(&new.tags),
                issues,
                automation,
            },
        });
    }
    clean.finish()?;
    Ok(ready)
}

/// A case with a text or steps can be run.
fn status(custom: &Map<String, Value>) -> i64 {
    let is_text =
        |v: &Value| v.is_string() || v.as_array().is_some_and(|all| all.iter().any(Value::is_object));
    if custom.values().any(is_text) {
        COMPLETE
    } else {
        INCOMPLETE
    }
}

fn template(clean: &mut Clean, field: &str, schema: &Schema, id: Option<TemplateId>) -> TemplateId {
    match id {
        None => schema.default_template().map_or(TemplateId(0), |t| t.id),
        Some(id) => {
            if schema.template(id).is_none() {
                clean.refuse(field, schema.no_template(id));
            }
            id
        }
    }
}

/// Gives 1 to [`MOST`] cases the same new values, all or none; the cases afterwards, in the order of `ids`.
/// [`Error::Conflict`] when one has another version than the change is based on.
pub async fn update(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    mut ids: Vec<CaseId>,
    mut change: Change,
) -> Result<Cases> {
    let mut clean = Clean::default();
    clean.count("ids", ids.len(), MOST);
    tidy(&mut clean, &mut change);
    clean.finish()?;
    if change.is_empty() {
        return Err(Error::NothingToChange);
    }
    let mut seen = std::collections::HashSet::new();
    ids.retain(|id| seen.insert(*id));
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        let proof = actor.require(tx, Target::Project(project), EDIT, now)?;
        case::lock(tx, &proof)?;
        let schema = Schema::load(tx, &proof, Entity::Case)?;
        let changed = changed(tx, &proof, &schema, &ids, &change, now)?;
        write(tx, &actor, &proof, schema, changed, now)
    })
    .await
}

/// Checks what a change says by itself, and brings it into the form in which it is stored.
pub(super) fn tidy(clean: &mut Clean, change: &mut Change) {
    change.name = change.name.take().map(|name| input::name(clean, "name", &name));
    change.tags = change.tags.take().map(|tags| input::tags(clean, "tags", &tags));
    input::estimate(clean, "estimate", change.estimate.flatten());
    if let Some(issues) = &mut change.issues {
        crate::issues::clean(clean, "issues", issues);
    }
    let tests = change.automation_links.as_deref().unwrap_or_default();
    input::automation(clean, "automation_links", tests);
    let set = change.data_set.take();
    change.data_set = set.map(|set| set.map(|set| input::data_set(clean, "data_set", set)));
    if change
        .status_id
        .is_some_and(|id| ![INCOMPLETE, COMPLETE].contains(&id))
    {
        clean.refuse(
            "status_id",
            "The status_id must be 1 (incomplete) or 2 (complete).",
        );
    }
}

/// The cases with these ids as a change makes them. Holds the lock of the project.
pub(super) fn changed(
    tx: &mut Tx<'_>,
    proof: &Proof,
    schema: &Schema,
    ids: &[CaseId],
    change: &Change,
    now: Timestamp,
) -> Result<Vec<Changed>> {
    let old = found(tx, proof, ids)?;
    for case in &old {
        check_version(case.id, change.version, case.version)?;
    }
    let mut links = case::links::of(tx, proof, ids)?;
    let old = old
        .into_iter()
        .map(|case| {
            let links = links.remove(&case.id).unwrap_or_default();
            (case, links)
        })
        .collect();
    apply(tx, proof, schema, old, change, now)
}

/// Cases with their new values; those that do not change stay in the list.
fn apply(
    tx: &mut Tx<'_>,
    proof: &Proof,
    schema: &Schema,
    old: Vec<(Case, Links)>,
    change: &Change,
    now: Timestamp,
) -> Result<Vec<Changed>> {
    let tests = change.automation_links.clone().unwrap_or_default();
    let wanted = Wanted {
        folders: change.folder_id.flatten().into_iter().collect(),
        tags: change
            .tags
            .as_deref()
            .filter(|_| change.tag_mode != Lists::Remove)
            .into_iter()
            .collect(),
        issues: change.issues.as_deref().into_iter().collect(),
        tests: tests.clone(),
    };
    let mut known = Known::find(tx, proof, &wanted)?;
    let shared = shared_steps::Known::find(tx, proof, std::iter::once(&change.custom))?;
    let mut clean = Clean::default();
    known.check_folder(&mut clean, "folder_id", change.folder_id.flatten());
    known.state(&mut clean, "state_id", change.state_id);
    template(&mut clean, "template_id", schema, change.template_id);
    let tests = known.tests(&mut clean, "automation_links", &tests);
    let named = change.issues.as_deref().unwrap_or_default();
    let issues = known.issues(tx, proof, (&mut clean, "issues"), named, now)?;
    let named = change.tags.as_deref().map(|names| (names, known.tags(names)));
    let mut changed = Vec::with_capacity(old.len());
    for (old, old_links) in old {
        let mut values = old.values.clone();
        values.name = change.name.clone().unwrap_or(values.name);
        values.folder_id = change.folder_id.unwrap_or(values.folder_id);
        values.template_id = change.template_id.unwrap_or(values.template_id);
        values.state_id = change.state_id.unwrap_or(values.state_id);
        values.status_id = change.status_id.unwrap_or(values.status_id);
        values.estimate = change.estimate.unwrap_or(values.estimate);
        values.data_set = change.data_set.clone().unwrap_or(values.data_set);
        schema.change(
            values.template_id,
            &mut values.custom,
            &change.custom,
            "",
            &mut clean,
        )?;
        shared.fill(&mut values.custom, &change.custom, "", &mut clean);
        let links = Links {
            tags: match &named {
                Some((names, tags)) => change.tag_mode.tags(&old_links.tags, names, tags),
                None => old_links.tags.clone(),
            },
            issues: match change.issues {
                Some(_) => change.issue_mode.issues(&old_links.issues, &issues),
                None => old_links.issues.clone(),
            },
            automation: change
                .automation_links
                .as_ref()
                .map_or_else(|| old_links.automation.clone(), |_| tests.clone()),
        };
        let is_approved = workflow::of_changed(&mut clean, proof, &known.states, &old, &mut values)?;
        changed.push(Changed {
            old,
            old_links,
            values,
            links,
            is_approved,
        });
    }
    clean.finish()?;
    Ok(changed)
}

/// Writes what differs, and says how all of them are now.
pub(super) fn write(
    tx: &mut Tx<'_>,
    actor: &Actor,
    proof: &Proof,
    schema: Schema,
    changed: Vec<Changed>,
    now: Timestamp,
) -> Result<Cases> {
    let differs: Vec<Changed> = changed
        .iter()
        .filter(|c| c.values != c.old.values || c.links != c.old_links)
        .cloned()
        .collect();
    let mut new = if differs.is_empty() {
        Vec::new()
    } else {
        let written = case::update(tx, proof, &differs, now)?;
        let moved = |c: &&Case| {
            let old = differs.iter().find(|d| d.old.id == c.id);
            old.is_some_and(|d| d.old.values.state_id != c.values.state_id)
        };
        let moved: Vec<Case> = written.iter().filter(moved).cloned().collect();
        ask(tx, proof, &moved, now)?;
        // Of more than one call of the API can change, the versions alone say what changed.
        let said = |c: &Changed| match differs.len() {
            0..=MOST => json!({"id": c.old.id, "changes": difference(c)}),
            _ => json!({"id": c.old.id, "version": c.old.version + 1}),
        };
        let detail: Vec<Value> = differs.iter().map(said).collect();
        note(
            tx,
            actor,
            "case.updated",
            proof.project(),
            &written,
            Some(detail),
            now,
        )?;
        written
    };
    let cases = changed
        .into_iter()
        .map(|c| {
            let at = new.iter().position(|n| n.id == c.old.id);
            (at.map_or(c.old, |at| new.swap_remove(at)), c.links)
        })
        .collect();
    Ok(shown(cases, schema))
}

/// Gives a case the text of an older version. Tags and issues that are gone are left out.
pub async fn restore(app: &App, actor: &Actor, id: CaseId, number: i64) -> Result<Cases> {
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        let proof = actor.require(tx, Target::Case(id), EDIT, now)?;
        case::lock(tx, &proof)?;
        let old = case::get(tx, &proof, id)?.ok_or(Error::NotFound)?;
        let version = case::version::get(tx, &proof, id, number)?.ok_or(Error::NotFound)?;
        let old_links = case::links::of(tx, &proof, &[id])?
            .remove(&id)
            .unwrap_or_default();
        let schema = Schema::load(tx, &proof, Entity::Case)?;
        let changed = super::versions::restored(tx, &proof, &schema, old, old_links, &version)?;
        write(tx, &actor, &proof, schema, vec![changed], now)
    })
    .await
}

/// Deletes 1 to [`MOST`] cases, all or none. Runs keep the text that was tested.
pub async fn delete(app: &App, actor: &Actor, project: ProjectId, ids: Vec<CaseId>) -> Result<()> {
    let mut clean = Clean::default();
    clean.count("ids", ids.len(), MOST);
    clean.finish()?;
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        let proof = actor.require(tx, Target::Project(project), DELETE, now)?;
        case::lock(tx, &proof)?;
        let cases = found(tx, &proof, &ids)?;
        case::delete(tx, &proof, &cases)?;
        note(tx, &actor, "case.deleted", project, &cases, None, now)
    })
    .await
}

/// One audit row for a call; what changed in each case is also in its versions.
pub(super) fn note(
    tx: &mut Tx<'_>,
    actor: &Actor,
    action: &str,
    project: ProjectId,
    cases: &[Case],
    changes: Option<Vec<Value>>,
    now: Timestamp,
) -> Result<()> {
    let entry = actor.entry(action, "case", now);
    let each = || cases.iter().map(|c| json!({"id": c.id, "name": c.values.name}));
    let (target_id, target_name) = match cases {
        [one] => (Some(one.id.0), Some(one.values.name.clone())),
        _ => (None, Some(format!("{} cases", cases.len()))),
    };
    let detail = changes.unwrap_or_else(|| each().collect());
    Ok(store::audit::insert(
        tx,
        &Entry {
            project_id: Some(project),
            target_id,
            target_name,
            detail: Some(json!({ "cases": detail }).to_string()),
            ..entry
        },
    )?)
}
