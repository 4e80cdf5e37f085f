//! The command line flags, made from the table.

use std::collections::BTreeMap;

use clap::{Arg, ArgAction, ArgMatches, Command};

use super::table::{SETTINGS, Setting, UsedBy};

/// The settings that were given on the command line, by flag.
#[derive(Debug, Clone, Default)]
pub struct Flags(BTreeMap<String, Vec<String>>);

impl Flags {
    pub(super) fn get(&self, flag: &str) -> Option<&[String]> {
        self.0.get(flag).map(Vec::as_slice)
    }
}

/// Builds flags by hand, as a test or another command needs them.
impl<const N: usize> From<[(&str, &str); N]> for Flags {
    fn from(given: [(&str, &str); N]) -> Flags {
        let mut flags = Flags::default();
        for (flag, value) in given {
            flags.0.entry(flag.to_owned()).or_default().push(value.to_owned());
        }
        flags
    }
}

/// The flags of `serve` and `doctor`: every setting.
#[derive(Debug, Clone, Default)]
pub struct ServeFlags(pub Flags);

/// The flags of the commands that only open the store.
#[derive(Debug, Clone, Default)]
pub struct StoreFlags(pub Flags);

fn settings(used_by: UsedBy) -> impl Iterator<Item = &'static Setting> {
    SETTINGS
        .iter()
        .filter(move |setting| used_by == UsedBy::Serve || setting.used_by == UsedBy::Store)
}

fn augment(command: Command, used_by: UsedBy) -> Command {
    let config = Arg::new("config")
        .long("config")
        .value_name("FILE")
        .help("Read settings from this TOML file [env: ATTEST_CONFIG]");
    settings(used_by).fold(command.arg(config), |command, setting| {
        let command = command.arg(flag(setting));
        if setting.secret {
            command.arg(file_flag(setting))
        } else {
            command
        }
    })
}

fn flag(setting: &Setting) -> Arg {
    let arg = Arg::new(setting.flag())
        .long(setting.flag())
        .help(help(setting))
        .hide_short_help(setting.key.contains('.'));
    match (setting.is_switch(), setting.many) {
        (true, _) => arg
            .num_args(0)
            .default_missing_value("true")
            .action(ArgAction::Set),
        (false, true) => arg.value_name(setting.value).action(ArgAction::Append),
        (false, false) => arg.value_name(setting.value).action(ArgAction::Set),
    }
}

fn file_flag(setting: &Setting) -> Arg {
    let name = format!("{}-file", setting.flag());
    Arg::new(name.clone())
        .long(name)
        .value_name("FILE")
        .help(format!("Read --{} from this file", setting.flag()))
}

fn help(setting: &Setting) -> String {
    let factory = match setting.default {
        "" => String::new(),
        value => format!("[default: {value}] "),
    };
    format!("{} {factory}[env: {}]", setting.help, setting.variable())
}

fn collect(matches: &ArgMatches, used_by: UsedBy) -> Flags {
    let mut flags = Flags::default();
    let names = settings(used_by).flat_map(|setting| {
        let file = setting.secret.then(|| format!("{}-file", setting.flag()));
        std::iter::once(setting.flag()).chain(file)
    });
    for name in names.chain(std::iter::once("config".to_owned())) {
        if let Some(values) = matches.get_many::<String>(&name) {
            flags.0.insert(name, values.cloned().collect());
        }
    }
    flags
}

macro_rules! clap_args {
    ($flags:ident, $used_by:expr) => {
        impl clap::FromArgMatches for $flags {
            fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
                Ok($flags(collect(matches, $used_by)))
            }

            fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
                self.0 = collect(matches, $used_by);
                Ok(())
            }
        }

        impl clap::Args for $flags {
            fn augment_args(command: Command) -> Command {
                augment(command, $used_by)
            }

            fn augment_args_for_update(command: Command) -> Command {
                augment(command, $used_by)
            }
        }
    };
}

clap_args!(ServeFlags, UsedBy::Serve);
clap_args!(StoreFlags, UsedBy::Store);
