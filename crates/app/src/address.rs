//! The addresses from which a key may be used.

use crate::clean::Clean;
use ipnet::IpNet;
use std::net::IpAddr;

/// Whether `ip` lies in one of the networks of a JSON list; no list means any. Nobody knows where a request without an
/// address comes from, so a list refuses it.
pub(crate) fn is_allowed(networks: Option<&str>, ip: Option<IpAddr>) -> bool {
    let Some(networks) = networks else { return true };
    let Some(ip) = ip.map(|ip| ip.to_canonical()) else {
        return false;
    };
    let networks: Vec<String> = serde_json::from_str(networks).unwrap_or_default();
    networks
        .iter()
        .filter_map(|n| network(n))
        .any(|n| n.contains(&ip))
}

/// The addresses and networks of a new key without blank ones; none when nothing is left.
pub(crate) fn clean(clean: &mut Clean, given: Option<&[String]>) -> Option<Vec<String>> {
    let given = given?.iter().map(|a| a.trim()).filter(|a| !a.is_empty());
    let addresses: Vec<String> = given.map(str::to_owned).collect();
    for address in addresses.iter().filter(|a| network(a).is_none()) {
        clean.refuse(
            "addresses",
            format!("{address} is no address or network. Write 10.0.0.7 or 10.0.0.0/8."),
        );
    }
    (!addresses.is_empty()).then_some(addresses)
}

/// A network, or one address as a network of its own.
fn network(text: &str) -> Option<IpNet> {
    let text = text.trim();
    text.parse()
        .ok()
        .or_else(|| text.parse().ok().map(|ip: IpAddr| IpNet::from(ip)))
}
