//! Where settings come from, and what is said about those that cannot be used.

use clap::{Args as _, FromArgMatches as _};
use cli::config::{Config, Environment, Error, LogFormat, SETTINGS, ServeFlags, StoreFlags, Tls, reference};
use secrecy::ExposeSecret as _;

/// Loads with these arguments, variables and file.
fn load(arguments: &[&str], variables: &[(&str, &str)], file: Option<&str>) -> Result<Config, Error> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("attest.toml");
    let mut all: Vec<String> = std::iter::once("serve")
        .chain(arguments.iter().copied())
        .map(str::to_owned)
        .collect();
    if let Some(text) = file {
        std::fs::write(&path, text).unwrap();
        all.extend(["--config".to_owned(), path.display().to_string()]);
    }
    let matches = ServeFlags::augment_args(clap::Command::new("serve"))
        .try_get_matches_from(all)
        .unwrap();
    let flags = ServeFlags::from_arg_matches(&matches).unwrap();
    let environment: Environment = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    Config::load(&flags.0, &environment).map(|loaded| loaded.config)
}

fn message(outcome: Result<Config, Error>) -> String {
    outcome.unwrap_err().to_string()
}

#[test]
fn factory_values_are_those_of_the_documents() {
    let config = Config::factory().unwrap();
    assert_eq!(config.listen.unwrap().to_string(), "127.0.0.1:8080");
    assert_eq!(config.tls_listen.to_string(), "127.0.0.1:8443");
    assert_eq!((config.tls.clone(), config.demo), (Tls::Off, false));
    assert_eq!(config.base_url(), "http://127.0.0.1:8080");
    assert_eq!(
        config.database_url().expose_secret(),
        "sqlite:./attest-data/attest.db"
    );
    let limits = config.limits;
    assert_eq!((limits.connections, limits.per_address), (1024, 512));
    let seconds = [
        limits.first_byte,
        limits.header,
        limits.idle,
        limits.grace,
        limits.request,
        limits.drain,
    ];
    assert_eq!(seconds.map(|limit| limit.as_secs()), [10, 10, 60, 10, 60, 15]);
    assert_eq!(
        (limits.rate, limits.header_bytes, limits.uri_bytes),
        (1024, 32 * 1024, 8 * 1024)
    );
}

#[test]
fn a_flag_wins_over_a_variable_over_the_file_over_the_factory() {
    let file = "listen = \"127.0.0.1:3\"\n[log]\nformat = \"json\"\n";
    let variables = [("ATTEST_LISTEN", "127.0.0.1:2"), ("ATTEST_LOG_FORMAT", "")];
    let port = |config: Config| config.listen.unwrap().port();
    assert_eq!(
        port(load(&["--listen", "127.0.0.1:1"], &variables, Some(file)).unwrap()),
        1
    );
    assert_eq!(port(load(&[], &variables, Some(file)).unwrap()), 2);
    let config = load(&[], &[("ATTEST_LOG_FORMAT", "")], Some(file)).unwrap();
    assert_eq!(
        config.log.format,
        LogFormat::Json,
        "an empty variable counts as not set"
    );
    assert_eq!(port(config), 3);
}

#[test]
fn lists_are_repeated_flags_commas_or_arrays() {
    let expected = ["10.0.0.0/8", "fd00::/8"].map(|net| net.parse().unwrap());
    let by_flags = load(
        &["--trusted-proxy", "10.0.0.0/8", "--trusted-proxy", "fd00::/8"],
        &[],
        None,
    );
    assert_eq!(by_flags.unwrap().trusted_proxies, expected);
    let by_variable = load(&[], &[("ATTEST_TRUSTED_PROXY", "10.0.0.0/8, fd00::/8")], None);
    assert_eq!(by_variable.unwrap().trusted_proxies, expected);
    let by_file = load(&[], &[], Some("trusted-proxy = [\"10.0.0.0/8\", \"fd00::/8\"]"));
    assert_eq!(by_file.unwrap().trusted_proxies, expected);
}

#[test]
fn nested_keys_have_flags_and_variables() {
    let config = load(
        &["--limits-idle", "2m"],
        &[("ATTEST_LIMITS_URI_BYTES", "1KiB")],
        Some("limits.connections = 5"),
    );
    let limits = config.unwrap().limits;
    assert_eq!(
        (limits.idle.as_secs(), limits.uri_bytes, limits.connections),
        (120, 1024, 5)
    );
}

#[test]
fn a_switch_needs_no_value_on_the_command_line() {
    assert!(load(&["--demo"], &[], None).unwrap().demo);
    assert!(load(&[], &[("ATTEST_DEMO", "1")], None).unwrap().demo);
    assert!(load(&[], &[], Some("demo = true")).unwrap().demo);
}

#[test]
fn secrets_can_come_from_files() {
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("database");
    std::fs::write(&secret, "postgres://attest:pw@db/attest\n").unwrap();
    let path = secret.to_str().unwrap();
    for config in [
        load(&["--database-file", path], &[], None),
        load(&[], &[("ATTEST_DATABASE_FILE", path)], None),
        load(&[], &[], Some(&format!("database-file = \"{path}\""))),
    ] {
        let config = config.unwrap();
        assert_eq!(
            config.database_url().expose_secret(),
            "postgres://attest:pw@db/attest"
        );
        assert!(!format!("{config:?}").contains("pw@"), "a secret is not shown");
    }
    let both = load(&["--database", "sqlite:x", "--database-file", path], &[], None);
    assert!(message(both).contains("keep one of the two"));
    // A stronger source wins as a whole.
    let config = load(
        &["--database", "sqlite:x"],
        &[("ATTEST_DATABASE_FILE", path)],
        None,
    )
    .unwrap();
    assert_eq!(config.database_url().expose_secret(), "sqlite:x");
}

#[test]
fn tls_needs_both_files_or_neither() {
    let both = load(&["--tls-cert", "c.pem", "--tls-key", "k.pem"], &[], None).unwrap();
    assert!(matches!(both.tls, Tls::Files { .. }));
    assert_eq!(both.base_url(), "https://127.0.0.1:8443");
    assert!(message(load(&["--tls-cert", "c.pem"], &[], None)).contains("give tls-key too"));
    assert!(message(load(&["--tls-key", "k.pem"], &[], None)).contains("give tls-cert too"));
    let three = load(
        &["--tls", "self-signed", "--tls-cert", "c", "--tls-key", "k"],
        &[],
        None,
    );
    assert!(message(three).contains("keep either"));
    assert!(message(load(&["--listen", "off"], &[], None)).contains("nothing would be served"));
}

#[test]
fn a_public_url_is_an_origin() {
    let url = |text: &str| load(&["--public-url", text], &[], None).map(|config| config.base_url());
    assert_eq!(
        url("https://Attest.Example.com:443/").unwrap(),
        "https://attest.example.com"
    );
    assert_eq!(url("http://[::1]:8080").unwrap(), "http://[::1]:8080");
    for bad in [
        "attest.example.com",
        "ftp://a",
        "https://a/prefix",
        "https://a/?x=1",
        "https://user@a",
    ] {
        let text = url(bad).unwrap_err().to_string();
        assert!(
            text.contains("write it like https://attest.example.com"),
            "{bad}: {text}"
        );
    }
}

#[test]
fn messages_name_the_key_its_origin_and_a_remedy() {
    let by_flag = message(load(&["--listen", "localhost"], &[], None));
    assert_eq!(
        by_flag,
        "listen: `localhost` is not an address with a port\n  set by: --listen\n  \
         remedy: write it like 127.0.0.1:8080 or [::]:8080"
    );
    let by_variable = message(load(&[], &[("ATTEST_LIMITS_IDLE", "soon")], None));
    assert!(
        by_variable.starts_with("limits.idle: `soon`") && by_variable.contains("variable ATTEST_LIMITS_IDLE")
    );
    let by_file = message(load(&[], &[], Some("demo = true\n\n[limits]\nrate = \"fast\"\n")));
    assert!(
        by_file.starts_with("limits.rate: `fast`") && by_file.contains("attest.toml line 4"),
        "{by_file}"
    );
}

#[test]
fn unknown_keys_are_refused_with_the_nearest_name() {
    let text = message(load(&[], &[], Some("listn = \"127.0.0.1:1\"")));
    assert!(text.starts_with("listn: no setting has this name"), "{text}");
    assert!(
        text.contains("line 1") && text.contains("did you mean `listen`?"),
        "{text}"
    );
    let text = message(load(&[], &[], Some("[limits]\nidel = \"1s\"")));
    assert!(
        text.contains("line 2") && text.contains("did you mean `limits.idle`?"),
        "{text}"
    );
    let text = message(load(&[], &[], Some("colour = 1")));
    assert!(text.contains("remove it"), "{text}");
}

#[test]
fn a_broken_or_absent_file_is_named() {
    let text = message(load(&[], &[], Some("listen = \n")));
    assert!(
        text.contains("not valid TOML") && text.contains("line 1"),
        "{text}"
    );
    let text = message(load(&["--config", "/nowhere/attest.toml"], &[], None));
    assert!(
        text.contains("/nowhere/attest.toml cannot be read") && text.contains("set by: --config"),
        "{text}"
    );
    let text = message(load(&[], &[("ATTEST_CONFIG", "/nowhere/attest.toml")], None));
    assert!(text.contains("set by: the variable ATTEST_CONFIG"), "{text}");
}

#[test]
fn variables_that_no_setting_has_are_mentioned() {
    let environment: Environment = [
        ("ATTEST_LISTN", "x"),
        ("ATTEST_LISTEN", "127.0.0.1:1"),
        ("PATH", "/bin"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into_iter()
    .collect();
    let loaded = Config::load(&ServeFlags::default().0, &environment).unwrap();
    assert_eq!(loaded.warnings.len(), 1);
    assert!(loaded.warnings[0].contains("ATTEST_LISTN "));
}

#[test]
fn the_reference_and_the_help_name_every_setting() {
    let page = reference();
    let help = ServeFlags::augment_args(clap::Command::new("serve"))
        .render_long_help()
        .to_string();
    for setting in SETTINGS {
        assert!(
            page.contains(&format!("| `{}` |", setting.key)),
            "{}",
            setting.key
        );
        assert!(page.contains(&setting.variable()), "{}", setting.key);
        assert!(help.contains(&format!("--{}", setting.flag())), "{}", setting.key);
    }
    let store = StoreFlags::augment_args(clap::Command::new("keys"))
        .render_long_help()
        .to_string();
    assert!(store.contains("--data-dir") && !store.contains("--listen"));
}
