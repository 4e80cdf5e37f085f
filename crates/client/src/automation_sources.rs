//! Automation sources: suites whose runs belong together.

use serde::Deserialize;

use crate::page::Row;
use crate::{Client, Error, Page, PageSize};

/// An automation source.
#[derive(Debug, Clone, Deserialize)]
pub struct AutomationSource {
    /// Id.
    pub id: i64,
    /// Project that it belongs to.
    pub project_id: i64,
    /// Name, unique within the project.
    pub name: String,
    /// Whether it is out of use.
    #[serde(default)]
    pub is_retired: bool,
}

impl Client {
    /// A page of a project's sources, newest first: `GET /projects/{id}/automation/sources`.
    pub async fn automation_sources(
        &self,
        project: i64,
        page: u32,
        size: PageSize,
    ) -> Result<Page<AutomationSource>, Error> {
        let path = format!("/api/v1/projects/{project}/automation/sources");
        self.get(&path, &size.query(page)).await
    }

    /// One source: `GET /automation/sources/{id}`.
    pub async fn automation_source(&self, id: i64) -> Result<AutomationSource, Error> {
        let row: Row<AutomationSource> = self.get(&format!("/api/v1/automation/sources/{id}"), &[]).await?;
        Ok(row.result)
    }
}
