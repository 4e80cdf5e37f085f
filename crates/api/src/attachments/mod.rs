//! Uploaded files (contract §2.8), of cases and, as our addition, of results, automation runs and their tests.
//!
//! One set of functions serves all: what a file belongs to is what the path names.

mod upload;

pub(crate) use upload::{UPLOAD, Upload, Wanted};

use crate::context::{Cx, Outcome, Reply};
use crate::envelope::{Named, PageOf, RowOf};
use crate::wire::ids;
use app::attachments::{self, Added};
use app::automation::{Needs, names};
use app::{Claim, Error};
use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use model::file::{self, Disposition};
use model::{AttachmentId, AutomationTestId, ResultId, Timestamp};
use serde::{Deserialize, Serialize};
use store::attachment::{Attachment, Filter, Owner};

#[derive(Deserialize)]
struct IdsIn {
    #[serde(default, deserialize_with = "ids")]
    ids: Vec<i64>,
}

#[derive(Serialize)]
struct Row<'a> {
    id: i64,
    name: &'a str,
    note: Option<&'a str>,
    mime_type: &'a str,
    size: i64,
    created_at: Timestamp,
    created_by: Option<i64>,
    path: String,
    path_thumbnail: Option<String>,
    path_preview: Option<String>,
}

#[derive(Serialize, Default)]
struct Expands {
    #[serde(skip_serializing_if = "Option::is_none")]
    users: Option<Vec<Named>>,
}

/// Where the bytes of a file are read.
fn path(owner: Owner, id: AttachmentId) -> String {
    let of = match owner {
        Owner::Case(case) => format!("cases/{}", case.0),
        Owner::Result(run, result) => format!("runs/{}/results/{}", run.0, result.0),
        Owner::AutomationRun(run) => format!("automation/runs/{}", run.0),
        Owner::AutomationTest(run, test) => format!("automation/runs/{}/tests/{}", run.0, test.0),
    };
    format!("/api/attest/v1/{of}/attachments/{}", id.0)
}

fn row(owner: Owner, a: &Attachment) -> Row<'_> {
    Row {
        id: a.id.0,
        name: &a.file.name,
        note: a.file.note.as_deref(),
        mime_type: &a.file.media_type,
        size: a.file.size,
        created_at: a.created_at,
        created_by: a.created_by.map(|u| u.0),
        path: path(owner, a.id),
        path_thumbnail: None,
        path_preview: None,
    }
}

/// What the path names.
fn owner(cx: &Cx) -> Result<Owner, Error> {
    if let Ok(case) = cx.case() {
        return Ok(Owner::Case(case));
    }
    if let Ok(result) = cx.number("result_id") {
        return Ok(Owner::Result(cx.manual_run()?, ResultId(result)));
    }
    let run = cx.run()?;
    Ok(match cx.number("automation_test_id") {
        Ok(test) => Owner::AutomationTest(run, AutomationTestId(test)),
        Err(_) => Owner::AutomationRun(run),
    })
}

fn added(made: &Added) -> (u16, String) {
    let answer = RowOf {
        result: made.files.iter().map(|a| row(made.owner, a)).collect::<Vec<_>>(),
        expands: Expands::default(),
    };
    (201, serde_json::to_string(&answer).unwrap_or_default())
}

async fn add(mut cx: Cx, wanted: Wanted) -> Outcome {
    let owner = owner(&cx)?;
    attachments::may_add(&cx.app, &cx.actor, owner).await?;
    let upload = cx.upload.take().ok_or(Error::NotFound)?;
    let arrived = upload.receive(&cx.app, wanted).await?;
    let claim: Option<Claim> = cx.claim_of(|| Ok(upload::hash(&arrived)))?;
    let kept = attachments::keep(&cx.app, arrived).await?;
    let made = attachments::add(&cx.app, &cx.actor, owner, kept, claim, added).await?;
    Reply::once(made, added)
}

/// Adds one file.
pub(crate) async fn one(cx: Cx) -> Outcome {
    add(cx, Wanted::One).await
}

/// Adds files.
pub(crate) async fn many(cx: Cx) -> Outcome {
    add(cx, Wanted::Many).await
}

/// A page of files.
pub(crate) async fn page(cx: Cx) -> Outcome {
    let (owner, request) = (owner(&cx)?, cx.params.page());
    let filter = Filter {
        created_by: cx.params.ids("created_by"),
        ascending: cx.params.ascending(false),
    };
    let wanted = cx.params.expands(&["users"]);
    cx.params.check()?;
    let found = attachments::page(&cx.app, &cx.actor, owner, &filter, request).await?;
    let mut expands = Expands::default();
    if wanted.has("users") {
        let needs = Needs {
            users: found.rows.iter().filter_map(|a| a.created_by).collect(),
            ..Needs::default()
        };
        let named = names(&cx.app, &cx.actor, &needs).await?.users.into_iter();
        expands.users = Some(named.map(|(id, name)| Named { id: id.0, name }).collect());
    }
    let page = model::page::Page {
        request: found.request,
        total: found.total,
        rows: found.rows.iter().map(|a| row(owner, a)).collect(),
    };
    Reply::ok(&PageOf::new(page, expands))
}

/// Deletes files.
pub(crate) async fn delete(cx: Cx) -> Outcome {
    let owner = owner(&cx)?;
    let body: IdsIn = cx.json()?;
    let ids = body.ids.into_iter().map(AttachmentId).collect();
    attachments::delete(&cx.app, &cx.actor, owner, ids).await?;
    Ok(Reply::Empty)
}

/// The bytes of a file. They are always saved, never shown, and nothing in them may run (`security.md` A6).
pub(crate) async fn download(cx: Cx) -> Outcome {
    let id = cx.number("attachment_id").map(AttachmentId)?;
    let (found, pieces) = attachments::open(&cx.app, &cx.actor, owner(&cx)?, id).await?;
    let disposition = file::content_disposition(Disposition::Attachment, &found.file.name);
    let mut response = Response::new(Body::from_stream(pieces));
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, file::served_type(&found.file.media_type)),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'; sandbox",
        ),
        (header::CACHE_CONTROL, "private"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(
        "cross-origin-resource-policy",
        HeaderValue::from_static("same-origin"),
    );
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(found.file.size));
    // The value is visible ASCII; the plain word also saves the file.
    let plain = HeaderValue::from_static("attachment");
    let value = HeaderValue::from_str(&disposition).unwrap_or(plain);
    headers.insert(header::CONTENT_DISPOSITION, value);
    Ok(Reply::Whole(Box::new(response)))
}
