//! Who visits a page, and how they like it: session and theme from cookies.

use crate::respond;
use crate::ui::shell::Theme;
use crate::ui::{Frame, ProjectNav, Viewer, When, hx};
use app::{Actor, App, Error, Request};
use axum::extract::FromRequestParts;
use axum::response::Response;
use http::header;
use http::request::Parts;
use http::uri::Authority;
use model::ProjectId;
use model::net::{ClientIp, ConnectionAuth, Https, RequestId};
use model::page::PageRequest;
use std::sync::Arc;

/// The cookie of a browser that signed in before, over http and over https.
const DEVICE: &str = "att_device";
const DEVICE_HTTPS: &str = "__Host-att_device";
/// The cookie of the theme. Script writes it too (`assets/src/el/theme.ts`).
const THEME: &str = "att_theme";
/// So long a browser is known, and keeps its theme, in seconds.
const YEAR_S: i64 = 365 * 24 * 3600;
/// Projects in the menu of the sidebar.
const MENU: i64 = 15;

/// A visitor, signed in or not.
pub(crate) struct Visit {
    pub(crate) app: App,
    pub(crate) frame: Frame,
    pub(crate) actor: Option<Actor>,
    pub(crate) request: Request,
    pub(crate) is_https: bool,
    pub(crate) host: String,
    pub(crate) device: Option<String>,
    pub(crate) headers: http::HeaderMap,
}

impl Visit {
    /// The address of the instance: the public URL, else what the browser asked for.
    pub(crate) fn address(&self) -> String {
        match self.app.public_url() {
            Some(url) => url.to_string(),
            None => format!("{}://{}", if self.is_https { "https" } else { "http" }, self.host),
        }
    }

    /// `Set-Cookie` of a session.
    pub(crate) fn session_cookie(&self, value: &str, max_age_s: Option<i64>) -> String {
        let name = app::login::session_cookie(self.is_https);
        self.cookie(name, value, max_age_s)
    }

    /// `Set-Cookie` of a browser that signed in.
    pub(crate) fn device_cookie(&self, value: &str) -> String {
        let name = if self.is_https { DEVICE_HTTPS } else { DEVICE };
        self.cookie(name, value, Some(YEAR_S))
    }

    /// `Set-Cookie` of a theme; none lets the system decide again.
    pub(crate) fn theme_cookie(theme: Option<&str>) -> String {
        let age = if theme.is_some() { YEAR_S } else { 0 };
        format!(
            "{THEME}={}; Path=/; SameSite=Lax; Max-Age={age}",
            theme.unwrap_or_default()
        )
    }

    /// `Set-Cookie` that script can't read.
    fn cookie(&self, name: &str, value: &str, max_age_s: Option<i64>) -> String {
        let age = max_age_s.map(|s| format!("; Max-Age={s}")).unwrap_or_default();
        let secure = if self.is_https { "; Secure" } else { "" };
        format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}")
    }

    /// Whoever signed in; [`Signed`] made sure that there is somebody.
    pub(crate) fn actor(&self) -> Result<&Actor, Error> {
        self.actor.as_ref().ok_or(Error::NotFound)
    }

    /// What the sidebar shows of a project.
    pub(crate) async fn project(
        &self,
        id: ProjectId,
    ) -> Result<(store::project::Project, ProjectNav), Error> {
        let actor = self.actor()?;
        let project = app::projects::get(&self.app, actor, id).await?;
        let request = PageRequest {
            page: 1,
            per_page: MENU,
        };
        let menu = app::projects::page(&self.app, actor, &store::project::Filter::default(), request).await?;
        let menu = menu.rows.into_iter().map(|p| (p.id, p.name)).collect();
        let nav = ProjectNav {
            id,
            name: project.name.clone(),
            menu,
        };
        Ok((project, nav))
    }
}

impl FromRequestParts<App> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Visit, Response> {
        let is_https = parts.extensions.get::<Https>().is_some_and(|https| https.0);
        let request = origin(parts);
        let session = cookie(parts, app::login::session_cookie(is_https));
        let (actor, failure) = match session {
            None => (None, None),
            Some(value) => match app::login::authenticate(app, &value, &request).await {
                Ok(actor) => (Some(actor), None),
                Err(Error::Unauthenticated(_)) => (None, None),
                Err(error) => (None, Some(error)),
            },
        };
        if let (Some(_), Some(connection)) = (&actor, parts.extensions.get::<ConnectionAuth>()) {
            connection.mark();
        }
        let zone = actor.as_ref().and_then(|a| a.user.timezone.clone());
        let path = parts
            .uri
            .path_and_query()
            .map_or_else(|| "/".to_owned(), ToString::to_string);
        let viewer = actor.as_ref().map(|a| Viewer {
            id: a.user.id,
            name: a.user.name.clone(),
            email: a.user.email.clone(),
            is_admin: a.is_admin(),
        });
        let is_page = parts.method == http::Method::GET && !hx::is_fragment(&parts.headers);
        let (unread, failure) = match actor.as_ref().filter(|_| is_page) {
            Some(actor) => match app::notifications::unread(app, actor).await {
                Ok(unread) => (unread, failure),
                Err(error) => (0, Some(error)),
            },
            None => (0, failure),
        };
        let frame = Frame {
            theme: Theme::from_name(&cookie(parts, THEME).unwrap_or_default()),
            path,
            when: When::new(app.now(), zone.as_deref()),
            viewer,
            unread,
        };
        if let Some(error) = failure {
            return Err(respond::problem(&frame, &error, request.request_id.as_deref()));
        }
        let host = parts.headers.get(header::HOST).and_then(|h| h.to_str().ok());
        let host = host.or_else(|| parts.uri.authority().map(Authority::as_str));
        let host = host.filter(|h| is_host(h)).unwrap_or("localhost").to_owned();
        let device = cookie(parts, if is_https { DEVICE_HTTPS } else { DEVICE });
        Ok(Visit {
            app: app.clone(),
            frame,
            actor,
            request,
            is_https,
            host,
            device,
            headers: parts.headers.clone(),
        })
    }
}

/// A visitor who is signed in. Everybody else is sent to the sign-in page and comes back afterwards.
pub(crate) struct Signed(pub(crate) Visit);

impl FromRequestParts<App> for Signed {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Signed, Response> {
        let visit = Visit::from_request_parts(parts, app).await?;
        if visit.actor.is_some() {
            return Ok(Signed(visit));
        }
        let is_get = parts.method == http::Method::GET;
        let next = if is_get {
            visit.frame.path.as_str()
        } else {
            "/projects"
        };
        Err(respond::to_login(&visit.headers, next))
    }
}

/// A host with or without a port, and nothing else: it becomes part of the addresses that pages show.
fn is_host(text: &str) -> bool {
    text.parse::<Authority>().is_ok() && !text.contains('@')
}

/// The value of a cookie.
fn cookie(parts: &Parts, name: &str) -> Option<String> {
    let values = parts
        .headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok());
    let mut pairs = values
        .flat_map(|v| v.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(n, _)| *n == name).map(|(_, value)| value.to_owned())
}

/// Where a request comes from, for the audit log.
fn origin(parts: &Parts) -> Request {
    Request {
        ip: parts.extensions.get::<ClientIp>().map(|ip| ip.0),
        request_id: parts.extensions.get::<RequestId>().map(|id| Arc::clone(&id.0)),
        agent: parts
            .headers
            .get(header::USER_AGENT)
            .and_then(|a| a.to_str().ok())
            .map(Arc::from),
    }
}
