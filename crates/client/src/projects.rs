//! Projects.

use serde::Deserialize;

use crate::page::Row;
use crate::{Client, Error, Page, PageSize};

/// A project.
#[derive(Debug, Clone, Deserialize)]
pub struct Project {
    /// Id.
    pub id: i64,
    /// Name.
    pub name: String,
    /// What the project is about.
    #[serde(default)]
    pub note: Option<String>,
    /// Whether work on it has ended.
    #[serde(default)]
    pub is_completed: bool,
    /// Automation runs.
    #[serde(default)]
    pub automation_run_count: u64,
    /// Automation sources.
    #[serde(default)]
    pub automation_source_count: u64,
}

impl Client {
    /// A page of the projects that the key's owner may see, newest first: `GET /projects`.
    pub async fn projects(&self, page: u32, size: PageSize) -> Result<Page<Project>, Error> {
        self.get("/api/v1/projects", &size.query(page)).await
    }

    /// One project: `GET /projects/{id}`.
    pub async fn project(&self, id: i64) -> Result<Project, Error> {
        let row: Row<Project> = self.get(&format!("/api/v1/projects/{id}"), &[]).await?;
        Ok(row.result)
    }
}
