//! The address of the server: a `postgres://` URL with the parameters of libpq.

use super::tls;
use crate::db::{Error, Result};
use std::time::Duration;
use tokio_postgres::Config;
use tokio_postgres_rustls::MakeRustlsConnect;

/// Where to connect, and how.
pub(super) struct Address {
    pub(super) config: Config,
    /// `None`: plain text.
    pub(super) tls: Option<MakeRustlsConnect>,
    pub(super) statement_limit: Duration,
}

impl Address {
    /// Reads a URL. TLS is used with `sslmode=require`, `verify-ca` or `verify-full`. All three verify the
    /// certificate and the name, against the file of `sslrootcert` or the system's authorities.
    pub(super) fn parse(url: &str, statement_limit: Duration) -> Result<Address> {
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        let mut tls = None;
        let mut roots = None;
        let mut others = Vec::new();
        for pair in query.split('&').filter(|p| !p.is_empty()) {
            match pair.split_once('=') {
                Some(("sslmode", mode)) => tls = Some(is_tls(mode)?),
                Some(("sslrootcert", file)) => roots = Some(unescape(file)?),
                _ => others.push(pair),
            }
        }
        let tls = tls.unwrap_or(false);
        let mode = if tls { "require" } else { "disable" };
        let sslmode = format!("sslmode={mode}");
        others.push(&sslmode);
        let mut config: Config = format!("{base}?{}", others.join("&"))
            .parse()
            .map_err(|e: tokio_postgres::Error| Error::Open(text(&e)))?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(10));
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(statement_limit);
        }
        if !query.contains("keepalives") {
            // The default notices a server that vanished only after two hours.
            config.keepalives_idle(Duration::from_secs(30));
            config
                .keepalives_interval(Duration::from_secs(10))
                .keepalives_retries(3);
        }
        if config.get_application_name().is_none() {
            config.application_name("attest");
        }
        let tls = if tls {
            Some(tls::connector(roots.as_deref())?)
        } else {
            None
        };
        Ok(Address {
            config,
            tls,
            statement_limit,
        })
    }
}

fn is_tls(mode: &str) -> Result<bool> {
    match mode {
        "disable" => Ok(false),
        "require" | "verify-ca" | "verify-full" => Ok(true),
        _ => Err(Error::Open(
            "write sslmode=disable, require or verify-full".to_owned(),
        )),
    }
}

/// An error of the driver with what caused it. Never contains the password.
pub(super) fn text(e: &tokio_postgres::Error) -> String {
    match std::error::Error::source(e) {
        Some(cause) => format!("{e}: {cause}"),
        None => e.to_string(),
    }
}

fn unescape(value: &str) -> Result<String> {
    let wrong = || Error::Open("write sslrootcert as a percent-encoded path".to_owned());
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let [first, tail @ ..] = rest {
        if *first == b'%' {
            let hex = tail
                .get(..2)
                .and_then(|h| std::str::from_utf8(h).ok())
                .ok_or_else(wrong)?;
            bytes.push(u8::from_str_radix(hex, 16).map_err(|_| wrong())?);
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Result<Address> {
        Address::parse(url, Duration::from_secs(30))
    }

    #[test]
    fn plain_unless_asked_for() {
        let address = parse("postgres://u:p@db.example:5433/attest?connect_timeout=3").unwrap();
        assert!(address.tls.is_none());
        assert_eq!(address.config.get_dbname(), Some("attest"));
        assert_eq!(
            address.config.get_connect_timeout(),
            Some(&Duration::from_secs(3))
        );
        assert!(
            parse("postgres://u@db/attest?sslmode=disable")
                .unwrap()
                .tls
                .is_none()
        );
    }

    #[test]
    fn a_missing_root_file_is_named() {
        let url = "postgres://u@db/attest?sslmode=verify-full&sslrootcert=%2Fnowhere%2Fca.pem";
        let Err(Error::Open(text)) = parse(url) else {
            panic!("opened")
        };
        assert!(text.contains("/nowhere/ca.pem"), "{text}");
    }

    #[test]
    fn wrong_parameters_are_refused_without_the_password() {
        for url in [
            "postgres://u:secret@db/a?sslmode=maybe",
            "postgres://u:secret@db/a?nonsense=1",
        ] {
            let Err(Error::Open(text)) = parse(url) else {
                panic!("opened {url}")
            };
            assert!(!text.contains("secret"), "{text}");
        }
    }
}
