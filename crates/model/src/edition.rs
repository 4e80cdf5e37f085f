//! Editions. They decide whether API users exist and whether seats are limited.

use serde::{Deserialize, Serialize};

/// What an instance is licensed for. The factory setting is Enterprise without a seat limit, and then no page
/// speaks of editions or seats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Edition {
    /// People only.
    Standard,
    /// With API users.
    Business,
    /// With everything.
    #[default]
    Enterprise,
}

impl Edition {
    /// Whether API users (service accounts) may exist and act.
    pub fn has_api_users(self) -> bool {
        self != Edition::Standard
    }
}
