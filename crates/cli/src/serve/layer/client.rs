//! Who the client is, behind proxies that we trust.

use std::net::{IpAddr, SocketAddr};

use http::{HeaderMap, HeaderName};
use ipnet::IpNet;
use model::net::Peer;

const FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// The client as far as it can be told.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) ip: Option<IpAddr>,
    pub(super) https: bool,
}

/// The nearest address that is not a trusted proxy, and whether that hop was encrypted.
pub(super) fn seen(peer: Option<Peer>, headers: &HeaderMap, trusted: &[IpNet]) -> Seen {
    let Some(peer) = peer else {
        return Seen {
            ip: None,
            https: false,
        };
    };
    let direct = peer.addr.ip();
    let is_trusted = |ip: &IpAddr| trusted.iter().any(|net| net.contains(ip));
    if trusted.is_empty() || !is_trusted(&direct) {
        return Seen {
            ip: Some(direct),
            https: peer.tls,
        };
    }
    Seen {
        ip: Some(walk_back(direct, headers, is_trusted)),
        https: forwarded_https(headers).unwrap_or(peer.tls),
    }
}

/// From right to left, because a client can write anything to the left. An entry that is no address ends the walk at
/// the proxy that reported it.
fn walk_back(direct: IpAddr, headers: &HeaderMap, is_trusted: impl Fn(&IpAddr) -> bool) -> IpAddr {
    let mut client = direct;
    for line in headers.get_all(FOR).iter().rev() {
        let Ok(line) = line.to_str() else { return client };
        for entry in line.rsplit(',') {
            let Some(ip) = address(entry.trim()) else {
                return client;
            };
            client = ip;
            if !is_trusted(&ip) {
                return client;
            }
        }
    }
    client
}

/// With or without a port, an IPv6 address with or without brackets.
fn address(text: &str) -> Option<IpAddr> {
    text.parse::<IpAddr>()
        .or_else(|_| text.parse::<SocketAddr>().map(|at| at.ip()))
        .or_else(|_| text.trim_matches(['[', ']']).parse())
        .ok()
        .map(|ip| ip.to_canonical())
}

/// What the nearest proxy says; with several values it is the last one that the nearest proxy wrote.
fn forwarded_https(headers: &HeaderMap) -> Option<bool> {
    let line = headers.get_all(PROTO).iter().next_back()?.to_str().ok()?;
    let last = line.rsplit(',').next()?.trim();
    Some(last.eq_ignore_ascii_case("https"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(ip: &str) -> Peer {
        Peer {
            addr: SocketAddr::new(ip.parse().unwrap(), 4711),
            tls: false,
            listener: "127.0.0.1:80".parse().unwrap(),
        }
    }

    fn client(from: &str, forwarded: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append(FOR, line.parse().unwrap());
        }
        let trusted = ["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()];
        seen(Some(peer(from)), &headers, &trusted).ip.unwrap().to_string()
    }

    #[test]
    fn a_stranger_is_not_believed() {
        assert_eq!(client("192.0.2.1", &["198.51.100.9"]), "192.0.2.1");
    }

    #[test]
    fn walks_back_to_the_first_address_that_is_not_trusted() {
        assert_eq!(client("10.0.0.1", &["198.51.100.9"]), "198.51.100.9");
        assert_eq!(
            client("10.0.0.1", &["6.6.6.6, 198.51.100.9, 10.2.0.1"]),
            "198.51.100.9"
        );
        assert_eq!(
            client("10.0.0.1", &["6.6.6.6", "198.51.100.9:1234"]),
            "198.51.100.9"
        );
        assert_eq!(client("fd00::1", &["[2001:db8::7]"]), "2001:db8::7");
        assert_eq!(client("10.0.0.1", &["::ffff:192.0.2.3"]), "192.0.2.3");
    }

    #[test]
    fn ends_at_what_is_no_address() {
        assert_eq!(
            client("10.0.0.1", &["198.51.100.9, unknown, 10.3.0.1"]),
            "10.3.0.1"
        );
        assert_eq!(client("10.0.0.1", &["10.3.0.1"]), "10.3.0.1");
        assert_eq!(client("10.0.0.1", &[""]), "10.0.0.1");
    }

    #[test]
    fn only_a_trusted_proxy_says_https() {
        let mut headers = HeaderMap::new();
        headers.insert(PROTO, "https".parse().unwrap());
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        assert!(seen(Some(peer("10.0.0.1")), &headers, &trusted).https);
        assert!(!seen(Some(peer("192.0.2.1")), &headers, &trusted).https);
        headers.insert(PROTO, "https, http".parse().unwrap());
        assert!(!seen(Some(peer("10.0.0.1")), &headers, &trusted).https);
    }
}
