//! Both trees of migrations make the same schema. Runs where both engines are: with PostgreSQL.

use std::collections::BTreeSet;
use store::{Db, Error};
use testkit::db::{Database, is_postgres};

/// One line per column, index and foreign key.
type Lines = BTreeSet<String>;

/// What search is made of, which each engine does in its own way.
const SEARCH: [&str; 3] = ["case_words", "case_trigrams", "cases index case_trigrams"];

const SQLITE: [&str; 3] = [
    // `sequences` stands in for what PostgreSQL calls so.
    "SELECT m.name || '.' || c.name || ' ' \
         || CASE c.type WHEN 'INTEGER' THEN 'BIGINT' WHEN 'BLOB' THEN 'BYTEA' WHEN 'REAL' THEN 'DOUBLE PRECISION' \
            ELSE upper(c.type) END \
         || CASE WHEN c.\"notnull\" OR c.pk > 0 THEN ' NOT NULL' ELSE '' END \
         || CASE WHEN c.pk > 0 THEN ' key ' || c.pk ELSE '' END \
     FROM sqlite_schema m JOIN pragma_table_info(m.name) c \
     WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND m.name <> 'sequences'",
    "SELECT m.name || ' index ' || i.name || iif(i.\"unique\", ' unique', '') || iif(i.partial, ' partial', '') \
         || ' (' || (SELECT group_concat(coalesce(name, 'expression'), ', ' ORDER BY seqno) \
                     FROM pragma_index_info(i.name)) || ')' \
     FROM sqlite_schema m JOIN pragma_index_list(m.name) i WHERE m.type = 'table' AND i.origin <> 'pk'",
    "SELECT m.name || ' (' || f.\"from\" || ') references ' || f.\"table\" || ' ' || f.on_delete \
     FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'",
];

const POSTGRES: [&str; 3] = [
    "SELECT c.table_name || '.' || c.column_name || ' ' || upper(c.data_type) \
         || CASE c.is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END \
         || COALESCE(' key ' || k.ordinal_position, '') \
     FROM information_schema.columns c \
     LEFT JOIN information_schema.table_constraints t \
         ON t.table_schema = c.table_schema AND t.table_name = c.table_name AND t.constraint_type = 'PRIMARY KEY' \
     LEFT JOIN information_schema.key_column_usage k \
         ON k.constraint_name = t.constraint_name AND k.table_schema = c.table_schema \
         AND k.table_name = c.table_name AND k.column_name = c.column_name \
     WHERE c.table_schema = 'public'",
    "SELECT t.relname || ' index ' || n.relname || CASE WHEN i.indisunique THEN ' unique' ELSE '' END \
         || CASE WHEN i.indpred IS NOT NULL THEN ' partial' ELSE '' END \
         || ' (' || (SELECT string_agg(COALESCE(a.attname, 'expression'), ', ' ORDER BY k.position) \
                     FROM unnest(i.indkey::int[]) WITH ORDINALITY k (attnum, position) \
                     LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum) || ')' \
     FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_class n ON n.oid = i.indexrelid \
     JOIN pg_namespace s ON s.oid = t.relnamespace WHERE s.nspname = 'public' AND NOT i.indisprimary",
    "SELECT t.relname || ' (' || a.attname || ') references ' || r.relname || ' ' \
         || CASE f.confdeltype WHEN 'a' THEN 'NO ACTION' WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' \
            WHEN 'r' THEN 'RESTRICT' ELSE 'SET DEFAULT' END \
     FROM pg_constraint f JOIN pg_class t ON t.oid = f.conrelid JOIN pg_class r ON r.oid = f.confrelid \
     JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY (f.conkey) WHERE f.contype = 'f'",
];

async fn lines(db: &Db, queries: [&'static str; 3]) -> Lines {
    db.read(move |tx| {
        let mut lines = Lines::new();
        for sql in queries {
            tx.each(sql, &[], |row| {
                let line: String = row.get(0)?;
                if !SEARCH.iter().any(|name| line.starts_with(name)) {
                    lines.insert(line);
                }
                Ok(())
            })?;
        }
        Ok::<_, Error>(lines)
    })
    .await
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn both_engines_have_the_same_schema() {
    if !is_postgres() {
        return;
    }
    let postgres = Database::new().await;
    let folder = tempfile::tempdir().unwrap();
    let sqlite = Db::open(&format!("sqlite:{}/attest.db", folder.path().display())).unwrap();
    store::migrate(&sqlite).await.unwrap();

    let (sqlite, postgres) = (lines(&sqlite, SQLITE).await, lines(postgres.db(), POSTGRES).await);
    assert!(
        sqlite
            .iter()
            .any(|line| line == "schema_migrations.version BIGINT NOT NULL key 1"),
        "{sqlite:#?}"
    );
    let only_sqlite: Vec<_> = sqlite.difference(&postgres).collect();
    let only_postgres: Vec<_> = postgres.difference(&sqlite).collect();
    assert!(
        only_sqlite.is_empty() && only_postgres.is_empty(),
        "only on SQLite: {only_sqlite:#?}\nonly on PostgreSQL: {only_postgres:#?}"
    );
}
