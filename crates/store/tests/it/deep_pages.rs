//! Pages that lie far behind are found in an index alone: rows that are passed over are never read.

use store::args;
use testkit::db::{Database, is_postgres};

/// The plan of a statement that lists ids of cases, one step a line.
async fn plan(database: &Database, name: &str) -> String {
    let statements = store::statements();
    let is_it = |s: &&store::Statement| s.module.ends_with("case::page") && s.name == name;
    let sql = statements.iter().find(is_it).unwrap().sql;
    let (word, column) = if is_postgres() {
        ("EXPLAIN", 0)
    } else {
        ("EXPLAIN QUERY PLAN", 3)
    };
    let explain: &'static str = Box::leak(format!("{word} {sql}").into_boxed_str());
    let steps = database.db().write(move |tx| {
        if tx.is_postgres() {
            // Without rows it would read the table, whatever indexes there are.
            tx.execute("SET LOCAL enable_seqscan = off", &[])?;
            tx.execute("SET LOCAL enable_bitmapscan = off", &[])?;
        }
        tx.all(explain, args![1, 100, 89_900], |r| r.get::<String>(column))
    });
    steps.await.unwrap().join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_nine_hundredth_page_is_read_from_an_index_alone() {
    let database = Database::new().await;
    for name in ["BY_CREATED_ASC", "BY_CREATED_DESC", "BY_NAME_ASC", "BY_NAME_DESC"] {
        let plan = plan(&database, name).await;
        let words = if is_postgres() {
            ["Index Only Scan", "Limit"]
        } else {
            ["COVERING INDEX", "project_id=?"]
        };
        assert!(words.iter().all(|word| plan.contains(word)), "{name}: {plan}");
        let sorts = ["TEMP B-TREE", "Sort"];
        assert!(!sorts.iter().any(|word| plan.contains(word)), "{name}: {plan}");
    }
}
