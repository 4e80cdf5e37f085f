//! Automation runs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::page::Row;
use crate::{Client, Error, Page, PageSize, RequestKey};

/// A field of a run, a thread or a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// How it is shown: 1 line, 2 text, 3 HTML, 4 console, 5 link.
    #[serde(rename = "type")]
    pub kind: u8,
    /// Label.
    pub name: String,
    /// Content.
    pub value: String,
    /// Details.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub meta: BTreeMap<String, String>,
}

/// A link of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Label.
    pub name: String,
    /// Remark, up to 80 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Address.
    pub url: String,
}

/// A file of a run, a thread or a test that lies on the web.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Artifact {
    /// Label, often the file's name.
    pub name: String,
    /// Remark, up to 80 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Address.
    pub url: String,
    /// Media type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<String>,
    /// Size in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
}

/// A run that is to be created. The three lists are sent even when they are empty, as Testmo's command line does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewRun {
    /// Name.
    pub name: String,
    /// Source; made when the project has none of this name.
    pub source: String,
    /// Fields.
    pub fields: Vec<Field>,
    /// Links.
    pub links: Vec<Link>,
    /// Files.
    pub artifacts: Vec<Artifact>,
    /// Tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Configuration by id; counts more than its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config_id: Option<u64>,
    /// Configuration by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config: Option<String>,
    /// Milestone by id; counts more than its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub milestone_id: Option<u64>,
    /// Milestone by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub milestone: Option<String>,
}

/// What is added to an open run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RunAddition {
    /// Fields.
    pub fields: Vec<Field>,
    /// Links.
    pub links: Vec<Link>,
    /// Files.
    pub artifacts: Vec<Artifact>,
}

/// A run.
#[derive(Debug, Clone, Deserialize)]
pub struct AutomationRun {
    /// Id.
    pub id: i64,
    /// Project that it belongs to.
    pub project_id: i64,
    /// Source that it belongs to.
    pub source_id: i64,
    /// Name.
    pub name: String,
    /// 2 success, 3 failure, 4 running.
    pub status: u8,
    /// Whether it takes no more results.
    #[serde(default)]
    pub is_completed: bool,
    /// Tests.
    #[serde(default)]
    pub total_count: u64,
    /// Tests that passed.
    #[serde(default)]
    pub success_count: u64,
    /// Tests that failed.
    #[serde(default)]
    pub failure_count: u64,
    /// Threads.
    #[serde(default)]
    pub thread_count: u64,
}

/// The answer to a creation.
#[derive(Deserialize)]
pub(crate) struct Created {
    pub(crate) id: i64,
}

#[derive(Serialize)]
struct Completion {
    measure_elapsed: bool,
}

impl Client {
    /// A page of a project's runs, newest first: `GET /projects/{id}/automation/runs`.
    pub async fn automation_runs(
        &self,
        project: i64,
        page: u32,
        size: PageSize,
    ) -> Result<Page<AutomationRun>, Error> {
        let path = format!("/api/v1/projects/{project}/automation/runs");
        self.get(&path, &size.query(page)).await
    }

    /// One run: `GET /automation/runs/{id}`.
    pub async fn automation_run(&self, id: i64) -> Result<AutomationRun, Error> {
        let row: Row<AutomationRun> = self.get(&format!("/api/v1/automation/runs/{id}"), &[]).await?;
        Ok(row.result)
    }

    /// Opens a run and gives its id: `POST /projects/{id}/automation/runs`.
    pub async fn create_automation_run(
        &self,
        project: i64,
        run: &NewRun,
        key: &RequestKey,
    ) -> Result<i64, Error> {
        let path = format!("/api/v1/projects/{project}/automation/runs");
        let created: Created = self.create(&path, run, key).await?;
        Ok(created.id)
    }

    /// Adds to an open run: `POST /automation/runs/{id}/append`.
    pub async fn append_to_automation_run(
        &self,
        run: i64,
        addition: &RunAddition,
        key: &RequestKey,
    ) -> Result<(), Error> {
        self.write(&format!("/api/v1/automation/runs/{run}/append"), addition, key)
            .await
    }

    /// Closes a run and its open threads: `POST /automation/runs/{id}/complete`. With `measure_elapsed` the run took
    /// the time since it was created, otherwise that of its longest thread.
    pub async fn complete_automation_run(
        &self,
        run: i64,
        measure_elapsed: bool,
        key: &RequestKey,
    ) -> Result<(), Error> {
        let path = format!("/api/v1/automation/runs/{run}/complete");
        self.write(&path, &Completion { measure_elapsed }, key).await
    }
}
