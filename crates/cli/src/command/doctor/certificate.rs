//! The certificate: readable, valid, and for the name by which the server is reached.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use model::clock::DAY;
use model::{Clock as _, SystemClock};
use rustls::client::verify_server_name;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::server::ParsedCertificate;

use super::Findings;
use crate::config::{Config, Tls};
use crate::serve::tls::{Files, ca_path, validity};

/// Days before the end from which it is mentioned.
const SOON: i64 = 30;

pub(super) fn examine(config: &Config, findings: &mut Findings) {
    match &config.tls {
        Tls::Off => {}
        Tls::SelfSigned => own_ca(config, findings),
        Tls::Files { cert, key } => files(config, cert, key, findings),
    }
}

fn own_ca(config: &Config, findings: &mut Findings) {
    let path = ca_path(&config.data_dir);
    let shown = path.display();
    if !path.exists() {
        return findings.ok(format!("the CA {shown} does not exist yet and will be made"));
    }
    match CertificateDer::from_pem_file(&path) {
        Ok(ca) => {
            life(
                &ca,
                &format!("the CA {shown}"),
                "remove the folder and start again; clients have to trust the new CA",
                findings,
            );
            private(&path.with_file_name("ca.key"), findings);
        }
        Err(error) => findings.error(
            format!("the CA {shown} cannot be read: {error}"),
            "put it back from your backup, or remove the folder; clients then have to trust a new CA",
        ),
    }
}

fn files(config: &Config, cert: &Path, key: &Path, findings: &mut Findings) {
    let files = Files {
        cert: cert.to_owned(),
        key: key.to_owned(),
    };
    let chain = match files.load() {
        Ok(certified) => certified.cert.clone(),
        Err(error) => {
            return findings.error(
                format!("the certificate cannot be used: {error:#}"),
                "give a PEM chain with tls-cert, the server's own certificate first, and its key with tls-key",
            );
        }
    };
    private(key, findings);
    let shown = format!("the certificate {}", cert.display());
    if let Some(own) = chain.first() {
        life(
            own,
            &shown,
            "renew it; Attest takes the new files without a restart",
            findings,
        );
        name(config, own, &shown, findings);
    }
}

fn life(cert: &CertificateDer<'_>, shown: &str, remedy: &str, findings: &mut Findings) {
    let Some(validity) = validity(cert) else {
        return findings.error(format!("{shown} is no certificate"), remedy);
    };
    let now = SystemClock.now();
    let end = validity.not_after.to_string();
    let days = validity.not_after.since(now) / DAY;
    if validity.not_after <= now {
        findings.error(format!("{shown} ended {end}"), remedy);
    } else if validity.not_before > now {
        findings.error(
            format!("{shown} is valid only from {}", validity.not_before),
            "set the clock of this machine",
        );
    } else if days < SOON {
        findings.warning(format!("{shown} ends in {days} days, {end}"), remedy);
    } else {
        findings.ok(format!("{shown} is valid until {end}"));
    }
}

/// Whether clients that open the public URL will accept the certificate.
fn name(config: &Config, cert: &CertificateDer<'_>, shown: &str, findings: &mut Findings) {
    let Some(url) = &config.public_url else { return };
    let host = url.host.trim_matches(['[', ']']);
    let fits = ParsedCertificate::try_from(cert)
        .ok()
        .zip(ServerName::try_from(host).ok())
        .is_some_and(|(cert, name)| verify_server_name(&cert, &name).is_ok());
    if fits {
        findings.ok(format!("{shown} is for {host}"));
    } else {
        findings.error(
            format!("{shown} is not for {host}, the host of --public-url"),
            "get a certificate for that name, or change --public-url",
        );
    }
}

/// Whether a private key is its owner's alone.
fn private(key: &Path, findings: &mut Findings) {
    if let Ok(meta) = key.metadata()
        && meta.permissions().mode() & 0o077 != 0
    {
        let shown = key.display();
        findings.warning(
            format!("others can read the private key {shown}"),
            format!("chmod 600 {shown}"),
        );
    }
}
