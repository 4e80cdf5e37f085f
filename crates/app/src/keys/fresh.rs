//! A secret between its making and the one answer that shows it.

use super::{Created, generate};
use crate::App;
use store::key::Key;

/// A secret with what is stored of it.
pub(crate) struct Fresh {
    pub(super) secret: String,
    digest: [u8; 32],
    version: String,
}

impl Fresh {
    pub(crate) fn new(app: &App, is_api: bool) -> Fresh {
        let (secret, digest, version) = generate(app, is_api);
        Fresh {
            secret,
            digest,
            version,
        }
    }

    /// Digest and version of the pepper, as the table has them.
    pub(super) fn stored(&self) -> (&[u8], &str) {
        (&self.digest, &self.version)
    }

    pub(crate) fn created(&self, key: Key) -> Created {
        let secret = self.secret.clone();
        Created { key, secret }
    }
}
