//! API keys: our own addition, under `/api/attest/v1/keys`.

use crate::context::{Cx, Outcome, Reply};
use crate::envelope::Only;
use crate::wire::{Whole, list};
use app::keys::{self, NewKey, managed};
use app::{Error, FieldError};
use model::{Action, Area, KeyId, ProjectId, Right, Rights, Scope, Timestamp, UserId};
use serde::{Deserialize, Serialize, Serializer};
use store::key::Key;

#[derive(Serialize)]
struct CurrentKey<'a> {
    id: i64,
    name: &'a str,
    last4: &'a str,
    scope: &'static str,
    /// Null: all projects of its owner.
    projects: Option<Vec<i64>>,
    addresses: Option<&'a [String]>,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
    last_used_at: Option<Timestamp>,
    user: Owner<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    project: Option<InProject>,
}

#[derive(Serialize)]
struct Owner<'a> {
    id: i64,
    name: &'a str,
    is_api: bool,
    is_admin: bool,
}

#[derive(Serialize)]
struct InProject {
    id: i64,
    rights: Words,
}

/// Areas with the actions that are allowed in them: `{"cases": ["view", "edit"]}`.
struct Words(Rights);

impl Serialize for Words {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let name = |action| match action {
            Action::View => "view",
            Action::Edit => "edit",
            Action::Delete => "delete",
            Action::Complete => "complete",
        };
        s.collect_map(Area::ALL.into_iter().filter_map(|area| {
            let has = |action: &Action| self.0.has(Right(area, *action));
            let actions: Vec<&str> = Action::ALL.into_iter().filter(has).map(name).collect();
            (!actions.is_empty()).then(|| (area.words().replace(' ', "_"), actions))
        }))
    }
}

/// What the key that calls may do, in one project if that is named.
pub(crate) async fn current(cx: Cx) -> Outcome {
    let project = cx.params.id("project_id").map(ProjectId);
    cx.params.check()?;
    let current = keys::current(&cx.app, &cx.actor, project).await?;
    let (key, user) = (&current.key, &cx.actor.user);
    Reply::ok(&Only {
        result: CurrentKey {
            id: key.id.0,
            name: &key.name,
            last4: &key.last4,
            scope: key.scope.name(),
            projects: key
                .projects
                .as_ref()
                .map(|all| all.iter().map(|id| id.0).collect()),
            addresses: key.addresses.as_deref(),
            created_at: key.created_at,
            expires_at: key.expires_at,
            last_used_at: key.last_used_at,
            user: Owner {
                id: user.id.0,
                name: &user.name,
                is_api: user.is_api,
                is_admin: cx.actor.caller.is_admin,
            },
            project: current.rights.map(|(id, rights)| InProject {
                id: id.0,
                rights: Words(rights),
            }),
        },
    })
}

#[derive(Serialize)]
struct Row {
    id: KeyId,
    user_id: UserId,
    name: String,
    last4: String,
    scope: &'static str,
    /// Null: all projects of its owner.
    projects: Option<Vec<ProjectId>>,
    addresses: Option<Vec<String>>,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
    last_used_at: Option<Timestamp>,
    last_used_ip: Option<String>,
    last_used_agent: Option<String>,
    previous_id: Option<KeyId>,
    /// The key itself, in the one answer that made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

impl From<Key> for Row {
    fn from(k: Key) -> Row {
        Row {
            id: k.id,
            user_id: k.user_id,
            name: k.name,
            last4: k.last4,
            scope: k.scope.name(),
            projects: k.projects,
            addresses: k.addresses,
            created_at: k.created_at,
            expires_at: k.expires_at,
            revoked_at: k.revoked_at,
            last_used_at: k.last_used_at,
            last_used_ip: k.last_used_ip,
            last_used_agent: k.last_used_agent,
            previous_id: k.previous_id,
            secret: None,
        }
    }
}

#[derive(Deserialize)]
struct NewIn {
    user_id: Option<Whole>,
    #[serde(default)]
    name: String,
    scope: Option<String>,
    expires_at: Option<String>,
    projects: Option<Vec<Whole>>,
    #[serde(default, deserialize_with = "list")]
    addresses: Vec<String>,
}

impl NewIn {
    fn parse(self) -> Result<(Option<UserId>, NewKey), Error> {
        let mut wrong = Vec::new();
        let scope = self.scope.as_deref().and_then(|s| s.parse::<Scope>().ok());
        if scope.is_none() {
            let text = "Give a scope: results:write, cases:write, read or full.";
            wrong.push(FieldError::new("scope", text));
        }
        let expires_at = self.expires_at.as_deref().map(Timestamp::parse);
        if expires_at == Some(None) {
            let text = "The expires_at must be a time such as 2027-02-15T00:00:00Z, or null for never.";
            wrong.push(FieldError::new("expires_at", text));
        }
        let Some(scope) = scope.filter(|_| wrong.is_empty()) else {
            return Err(Error::Invalid(wrong));
        };
        let projects = self
            .projects
            .map(|p| p.iter().map(|id| ProjectId(id.0)).collect());
        let new = NewKey {
            name: self.name,
            scope,
            expires_at: expires_at.flatten(),
            projects,
            addresses: (!self.addresses.is_empty()).then_some(self.addresses),
        };
        Ok((self.user_id.map(|id| UserId(id.0)), new))
    }
}

#[derive(Deserialize)]
struct RotateIn {
    overlap: Option<Whole>,
}

#[derive(Deserialize)]
struct RevokeIn {
    reason: Option<String>,
}

fn id(cx: &Cx) -> Result<KeyId, Error> {
    cx.number("key_id").map(KeyId)
}

fn made(made: keys::Created) -> Outcome {
    let row = Row {
        secret: Some(made.secret),
        ..Row::from(made.key)
    };
    Reply::created(&Only { result: row })
}

/// The caller's keys, or those of an API user, that are not revoked.
pub(crate) async fn all(cx: Cx) -> Outcome {
    let user = cx.params.id("user_id").map(UserId);
    cx.params.check()?;
    let keys = managed::of(&cx.app, &cx.actor, user).await?;
    let rows: Vec<Row> = keys.into_iter().map(Row::from).collect();
    Reply::ok(&Only { result: rows })
}

/// One key.
pub(crate) async fn get(cx: Cx) -> Outcome {
    let key = managed::one(&cx.app, &cx.actor, id(&cx)?).await?;
    Reply::ok(&Only {
        result: Row::from(key),
    })
}

/// Makes a key.
pub(crate) async fn create(cx: Cx) -> Outcome {
    let (user, new) = cx.json::<NewIn>()?.parse()?;
    let claim = cx.claim()?;
    made(managed::make(&cx.app, &cx.actor, user, &new, claim).await?)
}

/// Replaces a key.
pub(crate) async fn rotate(cx: Cx) -> Outcome {
    let overlap = cx.json::<RotateIn>()?.overlap.map_or(0, |o| o.0);
    let claim = cx.claim()?;
    made(managed::replace(&cx.app, &cx.actor, id(&cx)?, overlap, claim).await?)
}

/// Revokes a key.
pub(crate) async fn revoke(cx: Cx) -> Outcome {
    let reason = cx.json::<RevokeIn>()?.reason;
    managed::end(&cx.app, &cx.actor, id(&cx)?, reason.as_deref()).await?;
    Ok(Reply::Empty)
}

/// Revokes the key that calls.
pub(crate) async fn end_current(cx: Cx) -> Outcome {
    managed::end_current(&cx.app, &cx.actor).await?;
    Ok(Reply::Empty)
}
