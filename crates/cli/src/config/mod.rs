//! The configuration: one table of settings, read from flags, `ATTEST_*` variables and a TOML file.
//!
//! A setting is found in this order: flag, variable, file, factory value. [`table::SETTINGS`] is the only list
//! of them; `--help`, the file's keys and `docs/CONFIGURATION.md` are made from it.

mod environment;
mod error;
mod file;
mod flags;
mod reference;
mod resolve;
mod table;
mod value;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use secrecy::SecretString;

pub use environment::Environment;
pub use error::{Error, Origin};
pub use flags::{Flags, ServeFlags, StoreFlags};
pub use reference::reference;
pub use resolve::Loaded;
pub use table::{SETTINGS, Setting};
pub use value::PublicUrl;

/// Everything that can be configured, checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// The folder of the embedded database, uploaded files and the self-signed CA.
    pub data_dir: PathBuf,
    /// The database's address; absent means SQLite in the data directory.
    pub database: Option<SecretString>,
    /// The file of server-side secrets; absent means `keyring.json` in the data directory.
    pub keyring: Option<PathBuf>,
    /// Where uploaded files lie: a folder or the address of a bucket; absent means `blobs` in the data directory.
    pub blobs: Option<String>,
    /// Where plain HTTP is served; absent means nowhere.
    pub listen: Option<SocketAddr>,
    /// The address by which people and machines reach the server.
    pub public_url: Option<PublicUrl>,
    /// Proxies whose `X-Forwarded-*` headers are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// How HTTPS is served.
    pub tls: Tls,
    /// Where HTTPS is served when [`Config::tls`] is not [`Tls::Off`].
    pub tls_listen: SocketAddr,
    /// Where `/metrics` is served to anybody; absent means nowhere.
    pub metrics_listen: Option<SocketAddr>,
    /// Whether a labelled project with example results is made at start.
    pub demo: bool,
    /// How logs are written.
    pub log: Log,
    /// What connections and requests may take.
    pub limits: Limits,
}

/// Where the certificate comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tls {
    /// No HTTPS.
    Off,
    /// A certificate of our own CA, whose certificate lies in `DATA/tls/ca.pem`.
    SelfSigned,
    /// A chain and its key, both PEM, read again when they change.
    Files {
        /// The certificate chain, the server's own first.
        cert: PathBuf,
        /// The private key.
        key: PathBuf,
    },
}

/// How logs are written to stderr.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// Human or JSON.
    pub format: LogFormat,
    /// `error`, `warn`, `info`, `debug`, `trace`, or per module: `info,store=debug`.
    pub level: String,
}

/// The form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Human,
    /// One JSON object a line.
    Json,
}

/// What connections and requests may take (`docs/SECURITY.md`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes that stay free where uploads arrive.
    pub free_space: usize,
    /// Connections served at once; more wait in the kernel's queue.
    pub connections: usize,
    /// Connections of one address that have not yet shown a valid key or session; more wait.
    pub per_address: usize,
    /// Until the first byte of a new connection.
    pub first_byte: Duration,
    /// From the first byte of a request until its head is complete; a TLS handshake takes at most this too.
    pub header: Duration,
    /// Bytes of a request's head.
    pub header_bytes: usize,
    /// Bytes of a request's address.
    pub uri_bytes: usize,
    /// Between two requests of one connection.
    pub idle: Duration,
    /// How long a slow body or a slow reader is tolerated before its rate counts.
    pub grace: Duration,
    /// Bytes per second that a body must bring, and a reader must take, after the grace.
    pub rate: u64,
    /// A request without the time that its body took.
    pub request: Duration,
    /// From the stop signal until the open requests are cut.
    pub drain: Duration,
}

impl Config {
    /// Reads flags, variables and the file, in this order of precedence.
    ///
    /// # Errors
    /// The first setting that cannot be used, with where it was set and how to mend it.
    pub fn load(flags: &Flags, environment: &Environment) -> Result<Loaded, Error> {
        resolve::load(flags, environment)
    }

    /// The factory values.
    ///
    /// # Errors
    /// Never in a build whose tests pass: the table's defaults are parsed like any other value.
    pub fn factory() -> Result<Config, Error> {
        Config::load(&Flags::default(), &Environment::default()).map(|loaded| loaded.config)
    }

    /// The database's address, given or factory.
    pub fn database_url(&self) -> SecretString {
        self.database.clone().unwrap_or_else(|| {
            SecretString::from(format!("sqlite:{}", self.data_dir.join("attest.db").display()))
        })
    }

    /// The address under which this server should be opened: the public URL, else its HTTPS or HTTP listener.
    pub fn base_url(&self) -> String {
        if let Some(url) = &self.public_url {
            return url.to_string();
        }
        if self.tls != Tls::Off {
            return origin("https", self.tls_listen);
        }
        self.listen.map_or_else(String::new, |at| origin("http", at))
    }
}

/// `scheme://address`, with an unspecified address shown as loopback.
pub(crate) fn origin(scheme: &str, mut at: SocketAddr) -> String {
    if at.ip().is_unspecified() {
        at.set_ip(match at {
            SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
        });
    }
    format!("{scheme}://{at}")
}
