//! All statements of the store.

use store::{Dialect, Statement};
use testkit::db::{Database, is_postgres};

#[tokio::test(flavor = "multi_thread")]
async fn every_statement_prepares() {
    let database = Database::new().await;
    let faults = database.db().prepare_all(&store::statements()).await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn statements_that_do_not_fit_are_named() {
    let statement = |name, dialect, sql| Statement {
        module: "m",
        name,
        sql,
        dialect,
    };
    let database = Database::new().await;
    let faults = database
        .db()
        .prepare_all(&[
            statement(
                "GOOD",
                Dialect::Both,
                "SELECT version FROM schema_migrations WHERE name = $1",
            ),
            statement("WRONG", Dialect::Both, "SELECT version FROM nowhere"),
            statement(
                "SUM",
                Dialect::Both,
                "SELECT SUM(version) AS total FROM schema_migrations",
            ),
            statement("LITE", Dialect::Sqlite, "SELECT unixepoch('subsec')"),
            statement(
                "PG",
                Dialect::Postgres,
                "SELECT CAST(EXTRACT(EPOCH FROM now()) AS BIGINT)",
            ),
        ])
        .await;
    assert!(faults[0].starts_with("m::WRONG: "), "{faults:?}");
    if is_postgres() {
        assert_eq!(faults[1..], ["m::SUM: column total is numeric, cast it"]);
    } else {
        assert_eq!(faults.len(), 1, "{faults:?}");
    }
}
