//! Last uses of keys and sessions, gathered in memory and written together: a write for each request would cap reads
//! at the speed of commits (`security.md` §0.2). A crash loses at most a minute of them.

use crate::{App, Request, Result};
use model::clock::MINUTE;
use model::{KeyId, SessionId, Timestamp};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use store::key::Use;

#[derive(Default)]
pub(crate) struct Uses {
    keys: Mutex<HashMap<KeyId, Use>>,
    sessions: Mutex<HashMap<SessionId, SessionUse>>,
    /// Held while uses are written.
    writing: tokio::sync::Mutex<()>,
}

#[derive(Clone)]
struct SessionUse {
    at: Timestamp,
    idle_until: Timestamp,
    ip: Option<String>,
}

impl Uses {
    /// Notes a use of a key unless one was written within the last minute. True for the first use ever.
    pub(crate) fn key(&self, id: KeyId, last: Option<Timestamp>, request: &Request, now: Timestamp) -> bool {
        if last.is_some_and(|last| now.since(last) < MINUTE) {
            return false;
        }
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        let is_first = last.is_none() && !keys.contains_key(&id);
        if keys.get(&id).is_none_or(|u| now.since(u.at) >= MINUTE) {
            let agent = request.agent.as_deref().map(|a| a.chars().take(200).collect());
            keys.insert(
                id,
                Use {
                    id,
                    at: now,
                    ip: request.ip.map(|ip| ip.to_string()),
                    agent,
                },
            );
        }
        is_first
    }

    /// Notes a use of a session unless one was written within the last minute.
    pub(crate) fn session(
        &self,
        id: SessionId,
        seen: Timestamp,
        idle_until: Timestamp,
        request: &Request,
        now: Timestamp,
    ) {
        if now.since(seen) >= MINUTE {
            let ip = request.ip.map(|ip| ip.to_string());
            let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
            sessions.insert(
                id,
                SessionUse {
                    at: now,
                    idle_until,
                    ip,
                },
            );
        }
    }
}

impl App {
    /// Writes the last uses that were gathered, after those that are being written.
    pub(crate) async fn flush_uses(&self) -> Result<()> {
        let _turn = self.0.uses.writing.lock().await;
        let keys: Vec<Use> =
            std::mem::take(&mut *self.0.uses.keys.lock().unwrap_or_else(PoisonError::into_inner))
                .into_values()
                .collect();
        let sessions = std::mem::take(
            &mut *self
                .0
                .uses
                .sessions
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        );
        if keys.is_empty() && sessions.is_empty() {
            return Ok(());
        }
        self.write(move |tx| {
            store::key::used(tx, &keys)?;
            for (id, u) in &sessions {
                store::session::touch(tx, *id, u.idle_until, u.ip.as_deref(), u.at)?;
            }
            Ok(())
        })
        .await
    }
}
