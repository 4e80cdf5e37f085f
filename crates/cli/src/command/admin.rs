//! `attest admin`: the first person of an instance.

use std::io::Read as _;
use std::process::ExitCode;

use anyhow::{Context as _, ensure};
use app::setup::Owner;
use clap::{Args, Subcommand};

use crate::config::StoreFlags;
use crate::instance::{Absent, close, open, told};

/// Longest password in bytes, with its line end.
const LONGEST: u64 = 1026;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make the first person, a site admin, instead of opening the set-up link.
    Init(Init),
}

#[derive(Debug, Args)]
pub(super) struct Init {
    #[command(flatten)]
    store: StoreFlags,
    /// Mail address, with which to sign in.
    #[arg(long)]
    email: String,
    /// Display name.
    #[arg(long)]
    name: String,
    /// Read the password from stdin. There is no other way, because a command line can be read by others.
    #[arg(long, required = true)]
    password_stdin: bool,
}

impl Command {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let Command::Init(init) = self;
        let config = super::load(&init.store.0)?;
        let owner = Owner {
            name: init.name,
            email: init.email,
            password: password()?,
        };
        super::block_on(async {
            let app = open(&config, Absent::Make).await?;
            let made = app::setup::init(&app, &owner).await.map_err(told);
            close(app).await;
            made
        })?;
        super::complain(&format!("{} can sign in now and is a site admin", owner.email));
        Ok(ExitCode::SUCCESS)
    }
}

/// Stdin without its last line end.
fn password() -> anyhow::Result<String> {
    let mut text = String::new();
    std::io::stdin()
        .take(LONGEST)
        .read_to_string(&mut text)
        .context("cannot read the password from stdin")?;
    let password = text.trim_end_matches(['\n', '\r']);
    ensure!(
        !password.is_empty(),
        "stdin holds no password; send it with `printf %s \"$PASSWORD\" |`"
    );
    Ok(password.to_owned())
}
