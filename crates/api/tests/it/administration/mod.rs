//! Our own resources for administrators: who may call them, what they change, what they refuse.

mod definitions;
mod keys;
mod managers;
mod members;
mod people;
mod settings;

use app::Request as Origin;
use app::login::Credentials;
use axum::body::Body;
use http::{Method, StatusCode};
use model::{ProjectId, Rights, Scope, UserId};
use serde_json::{Value, json};
use store::args;
use testkit::app::{NewKey, Reply, TestApp, UserKind, request};

pub(crate) const KEYS: &str = "/api/attest/v1/keys";
pub(crate) const API_USERS: &str = "/api/attest/v1/api-users";
const EMAIL: &str = "ada@demo.example";
const PASSWORD: &str = "violet kettle ninety spruce";

/// An instance with Ada, its site admin, signed in and with a key; and a project.
pub(crate) struct World {
    pub(crate) test: TestApp,
    pub(crate) admin: UserId,
    pub(crate) key: String,
    pub(crate) cookie: String,
    pub(crate) project: ProjectId,
}

impl World {
    pub(crate) async fn new() -> World {
        let test = TestApp::new().await;
        let owner = app::setup::Owner {
            name: "ada".to_owned(),
            email: EMAIL.to_owned(),
            password: PASSWORD.to_owned(),
        };
        let admin = app::setup::init(&test.app, &owner).await.unwrap();
        let key = test.key(admin).await;
        let project = test.project(admin, "Shop").await;
        let cookie = sign_in(&test, EMAIL, PASSWORD).await.unwrap();
        World {
            test,
            admin,
            key,
            cookie,
            project,
        }
    }

    /// A call by Ada's browser, from a page of ours.
    pub(crate) async fn browse(&self, method: Method, path: &str, body: &Value) -> Reply {
        self.browse_as(&self.cookie, method, path, body).await
    }

    pub(crate) async fn browse_as(&self, cookie: &str, method: Method, path: &str, body: &Value) -> Reply {
        let cookie = format!("att_theme=dark; att_sid={cookie}");
        let request = request(method, path, "")
            .header("cookie", cookie)
            .header("x-attest-csrf", "1")
            .header("sec-fetch-site", "same-origin");
        let body = if body.is_null() {
            Body::empty()
        } else {
            Body::from(body.to_string())
        };
        self.test.send(request.body(body).unwrap()).await
    }

    /// An API user with a role in the project.
    pub(crate) async fn robot(&self, name: &'static str, rights: Rights) -> UserId {
        let id = self.test.user(name, "Read-only", UserKind::Api).await;
        let role = self.test.role(name, rights).await;
        let project = self.project;
        self.test
            .db()
            .write(move |tx| store::project::set_user_access(tx, project, id, Some(role)))
            .await
            .unwrap();
        id
    }

    /// The same with the right to manage API users.
    pub(crate) async fn manager(&self, name: &'static str, rights: Rights) -> UserId {
        let id = self.robot(name, rights).await;
        let sql = "UPDATE users SET manages_api_users = TRUE WHERE id = $1";
        let change = self.test.db().write(move |tx| tx.execute(sql, args![id.0]));
        change.await.unwrap();
        id
    }

    pub(crate) async fn key_of(&self, user: UserId, name: &str, new: NewKey) -> String {
        self.test.key_with(user, name, new).await.1
    }

    /// Actions of the audit log, oldest first, without those of making the world.
    pub(crate) async fn actions(&self, kind: &str) -> Vec<String> {
        let path = format!("/api/attest/v1/audit?order=asc&target_kind={kind}");
        let rows = self.test.get(&path, &self.key).await.json();
        let rows = rows["result"].as_array().unwrap().iter();
        rows.map(|r| r["action"].as_str().unwrap().to_owned()).collect()
    }
}

pub(crate) async fn sign_in(test: &TestApp, email: &str, password: &str) -> app::Result<String> {
    let credentials = Credentials {
        email: email.to_owned(),
        password: password.to_owned(),
        stay: false,
        device: None,
    };
    Ok(app::login::sign_in(&test.app, &credentials, &Origin::default())
        .await?
        .cookie)
}

/// Status and code of an answer.
pub(crate) fn told(reply: &Reply) -> (u16, String) {
    let code = reply.json()["code"].as_str().unwrap_or_default().to_owned();
    (reply.status.as_u16(), code)
}

/// The fields that an answer names as wrong.
pub(crate) fn wrong(reply: &Reply) -> Vec<String> {
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", reply.json());
    let json = reply.json();
    json["errors"].as_object().unwrap().keys().cloned().collect()
}

pub(crate) fn scoped(scope: Scope) -> NewKey {
    NewKey {
        scope,
        ..NewKey::default()
    }
}

#[tokio::test]
async fn a_session_counts_for_our_own_resources_and_only_from_our_own_pages() {
    let world = World::new().await;
    let cookie = format!("att_sid={}", world.cookie);
    let send = async |method: Method, path: &str, headers: &[(&str, &str)]| {
        let builder = headers
            .iter()
            .fold(request(method, path, ""), |b, (n, v)| b.header(*n, *v));
        let body = Body::from(json!({"name": "CI", "scope": "read"}).to_string());
        told(&world.test.send(builder.body(body).unwrap()).await)
    };
    let own = ("cookie", cookie.as_str());
    let csrf = (403, "csrf".to_owned());
    assert_eq!(send(Method::GET, KEYS, &[own]).await.0, 200);
    assert_eq!(send(Method::POST, KEYS, &[own]).await, csrf);
    assert_eq!(
        send(Method::POST, KEYS, &[own, ("x-attest-csrf", "1")]).await.0,
        201
    );
    for site in ["cross-site", "same-site"] {
        let headers = [own, ("x-attest-csrf", "1"), ("sec-fetch-site", site)];
        assert_eq!(send(Method::POST, KEYS, &headers).await, csrf);
        assert_eq!(
            send(Method::GET, KEYS, &headers).await,
            csrf,
            "nor may it be loaded"
        );
    }
    // The contract's own paths know keys alone, and a key wins over a cookie.
    assert_eq!(send(Method::GET, "/api/v1/user", &[own]).await.0, 401);
    let both = [own, ("authorization", "Bearer garbage")];
    assert_eq!(send(Method::GET, KEYS, &both).await.0, 401);
    assert_eq!(send(Method::GET, KEYS, &[("cookie", "att_sid=abc")]).await.0, 401);
    let secure = format!("__Host-att_sid={}", world.cookie);
    assert_eq!(send(Method::GET, KEYS, &[("cookie", &secure)]).await.0, 401);
}
