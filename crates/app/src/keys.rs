//! API keys: named, shown once, several a person, each with scope, limits and end (`security.md` A1, architecture §4).

mod current;
pub(crate) mod fresh;
pub mod held;
pub mod managed;

pub use current::{Current, current};

use crate::actor::{Actor, Request};
use crate::clean::Clean;
use crate::{App, Error, Reason, Result, address};
use model::clock::DAY;
use model::key::Kind;
use model::{KeyId, ProjectId, Scope, Timestamp, UserId, text};
use store::Tx;
use store::access::{Caller, Via};
use store::audit::Entry;
use store::key::{Key, Presented};

/// Most active keys of a person.
const MOST_OF_PERSON: i64 = 100;
/// Most active keys of an API user.
const MOST_OF_API_USER: i64 = 2000;
/// Longest life of a replaced key beside its successor.
const LONGEST_OVERLAP: i64 = 7 * DAY;

/// Most characters of a reason.
const REASON_MAX: usize = 1000;

/// A key to be made.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// Unique among the owner's active keys.
    pub name: String,
    /// What it may be used for.
    pub scope: Scope,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// Only these projects.
    pub projects: Option<Vec<ProjectId>>,
    /// Only from these addresses or networks.
    pub addresses: Option<Vec<String>>,
}

/// A key that was made: the only moment at which the secret exists outside its owner's hands.
pub struct Created {
    /// The key as lists show it.
    pub key: Key,
    /// The key itself.
    pub secret: String,
}

/// Who shows this key. What is revoked before a request arrives is refused: a key that was looked up before counts only
/// while nothing was committed since.
pub async fn authenticate(app: &App, secret: &str, request: &Request) -> Result<Actor> {
    let now = app.now();
    let found = match model::key::kind(secret) {
        Some(_) => find(app, secret).await?,
        None => None,
    };
    let Some(key) = found else {
        return Err(unknown(app, request, now));
    };
    refuse_over(&key, now)?;
    if !address::is_allowed(key.addresses.as_deref(), request.ip) {
        return Err(Error::Address);
    }
    if app.0.uses.key(key.id, key.last_used_at, request, now) {
        let app = app.clone();
        tokio::spawn(async move {
            app.flush_uses()
                .await
                .inspect_err(|e| tracing::warn!(error = %e, "first use not written"))
        });
    }
    Ok(Actor {
        caller: Caller {
            user: key.owner.id,
            via: Via::Key(key.id),
            scope: key.scope,
            is_admin: key.owner.is_admin,
        },
        user: key.owner,
        request: request.clone(),
        session: None,
        key_expires_at: key.expires_at,
    })
}

fn unknown(app: &App, request: &Request, now: Timestamp) -> Error {
    match app.0.failures.count(request.ip, now) {
        Some(seconds) => Error::TooMany(seconds),
        None => Error::Unauthenticated(Reason::Unknown),
    }
}

/// Looks under the current pepper first; a key found under an older one is written again under the current.
async fn find(app: &App, secret: &str) -> Result<Option<Presented>> {
    let (version, current) = app.0.keyring.api_key_digest(secret);
    if let Some(key) = look_up(app, current).await? {
        return Ok(Some(key));
    }
    let mut has_older = false;
    for (_, digest) in app.0.keyring.api_key_digests(secret).skip(1) {
        has_older = true;
        let Some(key) = look_up(app, digest).await? else {
            continue;
        };
        let (version, id) = (version.to_owned(), key.id);
        let written = app
            .write(move |tx| Ok(store::key::re_pepper(tx, id, &current, &version)?))
            .await;
        if let Err(error) = written {
            tracing::warn!(%error, "the key stays under the older pepper until its next use");
        }
        return Ok(Some(key));
    }
    // Another request may have written it again between the two look-ups.
    if has_older {
        look_up(app, current).await
    } else {
        Ok(None)
    }
}

async fn look_up(app: &App, digest: [u8; 32]) -> Result<Option<Presented>> {
    use subtle::ConstantTimeEq as _;
    let (db, known) = (&app.0.db, &app.0.known);
    let version = db.version();
    if let Some(key) = known.get(version, &digest) {
        return Ok(Some(key));
    }
    let found = db
        .read_one(move |tx| Ok::<_, Error>(store::key::presented(tx, &digest)?))
        .await?
        .filter(|key| key.digest.ct_eq(&digest).into());
    if let Some(key) = &found {
        known.keep(version, db.version(), digest, key);
    }
    Ok(found)
}

fn refuse_over(key: &Presented, now: Timestamp) -> Result<()> {
    let reason = if key.revoked_at.is_some() {
        Reason::Revoked
    } else if let Some(at) = key.expires_at.filter(|at| now >= *at) {
        Reason::Expired(at.to_string().chars().take(10).collect())
    } else if !key.owner.is_active {
        Reason::OwnerInactive
    } else if key.owner.is_api && !key.edition.has_api_users() {
        Reason::Suspended
    } else {
        return Ok(());
    };
    Err(Error::Unauthenticated(reason))
}

/// The caller's keys that are not revoked, newest first.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Key>> {
    actor.require_session()?;
    let id = actor.user.id;
    app.read(move |tx| Ok(store::key::of_user(tx, id)?)).await
}

/// One of the caller's keys.
pub async fn get(app: &App, actor: &Actor, id: KeyId) -> Result<Key> {
    actor.require_session()?;
    let actor = actor.clone();
    app.read(move |tx| own(tx, &actor, id)).await
}

fn own(tx: &mut Tx<'_>, actor: &Actor, id: KeyId) -> Result<Key> {
    store::key::get(tx, id)?
        .filter(|k| k.user_id == actor.user.id)
        .ok_or(Error::NotFound)
}

/// Makes a key for the caller, who gave the password within the last ten minutes.
pub async fn create(app: &App, actor: &Actor, new: &NewKey) -> Result<Created> {
    actor.require_session()?;
    managed::make(app, actor, None, new, None).await
}

/// Replaces a key: the new one takes over name, scope and limits, the old one lives on for `overlap` microseconds.
pub async fn rotate(app: &App, actor: &Actor, id: KeyId, overlap: i64) -> Result<Created> {
    actor.require_session()?;
    get(app, actor, id).await?;
    managed::replace(app, actor, id, overlap, None).await
}

fn refuse_overlap(overlap: i64) -> Result<()> {
    if (0..=LONGEST_OVERLAP).contains(&overlap) {
        Ok(())
    } else {
        Err(Error::field(
            "overlap",
            "The old key may live on for at most 7 days.",
        ))
    }
}

fn refuse_too_many(tx: &mut Tx<'_>, owner: UserId, is_api: bool) -> Result<()> {
    let most = if is_api { MOST_OF_API_USER } else { MOST_OF_PERSON };
    if store::key::count_active(tx, owner)? < most {
        return Ok(());
    }
    Err(Error::Conflict(
        "too_many_keys",
        format!("There are {most} active keys. Revoke some first."),
    ))
}

/// What an administrator asks of the end of new keys.
fn refuse_policy(tx: &mut Tx<'_>, expires_at: Option<Timestamp>, now: Timestamp) -> Result<()> {
    let policy = crate::settings::key_policy(tx)?;
    let latest = policy.max_days.map(|days| now.plus(days * DAY));
    let text = match (expires_at, latest) {
        (None, _) if policy.is_expiry_required => {
            "Keys of this instance have an end. Choose a day.".to_owned()
        }
        (None, Some(latest)) => format!("Keys of this instance end. Choose a day up to {}.", day(latest)),
        (Some(at), Some(latest)) if at > latest => {
            format!(
                "Keys of this instance end by {}. Choose an earlier day.",
                day(latest)
            )
        }
        _ => return Ok(()),
    };
    Err(Error::field("expires_at", text))
}

fn day(at: Timestamp) -> String {
    at.to_string().chars().take(10).collect()
}

/// Names of active keys are unique, so a replaced one gives its name to its successor.
fn replaced_name(old: &Key) -> String {
    let name: String = old.name.chars().take(text::NAME_MAX - 30).collect();
    format!("{name} (replaced, {})", old.id)
}

/// Revokes one of the caller's keys. It is refused from the moment at which this answers.
pub async fn revoke(app: &App, actor: &Actor, id: KeyId, reason: Option<&str>) -> Result<()> {
    actor.require_session()?;
    let reason = clean_reason(reason)?;
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        let key = own(tx, &actor, id)?;
        managed::revoke(tx, &actor, &key, reason.as_deref(), now)
    })
    .await
}

fn clean_reason(reason: Option<&str>) -> Result<Option<String>> {
    let mut clean = Clean::default();
    let reason = clean.note("reason", reason, REASON_MAX);
    clean.finish()?;
    Ok(reason)
}

/// The first site admin, for whom the server acts when it makes its demo; none before the instance is set up.
pub async fn for_first_admin(app: &App) -> Result<Option<Actor>> {
    let user = app.read(|tx| Ok(store::user::first_admin(tx)?)).await?;
    Ok(user.map(Actor::system))
}

/// The person with this mail address, for whom the command line acts.
pub async fn for_user(app: &App, email: &str) -> Result<Actor> {
    let email = email.trim().to_owned();
    let user = app.read(move |tx| Ok(store::user::by_email(tx, &email)?)).await?;
    match user {
        Some(user) if user.is_active => Ok(Actor::system(user)),
        Some(_) => Err(Error::field("user", "This person is not active.")),
        None => Err(Error::field("user", "There is no person with this mail address.")),
    }
}

pub(crate) fn clean(new: &NewKey, now: Timestamp) -> Result<NewKey> {
    let mut clean = Clean::default();
    let name = clean.name("name", &new.name, text::NAME_MAX);
    if new.expires_at.is_some_and(|at| at <= now) {
        clean.refuse(
            "expires_at",
            "The key would have expired already. Choose a later day.",
        );
    }
    if new.projects.as_ref().is_some_and(Vec::is_empty) {
        clean.refuse("projects", "Choose at least one project, or take the limit away.");
    }
    let addresses = address::clean(&mut clean, new.addresses.as_deref());
    clean.finish()?;
    Ok(NewKey {
        name,
        addresses,
        ..new.clone()
    })
}

fn generate(app: &App, is_api: bool) -> (String, [u8; 32], String) {
    let kind = if is_api { Kind::ApiUser } else { Kind::User };
    let secret = model::key::generate(kind, || app.random_bytes::<1>()[0]);
    let (version, digest) = app.0.keyring.api_key_digest(&secret);
    let version = version.to_owned();
    (secret, digest, version)
}

fn row(
    owner: UserId,
    by: UserId,
    new: &NewKey,
    secret: &str,
    (digest, version): (&[u8], &str),
    previous: Option<KeyId>,
) -> store::key::NewKey {
    store::key::NewKey {
        user_id: owner,
        name: new.name.clone(),
        digest: digest.to_vec(),
        pepper_version: version.to_owned(),
        last4: secret[secret.len() - 4..].to_owned(),
        scope: new.scope,
        projects: new.projects.clone(),
        addresses: new.addresses.clone(),
        expires_at: new.expires_at,
        created_by: by,
        previous_id: previous,
    }
}

fn insert(
    tx: &mut Tx<'_>,
    actor: &Actor,
    key: &store::key::NewKey,
    action: &str,
    now: Timestamp,
) -> Result<Key> {
    let id = match store::key::insert(tx, key, now) {
        Err(store::Error::Unique(_)) => {
            return Err(Error::field(
                "name",
                "There is an active key of this name. Choose another name, or revoke that key.",
            ));
        }
        other => other?,
    };
    let detail = serde_json::json!({
        "user_id": key.user_id.0,
        "scope": key.scope.name(),
        "projects": key.projects.as_ref().map(|p| p.iter().map(|p| p.0).collect::<Vec<_>>()),
        "addresses": key.addresses,
        "expires_at": key.expires_at.map(|t| t.to_string()),
        "replaces": key.previous_id.map(|k| k.0),
    });
    store::audit::insert(
        tx,
        &Entry {
            detail: Some(detail.to_string()),
            ..entry(actor, action, id, &key.name, now)
        },
    )?;
    store::key::get(tx, id)?.ok_or(Error::NotFound)
}

fn entry(actor: &Actor, action: &str, id: KeyId, name: &str, now: Timestamp) -> Entry {
    let entry = actor.entry(action, "api_key", now);
    Entry {
        target_id: Some(id.0),
        target_name: Some(name.to_owned()),
        ..entry
    }
}
