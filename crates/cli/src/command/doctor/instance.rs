//! The data directory, the keyring and the database.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use app::{Keyring, OsRandom};
use secrecy::ExposeSecret as _;
use store::Db;

use super::Findings;
use crate::config::Config;
use crate::instance::{keyring_path, sqlite_path};

/// The data directory: there or to be made, writable, its owner's alone.
pub(super) fn folder(config: &Config, findings: &mut Findings) {
    let folder = &config.data_dir;
    let shown = folder.display();
    match folder.metadata() {
        Ok(meta) if !meta.is_dir() => {
            findings.error(
                format!("the data directory {shown} is no folder"),
                "give another --data-dir",
            );
        }
        Ok(meta) => {
            if meta.permissions().mode() & 0o077 != 0 {
                findings.warning(
                    format!("others can look into the data directory {shown}"),
                    format!("chmod 700 {shown}"),
                );
            }
            match tempfile(folder) {
                Ok(()) => findings.ok(format!("the data directory {shown} can be written")),
                Err(cause) => findings.error(
                    format!("the data directory {shown} cannot be written: {cause}"),
                    "give it to the user that runs Attest (chown), or free space on its disk",
                ),
            }
        }
        Err(_) => findings.ok(format!(
            "the data directory {shown} does not exist yet and will be made"
        )),
    }
}

fn tempfile(folder: &Path) -> std::io::Result<()> {
    let probe = folder.join(".doctor");
    std::fs::write(&probe, b"doctor")?;
    std::fs::remove_file(probe)
}

/// Where uploaded files lie: a folder with room, or a bucket that answers.
pub(super) async fn blobs(config: &Config, findings: &mut Findings) {
    let blobs = match crate::instance::blobs(config).await {
        Ok(blobs) => blobs,
        Err(error) => {
            findings.error(
                format!("{error:#}"),
                "correct --blobs; docs/OPERATIONS.md has an example",
            );
            return;
        }
    };
    match (blobs.is_full().await, &config.blobs) {
        (Ok(false), Some(place)) => findings.ok(format!("uploaded files have room in {place}")),
        (Ok(false), None) => findings.ok("uploaded files have room in the data directory"),
        (Ok(true), _) => findings.warning(
            "less is free than --limits-free-space asks for, so uploads are refused",
            "free space on the disk, or give another --blobs",
        ),
        (Err(cause), _) => findings.error(
            format!("the folder of uploaded files cannot be looked at: {cause}"),
            "give it to the user that runs Attest (chown), or give another --blobs",
        ),
    }
}

/// The database: reachable, of a schema that this version knows, with its keyring.
pub(super) async fn database(config: &Config, findings: &mut Findings) {
    if let Some(path) = sqlite_path(config)
        && !path.exists()
    {
        findings.ok(format!(
            "the database {} does not exist yet and will be made",
            path.display()
        ));
        return;
    }
    let url = config.database_url();
    let opened = tokio::task::spawn_blocking(move || Db::open(url.expose_secret())).await;
    let db = match opened {
        Ok(Ok(db)) => db,
        Ok(Err(error)) => {
            findings.error(
                format!("the database cannot be opened: {error}"),
                "check --database: address, user and password, or the file's owner",
            );
            return;
        }
        Err(error) => {
            return findings.error(format!("the database cannot be opened: {error}"), "report this");
        }
    };
    schema(&db, findings).await;
    keyring(&db, &keyring_path(config), findings).await;
    db.close().await;
}

async fn schema(db: &Db, findings: &mut Findings) {
    match store::migrate::pending(db).await {
        Ok(0) => findings.ok("the database answers and its schema is up to date"),
        Ok(count) => findings.ok(format!(
            "the database answers; {count} migrations will run at the next start"
        )),
        Err(error) => findings.error(
            format!("the database's schema does not fit this version: {error}"),
            "run the version that the database belongs to, or restore a backup of it",
        ),
    }
}

async fn keyring(db: &Db, path: &Path, findings: &mut Findings) {
    let shown = path.display();
    if path.exists() {
        match Keyring::load_or_create(path, &OsRandom) {
            Ok(_) => findings.ok(format!("the keyring {shown} can be read, by its owner alone")),
            Err(error) => findings.error(
                error.to_string(),
                "without the keyring no key and no session is valid",
            ),
        }
        return;
    }
    // An empty database has no such table: then nobody uses it.
    if db
        .read(store::user::count_people)
        .await
        .is_ok_and(|people| people > 0)
    {
        findings.error(
            format!("the database is in use, but its keyring {shown} is absent"),
            "put it back from your backup, or give its place with --keyring",
        );
    } else {
        findings.ok(format!("the keyring {shown} does not exist yet and will be made"));
    }
}
