//! Settings of the instance: edition, seats, and what is asked of new keys. For whole site admins.

use crate::changes::Noted;
use crate::clean::Clean;
use crate::{Actor, App, Error, Result};
use model::Edition;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{Tx, setting};

/// Longest life of keys that a policy can name, in days.
const DAYS_MAX: i64 = 3650;

/// What is asked of new keys; those that exist stay as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct KeyPolicy {
    /// Longest life in days, up to 3650; none for any.
    #[serde(default)]
    pub max_days: Option<i64>,
    /// Every key must have an end.
    #[serde(default)]
    pub is_expiry_required: bool,
}

/// The settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// What the instance is licensed for.
    pub edition: Edition,
    /// Most people that may be active; none for any number.
    pub seats: Option<i64>,
    /// Active people. API users never take a seat.
    pub seats_taken: i64,
    /// What is asked of new keys.
    pub key_policy: KeyPolicy,
}

/// What changes; none stays as it is.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// What the instance is licensed for.
    pub edition: Option<Edition>,
    /// Most active people, `Some(None)` for any number.
    pub seats: Option<Option<i64>>,
    /// What is asked of new keys.
    pub key_policy: Option<KeyPolicy>,
}

/// The settings.
pub async fn get(app: &App, actor: &Actor) -> Result<Settings> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        actor.require_whole_admin(tx, now)?;
        read(tx)
    })
    .await
}

/// Changes settings. Edition and seats only by somebody who is signed in.
pub async fn update(app: &App, actor: &Actor, change: Change) -> Result<Settings> {
    if change.edition.is_none() && change.seats.is_none() && change.key_policy.is_none() {
        return Err(Error::NothingToChange);
    }
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        actor.require_whole_admin(tx, now)?;
        if change.edition.is_some() || change.seats.is_some() {
            actor.require_signed_in("change edition or seats")?;
        }
        store::user::write::lock(tx)?;
        let before = read(tx)?;
        check(&change, &before)?;
        if let Some(edition) = change.edition {
            put(tx, setting::EDITION, Some(&json!(edition)))?;
        }
        if let Some(seats) = change.seats {
            put(tx, setting::SEATS, seats.map(Value::from).as_ref())?;
        }
        if let Some(policy) = change.key_policy {
            put(tx, setting::KEY_POLICY, Some(&json!(policy)))?;
        }
        let after = read(tx)?;
        if after != before {
            let noted = Noted {
                action: "settings.updated",
                kind: "settings",
                id: 0,
                name: "settings",
                project: None,
                before: told(&before),
                after: told(&after),
            };
            actor.note(tx, &noted, now)?;
        }
        Ok(after)
    })
    .await
}

fn check(change: &Change, before: &Settings) -> Result<()> {
    let mut clean = Clean::default();
    if let Some(Some(seats)) = change.seats {
        if seats < 1 {
            clean.refuse("seats", "The seats must be at least 1, or null for any number.");
        } else if seats < before.seats_taken {
            let text = format!(
                "{} people are active. Deactivate some first, or choose more seats.",
                before.seats_taken
            );
            clean.refuse("seats", text);
        }
    }
    let days = change.key_policy.and_then(|p| p.max_days);
    if days.is_some_and(|days| !(1..=DAYS_MAX).contains(&days)) {
        let text = format!("The max days must be 1 to {DAYS_MAX}, or null for any number.");
        clean.refuse("key_policy.max_days", text);
    }
    clean.finish()
}

fn told(s: &Settings) -> Value {
    json!({"edition": s.edition, "seats": s.seats, "key_policy": s.key_policy})
}

fn put(tx: &mut Tx<'_>, name: &str, value: Option<&Value>) -> Result<()> {
    match value {
        Some(value) => setting::put(tx, name, &value.to_string())?,
        None => setting::delete(tx, name)?,
    }
    Ok(())
}

fn read(tx: &mut Tx<'_>) -> Result<Settings> {
    Ok(Settings {
        edition: setting::edition(tx)?,
        seats: setting::get(tx, setting::SEATS)?.and_then(|json| json.parse().ok()),
        seats_taken: store::user::seats(tx)?,
        key_policy: key_policy(tx)?,
    })
}

/// What is asked of new keys; factory: nothing.
pub(crate) fn key_policy(tx: &mut Tx<'_>) -> Result<KeyPolicy> {
    let json = setting::get(tx, setting::KEY_POLICY)?;
    Ok(json
        .and_then(|json| serde_json::from_str(&json).ok())
        .unwrap_or_default())
}
