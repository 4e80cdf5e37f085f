//! Uploaded files of cases, results, automation runs and their tests.
//!
//! Every file is claimed and put in place durably before the transaction that names it; so a row never names bytes that are
//! not there, and what an upload leaves without a row is deleted by [`sweep`].

use crate::blobs::{Pieces, Staged, Staging};
use crate::once::{Answer, Claim};
use crate::{Actor, App, Error, Result};
use model::clock::{DAY, MINUTE};
use model::page::{Page, PageRequest};
use model::{Action, Area, AttachmentId, Right, Timestamp};
use std::collections::BTreeSet;
use std::io;
use store::access::{Proof, Target};
use store::attachment::{self, Attachment, Filter, NewAttachment, Owner};
use store::audit::Entry;
use store::blob::Place;
use store::{Tx, blob};

/// Most files of one call.
pub const FILES: usize = 20;
/// Most bytes of one file.
pub const FILE_MAX: u64 = 128 * 1024 * 1024;
/// Most files that are deleted by one call.
pub const MOST: usize = 100;

/// Blobs that are deleted before the lease is renewed.
const SWEPT: i64 = 100;
/// How long a temporary file may rest before it counts as left behind.
const LEFT_BEHIND: i64 = DAY;
/// How long one server sweeps without renewing the lease.
const LEASE: i64 = 30 * MINUTE;

/// The right to do this with files of such a thing.
pub fn right(owner: Owner, action: Action) -> Right {
    let area = match owner {
        Owner::Case(_) => Area::Cases,
        Owner::Result(..) => Area::Results,
        Owner::AutomationRun(_) | Owner::AutomationTest(..) => Area::Automation,
    };
    Right(area, action)
}

/// Checks the right, and that the thing exists.
fn find(tx: &mut Tx<'_>, actor: &Actor, owner: Owner, action: Action, now: Timestamp) -> Result<Proof> {
    let right = right(owner, action);
    match owner {
        Owner::Case(id) => actor.require(tx, Target::Case(id), right, now),
        Owner::Result(run, id) => {
            let (proof, _) = crate::runs::find(tx, actor, run, right, now)?;
            let found = store::run::result::get_many(tx, &proof, &[id.0])?;
            if found.iter().any(|r| r.run_id == run) {
                Ok(proof)
            } else {
                Err(Error::NotFound)
            }
        }
        Owner::AutomationRun(id) => actor.require(tx, Target::AutomationRun(id), right, now),
        Owner::AutomationTest(run, id) => {
            let proof = actor.require(tx, Target::AutomationRun(run), right, now)?;
            store::automation::test::get(tx, &proof, run, id)?.ok_or(Error::NotFound)?;
            Ok(proof)
        }
    }
}

/// Decides whether files may be added, before their bytes are received. [`Error::NoSpace`] when too little is free for any.
pub async fn may_add(app: &App, actor: &Actor, owner: Owner) -> Result<()> {
    let (who, now) = (actor.clone(), app.now());
    app.read(move |tx| find(tx, &who, owner, Action::Edit, now).map(drop))
        .await?;
    if app.blobs().is_full().await.map_err(|e| unusable(&e))? {
        return Err(Error::NoSpace);
    }
    Ok(())
}

/// A file that arrives.
pub struct Arriving {
    staging: Staging,
    field: String,
}

impl Arriving {
    /// Takes the next bytes. [`Error::Invalid`] names the field when they are too many.
    pub async fn write(&mut self, piece: &[u8]) -> Result<()> {
        if self.staging.size() + piece.len() as u64 > FILE_MAX {
            let text = format!(
                "The {} is larger than {} MiB. Upload a smaller file.",
                self.field,
                FILE_MAX >> 20
            );
            return Err(Error::field(&self.field, text));
        }
        self.staging.write(piece).await.map_err(|e| unusable(&e))
    }

    /// Ends the file. Name and type are as the client sent them.
    pub async fn finish(self, name: Option<&str>, media_type: Option<&str>) -> Result<Arrived> {
        Ok(Arrived {
            name: model::file::name(name.unwrap_or_default()),
            media_type: model::file::media_type(media_type),
            staged: self.staging.finish().await.map_err(|e| unusable(&e))?,
        })
    }
}

/// A file that arrived. Dropping it removes it.
pub struct Arrived {
    /// Its name, made safe.
    pub name: String,
    /// Its media type, as the client said it.
    pub media_type: String,
    staged: Staged,
}

impl Arrived {
    /// SHA-256 of the bytes, 64 lower-case hexadecimal digits.
    pub fn sha256(&self) -> &String {
        &self.staged.sha256
    }

    fn kept(&self) -> NewAttachment {
        NewAttachment {
            sha256: self.staged.sha256.clone(),
            name: self.name.clone(),
            note: None,
            media_type: self.media_type.clone(),
            size: i64::try_from(self.staged.size).unwrap_or(i64::MAX),
        }
    }
}

/// Begins to receive a file that the client calls `field`.
pub async fn arrive(app: &App, field: &str) -> Result<Arriving> {
    let staging = app.blobs().stage().await.map_err(|e| unusable(&e))?;
    Ok(Arriving {
        staging,
        field: field.to_owned(),
    })
}

/// What tells the place of new bytes apart from any other.
fn salt(app: &App) -> i64 {
    i64::from_ne_bytes(app.random_bytes()) & i64::MAX | 1
}

/// Puts files that arrived in place; they stay only if [`add`] names them.
pub async fn keep(app: &App, arrived: Vec<Arrived>) -> Result<Vec<NewAttachment>> {
    let kept: Vec<NewAttachment> = arrived.iter().map(Arrived::kept).collect();
    let (claimed, salt, now) = (kept.clone(), salt(app), app.now());
    let places: Option<Vec<Place>> = app
        .write(move |tx| {
            let claim = |file: &NewAttachment| blob::claim(tx, &file.sha256, file.size, salt, now);
            Ok(claimed.iter().map(claim).collect::<store::Result<_>>()?)
        })
        .await?;
    // None: the same bytes are just being deleted.
    let places = places.ok_or(Error::Busy)?;
    for (file, place) in arrived.into_iter().zip(places) {
        app.blobs()
            .keep(file.staged, place)
            .await
            .map_err(|e| unusable(&e))?;
    }
    Ok(kept)
}

/// Files that were added, in the order in which they came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Added {
    /// What they belong to.
    pub owner: Owner,
    /// The files.
    pub files: Vec<Attachment>,
}

/// Adds 1 to [`FILES`] files that were kept, all or none.
pub async fn add(
    app: &App,
    actor: &Actor,
    owner: Owner,
    new: Vec<NewAttachment>,
    claim: Option<Claim>,
    render: fn(&Added) -> (u16, String),
) -> Result<Answer<Added>> {
    let (actor, now) = (actor.clone(), app.now());
    app.write_once(claim, render, move |tx| {
        let proof = find(tx, &actor, owner, Action::Edit, now)?;
        let hashes: BTreeSet<String> = new.iter().map(|f| f.sha256.clone()).collect();
        if !blob::touch(tx, &hashes.into_iter().collect::<Vec<_>>(), now)? {
            return Err(Error::Busy);
        }
        let mut files = Vec::with_capacity(new.len());
        for file in &new {
            let made = attachment::insert(tx, &proof, owner, file, now).map_err(gone)?;
            note(tx, &actor, &proof, "attachment.created", (owner, &made), now)?;
            files.push(made);
        }
        Ok(Added { owner, files })
    })
    .await
}

/// What the files belong to may be deleted by somebody else while they are added.
fn gone(error: store::Error) -> Error {
    match error {
        store::Error::Constraint(_) => Error::NotFound,
        other => other.into(),
    }
}

/// One page of the files of something.
pub async fn page(
    app: &App,
    actor: &Actor,
    owner: Owner,
    filter: &Filter,
    request: PageRequest,
) -> Result<Page<Attachment>> {
    let (actor, filter, now) = (actor.clone(), filter.clone(), app.now());
    app.read(move |tx| {
        let proof = find(tx, &actor, owner, Action::View, now)?;
        Ok(attachment::page(tx, &proof, owner, &filter, request)?)
    })
    .await
}

/// A file with its bytes.
pub async fn open(app: &App, actor: &Actor, owner: Owner, id: AttachmentId) -> Result<(Attachment, Pieces)> {
    let (actor, now) = (actor.clone(), app.now());
    let (found, place) = app
        .read(move |tx| {
            let proof = find(tx, &actor, owner, Action::View, now)?;
            let found = attachment::among(tx, &proof, owner, &[id])?;
            let found = found.into_iter().next().ok_or(Error::NotFound)?;
            let place = blob::find(tx, &found.file.sha256)?.ok_or(Error::NotFound)?;
            Ok((found, place))
        })
        .await?;
    let pieces = app.blobs().read(&place).await.map_err(|e| unusable(&e))?;
    Ok((found, pieces))
}

/// Deletes 1 to [`MOST`] files of something, all or none.
pub async fn delete(app: &App, actor: &Actor, owner: Owner, ids: Vec<AttachmentId>) -> Result<()> {
    if ids.is_empty() || ids.len() > MOST {
        let text = format!("Give 1 to {MOST} ids of files.");
        return Err(Error::field("ids", text));
    }
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        let proof = find(tx, &actor, owner, Action::Delete, now)?;
        let found = attachment::among(tx, &proof, owner, &ids)?;
        for (n, id) in ids.iter().enumerate() {
            if !found.iter().any(|f| f.id == *id) {
                let text = format!("There is no file {} here. Leave it out.", id.0);
                return Err(Error::field(format!("ids.{n}"), text));
            }
        }
        attachment::delete(tx, &proof, owner, &ids)?;
        for file in &found {
            note(tx, &actor, &proof, "attachment.deleted", (owner, file), now)?;
        }
        Ok(())
    })
    .await
}

fn note(
    tx: &mut Tx<'_>,
    actor: &Actor,
    proof: &Proof,
    action: &str,
    (owner, file): (Owner, &Attachment),
    now: Timestamp,
) -> Result<()> {
    let (kind, id) = owner.key();
    let detail = serde_json::json!({"owner": kind, "owner_id": id, "size": file.file.size, "sha256": file.file.sha256});
    let entry = actor.entry(action, "attachment", now);
    Ok(store::audit::insert(
        tx,
        &Entry {
            project_id: Some(proof.project()),
            target_id: Some(file.id.0),
            target_name: Some(file.file.name.clone()),
            detail: Some(detail.to_string()),
            ..entry
        },
    )?)
}

/// Deletes the bytes that no file has any more, and what broken uploads left. Of several servers, the one that holds the lease
/// does it. How many blobs were deleted.
pub async fn sweep(app: &App, holder: &str) -> Result<usize> {
    let left = app.blobs().clean_up(app.now().plus(-LEFT_BEHIND)).await;
    match left {
        Ok(0) => {}
        Ok(files) => tracing::info!(files, "removed what broken uploads left"),
        Err(error) => tracing::warn!(%error, "the folder of uploaded files can't be cleaned up"),
    }
    let mut swept = 0;
    loop {
        let (now, holder) = (app.now(), holder.to_owned());
        let blobs = app
            .write(move |tx| {
                if !store::lease::take(tx, "sweep", &holder, now, now.plus(LEASE))? {
                    return Ok(Vec::new());
                }
                blob::begin_deleting(tx, now, SWEPT)?;
                Ok(blob::deleting(tx, SWEPT)?)
            })
            .await?;
        if blobs.is_empty() {
            return Ok(swept);
        }
        for place in &blobs {
            app.blobs().delete(place).await.map_err(|e| unusable(&e))?;
        }
        swept += blobs.len();
        let hashes: Vec<String> = blobs.into_iter().map(|place| place.sha256).collect();
        app.write(move |tx| Ok(blob::delete(tx, &hashes)?)).await?;
    }
}

/// The blob storage failed: nothing was stored.
fn unusable(error: &io::Error) -> Error {
    tracing::error!(%error, "the storage of uploaded files can't be used");
    Error::Store(store::Error::RolledBack(
        "the storage of uploaded files can't be used".to_owned(),
    ))
}
