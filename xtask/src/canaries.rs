//! Secrets that were used in tests must be nowhere: not in a log, not in a database, not on an error page.

use std::fs;
use std::path::Path;

use anyhow::{bail, ensure};

use crate::context::{Context, files_below};
use crate::http::{Api, Link, request};
use crate::postgres::{Durability, Engine, Postgres};
use crate::server::{Build, EMAIL, PASSWORD, Pages, Server, build};

/// Uses secrets in every way that could leave a trace, then searches what this and all other tests left.
pub(crate) fn check(context: &Context) -> anyhow::Result<()> {
    let program = build(context, Build::Dev)?;
    let cluster = Postgres::start(context, Durability::Fast)?;
    for engine in [Engine::Sqlite, Engine::Postgres(&cluster)] {
        let mut server =
            Server::start_with(context, &program, "canaries", engine, &["--log-level", "debug"])?;
        let answers = misuse(&server)?;
        server.stop()?;
        let secrets = secrets(&server)?;
        for (request, answer) in &answers {
            if let Some(found) = found(&secrets, answer.as_bytes()) {
                bail!("the answer to {request} shows {found}");
            }
        }
        if let Some(url) = &server.database
            && let Some(found) = found(&secrets, cluster.dump(url)?.as_bytes())
        {
            bail!("the PostgreSQL database holds {found}");
        }
        if matches!(engine, Engine::Postgres(_)) {
            search(context, &secrets)?;
        }
    }
    Ok(())
}

/// Errors of all kinds with a key, a password or a cookie in a place where it may be shown again.
fn misuse(server: &Server) -> anyhow::Result<Vec<(String, String)>> {
    let mut pages = Pages::open(server.address);
    let wrong = pages
        .form("/login", &["email", "password"])?
        .set("email", "nobody@example.com")
        .set("password", PASSWORD);
    let mut answers = vec![("a wrong sign-in".to_owned(), pages.submit(&wrong)?.text())];
    pages.sign_in(EMAIL, PASSWORD)?;
    server.keep(&pages.cookies())?;
    let api = server.api()?;
    let project = server.project("Canaries")?;
    let key = &api.key;
    let plain = "Connection: close\r\n".to_owned();
    let own = format!("{}{plain}", api.headers());
    let damaged = format!("Authorization: Bearer {}\r\n{plain}", &key[..key.len() - 1]);
    let cookie = format!("Cookie: attest={PASSWORD}\r\n{plain}");
    let requests = [
        ("GET", format!("/api/v1/user?api_key={key}"), &own),
        ("GET", format!("/api/v1/projects/{key}"), &own),
        ("GET", format!("/no/such/page/{key}"), &plain),
        ("GET", "/api/v1/user".to_owned(), &damaged),
        ("GET", "/projects".to_owned(), &cookie),
        (
            "POST",
            format!("/api/v1/projects/{project}/automation/runs"),
            &own,
        ),
        ("POST", "/login".to_owned(), &plain),
    ];
    for (method, path, headers) in requests {
        let body = format!("{{\"name\": {{\"{key}\": \"{PASSWORD}\"}}, \"source\": 7}}");
        let body = if method == "POST" { body.as_bytes() } else { b"" };
        let answer = Link::open(server.address)?.exchange(&request(method, &path, headers, body))?;
        ensure!(
            answer.status >= 300 || path.contains("api_key"),
            "{method} {path} succeeded with {}",
            answer.status
        );
        answers.push((format!("{method} {path}"), answer.text()));
    }
    used(&api)?;
    Ok(answers)
}

/// The key is used as it should be, so that its digest and its last use are written.
fn used(api: &Api) -> anyhow::Result<()> {
    api.get("user")?;
    Ok(())
}

/// Searches every file that servers of this test run left: logs, output, databases, keyrings.
fn search(context: &Context, secrets: &[String]) -> anyhow::Result<()> {
    let left = context.target.join("xtask");
    let mut files = 0;
    for file in files_below(&left, &|name| name == SECRETS)? {
        files += 1;
        if let Some(found) = found(secrets, &fs::read(&file)?) {
            bail!("{} holds {found}", file.display());
        }
    }
    println!("{} secrets, each in 0 of {files} files", secrets.len());
    Ok(())
}

/// The name of the list of secrets, the one file that holds them.
pub(crate) const SECRETS: &str = "secrets";

fn secrets(server: &Server) -> anyhow::Result<Vec<String>> {
    let list = fs::read_to_string(server.secrets())?;
    let mut secrets: Vec<String> = list.lines().map(str::to_owned).collect();
    secrets.push(PASSWORD.to_owned());
    secrets.sort();
    secrets.dedup();
    ensure!(secrets.len() >= 3, "only {} secrets are known", secrets.len());
    Ok(secrets)
}

/// What of the secrets is in some bytes, by its first characters.
fn found(secrets: &[String], bytes: &[u8]) -> Option<String> {
    secrets
        .iter()
        .find(|secret| contains(bytes, secret.as_bytes()))
        .map(|secret| format!("a secret that begins with {:?}", &secret[..secret.len().min(14)]))
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    let Some((&first, rest)) = wanted.split_first() else {
        return false;
    };
    let mut from = 0;
    while let Some(at) = bytes[from..].iter().position(|&byte| byte == first) {
        from += at + 1;
        if bytes[from..].starts_with(rest) {
            return true;
        }
    }
    false
}

/// Adds secrets to the list.
pub(crate) fn keep(list: &Path, secrets: &[String]) -> anyhow::Result<()> {
    use std::io::Write as _;
    let mut file = fs::File::options().create(true).append(true).open(list)?;
    for secret in secrets {
        writeln!(file, "{secret}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_text_in_bytes() {
        assert!(contains(b"aab", b"ab"));
        assert!(contains(b"ab", b"ab"));
        assert!(!contains(b"aa", b"ab"));
        assert!(!contains(b"", b"ab"));
    }
}
