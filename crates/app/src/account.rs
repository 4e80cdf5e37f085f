//! What a person may change about the own account.

use crate::clean::Clean;
use crate::{Actor, App, Result};
use model::text::NAME_MAX;

/// The own account.
#[derive(Debug, Clone)]
pub struct Account {
    /// Display name.
    pub name: String,
    /// IANA name of a time zone; none for the instance's.
    pub timezone: Option<String>,
}

/// Changes the own account.
pub async fn update(app: &App, actor: &Actor, account: &Account) -> Result<()> {
    actor.require_session()?;
    let mut clean = Clean::default();
    let name = clean.name("name", &account.name, NAME_MAX);
    let timezone = clean.note("timezone", account.timezone.as_deref(), NAME_MAX);
    if timezone.as_deref().is_some_and(|zone| !is_timezone(zone)) {
        clean.refuse(
            "timezone",
            "This is no time zone. Use a name such as Europe/Berlin.",
        );
    }
    clean.finish()?;
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        store::user::set_account(tx, actor.user.id, &name, timezone.as_deref(), now)?;
        let entry = actor.entry("user.updated", "user", now);
        Ok(store::audit::insert(
            tx,
            &store::audit::Entry {
                target_id: Some(actor.user.id.0),
                target_name: Some(name.clone()),
                ..entry
            },
        )?)
    })
    .await
}

/// Names of the time zone database look like `Area/City`, `UTC` or `Etc/GMT+3`; whether a machine knows one is up to it.
pub(crate) fn is_timezone(name: &str) -> bool {
    name.len() <= 64
        && name.split('/').all(|part| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'+'))
        })
}
