//! Keys through the API: one's own in a browser's session, and those of API users by administrators and by API users with
//! the right to manage API users. Everybody else's key makes no keys.

use super::fresh::Fresh;
use super::{Created, NewKey, clean, entry, generate, insert, replaced_name, row};
use crate::once::{Answer, Claim};
use crate::reach::{Reach, places};
use crate::{Actor, App, Error, Result, login};
use model::key::Kind;
use model::{KeyId, Scope, Timestamp, UserId};
use store::Tx;
use store::access::{SEE, Target, Via};
use store::audit::Entry;
use store::key::Key;
use store::user::Profile;

/// What somebody may do with keys, as of a transaction.
pub(crate) enum Authority {
    /// The own ones.
    Own,
    /// The own ones, and those of all API users.
    Admin,
    /// Those of other API users that are no wider than this.
    Manager(Reach),
}

/// Decides what the caller may do with keys.
pub(crate) fn authority(tx: &mut Tx<'_>, actor: &Actor, now: Timestamp) -> Result<Authority> {
    let Via::Key(key) = actor.caller.via else {
        return Ok(match actor.require_whole_admin(tx, now) {
            Ok(()) => Authority::Admin,
            Err(Error::Denied(store::access::Denied::AdminOnly)) => Authority::Own,
            Err(error) => return Err(error),
        });
    };
    let may = actor.user.is_api
        && actor.caller.scope == Scope::Full
        && store::access::manages_api_users(tx, actor.user.id)?;
    if !may {
        return Err(Error::Refused(
            "keys_make_no_keys",
            "API keys may not manage keys. Sign in and do it in your profile, or use the key of an API user that \
             manages API users."
                .to_owned(),
        ));
    }
    let row = store::key::get(tx, key)?;
    if row.is_none_or(|k| k.revoked_at.is_some() || k.expires_at.is_some_and(|at| now >= at)) {
        return Err(store::access::Denied::Revoked.into());
    }
    Ok(Authority::Manager(actor.reach_of_manager(tx, key)?))
}

/// Refuses who may do nothing with keys, before a body is read.
pub async fn check(app: &App, actor: &Actor) -> Result<()> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| authority(tx, &actor, now).map(drop)).await
}

/// Whose keys: the caller's own, or an API user's with what they may reach at most.
enum Whose {
    Own,
    ApiUser(Box<(Profile, Reach)>),
}

fn whose(tx: &mut Tx<'_>, actor: &Actor, id: UserId, now: Timestamp) -> Result<Whose> {
    let authority = authority(tx, actor, now)?;
    let is_self = id == actor.user.id;
    match (&authority, is_self) {
        (Authority::Own | Authority::Admin, true) => return Ok(Whose::Own),
        (Authority::Own, false) => return Err(store::access::Denied::AdminOnly.into()),
        (Authority::Manager(_), true) => return Err(not_its_own()),
        (Authority::Admin | Authority::Manager(_), false) => {}
    }
    let found = store::user::profile_of(tx, id)?.filter(|p| !p.is_forgotten);
    let owner = found.ok_or_else(|| Error::field("user_id", format!("There is no API user {id}.")))?;
    if !owner.user.is_api {
        return Err(Error::Refused(
            "not_an_api_user",
            "People make their own keys, in their profile. Choose an API user.".to_owned(),
        ));
    }
    let reach = match authority {
        Authority::Manager(reach) => reach,
        Authority::Own | Authority::Admin => Reach::everything(None),
    };
    Ok(Whose::ApiUser(Box::new((owner, reach))))
}

fn not_its_own() -> Error {
    Error::Refused(
        "not_its_own",
        "An API user manages the keys of other API users, not its own. Ask an administrator.".to_owned(),
    )
}

/// How far a key of an API user would reach.
fn reach_of(
    tx: &mut Tx<'_>,
    owner: &Profile,
    scope: Scope,
    projects: Option<&[model::ProjectId]>,
    expires_at: Option<Timestamp>,
) -> Result<Reach> {
    Ok(Reach {
        scope,
        places: places(tx, owner.user.id, scope, projects)?,
        expires_at,
        manages_api_users: owner.manages_api_users && scope == Scope::Full,
        ..Reach::nothing()
    })
}

/// The keys of a user that are not revoked, newest first; without one the caller's own.
pub async fn of(app: &App, actor: &Actor, user: Option<UserId>) -> Result<Vec<Key>> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        let id = user.unwrap_or(actor.user.id);
        whose(tx, &actor, id, now)?;
        Ok(store::key::of_user(tx, id)?)
    })
    .await
}

/// One key that the caller may manage; any other one is not found.
pub async fn one(app: &App, actor: &Actor, id: KeyId) -> Result<Key> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| find(tx, &actor, id, now).map(|(key, _)| key))
        .await
}

/// A key with its owner; what the caller may not manage does not exist for it.
fn find(tx: &mut Tx<'_>, actor: &Actor, id: KeyId, now: Timestamp) -> Result<(Key, Whose)> {
    authority(tx, actor, now)?;
    let key = store::key::get(tx, id)?.ok_or(Error::NotFound)?;
    match whose(tx, actor, key.user_id, now) {
        Ok(whose) => Ok((key, whose)),
        Err(Error::Store(error)) => Err(error.into()),
        Err(_) => Err(Error::NotFound),
    }
}

/// Refuses to change a key of an API user that is wider than the caller.
fn refuse_wider_key(tx: &mut Tx<'_>, whose: &Whose, key: &Key) -> Result<()> {
    let Whose::ApiUser(boxed) = whose else {
        return Ok(());
    };
    let (owner, own) = &**boxed;
    let given = reach_of(tx, owner, key.scope, key.projects.as_deref(), key.expires_at)?;
    own.refuse_wider(&given).map_err(|_| {
        let text = "This key may do more than yours. Ask an administrator, or use a key that reaches as far.";
        Error::Refused("wider_key", text.to_owned())
    })
}

pub(crate) async fn refuse_unconfirmed(app: &App, actor: &Actor) -> Result<()> {
    let is_key = matches!(actor.caller.via, Via::Key(_));
    if !is_key && login::wants_password(app, actor).await? {
        return Err(Error::ConfirmPassword);
    }
    Ok(())
}

/// What a repeated request is told: the secret is shown once.
fn once(answer: Answer<Created>) -> Result<Created> {
    match answer {
        Answer::Fresh(made) => Ok(made),
        Answer::Known(..) => Err(Error::Conflict(
            "secret_already_shown",
            "This key was made already, and its secret is shown once. Revoke it and make another one."
                .to_owned(),
        )),
    }
}

fn no_secret(_: &Created) -> (u16, String) {
    (201, String::new())
}

/// Makes a key for `user`, or for the caller. [`Error::Conflict`] when the request is repeated, as the secret is shown once.
pub async fn make(
    app: &App,
    actor: &Actor,
    user: Option<UserId>,
    new: &NewKey,
    claim: Option<Claim>,
) -> Result<Created> {
    refuse_unconfirmed(app, actor).await?;
    let now = app.now();
    let new = clean(new, now)?;
    let owner = user.unwrap_or(actor.user.id);
    let is_api = owner != actor.user.id || actor.user.is_api;
    let fresh = Fresh::new(app, is_api);
    let actor = actor.clone();
    let answer = app.write_once(claim, no_secret, move |tx| {
        let key = make_in(tx, &actor, owner, &new, &fresh, now)?;
        Ok(fresh.created(key))
    });
    once(answer.await?)
}

/// Makes a cleaned key in a transaction of its caller.
pub(crate) fn make_in(
    tx: &mut Tx<'_>,
    actor: &Actor,
    owner: UserId,
    new: &NewKey,
    fresh: &Fresh,
    now: Timestamp,
) -> Result<Key> {
    tx.lock(owner.0)?;
    let whose = whose(tx, actor, owner, now)?;
    let stored = row(owner, actor.user.id, new, &fresh.secret, fresh.stored(), None);
    check_new(tx, actor, &whose, &stored, now)?;
    insert(tx, actor, &stored, "key.created", now)
}

/// Everything that is asked of a new key, whoever makes it.
fn check_new(
    tx: &mut Tx<'_>,
    actor: &Actor,
    whose: &Whose,
    key: &store::key::NewKey,
    now: Timestamp,
) -> Result<()> {
    super::refuse_too_many(
        tx,
        key.user_id,
        matches!(whose, Whose::ApiUser(..)) || actor.user.is_api,
    )?;
    super::refuse_policy(tx, key.expires_at, now)?;
    let Whose::ApiUser(boxed) = whose else {
        for project in key.projects.iter().flatten() {
            let seen = store::access::require(tx, &actor.caller, Target::Project(*project), SEE, now)?;
            seen.map_err(|_| no_project())?;
        }
        return Ok(());
    };
    let (owner, own) = &**boxed;
    crate::api_users::refuse_edition(tx)?;
    let named = store::access::named_rights(tx, owner.user.id)?;
    if key
        .projects
        .iter()
        .flatten()
        .any(|p| !named.get(p).is_some_and(|r| r.has(SEE)))
    {
        return Err(Error::field(
            "projects",
            "The API user has no access to one of the projects. Give it a role there first, or leave the project out.",
        ));
    }
    own.refuse_wider(&reach_of(
        tx,
        owner,
        key.scope,
        key.projects.as_deref(),
        key.expires_at,
    )?)
}

pub(super) fn no_project() -> Error {
    Error::field(
        "projects",
        "One of the projects does not exist, or you have no access to it.",
    )
}

/// Replaces a key, as [`super::rotate`] does, for whoever may manage it.
pub async fn replace(
    app: &App,
    actor: &Actor,
    id: KeyId,
    overlap: i64,
    claim: Option<Claim>,
) -> Result<Created> {
    refuse_unconfirmed(app, actor).await?;
    super::refuse_overlap(overlap)?;
    let now = app.now();
    let kinds = [Kind::User, Kind::ApiUser].map(|kind| generate(app, kind == Kind::ApiUser));
    let actor = actor.clone();
    let answer = app.write_once(claim, no_secret, move |tx| {
        let (old, whose) = find(tx, &actor, id, now)?;
        tx.lock(old.user_id.0)?;
        // Only now nobody else can end or replace it.
        let old = store::key::get(tx, old.id)?.ok_or(Error::NotFound)?;
        refuse_wider_key(tx, &whose, &old)?;
        let (secret, digest, version) = &kinds[usize::from(old.is_api)];
        let key = exchange(tx, &actor, &whose, &old, overlap, (secret, digest, version), now)?;
        let secret = secret.clone();
        Ok(Created { key, secret })
    });
    once(answer.await?)
}

fn exchange(
    tx: &mut Tx<'_>,
    actor: &Actor,
    whose: &Whose,
    old: &Key,
    overlap: i64,
    (secret, digest, version): (&str, &[u8], &str),
    now: Timestamp,
) -> Result<Key> {
    if old.revoked_at.is_some() || old.expires_at.is_some_and(|at| now >= at) {
        return Err(Error::Conflict(
            "key_over",
            "This key has ended. Make a new one instead.".to_owned(),
        ));
    }
    let end = now.plus(overlap);
    let until = old.expires_at.map_or(end, |at| at.min(end));
    if overlap == 0 {
        store::key::revoke(tx, old.id, actor.user.id, Some("rotated"), now)?;
    } else {
        store::key::overlap(tx, old.id, until, &replaced_name(old))?;
    }
    let new = NewKey {
        name: old.name.clone(),
        scope: old.scope,
        // The successor lives as long as the old key was meant to when it was made.
        expires_at: old.expires_at.map(|at| now.plus(at.since(old.created_at))),
        projects: old.projects.clone(),
        addresses: old.addresses.clone(),
    };
    let key = row(
        old.user_id,
        actor.user.id,
        &new,
        secret,
        (digest, version),
        Some(old.id),
    );
    if let Whose::ApiUser(boxed) = whose {
        let (owner, own) = &**boxed;
        own.refuse_wider(&reach_of(
            tx,
            owner,
            key.scope,
            key.projects.as_deref(),
            key.expires_at,
        )?)?;
    }
    insert(tx, actor, &key, "key.rotated", now)
}

/// Revokes a key that the caller may manage. It is refused from the moment at which this answers.
pub async fn end(app: &App, actor: &Actor, id: KeyId, reason: Option<&str>) -> Result<()> {
    let reason = super::clean_reason(reason)?;
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        let (key, whose) = find(tx, &actor, id, now)?;
        refuse_wider_key(tx, &whose, &key)?;
        revoke(tx, &actor, &key, reason.as_deref(), now)
    })
    .await
}

/// Revokes the key that calls: its holder may always give it up. [`Error::NotFound`] without a key.
pub async fn end_current(app: &App, actor: &Actor) -> Result<()> {
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        let Via::Key(id) = actor.caller.via else {
            return Err(Error::NotFound);
        };
        let key = store::key::get(tx, id)?.ok_or(Error::NotFound)?;
        revoke(tx, &actor, &key, Some("given up by its holder"), now)
    })
    .await
}

pub(super) fn revoke(
    tx: &mut Tx<'_>,
    actor: &Actor,
    key: &Key,
    reason: Option<&str>,
    now: Timestamp,
) -> Result<()> {
    if !store::key::revoke(tx, key.id, actor.user.id, reason, now)? {
        return Ok(());
    }
    let detail = reason.map(|r| serde_json::json!({ "reason": r }).to_string());
    Ok(store::audit::insert(
        tx,
        &Entry {
            detail,
            ..entry(actor, "key.revoked", key.id, &key.name, now)
        },
    )?)
}
