//! Addresses: whether they are free, whether they fit the public URL, and how many connections the system allows.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use super::Findings;
use crate::config::{Config, PublicUrl, Tls};
use crate::serve::accept::Listener;
use crate::serve::files_limit;

/// How long a server that is already there may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

pub(super) fn listeners(config: &Config, findings: &mut Findings) {
    if let Some(address) = config.listen {
        listener(address, "--listen", findings);
        if config.tls == Tls::Off && !address.ip().is_loopback() && config.trusted_proxies.is_empty() {
            findings.warning(
                format!("passwords and keys travel unencrypted to {address}"),
                "turn TLS on, or listen on 127.0.0.1 behind a proxy and name it with --trusted-proxy",
            );
        }
    }
    if config.tls != Tls::Off {
        listener(config.tls_listen, "--tls-listen", findings);
    }
    if let Some(address) = config.metrics_listen {
        listener(address, "--metrics-listen", findings);
    }
}

fn listener(address: SocketAddr, flag: &str, findings: &mut Findings) {
    match Listener::bind(address, None) {
        Ok(_) => findings.ok(format!("{address} is free")),
        Err(_) if answers(address) => findings.ok(format!("Attest answers at {address} already")),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => findings.warning(
            format!("something listens at {address} already"),
            format!("fine if it is Attest itself; otherwise end it, or give another address with {flag}"),
        ),
        Err(error) => findings.error(
            format!("cannot listen at {address}: {error}"),
            format!("give an address of this machine with {flag}; ports below 1024 need rights"),
        ),
    }
}

/// Whether an Attest answers there, in the clear.
fn answers(address: SocketAddr) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.write_all(b"GET /livez HTTP/1.1\r\nhost: attest\r\nconnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.take(4096).read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.ends_with("alive\n"))
}

pub(super) fn public_url(config: &Config, findings: &mut Findings) {
    let Some(url) = &config.public_url else {
        if !config.trusted_proxies.is_empty() {
            findings.warning(
                "a proxy is trusted, but the public address is not known",
                "give the address that people open with --public-url",
            );
        }
        return;
    };
    let behind_proxy = !config.trusted_proxies.is_empty();
    match (url.https, &config.tls) {
        (true, Tls::Off) if !behind_proxy => findings.warning(
            format!("{url} is https, but nothing here serves https and no proxy is trusted"),
            "turn TLS on, or name the proxy that does it with --trusted-proxy",
        ),
        (false, Tls::SelfSigned | Tls::Files { .. }) => findings.warning(
            format!("{url} is not encrypted, although TLS is on"),
            "write https:// in --public-url",
        ),
        (false, Tls::Off) => findings.warning(
            format!("{url} is not encrypted, and Testmo's clients refuse it"),
            "turn TLS on, or put a proxy with https before Attest",
        ),
        (true, _) => findings.ok(format!("{url} is served over https")),
    }
    if !is_dotted(url) {
        findings.warning(
            format!("Testmo's clients refuse the host {}", url.host),
            "use a name with a dot, or an IP address, in --public-url",
        );
    }
}

/// Testmo's clients take names with a top-level domain and IP addresses (contract §1).
fn is_dotted(url: &PublicUrl) -> bool {
    url.host.contains('.') || url.host.starts_with('[')
}

pub(super) fn files(config: &Config, findings: &mut Findings) {
    let needed = files_limit::needed(config.limits.connections);
    let (_, maximum) = files_limit::present();
    match maximum {
        Some(maximum) if maximum < needed => findings.warning(
            format!("the system allows {maximum} open files, but limits.connections needs {needed}"),
            "raise the limit (ulimit -Hn, LimitNOFILE), or lower limits.connections",
        ),
        _ => findings.ok(format!(
            "the system allows the {needed} open files that limits.connections needs"
        )),
    }
}
