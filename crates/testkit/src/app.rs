//! The whole server below its sockets: use cases and REST API on a database of its own, with a clock that tests own.
#![expect(clippy::expect_used, reason = "test support: what fails here ends the test")]

use crate::bucket::BucketServer;
use crate::db::Database;
use crate::described;
use app::{Actor, App, Blobs, Keyring, Options, OsRandom};
use axum::Router;
use axum::body::Body;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use model::clock::ManualClock;
use model::net::ClientIp;
use model::{ProjectId, Rights, Scope, Timestamp, UserId};
use serde_json::Value;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::Arc;
use store::user::NewUser;
use tempfile::TempDir;
use tower::ServiceExt as _;

/// Monday, 2 November 2026, 09:00 UTC.
pub const BEGINNING: Timestamp = Timestamp(1_793_610_000_000_000);

/// A server without sockets.
pub struct TestApp {
    /// The use cases.
    pub app: App,
    /// Its time.
    pub clock: Arc<ManualClock>,
    keyring: String,
    blobs: Blobs,
    router: Router,
    database: Database,
    spool: TempDir,
    bucket: Option<BucketServer>,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Reply {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub bytes: Vec<u8>,
}

impl Reply {
    /// The body as a document; null when there is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }

    /// A header's value, empty when it is absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default()
    }
}

/// A key to be made for a test; [`NewKey::default`] may do all that its owner may.
pub struct NewKey {
    /// Its scope.
    pub scope: Scope,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// Only these projects.
    pub projects: Option<Vec<ProjectId>>,
    /// Only these addresses.
    pub addresses: Option<Vec<String>>,
}

impl Default for NewKey {
    fn default() -> Self {
        NewKey {
            scope: Scope::Full,
            expires_at: None,
            projects: None,
            addresses: None,
        }
    }
}

impl TestApp {
    /// An instance with factory roles and statuses, and nobody in it.
    pub async fn new() -> TestApp {
        TestApp::with_keyring(&Keyring::generate(&OsRandom)).await
    }

    /// The same with the keyring of this text.
    pub async fn with_keyring(keyring: &str) -> TestApp {
        TestApp::open(keyring, None).await
    }

    /// The same with uploaded files in a bucket.
    pub async fn with_bucket() -> TestApp {
        let bucket = BucketServer::start().await;
        TestApp::open(&Keyring::generate(&OsRandom), Some(bucket)).await
    }

    async fn open(keyring: &str, bucket: Option<BucketServer>) -> TestApp {
        let database = Database::new().await;
        let clock = Arc::new(ManualClock::new(BEGINNING));
        let spool = tempfile::tempdir().expect("a folder for bodies");
        let folder = spool.path().join("blobs");
        let blobs = match &bucket {
            Some(bucket) => bucket.blobs(&folder).await,
            None => Blobs::local(folder),
        };
        let app = open(database.db(), &clock, keyring, blobs.clone()).await;
        let router = router(&app, &spool);
        TestApp {
            app,
            clock,
            keyring: keyring.to_owned(),
            blobs,
            router,
            database,
            spool,
            bucket,
        }
    }

    /// The same instance with another storage of uploaded files.
    pub async fn with_blobs(self, blobs: Blobs) -> TestApp {
        let app = open(self.db(), &self.clock, &self.keyring, blobs.clone()).await;
        TestApp {
            router: router(&app, &self.spool),
            app,
            blobs,
            ..self
        }
    }

    /// The storage of uploaded files.
    pub fn storage(&self) -> &Blobs {
        &self.blobs
    }

    /// What answers requests, for a test that needs a socket.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// One more server on the same database, with the same time and the keyring of this text.
    pub async fn server(&self, keyring: &str) -> App {
        open(self.db(), &self.clock, keyring, Blobs::local(self.blobs())).await
    }

    /// The database's address, for opening it once more.
    pub fn url(&self) -> &str {
        self.database.url()
    }

    /// Where the objects of the bucket lie; none when files stay in the folder.
    pub fn bucket(&self) -> Option<PathBuf> {
        self.bucket.as_ref().map(BucketServer::folder)
    }

    /// The folder of uploaded files; absent until the first one arrives.
    pub fn blobs(&self) -> PathBuf {
        self.spool.path().join("blobs")
    }

    /// The database below the use cases.
    pub fn db(&self) -> &store::Db {
        self.database.db()
    }

    /// A person or API user with a global role; the name is also the address's first part.
    pub async fn user(&self, name: &'static str, role: &'static str, kind: UserKind) -> UserId {
        self.db()
            .write(move |tx| {
                let email = format!("{name}@demo.example");
                let role_id = store::role::by_name(tx, role)?.ok_or(store::Error::NoRow)?;
                let new = NewUser {
                    is_api: kind == UserKind::Api,
                    name,
                    email: if kind == UserKind::Api { "" } else { &email },
                    password_hash: None,
                    role_id,
                    is_admin: kind == UserKind::Admin,
                };
                store::user::insert(tx, &new, None, BEGINNING)
            })
            .await
            .expect("the user is new")
    }

    /// An actor for a user, as the command line makes it.
    pub async fn actor(&self, id: UserId) -> Actor {
        let user = self
            .db()
            .read(move |tx| store::user::get(tx, id))
            .await
            .expect("readable")
            .expect("the user exists");
        let is_admin = user.is_admin;
        let caller = store::access::Caller {
            user: id,
            via: store::access::Via::System,
            scope: Scope::Full,
            is_admin,
        };
        Actor {
            caller,
            user: user.into(),
            request: app::Request::default(),
            session: None,
            key_expires_at: None,
        }
    }

    /// A key of a user.
    pub async fn key_with(&self, user: UserId, name: &str, new: NewKey) -> (model::KeyId, String) {
        let actor = self.actor(user).await;
        let NewKey {
            scope,
            expires_at,
            projects,
            addresses,
        } = new;
        let new = app::keys::NewKey {
            name: name.to_owned(),
            scope,
            expires_at,
            projects,
            addresses,
        };
        let made = app::keys::create(&self.app, &actor, &new)
            .await
            .expect("the key is right");
        (made.key.id, made.secret)
    }

    /// A key that may do all that its owner may.
    pub async fn key(&self, user: UserId) -> String {
        self.key_with(user, "test", NewKey::default()).await.1
    }

    /// A site admin with a key.
    pub async fn admin(&self) -> (UserId, String) {
        let id = self.user("ada", "Lead", UserKind::Admin).await;
        (id, self.key(id).await)
    }

    /// A project made by a site admin.
    pub async fn project(&self, admin: UserId, name: &str) -> ProjectId {
        let new = app::projects::NewProject {
            name: name.to_owned(),
            note: None,
            is_demo: false,
        };
        app::projects::create(&self.app, &self.actor(admin).await, &new)
            .await
            .expect("the project is right")
    }

    /// A role with exactly these rights.
    pub async fn role(&self, name: &'static str, rights: Rights) -> model::RoleId {
        self.db()
            .write(move |tx| store::role::insert(tx, name, rights, BEGINNING))
            .await
            .expect("the role is new")
    }

    /// One request. The body is sent as it is. Whatever is answered must be as the API is described.
    pub async fn send(&self, request: Request<Body>) -> Reply {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("the router never fails");
        let (parts, body) = response.into_parts();
        let bytes = body
            .collect()
            .await
            .expect("the body is in memory")
            .to_bytes()
            .to_vec();
        let reply = Reply {
            status: parts.status,
            headers: parts.headers,
            bytes,
        };
        described::check(&method, &path, &reply);
        reply
    }

    /// One call with a key.
    pub async fn call(&self, method: Method, path: &str, key: &str, body: &Value) -> Reply {
        let body = if body.is_null() {
            Body::empty()
        } else {
            Body::from(body.to_string())
        };
        self.send(
            request(method, path, key)
                .body(body)
                .expect("the request is right"),
        )
        .await
    }

    /// GET with a key.
    pub async fn get(&self, path: &str, key: &str) -> Reply {
        self.call(Method::GET, path, key, &Value::Null).await
    }

    /// POST with a key.
    pub async fn post(&self, path: &str, key: &str, body: Value) -> Reply {
        self.call(Method::POST, path, key, &body).await
    }
}

fn router(app: &App, spool: &TempDir) -> Router {
    let spool = spool.path().to_owned();
    api::router(app.clone(), api::Options { spool })
}

async fn open(db: &store::Db, clock: &Arc<ManualClock>, keyring: &str, blobs: Blobs) -> App {
    let options = Options {
        db: db.clone(),
        clock: clock.clone(),
        random: Arc::new(OsRandom),
        keyring: Keyring::parse(keyring).expect("the keyring is right"),
        blobs,
    };
    App::open(options).await.expect("the database is migrated")
}

/// Whom to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserKind {
    /// A person.
    Person,
    /// A person who is site admin.
    Admin,
    /// An API user.
    Api,
}

/// The begin of a request with a key from 192.0.2.7; an empty key sends no header.
pub fn request(method: Method, path: &str, key: &str) -> http::request::Builder {
    let builder = Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", "application/json")
        .extension(ClientIp(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7))));
    if key.is_empty() {
        builder
    } else {
        builder.header("authorization", format!("Bearer {key}"))
    }
}

/// Closes what was abandoned, as the server's job does every minute.
pub async fn close_abandoned(test: &TestApp) {
    app::automation::runs::close_abandoned(&test.app)
        .await
        .expect("the database answers");
}
