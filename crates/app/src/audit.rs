//! The audit log's chain: rows are written with the change, sealed in order once a second, and can be verified.

use crate::{Actor, App, Result};
use model::clock::SECOND;
use model::page::{Page, PageRequest};
use store::Tx;
use store::audit::{Filter, Recorded, Seal};

/// Rows that one sealing takes at most.
const BATCH: i64 = 500;
/// How long a server holds the right to seal.
const LEASE: i64 = 10 * SECOND;

/// What a verification found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Verdict {
    /// Seals that are right.
    pub sealed: i64,
    /// Rows that have no seal yet.
    pub unsealed: i64,
    /// Number of the first seal that is wrong, or whose row was changed or is gone.
    pub broken_at: Option<i64>,
}

/// One page of the audit log, for site admins. A key that is limited to projects or by its scope does not read it, whoever
/// owns it: the log tells of the whole instance.
pub async fn page(app: &App, actor: &Actor, filter: Filter, request: PageRequest) -> Result<Page<Recorded>> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        actor.require_whole_admin(tx, now)?;
        Ok(store::audit::page(tx, &filter, request)?)
    })
    .await
}

/// An export of the audit log, from page to page.
#[derive(Debug, Clone)]
pub struct Export {
    filter: Filter,
    after: i64,
    last: i64,
}

/// Begins an export of the rows that are there now, oldest first. For site admins, as [`page`] is.
pub async fn export(app: &App, actor: &Actor, filter: Filter) -> Result<Export> {
    let (actor, now) = (actor.clone(), app.now());
    let range = move |tx: &mut Tx<'_>| {
        actor.require_whole_admin(tx, now)?;
        let (after, last) = store::audit::range(tx, &filter)?;
        let filter = filter.clone();
        Ok(Export { filter, after, last })
    };
    app.0.db.read_long(range).await
}

/// The next rows of an export and where it goes on; no rows at its end. The rights are checked with every page, so that an
/// export ends with the rights of who asked for it.
pub async fn export_next(app: &App, actor: &Actor, export: &Export) -> Result<(Vec<Recorded>, Export)> {
    let (actor, now, from) = (actor.clone(), app.now(), export.clone());
    let read = move |tx: &mut Tx<'_>| {
        actor.require_whole_admin(tx, now)?;
        Ok::<_, crate::Error>(store::audit::next(
            tx,
            &from.filter,
            from.after,
            from.last,
            BATCH,
        )?)
    };
    let rows = app.0.db.read_long(read).await?;
    let after = rows.last().map_or(export.last, |row| row.id);
    let next = Export {
        after,
        ..export.clone()
    };
    Ok((rows, next))
}

/// Numbers and chains rows that have no seal yet; how many. `holder` is this server's name for the lease.
pub(crate) async fn seal(app: &App, holder: &str) -> Result<usize> {
    let has_work = app
        .read(|tx| Ok(!store::audit::unsealed(tx, 1)?.is_empty()))
        .await?;
    if !has_work {
        return Ok(0);
    }
    let (ring, holder, now) = (app.0.keyring.clone(), holder.to_owned(), app.now());
    app.write(move |tx| {
        if !store::lease::take(tx, "audit.seal", &holder, now, now.plus(LEASE))? {
            return Ok(0);
        }
        let (mut seq, mut mac) = store::audit::last_seal(tx)?.map_or((0, Vec::new()), |s| (s.seq, s.mac));
        let rows = store::audit::unsealed(tx, BATCH)?;
        for row in &rows {
            seq += 1;
            mac = ring.audit_mac(&mac, &canonical(seq, row)).to_vec();
            store::audit::add_seal(
                tx,
                &Seal {
                    seq,
                    audit_id: row.id,
                    mac: mac.clone(),
                },
            )?;
        }
        Ok(rows.len())
    })
    .await
}

/// Seals everything that is there, at shutdown and before a verification from the command line.
pub async fn seal_all(app: &App, holder: &str) -> Result<()> {
    while seal(app, holder).await? > 0 {}
    Ok(())
}

/// Follows the chain from its beginning.
pub async fn verify(app: &App) -> Result<Verdict> {
    let mut verdict = Verdict::default();
    let mut previous: Vec<u8> = Vec::new();
    loop {
        let after = verdict.sealed;
        let seals = app
            .0
            .db
            .read_long(move |tx| Ok::<_, crate::Error>(store::audit::sealed(tx, after, BATCH)?))
            .await?;
        if seals.is_empty() {
            break;
        }
        for (seal, row) in seals {
            let is_right = seal.seq == verdict.sealed + 1
                && row.is_some_and(|row| {
                    app.0
                        .keyring
                        .is_audit_mac(&seal.mac, &previous, &canonical(seal.seq, &row))
                });
            if !is_right {
                verdict.broken_at = Some(verdict.sealed + 1);
                return Ok(verdict);
            }
            verdict.sealed = seal.seq;
            previous = seal.mac;
        }
    }
    verdict.unsealed = app.read(|tx| Ok(store::audit::count_unsealed(tx)?)).await?;
    Ok(verdict)
}

/// A row as the bytes that are sealed: a JSON array, whose strings can't run into each other.
fn canonical(seq: i64, row: &Recorded) -> Vec<u8> {
    let e = &row.entry;
    serde_json::json!([
        seq,
        row.id,
        e.at.0,
        e.actor_id.map(|u| u.0),
        e.actor_name,
        e.via,
        e.via_id,
        e.ip,
        e.request_id,
        e.action,
        e.project_id.map(|p| p.0),
        e.target_kind,
        e.target_id,
        e.target_name,
        e.detail
    ])
    .to_string()
    .into_bytes()
}
