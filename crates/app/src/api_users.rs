//! API users: accounts for programs, without password or seat, in no project until they are given one.
//!
//! Site admins manage all of them. An API user with the right to manage API users manages those that are no wider than the
//! key it calls with, and never itself.

pub mod shown;

use crate::changes::{Noted, refuse_stale, refuse_unknown};
use crate::clean::Clean;
use crate::keys::managed::{Authority, authority};
use crate::once::{Answer, Claim};
use crate::reach::{Places, Reach};
use crate::{Actor, App, Error, Result};
use model::page::{Page, PageRequest};
use model::{ProjectId, Rights, RoleId, Scope, Timestamp, UserId, text};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use store::Tx;
use store::access::Denied;
use store::user::write::{self, Kind};
use store::user::{NewUser, Profile};

/// Most projects that one call names.
const PLACES_MAX: usize = 1000;

/// An API user with the projects that name it.
#[derive(Debug, Clone)]
pub struct ApiUser {
    /// The user.
    pub profile: Profile,
    /// Its projects, with its role in each.
    pub projects: Vec<(ProjectId, RoleId)>,
}

/// What changes in an API user; none stays as it is. One to be made starts from nothing.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Its name.
    pub name: Option<String>,
    /// The person who answers for it; the one who makes it unless another one is named.
    pub owner_id: Option<UserId>,
    /// What it is for.
    pub purpose: Option<String>,
    /// Its global role.
    pub role_id: Option<RoleId>,
    /// Whether its keys work.
    pub is_active: Option<bool>,
    /// Whether its keys make keys for other API users.
    pub manages_api_users: Option<bool>,
    /// All its projects, with its role in each.
    pub projects: Option<Vec<(ProjectId, RoleId)>>,
    /// The version that the change is based on.
    pub version: Option<i64>,
}

/// Refuses while the edition has no API users.
pub(crate) fn refuse_edition(tx: &mut Tx<'_>) -> Result<()> {
    if store::setting::edition(tx)?.has_api_users() {
        return Ok(());
    }
    Err(Error::Refused(
        "edition_required",
        "API users need the Business or Enterprise edition. Ask for one, or use a person's key.".to_owned(),
    ))
}

/// One page of all API users, by id.
pub async fn page(app: &App, actor: &Actor, request: PageRequest) -> Result<Page<ApiUser>> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        bound(tx, &actor, now)?;
        let page = write::page_of_kind(tx, true, request)?;
        let ids: Vec<UserId> = page.rows.iter().map(|p| p.user.id).collect();
        let mut places = write::places(tx, &ids)?;
        Ok(page.map(|profile| ApiUser {
            projects: places.remove(&profile.user.id).unwrap_or_default(),
            profile,
        }))
    })
    .await
}

/// One API user.
pub async fn get(app: &App, actor: &Actor, id: UserId) -> Result<ApiUser> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        bound(tx, &actor, now)?;
        find(tx, id)
    })
    .await
}

/// How far the caller may let an API user reach.
fn bound(tx: &mut Tx<'_>, actor: &Actor, now: Timestamp) -> Result<Reach> {
    // A whole key of a site admin manages API users, though it makes no keys.
    if actor.require_whole_admin(tx, now).is_ok() {
        return Ok(Reach::everything(None));
    }
    if !actor.user.is_api {
        return Err(Denied::AdminOnly.into());
    }
    match authority(tx, actor, now)? {
        Authority::Admin => Ok(Reach::everything(None)),
        Authority::Manager(reach) => Ok(reach),
        Authority::Own => Err(Denied::AdminOnly.into()),
    }
}

/// Refuses who may not manage API users, before a body is read.
pub async fn check(app: &App, actor: &Actor) -> Result<()> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| bound(tx, &actor, now).map(drop)).await
}

fn find(tx: &mut Tx<'_>, id: UserId) -> Result<ApiUser> {
    let found = store::user::profile_of(tx, id)?.filter(|p| p.user.is_api && !p.is_forgotten);
    let profile = found.ok_or(Error::NotFound)?;
    let projects = write::places(tx, &[id])?.remove(&id).unwrap_or_default();
    Ok(ApiUser { profile, projects })
}

/// How far an API user reaches with a key that may do all that its owner may.
fn reach_of(tx: &mut Tx<'_>, user: &ApiUser, own: &Reach) -> Result<Reach> {
    let role = store::role::get(tx, user.profile.user.role_id)?;
    let named = store::access::named_rights(tx, user.profile.user.id)?;
    Ok(Reach {
        role: role.map_or(Rights::NONE, |r| r.rights),
        scope: Scope::Full,
        // An account does not end and grows only by the hands of those who may let it.
        places: match &own.places {
            Places::Limited(_) => Places::Limited(named),
            Places::Everywhere | Places::Open(_) => Places::Open(named),
        },
        expires_at: own.expires_at,
        manages_api_users: user.profile.manages_api_users,
    })
}

/// Makes an API user. [`Error::Refused`] in an edition without them.
pub async fn create(
    app: &App,
    actor: &Actor,
    new: Change,
    claim: Option<Claim>,
    render: fn(&ApiUser) -> (u16, String),
) -> Result<Answer<ApiUser>> {
    let new = clean(Change {
        name: Some(new.name.unwrap_or_default()),
        ..new
    })?;
    let (actor, now) = (actor.clone(), app.now());
    app.write_once(claim, render, move |tx| {
        let own = bound(tx, &actor, now)?;
        make(tx, &actor, &own, &new, now)
    })
    .await
}

/// Makes an API user for somebody who reaches as far as `own`.
fn make(tx: &mut Tx<'_>, actor: &Actor, own: &Reach, new: &Change, now: Timestamp) -> Result<ApiUser> {
    refuse_edition(tx)?;
    write::lock(tx)?;
    let role_id = match new.role_id {
        Some(id) => id,
        None => narrowest_role(tx)?,
    };
    refuse_unknown(tx, "role_id", Kind::Roles, &[role_id.0])?;
    let user = NewUser {
        is_api: true,
        name: new.name.as_deref().unwrap_or_default(),
        email: "",
        password_hash: None,
        role_id,
        is_admin: false,
    };
    let id = store::user::insert(tx, &user, Some(actor.user.id), now)?;
    let owner = factory_owner(tx, actor)?;
    write::set_owner(tx, id, owner, "")?;
    let blank = find(tx, id)?;
    let made = apply(tx, actor, own, &blank, new, now)?;
    note(tx, actor, "api_user.created", &made, Value::Null, now)?;
    Ok(made)
}

/// Who answers for an API user unless somebody is named: the person who makes it, or who answers for the API user that does.
fn factory_owner(tx: &mut Tx<'_>, actor: &Actor) -> Result<Option<UserId>> {
    if !actor.user.is_api {
        return Ok(Some(actor.user.id));
    }
    Ok(store::user::profile_of(tx, actor.user.id)?.and_then(|p| p.owner_id))
}

/// Refuses an owner who could not answer.
fn refuse_owner(tx: &mut Tx<'_>, owner: UserId) -> Result<()> {
    if write::active(tx, &[owner])?.contains(&owner) {
        return Ok(());
    }
    let text = format!("There is no active person {owner}. Choose somebody who can answer for it.");
    Err(Error::field("owner_id", text))
}

/// An API user gets its rights by project, so its global role is the one for looking.
fn narrowest_role(tx: &mut Tx<'_>) -> Result<RoleId> {
    store::role::by_name(tx, "Read-only")?
        .ok_or_else(|| Error::field("role_id", "Give the role_id of a role. See the list of roles."))
}

/// Changes an API user.
pub async fn update(app: &App, actor: &Actor, id: UserId, change: Change) -> Result<ApiUser> {
    let change = clean(change)?;
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        let own = bound(tx, &actor, now)?;
        write::lock(tx)?;
        let old = find(tx, id)?;
        refuse_above(tx, &actor, &own, &old)?;
        refuse_stale(&format!("API user {id}"), change.version, old.profile.version)?;
        if change.is_active == Some(true) {
            refuse_edition(tx)?;
        }
        let new = apply(tx, &actor, &own, &old, &change, now)?;
        if told(&new) == told(&old) {
            return Ok(new);
        }
        note(tx, &actor, "api_user.updated", &new, told(&old), now)?;
        Ok(new)
    })
    .await
}

/// Refuses to touch oneself, or an API user that reaches further than the caller.
fn refuse_above(tx: &mut Tx<'_>, actor: &Actor, own: &Reach, user: &ApiUser) -> Result<()> {
    if user.profile.user.id == actor.user.id {
        let text = "An API user manages other API users, not itself. Ask an administrator.";
        return Err(Error::Refused("not_itself", text.to_owned()));
    }
    let given = reach_of(tx, user, own)?;
    own.refuse_wider(&given).map_err(|_| {
        let text = "This API user may do more than you. Ask an administrator.";
        Error::Refused("wider_user", text.to_owned())
    })
}

/// Writes a change, and then looks whether what came of it is no wider than the caller.
fn apply(
    tx: &mut Tx<'_>,
    actor: &Actor,
    own: &Reach,
    old: &ApiUser,
    change: &Change,
    now: Timestamp,
) -> Result<ApiUser> {
    let id = old.profile.user.id;
    if change.manages_api_users == Some(true) && !old.profile.manages_api_users {
        actor.require_signed_in("give the right to manage API users")?;
    }
    let profile = &old.profile;
    let owner = change.owner_id.or(profile.owner_id);
    let purpose = change.purpose.as_ref().unwrap_or(&profile.purpose);
    let is_owned = owner == profile.owner_id && *purpose == profile.purpose;
    if !is_owned {
        if let Some(owner) = change.owner_id.filter(|id| Some(*id) != profile.owner_id) {
            refuse_owner(tx, owner)?;
        }
        write::set_owner(tx, id, owner, purpose)?;
    }
    let mut user = profile.user.clone();
    user.name = change.name.clone().unwrap_or(user.name);
    user.role_id = change.role_id.unwrap_or(user.role_id);
    user.is_active = change.is_active.unwrap_or(user.is_active);
    refuse_unknown(tx, "role_id", Kind::Roles, &[user.role_id.0])?;
    let manages = change.manages_api_users.unwrap_or(old.profile.manages_api_users);
    let is_same = |user: &store::user::User| {
        let was = &old.profile.user;
        (&user.name, user.role_id, user.is_active) == (&was.name, was.role_id, was.is_active)
    };
    if let Some(places) = change.projects.as_ref().filter(|p| **p != old.projects) {
        let projects: Vec<i64> = places.iter().map(|(p, _)| p.0).collect();
        let roles: Vec<i64> = places.iter().map(|(_, r)| r.0).collect();
        refuse_unknown(tx, "projects", Kind::Projects, &projects)?;
        refuse_unknown(tx, "projects", Kind::Roles, &roles)?;
        write::set_places(tx, id, places)?;
        write::update(tx, &user, manages, actor.user.id, now)?;
    } else if !is_same(&user) || !is_owned || manages != old.profile.manages_api_users {
        write::update(tx, &user, manages, actor.user.id, now)?;
    }
    let new = find(tx, id)?;
    own.refuse_wider(&reach_of(tx, &new, own)?)?;
    Ok(new)
}

/// Deletes an API user: its keys end, its name goes; what it did stays.
pub async fn delete(app: &App, actor: &Actor, id: UserId) -> Result<()> {
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        let own = bound(tx, &actor, now)?;
        write::lock(tx)?;
        let old = find(tx, id)?;
        refuse_above(tx, &actor, &own, &old)?;
        write::end_access(tx, id, "its API user was deleted", actor.user.id, now)?;
        write::forget(tx, id, &format!("Deleted API user {id}"), actor.user.id, now)?;
        let noted = Noted {
            action: "api_user.deleted",
            kind: "user",
            id: id.0,
            name: &old.profile.user.name,
            project: None,
            before: told(&old),
            after: Value::Null,
        };
        actor.note(tx, &noted, now)
    })
    .await
}

fn clean(change: Change) -> Result<Change> {
    let nothing = change.name.is_none()
        && change.owner_id.is_none()
        && change.purpose.is_none()
        && change.role_id.is_none()
        && change.is_active.is_none()
        && change.manages_api_users.is_none()
        && change.projects.is_none();
    if nothing {
        return Err(Error::NothingToChange);
    }
    let mut clean = Clean::default();
    let name = change.name.map(|name| clean.name("name", &name, text::NAME_MAX));
    let purpose = change.purpose.map(|text| {
        clean
            .note("purpose", Some(&text), text::NAME_MAX)
            .unwrap_or_default()
    });
    let projects = change.projects.map(|places| {
        clean.at_most("projects", places.len(), PLACES_MAX);
        let by_project: BTreeMap<_, _> = places.iter().copied().collect();
        if by_project.len() < places.len() {
            clean.refuse("projects", "The projects name one project twice. Name it once.");
        }
        by_project.into_iter().collect()
    });
    clean.finish()?;
    Ok(Change {
        name,
        purpose,
        projects,
        ..change
    })
}

fn told(user: &ApiUser) -> Value {
    let u = &user.profile.user;
    json!({"name": u.name, "owner_id": user.profile.owner_id, "purpose": user.profile.purpose, "role_id": u.role_id, "is_active": u.is_active,
        "manages_api_users": user.profile.manages_api_users,
        "projects": user.projects.iter().map(|(p, r)| json!({"project_id": p, "role_id": r})).collect::<Vec<_>>()})
}

fn note(
    tx: &mut Tx<'_>,
    actor: &Actor,
    action: &str,
    user: &ApiUser,
    before: Value,
    now: Timestamp,
) -> Result<()> {
    let noted = Noted {
        action,
        kind: "user",
        id: user.profile.user.id.0,
        name: &user.profile.user.name,
        project: None,
        before,
        after: told(user),
    };
    actor.note(tx, &noted, now)
}
