//! A certificate chain and its key in PEM files.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use anyhow::Context as _;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;

use super::Current;

/// How often the files are looked at.
const INTERVAL: Duration = Duration::from_secs(5);

/// Where the chain and the key lie.
#[derive(Debug, Clone)]
pub struct Files {
    /// The chain, the server's own certificate first.
    pub cert: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

/// When the two files were changed last.
type Stamp = (Option<SystemTime>, Option<SystemTime>);

impl Files {
    /// Reads both files and checks that they belong together.
    ///
    /// # Errors
    /// Which file is at fault, and why.
    pub fn load(&self) -> anyhow::Result<CertifiedKey> {
        let chain = CertificateDer::pem_file_iter(&self.cert)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .with_context(|| format!("cannot read certificates from {}", self.cert.display()))?;
        anyhow::ensure!(
            !chain.is_empty(),
            "{} holds no certificate; give a PEM file with the chain",
            self.cert.display()
        );
        let key = PrivateKeyDer::from_pem_file(&self.key)
            .with_context(|| format!("cannot read a private key from {}", self.key.display()))?;
        certified(chain, key).with_context(|| {
            format!(
                "{} and {} do not belong together",
                self.cert.display(),
                self.key.display()
            )
        })
    }

    fn stamp(&self) -> Stamp {
        let changed = |path: &Path| path.metadata().and_then(|meta| meta.modified()).ok();
        (changed(&self.cert), changed(&self.key))
    }

    /// Reads the files into `current` whenever they changed. Never ends.
    pub async fn follow(self, current: Arc<Current>) {
        let mut seen = self.stamp();
        loop {
            tokio::time::sleep(INTERVAL).await;
            self.refresh(&current, &mut seen);
        }
    }

    /// One look. A pair that cannot be used leaves the old certificate in place and is tried again when it changes.
    fn refresh(&self, current: &Current, seen: &mut Stamp) {
        let stamp = self.stamp();
        if stamp == *seen {
            return;
        }
        *seen = stamp;
        match self.load() {
            Ok(key) => {
                current.replace(key);
                tracing::info!(cert = %self.cert.display(), "took the changed certificate");
            }
            Err(error) => tracing::error!(
                error = format!("{error:#}"),
                "kept the old certificate; put a chain and its key in place"
            ),
        }
    }
}

/// A chain with its key.
///
/// # Errors
/// A key of an unknown kind, or one that is not the certificate's.
pub(super) fn certified(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<CertifiedKey, rustls::Error> {
    let provider = rustls::crypto::aws_lc_rs::default_provider();
    CertifiedKey::from_der(chain, key, &provider)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write_pair(files: &Files, name: &str) -> CertificateDer<'static> {
        let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
        std::fs::write(&files.cert, made.cert.pem()).unwrap();
        std::fs::write(&files.key, made.signing_key.serialize_pem()).unwrap();
        made.cert.der().clone()
    }

    fn in_folder(folder: &Path) -> Files {
        Files {
            cert: folder.join("cert.pem"),
            key: folder.join("key.pem"),
        }
    }

    #[test]
    fn takes_a_changed_pair_and_keeps_the_old_one_when_it_is_broken() {
        let folder = tempfile::tempdir().unwrap();
        let files = in_folder(folder.path());
        let first = write_pair(&files, "one.example");
        let current = Current::new(files.load().unwrap());
        assert_eq!(current.get().cert, vec![first]);

        let mut seen = (None, None);
        let second = write_pair(&files, "two.example");
        files.refresh(&current, &mut seen);
        assert_eq!(current.get().cert, vec![second.clone()]);

        std::fs::write(&files.key, "not a key").unwrap();
        files.refresh(&current, &mut (None, None));
        assert_eq!(current.get().cert, vec![second]);
    }

    #[test]
    fn refuses_a_key_of_another_certificate() {
        let folder = tempfile::tempdir().unwrap();
        let files = in_folder(folder.path());
        write_pair(&files, "one.example");
        let other = rcgen::generate_simple_self_signed(["two.example".to_owned()]).unwrap();
        std::fs::write(&files.key, other.signing_key.serialize_pem()).unwrap();
        let text = format!("{:#}", files.load().unwrap_err());
        assert!(text.contains("do not belong together"), "{text}");
    }
}
