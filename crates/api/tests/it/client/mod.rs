//! The typed client calls every operation of the API, over a socket.

mod administration;
mod execution;
mod repository;

use ::client::{Client, Instance, RequestKey, Trace};
use http::Method;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use testkit::app::TestApp;

/// The operations that a client called.
#[derive(Clone, Default)]
struct Called(Arc<Mutex<BTreeSet<&'static str>>>);

impl Called {
    fn note(&self, method: &Method, url: &str) {
        let path = url.split_once("/api/").unwrap().1.split('?').next().unwrap();
        let parts: Vec<&str> = path.split('/').collect();
        let fits = |template: &str| {
            let template: Vec<&str> = template.trim_start_matches("/api/").split('/').collect();
            template.len() == parts.len()
                && template
                    .iter()
                    .zip(&parts)
                    .all(|(t, p)| t == p || (t.starts_with('{') && p.parse::<i64>().is_ok()))
        };
        let found = api::table()
            .into_iter()
            .find(|o| o.method == method && fits(o.path))
            .unwrap_or_else(|| panic!("{method} {url} is no operation"));
        self.0.lock().unwrap().insert(found.name);
    }
}

/// A server on a port of its own.
struct Served {
    test: TestApp,
    instance: Instance,
    called: Called,
}

impl Served {
    async fn new() -> Served {
        let test = TestApp::new().await;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = test.router();
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Served {
            test,
            instance: format!("http://{address}").parse().unwrap(),
            called: Called::default(),
        }
    }

    fn client(&self, key: &str) -> Client {
        let called = self.called.clone();
        Client::builder(self.instance.clone(), key.to_owned().into())
            .watch(move |trace| {
                if let Trace::Request { method, url, .. } = trace {
                    called.note(method, url);
                }
            })
            .build()
            .unwrap()
    }
}

/// A body or a query with these fields.
fn of<T: DeserializeOwned>(fields: Value) -> T {
    serde_json::from_value(fields).unwrap()
}

fn once() -> RequestKey {
    RequestKey::random().unwrap()
}

#[tokio::test]
async fn every_method_works_and_every_operation_has_one() {
    let served = Served::new().await;
    let (admin, key) = served.test.admin().await;
    let project = served.test.project(admin, "Shop").await.0;
    let client = served.client(&key);
    let cases = repository::all(&client, project).await;
    execution::all(&client, project, &cases).await;
    administration::all(&served, &client, project).await;
    let operations: BTreeSet<&str> = api::table().iter().map(|o| o.name).collect();
    let methods: BTreeSet<&str> = ::client::api::OPERATIONS.iter().copied().collect();
    assert_eq!(methods, operations, "methods, and operations");
    let called = served.called.0.lock().unwrap().clone();
    let left: Vec<_> = operations.difference(&called).collect();
    assert!(left.is_empty(), "not called: {left:?}");
}

#[tokio::test]
async fn errors_rows_and_repetitions() {
    let served = Served::new().await;
    let (admin, key) = served.test.admin().await;
    let project = served.test.project(admin, "Shop").await.0;
    let client = served.client(&key);
    let api = client.api();
    let names = (0..40).map(|n| serde_json::json!({ "name": format!("Case {n}") }));
    let body = of(serde_json::json!({ "cases": names.collect::<Vec<_>>() }));
    let once = once();
    let made = api.create_cases(project, &body, &once).await.unwrap();
    let again = api.create_cases(project, &body, &once).await.unwrap();
    assert_eq!(made, again, "a repetition has the answer of the first request");
    let query = ::client::api::GetCasesPageQuery {
        per_page: Some(15),
        ..Default::default()
    };
    let (mut rows, mut found) = (api.get_cases_page_rows(project, &query), BTreeSet::new());
    while let Some(case) = rows.next().await.unwrap() {
        found.insert(case.id);
    }
    assert_eq!(found, made.result.iter().map(|c| c.id).collect());
    let nameless = of(serde_json::json!({"cases": [{"name": ""}]}));
    let wrong = api.create_cases(project, &nameless, &self::once()).await;
    let ::client::Error::Invalid(refusal) = wrong.unwrap_err() else {
        panic!("not an error of the input");
    };
    assert_eq!(refusal.fields[0].field, "cases.0.name");
    let none = api.get_case(i64::MAX).await.unwrap_err();
    assert!(matches!(none, ::client::Error::NotFound(_)), "{none}");
    let case = &made.result[0];
    let stale = of(serde_json::json!({"ids": [case.id], "name": "Other", "version": 7}));
    let stale = api.update_cases(project, &stale).await.unwrap_err();
    assert!(matches!(stale, ::client::Error::Conflict(_)), "{stale}");
    let estimated = of(serde_json::json!({"ids": [case.id], "estimate": 5}));
    assert_eq!(
        api.update_cases(project, &estimated).await.unwrap().result[0].estimate,
        Some(5)
    );
    let removed = ::client::api::types::CaseChange {
        ids: vec![case.id],
        estimate: Some(None),
        ..Default::default()
    };
    assert_eq!(
        api.update_cases(project, &removed).await.unwrap().result[0].estimate,
        None
    );
}
