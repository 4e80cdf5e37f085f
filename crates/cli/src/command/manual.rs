//! Completion scripts and manual pages, made from the commands themselves.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use clap::Command;
use clap_complete::Shell;

/// The script that completes `attest` in a shell.
pub(super) fn completions(mut root: Command, shell: Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut root, "attest", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// Writes `attest.1`, `attest-submit.1` and so on. The colon of the commands of Testmo's tool becomes a dash, since a
/// manual page's name must be a file's name everywhere.
pub(super) fn write(root: Command, folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let mut root = root.disable_help_subcommand(true);
    root.build();
    page(&root, "attest", folder)
}

fn page(command: &Command, name: &str, folder: &Path) -> anyhow::Result<()> {
    let mut text = Vec::new();
    let shown = command.clone().name(name.to_owned());
    clap_mangen::Man::new(shown)
        .title(name.to_uppercase())
        .manual("Attest")
        .render(&mut text)?;
    let path = folder.join(format!("{name}.1"));
    fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    for inner in command.get_subcommands().filter(|inner| !inner.is_hide_set()) {
        let inner_name = format!("{name}-{}", inner.get_name().replace(':', "-"));
        page(inner, &inner_name, folder)?;
    }
    Ok(())
}
