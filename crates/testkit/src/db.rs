//! A database per test, on SQLite or PostgreSQL.
//!
//! `TESTDB=sqlite` (the default) or `TESTDB=postgres` chooses the engine. PostgreSQL needs
//! `ATTEST_TEST_POSTGRES`, the URL of a superuser's connection to any server: a template database is made there once
//! for each state of the migrations, and copied for each test.
#![expect(clippy::expect_used, reason = "test support: what fails here ends the test")]

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use store::migrate::MIGRATIONS;
use store::{Db, Options};
use tempfile::TempDir;
use tokio_postgres::NoTls;

/// A database of its own, gone when this is dropped.
pub struct Database {
    db: Db,
    url: String,
    _place: Place,
}

enum Place {
    File { _folder: TempDir },
    Server { _database: Created },
}

/// Which engine the tests run on.
pub fn is_postgres() -> bool {
    match setting("TESTDB").as_deref() {
        None | Some("" | "sqlite") => false,
        Some("postgres") => true,
        Some(other) => panic!("set TESTDB to sqlite or postgres, not {other}"),
    }
}

impl Database {
    /// A database with all migrations applied.
    pub async fn new() -> Database {
        if is_postgres() {
            let admin = admin_url();
            let template = postgres_template(&admin).await;
            Database::on_server(&admin, &format!("TEMPLATE {template}"), &options()).await
        } else {
            let folder = folder();
            let path = folder.path().join("attest.db");
            std::fs::copy(sqlite_template().await, &path).expect("the template is readable");
            Database::in_file(folder, &path, &options())
        }
    }

    /// A database without any table, with the given limits.
    pub async fn empty(options: &Options) -> Database {
        if is_postgres() {
            Database::on_server(&admin_url(), "", options).await
        } else {
            let folder = folder();
            let path = folder.path().join("attest.db");
            Database::in_file(folder, &path, options)
        }
    }

    /// The open database.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Its address, for opening it once more.
    pub fn url(&self) -> &str {
        &self.url
    }

    fn in_file(folder: TempDir, path: &Path, options: &Options) -> Database {
        let url = format!("sqlite:{}", path.display());
        let db = Db::open_with(&url, options).expect("the file opens");
        Database {
            db,
            url,
            _place: Place::File { _folder: folder },
        }
    }

    async fn on_server(admin: &str, template: &str, options: &Options) -> Database {
        let database = Created::new(admin, template).await;
        let url = with_database(admin, &database.name);
        let db = Db::open_with(&url, options).expect("the server answers");
        Database {
            db,
            url,
            _place: Place::Server { _database: database },
        }
    }
}

/// Limits for tests: few connections, since many tests share a server.
pub fn options() -> Options {
    Options {
        connections: 4,
        ..Options::default()
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests are configured by the command that runs them"
)]
fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn admin_url() -> String {
    setting("ATTEST_TEST_POSTGRES").expect("set ATTEST_TEST_POSTGRES to the URL of a superuser's connection")
}

/// In memory where the system offers it: tests do not wait for a disk.
fn memory() -> PathBuf {
    let memory = PathBuf::from("/dev/shm");
    if memory.is_dir() {
        memory
    } else {
        std::env::temp_dir()
    }
}

fn folder() -> TempDir {
    tempfile::Builder::new()
        .prefix("attest-test-")
        .tempdir_in(memory())
        .expect("a folder for the test")
}

/// Changes when a migration changes.
fn fingerprint() -> u64 {
    let mut hasher = DefaultHasher::new();
    for migration in MIGRATIONS {
        (migration.name, migration.sqlite, migration.postgres).hash(&mut hasher);
    }
    hasher.finish()
}

/// A migrated file, made by whoever comes first and kept for the next run.
async fn sqlite_template() -> PathBuf {
    let template = memory().join(format!("attest-template-{:016x}.db", fingerprint()));
    if !template.is_file() {
        let folder = folder();
        let path = folder.path().join("template.db");
        let db = Db::open(&format!("sqlite:{}", path.display())).expect("the template opens");
        store::migrate(&db).await.expect("the migrations run");
        db.close().await;
        std::fs::rename(&path, &template).expect("the template is moved");
    }
    template
}

/// The name of a migrated database, made by whoever comes first.
async fn postgres_template(admin: &str) -> String {
    let fingerprint = fingerprint();
    let name = format!("attest_template_{fingerprint:016x}");
    let client = connect(admin).await;
    // Held until the connection ends.
    let lock = format!("SELECT pg_advisory_lock({})", fingerprint.cast_signed());
    client.batch_execute(&lock).await.expect("the lock");
    let found = client
        .query("SELECT 1 FROM pg_database WHERE datname = $1", &[&name])
        .await;
    if found.expect("the list of databases").is_empty() {
        let making = format!("{name}_making");
        client
            .batch_execute(&format!("DROP DATABASE IF EXISTS {making} WITH (FORCE)"))
            .await
            .expect("a free name");
        client
            .batch_execute(&format!("CREATE DATABASE {making}"))
            .await
            .expect("a new database");
        let db = Db::open_with(&with_database(admin, &making), &options()).expect("the template opens");
        store::migrate(&db).await.expect("the migrations run");
        db.close().await;
        let rename = format!("ALTER DATABASE {making} RENAME TO {name}");
        client
            .batch_execute(&rename)
            .await
            .expect("the template is renamed");
    }
    name
}

async fn connect(url: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls)
        .await
        .expect("the server answers");
    tokio::spawn(connection);
    client
}

/// The URL with another database.
fn with_database(url: &str, database: &str) -> String {
    let (base, query) = url.split_once('?').unwrap_or((url, ""));
    let start = base.find("://").expect("a URL") + 3;
    let server = base[start..]
        .find('/')
        .map_or(base, |slash| &base[..start + slash]);
    format!("{server}/{database}?{query}")
}

/// A database on the server, dropped with this.
struct Created {
    admin: String,
    name: String,
}

impl Created {
    async fn new(admin: &str, template: &str) -> Created {
        let random = getrandom::u64().expect("random numbers");
        let name = format!("attest_test_{random:016x}");
        let create = format!("CREATE DATABASE {name} {template}");
        connect(admin)
            .await
            .batch_execute(&create)
            .await
            .expect("a new database");
        Created {
            admin: admin.to_owned(),
            name,
        }
    }
}

impl Drop for Created {
    fn drop(&mut self) {
        let (admin, name) = (self.admin.clone(), self.name.clone());
        // A thread, because the test's runtime may be ending. What fails here is left to the end of the server.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .ok()?;
            runtime.block_on(async {
                let (client, connection) = tokio_postgres::connect(&admin, NoTls).await.ok()?;
                tokio::spawn(connection);
                client
                    .batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)"))
                    .await
                    .ok()
            })
        });
        let _ = dropping.join();
    }
}
