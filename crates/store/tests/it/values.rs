//! Arguments and columns.

use crate::support::database;
use model::clock::Timestamp;
use model::id::UserId;
use store::{Arg, Bulk, Column, Db, Error, Result, args};
use testkit::db::Database;

const BULK: Bulk = Bulk {
    insert: "INSERT INTO kinds (b, i, f, t, y) VALUES ($1, $2, $3, $4, $5)",
    copy: "COPY kinds (b, i, f, t, y) FROM STDIN (FORMAT binary)",
    columns: &[
        Column::Bool,
        Column::I64,
        Column::F64,
        Column::Text,
        Column::Bytes,
    ],
};

#[derive(Debug, Clone, PartialEq)]
struct Kinds {
    b: Option<bool>,
    i: Option<i64>,
    f: Option<f64>,
    t: Option<String>,
    y: Option<Vec<u8>>,
}

impl Kinds {
    fn args(&self) -> [Arg<'_>; 5] {
        [
            self.b.into(),
            self.i.into(),
            self.f.into(),
            (&self.t).into(),
            self.y.as_ref().into(),
        ]
    }
}

async fn kinds() -> Database {
    let database = database().await;
    let db = database.db();
    let sql = if db.is_postgres() {
        "CREATE TABLE kinds (b BOOLEAN, i BIGINT, f DOUBLE PRECISION, t TEXT UNIQUE, y BYTEA)"
    } else {
        "CREATE TABLE kinds (b BOOLEAN, i BIGINT, f DOUBLE PRECISION, t TEXT UNIQUE, y BLOB)"
    };
    db.write(move |tx| tx.execute(sql, &[])).await.unwrap();
    database
}

async fn stored(db: &Db) -> Vec<Kinds> {
    db.read(|tx| {
        tx.all("SELECT b, i, f, t, y FROM kinds ORDER BY t", &[], |row| {
            Ok(Kinds {
                b: row.get(0)?,
                i: row.get(1)?,
                f: row.get(2)?,
                t: row.get(3)?,
                y: row.get(4)?,
            })
        })
    })
    .await
    .unwrap()
}

fn samples() -> Vec<Kinds> {
    let full = |t: &str, b, i, f| Kinds {
        b: Some(b),
        i: Some(i),
        f: Some(f),
        t: Some(t.to_owned()),
        y: Some(vec![0, 255, 1]),
    };
    vec![
        full("", false, i64::MIN, -0.5),
        full("Zürich 🧪 'quoted' \"", true, i64::MAX, 1e300),
        Kinds {
            b: None,
            i: None,
            f: None,
            t: Some("ω only".to_owned()),
            y: None,
        },
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn values_come_back_as_they_went() {
    let database = kinds().await;
    let db = database.db();
    let samples = samples();
    let rows = samples.clone();
    let written = db.write(move |tx| {
        rows.iter()
            .map(|row| tx.execute(BULK.insert, &row.args()))
            .sum::<Result<u64>>()
    });
    assert_eq!(written.await.unwrap(), 3);
    let mut read = stored(db).await;
    read.sort_by(|a, b| a.t.cmp(&b.t));
    assert_eq!(read, samples);
}

#[tokio::test(flavor = "multi_thread")]
async fn bulk_inserts_all_or_nothing() {
    let database = kinds().await;
    let db = database.db();
    let samples = samples();
    let rows = samples.clone();
    assert_eq!(
        db.write(move |tx| tx.bulk(&BULK, rows.iter().map(Kinds::args)))
            .await
            .unwrap(),
        3
    );
    let mut read = stored(db).await;
    read.sort_by(|a, b| a.t.cmp(&b.t));
    assert_eq!(read, samples);
    assert_eq!(
        db.write(|tx| tx.bulk(&BULK, [[Arg::Null; 5]; 0])).await.unwrap(),
        0
    );

    let mut again = samples.clone();
    for (row, text) in again.iter_mut().zip(["new", "new too", ""]) {
        row.t = Some(text.to_owned());
    }
    let duplicate = db
        .ingest(1024, move |tx| tx.bulk(&BULK, again.iter().map(Kinds::args)))
        .await;
    assert!(matches!(duplicate, Err(Error::Unique(_))), "{duplicate:?}");
    let short = db.write(|tx| tx.bulk(&BULK, [[Arg::Null; 4]])).await;
    assert!(matches!(short, Err(Error::Sql(_))), "{short:?}");
    assert_eq!(stored(db).await.len(), 3);
    let row = samples[0].clone();
    let nul = Kinds {
        t: Some("a\0b".to_owned()),
        ..row
    };
    let refused = db.write(move |tx| tx.bulk(&BULK, [nul.args()])).await;
    assert!(matches!(refused, Err(Error::Nul)), "{refused:?}");
}

/// PostgreSQL cannot store NUL in text, so SQLite does not either.
#[tokio::test(flavor = "multi_thread")]
async fn text_with_nul_is_refused() {
    let database = database().await;
    let refused = database
        .db()
        .write(|tx| tx.execute("INSERT INTO t (k) VALUES ($1)", args!["a\0b"]))
        .await;
    assert!(matches!(refused, Err(Error::Nul)), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn types_of_the_model_are_numbers() {
    let database = database().await;
    let user = UserId(7);
    let read = database.db().write(move |tx| {
        let time = Some(Timestamp(1_725_639_063_736_000));
        tx.execute(
            "INSERT INTO t (id, k, v) VALUES ($1, $2, $3)",
            args![user, &"model".to_owned(), time],
        )?;
        let sql = "SELECT id, v, k FROM t WHERE id = $1 AND k = $2 AND id >= $1";
        tx.one(sql, args![&user, "model"], |row| {
            Ok((
                row.get::<UserId>(0)?,
                row.get::<Option<Timestamp>>(1)?,
                row.get::<String>(2)?,
            ))
        })
    });
    let expected = (user, Some(Timestamp(1_725_639_063_736_000)), "model".to_owned());
    assert_eq!(read.await.unwrap(), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn null_needs_an_option() {
    let database = database().await;
    let null = database
        .db()
        .read(|tx| tx.one("SELECT CAST(NULL AS BIGINT)", &[], |row| row.get::<i64>(0)))
        .await;
    assert!(matches!(null, Err(Error::Sql(_))), "{null:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_arguments_are_a_fault() {
    let database = database().await;
    let missing = database.db().read(|tx| {
        tx.opt("SELECT k FROM t WHERE v = $1 AND id = $2", args![1_i64], |_| {
            Ok(())
        })
    });
    let missing = missing.await;
    assert!(matches!(missing, Err(Error::Sql(_))), "{missing:?}");
}
