//! How a command fails: what is told on stderr, and the exit code.

use std::fmt::{self, Display, Write as _};

use client::Error;

/// The variables that hold the key, as messages name them.
const KEY_VARIABLES: &str = "TESTMO_TOKEN or ATTEST_TOKEN";
/// The variable that holds the key of a second instance.
pub(super) const ALSO_KEY_VARIABLE: &str = "ATTEST_ALSO_TOKEN";

/// Lines for stderr. The exit code is always 1.
#[derive(Debug)]
pub(super) struct Failure {
    text: String,
    /// Whether the instance could not be used just now, so that the same work may succeed later.
    pub(super) is_passing: bool,
}

impl Failure {
    pub(super) fn new(text: impl Into<String>) -> Failure {
        Failure {
            text: text.into(),
            is_passing: false,
        }
    }

    /// A fragment as a sentence of its own.
    pub(super) fn sentence(fragment: &dyn Display) -> Failure {
        let text = fragment.to_string();
        let mut letters = text.chars();
        let first = letters.next().map(char::to_uppercase);
        Failure::new(first.into_iter().flatten().chain(letters).collect::<String>())
    }

    /// Adds a line.
    #[must_use]
    pub(super) fn and(mut self, line: impl Display) -> Failure {
        let _ = write!(self.text, "\n{line}");
        self
    }

    /// The same of a second instance, whose key another variable holds.
    #[must_use]
    pub(super) fn of_second_instance(mut self) -> Failure {
        self.text = self.text.replace(KEY_VARIABLES, ALSO_KEY_VARIABLE);
        self
    }

    /// Adds what became of a run that this command had opened or was adding to.
    #[must_use]
    pub(super) fn in_run(self, run: i64) -> Failure {
        self.and(format_args!(
            "The run stays open (ID: {run}); close it with automation:run:complete --run-id {run}"
        ))
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        let mut text = headline(&error);
        for field in error.refusal().map_or(&[][..], |refusal| &refusal.fields) {
            let _ = write!(
                text,
                "\nValidation: {}",
                field.texts.first().map_or("", |text| text)
            );
        }
        Failure {
            text: match advice(&error) {
                "" => text,
                advice => format!("{text}\n{advice}"),
            },
            is_passing: error.is_passing(),
        }
    }
}

/// What happened, in one line.
pub(super) fn headline(error: &Error) -> String {
    match (error, error.refusal()) {
        (_, Some(refusal)) => format!(
            "Server response ({}): {}",
            refusal.status,
            refusal.message.as_deref().unwrap_or("[none]")
        ),
        (Error::Unreachable { cause, .. } | Error::Tls { cause, .. } | Error::Broken { cause, .. }, None) => {
            format!("Connection error: {cause}")
        }
        (other, None) => Failure::sentence(other).text,
    }
}

/// What to do about it.
fn advice(error: &Error) -> &'static str {
    match error {
        Error::Unauthorised(_) => {
            "Please verify your API token (TESTMO_TOKEN or ATTEST_TOKEN environment variable)"
        }
        Error::Forbidden(_) => "Please ask an administrator to give the owner of the API token this right",
        Error::NotFound(_) => "Please verify the instance address and the project or run ID",
        Error::NotTheProduct { .. } => {
            "This is no answer of Attest or Testmo; please verify the instance address and the proxy settings"
        }
        Error::TooManyRequests(_) => "The server is busy; please run the command again later",
        Error::Server(_) => "Please run the command again when the server works",
        Error::Unreachable { .. } => "Please verify the instance address, the network and the proxy settings",
        Error::Tls { .. } => {
            "Please name the CA certificate of the instance in SSL_CERT_FILE or NODE_EXTRA_CA_CERTS"
        }
        Error::Broken { .. } => "The server did not answer in full; please run the command again",
        _ => "",
    }
}
