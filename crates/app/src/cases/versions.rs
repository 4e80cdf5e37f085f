//! Older texts of a case.

use super::{VIEW, workflow};
use crate::clean::Clean;
use crate::custom::{PREFIX, Schema};
use crate::{Actor, App, Error, Result};
use model::page::{Page, PageRequest};
use model::{CaseId, Entity, FolderId, StateId, TemplateId};
use serde_json::{Map, Value};
use store::Tx;
use store::access::{Proof, Target};
use store::case::version::{self, Version};
use store::case::{self, Case, Changed, Links, Values};

/// One page of the versions of a case, newest first.
pub async fn versions(app: &App, actor: &Actor, id: CaseId, request: PageRequest) -> Result<Page<Version>> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::Case(id), VIEW, now)?;
        let case = case::get(tx, &proof, id)?.ok_or(Error::NotFound)?;
        let schema = Schema::load(tx, &proof, Entity::Case)?;
        let mut rows = version::of_case(tx, &proof, id, request.per_page, request.offset())?;
        for version in &mut rows {
            hide(&schema, version);
        }
        // Every change makes one version, and none is deleted.
        let total = case.version;
        Ok(Page { request, total, rows })
    })
    .await
}

/// One version of a case.
pub async fn version(app: &App, actor: &Actor, id: CaseId, number: i64) -> Result<Version> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::Case(id), VIEW, now)?;
        let schema = Schema::load(tx, &proof, Entity::Case)?;
        let mut version = version::get(tx, &proof, id, number)?.ok_or(Error::NotFound)?;
        hide(&schema, &mut version);
        Ok(version)
    })
    .await
}

/// Removes values that the caller may not look at.
pub(super) fn hide(schema: &Schema, version: &mut Version) {
    let is_seen = |name: &str| match name.strip_prefix(PREFIX) {
        None => true,
        Some(system_name) => schema.fields.iter().any(|f| f.system_name == system_name),
    };
    version.content.retain(|name, _| is_seen(name));
    version.changes.retain(|change| is_seen(&change.field));
}

/// A case as it will be with an older text. Folder, template, state, tags, issues and tests that are gone stay as they are
/// now, or are left out; values of fields that the caller may not look at stay.
pub(super) fn restored(
    tx: &mut Tx<'_>,
    proof: &Proof,
    schema: &Schema,
    old: Case,
    old_links: Links,
    version: &Version,
) -> Result<Changed> {
    let content = &version.content;
    let number = |name: &str| content.get(name).and_then(Value::as_i64);
    let numbers = |name: &str| -> Vec<i64> {
        let list = content.get(name).and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Value::as_i64).collect()
    };
    let folder = number("folder_id");
    let folders: Vec<i64> = folder.into_iter().collect();
    let folder_exists = folder.is_none() || !store::folder::existing(tx, proof, &folders)?.is_empty();
    let states = store::state::all(tx, Some(Entity::Case))?;
    let state = number("state_id").filter(|id| states.iter().any(|s| s.id.0 == *id));
    let template = number("template_id")
        .map(TemplateId)
        .filter(|id| schema.template(*id).is_some());
    let text = |name: &str| content.get(name).and_then(Value::as_str).map(str::to_owned);
    // Whoever takes an old text back does not approve it.
    let state = state.filter(|id| !states.iter().any(|s| s.id.0 == *id && s.needs_review));
    let mut values = Values {
        name: text("name").unwrap_or_else(|| old.values.name.clone()),
        folder_id: if folder_exists {
            folder.map(FolderId)
        } else {
            old.values.folder_id
        },
        template_id: template.unwrap_or(old.values.template_id),
        state_id: state.map_or(old.values.state_id, StateId),
        status_id: number("status_id").unwrap_or(old.values.status_id),
        estimate: number("estimate"),
        custom: custom(schema, &old, content),
        data_set: content
            .get("data_set")
            .and_then(|set| serde_json::from_value(set.clone()).ok()),
    };
    let names: Vec<String> = content
        .get("tags")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|t| t.as_str().map(str::to_owned))
        .collect();
    let mut tags: Vec<_> = store::tag::resolve(tx, proof, &names)?.into_values().collect();
    tags.sort_unstable_by_key(|(id, _)| *id);
    let links = Links {
        tags,
        issues: store::issue::of(tx, proof, &numbers("issues"))?,
        automation: case::links::tests(tx, proof, &numbers("automation_links"))?,
    };
    let mut clean = Clean::default();
    workflow::of_changed(&mut clean, proof, &states, &old, &mut values)?;
    clean.finish()?;
    Ok(Changed {
        old,
        old_links,
        values,
        links,
        is_approved: false,
    })
}

fn custom(schema: &Schema, old: &Case, content: &Map<String, Value>) -> Map<String, Value> {
    let is_seen = |name: &str| schema.fields.iter().any(|f| f.system_name == name);
    let restored = content
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix(PREFIX)?, value)))
        .filter(|(name, _)| is_seen(name))
        .map(|(name, value)| (name.to_owned(), value.clone()));
    let unseen = old.values.custom.iter().filter(|(name, _)| !is_seen(name));
    let unseen = unseen.map(|(name, value)| (name.clone(), value.clone()));
    restored.chain(unseen).collect()
}
