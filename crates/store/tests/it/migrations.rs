//! The runner of migrations, with lists of its own.

use store::migrate::{Error, MIGRATIONS, Migration, run};
use store::{Db, Options};
use testkit::db::{Database, is_postgres, options};

const fn migration(name: &'static str, sql: &'static str) -> Migration {
    Migration {
        name,
        sqlite: sql,
        postgres: sql,
    }
}

const FIRST: Migration = migration(
    "0001_first",
    "CREATE TABLE a (i BIGINT);\n-- Two statements; one file.\nINSERT INTO a VALUES (1);",
);
const SECOND: Migration = migration(
    "0002_second",
    "INSERT INTO a VALUES (2); CREATE TABLE b (i BIGINT)",
);
const ONE: &[Migration] = &[FIRST];
const TWO: &[Migration] = &[FIRST, SECOND];

async fn rows(db: &Db) -> Vec<i64> {
    db.read(|tx| tx.all("SELECT i FROM a ORDER BY i", &[], |row| row.get(0)))
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_migration_is_applied_once() {
    let database = Database::empty(&options()).await;
    let db = database.db();
    assert_eq!(run(db, ONE).await.unwrap(), 1);
    assert_eq!(run(db, ONE).await.unwrap(), 0);
    assert_eq!(run(db, TWO).await.unwrap(), 1);
    assert_eq!(run(db, TWO).await.unwrap(), 0);
    assert_eq!(rows(db).await, [1, 2]);
    let sql = "SELECT version, name, applied_at FROM schema_migrations ORDER BY version";
    let applied = db.read(move |tx| {
        tx.all(sql, &[], |row| {
            Ok((row.get::<i64>(0)?, row.get::<String>(1)?, row.get::<i64>(2)?))
        })
    });
    let applied = applied.await.unwrap();
    assert_eq!(applied.len(), 2);
    let year_2020 = 1_577_836_800_000_000..4_102_444_800_000_000;
    assert!(
        applied.iter().all(|(_, _, at)| year_2020.contains(at)),
        "{applied:?}"
    );
    let names: Vec<_> = applied
        .iter()
        .map(|(version, name, _)| (*version, name.as_str()))
        .collect();
    assert_eq!(names, [(1, "0001_first"), (2, "0002_second")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_database_is_refused() {
    let database = Database::empty(&options()).await;
    run(database.db(), TWO).await.unwrap();
    let refused = run(database.db(), ONE).await;
    assert!(
        matches!(refused, Err(Error::Newer { found: 2, known: 1 })),
        "{refused:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_migration_is_refused() {
    const CHANGED: &[Migration] = &[migration("0001_first", "CREATE TABLE a (i BIGINT)"), SECOND];
    const RENAMED: &[Migration] = &[
        Migration {
            name: "0001_other",
            ..FIRST
        },
        SECOND,
    ];
    const OTHER_LINE_ENDS: &[Migration] = &[migration(
        "0001_first",
        "CREATE TABLE a (i BIGINT);\r\n-- Two statements; one file.\r\nINSERT INTO a VALUES (1);",
    )];
    let database = Database::empty(&options()).await;
    let db = database.db();
    run(db, ONE).await.unwrap();
    assert_eq!(run(db, OTHER_LINE_ENDS).await.unwrap(), 0);
    for list in [CHANGED, RENAMED] {
        let refused = run(db, list).await;
        assert!(matches!(refused, Err(Error::Changed { .. })), "{refused:?}");
    }
    assert_eq!(rows(db).await, [1], "nothing more was applied");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_migration_leaves_nothing() {
    const FAILING: &[Migration] = &[
        FIRST,
        migration(
            "0002_broken",
            "INSERT INTO a VALUES (2); INSERT INTO nowhere VALUES (1)",
        ),
    ];
    let database = Database::empty(&options()).await;
    let db = database.db();
    let failed = run(db, FAILING).await;
    assert!(
        matches!(
            failed,
            Err(Error::Failed {
                name: "0002_broken",
                ..
            })
        ),
        "{failed:?}"
    );
    assert_eq!(rows(db).await, [1]);
    assert_eq!(run(db, TWO).await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_that_start_together_take_turns() {
    let database = Database::empty(&Options {
        connections: 1,
        ..options()
    })
    .await;
    let nodes: Vec<Db> = (0..4)
        .map(|_| {
            Db::open_with(
                database.url(),
                &Options {
                    connections: 1,
                    ..options()
                },
            )
            .unwrap()
        })
        .collect();
    let started = nodes.iter().map(|node| {
        let node = node.clone();
        tokio::spawn(async move { run(&node, TWO).await })
    });
    let mut applied = 0;
    for node in started.collect::<Vec<_>>() {
        applied += node.await.unwrap().unwrap();
    }
    assert_eq!(applied, 2);
    assert_eq!(rows(database.db()).await, [1, 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn our_own_migrations_run_and_are_numbered() {
    let database = Database::empty(&options()).await;
    assert_eq!(store::migrate(database.db()).await.unwrap(), MIGRATIONS.len());
    assert_eq!(store::migrate(database.db()).await.unwrap(), 0);
    for (migration, number) in MIGRATIONS.iter().zip(1..) {
        assert!(
            migration.name.starts_with(&format!("{number:04}_")),
            "{}",
            migration.name
        );
        assert!(
            !migration.sqlite.to_uppercase().contains("DEFERRABLE"),
            "{}",
            migration.name
        );
    }
}

/// What migration 8 finds, as far as it touches it.
const BEFORE_CASE_IDS: &str = "CREATE TABLE sequences (name TEXT NOT NULL PRIMARY KEY, next BIGINT NOT NULL);
    CREATE TABLE automation_sources (id INTEGER PRIMARY KEY);
    CREATE TABLE automation_cases (id INTEGER PRIMARY KEY AUTOINCREMENT,
        source_id BIGINT NOT NULL REFERENCES automation_sources (id) ON DELETE CASCADE,
        key TEXT NOT NULL, name TEXT NOT NULL, folder TEXT NOT NULL, file TEXT, line BIGINT, created_at BIGINT NOT NULL);
    CREATE UNIQUE INDEX automation_cases_key ON automation_cases (source_id, key);
    CREATE TABLE case_automation_links (case_id BIGINT NOT NULL,
        automation_case_id BIGINT NOT NULL REFERENCES automation_cases (id) ON DELETE CASCADE);
    INSERT INTO automation_sources VALUES (1);
    INSERT INTO automation_cases VALUES (5, 1, 'k', 'n', 'f', NULL, 7, 1), (9, 1, 'deleted', 'n', 'f', NULL, NULL, 1);
    DELETE FROM automation_cases WHERE id = 9;
    INSERT INTO case_automation_links VALUES (3, 5);";

#[tokio::test(flavor = "multi_thread")]
async fn automated_tests_keep_their_ids_and_links() {
    const BEFORE: Migration = Migration {
        name: "0001_before",
        sqlite: BEFORE_CASE_IDS,
        postgres: "",
    };
    if is_postgres() {
        return;
    }
    let list: &'static [Migration] = Box::leak(Box::new([BEFORE, MIGRATIONS[7]]));
    let database = Database::empty(&options()).await;
    run(database.db(), list).await.unwrap();
    let links = "SELECT l.case_id || ' ' || c.id || ' ' || c.key || ' ' || c.line || ' ' || s.next
        FROM case_automation_links l JOIN automation_cases c ON c.id = l.automation_case_id
        JOIN sequences s ON s.name = 'automation_cases'";
    let found: Vec<String> = database
        .db()
        .read(move |tx| tx.all(links, &[], |row| row.get(0)))
        .await
        .unwrap();
    assert_eq!(found, ["3 5 k 7 10"], "an id that was deleted is not given again");
}
