//! The person that a key belongs to.

use serde::Deserialize;

use crate::{Client, Error};

/// Owner of the API key.
#[derive(Debug, Clone, Deserialize)]
pub struct CurrentUser {
    /// Id.
    pub id: i64,
    /// Name.
    pub name: String,
    /// Mail address.
    #[serde(default)]
    pub email: Option<String>,
}

impl Client {
    /// The owner of the key: `GET /user`, which every valid key may ask for.
    pub async fn current_user(&self) -> Result<CurrentUser, Error> {
        self.get("/api/v1/user", &[]).await
    }
}
