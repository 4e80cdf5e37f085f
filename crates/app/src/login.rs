//! Signing in with a password, and signed-in devices (`security.md` A2).

use std::sync::Arc;

use crate::actor::{Actor, Request};
use crate::{App, Error, Reason, Result, password, throttle};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::clock::{DAY, HOUR, MINUTE, SECOND};
use model::{Scope, SessionId, Timestamp, UserId};
use store::access::{Caller, Via};
use store::session::{NewSession, Session};
use store::user::User;

/// A session ends after this long without use.
const IDLE: i64 = 8 * HOUR;
/// A session ends after this long in any case.
const LONGEST: i64 = 14 * DAY;
/// So long a given password is good for what needs it again.
const CONFIRMED: i64 = 10 * MINUTE;

/// The cookie of a session. Over https it is bound to the host by its prefix.
pub const fn session_cookie(is_https: bool) -> &'static str {
    if is_https { "__Host-att_sid" } else { "att_sid" }
}

/// What a person types to sign in.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// Mail address.
    pub email: String,
    /// Password.
    pub password: String,
    /// Stay signed in when the browser closes.
    pub stay: bool,
    /// The value of the device cookie, if the browser has one.
    pub device: Option<String>,
}

/// A device that was signed in: what its cookies hold.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Who.
    pub user: UserId,
    /// Value of the session cookie.
    pub cookie: String,
    /// Value of the device cookie, which lasts and lets the person in while others lock the account.
    pub device: String,
    /// Seconds for which the session cookie is kept; none for as long as the browser runs.
    pub max_age_s: Option<i64>,
}

/// Signs a device in. [`Reason::Login`] for a wrong address as for a wrong password.
pub async fn sign_in(app: &App, c: &Credentials, request: &Request) -> Result<SignedIn> {
    let now = app.now();
    let email = model::text::storable(c.email.trim().to_lowercase());
    let stranger = app.0.keyring.session_digest(&email);
    let device = c.device.as_deref().map(|d| app.0.keyring.session_digest(d));
    let (login, is_known) = app
        .read(move |tx| {
            let login = store::user::login_by_email(tx, &email)?;
            let is_known = match (&login, &device) {
                (Some(login), Some(device)) => store::session::is_known_device(tx, device, login.id)?,
                _ => false,
            };
            Ok((login, is_known))
        })
        .await?;
    if !is_known {
        let (failures, last) = match &login {
            Some(login) => (login.failed_logins, login.failed_at),
            None => app.0.strangers.failures(&stranger),
        };
        refuse_locked(failures, last, now)?;
    }
    let hash = login.as_ref().and_then(|l| l.password_hash.clone());
    let is_right = app.0.passwords.verify(c.password.clone(), hash.clone()).await?;
    match login {
        Some(login) if is_right && login.is_active => {
            start(app, login.id, hash, c.stay, request, "user.signed_in").await
        }
        login => {
            if login.is_none() {
                app.0.strangers.count(stranger, now);
            }
            fail(app, login.map(|l| l.id), request, now).await?;
            Err(Error::Unauthenticated(Reason::Login))
        }
    }
}

/// The soft-lock of an account: the more wrong passwords in a row, the longer the wait. An address that nobody has is
/// locked in the same way, or the lock would tell which addresses are known.
fn refuse_locked(failures: i64, last: Option<Timestamp>, now: Timestamp) -> Result<()> {
    let Some(last) = last else {
        return Ok(());
    };
    let wait = match failures {
        0..3 => 0,
        3..9 => 3 * SECOND,
        9..25 => 5 * SECOND,
        25..100 => 10 * SECOND,
        _ => DAY,
    };
    let left = last.plus(wait).since(now);
    if left > 0 {
        Err(Error::TooMany(throttle::seconds(left)))
    } else {
        Ok(())
    }
}

async fn fail(app: &App, user: Option<UserId>, request: &Request, now: Timestamp) -> Result<()> {
    if let Some(id) = user {
        app.write(move |tx| Ok(store::user::login_failed(tx, id, now)?))
            .await?;
    }
    match app.0.failures.count(request.ip, now) {
        Some(seconds) => Err(Error::TooMany(seconds)),
        None => Ok(()),
    }
}

/// Makes the session of a person whose identity is proven by the password behind `hash`, if it still is the password.
pub(crate) async fn start(
    app: &App,
    user: UserId,
    hash: Option<String>,
    stay: bool,
    request: &Request,
    action: &'static str,
) -> Result<SignedIn> {
    let now = app.now();
    let cookie = URL_SAFE_NO_PAD.encode(app.random_bytes::<32>());
    let device = URL_SAFE_NO_PAD.encode(app.random_bytes::<32>());
    let digests = (
        app.0.keyring.session_digest(&cookie),
        app.0.keyring.session_digest(&device),
    );
    let request = request.clone();
    app.write(move |tx| {
        tx.lock(user.0)?;
        let person = store::user::get(tx, user)?.ok_or(Error::NotFound)?;
        if store::user::login_by_id(tx, user)?.is_none_or(|login| login.password_hash != hash) {
            return Err(Error::Unauthenticated(Reason::Login));
        }
        let ip = request.ip.map(|ip| ip.to_string());
        let agent: Option<String> = request.agent.as_deref().map(|a| a.chars().take(300).collect());
        let expires_at = now.plus(LONGEST);
        let new = NewSession {
            user_id: user,
            digest: &digests.0,
            idle_until: now.plus(if stay { LONGEST } else { IDLE }),
            expires_at,
            ip: ip.as_deref(),
            agent: agent.as_deref(),
        };
        let id = store::session::insert(tx, &new, now)?;
        store::session::remember_device(tx, &digests.1, user, now)?;
        store::user::login_succeeded(tx, user)?;
        let mut actor = Actor::system(person);
        actor.caller.via = Via::Session(id);
        actor.request = request.clone();
        let entry = actor.entry(action, "session", now);
        store::audit::insert(
            tx,
            &store::audit::Entry {
                target_id: Some(id.0),
                ..entry
            },
        )?;
        Ok(())
    })
    .await?;
    Ok(SignedIn {
        user,
        cookie,
        device,
        max_age_s: stay.then_some(LONGEST / SECOND),
    })
}

/// The person behind a session cookie.
pub async fn authenticate(app: &App, cookie: &str, request: &Request) -> Result<Actor> {
    let digest = app.0.keyring.session_digest(cookie);
    let now = app.now();
    let found = app
        .0
        .db
        .read_one(move |tx| Ok::<_, Error>(store::session::find(tx, &digest)?))
        .await?;
    let Some((session, owner)) = found else {
        return Err(Error::Unauthenticated(Reason::Unknown));
    };
    if now >= session.idle_until || now >= session.expires_at || !owner.is_active {
        return Err(Error::Unauthenticated(Reason::Unknown));
    }
    let stays = session.idle_until.since(session.seen_at) > IDLE;
    let idle_until = if stays { session.expires_at } else { now.plus(IDLE) };
    app.0
        .uses
        .session(session.id, session.seen_at, idle_until, request, now);
    let user = User {
        id: session.user_id,
        is_api: false,
        name: owner.name,
        email: owner.email,
        role_id: owner.role_id,
        is_admin: owner.is_admin,
        is_active: owner.is_active,
        timezone: owner.timezone,
        date_format: None,
        time_format: None,
        created_at: owner.created_at,
    };
    Ok(Actor {
        caller: Caller {
            user: user.id,
            via: Via::Session(session.id),
            scope: Scope::Full,
            is_admin: user.is_admin,
        },
        user: Arc::new(user),
        request: request.clone(),
        session: Some(session),
        key_expires_at: None,
    })
}

/// Whether the password was given within the last ten minutes. True at the command line.
pub fn is_confirmed(app: &App, actor: &Actor) -> bool {
    match (&actor.session, actor.caller.via) {
        (Some(session), _) => app.now().since(session.confirmed_at) < CONFIRMED,
        (None, via) => via == Via::System,
    }
}

/// Whether the password has to be given again now; asks the database, as it may have been given since the request began.
pub async fn wants_password(app: &App, actor: &Actor) -> Result<bool> {
    let Some(session) = &actor.session else {
        return Ok(!is_confirmed(app, actor));
    };
    let (id, user) = (session.id, actor.user.id);
    let all = app.read(move |tx| Ok(store::session::of_user(tx, user)?)).await?;
    let confirmed_at = all.iter().find(|s| s.id == id).map(|s| s.confirmed_at);
    Ok(confirmed_at.is_none_or(|at| app.now().since(at) >= CONFIRMED))
}

/// Takes the password again, for what needs it.
pub async fn confirm(app: &App, actor: &Actor, password: &str) -> Result<()> {
    check_password(app, actor, "password", password).await?;
    let (now, session) = (app.now(), actor.session.as_ref().map(|s| s.id));
    app.write(move |tx| {
        if let Some(id) = session {
            store::session::confirm(tx, id, now)?;
        }
        Ok(())
    })
    .await
}

async fn check_password(app: &App, actor: &Actor, field: &str, password: &str) -> Result<()> {
    let (id, now) = (actor.user.id, app.now());
    let login = app
        .read(move |tx| Ok(store::user::login_by_id(tx, id)?))
        .await?
        .ok_or(Error::NotFound)?;
    refuse_locked(login.failed_logins, login.failed_at, now)?;
    if app
        .0
        .passwords
        .verify(password.to_owned(), login.password_hash)
        .await?
    {
        return Ok(());
    }
    fail(app, Some(id), &actor.request, now).await?;
    Err(Error::field(field, "This is not your password."))
}

/// Sets a new password; every other device is signed out.
pub async fn change_password(app: &App, actor: &Actor, old: &str, new: &str) -> Result<()> {
    actor.require_session()?;
    check_password(app, actor, "old_password", old).await?;
    password::refuse_weak("new_password", new, &[&actor.user.email, &actor.user.name])
        .map_err(|e| Error::Invalid(vec![e]))?;
    let hash = app.0.passwords.hash(new.to_owned(), &*app.0.random).await?;
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        tx.lock(actor.user.id.0)?;
        store::user::set_password(tx, actor.user.id, &hash, now)?;
        store::session::delete_others(tx, actor.user.id, actor.session.as_ref().map(|s| s.id))?;
        let entry = actor.entry("user.password_changed", "user", now);
        Ok(store::audit::insert(
            tx,
            &store::audit::Entry {
                target_id: Some(actor.user.id.0),
                ..entry
            },
        )?)
    })
    .await
}

/// Signs this device out.
pub async fn sign_out(app: &App, actor: &Actor) -> Result<()> {
    match actor.session.as_ref().map(|s| s.id) {
        Some(id) => revoke_device(app, actor, id).await,
        None => Ok(()),
    }
}

/// The devices on which a person is signed in, last used first.
pub async fn devices(app: &App, actor: &Actor) -> Result<Vec<Session>> {
    let (id, now) = (actor.user.id, app.now());
    let all = app.read(move |tx| Ok(store::session::of_user(tx, id)?)).await?;
    Ok(all
        .into_iter()
        .filter(|s| now < s.idle_until && now < s.expires_at)
        .collect())
}

/// Signs one of the person's devices out.
pub async fn revoke_device(app: &App, actor: &Actor, id: SessionId) -> Result<()> {
    actor.require_session()?;
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        if !store::session::delete(tx, id, actor.user.id)? {
            return Err(Error::NotFound);
        }
        let entry = actor.entry("user.signed_out", "session", now);
        Ok(store::audit::insert(
            tx,
            &store::audit::Entry {
                target_id: Some(id.0),
                ..entry
            },
        )?)
    })
    .await
}

/// Signs all other devices of the person out; how many.
pub async fn revoke_other_devices(app: &App, actor: &Actor) -> Result<u64> {
    actor.require_session()?;
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        let n = store::session::delete_others(tx, actor.user.id, actor.session.as_ref().map(|s| s.id))?;
        let entry = actor.entry("user.signed_out_elsewhere", "user", now);
        store::audit::insert(
            tx,
            &store::audit::Entry {
                target_id: Some(actor.user.id.0),
                ..entry
            },
        )?;
        Ok(n)
    })
    .await
}
