//! Answers of the whole router, as a browser asks: with cookies, forms and redirects.

mod admin_keys;
mod api_users;
mod bulk;
mod data_sets;
mod guard;
mod headers;
mod inbox;
mod keys;
mod lists;
mod manual;
mod overview;
mod people;
mod projects;
mod repository;
mod retention;
mod review;
mod runs;
mod search;
mod shared_steps;
mod steps;
mod views;

use app::setup::Owner;
use axum::body::Body;
use axum::{Router, response::Response};
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use model::net::{ClientIp, Https, Peer};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use testkit::app::TestApp;
use tower::ServiceExt as _;

pub(crate) const EMAIL: &str = "mara@demo.example";
pub(crate) const PASSWORD: &str = "plover breakfast 88 tangent";

/// An instance and what its pages answer.
pub(crate) struct Site {
    pub(crate) test: TestApp,
    router: Router,
}

/// An answer as tests look at it.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) html: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default()
    }

    pub(crate) fn cookies(&self) -> Vec<&str> {
        self.headers
            .get_all(header::SET_COOKIE)
            .iter()
            .map(|v| v.to_str().unwrap())
            .collect()
    }

    /// A page with this status.
    pub(crate) fn is(&self, status: u16) -> &Answer {
        assert_eq!(self.status, status, "{}", self.html);
        self
    }

    /// The way to another page.
    pub(crate) fn leads_to(&self, path: &str) {
        self.is(303);
        assert_eq!(self.header("location"), path);
    }

    pub(crate) fn has(&self, text: &str) -> &Answer {
        assert!(self.html.contains(text), "{text} is missing in: {}", self.html);
        self
    }

    pub(crate) fn lacks(&self, text: &str) -> &Answer {
        assert!(!self.html.contains(text), "{text} is in: {}", self.html);
        self
    }
}

impl Site {
    /// An instance with nobody in it.
    pub(crate) async fn empty() -> Site {
        let test = TestApp::new().await;
        let router = web::router(test.app.clone());
        Site { test, router }
    }

    /// An instance with a site admin.
    pub(crate) async fn new() -> Site {
        let site = Site::empty().await;
        let owner = Owner {
            name: "Mara Demo".to_owned(),
            email: EMAIL.to_owned(),
            password: PASSWORD.to_owned(),
        };
        app::setup::init(&site.test.app, &owner).await.unwrap();
        site
    }

    /// Runs statements one after the other.
    pub(crate) async fn sql(&self, all: &'static [&'static str]) {
        let run = |tx: &mut store::Tx<'_>| {
            all.iter()
                .try_for_each(|sql| tx.execute(sql, store::args![]).map(drop))
        };
        self.test.db().write(run).await.unwrap();
    }

    pub(crate) fn browser(&self) -> Browser<'_> {
        Browser {
            site: self,
            is_https: false,
            cookies: RefCell::default(),
            agent: "Firefox/140.0",
        }
    }

    /// A browser in which the site admin has signed in.
    pub(crate) async fn signed_in(&self) -> Browser<'_> {
        let browser = self.browser();
        browser.sign_in().await.leads_to("/projects");
        browser
    }

    /// Another person, without rights of an administrator, with the same password.
    pub(crate) async fn person(&self, name: &'static str) -> Browser<'_> {
        let admin = self
            .test
            .db()
            .read(|tx| store::user::login_by_email(tx, EMAIL))
            .await
            .unwrap()
            .unwrap();
        let id = self
            .test
            .user(name, "Tester", testkit::app::UserKind::Person)
            .await;
        let hash = admin.password_hash.unwrap();
        self.test
            .db()
            .write(move |tx| store::user::set_password(tx, id, &hash, testkit::app::BEGINNING))
            .await
            .unwrap();
        let browser = self.browser();
        let form = [
            ("email", format!("{name}@demo.example")),
            ("password", PASSWORD.to_owned()),
        ];
        let form: Vec<(&str, &str)> = form.iter().map(|(n, v)| (*n, v.as_str())).collect();
        browser.post("/login", &form).await.leads_to("/projects");
        browser
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response: Response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            html: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }
}

/// A browser with its cookies.
pub(crate) struct Browser<'s> {
    site: &'s Site,
    pub(crate) is_https: bool,
    cookies: RefCell<BTreeMap<String, String>>,
    pub(crate) agent: &'static str,
}

impl Browser<'_> {
    pub(crate) async fn sign_in(&self) -> Answer {
        self.post("/login", &[("email", EMAIL), ("password", PASSWORD)])
            .await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, &[], Body::empty()).await
    }

    /// What script asks for, to be swapped into the element `target`.
    pub(crate) async fn fragment(&self, path: &str, target: &str) -> Answer {
        self.ask(
            Method::GET,
            path,
            &[("hx-request", "true"), ("hx-target", target)],
            Body::empty(),
        )
        .await
    }

    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        let headers = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("sec-fetch-site", "same-origin"),
        ];
        self.ask(Method::POST, path, &headers, Body::from(body)).await
    }

    pub(crate) async fn ask(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Body,
    ) -> Answer {
        let cookies: Vec<String> = self
            .cookies
            .borrow()
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "127.0.0.1:8080")
            .header("user-agent", self.agent)
            .header("accept-encoding", "identity")
            .extension(Https(self.is_https))
            .extension(ClientIp(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7))))
            .extension(Peer {
                addr: "192.0.2.7:4711".parse().unwrap(),
                tls: self.is_https,
                listener: "127.0.0.1:8080".parse().unwrap(),
            });
        if !cookies.is_empty() {
            request = request.header("cookie", cookies.join("; "));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = self.site.send(request.body(body).unwrap()).await;
        for cookie in answer.cookies() {
            let (name, rest) = cookie.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if cookie.contains("Max-Age=0") {
                self.cookies.borrow_mut().remove(name);
            } else {
                self.cookies
                    .borrow_mut()
                    .insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.borrow().get(name).cloned()
    }

    pub(crate) fn set_cookie(&self, name: &str, value: &str) {
        self.cookies
            .borrow_mut()
            .insert(name.to_owned(), value.to_owned());
    }
}
