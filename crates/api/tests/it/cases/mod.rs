//! Cases of the repository (contract §2.9, §4.5).

mod around;
mod fields;
mod lists;
mod statements;
mod writing;

use http::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::app::{Reply, TestApp};

pub(crate) struct World {
    pub(crate) test: TestApp,
    pub(crate) key: String,
    pub(crate) project: i64,
}

impl World {
    pub(crate) async fn new() -> World {
        let test = TestApp::new().await;
        let (admin, key) = test.admin().await;
        let project = test.project(admin, "Storefront").await.0;
        World { test, key, project }
    }

    pub(crate) fn path(&self) -> String {
        format!("/api/v1/projects/{}/cases", self.project)
    }

    pub(crate) async fn post(&self, cases: Value) -> Reply {
        self.test
            .post(&self.path(), &self.key, json!({ "cases": cases }))
            .await
    }

    /// Makes cases that are right; their rows.
    pub(crate) async fn make(&self, cases: Value) -> Vec<Value> {
        let reply = self.post(cases).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.json());
        reply.json()["result"].as_array().unwrap().clone()
    }

    pub(crate) async fn make_named(&self, name: &str) -> i64 {
        self.make(json!([{ "name": name }])).await[0]["id"]
            .as_i64()
            .unwrap()
    }

    pub(crate) async fn patch(&self, body: Value) -> Reply {
        self.test
            .call(Method::PATCH, &self.path(), &self.key, &body)
            .await
    }

    /// A change that is right; the first row.
    pub(crate) async fn change(&self, body: Value) -> Value {
        let reply = self.patch(body).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.json());
        reply.json()["result"][0].clone()
    }

    pub(crate) async fn delete(&self, ids: &[i64]) -> Reply {
        let body = json!({ "ids": ids });
        self.test
            .call(Method::DELETE, &self.path(), &self.key, &body)
            .await
    }

    pub(crate) async fn get(&self, id: i64) -> Value {
        let reply = self.test.get(&format!("/api/v1/cases/{id}"), &self.key).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.json());
        reply.json()["result"].clone()
    }

    pub(crate) async fn list(&self, query: &str) -> Value {
        let reply = self
            .test
            .get(&format!("{}?{query}", self.path()), &self.key)
            .await;
        assert_eq!(reply.status, StatusCode::OK, "{query}: {}", reply.json());
        reply.json()
    }

    pub(crate) async fn names(&self, query: &str) -> Vec<String> {
        let list = self.list(query).await;
        let rows = list["result"].as_array().unwrap();
        assert_eq!(list["total"], rows.len(), "{query}");
        rows.iter()
            .map(|r| r["name"].as_str().unwrap().to_owned())
            .collect()
    }

    pub(crate) async fn folder(&self, name: &str, parent: Option<i64>) -> i64 {
        let path = format!("/api/v1/projects/{}/folders", self.project);
        let body = json!({"folders": [{"name": name, "parent_id": parent}]});
        self.test.post(&path, &self.key, body).await.json()["result"][0]["id"]
            .as_i64()
            .unwrap()
    }

    pub(crate) async fn sql(&self, sql: &'static str) {
        self.test
            .db()
            .write(move |tx| tx.execute(sql, &[]))
            .await
            .unwrap();
    }
}

#[track_caller]
pub(crate) fn errors(reply: &Reply) -> Vec<String> {
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", reply.json());
    let errors = reply.json()["errors"].as_object().unwrap().clone();
    errors
        .iter()
        .map(|(field, texts)| format!("{field}: {}", texts[0].as_str().unwrap()))
        .collect()
}
