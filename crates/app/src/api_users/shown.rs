//! API users as pages show them: with the names of what they refer to, and made in one go with their first key.

use super::{ApiUser, Change, bound, clean, find, make, refuse_edition};
use crate::keys::fresh::Fresh;
use crate::keys::{Created, NewKey, managed};
use crate::{Actor, App, Error, FieldError, Result};
use model::page::{Page, PageRequest};
use model::{ProjectId, Rights, UserId};
use std::collections::HashMap;
use store::Tx;
use store::key::Key;
use store::key::held::{self, Uses};
use store::names::{self, Named};
use store::role::Role;
use store::user::write;

/// Most people, roles or projects that a form offers.
const CHOICES: i64 = 1000;

/// A project of an API user.
#[derive(Debug, Clone)]
pub struct Place {
    /// The project.
    pub project: ProjectId,
    /// Its name.
    pub name: String,
    /// The name of the role there.
    pub role: String,
    /// What the role lets it do.
    pub rights: Rights,
}

/// An API user with names.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The user.
    pub user: ApiUser,
    /// The name of the person who answers for it; none for one that was made without.
    pub owner: Option<String>,
    /// Whether that person is active.
    pub is_owner_active: bool,
    /// Its projects, by number.
    pub places: Vec<Place>,
    /// Its keys that are not revoked, and the last use of any of them.
    pub used: Uses,
}

/// One page of API users.
pub struct Listed {
    /// The users, by id.
    pub page: Page<Shown>,
    /// Whether the edition has API users. Without it their keys rest.
    pub is_offered: bool,
}

/// What the form of a new API user offers.
pub struct Choices {
    /// Active people, who can answer for it.
    pub owners: Vec<(UserId, String)>,
    /// Roles.
    pub roles: Vec<Role>,
    /// Projects.
    pub projects: Vec<(ProjectId, String)>,
    /// Whether the edition has API users.
    pub is_offered: bool,
}

/// An API user with its keys.
pub struct Whole {
    /// The user.
    pub shown: Shown,
    /// Its keys that are not revoked, newest first.
    pub keys: Vec<Key>,
    /// Whether the edition has API users.
    pub is_offered: bool,
}

fn is_offered(tx: &mut Tx<'_>) -> Result<bool> {
    Ok(store::setting::edition(tx)?.has_api_users())
}

/// One page of all API users, by id. Nine statements, however many there are.
pub async fn listed(app: &App, actor: &Actor, request: PageRequest) -> Result<Listed> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        bound(tx, &actor, now)?;
        let page = write::page_of_kind(tx, true, request)?;
        let ids: Vec<UserId> = page.rows.iter().map(|p| p.user.id).collect();
        let mut places = write::places(tx, &ids)?;
        let page = page.map(|profile| ApiUser {
            projects: places.remove(&profile.user.id).unwrap_or_default(),
            profile,
        });
        let (request, total) = (page.request, page.total);
        let rows = named(tx, page.rows)?;
        Ok(Listed {
            page: Page { request, total, rows },
            is_offered: is_offered(tx)?,
        })
    })
    .await
}

/// One API user with its keys. [`Error::NotFound`] for whoever is none.
pub async fn whole(app: &App, actor: &Actor, id: UserId) -> Result<Whole> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        bound(tx, &actor, now)?;
        let user = find(tx, id)?;
        let shown = named(tx, vec![user])?.pop().ok_or(Error::NotFound)?;
        Ok(Whole {
            shown,
            keys: store::key::of_user(tx, id)?,
            is_offered: is_offered(tx)?,
        })
    })
    .await
}

/// Puts names to numbers: five statements, however many users there are.
fn named(tx: &mut Tx<'_>, users: Vec<ApiUser>) -> Result<Vec<Shown>> {
    let ids: Vec<UserId> = users.iter().map(|u| u.profile.user.id).collect();
    let owners: Vec<UserId> = users.iter().filter_map(|u| u.profile.owner_id).collect();
    let owner_ids: Vec<i64> = owners.iter().map(|u| u.0).collect();
    let places = || users.iter().flat_map(|u| &u.projects);
    let roles: Vec<i64> = places().map(|(_, r)| r.0).collect();
    let projects: Vec<i64> = places().map(|(p, _)| p.0).collect();
    let owner_names: HashMap<i64, String> = names::of(tx, Named::Users, &owner_ids)?.into_iter().collect();
    let active = write::active(tx, &owners)?;
    let role_names: HashMap<i64, String> = names::of(tx, Named::Roles, &roles)?.into_iter().collect();
    let rights = store::role::rights_of(tx, &places().map(|(_, r)| *r).collect::<Vec<_>>())?;
    let project_names: HashMap<i64, String> =
        names::of(tx, Named::Projects, &projects)?.into_iter().collect();
    let mut uses = held::uses(tx, &ids)?;
    let shown = users.into_iter().map(|user| {
        let owner = user.profile.owner_id;
        Shown {
            owner: owner.and_then(|id| owner_names.get(&id.0).cloned()),
            is_owner_active: owner.is_some_and(|id| active.contains(&id)),
            places: user
                .projects
                .iter()
                .map(|(project, role)| Place {
                    project: *project,
                    name: project_names.get(&project.0).cloned().unwrap_or_default(),
                    role: role_names.get(&role.0).cloned().unwrap_or_default(),
                    rights: rights.get(role).copied().unwrap_or(Rights::NONE),
                })
                .collect(),
            used: uses.remove(&user.profile.user.id).unwrap_or_default(),
            user,
        }
    });
    Ok(shown.collect())
}

/// What a form of API users offers, for signed-in site admins.
pub async fn choices(app: &App, actor: &Actor) -> Result<Choices> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        actor.require_whole_admin(tx, now)?;
        actor.require_signed_in("make API users")?;
        let all = PageRequest {
            page: 1,
            per_page: CHOICES,
        };
        let people = write::page_of_kind(tx, false, all)?.rows.into_iter();
        let projects = store::project::visible(tx, &actor.caller, &store::project::Filter::default(), all)?;
        Ok(Choices {
            owners: people
                .filter(|p| p.user.is_active)
                .map(|p| (p.user.id, p.user.name))
                .collect(),
            roles: store::role::page(tx, all)?.rows,
            projects: projects.rows.into_iter().map(|p| (p.id, p.name)).collect(),
            is_offered: is_offered(tx)?,
        })
    })
    .await
}

/// Makes an API user and its first key, both or none. The key's fields are named with `key_` before them.
pub async fn create_with_key(
    app: &App,
    actor: &Actor,
    new: Change,
    key: &NewKey,
) -> Result<(ApiUser, Created)> {
    managed::refuse_unconfirmed(app, actor).await?;
    let now = app.now();
    let (new, key) = match (clean(new), crate::keys::clean(key, now)) {
        (Ok(new), Ok(key)) => (new, key),
        (new, key) => return Err(both(new.err(), key.err())),
    };
    let secret = Fresh::new(app, true);
    let actor = actor.clone();
    app.write(move |tx| {
        actor.require_signed_in("make API users")?;
        let own = bound(tx, &actor, now)?;
        refuse_edition(tx)?;
        let user = make(tx, &actor, &own, &new, now)?;
        let row = managed::make_in(tx, &actor, user.profile.user.id, &key, &secret, now).map_err(of_key)?;
        Ok((user, secret.created(row)))
    })
    .await
}

/// An error of the key, whose fields stand beside those of the user.
fn of_key(error: Error) -> Error {
    match error {
        Error::Invalid(fields) => {
            let named = |f: FieldError| FieldError::new(format!("key_{}", f.field), f.text);
            Error::Invalid(fields.into_iter().map(named).collect())
        }
        other => other,
    }
}

/// What is wrong with the user, then with the key.
fn both(user: Option<Error>, key: Option<Error>) -> Error {
    match (user, key.map(of_key)) {
        (Some(Error::Invalid(mut fields)), Some(Error::Invalid(more))) => {
            fields.extend(more);
            Error::Invalid(fields)
        }
        (Some(error), _) | (None, Some(error)) => error,
        (None, None) => Error::NothingToChange,
    }
}
