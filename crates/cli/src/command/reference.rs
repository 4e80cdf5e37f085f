//! `docs/COMMANDS.md`, made from the commands themselves.

use std::fmt::Write as _;

use clap::Command;

const HEAD: &str = "\
# Commands

<!-- Made by `attest config commands`. Don't edit. -->

Every setting is explained in [CONFIGURATION.md](CONFIGURATION.md).
";

/// The reference page as Markdown: each command with its help.
pub(super) fn commands(mut root: Command) -> String {
    let mut page = HEAD.to_owned();
    root = root
        .term_width(100)
        .disable_help_subcommand(true)
        .bin_name("attest");
    root.build();
    add(&mut page, &mut root);
    page
}

fn add(page: &mut String, command: &mut Command) {
    let name = command.get_bin_name().unwrap_or_default().to_owned();
    let help = command.render_long_help().to_string();
    let help: String = help
        .lines()
        .map(|line| line.trim_end().to_owned() + "\n")
        .collect();
    let _ = write!(page, "\n## {name}\n\n```text\n{}```\n", help.trim_start());
    for inner in command.get_subcommands_mut() {
        add(page, inner);
    }
}
