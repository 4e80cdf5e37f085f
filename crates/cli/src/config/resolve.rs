//! Finds each setting's value by precedence, and checks what concerns several of them.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ipnet::IpNet;
use secrecy::SecretString;

use super::environment::Environment;
use super::error::{Error, Origin};
use super::file::{self, Entry};
use super::flags::Flags;
use super::table::{SETTINGS, Setting};
use super::value::PublicUrl;
use super::{Config, Limits, Log, LogFormat, Tls};

/// The configuration, and what should be said about it before it is used.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The configuration.
    pub config: Config,
    /// Harmless oddities, such as an `ATTEST_*` variable that no setting has.
    pub warnings: Vec<String>,
}

/// The configuration while its settings are read, before the checks across them.
#[derive(Debug)]
pub struct Draft {
    pub(super) data_dir: PathBuf,
    pub(super) database: Option<SecretString>,
    pub(super) keyring: Option<PathBuf>,
    pub(super) blobs: Option<String>,
    pub(super) listen: Option<SocketAddr>,
    pub(super) public_url: Option<PublicUrl>,
    pub(super) trusted_proxies: Vec<IpNet>,
    pub(super) self_signed: bool,
    pub(super) tls_cert: Option<PathBuf>,
    pub(super) tls_key: Option<PathBuf>,
    pub(super) tls_listen: Option<SocketAddr>,
    pub(super) metrics_listen: Option<SocketAddr>,
    pub(super) demo: bool,
    pub(super) log_format: Option<LogFormat>,
    pub(super) log_level: String,
    pub(super) limits: Limits,
}

struct Found {
    values: Vec<String>,
    origin: Origin,
}

struct Sources<'a> {
    flags: &'a Flags,
    environment: &'a Environment,
    file: BTreeMap<String, Entry>,
    path: PathBuf,
}

pub(super) fn load(flags: &Flags, environment: &Environment) -> Result<Loaded, Error> {
    let sources = open(flags, environment)?;
    let mut draft = empty();
    let mut origins = BTreeMap::new();
    for setting in SETTINGS {
        let found = match sources.find(setting)? {
            Some(found) => found,
            None if setting.default.is_empty() => continue,
            None => Found {
                values: vec![setting.default.to_owned()],
                origin: Origin::Factory,
            },
        };
        (setting.apply)(&mut draft, &found.values).map_err(|fault| Error {
            key: setting.key.to_owned(),
            origin: found.origin.clone(),
            problem: fault.problem,
            remedy: fault.remedy,
        })?;
        origins.insert(setting.key, found.origin);
    }
    Ok(Loaded {
        config: finish(draft, &origins)?,
        warnings: unknown_variables(environment),
    })
}

fn open<'a>(flags: &'a Flags, environment: &'a Environment) -> Result<Sources<'a>, Error> {
    let given = match flags.get("config").and_then(<[_]>::last) {
        Some(path) => Some((path.as_str(), Origin::Flag("config".to_owned()))),
        None => environment
            .get("ATTEST_CONFIG")
            .map(|path| (path, Origin::Variable("ATTEST_CONFIG".to_owned()))),
    };
    let (path, file) = match given {
        Some((path, origin)) => (PathBuf::from(path), file::read(Path::new(path), origin)?),
        None => (PathBuf::new(), BTreeMap::new()),
    };
    Ok(Sources {
        flags,
        environment,
        file,
        path,
    })
}

impl Sources<'_> {
    fn find(&self, setting: &Setting) -> Result<Option<Found>, Error> {
        for level in [Sources::flag, Sources::variable, Sources::entry] {
            let direct = level(self, setting, "");
            let by_file = if setting.secret {
                level(self, setting, "-file")
            } else {
                None
            };
            match (direct, by_file) {
                (None, None) => {}
                (Some(found), None) => return Ok(Some(found)),
                (None, Some(file)) => return read_secret(setting, file).map(Some),
                (Some(found), Some(file)) => return Err(given_twice(setting, &found, &file)),
            }
        }
        Ok(None)
    }

    fn flag(&self, setting: &Setting, suffix: &str) -> Option<Found> {
        let name = setting.flag() + suffix;
        let values = self.flags.get(&name)?;
        Some(Found {
            values: values.iter().flat_map(|text| split(setting, text)).collect(),
            origin: Origin::Flag(name),
        })
    }

    fn variable(&self, setting: &Setting, suffix: &str) -> Option<Found> {
        let name = setting.variable() + &suffix.replace('-', "_").to_uppercase();
        let value = self.environment.get(&name)?;
        Some(Found {
            values: split(setting, value),
            origin: Origin::Variable(name),
        })
    }

    fn entry(&self, setting: &Setting, suffix: &str) -> Option<Found> {
        let entry = self.file.get(&format!("{}{suffix}", setting.key))?;
        Some(Found {
            values: entry.values.clone(),
            origin: Origin::File(self.path.clone(), entry.line),
        })
    }
}

fn split(setting: &Setting, text: &str) -> Vec<String> {
    if setting.many {
        text.split(',')
            .map(|part| part.trim().to_owned())
            .filter(|part| !part.is_empty())
            .collect()
    } else {
        vec![text.to_owned()]
    }
}

fn read_secret(setting: &Setting, from: Found) -> Result<Found, Error> {
    let path = from.values.concat();
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(Found {
            values: vec![text.trim_end_matches(['\n', '\r']).to_owned()],
            origin: from.origin,
        }),
        Err(cause) => Err(Error {
            key: setting.key.to_owned(),
            origin: from.origin,
            problem: format!("{path} cannot be read: {cause}"),
            remedy: "give the path of a readable file that holds the value alone".to_owned(),
        }),
    }
}

fn given_twice(setting: &Setting, found: &Found, file: &Found) -> Error {
    Error {
        key: setting.key.to_owned(),
        origin: found.origin.clone(),
        problem: format!("the value is given both directly and by {}", file.origin),
        remedy: "keep one of the two".to_owned(),
    }
}

fn finish(draft: Draft, origins: &BTreeMap<&str, Origin>) -> Result<Config, Error> {
    let tls = tls(&draft, origins)?;
    let (Some(tls_listen), Some(format)) = (draft.tls_listen, draft.log_format) else {
        return Err(cross("tls-listen", origins, "has no value", "give an address"));
    };
    if draft.listen.is_none() && tls == Tls::Off {
        return Err(cross(
            "listen",
            origins,
            "nothing would be served: plain HTTP is off and so is TLS",
            "give an address, or turn TLS on with --tls self-signed or --tls-cert and --tls-key",
        ));
    }
    Ok(Config {
        data_dir: draft.data_dir,
        database: draft.database,
        keyring: draft.keyring,
        blobs: draft.blobs,
        listen: draft.listen,
        public_url: draft.public_url,
        trusted_proxies: draft.trusted_proxies,
        tls,
        tls_listen,
        metrics_listen: draft.metrics_listen,
        demo: draft.demo,
        log: Log {
            format,
            level: draft.log_level,
        },
        limits: draft.limits,
    })
}

fn tls(draft: &Draft, origins: &BTreeMap<&str, Origin>) -> Result<Tls, Error> {
    match (draft.self_signed, &draft.tls_cert, &draft.tls_key) {
        (false, None, None) => Ok(Tls::Off),
        (true, None, None) => Ok(Tls::SelfSigned),
        (false, Some(cert), Some(key)) => Ok(Tls::Files {
            cert: cert.clone(),
            key: key.clone(),
        }),
        (false, Some(_), None) => Err(cross(
            "tls-cert",
            origins,
            "the certificate has no key",
            "give tls-key too",
        )),
        (false, None, Some(_)) => Err(cross(
            "tls-key",
            origins,
            "the key has no certificate",
            "give tls-cert too",
        )),
        (true, ..) => Err(cross(
            "tls",
            origins,
            "a certificate is given, and so is `self-signed`",
            "keep either tls = \"self-signed\", or tls-cert with tls-key",
        )),
    }
}

fn cross(key: &str, origins: &BTreeMap<&str, Origin>, problem: &str, remedy: &str) -> Error {
    Error {
        key: key.to_owned(),
        origin: origins.get(key).cloned().unwrap_or(Origin::Factory),
        problem: problem.to_owned(),
        remedy: remedy.to_owned(),
    }
}

/// Variables that other parts of the project read, and those of the table.
fn unknown_variables(environment: &Environment) -> Vec<String> {
    let known: Vec<String> = SETTINGS
        .iter()
        .flat_map(|setting| [setting.variable(), format!("{}_FILE", setting.variable())])
        .chain(["ATTEST_CONFIG", "ATTEST_CI_CACHE"].map(str::to_owned))
        .collect();
    environment
        .names()
        .filter(|name| !known.iter().any(|it| it == name))
        .map(|name| format!("the variable {name} is no setting; `attest config reference` lists them"))
        .collect()
}

/// A draft whose every field the table's defaults then fill.
fn empty() -> Draft {
    Draft {
        data_dir: PathBuf::new(),
        database: None,
        keyring: None,
        blobs: None,
        listen: None,
        public_url: None,
        trusted_proxies: Vec::new(),
        self_signed: false,
        tls_cert: None,
        tls_key: None,
        tls_listen: None,
        metrics_listen: None,
        demo: false,
        log_format: None,
        log_level: String::new(),
        limits: Limits {
            free_space: 0,
            connections: 0,
            per_address: 0,
            first_byte: Duration::ZERO,
            header: Duration::ZERO,
            header_bytes: 0,
            uri_bytes: 0,
            idle: Duration::ZERO,
            grace: Duration::ZERO,
            rate: 0,
            request: Duration::ZERO,
            drain: Duration::ZERO,
        },
    }
}
