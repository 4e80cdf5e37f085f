//! Opens the store of a data directory or a database, for the server and for commands beside it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use app::blobs::Access;
use app::{App, Blobs, Keyring, Options, OsRandom};
use model::SystemClock;
use secrecy::ExposeSecret as _;
use store::Db;

use crate::config::Config;

/// Whether an absent store is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Absent {
    /// Make it.
    Make,
    /// It is an error: the command is for a store that is in use.
    Refuse,
}

/// Where the keyring lies.
pub(crate) fn keyring_path(config: &Config) -> PathBuf {
    config
        .keyring
        .clone()
        .unwrap_or_else(|| config.data_dir.join("keyring.json"))
}

/// The path of a SQLite database, if it is one.
pub(crate) fn sqlite_path(config: &Config) -> Option<PathBuf> {
    let url = config.database_url();
    url.expose_secret().strip_prefix("sqlite:").map(PathBuf::from)
}

/// Opens the database, brings its schema up to date, and opens the application on it.
///
/// # Errors
/// What cannot be read, made or reached, and what to do about it. The database's address is not shown, as it may hold
/// a password.
pub(crate) async fn open(config: &Config, absent: Absent) -> anyhow::Result<App> {
    if let Some(path) = sqlite_path(config) {
        match absent {
            Absent::Make => make_folder(&config.data_dir)?,
            Absent::Refuse if path.exists() => {}
            Absent::Refuse => bail!(
                "{} does not exist; give the --data-dir of the instance, or set a new one up with `attest admin init`",
                path.display()
            ),
        }
    } else {
        make_folder(&config.data_dir)?;
    }
    let url = config.database_url();
    let db = tokio::task::spawn_blocking(move || Db::open(url.expose_secret()))
        .await?
        .context("cannot open the database; `attest doctor` looks for the reason")?;
    store::migrate(&db)
        .await
        .context("cannot bring the database up to date")?;
    let keyring = keyring(&db, &keyring_path(config)).await?;
    let app = App::open(Options {
        db,
        clock: Arc::new(SystemClock),
        random: Arc::new(OsRandom),
        keyring,
        blobs: blobs(config).await?,
    })
    .await
    .map_err(told)?;
    if let Some(url) = &config.public_url {
        app.set_public_url(&url.to_string());
    }
    Ok(app)
}

/// Where uploaded files lie. They arrive in the data directory also when they stay in a bucket.
pub(crate) async fn blobs(config: &Config) -> anyhow::Result<Blobs> {
    let own = config.data_dir.join("blobs");
    let blobs = match config.blobs.as_deref() {
        Some(address) if address.contains("://") => Blobs::bucket(own, address, Access::Environment)
            .await
            .context("cannot use the storage of uploaded files")?,
        Some(folder) => Blobs::local(folder),
        None => Blobs::local(own),
    };
    let floor = u64::try_from(config.limits.free_space)?;
    Ok(blobs.with_floor(floor))
}

/// Reads the keyring, or makes it for a database that nobody uses yet.
///
/// A new keyring for a used database would silently make every key and session invalid.
async fn keyring(db: &Db, path: &Path) -> anyhow::Result<Keyring> {
    if !path.exists() {
        let people = db.read(store::user::count_people).await?;
        if people > 0 {
            bail!(
                "the database is in use, but its keyring {} is absent; put it back from your backup, or give its \
                 place with --keyring",
                path.display()
            );
        }
    }
    Ok(Keyring::load_or_create(path, &OsRandom)?)
}

/// Makes the data directory, for its owner alone.
fn make_folder(path: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .with_context(|| {
            format!(
                "cannot make the data directory {}; give another --data-dir",
                path.display()
            )
        })
}

/// An application's error in words for the command line.
pub(crate) fn told(error: app::Error) -> anyhow::Error {
    match &error {
        app::Error::Invalid(fields) => {
            let lines: Vec<_> = fields
                .iter()
                .map(|it| format!("{}: {}", it.field, it.text))
                .collect();
            anyhow::Error::msg(lines.join("\n"))
        }
        app::Error::Store(_) => {
            let message = error.message();
            anyhow::Error::new(error).context(message)
        }
        _ => anyhow::Error::msg(error.message()),
    }
}

/// Writes what is still in memory and closes the database.
pub(crate) async fn close(app: App) {
    app.db().close().await;
}
