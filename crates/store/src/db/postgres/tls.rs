//! TLS to the server.

use crate::db::{Error, Result};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use std::path::Path;
use std::sync::Arc;
use tokio_postgres_rustls::MakeRustlsConnect;

/// Where systems keep the certificates of the authorities: Debian and Alpine, Fedora, openSUSE, BSD and macOS.
const SYSTEM_ROOTS: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// Verifies the server's certificate and name against the authorities in `file`, or against the system's.
pub(super) fn connector(file: Option<&str>) -> Result<MakeRustlsConnect> {
    let file = file
        .or_else(|| SYSTEM_ROOTS.into_iter().find(|f| Path::new(f).is_file()))
        .ok_or_else(|| Error::Open("name a file of trusted certificates with sslrootcert".to_owned()))?;
    let unreadable = |e: &dyn std::fmt::Display| Error::Open(format!("cannot read {file}: {e}"));
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(file).map_err(|e| unreadable(&e))? {
        let certificate = certificate.map_err(|e| unreadable(&e))?;
        // A bundle may contain what nobody can read; the others are good.
        let _ = roots.add(certificate);
    }
    if roots.is_empty() {
        return Err(Error::Open(format!("{file} contains no certificate")));
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| Error::Open(e.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}
