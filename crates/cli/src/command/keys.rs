//! `attest keys`: API keys without a browser, also beside a running server.
//!
//! A key that is made goes to stdout alone, so that a script can keep it; everything else goes to stderr.

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use app::keys::NewKey;
use app::{Actor, App};
use clap::{Args, Subcommand};
use model::clock::{DAY, HOUR, MINUTE};
use model::{KeyId, ProjectId, Scope, Timestamp};
use store::key::Key;

use crate::config::StoreFlags;
use crate::instance::{Absent, close, open, told};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a key and print it, alone, on stdout. It is shown this once.
    Create(Create),
    /// List a person's keys that are not revoked.
    List(List),
    /// Revoke a key at once.
    Revoke(Revoke),
    /// Replace a key: print its successor, alone, on stdout.
    Rotate(Rotate),
}

#[derive(Debug, Args)]
pub(super) struct Create {
    #[command(flatten)]
    store: StoreFlags,
    /// Mail address of the person whose key it is.
    #[arg(long, value_name = "EMAIL")]
    user: String,
    /// A name that tells what it is for.
    #[arg(long)]
    name: String,
    /// After how long it ends: 90d, 12h, or never.
    #[arg(long, value_name = "TIME", default_value = "365d", value_parser = life)]
    expires: Life,
    /// What it may be used for: full, read, results:write or cases:write.
    #[arg(long, default_value = "full", value_parser = scope)]
    scope: Scope,
    /// Only this project; may be repeated.
    #[arg(long, value_name = "ID")]
    project: Vec<i64>,
    /// Only from this address or network; may be repeated.
    #[arg(long, value_name = "CIDR")]
    address: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct List {
    #[command(flatten)]
    store: StoreFlags,
    /// Mail address of the person.
    #[arg(long, value_name = "EMAIL")]
    user: String,
}

/// A key, by its owner and name or by its number.
#[derive(Debug, Args)]
#[group(id = "which", required = true, multiple = true)]
pub(super) struct Which {
    /// Mail address of the person whose key it is.
    #[arg(long, value_name = "EMAIL", requires = "name", conflicts_with = "id")]
    user: Option<String>,
    /// The key's name.
    #[arg(long, requires = "user")]
    name: Option<String>,
    /// The key's number, as `attest keys list` shows it.
    #[arg(long, value_name = "N")]
    id: Option<i64>,
}

#[derive(Debug, Args)]
pub(super) struct Revoke {
    #[command(flatten)]
    store: StoreFlags,
    #[command(flatten)]
    which: Which,
    /// Why, for the audit log.
    #[arg(long)]
    reason: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Rotate {
    #[command(flatten)]
    store: StoreFlags,
    #[command(flatten)]
    which: Which,
    /// How long the old key still works beside the new one, at most 7d.
    #[arg(long, value_name = "TIME", default_value = "24h", value_parser = life)]
    overlap: Life,
}

/// A length of time in microseconds, or for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Life {
    Micros(i64),
    Never,
}

fn life(text: &str) -> Result<Life, String> {
    if text == "never" {
        return Ok(Life::Never);
    }
    let unit = |suffix: &str, micros: i64| {
        let number: i64 = text.strip_suffix(suffix)?.parse().ok().filter(|n| *n >= 0)?;
        number.checked_mul(micros).map(Life::Micros)
    };
    unit("d", DAY)
        .or_else(|| unit("h", HOUR))
        .or_else(|| unit("m", MINUTE))
        .ok_or_else(|| "write it like 90d, 12h, 30m or never".to_owned())
}

fn scope(text: &str) -> Result<Scope, String> {
    text.parse().map_err(|()| {
        let names = Scope::ALL.map(Scope::name);
        format!("write one of {}", names.join(", "))
    })
}

impl Command {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Command::Create(create) => create.run(),
            Command::List(list) => list.run(),
            Command::Revoke(revoke) => revoke.run(),
            Command::Rotate(rotate) => rotate.run(),
        }?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Runs `work` on the store that the flags name.
fn on_store<T, W>(flags: &StoreFlags, work: impl FnOnce(App) -> W) -> anyhow::Result<T>
where
    W: Future<Output = anyhow::Result<T>>,
{
    let config = super::load(&flags.0)?;
    super::block_on(async {
        let app = open(&config, Absent::Refuse).await?;
        let done = work(app.clone()).await;
        close(app).await;
        done
    })
}

impl Create {
    fn run(self) -> anyhow::Result<()> {
        let created = on_store(&self.store, |app| async move {
            let owner = app::keys::for_user(&app, &self.user).await.map_err(told)?;
            let expires_at = match self.expires {
                Life::Never => None,
                Life::Micros(micros) => Some(app.now().plus(micros)),
            };
            let projects: Vec<_> = self.project.into_iter().map(ProjectId).collect();
            let new = NewKey {
                name: self.name,
                scope: self.scope,
                expires_at,
                projects: (!projects.is_empty()).then_some(projects),
                addresses: (!self.address.is_empty()).then_some(self.address),
            };
            app::keys::create(&app, &owner, &new).await.map_err(told)
        })?;
        super::complain(&format!(
            "key {} of this person: {}",
            created.key.id,
            end(&created.key)
        ));
        super::print(&format!("{}\n", created.secret));
        Ok(())
    }
}

impl List {
    fn run(self) -> anyhow::Result<()> {
        let keys = on_store(&self.store, |app| async move {
            let owner = app::keys::for_user(&app, &self.user).await.map_err(told)?;
            app::keys::list(&app, &owner).await.map_err(told)
        })?;
        super::print(&table(&keys));
        Ok(())
    }
}

impl Revoke {
    fn run(self) -> anyhow::Result<()> {
        let key = on_store(&self.store, |app| async move {
            let (owner, key) = self.which.find(&app).await?;
            app::keys::revoke(&app, &owner, key.id, self.reason.as_deref())
                .await
                .map_err(told)?;
            Ok(key)
        })?;
        super::complain(&format!("revoked key {} ({})", key.id, key.name));
        Ok(())
    }
}

impl Rotate {
    fn run(self) -> anyhow::Result<()> {
        let Life::Micros(overlap) = self.overlap else {
            bail!("--overlap: an old key cannot live on for ever; write at most 7d");
        };
        let (old, created) = on_store(&self.store, |app| async move {
            let (owner, key) = self.which.find(&app).await?;
            let created = app::keys::rotate(&app, &owner, key.id, overlap)
                .await
                .map_err(told)?;
            Ok((key, created))
        })?;
        super::complain(&format!(
            "key {} replaces key {}: {}",
            created.key.id,
            old.id,
            end(&created.key)
        ));
        super::print(&format!("{}\n", created.secret));
        Ok(())
    }
}

impl Which {
    /// The owner, for whom the command acts, and the key.
    async fn find(&self, app: &App) -> anyhow::Result<(Actor, Key)> {
        let (email, id) = match (&self.user, self.id) {
            (Some(email), _) => (email.clone(), None),
            (None, Some(id)) => (owner(app, KeyId(id)).await?, Some(KeyId(id))),
            (None, None) => bail!("give --user with --name, or --id"),
        };
        let actor = app::keys::for_user(app, &email).await.map_err(told)?;
        let keys = app::keys::list(app, &actor).await.map_err(told)?;
        let key = keys
            .into_iter()
            .find(|key| id.map_or_else(|| self.name.as_deref() == Some(&*key.name), |id| key.id == id))
            .with_context(|| {
                format!("{email} has no such key; `attest keys list --user {email}` shows those there are")
            })?;
        Ok((actor, key))
    }
}

/// The mail address of a key's owner.
async fn owner(app: &App, id: KeyId) -> anyhow::Result<String> {
    let found = app
        .db()
        .read(move |tx| match store::key::get(tx, id)? {
            Some(key) => store::user::get(tx, key.user_id),
            None => Ok(None),
        })
        .await?;
    found
        .map(|user| user.email)
        .with_context(|| format!("there is no key {id}"))
}

fn end(key: &Key) -> String {
    key.expires_at.map_or_else(
        || "it does not expire".to_owned(),
        |at| format!("it expires {}", day(at)),
    )
}

fn day(at: Timestamp) -> String {
    at.to_string().chars().take(10).collect()
}

/// Columns wide enough for their longest entry.
fn table(keys: &[Key]) -> String {
    let head = ["ID", "NAME", "KEY", "SCOPE", "CREATED", "LAST USED", "EXPIRES"].map(str::to_owned);
    let rows: Vec<[String; 7]> = std::iter::once(head).chain(keys.iter().map(row)).collect();
    let mut widths = [0; 7];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    for row in &rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(widths) {
            let _ = write!(line, "{cell:width$}  ");
        }
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

fn row(key: &Key) -> [String; 7] {
    let prefix = if key.is_api { "att_api_" } else { "att_usr_" };
    let at = |at: Option<Timestamp>| at.map_or_else(|| "never".to_owned(), day);
    [
        key.id.to_string(),
        key.name.clone(),
        format!("{prefix}…{}", key.last4),
        key.scope.name().to_owned(),
        day(key.created_at),
        at(key.last_used_at),
        at(key.expires_at),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time() {
        assert_eq!(life("90d"), Ok(Life::Micros(90 * DAY)));
        assert_eq!(life("12h"), Ok(Life::Micros(12 * HOUR)));
        assert_eq!(life("0m"), Ok(Life::Micros(0)));
        assert_eq!(life("never"), Ok(Life::Never));
        for bad in ["", "d", "-1d", "1y", "9999999999999999d"] {
            assert!(life(bad).is_err(), "{bad}");
        }
    }
}
