//! Transactions that read.

use crate::support::{Gate, database, database_with, insert, put};
use std::time::Duration;
use store::{Error, Options, Result, Tx, args};

const COUNT: &str = "SELECT COUNT(*) FROM t";
const COUNT_TO: &str = "WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < $1) \
    SELECT COUNT(*) FROM n";

fn count(tx: &mut Tx<'_>) -> Result<i64> {
    tx.one(COUNT, &[], |row| row.get(0))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_sees_one_snapshot() {
    let database = database().await;
    let db = database.db().clone();
    let gate = Gate::default();
    let reading = tokio::spawn({
        let (db, gate) = (db.clone(), gate.clone());
        async move {
            db.read_long(move |tx| {
                let before = count(tx)?;
                gate.pass();
                Ok::<_, Error>((before, count(tx)?))
            })
            .await
        }
    });
    gate.entered(1).await;
    put(&db, "a").await.unwrap();
    assert_eq!(db.read_one(count).await.unwrap(), 1);
    gate.open();
    assert_eq!(reading.await.unwrap().unwrap(), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_cannot_write() {
    let database = database().await;
    let db = database.db();
    let insert = |tx: &mut Tx<'_>| insert(tx, "a", 1);
    assert!(matches!(db.read(insert).await, Err(Error::Sql(_))));
    assert!(matches!(db.read_one(insert).await, Err(Error::Sql(_))));
    assert!(matches!(db.read_long(insert).await, Err(Error::Sql(_))));
    assert_eq!(db.read(count).await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn read_one_is_one_statement() {
    let database = database().await;
    let db = database.db();
    let twice = db.read_one(|tx| {
        count(tx)?;
        count(tx)
    });
    assert!(matches!(twice.await, Err(Error::Sql(_))));
    let nested = db.read_one(|tx| tx.nested(count));
    assert!(matches!(nested.await, Err(Error::Sql(_))));
    assert_eq!(db.read(|tx| tx.nested(count)).await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_come_as_asked_for() {
    let database = database().await;
    let db = database.db();
    for key in ["a", "b", "c"] {
        put(db, key).await.unwrap();
    }
    let sql = "SELECT k FROM t ORDER BY k";
    let (one, opt, all, each) = db
        .read(move |tx| {
            let one = tx.one(sql, &[], |row| row.get::<String>(0))?;
            let opt = tx.opt("SELECT k FROM t WHERE k = 'z'", &[], |row| row.get::<String>(0))?;
            let all = tx.all(sql, &[], |row| row.get::<String>(0))?;
            let mut each = String::new();
            tx.each(sql, &[], |row| {
                each.push_str(&row.get::<String>(0)?);
                Ok(())
            })?;
            Ok::<_, Error>((one, opt, all, each))
        })
        .await
        .unwrap();
    assert_eq!((one.as_str(), opt, each.as_str()), ("a", None, "abc"));
    assert_eq!(all, ["a", "b", "c"]);
    let none = db.read(|tx| tx.one("SELECT k FROM t WHERE k = 'z'", &[], |row| row.get::<String>(0)));
    assert!(matches!(none.await, Err(Error::NoRow)));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_ends_with_the_first_error() {
    let database = database().await;
    let seen = database.db().read(|tx| {
        let mut seen = 0;
        let sql = "WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < 5000) \
            SELECT i FROM n ORDER BY i";
        let ended = tx.nested(|tx| {
            tx.each(sql, &[], |row| {
                seen = row.get::<i64>(0)?;
                if seen == 3 { Err(Error::NoRow) } else { Ok(()) }
            })
        });
        assert!(matches!(ended, Err(Error::NoRow)), "{ended:?}");
        count(tx)?;
        Ok::<_, Error>(seen)
    });
    assert_eq!(seen.await.unwrap(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn endless_reads_are_interrupted() {
    let options = Options {
        statement_limit: Duration::from_millis(30),
        ..testkit::db::options()
    };
    let database = database_with(&options).await;
    let db = database.db();
    let count_to = |n: i64| move |tx: &mut Tx<'_>| tx.one(COUNT_TO, args![n], |row| row.get::<i64>(0));
    for _ in 0..5 {
        let endless = db.read(count_to(i64::MAX)).await;
        assert!(matches!(endless, Err(Error::RolledBack(_))), "{endless:?}");
        let endless = db.read_one(count_to(i64::MAX)).await;
        assert!(matches!(endless, Err(Error::RolledBack(_))), "{endless:?}");
    }
    assert_eq!(db.read(count).await.unwrap(), 0);
    // Longer than the limit, and allowed to.
    let long = db.read_long(|tx| {
        let mut counted = 0;
        let began = std::time::Instant::now();
        while began.elapsed() < Duration::from_millis(60) {
            counted = tx.one(COUNT_TO, args![20_000_i64], |row| row.get::<i64>(0))?;
        }
        Ok::<_, Error>(counted)
    });
    assert_eq!(long.await.unwrap(), 20_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_in_a_read_reaches_the_caller() {
    let database = database().await;
    let db = database.db().clone();
    for long in [false, true] {
        let db = db.clone();
        let panicked = tokio::spawn(async move {
            let f = |tx: &mut Tx<'_>| -> Result<i64> {
                count(tx)?;
                panic!("boom")
            };
            if long {
                db.read_long(f).await
            } else {
                db.read(f).await
            }
        });
        assert!(panicked.await.unwrap_err().is_panic());
    }
    assert_eq!(db.read(count).await.unwrap(), 0);
}
