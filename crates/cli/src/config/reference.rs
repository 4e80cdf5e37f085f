//! `docs/CONFIGURATION.md`, made from the table.

use std::fmt::Write as _;

use super::table::{SETTINGS, Setting, UsedBy};

const HEAD: &str = "\
# Configuration

<!-- Made by `attest config reference` from the table in crates/cli/src/config/table.rs. Don't edit. -->

Each setting can be a flag, an environment variable, or a line of the TOML file given by `--config FILE` (or
`ATTEST_CONFIG`). A flag wins over a variable, a variable over the file, the file over the factory value. An empty
variable counts as not set. A setting with several values is a repeated flag, a list with commas in the variable,
and an array in the file. An unknown key in the file is an error. `attest doctor` checks the result.

Times are written like `500ms`, `10s`, `2m`, `1h`, sizes like `512`, `8KiB`, `1MiB`.
";

const EXAMPLE: &str = "
## An example

```toml
data-dir = \"/var/lib/attest\"
listen = \"off\"
public-url = \"https://attest.example.com\"
tls-cert = \"/etc/attest/fullchain.pem\"
tls-key = \"/etc/attest/key.pem\"
tls-listen = \"0.0.0.0:443\"
trusted-proxy = [\"10.0.0.0/8\"]

[log]
format = \"json\"

[limits]
connections = 2048
```
";

/// The reference page as Markdown.
pub fn reference() -> String {
    let mut page = HEAD.to_owned();
    section(
        &mut page,
        "Settings of every command that opens the store",
        |setting| setting.used_by == UsedBy::Store,
    );
    section(
        &mut page,
        "Settings of `attest serve` and `attest doctor`",
        |setting| setting.used_by == UsedBy::Serve && !setting.key.starts_with("limits."),
    );
    section(&mut page, "Limits", |setting| setting.key.starts_with("limits."));
    page.push_str(EXAMPLE);
    page
}

fn section(page: &mut String, title: &str, wanted: impl Fn(&Setting) -> bool) {
    let _ = write!(
        page,
        "\n## {title}\n\n| key | flag | variable | factory value | meaning |\n| --- | --- | --- | --- | --- |\n"
    );
    for setting in SETTINGS.iter().filter(|setting| wanted(setting)) {
        row(page, setting);
    }
}

fn row(page: &mut String, setting: &Setting) {
    let flag = match setting.value {
        "" => format!("`--{}`", setting.flag()),
        value => format!("`--{} {value}`", setting.flag()),
    };
    let default = match setting.default {
        "" => "none".to_owned(),
        value => format!("`{value}`"),
    };
    let mut meaning = setting.help.replace('|', "\\|");
    if setting.secret {
        let (flag, variable) = (setting.flag(), setting.variable());
        let _ = write!(
            meaning,
            " Or from a file: `--{flag}-file`, `{variable}_FILE`, `{}-file`.",
            setting.key
        );
    }
    let _ = writeln!(
        page,
        "| `{}` | {flag} | `{}` | {default} | {meaning} |",
        setting.key,
        setting.variable(),
    );
}
