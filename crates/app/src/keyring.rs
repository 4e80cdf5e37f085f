//! Secrets of the instance that lie outside its database: one file of master keys, from which everything is derived.
//!
//! Somebody with the database alone can neither use nor plant a key, a session or a seal (`security.md` A1, A4).

use crate::Random;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;

/// Why a keyring can't be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    /// The file can't be read or written.
    #[error("can't use the keyring {0}: {1}")]
    Io(String, std::io::Error),
    /// Others may read the file.
    #[error("the keyring {0} can be read by others; run `chmod 600 {0}`")]
    Open(String),
    /// The file holds something else.
    #[error(
        "the keyring {0} is damaged; put back the copy from your backup, as without it no key and no session is valid: {1}"
    )]
    Damaged(String, String),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    current: String,
    keys: BTreeMap<String, String>,
}

/// Keys derived from one master key.
#[derive(Clone)]
struct Derived {
    version: String,
    api_key: [u8; 32],
    session: [u8; 32],
    audit: [u8; 32],
}

/// The derived keys of all master keys, the current one first.
#[derive(Clone)]
pub struct Keyring(Vec<Derived>);

impl Keyring {
    /// Reads the file, or makes it with one master key. It must be readable by its owner alone.
    pub fn load_or_create(path: &Path, random: &dyn Random) -> Result<Keyring, KeyringError> {
        let shown = path.display().to_string();
        let io = |e| KeyringError::Io(shown.clone(), e);
        match std::fs::read_to_string(path) {
            Ok(text) => {
                refuse_open(path, &shown)?;
                Keyring::parse(&text).map_err(|why| KeyringError::Damaged(shown.clone(), why))
            }
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                let text = Keyring::generate(random);
                write_new(path, &text).map_err(io)?;
                Keyring::parse(&text).map_err(|why| KeyringError::Damaged(shown.clone(), why))
            }
            Err(e) => Err(io(e)),
        }
    }

    /// A keyring with one random master key, as the text of its file.
    pub fn generate(random: &dyn Random) -> String {
        let mut master = [0; 32];
        random.fill(&mut master);
        let file = File {
            current: "k1".to_owned(),
            keys: [("k1".to_owned(), STANDARD.encode(master))].into(),
        };
        serde_json::to_string_pretty(&file).unwrap_or_default()
    }

    /// Reads the text of a file.
    pub fn parse(text: &str) -> Result<Keyring, String> {
        let file: File = serde_json::from_str(text).map_err(|e| e.to_string())?;
        let mut derived = Vec::new();
        for (version, master) in &file.keys {
            let master = STANDARD
                .decode(master)
                .map_err(|_| format!("{version} is not base64"))?;
            if master.len() != 32 {
                return Err(format!("{version} must have 32 bytes"));
            }
            derived.push(Derived::new(version, &master));
        }
        derived.sort_by_key(|d| d.version != file.current);
        match derived.first() {
            Some(first) if first.version == file.current => Ok(Keyring(derived)),
            _ => Err(format!("the current key {} is not among its keys", file.current)),
        }
    }

    /// Digests of an API key under every pepper, the current one first, with the pepper's version.
    pub(crate) fn api_key_digests(&self, key: &str) -> impl Iterator<Item = (&str, [u8; 32])> {
        self.0.iter().map(move |d| {
            (
                d.version.as_str(),
                hmac(&d.api_key, &[b"apikey.v1\0", key.as_bytes()]),
            )
        })
    }

    /// Digest of an API key under the current pepper, with the pepper's version.
    pub(crate) fn api_key_digest(&self, key: &str) -> (&str, [u8; 32]) {
        self.api_key_digests(key).next().unwrap_or_default()
    }

    /// Digest of a cookie's or link's value.
    pub(crate) fn session_digest(&self, value: &str) -> [u8; 32] {
        hmac(
            &self.0.first().map_or([0; 32], |d| d.session),
            &[b"session.v1\0", value.as_bytes()],
        )
    }

    /// MAC of an audit row, chained to the one before it. Any master key that ever sealed stays in the file.
    pub(crate) fn audit_mac(&self, previous: &[u8], row: &[u8]) -> [u8; 32] {
        hmac(
            &self.0.first().map_or([0; 32], |d| d.audit),
            &[b"audit.v1\0", previous, row],
        )
    }

    /// Whether `mac` is that of a row under any master key.
    pub(crate) fn is_audit_mac(&self, mac: &[u8], previous: &[u8], row: &[u8]) -> bool {
        use subtle::ConstantTimeEq as _;
        self.0
            .iter()
            .any(|d| hmac(&d.audit, &[b"audit.v1\0", previous, row]).ct_eq(mac).into())
    }
}

impl Derived {
    fn new(version: &str, master: &[u8]) -> Derived {
        let key = |purpose: &str| {
            let mut out = [0; 32];
            // 32 bytes are far below the 8,160 that HKDF-SHA-256 can give, so this can't fail.
            let _ = Hkdf::<Sha256>::new(None, master).expand(purpose.as_bytes(), &mut out);
            out
        };
        Derived {
            version: version.to_owned(),
            api_key: key("apikey-pepper"),
            session: key("session"),
            audit: key("audit-mac"),
        }
    }
}

fn hmac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return [0; 32];
    };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(unix)]
fn refuse_open(path: &Path, shown: &str) -> Result<(), KeyringError> {
    use std::os::unix::fs::PermissionsExt as _;
    let meta = std::fs::metadata(path).map_err(|e| KeyringError::Io(shown.to_owned(), e))?;
    let is_private = meta.permissions().mode().trailing_zeros() >= 6;
    if is_private {
        Ok(())
    } else {
        Err(KeyringError::Open(shown.to_owned()))
    }
}

#[cfg(not(unix))]
fn refuse_open(_: &Path, _: &str) -> Result<(), KeyringError> {
    Ok(())
}

fn write_new(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    if let Some(folder) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|d| &d.version)).finish()
    }
}
