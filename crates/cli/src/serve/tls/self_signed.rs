//! A certificate authority of our own, so that HTTPS works before anybody has bought a certificate.
//!
//! The CA lies in `DATA/tls`; clients trust its `ca.pem`. The server's certificate lives in memory only: it is made
//! at start and again before it expires.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use model::{Clock, Timestamp};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose,
};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;

use super::files::certified;
use super::{Current, validity};
use crate::config::Config;

/// How long the CA is valid: as long as a machine lives.
const CA_LIFE: i64 = 20 * 365 * model::clock::DAY;
/// How long a server certificate is valid. Clients refuse more than 825 days even from a private CA.
const LIFE: i64 = 90 * model::clock::DAY;
/// A server certificate is made anew when less than this is left.
const RENEW_BEFORE: i64 = 30 * model::clock::DAY;
/// Certificates begin in the past, because clocks differ.
const SKEW: i64 = model::clock::DAY;

/// The CA's certificate, which clients have to trust.
pub fn ca_path(data_dir: &Path) -> PathBuf {
    data_dir.join("tls").join("ca.pem")
}

/// The names and addresses that the server's certificate is valid for.
pub fn subject_names(config: &Config) -> Vec<String> {
    let mut names = BTreeSet::from([
        "localhost".to_owned(),
        Ipv4Addr::LOCALHOST.to_string(),
        Ipv6Addr::LOCALHOST.to_string(),
    ]);
    if let Some(url) = &config.public_url {
        names.insert(url.host.trim_matches(['[', ']']).to_owned());
    }
    for ip in [Some(config.tls_listen), config.listen]
        .into_iter()
        .flatten()
        .map(|at| at.ip())
    {
        if !ip.is_unspecified() {
            names.insert(ip.to_string());
        }
    }
    names.into_iter().collect()
}

/// The CA of a data directory, and the names that it certifies.
pub struct SelfSigned {
    ca_cert: CertificateDer<'static>,
    ca_key: KeyPair,
    names: Vec<String>,
    clock: Arc<dyn Clock>,
}

impl SelfSigned {
    /// Opens the CA of the data directory, or makes it.
    ///
    /// # Errors
    /// Files that cannot be read or written, with their paths.
    pub fn open(data_dir: &Path, names: Vec<String>, clock: Arc<dyn Clock>) -> anyhow::Result<SelfSigned> {
        let cert_path = ca_path(data_dir);
        let key_path = cert_path.with_file_name("ca.key");
        if !cert_path.exists() || !key_path.exists() {
            make_ca(&cert_path, &key_path, clock.now())?;
        }
        let key =
            fs::read_to_string(&key_path).with_context(|| format!("cannot read {}", key_path.display()))?;
        Ok(SelfSigned {
            ca_cert: CertificateDer::from_pem_file(&cert_path)
                .with_context(|| format!("cannot read {}", cert_path.display()))?,
            ca_key: KeyPair::from_pem(&key)
                .with_context(|| format!("{} is not a key", key_path.display()))?,
            names,
            clock,
        })
    }

    /// Makes a server certificate.
    ///
    /// # Errors
    /// A name that cannot stand in a certificate.
    pub fn issue(&self) -> anyhow::Result<CertifiedKey> {
        let mut params =
            CertificateParams::new(self.names.clone()).context("a name cannot stand in a certificate")?;
        params.distinguished_name = named("Attest server");
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let now = self.clock.now();
        set_life(&mut params, now, self.end(now))?;
        let key = KeyPair::generate()?;
        let issuer = Issuer::new(ca_params(&self.ca_key), &self.ca_key);
        let cert = params.signed_by(&key, &issuer)?;
        let der = PrivateKeyDer::try_from(key.serialize_der()).map_err(anyhow::Error::msg)?;
        Ok(certified(vec![cert.der().clone(), self.ca_cert.clone()], der)?)
    }

    /// Never beyond the CA's own end.
    fn end(&self, now: Timestamp) -> Timestamp {
        let wanted = now.plus(LIFE);
        validity(&self.ca_cert).map_or(wanted, |ca| wanted.min(ca.not_after))
    }

    /// Makes the certificate anew before it expires. Never ends.
    pub async fn follow(self, current: Arc<Current>) {
        loop {
            tokio::time::sleep(Duration::from_hours(1)).await;
            self.refresh(&current);
        }
    }

    fn refresh(&self, current: &Current) {
        let key = current.get();
        let left = key
            .cert
            .first()
            .and_then(|cert| validity(cert))
            .map_or(0, |validity| validity.not_after.since(self.clock.now()));
        if left >= RENEW_BEFORE {
            return;
        }
        match self.issue() {
            Ok(key) => {
                current.replace(key);
                tracing::info!("made a new certificate");
            }
            Err(error) => tracing::error!(error = format!("{error:#}"), "could not make a new certificate"),
        }
    }
}

fn make_ca(cert_path: &Path, key_path: &Path, now: Timestamp) -> anyhow::Result<()> {
    let folder = cert_path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let key = KeyPair::generate()?;
    let mut params = ca_params(&key);
    set_life(&mut params, now, now.plus(CA_LIFE))?;
    let cert = params.self_signed(&key)?;
    write(key_path, &key.serialize_pem(), 0o600)?;
    write(cert_path, &cert.pem(), 0o644)
}

/// The CA's name and rights. They follow from its key, so that its certificate need not be parsed to sign with it.
fn ca_params(key: &KeyPair) -> CertificateParams {
    let mut params = CertificateParams::default();
    let print = params.key_identifier(key);
    let print = print
        .iter()
        .take(4)
        .fold(0_u32, |sum, byte| (sum << 8) | u32::from(*byte));
    params.distinguished_name = named(&format!("Attest local CA {print:08x}"));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

fn named(name: &str) -> DistinguishedName {
    let mut distinguished = DistinguishedName::new();
    distinguished.push(DnType::CommonName, name);
    distinguished
}

fn set_life(params: &mut CertificateParams, now: Timestamp, end: Timestamp) -> anyhow::Result<()> {
    // rcgen takes the beginning of a day.
    let day = |at: Timestamp| at.to_jiff().to_zoned(jiff::tz::TimeZone::UTC).date();
    let number = |n: i8| u8::try_from(n).context("a date has no such month or day");
    let (first, last) = (day(now.plus(-SKEW)), day(end));
    params.not_before =
        rcgen::date_time_ymd(first.year().into(), number(first.month())?, number(first.day())?);
    params.not_after = rcgen::date_time_ymd(last.year().into(), number(last.month())?, number(last.day())?);
    Ok(())
}

fn write(path: &Path, text: &str, mode: u32) -> anyhow::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let write = || {
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(mode)
            .open(path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::clock::{DAY, ManualClock};

    fn clock() -> Arc<ManualClock> {
        Arc::new(ManualClock::new(
            Timestamp::parse("2026-11-22T00:00:00Z").unwrap(),
        ))
    }

    #[test]
    fn keeps_its_ca_and_renews_the_certificate_before_it_expires() {
        let folder = tempfile::tempdir().unwrap();
        let clock = clock();
        let open = || SelfSigned::open(folder.path(), vec!["localhost".to_owned()], clock.clone()).unwrap();
        let ca = open();
        let current = Current::new(ca.issue().unwrap());
        let first = current.get().cert.clone();
        assert_eq!(open().ca_cert, ca.ca_cert, "a second start uses the same CA");

        clock.advance(59 * DAY);
        ca.refresh(&current);
        assert_eq!(current.get().cert, first, "31 days are left");

        clock.advance(2 * DAY);
        ca.refresh(&current);
        let second = current.get().cert.clone();
        assert_ne!(second, first);
        let renewed = validity(&second[0]).unwrap();
        assert_eq!(renewed.not_after.since(clock.now()), LIFE);
    }

    #[test]
    fn the_key_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        SelfSigned::open(folder.path(), Vec::new(), clock()).unwrap();
        let mode = folder
            .path()
            .join("tls/ca.key")
            .metadata()
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn names_cover_loopback_the_listener_and_the_public_url() {
        let mut config = Config::factory().unwrap();
        config.tls_listen = "192.0.2.7:8443".parse().unwrap();
        config.public_url = Some(crate::config::PublicUrl {
            https: true,
            host: "attest.example.com".to_owned(),
            port: None,
        });
        let names = subject_names(&config);
        assert!(names.contains(&"localhost".to_owned()) && names.contains(&"attest.example.com".to_owned()));
        for ip in ["127.0.0.1", "::1", "192.0.2.7"] {
            assert!(names.contains(&ip.to_owned()), "{ip}");
        }
    }
}
