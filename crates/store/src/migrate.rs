//! The schema: numbered SQL files, the same numbers and names for both engines.

use crate::db::{Db, Error as DbError, Tx};
use crate::{args, statements};
use sha2::{Digest, Sha256};

/// The migration in `migrations/sqlite/NAME.sql` and `migrations/postgres/NAME.sql`.
macro_rules! migration {
    ($name:literal) => {
        Migration {
            name: $name,
            sqlite: include_str!(concat!("../migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("../migrations/postgres/", $name, ".sql")),
        }
    };
}

/// All migrations, oldest first. A released one is never changed; add a line for a new one.
pub const MIGRATIONS: &[Migration] = &[
    migration!("0001_identity"),
    migration!("0002_automation"),
    migration!("0003_folders"),
    migration!("0004_templates"),
    migration!("0005_milestones"),
    migration!("0006_issues"),
    migration!("0007_cases"),
    migration!("0008_automation_case_ids"),
    migration!("0009_exploratory"),
    migration!("0010_runs"),
    migration!("0011_ingest"),
    migration!("0012_search"),
    migration!("0013_administration"),
    migration!("0014_attachments"),
    migration!("0015_run_parts"),
    migration!("0016_retention"),
    migration!("0017_blob_places"),
    migration!("0018_saved_views"),
    migration!("0019_result_versions"),
    migration!("0020_api_user_owners"),
    migration!("0021_review"),
    migration!("0022_shared_steps"),
    migration!("0023_data_sets"),
    migration!("0024_step_statuses"),
    migration!("0025_live_runs"),
    migration!("0026_notifications"),
];

/// One step of the schema. Runs in one transaction: the files contain no BEGIN, COMMIT or CONCURRENTLY, and nothing
/// DEFERRABLE, which on SQLite would let one bad write fail a whole group.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// `NNNN_name`, the name of its files.
    pub name: &'static str,
    /// The statements for SQLite.
    pub sqlite: &'static str,
    /// The statements for PostgreSQL.
    pub postgres: &'static str,
}

/// Why the schema cannot be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database was written by a newer version.
    #[error("install a newer version, the database has {found} migrations and this version knows {known}")]
    Newer {
        /// Migrations that the database has.
        found: usize,
        /// Migrations that this version has.
        known: usize,
    },
    /// What was applied is not what this version contains.
    #[error("restore the database of this version, its migration {applied} is not our {expected}")]
    Changed {
        /// The name that the database has.
        applied: String,
        /// The name that this version has in its place.
        expected: &'static str,
    },
    /// A migration failed and was rolled back.
    #[error("migration {name} failed and was rolled back: {source}")]
    Failed {
        /// Its name.
        name: &'static str,
        /// What the database said.
        source: DbError,
    },
    /// The database does not answer.
    #[error(transparent)]
    Db(#[from] DbError),
}

statements! {
    TABLE = "CREATE TABLE IF NOT EXISTS schema_migrations (version BIGINT NOT NULL PRIMARY KEY, \
        name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)";
    APPLIED = "SELECT name, checksum FROM schema_migrations ORDER BY version";
    TABLES_SQLITE (sqlite) = "SELECT COUNT(*) FROM sqlite_schema WHERE name = 'schema_migrations'";
    TABLES_POSTGRES (postgres) = "SELECT COUNT(*) FROM pg_tables \
        WHERE schemaname = current_schema() AND tablename = 'schema_migrations'";
    RECORD_SQLITE (sqlite) = "INSERT INTO schema_migrations (version, name, checksum, applied_at) \
        VALUES ($1, $2, $3, CAST(unixepoch('subsec') * 1000000 AS INTEGER))";
    RECORD_POSTGRES (postgres) = "INSERT INTO schema_migrations (version, name, checksum, applied_at) \
        VALUES ($1, $2, $3, CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT))";
}

/// Held until COMMIT, so that nodes which start together take turns. Two numbers: another space than `Tx::lock`.
const LOCK: &str = "SELECT pg_advisory_xact_lock(7411, 1)";

/// Applies what is missing; answers how many were applied.
pub async fn migrate(db: &Db) -> Result<usize, Error> {
    run(db, MIGRATIONS).await
}

/// Applies what is missing of this list, each in a transaction of its own.
pub async fn run(db: &Db, list: &'static [Migration]) -> Result<usize, Error> {
    let mut applied = 0;
    while let Some(name) = db.write(move |tx| step(tx, list)).await? {
        tracing::info!(name, "migrated the database");
        applied += 1;
    }
    Ok(applied)
}

/// How many migrations are missing. Changes nothing.
pub async fn pending(db: &Db) -> Result<usize, Error> {
    db.read(|tx| {
        let tables = if tx.is_postgres() {
            TABLES_POSTGRES
        } else {
            TABLES_SQLITE
        };
        let applied = match tx.one(tables, &[], |row| row.get::<i64>(0))? {
            0 => Vec::new(),
            _ => tx.all(APPLIED, &[], |row| Ok((row.get(0)?, row.get(1)?)))?,
        };
        check(&applied, MIGRATIONS, tx.is_postgres())?;
        Ok(MIGRATIONS.len() - applied.len())
    })
    .await
}

/// Refuses a database whose migrations are not a beginning of this list.
fn check(applied: &[(String, String)], list: &[Migration], postgres: bool) -> Result<(), Error> {
    if applied.len() > list.len() {
        return Err(Error::Newer {
            found: applied.len(),
            known: list.len(),
        });
    }
    for ((name, checksum), migration) in applied.iter().zip(list) {
        if name != migration.name || *checksum != migration.checksum(postgres) {
            return Err(Error::Changed {
                applied: name.clone(),
                expected: migration.name,
            });
        }
    }
    Ok(())
}

/// Applies the first missing migration and answers its name, or `None` when the schema is up to date.
fn step(tx: &mut Tx<'_>, list: &'static [Migration]) -> Result<Option<&'static str>, Error> {
    if tx.is_postgres() {
        tx.batch(LOCK)?;
    }
    tx.execute(TABLE, &[])?;
    let applied = tx.all(APPLIED, &[], |row| {
        Ok((row.get::<String>(0)?, row.get::<String>(1)?))
    })?;
    check(&applied, list, tx.is_postgres())?;
    let Some(next) = list.get(applied.len()) else {
        return Ok(None);
    };
    next.apply(tx).map_err(|source| Error::Failed {
        name: next.name,
        source,
    })?;
    Ok(Some(next.name))
}

impl Migration {
    fn apply(&self, tx: &mut Tx<'_>) -> Result<(), DbError> {
        let postgres = tx.is_postgres();
        tx.batch(self.sql(postgres))?;
        let record = if postgres { RECORD_POSTGRES } else { RECORD_SQLITE };
        tx.execute(
            record,
            args![self.version()?, self.name, &self.checksum(postgres)],
        )?;
        Ok(())
    }

    fn version(&self) -> Result<i64, DbError> {
        let number = self.name.split('_').next().and_then(|n| n.parse().ok());
        number.ok_or_else(|| DbError::Sql(format!("name the migration NNNN_name, not {}", self.name)))
    }

    fn sql(&self, postgres: bool) -> &'static str {
        if postgres { self.postgres } else { self.sqlite }
    }

    /// SHA-256 of the statements, whatever the line ends of the checkout.
    fn checksum(&self, postgres: bool) -> String {
        use std::fmt::Write;
        let digest = Sha256::digest(self.sql(postgres).replace('\r', ""));
        digest.iter().fold(String::with_capacity(64), |mut hex, byte| {
            // Writing to a String does not fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }
}
