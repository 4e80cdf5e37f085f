//! Settings of the instance: one JSON document for each name.

use crate::{Result, Tx, args, statements};
use model::Edition;

/// The edition, a JSON string.
pub const EDITION: &str = "edition";
/// The address under which people and clients reach the instance, a JSON string.
pub const PUBLIC_URL: &str = "public_url";
/// The digest of the one-time set-up link, a JSON string in hexadecimal.
pub const SETUP: &str = "setup";
/// Most people that may be active, a JSON number; absent for no limit.
pub const SEATS: &str = "seats";
/// The policy for keys.
pub const KEY_POLICY: &str = "key_policy";
/// How long results of automation are kept, a [`model::retention::Keep`].
pub const RETENTION: &str = "retention";

statements! {
    GET = "SELECT value FROM settings WHERE name = $1";
    PUT = "INSERT INTO settings (name, value) VALUES ($1, $2)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    DELETE = "DELETE FROM settings WHERE name = $1";
}

/// The JSON document of a setting.
pub fn get(tx: &mut Tx<'_>, name: &str) -> Result<Option<String>> {
    tx.opt(GET, args![name], |r| r.get(0))
}

/// Sets a setting to a JSON document.
pub fn put(tx: &mut Tx<'_>, name: &str, json: &str) -> Result<()> {
    tx.execute(PUT, args![name, json]).map(drop)
}

/// Takes a setting back to its factory value.
pub fn delete(tx: &mut Tx<'_>, name: &str) -> Result<()> {
    tx.execute(DELETE, args![name]).map(drop)
}

/// The edition that the setting's JSON document names; factory: Enterprise.
pub fn edition_of(json: Option<&str>) -> Edition {
    json.and_then(|j| serde_json::from_str(j).ok())
        .unwrap_or_default()
}

/// The edition of the instance.
pub fn edition(tx: &mut Tx<'_>) -> Result<Edition> {
    Ok(edition_of(get(tx, EDITION)?.as_deref()))
}
