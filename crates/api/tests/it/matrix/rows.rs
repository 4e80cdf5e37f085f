//! What a refused call must not have changed.

use super::{Objects, World, callers, files};
use serde_json::{Value, json};

impl World {
    /// Rows of everything that an operation could make or change, to see that a refused call left nothing.
    ///
    /// What belongs to the whole instance changes nothing in a project, so there the versions of it are enough.
    pub(super) async fn rows(
        &self,
        admin: &str,
        objects: &Objects,
        (part, operation): (&str, &str),
    ) -> Value {
        let ours = callers::versions(&self.test).await;
        if ["keys", "administration", "definitions"].contains(&part) {
            return json!(ours);
        }
        let files = match files::list(operation) {
            Some(list) => self.test.get(&objects.in_path(&list), admin).await.json(),
            None => Value::Null,
        };
        let project = self
            .test
            .get(&format!("/api/v1/projects/{}", self.project), admin)
            .await
            .json();
        let runs = self
            .test
            .get(
                &format!("/api/v1/projects/{}/automation/runs", self.project),
                admin,
            )
            .await
            .json();
        let folders = self
            .test
            .get(&format!("/api/v1/projects/{}/folders", self.project), admin)
            .await
            .json();
        let milestones = self
            .test
            .get(&format!("/api/v1/projects/{}/milestones", self.project), admin)
            .await
            .json();
        let sessions = self
            .test
            .get(&format!("/api/v1/projects/{}/sessions", self.project), admin)
            .await
            .json();
        let cases = self
            .test
            .get(
                &format!(
                    "/api/v1/projects/{}/cases?expands=history,comments,tags,automation_links",
                    self.project
                ),
                admin,
            )
            .await
            .json();
        let results = self
            .test
            .get(&format!("/api/v1/runs/{}/results", objects.manual_run), admin)
            .await
            .json();
        let manual = self
            .test
            .get(&format!("/api/v1/projects/{}/runs", self.project), admin)
            .await
            .json();
        let kept = self
            .test
            .get(
                &format!("/api/attest/v1/projects/{}/automation/retention", self.project),
                admin,
            )
            .await
            .json();
        let shared = self
            .test
            .get(
                &format!("/api/attest/v1/projects/{}/shared-steps", self.project),
                admin,
            )
            .await
            .json();
        json!([
            shared, kept, project, runs, folders, milestones, sessions, cases, manual, results, ours, files
        ])
    }
}
