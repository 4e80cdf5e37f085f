//! Where an instance is.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use reqwest::Url;

/// The address of an instance: scheme, host and port. A path is dropped, as Testmo's own clients do, since the API
/// lies at the root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    origin: Url,
}

/// Why text is not the address of an instance.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AddressError {
    /// Nothing is there.
    #[error("the instance address cannot be empty; give it as https://host")]
    Empty,
    /// No URL with a host.
    #[error("the instance address must be a valid URL such as https://attest.example.com")]
    NotUrl,
    /// Neither `https` nor `http`, or none.
    #[error("the instance address must start with https://")]
    Scheme,
    /// `http` to another machine, over which the key would travel in the clear.
    #[error(
        "the instance address must use HTTPS; http:// is for addresses of this machine such as 127.0.0.1"
    )]
    Plain,
    /// A name or password in the address.
    #[error("the instance address must not hold a name or password; the key comes from the environment")]
    Credentials,
}

impl Instance {
    /// The URL of `path`, which starts with a slash.
    pub(crate) fn url(&self, path: &str) -> Url {
        let mut url = self.origin.clone();
        url.set_path(path);
        url
    }

    /// Host and port as in the address.
    pub fn host(&self) -> &str {
        self.origin.host_str().unwrap_or_default()
    }
}

impl FromStr for Instance {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Instance, AddressError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(AddressError::Empty);
        }
        if !text.contains("://") {
            return Err(AddressError::Scheme);
        }
        let mut origin = Url::parse(text).map_err(|_| AddressError::NotUrl)?;
        if !matches!(origin.scheme(), "https" | "http") {
            return Err(AddressError::Scheme);
        }
        let Some(host) = origin.host_str() else {
            return Err(AddressError::NotUrl);
        };
        if origin.scheme() == "http" && !is_this_machine(host) {
            return Err(AddressError::Plain);
        }
        if !origin.username().is_empty() || origin.password().is_some() {
            return Err(AddressError::Credentials);
        }
        origin.set_path("/");
        origin.set_query(None);
        origin.set_fragment(None);
        Ok(Instance { origin })
    }
}

fn is_this_machine(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl fmt::Display for Instance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.origin.as_str().trim_end_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_reduced_to_its_origin() {
        for (text, origin) in [
            ("https://a.example.com", "https://a.example.com"),
            (
                " https://a.example.com:8443/some/prefix?q#f ",
                "https://a.example.com:8443",
            ),
            ("https://attest", "https://attest"),
            ("HTTPS://A.example.com/", "https://a.example.com"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://[::1]:8080/", "http://[::1]:8080"),
            ("http://localhost:8080", "http://localhost:8080"),
        ] {
            assert_eq!(text.parse::<Instance>().unwrap().to_string(), origin);
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, error) in [
            ("", AddressError::Empty),
            ("  ", AddressError::Empty),
            ("attest.example.com", AddressError::Scheme),
            ("127.0.0.1:8080", AddressError::Scheme),
            ("ftp://a.example.com", AddressError::Scheme),
            ("https://", AddressError::NotUrl),
            ("https://a b", AddressError::NotUrl),
            ("http://a.example.com", AddressError::Plain),
            ("http://10.0.0.1", AddressError::Plain),
            ("http://localhost.example.com", AddressError::Plain),
            ("https://ada:secret@a.example.com", AddressError::Credentials),
        ] {
            assert_eq!(text.parse::<Instance>(), Err(error), "{text:?}");
        }
    }

    #[test]
    fn paths_follow_the_origin() {
        let instance: Instance = "https://a.example.com/x".parse().unwrap();
        assert_eq!(
            instance.url("/api/v1/user").as_str(),
            "https://a.example.com/api/v1/user"
        );
    }
}
