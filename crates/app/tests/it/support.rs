//! People who sign in, and looks into the database past the use cases.

use app::login::{Credentials, SignedIn};
use app::setup::Owner;
use app::{Actor, Error, Request};
use model::UserId;
use std::net::IpAddr;
use store::{Db, Tx, args};
use testkit::app::{TestApp, UserKind};

/// The password of everybody who has one.
pub(crate) const PASSWORD: &str = "violet kettle ninety spruce";
/// The address of the owner.
pub(crate) const EMAIL: &str = "ada@demo.example";

/// Ada, who sets the instance up.
pub(crate) fn owner() -> Owner {
    Owner {
        name: "Ada".to_owned(),
        email: EMAIL.to_owned(),
        password: PASSWORD.to_owned(),
    }
}

/// An instance that Ada set up from the command line.
pub(crate) async fn instance() -> (TestApp, UserId) {
    let test = TestApp::new().await;
    let ada = app::setup::init(&test.app, &owner()).await.unwrap();
    (test, ada)
}

/// One more person, with the password of all. `ada` has it already.
pub(crate) async fn colleague(test: &TestApp, ada: UserId, name: &'static str) -> UserId {
    let id = test.user(name, "Tester", UserKind::Person).await;
    let copying = move |tx: &mut Tx<'_>| {
        let login = store::user::login_by_id(tx, ada)?.ok_or(store::Error::NoRow)?;
        let hash = login.password_hash.ok_or(store::Error::NoRow)?;
        store::user::set_password(tx, id, &hash, testkit::app::BEGINNING)
    };
    test.db().write(copying).await.unwrap();
    id
}

/// What somebody types who does not want to stay and whose browser is new.
pub(crate) fn typed(email: &str, password: &str) -> Credentials {
    Credentials {
        email: email.to_owned(),
        password: password.to_owned(),
        stay: false,
        device: None,
    }
}

/// Signs a person in on a new device.
pub(crate) async fn sign_in(test: &TestApp, email: &str) -> (Actor, SignedIn) {
    let credentials = typed(email, PASSWORD);
    let signed_in = app::login::sign_in(&test.app, &credentials, &Request::default())
        .await
        .unwrap();
    (back(test, &signed_in).await.unwrap(), signed_in)
}

/// The next request of a signed-in device.
pub(crate) async fn back(test: &TestApp, device: &SignedIn) -> app::Result<Actor> {
    app::login::authenticate(&test.app, &device.cookie, &Request::default()).await
}

/// A request with a key, from nowhere.
pub(crate) async fn show(test: &TestApp, secret: &str) -> app::Result<Actor> {
    app::keys::authenticate(&test.app, secret, &Request::default()).await
}

/// A request from an address.
pub(crate) fn from(ip: &str) -> Request {
    let ip: IpAddr = ip.parse().unwrap();
    Request {
        ip: Some(ip),
        ..Request::default()
    }
}

/// The error of something that must fail.
#[track_caller]
pub(crate) fn refused<T>(result: app::Result<T>) -> Error {
    match result {
        Ok(_) => panic!("this was not refused"),
        Err(error) => error,
    }
}

/// The fields that were named as wrong.
#[track_caller]
pub(crate) fn wrong_fields<T>(result: app::Result<T>) -> Vec<String> {
    match refused(result) {
        Error::Invalid(fields) => fields.into_iter().map(|f| f.field).collect(),
        other => panic!("no field was named but: {other:?}"),
    }
}

/// The code of the error of something that must fail.
#[track_caller]
pub(crate) fn code<T>(result: app::Result<T>) -> &'static str {
    refused(result).code()
}

/// A statement that is made in the test.
pub(crate) fn sql(text: impl Into<String>) -> &'static str {
    Box::leak(text.into().into_boxed_str())
}

/// Changes the database past the use cases.
pub(crate) async fn execute(db: &Db, text: impl Into<String>) -> store::Result<u64> {
    let text = sql(text);
    db.write(move |tx| tx.execute(text, &[])).await
}

/// The only number of a query.
pub(crate) async fn number(db: &Db, text: impl Into<String>) -> i64 {
    let text = sql(text);
    db.read(move |tx| tx.one(text, &[], |row| row.get::<i64>(0)))
        .await
        .unwrap()
}

/// What the audit log says was done, oldest first.
pub(crate) async fn actions(db: &Db) -> Vec<String> {
    db.read(|tx| {
        tx.all("SELECT action FROM audit ORDER BY id", &[], |row| {
            row.get::<String>(0)
        })
    })
    .await
    .unwrap()
}

/// Every table, every row and every column as text, bytes as hexadecimal.
pub(crate) async fn dump(db: &Db) -> String {
    db.read(|tx| {
        let mut text = String::new();
        for table in tables(tx)? {
            let query = if tx.is_postgres() {
                format!("SELECT CAST(t AS TEXT) FROM {table} t ORDER BY 1")
            } else {
                let names = tx.all("SELECT name FROM pragma_table_info($1)", args![&table], |r| {
                    r.get::<String>(0)
                })?;
                let cells: Vec<String> = names.iter().map(|name| format!("quote({name})")).collect();
                format!("SELECT {} FROM {table} ORDER BY 1", cells.join(" || ', ' || "))
            };
            text.extend([table.as_str(), "\n"]);
            tx.each(sql(query), &[], |row| {
                text += &row.get::<String>(0)?;
                text.push('\n');
                Ok(())
            })?;
        }
        Ok::<_, store::Error>(text)
    })
    .await
    .unwrap()
}

fn tables(tx: &mut Tx<'_>) -> store::Result<Vec<String>> {
    let query = if tx.is_postgres() {
        "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    } else {
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
    };
    tx.all(query, &[], |row| row.get(0))
}
