//! The way to an instance: key, proxy and trust.

use std::ffi::OsString;
use std::fs;
use std::time::Duration;

use client::{Client, Patience, Trace};

use super::args::Target;
use super::check;
use super::failure::{ALSO_KEY_VARIABLE, Failure, headline};
use super::say::Say;

/// What the environment says, taken once.
#[derive(Debug, Clone, Default)]
pub(super) struct Surroundings {
    /// The API key.
    token: Option<String>,
    /// The API key of a second instance.
    also_token: Option<String>,
    /// File with more CA certificates, by the variable that CI jobs set for Node.js.
    extra_roots: Option<OsString>,
    /// How long a failed request is repeated, in seconds.
    retry: Option<u64>,
    /// Longest time of one attempt, in seconds.
    timeout: Option<u64>,
    /// Whether `NO_COLOR` is set.
    pub(super) no_color: bool,
}

impl Surroundings {
    /// Those of this process; under the name `testmo` that tool's variable counts first.
    pub(super) fn of_process(is_testmo: bool) -> Surroundings {
        let text = |name: &str| {
            let value = std::env::var_os(name)?.into_string().ok()?;
            Some(value.trim().to_owned()).filter(|value| !value.is_empty())
        };
        let (first, second) = if is_testmo {
            ("TESTMO_TOKEN", "ATTEST_TOKEN")
        } else {
            ("ATTEST_TOKEN", "TESTMO_TOKEN")
        };
        Surroundings {
            token: text(first).or_else(|| text(second)),
            also_token: text(ALSO_KEY_VARIABLE),
            extra_roots: std::env::var_os("NODE_EXTRA_CA_CERTS").filter(|file| !file.is_empty()),
            retry: text("ATTEST_RETRY_SECONDS").and_then(|seconds| seconds.parse().ok()),
            timeout: text("ATTEST_TIMEOUT_SECONDS").and_then(|seconds| seconds.parse().ok()),
            no_color: std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()),
        }
    }

    /// The same for a second instance: it never gets the key of the first.
    pub(super) fn of_second_instance(&self) -> Surroundings {
        Surroundings {
            token: self.also_token.clone(),
            ..self.clone()
        }
    }
}

/// An address and a proxy that were checked, before there is a key.
pub(super) struct Way {
    pub(super) instance: client::Instance,
    pub(super) proxy: Option<String>,
}

impl Way {
    pub(super) fn new(target: &Target) -> Result<Way, Failure> {
        Way::to(&target.instance, target.proxy.as_ref())
    }

    /// The way to an address.
    pub(super) fn to(instance: &str, proxy: Option<&String>) -> Result<Way, Failure> {
        Ok(Way {
            instance: check::instance(instance)?,
            proxy: check::proxy(proxy)?,
        })
    }

    /// The client that goes this way.
    pub(super) fn client(&self, surroundings: &Surroundings, say: Say) -> Result<Client, Failure> {
        let Some(token) = surroundings.token.clone() else {
            return Err(Failure::new(
                "Missing API token (TESTMO_TOKEN or ATTEST_TOKEN environment variable)",
            ));
        };
        let mut builder = Client::builder(self.instance.clone(), token.into())
            .proxy(self.proxy.clone())
            .watch(move |trace| tell(say, trace));
        if let Some(seconds) = surroundings.retry {
            builder = builder.patience(Patience {
                total: Duration::from_secs(seconds),
                ..Patience::default()
            });
        }
        if let Some(seconds) = surroundings.timeout.filter(|seconds| *seconds > 0) {
            builder = builder.timeout(Duration::from_secs(seconds));
        }
        if let Some(file) = &surroundings.extra_roots {
            let pem = fs::read(file).map_err(|error| {
                let name = file.display();
                Failure::new(format!("Cannot read NODE_EXTRA_CA_CERTS {name}: {error}"))
            })?;
            builder = builder.trust(pem);
        }
        builder.build().map_err(|error| Failure::sentence(&error))
    }
}

fn tell(say: Say, trace: &Trace<'_>) {
    match trace {
        Trace::Waiting { error, pause } => {
            let (told, pause) = (headline(error), pause.as_secs_f64());
            say.warn(format_args!("{told}; trying again in {pause:.1} s"));
        }
        Trace::Request { method, url, body } if say.is_debug => {
            let body = String::from_utf8_lossy(body);
            say.warn(format_args!("Request: {method} {url}\n{body}"));
        }
        Trace::Response { status, body } if say.is_debug => {
            let body = String::from_utf8_lossy(body);
            say.warn(format_args!("Response: {status}\n{body}"));
        }
        _ => {}
    }
}
