//! The whole contract, walked: every operation of `tests/contract/testmo-api-v1.json` with and without every expand, filter
//! and sort, and every field of its models with its type.

use http::{Method, StatusCode};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use testkit::app::TestApp;

pub(crate) const CONTRACT: &str = include_str!("../contract/testmo-api-v1.json");

/// Fields that a row has only with the expand of the same name (contract §1.3).
const ONLY_WITH_EXPAND: [&str; 4] = ["automation_links", "tags", "history", "comments"];

/// Null where the contract's notes say nothing of it: what every instance begins with was made by nobody.
const ALSO_NULL: [&str; 2] = ["Role.created_by", "User.created_by"];

/// Operations that are not there yet.
const NOT_YET: [&str; 4] = [
    "createCaseAttachment",
    "createCaseAttachments",
    "deleteCaseAttachments",
    "getCaseAttachmentsPage",
];

pub(crate) struct Walk {
    pub(crate) test: TestApp,
    pub(crate) key: String,
    models: Map<String, Value>,
    /// Ids by the name that paths have.
    pub(crate) ids: Map<String, Value>,
    /// Fields of models that were seen with a value, as `Model.field`.
    seen: BTreeSet<String>,
    wrong: Vec<String>,
}

impl Walk {
    async fn ok(&self, method: Method, path: &str, body: Value) -> Value {
        let reply = self.test.call(method.clone(), path, &self.key, &body).await;
        assert!(reply.status.is_success(), "{method} {path}: {}", reply.json());
        if reply.bytes.is_empty() {
            Value::Null
        } else {
            reply.json()
        }
    }

    /// One of everything that rows can show.
    pub(crate) async fn new() -> Walk {
        let test = TestApp::new().await;
        let (admin, key) = test.admin().await;
        let project = test.project(admin, "Storefront").await.0;
        let contract: Value = serde_json::from_str(CONTRACT).unwrap();
        let mut walk = Walk {
            test,
            key,
            models: contract["models"].as_object().unwrap().clone(),
            ids: Map::new(),
            seen: BTreeSet::new(),
            wrong: Vec::new(),
        };
        for sql in [
            "INSERT INTO groups (id, name, created_at, created_by) VALUES (1, 'Payments', 0, 1)",
            "INSERT INTO group_members (group_id, user_id) VALUES (1, 1)",
            "INSERT INTO integrations (id, type, name, is_active, created_at) VALUES (1, 4, 'Jira', TRUE, 0)",
            "INSERT INTO connections (id, integration_id, name) VALUES (1, 1, 'Cloud')",
            "INSERT INTO connection_projects (id, connection_id, name, external_key) VALUES (1, 1, 'Web', 'WEB')",
            "INSERT INTO fields (id, entity, type, name, system_name, is_active, is_compact, include_all, is_required,
                is_restricted, display_order)
                VALUES (50, 'session', 8, 'Device', 'device', TRUE, FALSE, TRUE, FALSE, FALSE, 3)",
            "INSERT INTO field_options (id, field_id, value, color, is_active, display_order)
                VALUES (50, 50, 'Phone', '#112233', TRUE, 1)",
            "INSERT INTO template_fields (template_id, field_id, display_order) VALUES (21, 50, 3)",
            "INSERT INTO configs (id, project_id, name) SELECT 1, MIN(id), 'Firefox' FROM projects",
        ] {
            walk.test
                .db()
                .write(move |tx| tx.execute(sql, &[]))
                .await
                .unwrap();
        }
        for (name, id) in [
            ("project_id", project),
            ("group_id", 1),
            ("role_id", 1),
            ("user_id", 1),
        ] {
            walk.ids.insert(name.to_owned(), json!(id));
        }
        walk.fill().await;
        walk
    }

    /// One of everything once more.
    pub(crate) async fn fill(&mut self) {
        self.automation().await;
        self.repository().await;
        self.runs().await;
        self.session().await;
    }

    fn keep(&mut self, name: &str, id: &Value) {
        self.ids.insert(name.to_owned(), id.clone());
    }

    async fn automation(&mut self) {
        let base = format!("/api/v1/projects/{}", self.ids["project_id"]);
        let milestone = json!({"name": "2.0", "note": "n", "start_date": "2026-11-01", "due_date": "2026-12-01",
            "is_started": true, "automation_tags": ["rc"], "links": [{"name": "Plan", "url": "https://example.com"}]});
        let top = self
            .ok(Method::POST, &format!("{base}/milestones"), milestone)
            .await;
        let below = json!({"name": "RC 1", "parent_id": top["result"]["id"]});
        let milestone = self.ok(Method::POST, &format!("{base}/milestones"), below).await;
        self.keep("milestone_id", &milestone["result"]["id"]);
        let field = json!([{"name": "Build", "type": 1, "value": "42", "meta": {"k": "v"}}]);
        let artifact = json!([{"name": "log", "note": "n", "url": "https://example.com/log", "size": 5,
            "mime_type": "text/plain"}]);
        let link = json!([{"name": "CI", "note": "n", "url": "https://example.com/ci"}]);
        let run = json!({"name": "nightly", "source": "web", "config_id": 1, "milestone_id": self.ids["milestone_id"],
            "tags": ["rc"], "fields": field, "artifacts": artifact, "links": link});
        let run = self
            .ok(Method::POST, &format!("{base}/automation/runs"), run)
            .await["id"]
            .clone();
        self.keep("automation_run_id", &run);
        let body = json!({"fields": field, "artifacts": artifact, "elapsed_observed": 5});
        let thread = self
            .ok(
                Method::POST,
                &format!("/api/v1/automation/runs/{run}/threads"),
                body,
            )
            .await;
        self.keep("automation_run_thread_id", &thread["id"]);
        let tests = json!({"tests": [{"key": "a1", "name": "pays", "folder": "shop", "status": "passed", "elapsed": 5}]});
        let path = format!("/api/v1/automation/runs/threads/{}/append", thread["id"]);
        self.ok(Method::POST, &path, tests).await;
        let row = self
            .ok(
                Method::GET,
                &format!("/api/v1/automation/runs/{run}"),
                Value::Null,
            )
            .await;
        self.keep("automation_source_id", &row["result"]["source_id"]);
    }

    async fn repository(&mut self) {
        let base = format!("/api/v1/projects/{}", self.ids["project_id"]);
        let body = json!({"folders": [{"name": "Shop", "docs": "d"}]});
        let top = self.ok(Method::POST, &format!("{base}/folders"), body).await["result"][0]["id"].clone();
        let body = json!({"folders": [{"name": "Payment", "docs": "d", "parent_id": top}]});
        let folder = self.ok(Method::POST, &format!("{base}/folders"), body).await["result"][0]["id"].clone();
        self.keep("folder_id", &folder);
        let tests = format!("/api/v1/automation/runs/{}/tests", self.ids["automation_run_id"]);
        let test = self.ok(Method::GET, &tests, Value::Null).await["result"][0]["automation_case_id"].clone();
        let case = json!({"name": "Pay", "folder_id": folder, "estimate": 5, "tags": ["smoke"],
            "automation_links": [test], "issues": [{"display_id": "WEB-1", "integration_id": 1, "connection_project_id": 1}],
            "custom_priority": 1, "custom_steps": [{"text1": "do", "text3": "see"}]});
        let made = self
            .ok(Method::POST, &format!("{base}/cases"), json!({"cases": [case]}))
            .await;
        let id = made["result"][0]["id"].clone();
        self.keep("case_id", &id);
        self.check("CreateCases201Response", &made, &[], "createCases");
        let change = json!({"ids": [id], "name": "Pay by card", "status_id": 1});
        let changed = self.ok(Method::PATCH, &format!("{base}/cases"), change).await;
        self.check("UpdateCases200Response", &changed, &[], "updateCases");
        let body = json!({"text": "Why?"});
        self.ok(Method::POST, &format!("/api/attest/v1/cases/{id}/comments"), body)
            .await;
    }

    async fn runs(&mut self) {
        let base = format!("/api/v1/projects/{}", self.ids["project_id"]);
        let issue = json!([{"display_id": "WEB-2", "integration_id": 1, "connection_project_id": 1}]);
        let run = json!({"name": "RC 1", "cases": [self.ids["case_id"]], "milestone_id": self.ids["milestone_id"],
            "config_id": 1, "tags": ["smoke"], "note": "n", "assignee_id": 1, "issues": issue,
            "links": [{"name": "Plan", "note": "n", "url": "https://example.com"}]});
        let run = self.ok(Method::POST, &format!("{base}/runs"), run).await["result"]["id"].clone();
        self.keep("run_id", &run);
        let tests = format!("/api/v1/runs/{run}/tests");
        let test = self.ok(Method::GET, &tests, Value::Null).await["result"][0]["id"].clone();
        let body = json!({"status_id": 2, "comment": "fine", "elapsed": 5});
        let made = self
            .ok(Method::POST, &format!("{tests}/{test}/results"), body)
            .await;
        let path = format!("/api/v1/runs/{run}/results/{}", made["result"]["id"]);
        self.ok(Method::PATCH, &path, json!({"note": "good"})).await;
        let closed = json!({"is_closed": true});
        self.ok(Method::PATCH, &format!("/api/v1/runs/{run}"), closed)
            .await;
    }

    async fn session(&mut self) {
        let path = format!("/api/v1/projects/{}/sessions", self.ids["project_id"]);
        let session = json!({"name": "Tour", "config_id": 1, "milestone_id": self.ids["milestone_id"], "assignee_id": 1,
            "estimate": 9, "elapsed": 5, "is_started": true, "is_closed": true, "tags": ["tour"], "custom_device": 50,
            "issues": [{"display_id": "WEB-1", "integration_id": 1, "connection_project_id": 1}]});
        let made = self.ok(Method::POST, &path, session).await["result"]["id"].clone();
        let path = format!("/api/v1/sessions/{made}");
        self.ok(Method::PATCH, &path, json!({"name": "Long tour"})).await;
        self.keep("session_id", &made);
    }

    /// Whether a value is what the contract calls `kind`.
    fn check(&mut self, kind: &str, value: &Value, expands: &[&str], at: &str) {
        let is = match kind {
            "any" => true,
            "integer" => value.is_i64(),
            "boolean" => value.is_boolean(),
            "string" => value.is_string(),
            "datetime" => value.as_str().is_some_and(is_instant),
            "map" => value.is_object(),
            model => {
                let model = self
                    .models
                    .get(model)
                    .cloned()
                    .unwrap_or_else(|| panic!("{at}: no model {model}"));
                return self.check_model(kind, model.as_object().unwrap(), value, expands, at);
            }
        };
        if !is {
            self.wrong.push(format!("{at}: {value} is no {kind}"));
        }
    }

    fn check_model(
        &mut self,
        name: &str,
        model: &Map<String, Value>,
        value: &Value,
        expands: &[&str],
        at: &str,
    ) {
        let Some(object) = value.as_object() else {
            self.wrong.push(format!("{at}: {value} is no {name}"));
            return;
        };
        for (field, about) in model {
            if field.starts_with('_') || field.contains('<') {
                continue;
            }
            let at = format!("{at} {name}.{field}");
            let only_with = name == "RepositoryCaseResult" && ONLY_WITH_EXPAND.contains(&field.as_str());
            let is_expand = name.ends_with("Expands");
            let is_optional = is_expand || field == "expands" || field == "message";
            let wanted = if only_with || is_expand {
                expands.contains(&field.as_str())
            } else {
                !is_optional
            };
            match object.get(field) {
                None if wanted => self.wrong.push(format!("{at} is missing")),
                Some(_) if !wanted && (only_with || is_expand) => {
                    self.wrong.push(format!("{at} is there without its expand"));
                }
                None => {}
                Some(Value::Null) if about["nullable"] == true => {}
                Some(Value::Null) if ALSO_NULL.contains(&format!("{name}.{field}").as_str()) => {}
                Some(found) => self.check_field(name, field, about, found, expands, &at),
            }
        }
    }

    fn check_field(
        &mut self,
        name: &str,
        field: &str,
        about: &Value,
        found: &Value,
        expands: &[&str],
        at: &str,
    ) {
        let kind = about["type"].as_str().unwrap_or("any");
        match (kind, found.as_array()) {
            ("array", Some(items)) => {
                if !items.is_empty() {
                    self.seen.insert(format!("{name}.{field}"));
                }
                for item in items {
                    self.check(about["items"].as_str().unwrap_or("any"), item, expands, at);
                }
            }
            ("array", None) => self.wrong.push(format!("{at}: {found} is no array")),
            _ => {
                self.seen.insert(format!("{name}.{field}"));
                self.check(kind, found, expands, at);
                let allowed = about["enum"].as_array();
                if allowed.is_some_and(|all| !all.contains(found)) {
                    self.wrong
                        .push(format!("{at}: {found} is not among {}", about["enum"]));
                }
            }
        }
    }

    async fn get(&mut self, operation: &Value, query: &str, expands: &[&str]) {
        let mut path = operation["path"].as_str().unwrap().to_owned();
        for (name, id) in &self.ids {
            path = path.replace(&format!("{{{name}}}"), &id.to_string());
        }
        let at = format!("{path}?{query}");
        let reply = self.test.get(&at, &self.key).await;
        if reply.status != StatusCode::OK {
            self.wrong
                .push(format!("{at}: {} {}", reply.status, reply.json()));
            return;
        }
        let model = operation["response"].as_str().unwrap();
        self.check(model, &reply.json(), expands, &at);
    }

    /// Every parameter of an operation by itself, with every value that the contract names, and all expands at once.
    async fn walk(&mut self, operation: &Value) {
        self.get(operation, "", &[]).await;
        let params = operation["params"].as_array().unwrap().clone();
        for param in params.iter().filter(|p| p["in"] == "query") {
            let name = param["name"].as_str().unwrap();
            let values: Vec<String> = match param["enum"].as_array() {
                Some(all) => all
                    .iter()
                    .map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned))
                    .collect(),
                None => samples(param),
            };
            for value in &values {
                let expands = if name == "expands" {
                    vec![value.as_str()]
                } else {
                    Vec::new()
                };
                let query = format!("{name}={value}");
                self.get(operation, &query, &expands).await;
                if name == "sort" {
                    self.get(operation, &format!("{query}&order=asc"), &[]).await;
                }
            }
            if name == "expands" {
                let all: Vec<&str> = values.iter().map(String::as_str).collect();
                self.get(operation, &format!("expands={}", all.join("%2C")), &all)
                    .await;
            }
        }
    }
}

/// Values that a parameter without a list of its own takes.
fn samples(param: &Value) -> Vec<String> {
    let samples: &[&str] = match (param["type"].as_str().unwrap(), param["style"].as_str()) {
        ("datetime", _) => &["2023-02-15T00:00:00.000Z", "2023-02-15T00:00:00Z"],
        ("boolean", _) => &["true", "false", "1", "0", "True", "False"],
        ("integer", _) => &["1"],
        ("string", Some("csv")) => &["1", "1%2C2"],
        _ => &["a"],
    };
    samples.iter().map(|s| (*s).to_owned()).collect()
}

/// `2026-11-02T09:00:00.000Z`
fn is_instant(text: &str) -> bool {
    text.len() == 24
        && text.ends_with('Z')
        && text.as_bytes()[19] == b'.'
        && model::Timestamp::parse(text).is_some()
}

#[tokio::test]
async fn every_operation_answers_as_the_contract_says() {
    let mut walk = Walk::new().await;
    let contract: Value = serde_json::from_str(CONTRACT).unwrap();
    let operations = contract["endpoints"].as_array().unwrap();
    let table = api::table();
    for operation in operations {
        let name = operation["operation"].as_str().unwrap();
        let ours = table.iter().find(|o| o.name == name);
        let Some(ours) = ours else {
            if !NOT_YET.contains(&name) {
                walk.wrong.push(format!("{name} is missing"));
            }
            continue;
        };
        assert_eq!(
            (ours.method.as_str(), ours.path),
            (
                operation["method"].as_str().unwrap(),
                operation["path"].as_str().unwrap()
            )
        );
        if operation["method"] == "GET" {
            walk.walk(operation).await;
        }
    }
    assert_eq!(walk.wrong, [""; 0], "{:#?}", walk.wrong);
    insta::with_settings!({omit_expression => true}, {
        insta::assert_snapshot!("contract_unseen", unseen(&walk, operations));
    });
}

/// Fields of answers that never had a value, so that their type was not seen.
fn unseen(walk: &Walk, operations: &[Value]) -> String {
    let mut reached: BTreeSet<String> = BTreeSet::new();
    let mut open: Vec<String> = operations
        .iter()
        .filter_map(|o| o["response"].as_str().map(str::to_owned))
        .collect();
    let mut unseen = Vec::new();
    while let Some(model) = open.pop() {
        let Some(fields) = walk.models.get(&model).and_then(Value::as_object) else {
            continue;
        };
        if !reached.insert(model.clone()) {
            continue;
        }
        for (field, about) in fields
            .iter()
            .filter(|(f, _)| !f.starts_with('_') && !f.contains('<'))
        {
            let name = format!("{model}.{field}");
            if !walk.seen.contains(&name) {
                unseen.push(name);
            }
            open.extend(
                about["items"]
                    .as_str()
                    .or(about["type"].as_str())
                    .map(str::to_owned),
            );
        }
    }
    unseen.sort();
    unseen.join("\n")
}
