//! Keys of the whole instance, for signed-in site admins: to see and to end, never to use.

use super::{clean_reason, managed};
use crate::{Actor, App, Error, Result};
use model::page::{Page, PageRequest};
use model::{KeyId, Timestamp};
use store::Tx;
use store::audit::{Entry, Recorded};
use store::key::held::{self, Counts, Filter, Held, Remark};

/// Most keys that are revoked at once.
const MOST: usize = 1000;

fn refuse_others(tx: &mut Tx<'_>, actor: &Actor, now: Timestamp) -> Result<()> {
    actor.require_whole_admin(tx, now)?;
    actor.require_signed_in("see or end the keys of others")
}

/// Refuses who may not see the keys of others.
pub async fn check(app: &App, actor: &Actor) -> Result<()> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| refuse_others(tx, &actor, now)).await
}

/// One page of all keys that are not revoked, newest first, and how many there are of each kind.
pub async fn page(
    app: &App,
    actor: &Actor,
    filter: Filter,
    request: PageRequest,
) -> Result<(Page<Held>, Counts)> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        refuse_others(tx, &actor, now)?;
        let page = held::page(tx, &filter, request, now)?;
        Ok((page, held::counts(tx, now)?))
    })
    .await
}

/// The newest `most` keys for a file, which the audit log tells of; the page's total says how many there are in all.
pub async fn export(
    app: &App,
    actor: &Actor,
    filter: Filter,
    format: &'static str,
    most: i64,
) -> Result<Page<Held>> {
    let (asker, wanted, now) = (actor.clone(), filter.clone(), app.now());
    let request = PageRequest {
        page: 1,
        per_page: most,
    };
    let read = move |tx: &mut Tx<'_>| {
        refuse_others(tx, &asker, now)?;
        Ok::<_, Error>(held::page(tx, &wanted, request, now)?)
    };
    let page = app.0.db.read_long(read).await?;
    let detail = serde_json::json!({
        "format": format,
        "keys": page.rows.len(),
        "of": page.total,
        "show": filter.remark.map(Remark::name),
        "text": filter.text,
    });
    let entry = Entry {
        detail: Some(detail.to_string()),
        ..actor.entry("keys.exported", "api_key", now)
    };
    app.write(move |tx| Ok(store::audit::insert(tx, &entry)?)).await?;
    Ok(page)
}

/// Those of these keys that are not revoked, newest first. [`Error::Invalid`] when they are too many.
pub async fn chosen(app: &App, actor: &Actor, ids: &[KeyId]) -> Result<Vec<Held>> {
    refuse_too_many(ids)?;
    let (actor, now, ids) = (actor.clone(), app.now(), ids.to_vec());
    app.read(move |tx| {
        refuse_others(tx, &actor, now)?;
        let mut keys = held::chosen(tx, &ids)?;
        keys.retain(|key| key.revoked_at.is_none());
        Ok(keys)
    })
    .await
}

/// A key with what was done to it.
pub struct Told {
    /// The key, which may be revoked.
    pub key: Held,
    /// Networks it may be used from; none for anywhere.
    pub addresses: Option<Vec<String>>,
    /// Its rows of the audit log, newest first.
    pub events: Page<Recorded>,
}

/// One key of the instance, revoked or not, with one page of its rows in the audit log.
pub async fn one(app: &App, actor: &Actor, id: KeyId, request: PageRequest) -> Result<Told> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        refuse_others(tx, &actor, now)?;
        let key = held::chosen(tx, &[id])?.pop().ok_or(Error::NotFound)?;
        let row = store::key::get(tx, id)?.ok_or(Error::NotFound)?;
        let of = store::audit::Filter {
            target_kind: Some("api_key".to_owned()),
            target_id: Some(id.0),
            ..store::audit::Filter::default()
        };
        Ok(Told {
            key,
            addresses: row.addresses,
            events: store::audit::page(tx, &of, request)?,
        })
    })
    .await
}

fn refuse_too_many(ids: &[KeyId]) -> Result<()> {
    if ids.len() <= MOST {
        return Ok(());
    }
    let text = format!("Choose at most {MOST} keys at once.");
    Err(Error::field("key", text))
}

/// Revokes keys, whosever they are, all or none. Answers with how many still worked. They are refused from the moment at
/// which this answers. [`Error::Invalid`] without a reason, [`Error::NotFound`] when one does not exist.
pub async fn revoke(app: &App, actor: &Actor, ids: &[KeyId], reason: &str) -> Result<usize> {
    let Some(reason) = clean_reason(Some(reason).filter(|r| !r.trim().is_empty()))? else {
        return Err(Error::field("reason", "Say why. It is kept in the audit log."));
    };
    if ids.is_empty() {
        return Err(Error::field("key", "Choose at least one key."));
    }
    refuse_too_many(ids)?;
    let (actor, now, ids) = (actor.clone(), app.now(), ids.to_vec());
    app.write(move |tx| {
        refuse_others(tx, &actor, now)?;
        let mut ended = 0;
        for id in &ids {
            let key = store::key::get(tx, *id)?.ok_or(Error::NotFound)?;
            if key.revoked_at.is_none() {
                managed::revoke(tx, &actor, &key, Some(&reason), now)?;
                ended += 1;
            }
        }
        Ok(ended)
    })
    .await
}

/// The key that was found somewhere, by the whole of it. [`Error::Invalid`] when this instance has no such key, or it was
/// revoked before.
pub async fn find(app: &App, actor: &Actor, secret: &str) -> Result<KeyId> {
    let secret = secret.trim();
    if model::key::kind(secret).is_none() {
        return Err(Error::field(
            "secret",
            "This is no whole key. Paste all of it, from att_ to the last character.",
        ));
    }
    let digests: Vec<[u8; 32]> = app.0.keyring.api_key_digests(secret).map(|(_, d)| d).collect();
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        refuse_others(tx, &actor, now)?;
        for digest in &digests {
            if let Some(key) = store::key::presented(tx, digest)? {
                return match key.revoked_at {
                    None => Ok(key.id),
                    Some(_) => Err(Error::field(
                        "secret",
                        "This key is revoked already. Nothing is left to do.",
                    )),
                };
            }
        }
        Err(Error::field("secret", "This instance has no such key."))
    })
    .await
}
