//! What can go wrong in a use case, sorted by what the caller should do about it.

use store::access::Denied;

/// Result of a use case.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// One wrong field of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Its name, dotted for nested ones, such as `tests.0.status`.
    pub field: String,
    /// What is wrong and how to mend it, a whole sentence.
    pub text: String,
}

impl FieldError {
    /// Names a field and what is wrong with it.
    pub fn new(field: impl Into<String>, text: impl Into<String>) -> FieldError {
        FieldError {
            field: field.into(),
            text: text.into(),
        }
    }
}

/// Why a caller is not known. The holder of a key proved possession, so telling more is safe for those.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// Nothing was shown.
    Missing,
    /// What was shown is no key or session of ours.
    Unknown,
    /// A key of ours that expired; the date.
    Expired(String),
    /// A key of ours that was revoked.
    Revoked,
    /// A key of ours whose owner may not act any more.
    OwnerInactive,
    /// A key of an API user while the edition has none.
    Suspended,
    /// Address or password are wrong; nobody learns which.
    Login,
}

/// What can go wrong in a use case.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request itself is wrong, whatever it asks for.
    #[error("bad request: {0}")]
    BadRequest(String),
    /// More bytes than are taken; the limit.
    #[error("more than {0} bytes")]
    TooLarge(u64),
    /// A key came over an unencrypted network to an instance that lives under https.
    #[error("https required")]
    HttpsRequired,
    /// The input is wrong.
    #[error("invalid input")]
    Invalid(Vec<FieldError>),
    /// A change that changes nothing (contract §1.4).
    #[error("nothing to change")]
    NothingToChange,
    /// The caller is not known.
    #[error("not authenticated")]
    Unauthenticated(Reason),
    /// The caller is known but may not do this.
    #[error("not allowed")]
    Denied(Denied),
    /// The key may not be used from this address.
    #[error("address not allowed")]
    Address,
    /// The password has to be given again first.
    #[error("password not confirmed")]
    ConfirmPassword,
    /// Not in this way or not by this caller; code and sentence with the remedy.
    #[error("refused: {1}")]
    Refused(&'static str, String),
    /// Absent, or the caller may not see it.
    #[error("not found")]
    NotFound,
    /// The state of things does not allow it; code and sentence.
    #[error("conflict: {1}")]
    Conflict(&'static str, String),
    /// Too often; seconds to wait.
    #[error("too many attempts")]
    TooMany(u64),
    /// Too little is free where uploads arrive.
    #[error("no space")]
    NoSpace,
    /// Overloaded; nothing was done.
    #[error("busy")]
    Busy,
    /// The database.
    #[error(transparent)]
    Store(store::Error),
}

impl Error {
    /// One wrong field.
    pub fn field(field: impl Into<String>, text: impl Into<String>) -> Error {
        Error::Invalid(vec![FieldError::new(field, text)])
    }

    /// The HTTP status of both edges (`security.md` A1).
    pub fn status(&self) -> u16 {
        match self {
            Error::BadRequest(_) | Error::NothingToChange => 400,
            Error::TooLarge(_) => 413,
            Error::Invalid(_) => 422,
            Error::Unauthenticated(_) | Error::Denied(Denied::Revoked) => 401,
            Error::Denied(Denied::NotFound) | Error::NotFound => 404,
            Error::Denied(_)
            | Error::Address
            | Error::ConfirmPassword
            | Error::HttpsRequired
            | Error::Refused(..) => 403,
            Error::Conflict(..) => 409,
            Error::TooMany(_) => 429,
            Error::Busy
            | Error::Store(store::Error::Busy | store::Error::Conflict | store::Error::Closed) => 503,
            Error::NoSpace | Error::Store(store::Error::RolledBack(_)) => 507,
            Error::Store(_) => 500,
        }
    }

    /// A word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Error::BadRequest(_) => "invalid_request",
            Error::NothingToChange => "nothing_to_change",
            Error::TooLarge(_) => "body_too_large",
            Error::HttpsRequired => "https_required",
            Error::Invalid(_) => "invalid",
            Error::Unauthenticated(_) | Error::Denied(Denied::Revoked) => "unauthenticated",
            Error::Denied(Denied::NotFound) | Error::NotFound => "not_found",
            Error::Denied(Denied::Missing(_)) => "permission_denied",
            Error::Denied(Denied::Scope(_)) => "insufficient_scope",
            Error::Denied(Denied::AdminOnly) => "admin_only",
            Error::Denied(Denied::NotOwner) => "not_owner",
            Error::Address => "ip_not_allowed",
            Error::ConfirmPassword => "confirm_password",
            Error::Conflict(code, _) | Error::Refused(code, _) => code,
            Error::TooMany(_) => "too_many_attempts",
            Error::Busy
            | Error::Store(store::Error::Busy | store::Error::Conflict | store::Error::Closed) => "busy",
            Error::NoSpace | Error::Store(store::Error::RolledBack(_)) => "storage",
            Error::Store(store::Error::Unknown(_)) => "outcome_unknown",
            Error::Store(_) => "internal",
        }
    }

    /// A sentence for people that says what to do.
    pub fn message(&self) -> String {
        match self {
            Error::BadRequest(text) | Error::Conflict(_, text) | Error::Refused(_, text) => text.clone(),
            Error::TooLarge(limit) => {
                format!(
                    "The body may have at most {} MiB. Send it in several requests.",
                    limit >> 20
                )
            }
            Error::NothingToChange => "Give at least one field to change.".to_owned(),
            Error::HttpsRequired => "Send API keys over https only.".to_owned(),
            Error::Invalid(fields) => fields.first().map_or_else(String::new, |f| f.text.clone()),
            Error::Unauthenticated(reason) => reason.message(),
            Error::Denied(Denied::Revoked) => Reason::Revoked.message(),
            Error::Denied(Denied::NotFound) | Error::NotFound => {
                "Not found: it does not exist, or you have no access to it.".to_owned()
            }
            Error::Denied(Denied::Missing(right)) => {
                format!("You have no permission to {right} here. Ask an administrator for it.")
            }
            Error::Denied(Denied::Scope(right)) => format!(
                "This API key may not {right}: its scope does not include it. Use a key with the scope {}.",
                model::Scope::needed_for(*right).name()
            ),
            Error::Denied(Denied::AdminOnly) => "Only site administrators may do this.".to_owned(),
            Error::Denied(Denied::NotOwner) => "Only who wrote it may change it.".to_owned(),
            Error::Address => {
                "This API key may not be used from this address. Its owner can change the allowed addresses."
                    .to_owned()
            }
            Error::ConfirmPassword => "Confirm your password first.".to_owned(),
            Error::TooMany(seconds) => format!("Too many failed attempts. Try again in {seconds} s."),
            Error::Busy
            | Error::Store(store::Error::Busy | store::Error::Conflict | store::Error::Closed) => {
                "The server is busy and did nothing. Try again in a moment.".to_owned()
            }
            Error::NoSpace => {
                "The server takes no files, as its storage is nearly full. Tell its administrator.".to_owned()
            }
            Error::Store(store::Error::RolledBack(_)) => {
                "Nothing was stored, as the server's storage failed or is full. Tell its administrator."
                    .to_owned()
            }
            Error::Store(store::Error::Unknown(_)) => {
                "It is not known whether this was stored. Look, or repeat it with the same Idempotency-Key."
                    .to_owned()
            }
            Error::Store(_) => {
                "The server made an error, which was logged. Tell its administrator.".to_owned()
            }
        }
    }
}

impl Reason {
    /// A sentence for people that says what to do.
    pub fn message(&self) -> String {
        match self {
            Reason::Missing => "Unauthenticated. Send an API key as `Authorization: Bearer KEY`.".to_owned(),
            Reason::Unknown => {
                "Unauthenticated: the API key is not known. Copy it again, or make a new one in your profile."
                    .to_owned()
            }
            Reason::Expired(on) => format!("Unauthenticated: the API key expired on {on}. Make a new one."),
            Reason::Revoked => "Unauthenticated: the API key was revoked. Make a new one.".to_owned(),
            Reason::OwnerInactive => "Unauthenticated: the owner of the API key is not active.".to_owned(),
            Reason::Suspended => {
                "Unauthenticated: API users need the Business or Enterprise edition.".to_owned()
            }
            Reason::Login => "Address or password are not right.".to_owned(),
        }
    }
}

impl From<store::Error> for Error {
    fn from(e: store::Error) -> Error {
        match e {
            store::Error::Nul => {
                Error::BadRequest("Take the NUL character (U+0000) out of the text.".to_owned())
            }
            other => Error::Store(other),
        }
    }
}

impl From<Denied> for Error {
    fn from(d: Denied) -> Error {
        Error::Denied(d)
    }
}
