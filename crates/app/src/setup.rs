//! The first person of an instance, by a link that is printed once or from the command line.

use crate::actor::{Actor, Request};
use crate::clean::Clean;
use crate::{App, Error, Result, login, password};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::UserId;
use model::text::NAME_MAX;
use store::setting;
use store::user::NewUser;

/// The first person: a site admin.
#[derive(Debug, Clone)]
pub struct Owner {
    /// Display name.
    pub name: String,
    /// Mail address, with which to sign in.
    pub email: String,
    /// Password.
    pub password: String,
}

/// A fresh token for the set-up link when there is no person yet; an older link ends with it.
pub async fn link_token(app: &App) -> Result<Option<String>> {
    let token = URL_SAFE_NO_PAD.encode(app.random_bytes::<32>());
    let digest = digest(app, &token);
    let is_empty = app
        .write(move |tx| {
            tx.lock(0)?;
            let is_empty = store::user::count_people(tx)? == 0;
            if is_empty {
                setting::put(tx, setting::SETUP, &digest)?;
            }
            Ok(is_empty)
        })
        .await?;
    Ok(is_empty.then_some(token))
}

/// Whether there is a person already.
pub async fn is_done(app: &App) -> Result<bool> {
    app.read(|tx| Ok(store::user::count_people(tx)? > 0)).await
}

/// Whether a set-up link is good.
pub async fn is_open(app: &App, token: &str) -> Result<bool> {
    let digest = digest(app, token);
    let stored = app.read(move |tx| Ok(setting::get(tx, setting::SETUP)?)).await?;
    Ok(stored.is_some_and(|stored| is_same(&stored, &digest)))
}

/// Makes the first person through the link, adopts the address by which it was opened, and signs the browser in.
pub async fn complete(
    app: &App,
    token: &str,
    owner: &Owner,
    public_url: Option<&str>,
    request: &Request,
) -> Result<login::SignedIn> {
    if !is_open(app, token).await? {
        return Err(Error::NotFound);
    }
    let (user, hash) = create(app, owner, Some(digest(app, token)), public_url, request).await?;
    if let (Some(url), None) = (public_url, app.public_url()) {
        app.set_public_url(url);
    }
    login::start(app, user, Some(hash), false, request, "user.signed_in").await
}

/// Makes the first person from the command line. [`Error::Conflict`] when there is one.
pub async fn init(app: &App, owner: &Owner) -> Result<UserId> {
    let (user, _) = create(app, owner, None, None, &Request::default()).await?;
    Ok(user)
}

/// The new person and the hash of the password.
async fn create(
    app: &App,
    owner: &Owner,
    link: Option<String>,
    public_url: Option<&str>,
    request: &Request,
) -> Result<(UserId, String)> {
    let mut clean = Clean::default();
    let name = clean.name("name", &owner.name, NAME_MAX);
    let email = clean.email("email", &owner.email);
    clean.check(password::refuse_weak(
        "password",
        &owner.password,
        &[&name, &email],
    ));
    clean.finish()?;
    let hash = app
        .0
        .passwords
        .hash(owner.password.clone(), &*app.0.random)
        .await?;
    let (now, request) = (app.now(), request.clone());
    let public_url = public_url.map(|url| serde_json::Value::from(url.trim_end_matches('/')).to_string());
    app.write(move |tx| {
        tx.lock(0)?;
        if store::user::count_people(tx)? > 0 {
            return Err(Error::Conflict(
                "already_set_up",
                "This instance is set up already. Sign in.".to_owned(),
            ));
        }
        if let Some(link) = &link
            && !setting::get(tx, setting::SETUP)?.is_some_and(|stored| is_same(&stored, link))
        {
            return Err(Error::NotFound);
        }
        let role_id = store::role::by_name(tx, "Lead")?.ok_or(Error::NotFound)?;
        let new = NewUser {
            is_api: false,
            name: &name,
            email: &email,
            password_hash: Some(&hash),
            role_id,
            is_admin: true,
        };
        let id = store::user::insert(tx, &new, None, now)?;
        setting::delete(tx, setting::SETUP)?;
        if let Some(url) = &public_url {
            setting::put(tx, setting::PUBLIC_URL, url)?;
        }
        let person = store::user::get(tx, id)?.ok_or(Error::NotFound)?;
        let mut actor = Actor::system(person);
        actor.request = request.clone();
        let entry = actor.entry("instance.set_up", "user", now);
        store::audit::insert(
            tx,
            &store::audit::Entry {
                target_id: Some(id.0),
                target_name: Some(name.clone()),
                ..entry
            },
        )?;
        Ok((id, hash.clone()))
    })
    .await
}

/// The JSON string that the settings hold for a token.
fn digest(app: &App, token: &str) -> String {
    serde_json::Value::from(URL_SAFE_NO_PAD.encode(app.0.keyring.session_digest(token))).to_string()
}

fn is_same(a: &str, b: &str) -> bool {
    use subtle::ConstantTimeEq as _;
    a.as_bytes().ct_eq(b.as_bytes()).into()
}
