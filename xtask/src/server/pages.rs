//! A person at a browser without scripts: pages, forms and cookies.

use std::net::SocketAddr;

use anyhow::{Context as _, bail};

use crate::http::{Link, Response, request};

/// The page of a person's keys.
const KEYS: &str = "/users/profile/api";
/// How every key begins.
const KEY: &str = "att_usr_";

/// A browser's worth of cookies at one server.
#[derive(Debug, Clone)]
pub(crate) struct Pages {
    address: SocketAddr,
    cookies: Vec<(String, String)>,
}

/// A form of a page with the values that it would send as it stands.
#[derive(Debug, Clone)]
pub(crate) struct Form {
    action: String,
    fields: Vec<(String, String)>,
}

impl Form {
    /// Sets a field that the form has, or adds one.
    pub(crate) fn set(mut self, name: &str, value: &str) -> Self {
        match self.fields.iter_mut().find(|(known, _)| known == name) {
            Some(field) => value.clone_into(&mut field.1),
            None => self.fields.push((name.to_owned(), value.to_owned())),
        }
        self
    }

    fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(known, _)| known == name)
    }
}

impl Pages {
    /// A browser that was never there.
    pub(crate) fn open(address: SocketAddr) -> Self {
        Self {
            address,
            cookies: Vec::new(),
        }
    }

    /// Signs in by the form.
    pub(crate) fn sign_in(&mut self, email: &str, password: &str) -> anyhow::Result<()> {
        let form = self
            .form("/login", &["email", "password"])?
            .set("email", email)
            .set("password", password);
        let answer = self.submit(&form)?;
        if answer.status >= 400 || answer.header("location").is_none_or(|to| to.contains("/login")) {
            bail!(
                "signing in was answered with {}: {}",
                answer.status,
                answer.text()
            );
        }
        Ok(())
    }

    /// Makes a project by the form and returns its number.
    pub(crate) fn create_project(&mut self, name: &str) -> anyhow::Result<i64> {
        let form = self.form("/projects/new", &["name"])?.set("name", name);
        let answer = self.submit(&form)?;
        let to = answer.header("location").unwrap_or_default();
        to.rsplit('/')
            .next()
            .and_then(|last| last.split(['?', '#']).next()?.parse().ok())
            .with_context(|| format!("making a project was answered with {} to {to:?}", answer.status))
    }

    /// Makes a key by the form; returns the form that revokes it, and the key.
    pub(crate) fn create_key(&mut self, name: &str) -> anyhow::Result<(Form, String)> {
        let mut form = self
            .form(KEYS, &["name", "expires"])?
            .set("name", name)
            .set("scope", "full");
        // Asked for again some time after the sign-in.
        if form.has("password") {
            form = form.set("password", super::PASSWORD);
        }
        let answer = self.submit(&form)?;
        let page = match answer.header("location").map(str::to_owned) {
            Some(to) => self.get(&to)?.text(),
            None => answer.text(),
        };
        let key = page
            .match_indices(KEY)
            .filter_map(|(at, _)| {
                page[at..]
                    .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                    .next()
            })
            .max_by_key(|key| key.len())
            .with_context(|| format!("no key is shown after it was made: {} {page}", answer.status))?
            .to_owned();
        Ok((self.revoke_form()?, key))
    }

    /// The form that revokes the newest key.
    fn revoke_form(&mut self) -> anyhow::Result<Form> {
        let list = self.get(KEYS)?.text();
        let path = list
            .split('"')
            .find(|value| value.starts_with(KEYS) && value.ends_with("/revoke"))
            .context("the list has no key to revoke")?;
        forms(&self.get(path)?.text(), path)
            .into_iter()
            .find(|form| form.action == path)
            .with_context(|| format!("{path} has no form"))
    }

    /// A page.
    pub(crate) fn get(&mut self, path: &str) -> anyhow::Result<Response> {
        let bytes = request("GET", path, &self.headers("Accept: text/html\r\n"), b"");
        self.exchange(&bytes)
    }

    /// The first form of a page that has fields of these names.
    pub(crate) fn form(&mut self, path: &str, names: &[&str]) -> anyhow::Result<Form> {
        let page = self.get(path)?;
        forms(&page.text(), path)
            .into_iter()
            .find(|form| names.iter().all(|name| form.has(name)))
            .with_context(|| format!("{path} answered {} and has no form with {names:?}", page.status))
    }

    /// Sends a form.
    pub(crate) fn submit(&mut self, form: &Form) -> anyhow::Result<Response> {
        let bytes = self.post_bytes(form);
        self.exchange(&bytes)
    }

    /// The bytes that sending a form takes.
    pub(crate) fn post_bytes(&self, form: &Form) -> Vec<u8> {
        let body: Vec<String> = form
            .fields
            .iter()
            .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
            .collect();
        let headers = self.headers(&format!(
            "Origin: http://{}\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n",
            self.address
        ));
        request("POST", &form.action, &headers, body.join("&").as_bytes())
    }

    fn headers(&self, more: &str) -> String {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let cookie = if cookies.is_empty() {
            String::new()
        } else {
            format!("Cookie: {}\r\n", cookies.join("; "))
        };
        format!("Connection: close\r\n{cookie}{more}")
    }

    fn exchange(&mut self, bytes: &[u8]) -> anyhow::Result<Response> {
        // The Host of `request` has no port; a form's Origin must be the same host.
        let text = String::from_utf8_lossy(bytes).replacen(
            "Host: 127.0.0.1\r\n",
            &format!("Host: {}\r\n", self.address),
            1,
        );
        let answer = Link::open(self.address)?.exchange(text.as_bytes())?;
        for (name, value) in &answer.headers {
            if name == "set-cookie"
                && let Some((cookie, rest)) = value.split_once('=')
            {
                let value = rest.split(';').next().unwrap_or_default();
                self.cookies.retain(|(known, _)| known != cookie);
                if !value.is_empty() {
                    self.cookies.push((cookie.to_owned(), value.to_owned()));
                }
            }
        }
        Ok(answer)
    }

    /// The values of all cookies.
    pub(crate) fn cookies(&self) -> Vec<String> {
        self.cookies.iter().map(|(_, value)| value.clone()).collect()
    }
}

/// The forms of a page that are sent by POST.
fn forms(page: &str, path: &str) -> Vec<Form> {
    page.split("<form")
        .skip(1)
        .map(|rest| {
            let form = rest.split("</form>").next().unwrap_or(rest);
            let head = form.split('>').next().unwrap_or_default();
            let fields = form
                .split('<')
                .filter(|tag| ["input", "textarea"].iter().any(|kind| tag.starts_with(kind)))
                .filter(|tag| {
                    !matches!(attribute(tag, "type").as_deref(), Some("checkbox" | "radio"))
                        || tag.contains(" checked")
                })
                .filter_map(|tag| {
                    Some((
                        attribute(tag, "name")?,
                        attribute(tag, "value").unwrap_or_default(),
                    ))
                })
                .collect();
            Form {
                action: attribute(head, "action").unwrap_or_else(|| path.to_owned()),
                fields,
            }
        })
        .collect()
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let tag = tag.split('>').next()?;
    let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    let value = tag[start..].split('"').next()?;
    Some(
        value
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&amp;", "&"),
    )
}

fn encoded(text: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_forms() {
        let page = r#"<form action="/a?x=1&amp;y=2" method="post"><input type="hidden" name="csrf" value="T">
            <label>Name <input type="text" name="name"></label><input type="checkbox" name="off" value="1"></form>
            <form><textarea name="b"></textarea></form>"#;
        let forms = forms(page, "/here");
        assert_eq!(forms[0].action, "/a?x=1&y=2");
        assert_eq!(
            forms[0].fields,
            [
                ("csrf".to_owned(), "T".to_owned()),
                ("name".to_owned(), String::new())
            ]
        );
        assert_eq!(forms[1].action, "/here");
        assert!(forms[1].has("b"));
        assert_eq!(encoded("a b&ä"), "a%20b%26%C3%A4");
    }
}
