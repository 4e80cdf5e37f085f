//! What the paths name: fresh objects for each call that changes something.

use super::{NewKey, World, callers};
use serde_json::{Value, json};

/// Fresh objects, so that no call finds what the one before it left.
pub(super) struct Objects {
    pub(super) project: i64,
    pub(super) source: i64,
    pub(super) run: i64,
    pub(super) thread: i64,
    /// A thread that is a part of another run.
    pub(super) part: i64,
    pub(super) folder: i64,
    pub(super) case: i64,
    pub(super) comment: i64,
    pub(super) milestone: i64,
    pub(super) shared_steps: i64,
    pub(super) session: i64,
    pub(super) manual_run: i64,
    pub(super) test: i64,
    pub(super) result: i64,
    pub(super) automation_case: i64,
    pub(super) automation_test: i64,
    /// A file of what the operation's path names; 0 where it is not about files.
    pub(super) attachment: i64,
    pub(super) robot: i64,
    pub(super) key: i64,
    pub(super) person: i64,
    pub(super) role: i64,
    pub(super) group: i64,
    pub(super) status: i64,
    pub(super) state: i64,
    pub(super) field: i64,
    pub(super) template: i64,
}

impl Objects {
    pub(super) fn in_path(&self, path: &str) -> String {
        let [user, role, group] = if path.starts_with("/api/attest/v1/api-users") {
            [self.robot, 1, 1]
        } else if path.starts_with("/api/attest/v1/") {
            [self.person, self.role, self.group]
        } else {
            [1, 1, 1]
        };
        let thread = if path.contains("/automation/parts/") {
            self.part
        } else {
            self.thread
        };
        let ids = [
            ("{project_id}", self.project),
            ("{folder_id}", self.folder),
            ("{case_id}", self.case),
            ("{comment_id}", self.comment),
            ("{version}", 1),
            ("{milestone_id}", self.milestone),
            ("{shared_steps_id}", self.shared_steps),
            ("{session_id}", self.session),
            ("{run_id}", self.manual_run),
            ("{test_id}", self.test),
            ("{result_id}", self.result),
            ("{automation_source_id}", self.source),
            ("{automation_run_id}", self.run),
            ("{automation_run_thread_id}", thread),
            ("{automation_test_id}", self.automation_test),
            ("{attachment_id}", self.attachment),
            ("{group_id}", group),
            ("{role_id}", role),
            ("{user_id}", user),
            ("{key_id}", self.key),
            ("{notification_id}", 1),
            ("{status_id}", self.status),
            ("{state_id}", self.state),
            ("{field_id}", self.field),
            ("{template_id}", self.template),
        ];
        ids.iter().fold(path.to_owned(), |path, (name, id)| {
            path.replace(name, &id.to_string())
        })
    }
}

impl World {
    pub(super) async fn objects(&self, admin: &str) -> Objects {
        let project = self.project.0;
        let made = |reply: testkit::app::Reply| reply.json()["id"].as_i64().unwrap();
        let body = json!({"name": "nightly", "source": "web"});
        let run = made(
            self.test
                .post(
                    &format!("/api/v1/projects/{project}/automation/runs"),
                    admin,
                    body,
                )
                .await,
        );
        let path = format!("/api/v1/automation/runs/{run}/threads");
        let thread = made(self.test.post(&path, admin, json!({})).await);
        let path = format!("/api/attest/v1/projects/{project}/automation/parts");
        let body = json!({"name": "nightly", "source": "web", "run_key": format!("k{run}"), "part": "1"});
        let part = self.test.post(&path, admin, body).await.json()["thread_id"]
            .as_i64()
            .unwrap();
        let row = self
            .test
            .get(&format!("/api/v1/automation/runs/{run}"), admin)
            .await
            .json();
        let path = format!("/api/v1/automation/runs/threads/{thread}/append");
        let test = json!({"key": "a", "name": "a", "folder": "f", "status": "passed"});
        self.test.post(&path, admin, json!({ "tests": [test] })).await;
        let path = format!("/api/v1/automation/runs/{run}/tests");
        let automation_test = self.test.get(&path, admin).await.json()["result"][0]["id"]
            .as_i64()
            .unwrap();
        let path = format!("/api/v1/projects/{project}/automation/cases");
        let tests = self.test.get(&path, admin).await.json();
        let path = format!("/api/v1/projects/{project}/folders");
        let folders = self
            .test
            .post(&path, admin, json!({"folders": [{"name": "Payment"}]}))
            .await;
        let path = format!("/api/v1/projects/{project}/milestones");
        let milestone = self.test.post(&path, admin, json!({"name": "2.0"})).await;
        let path = format!("/api/v1/projects/{project}/sessions");
        let session = self.test.post(&path, admin, json!({"name": "tour"})).await;
        let path = format!("/api/v1/projects/{project}/cases");
        let cases = self
            .test
            .post(&path, admin, json!({"cases": [{"name": "Pay by card"}]}))
            .await;
        let case = cases.json()["result"][0]["id"].as_i64().unwrap();
        let path = format!("/api/attest/v1/cases/{case}/comments");
        let comment = self.test.post(&path, admin, json!({"text": "Which card?"})).await;
        let path = format!("/api/v1/projects/{project}/runs");
        let body = json!({"name": "RC 1", "cases": [case]});
        let manual_run = self.test.post(&path, admin, body).await.json()["result"]["id"]
            .as_i64()
            .unwrap();
        let path = format!("/api/v1/runs/{manual_run}/tests");
        let test = self.test.get(&path, admin).await.json()["result"][0]["id"]
            .as_i64()
            .unwrap();
        let path = format!("{path}/{test}/results");
        let result = self.test.post(&path, admin, json!({"status_id": 3})).await;
        let robot = callers::robot(&self.test, self.project).await;
        let (key, _) = self.test.key_with(robot, "theirs", NewKey::default()).await;
        let name = format!("fresh {key}");
        let made_ours = async |path: &str, body: Value| {
            let made = self.test.post(path, admin, body).await.json();
            made["result"]["id"].as_i64().unwrap()
        };
        let email = format!("fresh{key}@demo.example");
        let person = made_ours("/api/attest/v1/users", json!({"name": name, "email": email})).await;
        let path = format!("/api/attest/v1/projects/{project}/shared-steps");
        let body = json!({"name": name, "steps": [{"text1": "Sign in"}]});
        let shared_steps = made_ours(&path, body).await;
        let role = made_ours("/api/attest/v1/roles", json!({"name": name})).await;
        let group = made_ours("/api/attest/v1/groups", json!({"name": name})).await;
        // There is room for few of them.
        callers::drop_definitions(&self.test).await;
        let entity = "session";
        let body = json!({"entity": entity, "name": name, "type": 1});
        let state = made_ours("/api/attest/v1/states", body.clone()).await;
        let field = made_ours("/api/attest/v1/fields", body.clone()).await;
        let template = made_ours("/api/attest/v1/templates", body.clone()).await;
        let status = made_ours("/api/attest/v1/statuses", body).await;
        Objects {
            status,
            state,
            field,
            template,
            robot: robot.0,
            key: key.0,
            person,
            role,
            group,
            shared_steps,
            manual_run,
            test,
            result: result.json()["result"]["id"].as_i64().unwrap(),
            project,
            session: session.json()["result"]["id"].as_i64().unwrap(),
            run,
            case,
            comment: comment.json()["result"]["id"].as_i64().unwrap(),
            milestone: milestone.json()["result"]["id"].as_i64().unwrap(),
            folder: folders.json()["result"][0]["id"].as_i64().unwrap(),
            thread,
            part,
            automation_test,
            attachment: 0,
            automation_case: tests["result"][0]["id"].as_i64().unwrap(),
            source: row["result"]["source_id"].as_i64().unwrap(),
        }
    }
}
