//! The one table of settings.

use super::resolve::Draft;
use super::value::{
    address, address_or_off, bytes, choice, count, duration, level, networks, path, public_url, secret,
    switch, text,
};
use super::{LogFormat, value::Fault};

/// One setting: its names, its factory value, and how it is read.
#[derive(Debug)]
pub struct Setting {
    /// The key in the file (`limits.idle`). The flag is `--limits-idle`, the variable `ATTEST_LIMITS_IDLE`.
    pub key: &'static str,
    /// What stands for the value in the help; empty for a switch.
    pub value: &'static str,
    /// Whether the flag may be repeated, the variable has commas and the file an array.
    pub many: bool,
    /// Whether the value may also be read from a file: `--KEY-file`, `ATTEST_KEY_FILE`, `KEY-file`.
    pub secret: bool,
    /// The factory value, parsed like any other; empty when there is none.
    pub default: &'static str,
    /// Which commands take it.
    pub used_by: UsedBy,
    /// One or two sentences.
    pub help: &'static str,
    /// Puts the value into the draft.
    pub apply: fn(&mut Draft, &[String]) -> Result<(), Fault>,
}

/// Which commands take a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UsedBy {
    /// Every command that opens the store: `serve`, `doctor`, `admin`, `keys`, `audit`.
    Store,
    /// `serve` and `doctor`.
    Serve,
}

const PLAIN: Setting = Setting {
    key: "",
    value: "",
    many: false,
    secret: false,
    default: "",
    used_by: UsedBy::Serve,
    help: "",
    apply: |_, _| Ok(()),
};

/// Every setting, in the order of the help.
pub static SETTINGS: &[Setting] = &[
    Setting {
        key: "data-dir",
        value: "DIR",
        default: "./attest-data",
        used_by: UsedBy::Store,
        help: "Folder of the embedded database, uploaded files and the self-signed CA. Made if it is absent.",
        apply: |draft, given| path(given).map(|it| draft.data_dir = it),
        ..PLAIN
    },
    Setting {
        key: "database",
        value: "URL",
        secret: true,
        used_by: UsedBy::Store,
        help: "sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME. Without it: SQLite in the data directory.",
        apply: |draft, given| secret(given).map(|it| draft.database = Some(it)),
        ..PLAIN
    },
    Setting {
        key: "keyring",
        value: "FILE",
        used_by: UsedBy::Store,
        help: "File of the server-side secrets, readable by its owner alone. Without it: keyring.json in the \
               data directory. Keep it out of database backups.",
        apply: |draft, given| path(given).map(|it| draft.keyring = Some(it)),
        ..PLAIN
    },
    Setting {
        key: "blobs",
        value: "URL",
        used_by: UsedBy::Store,
        help: "Where uploaded files lie: a folder, or s3://BUCKET/PREFIX?endpoint=https://HOST&region=NAME with \
               the key in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. Without it: DATA/blobs.",
        apply: |draft, given| text(given).map(|it| draft.blobs = Some(it)),
        ..PLAIN
    },
    Setting {
        key: "listen",
        value: "ADDR",
        default: "127.0.0.1:8080",
        help: "Address and port of plain HTTP, or `off`.",
        apply: |draft, given| address_or_off(given).map(|it| draft.listen = it),
        ..PLAIN
    },
    Setting {
        key: "public-url",
        value: "URL",
        help: "The address by which people and machines reach the server, without a path: \
               https://attest.example.com.",
        apply: |draft, given| public_url(given).map(|it| draft.public_url = Some(it)),
        ..PLAIN
    },
    Setting {
        key: "trusted-proxy",
        value: "CIDR",
        many: true,
        help: "Networks of the proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.",
        apply: |draft, given| networks(given).map(|it| draft.trusted_proxies = it),
        ..PLAIN
    },
    Setting {
        key: "tls",
        value: "HOW",
        default: "off",
        help: "`self-signed` serves HTTPS with a certificate of a CA of its own (DATA/tls/ca.pem), `off` does not.",
        apply: |draft, given| {
            choice(given, &[("off", false), ("self-signed", true)]).map(|it| draft.self_signed = it)
        },
        ..PLAIN
    },
    Setting {
        key: "tls-cert",
        value: "FILE",
        help: "Certificate chain (PEM), the server's own first. Read again when it changes. Needs tls-key.",
        apply: |draft, given| path(given).map(|it| draft.tls_cert = Some(it)),
        ..PLAIN
    },
    Setting {
        key: "tls-key",
        value: "FILE",
        help: "Private key (PEM) of tls-cert.",
        apply: |draft, given| path(given).map(|it| draft.tls_key = Some(it)),
        ..PLAIN
    },
    Setting {
        key: "tls-listen",
        value: "ADDR",
        default: "127.0.0.1:8443",
        help: "Address and port of HTTPS, when TLS is on.",
        apply: |draft, given| address(given).map(|it| draft.tls_listen = Some(it)),
        ..PLAIN
    },
    Setting {
        key: "metrics-listen",
        value: "ADDR",
        help: "Address and port that serve /metrics to anybody who reaches them. Without it, /metrics on the \
               main address needs a site admin's key.",
        apply: |draft, given| address_or_off(given).map(|it| draft.metrics_listen = it),
        ..PLAIN
    },
    Setting {
        key: "demo",
        default: "false",
        help: "Makes a project \"Attest (demo)\" with real automation results, once.",
        apply: |draft, given| switch(given).map(|it| draft.demo = it),
        ..PLAIN
    },
    Setting {
        key: "log.format",
        value: "FORM",
        default: "human",
        used_by: UsedBy::Store,
        help: "`human`, or `json` with one object a line. Logs go to stderr.",
        apply: |draft, given| {
            choice(given, &[("human", LogFormat::Human), ("json", LogFormat::Json)])
                .map(|it| draft.log_format = Some(it))
        },
        ..PLAIN
    },
    Setting {
        key: "log.level",
        value: "LEVEL",
        default: "info",
        used_by: UsedBy::Store,
        help: "error, warn, info, debug or trace; also per module: info,store=debug. `debug` logs every request.",
        apply: |draft, given| level(given).map(|it| draft.log_level = it),
        ..PLAIN
    },
    Setting {
        key: "limits.free-space",
        value: "SIZE",
        default: "256MiB",
        used_by: UsedBy::Store,
        help: "Uploads are answered with 507 when less is free where they arrive.",
        apply: |draft, given| bytes(given).map(|it| draft.limits.free_space = it),
        ..PLAIN
    },
    Setting {
        key: "limits.connections",
        value: "N",
        default: "1024",
        help: "Connections served at once. More wait in the kernel's queue.",
        apply: |draft, given| count(given).map(|it| draft.limits.connections = it),
        ..PLAIN
    },
    Setting {
        key: "limits.per-address",
        value: "N",
        default: "512",
        help: "Connections of one address (an IPv6 /64) that have not yet shown a valid key or session. More wait; \
               trusted proxies are not counted.",
        apply: |draft, given| count(given).map(|it| draft.limits.per_address = it),
        ..PLAIN
    },
    Setting {
        key: "limits.first-byte",
        value: "TIME",
        default: "10s",
        help: "Until the first byte of a new connection.",
        apply: |draft, given| duration(given).map(|it| draft.limits.first_byte = it),
        ..PLAIN
    },
    Setting {
        key: "limits.header",
        value: "TIME",
        default: "10s",
        help: "From the first byte of a request until its head is complete, and for a TLS handshake.",
        apply: |draft, given| duration(given).map(|it| draft.limits.header = it),
        ..PLAIN
    },
    Setting {
        key: "limits.header-bytes",
        value: "SIZE",
        default: "32KiB",
        help: "Size of a request's head; more is answered with 431.",
        apply: |draft, given| bytes(given).map(|it| draft.limits.header_bytes = it),
        ..PLAIN
    },
    Setting {
        key: "limits.uri-bytes",
        value: "SIZE",
        default: "8KiB",
        help: "Size of a request's address; more is answered with 414.",
        apply: |draft, given| bytes(given).map(|it| draft.limits.uri_bytes = it),
        ..PLAIN
    },
    Setting {
        key: "limits.idle",
        value: "TIME",
        default: "60s",
        help: "Between two requests of one connection.",
        apply: |draft, given| duration(given).map(|it| draft.limits.idle = it),
        ..PLAIN
    },
    Setting {
        key: "limits.grace",
        value: "TIME",
        default: "10s",
        help: "How long a slow body, or a client that reads its answer slowly, is tolerated before its rate counts.",
        apply: |draft, given| duration(given).map(|it| draft.limits.grace = it),
        ..PLAIN
    },
    Setting {
        key: "limits.rate",
        value: "SIZE",
        default: "1KiB",
        help: "Bytes per second that a body must bring, and a reader must take, after the grace.",
        apply: |draft, given| {
            bytes(given).map(|it| draft.limits.rate = u64::try_from(it).unwrap_or(u64::MAX))
        },
        ..PLAIN
    },
    Setting {
        key: "limits.request",
        value: "TIME",
        default: "60s",
        help: "A request, without the time that its body took to arrive.",
        apply: |draft, given| duration(given).map(|it| draft.limits.request = it),
        ..PLAIN
    },
    Setting {
        key: "limits.drain",
        value: "TIME",
        default: "15s",
        help: "From the stop signal until requests that are still open are cut.",
        apply: |draft, given| duration(given).map(|it| draft.limits.drain = it),
        ..PLAIN
    },
];

impl Setting {
    /// The command line flag without its dashes, and the name by which clap knows it.
    pub fn flag(&self) -> String {
        self.key.replace('.', "-")
    }

    /// The environment variable.
    pub fn variable(&self) -> String {
        format!("ATTEST_{}", self.key.replace(['.', '-'], "_").to_uppercase())
    }

    /// Whether the flag takes no value.
    pub fn is_switch(&self) -> bool {
        self.value.is_empty()
    }
}
