//! Who does something, and by what request.

use crate::{App, Error, Result};
use model::{Right, Scope, Timestamp};
use std::net::IpAddr;
use std::sync::Arc;
use store::Tx;
use store::access::{Caller, Denied, Proof, Target, Via};
use store::audit::Entry;
use store::session::Session;
use store::user::User;

/// Where something comes from, for the audit log.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The client's address.
    pub ip: Option<IpAddr>,
    /// Id of the request.
    pub request_id: Option<Arc<str>>,
    /// The program, as it calls itself.
    pub agent: Option<Arc<str>>,
}

/// Somebody who was authenticated.
#[derive(Debug, Clone)]
pub struct Actor {
    /// What rights are decided by.
    pub caller: Caller,
    /// The person or API user.
    pub user: Arc<User>,
    /// Where it comes from.
    pub request: Request,
    /// The session, when it is a browser.
    pub session: Option<Session>,
    /// When the key ends, when it is one.
    pub key_expires_at: Option<Timestamp>,
}

impl Actor {
    /// Whether it is a site admin and may act as one.
    pub fn is_admin(&self) -> bool {
        self.caller.is_admin && self.caller.scope == Scope::Full
    }

    /// Refuses everybody but site admins.
    pub(crate) fn require_admin(&self) -> Result<()> {
        if self.is_admin() {
            Ok(())
        } else {
            Err(Denied::AdminOnly.into())
        }
    }

    /// Refuses API keys: keys never make keys.
    pub(crate) fn require_session(&self) -> Result<()> {
        match self.caller.via {
            Via::Key(_) => Err(Denied::AdminOnly.into()),
            Via::Session(_) | Via::System => Ok(()),
        }
    }

    /// Checks a right in the transaction that uses it.
    pub(crate) fn require(
        &self,
        tx: &mut Tx<'_>,
        target: Target,
        right: Right,
        now: Timestamp,
    ) -> Result<Proof> {
        Ok(store::access::require(tx, &self.caller, target, right, now)??)
    }

    /// Checks that there is one of two rights; the refusal is that of the first.
    pub(crate) fn require_one(
        &self,
        tx: &mut Tx<'_>,
        target: Target,
        rights: [Right; 2],
        now: Timestamp,
    ) -> Result<Proof> {
        let mut refusal = Error::NotFound;
        for right in rights.into_iter().rev() {
            match self.require(tx, target, right, now) {
                Err(error @ Error::Denied(_)) => refusal = error,
                decided => return decided,
            }
        }
        Err(refusal)
    }

    /// The person at the command line: acts in full for `user`.
    pub(crate) fn system(user: User) -> Actor {
        Actor {
            caller: Caller {
                user: user.id,
                via: Via::System,
                scope: Scope::Full,
                is_admin: user.is_admin,
            },
            user: Arc::new(user),
            request: Request::default(),
            session: None,
            key_expires_at: None,
        }
    }

    /// The begin of an audit row.
    pub(crate) fn entry(&self, action: &str, target_kind: &str, now: Timestamp) -> Entry {
        let (via, via_id) = match self.caller.via {
            Via::Session(id) => ("session", Some(id.0)),
            Via::Key(id) => ("key", Some(id.0)),
            Via::System => ("cli", None),
        };
        Entry {
            at: now,
            actor_id: Some(self.user.id),
            actor_name: self.user.name.clone(),
            via: via.to_owned(),
            via_id,
            ip: self.request.ip.map(|ip| ip.to_string()),
            request_id: self.request.request_id.as_deref().map(str::to_owned),
            action: action.to_owned(),
            project_id: None,
            target_kind: target_kind.to_owned(),
            target_id: None,
            target_name: None,
            detail: None,
        }
    }
}

impl App {
    /// Refuses everybody but whole site admins, before a body is read. The use case checks again in its transaction.
    pub async fn check_admin(&self, actor: &Actor) -> Result<()> {
        let (actor, now) = (actor.clone(), self.now());
        self.read(move |tx| actor.require_whole_admin(tx, now)).await
    }

    /// Whether an actor has a right now, and one of two others if any are named, before a body is read. The use case checks
    /// again in its transaction.
    pub async fn check(
        &self,
        actor: &Actor,
        target: Target,
        right: Right,
        others: Option<[Right; 2]>,
    ) -> Result<()> {
        let (actor, now) = (actor.clone(), self.now());
        self.read(move |tx| {
            actor.require(tx, target, right, now)?;
            if let Some(others) = others {
                actor.require_one(tx, target, others, now)?;
            }
            Ok(())
        })
        .await
    }
}
