//! What happens around every operation: who calls, may they, what they sent, and how the answer looks.

use crate::attachments::Upload;
use crate::auth;
use crate::body::{self, Body, Budget};
use crate::error::{self, ApiError};
use crate::params::Params;
use crate::table::{Access, NOWHERE, On, Operation};
use app::{Actor, Answer, App, Claim, Error};
use axum::RequestPartsExt as _;
use axum::body::Body as HttpBody;
use axum::extract::{RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use model::clock::DAY;
use model::{
    AutomationRunId, CaseId, ExploratoryId, FolderId, GroupId, MilestoneId, ProjectId, RoleId, RunId,
    SharedStepsId, SourceId, ThreadId, UserId,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use store::access::Target;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Where our own resources lie.
const OURS: &str = "/api/attest/";

/// Most characters of an `Idempotency-Key`.
const CLAIM_MAX: usize = 255;

/// Large bodies that are worked on at a time.
const PLACES: usize = 16;
/// How long a body waits for its turn: clients give up after 60 s (contract §1).
const PLACE_WAIT: Duration = Duration::from_secs(40);

/// What the API needs beside the use cases.
#[derive(Debug, Clone)]
pub struct Options {
    /// Folder for bodies that are too large for memory.
    pub spool: PathBuf,
}

/// Result of an operation.
pub(crate) type Outcome = Result<Reply, Error>;
/// An operation at work.
pub(crate) type Work = Pin<Box<dyn Future<Output = Outcome> + Send>>;

/// A successful answer.
pub(crate) enum Reply {
    /// Status and JSON text.
    Json(StatusCode, Vec<u8>),
    /// 204.
    Empty,
    /// A response of its own, such as the bytes of a file.
    Whole(Box<Response>),
    /// 200 with a file that is sent while it is made: media type, name, content.
    Stream {
        kind: &'static str,
        name: &'static str,
        body: HttpBody,
    },
}

impl Reply {
    /// 200 with a document.
    pub(crate) fn ok<T: Serialize>(document: &T) -> Outcome {
        Ok(Reply::Json(StatusCode::OK, error::to_json(document)))
    }

    /// 201 with a document that is not kept for a repetition.
    pub(crate) fn created<T: Serialize>(document: &T) -> Outcome {
        Ok(Reply::Json(StatusCode::CREATED, error::to_json(document)))
    }

    /// The answer to work that is done once.
    pub(crate) fn once<T>(answer: Answer<T>, render: fn(&T) -> (u16, String)) -> Outcome {
        let (status, body) = match answer {
            Answer::Fresh(made) => render(&made),
            Answer::Known(status, body) => (status, body),
        };
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
        Ok(if status == StatusCode::NO_CONTENT {
            Reply::Empty
        } else {
            Reply::Json(status, body.into_bytes())
        })
    }
}

/// 204, as the answer to work that returns nothing.
pub(crate) fn no_content(_: &()) -> (u16, String) {
    (204, String::new())
}

/// One call of an operation: everything that it may use.
pub(crate) struct Cx {
    pub(crate) app: App,
    pub(crate) actor: Actor,
    pub(crate) params: Params,
    ids: Vec<(&'static str, i64)>,
    /// The body; empty for GET.
    pub(crate) body: Body,
    /// The body of an operation that takes files; nothing of it was read yet.
    pub(crate) upload: Option<Upload>,
    claim: Option<(String, String)>,
    places: Arc<Semaphore>,
}

impl Cx {
    /// A call without a query and a body, where every id in the path is 1.
    #[cfg(test)]
    pub(crate) fn bare(app: App, actor: Actor) -> Cx {
        let names = On::ALL
            .map(On::parameter)
            .into_iter()
            .chain(NOWHERE.iter().copied());
        Cx {
            app,
            actor,
            params: Params::parse(""),
            ids: names.map(|name| (name, 1)).collect(),
            body: Body::empty(),
            upload: None,
            claim: None,
            places: Arc::new(Semaphore::new(PLACES)),
        }
    }

    /// A place for work on a large body, first come, first served. Parsed, a body takes several times the room of its
    /// bytes, so few are worked on at a time while the others wait. [`Error::Busy`] after [`PLACE_WAIT`].
    pub(crate) async fn place(&self) -> Result<OwnedSemaphorePermit, Error> {
        let place = Arc::clone(&self.places).acquire_owned();
        match tokio::time::timeout(PLACE_WAIT, place).await {
            Ok(Ok(place)) => Ok(place),
            Ok(Err(_)) | Err(_) => Err(Error::Busy),
        }
    }

    /// A number in the path by its name.
    pub(crate) fn number(&self, parameter: &str) -> Result<i64, Error> {
        self.ids
            .iter()
            .find(|(name, _)| *name == parameter)
            .map(|(_, id)| *id)
            .ok_or(Error::NotFound)
    }

    fn id(&self, on: On) -> Result<i64, Error> {
        self.number(on.parameter())
    }

    pub(crate) fn group(&self) -> Result<GroupId, Error> {
        self.number("group_id").map(GroupId)
    }

    pub(crate) fn role(&self) -> Result<RoleId, Error> {
        self.number("role_id").map(RoleId)
    }

    pub(crate) fn user(&self) -> Result<UserId, Error> {
        self.number("user_id").map(UserId)
    }

    pub(crate) fn project(&self) -> Result<ProjectId, Error> {
        self.id(On::Project).map(ProjectId)
    }

    pub(crate) fn folder(&self) -> Result<FolderId, Error> {
        self.id(On::Folder).map(FolderId)
    }

    pub(crate) fn case(&self) -> Result<CaseId, Error> {
        self.id(On::Case).map(CaseId)
    }

    pub(crate) fn milestone(&self) -> Result<MilestoneId, Error> {
        self.id(On::Milestone).map(MilestoneId)
    }

    pub(crate) fn shared_steps(&self) -> Result<SharedStepsId, Error> {
        self.id(On::SharedSteps).map(SharedStepsId)
    }

    pub(crate) fn manual_run(&self) -> Result<RunId, Error> {
        self.id(On::Run).map(RunId)
    }

    pub(crate) fn session(&self) -> Result<ExploratoryId, Error> {
        self.id(On::Session).map(ExploratoryId)
    }

    pub(crate) fn source(&self) -> Result<SourceId, Error> {
        self.id(On::Source).map(SourceId)
    }

    pub(crate) fn run(&self) -> Result<AutomationRunId, Error> {
        self.id(On::AutomationRun).map(AutomationRunId)
    }

    pub(crate) fn thread(&self) -> Result<ThreadId, Error> {
        self.id(On::Thread).map(ThreadId)
    }

    /// The body as a document; an empty body counts as `{}`.
    pub(crate) fn json<T: DeserializeOwned + Send + 'static>(&self) -> Result<T, Error> {
        self.body.json()
    }

    /// The claim of a request with an `Idempotency-Key`.
    pub(crate) fn claim(&self) -> Result<Option<Claim>, Error> {
        self.claim_of(|| self.body.sha256())
    }

    /// The same, with a hash of what makes two requests the same.
    pub(crate) fn claim_of(
        &self,
        hash: impl FnOnce() -> Result<Vec<u8>, Error>,
    ) -> Result<Option<Claim>, Error> {
        let Some((key, route)) = &self.claim else {
            return Ok(None);
        };
        let body_hash = hash()?;
        Ok(Some(Claim {
            user: self.actor.user.id,
            key: key.clone(),
            route: route.clone(),
            body_hash,
        }))
    }
}

/// The API at work.
pub(crate) struct Service {
    app: App,
    options: Options,
    budget: Budget,
    places: Arc<Semaphore>,
}

impl Service {
    pub(crate) fn new(app: App, options: Options) -> Service {
        Service {
            app,
            options,
            budget: Budget::new(),
            places: Arc::new(Semaphore::new(PLACES)),
        }
    }

    /// Answers one request: authenticate, check rights, only then read the body, work.
    pub(crate) async fn answer(&self, operation: &Operation, request: Request) -> Response {
        let (mut parts, body) = request.into_parts();
        let caller = if operation.path.starts_with(OURS) {
            auth::authenticate_ours(&self.app, &parts).await
        } else {
            auth::authenticate(&self.app, &parts).await
        };
        let actor = match caller {
            Ok(actor) => actor,
            Err(error) => return ApiError::new(error, &parts).into_response(),
        };
        let expires_in = actor
            .key_expires_at
            .map(|at| at.since(self.app.now()))
            .filter(|left| *left < 7 * DAY);
        let mut response = match self.work(operation, actor, &mut parts, body).await {
            Ok(Reply::Json(status, json)) => error::json(status, json),
            Ok(Reply::Empty) => {
                let mut empty = Response::new(HttpBody::empty());
                *empty.status_mut() = StatusCode::NO_CONTENT;
                empty
            }
            Ok(Reply::Whole(response)) => *response,
            Ok(Reply::Stream { kind, name, body }) => file(kind, name, body),
            Err(error) => ApiError::new(error, &parts).into_response(),
        };
        if let Some(left) = expires_in {
            // Seen in the logs of CI jobs before the key ends.
            let days =
                HeaderValue::from_str(&format!("{}d", left / DAY)).unwrap_or(HeaderValue::from_static("0d"));
            response.headers_mut().insert("x-key-expires-in", days);
        }
        response
    }

    async fn work(&self, operation: &Operation, actor: Actor, parts: &mut Parts, body: HttpBody) -> Outcome {
        let ids = ids(operation, parts).await?;
        let needed = match operation.access {
            Access::Key => None,
            Access::Admin => {
                self.app.check_admin(&actor).await?;
                None
            }
            Access::Keys => {
                app::keys::managed::check(&self.app, &actor).await?;
                None
            }
            Access::ApiUsers => {
                app::api_users::check(&self.app, &actor).await?;
                None
            }
            Access::Right(right, on) => Some((right, None, on)),
            Access::Either(right, others, on) => Some((right, Some(others), on)),
        };
        if let Some((right, others, on)) = needed {
            let id = ids
                .iter()
                .find(|(name, _)| *name == on.parameter())
                .map(|(_, id)| *id)
                .ok_or(Error::NotFound)?;
            self.app.check(&actor, target(on, id), right, others).await?;
        }
        let claim = claim(operation, parts)?;
        let params = Params::parse(parts.uri.query().unwrap_or_default());
        let (body, upload) = if operation.takes_files {
            if content_length(parts).is_some_and(|n| n > operation.body_limit) {
                return Err(Error::TooLarge(operation.body_limit));
            }
            (HttpBody::empty(), Some(Upload::new(parts, body)))
        } else {
            (body, None)
        };
        let body = match operation.method {
            &Method::GET => Body::empty(),
            _ if operation.takes_files => Body::empty(),
            _ => {
                body::receive(
                    parts,
                    body,
                    operation.body_limit,
                    &self.budget,
                    &self.options.spool,
                )
                .await?
            }
        };
        (operation.work)(Cx {
            app: self.app.clone(),
            actor,
            params,
            ids,
            body,
            upload,
            claim,
            places: Arc::clone(&self.places),
        })
        .await
    }
}

/// A file to be kept, not shown.
fn file(kind: &'static str, name: &'static str, body: HttpBody) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    response
}

fn target(on: On, id: i64) -> Target {
    match on {
        On::Project => Target::Project(ProjectId(id)),
        On::Folder => Target::Folder(FolderId(id)),
        On::Case => Target::Case(CaseId(id)),
        On::Milestone => Target::Milestone(MilestoneId(id)),
        On::SharedSteps => Target::SharedSteps(SharedStepsId(id)),
        On::Run => Target::Run(RunId(id)),
        On::Session => Target::Exploratory(ExploratoryId(id)),
        On::Source => Target::Source(SourceId(id)),
        On::AutomationRun => Target::AutomationRun(AutomationRunId(id)),
        On::Thread => Target::Thread(ThreadId(id)),
    }
}

/// The ids in the path. What is no positive number can't exist.
async fn ids(operation: &Operation, parts: &mut Parts) -> Result<Vec<(&'static str, i64)>, Error> {
    if !operation.path.contains('{') {
        return Ok(Vec::new());
    }
    let raw = parts
        .extract::<RawPathParams>()
        .await
        .map_err(|_| Error::NotFound)?;
    let known = || {
        On::ALL
            .map(On::parameter)
            .into_iter()
            .chain(NOWHERE.iter().copied())
    };
    raw.iter()
        .map(|(name, value)| {
            let name = known().find(|k| *k == name).ok_or(Error::NotFound)?;
            let id = value.parse().ok().filter(|id| *id > 0).ok_or(Error::NotFound)?;
            Ok((name, id))
        })
        .collect()
}

fn claim(operation: &Operation, parts: &Parts) -> Result<Option<(String, String)>, Error> {
    let Some(value) = parts
        .headers
        .get("idempotency-key")
        .filter(|_| *operation.method == Method::POST)
    else {
        return Ok(None);
    };
    let key = value.to_str().unwrap_or_default();
    if key.is_empty() || key.len() > CLAIM_MAX {
        let text = format!("An Idempotency-Key has 1 to {CLAIM_MAX} visible ASCII characters.");
        return Err(Error::field("Idempotency-Key", text));
    }
    Ok(Some((
        key.to_owned(),
        format!("{} {}", operation.method, parts.uri.path()),
    )))
}

/// The length that a request announces.
pub(crate) fn content_length(parts: &Parts) -> Option<u64> {
    parts
        .headers
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}
