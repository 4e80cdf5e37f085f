//! Settings of a client.

use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;
use reqwest::redirect;
use secrecy::{ExposeSecret as _, SecretString};

use crate::transport::Watch;
use crate::{Client, Instance, Patience, Trace};

/// Settings of a [`Client`].
pub struct Builder {
    instance: Instance,
    key: SecretString,
    user_agent: String,
    timeout: Duration,
    patience: Patience,
    proxy: Option<String>,
    roots: Vec<Vec<u8>>,
    watch: Option<Watch>,
}

/// Why a client cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SetupError {
    /// The key has characters that no key has.
    #[error("the API key has a blank or another character that no key has; copy it again")]
    Key,
    /// The proxy is no address.
    #[error("the proxy address must be a valid HTTP/HTTPS address")]
    Proxy,
    /// Additional certificates cannot be read.
    #[error("the additional CA certificates are not PEM: {0}")]
    Roots(reqwest::Error),
    /// Anything else.
    #[error("cannot set up TLS: {0}")]
    Http(reqwest::Error),
}

impl Builder {
    /// How the client calls itself.
    #[must_use]
    pub fn user_agent(mut self, text: impl Into<String>) -> Builder {
        self.user_agent = text.into();
        self
    }

    /// Longest time of one attempt; 60 seconds unless told otherwise.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Builder {
        self.timeout = timeout;
        self
    }

    /// How often calls are repeated.
    #[must_use]
    pub fn patience(mut self, patience: Patience) -> Builder {
        self.patience = patience;
        self
    }

    /// An HTTP proxy for all calls, instead of that of the environment.
    #[must_use]
    pub fn proxy(mut self, address: Option<String>) -> Builder {
        self.proxy = address;
        self
    }

    /// Certificates in PEM that are trusted besides those of the system.
    #[must_use]
    pub fn trust(mut self, pem: Vec<u8>) -> Builder {
        self.roots.push(pem);
        self
    }

    /// Is told what happens.
    #[must_use]
    pub fn watch(mut self, watch: impl Fn(&Trace<'_>) + Send + Sync + 'static) -> Builder {
        self.watch = Some(Arc::new(watch));
        self
    }

    /// Makes the client. Nothing is sent yet.
    ///
    /// # Errors
    /// When a setting cannot be used.
    pub fn build(self) -> Result<Client, SetupError> {
        let mut http = reqwest::Client::builder()
            .user_agent(self.user_agent)
            .connect_timeout(Duration::from_secs(10).min(self.timeout))
            .timeout(self.timeout)
            .redirect(redirect::Policy::none());
        if let Some(address) = &self.proxy {
            http = http.proxy(reqwest::Proxy::all(address).map_err(|_| SetupError::Proxy)?);
        }
        let mut roots = Vec::new();
        for pem in &self.roots {
            roots.extend(reqwest::Certificate::from_pem_bundle(pem).map_err(SetupError::Roots)?);
        }
        if !roots.is_empty() {
            http = http.tls_certs_merge(roots);
        }
        let mut authorization = HeaderValue::try_from(format!("Bearer {}", self.key.expose_secret()))
            .map_err(|_| SetupError::Key)?;
        authorization.set_sensitive(true);
        let http = http.build().map_err(SetupError::Http)?;
        let Builder {
            instance,
            patience,
            watch,
            ..
        } = self;
        Ok(Client::new(http, instance, authorization, patience, watch))
    }
}

impl Client {
    /// Starts the settings of a client for `instance` with this API key.
    pub fn builder(instance: Instance, key: SecretString) -> Builder {
        Builder {
            instance,
            key,
            user_agent: concat!("Attest/", env!("CARGO_PKG_VERSION")).to_owned(),
            timeout: Duration::from_mins(1),
            patience: Patience::default(),
            proxy: None,
            roots: vec![],
            watch: None,
        }
    }
}
