//! How the text of a setting becomes a value. Each failure says what is wrong and what to write instead.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use secrecy::SecretString;

/// What is wrong with a value, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub(super) problem: String,
    pub(super) remedy: String,
}

fn fault(problem: impl Into<String>, remedy: impl Into<String>) -> Fault {
    Fault {
        problem: problem.into(),
        remedy: remedy.into(),
    }
}

/// A scheme, a host and perhaps a port; never a path, because Testmo's clients drop it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    /// Whether the scheme is https.
    pub https: bool,
    /// A name, an IPv4 address, or an IPv6 address in brackets.
    pub host: String,
    /// The port, when it is not the scheme's own.
    pub port: Option<u16>,
}

impl std::fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let scheme = if self.https { "https" } else { "http" };
        write!(f, "{scheme}://{}", self.host)?;
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

/// The one value of a setting that takes one.
fn one(given: &[String]) -> Result<&str, Fault> {
    match given {
        [only] => Ok(only.trim()),
        _ => Err(fault(
            format!("{} values were given", given.len()),
            "give exactly one",
        )),
    }
}

pub(super) fn path(given: &[String]) -> Result<PathBuf, Fault> {
    match one(given)? {
        "" => Err(fault(
            "the path is empty",
            "give a path, or leave the setting out",
        )),
        path => Ok(PathBuf::from(path)),
    }
}

pub(super) fn text(given: &[String]) -> Result<String, Fault> {
    match one(given)? {
        "" => Err(fault("the value is empty", "give one, or leave the setting out")),
        text => Ok(text.to_owned()),
    }
}

pub(super) fn secret(given: &[String]) -> Result<SecretString, Fault> {
    one(given).map(SecretString::from)
}

pub(super) fn address(given: &[String]) -> Result<SocketAddr, Fault> {
    let text = one(given)?;
    text.parse().map_err(|_| {
        fault(
            format!("`{text}` is not an address with a port"),
            "write it like 127.0.0.1:8080 or [::]:8080",
        )
    })
}

pub(super) fn address_or_off(given: &[String]) -> Result<Option<SocketAddr>, Fault> {
    match one(given)? {
        "off" => Ok(None),
        _ => address(given).map(Some),
    }
}

pub(super) fn networks(given: &[String]) -> Result<Vec<IpNet>, Fault> {
    given.iter().map(|text| network(text.trim())).collect()
}

fn network(text: &str) -> Result<IpNet, Fault> {
    text.parse::<IpNet>()
        .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
        .map_err(|_| {
            fault(
                format!("`{text}` is not a network"),
                "write it like 10.0.0.0/8, fd00::/8 or 10.0.0.7",
            )
        })
}

pub(super) fn switch(given: &[String]) -> Result<bool, Fault> {
    match one(given)?.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Ok(true),
        "false" | "0" | "no" | "off" => Ok(false),
        other => Err(fault(
            format!("`{other}` is neither true nor false"),
            "write true or false",
        )),
    }
}

pub(super) fn choice<T: Copy>(given: &[String], choices: &[(&str, T)]) -> Result<T, Fault> {
    let text = one(given)?;
    choices
        .iter()
        .find(|(name, _)| *name == text)
        .map(|(_, value)| *value)
        .ok_or_else(|| {
            let names: Vec<_> = choices.iter().map(|(name, _)| *name).collect();
            fault(
                format!("`{text}` is not known here"),
                format!("write {}", names.join(" or ")),
            )
        })
}

pub(super) fn level(given: &[String]) -> Result<String, Fault> {
    let text = one(given)?;
    match text.parse::<tracing_subscriber::filter::Targets>() {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err(fault(
            format!("`{text}` is not a log level"),
            "write error, warn, info, debug or trace, or per module: info,store=debug",
        )),
    }
}

pub(super) fn count(given: &[String]) -> Result<usize, Fault> {
    let text = one(given)?;
    match text.parse() {
        Ok(n) if (1..=1_000_000).contains(&n) => Ok(n),
        _ => Err(fault(
            format!("`{text}` is not a usable number"),
            "write a whole number from 1 to 1000000",
        )),
    }
}

/// `500ms`, `10s`, `2m`, `1h`.
pub(super) fn duration(given: &[String]) -> Result<Duration, Fault> {
    let text = one(given)?;
    let (number, unit) = split_unit(text);
    let millis = match unit {
        "ms" => Some(1),
        "s" => Some(1_000),
        "m" => Some(60_000),
        "h" => Some(3_600_000),
        _ => None,
    };
    number
        .parse::<u64>()
        .ok()
        .zip(millis)
        .and_then(|(n, scale)| n.checked_mul(scale))
        .filter(|ms| (1..=7 * 24 * 3_600_000).contains(ms))
        .map(Duration::from_millis)
        .ok_or_else(|| {
            fault(
                format!("`{text}` is not a length of time"),
                "write it like 500ms, 10s, 2m or 1h",
            )
        })
}

/// `512`, `8KiB`, `1MiB`.
pub(super) fn bytes(given: &[String]) -> Result<usize, Fault> {
    let text = one(given)?;
    let (number, unit) = split_unit(text);
    let scale = match unit {
        "" | "B" => Some(1),
        "KiB" => Some(1 << 10),
        "MiB" => Some(1 << 20),
        "GiB" => Some(1 << 30),
        _ => None,
    };
    number
        .parse::<usize>()
        .ok()
        .zip(scale)
        .and_then(|(n, scale)| n.checked_mul(scale))
        .filter(|n| *n > 0)
        .ok_or_else(|| {
            fault(
                format!("`{text}` is not a size"),
                "write it like 512, 8KiB or 1MiB",
            )
        })
}

fn split_unit(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    (&text[..end], text[end..].trim())
}

pub(super) fn public_url(given: &[String]) -> Result<PublicUrl, Fault> {
    let text = one(given)?;
    let wrong = |problem: &str| {
        fault(
            format!("`{text}` {problem}"),
            "write it like https://attest.example.com",
        )
    };
    let url: http::Uri = text.parse().map_err(|_| wrong("is not a URL"))?;
    let https = match url.scheme_str() {
        Some("https") => true,
        Some("http") => false,
        _ => return Err(wrong("does not begin with http:// or https://")),
    };
    let authority = url.authority().ok_or_else(|| wrong("has no host"))?;
    if authority.as_str().contains('@') {
        return Err(wrong("has a user name"));
    }
    if !matches!(url.path(), "" | "/") || url.query().is_some() {
        return Err(wrong(
            "has a path, but Testmo's clients use only scheme, host and port",
        ));
    }
    let own_port = if https { 443 } else { 80 };
    Ok(PublicUrl {
        https,
        host: authority.host().to_ascii_lowercase(),
        port: authority.port_u16().filter(|port| *port != own_port),
    })
}
