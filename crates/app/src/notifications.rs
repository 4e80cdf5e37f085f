//! Telling people what others did, and what they do with it. Nobody is told of what they did themselves.

use crate::{Actor, App, Error, Result};
use model::clock::DAY;
use model::page::{Page, PageRequest};
use model::{Action, Area, NoticeKind, Right, Scope, Timestamp, UserId};
use store::Tx;
use store::access::{Denied, Via};
use store::notification::{self, Notice, Notification, Reader};

/// Notifications are removed this long after they were read.
pub const KEPT: i64 = 30 * DAY;

/// What the scope of a key must let through to mark notifications; only `full` does.
const MARK: Right = Right(Area::Settings, Action::Edit);

/// Tells people, in the transaction that does what they are told of. `by` is left out, and so are API users, inactive people,
/// and those who do not want this kind. An unread one that tells the same is renewed.
pub(crate) fn notify(
    tx: &mut Tx<'_>,
    by: Option<UserId>,
    to: &[UserId],
    notice: &Notice<'_>,
    now: Timestamp,
) -> Result<()> {
    let to: Vec<UserId> = to.iter().copied().filter(|u| Some(*u) != by).collect();
    if !to.is_empty() {
        notification::insert(tx, by, &to, notice, now)?;
    }
    Ok(())
}

fn reader(actor: &Actor) -> Reader {
    Reader {
        user: actor.user.id,
        key: match actor.caller.via {
            Via::Key(id) => Some(id.0),
            Via::Session(_) | Via::System => None,
        },
        scope: actor.caller.scope.rights(),
    }
}

/// How many unread notifications the caller has; 100 stands for that many or more.
pub async fn unread(app: &App, actor: &Actor) -> Result<i64> {
    let reader = reader(actor);
    app.0
        .db
        .read_one(move |tx| Ok::<_, Error>(notification::unread(tx, &reader)?))
        .await
}

/// One page of the caller's notifications, newest first; all, or unread ones. What the caller may no longer see is left out.
pub async fn page(app: &App, actor: &Actor, all: bool, request: PageRequest) -> Result<Page<Notification>> {
    let reader = reader(actor);
    app.read(move |tx| Ok(notification::page(tx, &reader, all, request)?))
        .await
}

/// Marks one of the caller's as read, and shows it. [`Error::NotFound`] for those of others.
pub async fn read(app: &App, actor: &Actor, id: i64) -> Result<Notification> {
    require_full(actor)?;
    let (reader, now) = (reader(actor), app.now());
    app.write(move |tx| {
        notification::get(tx, &reader, id)?.ok_or(Error::NotFound)?;
        notification::read(tx, reader.user, id, now)?;
        notification::get(tx, &reader, id)?.ok_or(Error::NotFound)
    })
    .await
}

/// Marks all of the caller's that they may see as read, at the time that is answered.
pub async fn read_all(app: &App, actor: &Actor) -> Result<Timestamp> {
    require_full(actor)?;
    let (reader, now) = (reader(actor), app.now());
    app.write(move |tx| Ok(notification::read_all(tx, &reader, now)?))
        .await?;
    Ok(now)
}

/// Takes back that the caller marked some as read at this time.
pub async fn unread_again(app: &App, actor: &Actor, at: Timestamp) -> Result<()> {
    require_full(actor)?;
    let user = actor.user.id;
    app.write(move |tx| Ok(notification::unread_again(tx, user, at)?))
        .await
}

/// The kinds that the caller does not want.
pub async fn muted(app: &App, actor: &Actor) -> Result<Vec<NoticeKind>> {
    let user = actor.user.id;
    app.read(move |tx| Ok(notification::muted(tx, user)?)).await
}

/// Sets the kinds that the caller does not want. Those that are there stay.
pub async fn mute(app: &App, actor: &Actor, kinds: Vec<NoticeKind>) -> Result<()> {
    actor.require_session()?;
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        notification::mute(tx, actor.user.id, &kinds)?;
        let names: Vec<&str> = kinds.iter().map(|k| k.name()).collect();
        let entry = actor.entry("user.updated", "user", now);
        Ok(store::audit::insert(
            tx,
            &store::audit::Entry {
                target_id: Some(actor.user.id.0),
                target_name: Some(actor.user.name.clone()),
                detail: Some(serde_json::json!({ "muted_notifications": names }).to_string()),
                ..entry
            },
        )?)
    })
    .await
}

fn require_full(actor: &Actor) -> Result<()> {
    match actor.caller.scope {
        Scope::Full => Ok(()),
        _ => Err(Denied::Scope(MARK).into()),
    }
}
