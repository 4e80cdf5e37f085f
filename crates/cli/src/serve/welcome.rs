//! What the server says on stdout when it is ready.

use std::fmt::Write as _;
use std::net::SocketAddr;

use super::run::Bound;
use crate::config::{self, Config, Tls};

/// Prints where the server is, how to sign in for the first time, and what Testmo's clients need.
pub(super) fn print(config: &Config, bound: &[Bound], setup: Option<String>) {
    use std::io::Write as _;
    let addresses: Vec<_> = bound.iter().map(|bound| (bound.scheme, bound.address)).collect();
    let text = text(config, &addresses, setup.as_deref());
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

fn text(config: &Config, bound: &[(&str, SocketAddr)], setup: Option<&str>) -> String {
    let open = base(config, bound);
    let mut text = format!("Attest is ready: {open}\n");
    if let Some(token) = setup {
        let _ = writeln!(text, "Set it up, once, at: {open}/setup/{token}");
    }
    match secure(config, bound) {
        Some(url) => {
            text.push_str("Testmo's command line needs:\n");
            if config.tls == Tls::SelfSigned {
                let ca = super::tls::ca_path(&config.data_dir);
                let ca = ca.canonicalize().unwrap_or(ca);
                let _ = writeln!(text, "  export NODE_EXTRA_CA_CERTS={}", ca.display());
            }
            text.push_str("  export TESTMO_TOKEN=<an API key>\n");
            let _ = writeln!(text, "  --instance {url}");
        }
        None => text.push_str(
            "Testmo's command line needs https: add --tls self-signed, or a --public-url with https.\n",
        ),
    }
    text
}

/// The address to open: the public one, else https, else http.
fn base(config: &Config, bound: &[(&str, SocketAddr)]) -> String {
    let own = bound.iter().max_by_key(|(scheme, _)| *scheme == "https");
    match (&config.public_url, own) {
        (Some(url), _) => url.to_string(),
        (None, Some((scheme, at))) => config::origin(scheme, *at),
        (None, None) => String::new(),
    }
}

/// The https address, if there is one.
fn secure(config: &Config, bound: &[(&str, SocketAddr)]) -> Option<String> {
    let base = base(config, bound);
    base.starts_with("https:").then_some(base)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::PublicUrl;

    fn at(address: &str) -> SocketAddr {
        address.parse().unwrap()
    }

    #[test]
    fn names_the_bound_address_and_the_link() {
        let config = Config::factory().unwrap();
        let text = text(&config, &[("http", at("0.0.0.0:4711"))], Some("TOKEN"));
        assert!(
            text.starts_with("Attest is ready: http://127.0.0.1:4711\n"),
            "{text}"
        );
        assert!(text.contains("at: http://127.0.0.1:4711/setup/TOKEN\n"), "{text}");
        assert!(text.contains("add --tls self-signed"), "{text}");
    }

    #[test]
    fn tells_testmos_clients_what_they_need() {
        let mut config = Config::factory().unwrap();
        config.tls = Tls::SelfSigned;
        let bound = [("http", at("127.0.0.1:8080")), ("https", at("127.0.0.1:8443"))];
        let own = text(&config, &bound, None);
        assert!(
            own.contains("NODE_EXTRA_CA_CERTS=./attest-data/tls/ca.pem\n"),
            "{own}"
        );
        assert!(own.contains("--instance https://127.0.0.1:8443\n"), "{own}");
        assert!(!own.contains("/setup/"), "{own}");

        config.tls = Tls::Off;
        config.public_url = Some(PublicUrl {
            https: true,
            host: "attest.example.com".to_owned(),
            port: None,
        });
        let behind = text(&config, &bound[..1], None);
        assert!(
            behind.contains("--instance https://attest.example.com\n"),
            "{behind}"
        );
        assert!(!behind.contains("NODE_EXTRA_CA_CERTS"), "{behind}");
    }
}
