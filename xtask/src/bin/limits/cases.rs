//! Bare inserts of what 100 cases a call leave behind: rows, versions, what is searched, counters. The tables are those of
//! the product's migrations, so that indexes cost the same.

use std::time::Instant;

use rusqlite::{Connection, params};

/// Cases of one call.
const CALL: u64 = 100;
/// Calls of one transaction.
const CALLS: u64 = 100;

macro_rules! migrations {
    ($engine:literal) => {
        [
            include_str!(concat!(
                "../../../../crates/store/migrations/",
                $engine,
                "/0001_identity.sql"
            )),
            include_str!(concat!(
                "../../../../crates/store/migrations/",
                $engine,
                "/0002_automation.sql"
            )),
            include_str!(concat!(
                "../../../../crates/store/migrations/",
                $engine,
                "/0003_folders.sql"
            )),
            include_str!(concat!(
                "../../../../crates/store/migrations/",
                $engine,
                "/0004_templates.sql"
            )),
            include_str!(concat!(
                "../../../../crates/store/migrations/",
                $engine,
                "/0005_milestones.sql"
            )),
            include_str!(concat!(
                "../../../../crates/store/migrations/",
                $engine,
                "/0006_issues.sql"
            )),
            include_str!(concat!(
                "../../../../crates/store/migrations/",
                $engine,
                "/0007_cases.sql"
            )),
        ]
    };
}

const PROJECT: &str = "INSERT INTO projects (id, name, default_access, is_demo, is_completed, incomplete_after, \
    automation_source_count, automation_source_retired_count, automation_run_count, automation_run_active_count, created_at) \
    VALUES (1, 'Bare', 'global', FALSE, FALSE, 0, 0, 0, 0, 0, 0)";
const FOLDER: &str = "INSERT INTO folders (id, project_id, name, name_key, display_order, depth, created_at) VALUES (1, 1, 'F', 'f', 1, 0, 0)";
const CASE: &str = "INSERT INTO cases (id, project_id, number, folder_id, template_id, state_id, status_id, name, name_key, \
    display_order, estimate, has_automation, has_automation_status, custom, version, created_at, created_by) \
    VALUES ($1, 1, $2, 1, 1, 4, 2, $3, $4, $5, NULL, FALSE, FALSE, $6, 1, $7, 1)";
const VERSION: &str = "INSERT INTO case_versions (case_id, version, content, changes, created_at, created_by) VALUES ($1, 1, $2, '[]', $3, 1)";
const COUNT: &str =
    "UPDATE projects SET case_count = case_count + 100, case_number = case_number + 100 WHERE id = 1";
const COUNT_FOLDER: &str = "UPDATE folders SET case_count = case_count + 100 WHERE id = 1";

/// The texts of a case, as long as those that the measured calls leave.
struct Texts {
    name: String,
    key: String,
    custom: String,
    content: String,
    body: String,
}

impl Texts {
    fn new(n: u64) -> Texts {
        let name = format!("Pay order {n} by card when the cart holds {} items", n % 97);
        let steps = format!(
            "[{{\"id\":1,\"text1\":\"Open the cart {n}\",\"text2\":null,\"text3\":\"The items are shown\",\"text4\":null}},\
             {{\"id\":2,\"text1\":\"Pay by card\",\"text2\":null,\"text3\":\"The order is paid\",\"text4\":null}}]"
        );
        let custom =
            format!("{{\"priority\":2,\"preconditions\":\"A customer with a cart\",\"steps\":{steps}}}");
        let content = format!(
            "{{\"automation_links\":[],\"custom_preconditions\":\"A customer with a cart\",\"custom_priority\":2,\
             \"custom_steps\":{steps},\"estimate\":null,\"folder_id\":1,\"issues\":[],\"name\":\"{name}\",\"state_id\":4,\
             \"status_id\":2,\"tags\":[],\"template_id\":1}}"
        );
        let body = format!(
            "a customer with a cart open the cart {n} the items are shown pay by card the order is paid"
        );
        let key = name.to_lowercase();
        Texts {
            name,
            key,
            custom,
            content,
            body,
        }
    }
}

/// On SQLite; cases per second.
pub(super) fn sqlite(rows: u64, file: &str) -> anyhow::Result<()> {
    for end in ["", "-wal", "-shm"] {
        let old = format!("{file}{end}");
        if std::fs::exists(&old)? {
            std::fs::remove_file(old)?;
        }
    }
    let mut connection = Connection::open(file)?;
    connection
        .execute_batch("pragma journal_mode = wal; pragma synchronous = full; pragma temp_store = memory;")?;
    for migration in migrations!("sqlite") {
        connection.execute_batch(migration)?;
    }
    connection.execute_batch(&format!("{PROJECT}; {FOLDER}"))?;
    let start = Instant::now();
    let mut n = 0;
    while n < rows {
        let transaction = connection.transaction()?;
        {
            let mut case = transaction.prepare_cached(CASE)?;
            let mut version = transaction.prepare_cached(VERSION)?;
            let mut words = transaction
                .prepare_cached("INSERT INTO case_words (rowid, name, body) VALUES ($1, $2, $3)")?;
            let mut letters =
                transaction.prepare_cached("INSERT INTO case_trigrams (rowid, name) VALUES ($1, $2)")?;
            for _ in 0..CALL * CALLS {
                n += 1;
                let (id, t) = (i64::try_from(n)?, Texts::new(n));
                case.execute(params![id, id, t.name, t.key, id, t.custom, id])?;
                version.execute(params![id, t.content, id])?;
                words.execute(params![id, t.key, t.body])?;
                letters.execute(params![id, t.key])?;
                if n.is_multiple_of(CALL) {
                    transaction.prepare_cached(COUNT)?.execute([])?;
                    transaction.prepare_cached(COUNT_FOLDER)?.execute([])?;
                }
            }
        }
        transaction.commit()?;
    }
    super::report(n, start)
}

/// On PostgreSQL; cases per second.
pub(super) fn postgres(rows: u64, url: &str) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let (mut client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
        let connection = tokio::spawn(connection);
        client
            .batch_execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public;")
            .await?;
        for migration in migrations!("postgres") {
            client.batch_execute(migration).await?;
        }
        client.batch_execute(&format!("{PROJECT}; {FOLDER}")).await?;
        let start = Instant::now();
        let mut n = 0;
        while n < rows {
            let transaction = client.transaction().await?;
            let case = transaction.prepare(CASE).await?;
            let version = transaction.prepare(VERSION).await?;
            let words = transaction
                .prepare("INSERT INTO case_words (case_id, name, body) VALUES ($1, $2, $3)")
                .await?;
            for _ in 0..CALL * CALLS {
                n += 1;
                let (id, t) = (i64::try_from(n)?, Texts::new(n));
                // All three at once: they travel together and one answer is waited for.
                let case_row: [&(dyn tokio_postgres::types::ToSql + Sync); 7] =
                    [&id, &id, &t.name, &t.key, &id, &t.custom, &id];
                let version_row: [&(dyn tokio_postgres::types::ToSql + Sync); 3] = [&id, &t.content, &id];
                let words_row: [&(dyn tokio_postgres::types::ToSql + Sync); 3] = [&id, &t.key, &t.body];
                tokio::try_join!(
                    transaction.execute(&case, &case_row),
                    transaction.execute(&version, &version_row),
                    transaction.execute(&words, &words_row)
                )?;
                if n.is_multiple_of(CALL) {
                    transaction.execute(COUNT, &[]).await?;
                    transaction.execute(COUNT_FOLDER, &[]).await?;
                }
            }
            transaction.commit().await?;
        }
        super::report(n, start)?;
        drop(client);
        connection.await??;
        Ok(())
    })
}
