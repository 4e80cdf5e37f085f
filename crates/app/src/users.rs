//! People: made, changed and deleted by whole site admins. One active site admin always stays.

use crate::account::is_timezone;
use crate::changes::{Noted, refuse_stale, refuse_unknown};
use crate::clean::Clean;
use crate::once::{Answer, Claim};
use crate::{Actor, App, Error, Result, password};
use model::page::{Page, PageRequest};
use model::{GroupId, RoleId, Timestamp, UserId, text};
use serde_json::{Value, json};
use store::Tx;
use store::user::write::{self, Kind};
use store::user::{NewUser, Profile, User};

/// What changes in a person; none stays as it is. One to be made starts from nothing.
#[derive(Clone, Default)]
pub struct Change {
    /// Display name.
    pub name: Option<String>,
    /// Mail address, with which to sign in.
    pub email: Option<String>,
    /// Global role.
    pub role_id: Option<RoleId>,
    /// Site admin.
    pub is_admin: Option<bool>,
    /// May sign in and act.
    pub is_active: Option<bool>,
    /// All groups of the person.
    pub groups: Option<Vec<GroupId>>,
    /// IANA name of a time zone; `Some(None)` for the instance's.
    pub timezone: Option<Option<String>>,
    /// A new password, to be changed by its owner.
    pub password: Option<String>,
    /// The version that the change is based on.
    pub version: Option<i64>,
}

/// One page of the people, by id; forgotten ones are left out.
pub async fn page(app: &App, actor: &Actor, request: PageRequest) -> Result<Page<Profile>> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        actor.require_whole_admin(tx, now)?;
        Ok(write::page_of_kind(tx, false, request)?)
    })
    .await
}

/// One person.
pub async fn get(app: &App, actor: &Actor, id: UserId) -> Result<Profile> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        actor.require_whole_admin(tx, now)?;
        find(tx, id)
    })
    .await
}

fn find(tx: &mut Tx<'_>, id: UserId) -> Result<Profile> {
    let found = store::user::profile_of(tx, id)?;
    found
        .filter(|p| !p.user.is_api && !p.is_forgotten)
        .ok_or(Error::NotFound)
}

/// Makes a person. [`Error::Conflict`] when all seats are taken.
pub async fn create(
    app: &App,
    actor: &Actor,
    new: Change,
    claim: Option<Claim>,
    render: fn(&Profile) -> (u16, String),
) -> Result<Answer<Profile>> {
    let new = clean(Change {
        name: Some(new.name.unwrap_or_default()),
        email: Some(new.email.unwrap_or_default()),
        ..new
    })?;
    refuse_by_key(actor, &new, true)?;
    let hash = hash(app, &new).await?;
    let (actor, now) = (actor.clone(), app.now());
    app.write_once(claim, render, move |tx| {
        actor.require_whole_admin(tx, now)?;
        write::lock(tx)?;
        refuse_without_seat(tx)?;
        let role_id = match new.role_id {
            Some(id) => id,
            None => default_role(tx)?,
        };
        refuse_unknown(tx, "role_id", Kind::Roles, &[role_id.0])?;
        let user = NewUser {
            is_api: false,
            name: new.name.as_deref().unwrap_or_default(),
            email: new.email.as_deref().unwrap_or_default(),
            password_hash: hash.as_deref(),
            role_id,
            is_admin: new.is_admin == Some(true),
        };
        let id = with_address(store::user::insert(tx, &user, Some(actor.user.id), now))?;
        let mut made = find(tx, id)?;
        made.user.timezone = new.timezone.clone().flatten();
        made.user.is_active = new.is_active.unwrap_or(true);
        if made.user.timezone.is_some() || !made.user.is_active {
            write::update(tx, &made.user, false, actor.user.id, now)?;
        }
        set_groups(tx, id, new.groups.as_deref().unwrap_or_default())?;
        let made = find(tx, id)?;
        note(tx, &actor, "user.created", &made, Value::Null, now)?;
        Ok(made)
    })
    .await
}

/// Changes a person. A new password, and not being active any more, signs the person out everywhere.
pub async fn update(app: &App, actor: &Actor, id: UserId, change: Change) -> Result<Profile> {
    let change = clean(change)?;
    refuse_by_key(actor, &change, false)?;
    let hash = hash(app, &change).await?;
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        actor.require_whole_admin(tx, now)?;
        write::lock(tx)?;
        let old = find(tx, id)?;
        refuse_stale(&format!("User {id}"), change.version, old.version)?;
        let user = changed(&change, &old.user);
        check(tx, &old.user, &user)?;
        let has_groups = change.groups.as_ref().is_some_and(|g| *g != old.groups);
        if is_same(&user, &old.user) && !has_groups && hash.is_none() {
            return Ok(old);
        }
        with_address(write::update(
            tx,
            &user,
            old.manages_api_users,
            actor.user.id,
            now,
        ))?;
        if has_groups {
            set_groups(tx, id, change.groups.as_deref().unwrap_or_default())?;
        }
        if let Some(hash) = &hash {
            write::set_password(tx, id, hash)?;
        } else if old.user.is_active && !user.is_active {
            store::session::delete_others(tx, id, None)?;
        }
        let new = find(tx, id)?;
        let action = match (&hash, old.user.is_active, user.is_active) {
            (_, true, false) => "user.deactivated",
            (_, false, true) => "user.activated",
            (Some(_), ..) => "user.password_set",
            _ => "user.updated",
        };
        note(tx, &actor, action, &new, told(&old), now)?;
        Ok(new)
    })
    .await
}

/// Forgets a person: name, address, password, keys, groups and projects go, what the person did stays under another name.
pub async fn delete(app: &App, actor: &Actor, id: UserId) -> Result<()> {
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        actor.require_whole_admin(tx, now)?;
        write::lock(tx)?;
        let old = find(tx, id)?;
        refuse_last_admin(tx, &old.user)?;
        write::end_access(tx, id, "its owner was deleted", actor.user.id, now)?;
        let name = format!("Deleted user {id}");
        write::forget(tx, id, &name, actor.user.id, now)?;
        let noted = Noted {
            action: "user.deleted",
            kind: "user",
            id: id.0,
            name: &name,
            project: None,
            before: Value::Null,
            after: Value::Null,
        };
        actor.note(tx, &noted, now)
    })
    .await
}

/// What would outlive a key is given in a session only.
fn refuse_by_key(actor: &Actor, change: &Change, is_new: bool) -> Result<()> {
    if change.password.is_some() {
        actor.require_signed_in("set passwords")?;
    }
    if change.is_admin.is_some() {
        actor.require_signed_in("say who is site administrator")?;
    }
    // The address of an account that exists decides who can sign in with it.
    if change.email.is_some() && !is_new {
        actor.require_signed_in("change mail addresses")?;
    }
    Ok(())
}

async fn hash(app: &App, change: &Change) -> Result<Option<String>> {
    match &change.password {
        None => Ok(None),
        Some(password) => {
            let hash = app.0.passwords.hash(password.clone(), &*app.0.random);
            hash.await.map(Some)
        }
    }
}

fn default_role(tx: &mut Tx<'_>) -> Result<RoleId> {
    store::role::default(tx)?
        .ok_or_else(|| Error::field("role_id", "Give the role_id of a role. See the list of roles."))
}

fn changed(change: &Change, old: &User) -> User {
    let c = change.clone();
    User {
        name: c.name.unwrap_or_else(|| old.name.clone()),
        email: c.email.unwrap_or_else(|| old.email.clone()),
        role_id: c.role_id.unwrap_or(old.role_id),
        is_admin: c.is_admin.unwrap_or(old.is_admin),
        is_active: c.is_active.unwrap_or(old.is_active),
        timezone: c.timezone.unwrap_or_else(|| old.timezone.clone()),
        ..old.clone()
    }
}

fn is_same(a: &User, b: &User) -> bool {
    (&a.name, &a.email, a.role_id, a.is_admin, a.is_active, &a.timezone)
        == (&b.name, &b.email, b.role_id, b.is_admin, b.is_active, &b.timezone)
}

fn check(tx: &mut Tx<'_>, old: &User, new: &User) -> Result<()> {
    refuse_unknown(tx, "role_id", Kind::Roles, &[new.role_id.0])?;
    if !(new.is_admin && new.is_active) {
        refuse_last_admin(tx, old)?;
    }
    if new.is_active && !old.is_active {
        refuse_without_seat(tx)?;
    }
    Ok(())
}

/// Refuses to take its powers from the last active site admin.
fn refuse_last_admin(tx: &mut Tx<'_>, user: &User) -> Result<()> {
    if !(user.is_admin && user.is_active) || write::other_admins(tx, user.id)? > 0 {
        return Ok(());
    }
    Err(Error::Conflict(
        "last_admin",
        "This is the last active site administrator. Make somebody else one first.".to_owned(),
    ))
}

fn refuse_without_seat(tx: &mut Tx<'_>) -> Result<()> {
    if write::has_seat(tx)? {
        return Ok(());
    }
    Err(Error::Conflict(
        "seat_limit",
        "All seats are taken. Deactivate somebody, or get more seats.".to_owned(),
    ))
}

fn set_groups(tx: &mut Tx<'_>, id: UserId, groups: &[GroupId]) -> Result<()> {
    let ids: Vec<i64> = groups.iter().map(|g| g.0).collect();
    refuse_unknown(tx, "groups", Kind::Groups, &ids)?;
    Ok(write::set_groups(tx, id, groups)?)
}

fn with_address<T>(result: store::Result<T>) -> Result<T> {
    match result {
        Err(store::Error::Unique(_)) => Err(Error::field(
            "email",
            "Somebody has this mail address already. Choose another one.",
        )),
        other => Ok(other?),
    }
}

fn clean(change: Change) -> Result<Change> {
    let c = &change;
    let nothing = c.name.is_none() && c.email.is_none() && c.role_id.is_none() && c.is_admin.is_none();
    if nothing && c.is_active.is_none() && c.groups.is_none() && c.timezone.is_none() && c.password.is_none()
    {
        return Err(Error::NothingToChange);
    }
    let mut clean = Clean::default();
    let name = change.name.map(|name| clean.name("name", &name, text::NAME_MAX));
    let email = change.email.map(|email| clean.email("email", &email));
    let timezone = change
        .timezone
        .map(|zone| clean.note("timezone", zone.as_deref(), text::NAME_MAX));
    if timezone.iter().flatten().any(|zone| !is_timezone(zone)) {
        let text = "This is no time zone. Use a name such as Europe/Berlin.";
        clean.refuse("timezone", text);
    }
    if let Some(password) = &change.password {
        let known = [name.as_deref(), email.as_deref()].map(Option::unwrap_or_default);
        clean.check(password::refuse_weak("password", password, &known));
    }
    let groups = change.groups.map(|mut groups| {
        groups.sort_unstable();
        groups.dedup();
        groups
    });
    clean.finish()?;
    Ok(Change {
        name,
        email,
        groups,
        timezone,
        ..change
    })
}

fn told(p: &Profile) -> Value {
    let u = &p.user;
    json!({"name": u.name, "email": u.email, "role_id": u.role_id, "is_admin": u.is_admin, "is_active": u.is_active,
        "timezone": u.timezone, "groups": p.groups})
}

fn note(
    tx: &mut Tx<'_>,
    actor: &Actor,
    action: &str,
    user: &Profile,
    before: Value,
    now: Timestamp,
) -> Result<()> {
    let noted = Noted {
        action,
        kind: "user",
        id: user.user.id.0,
        name: &user.user.name,
        project: None,
        before,
        after: told(user),
    };
    actor.note(tx, &noted, now)
}
