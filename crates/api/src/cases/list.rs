//! Lists of cases.

use super::row::{LinkRow, Row};
use crate::context::{Cx, Outcome, Reply};
use crate::envelope::{Named, Only, PageOf};
use app::Error;
use app::automation::{self, Needs};
use app::cases::{self, CasePage, With};
use model::{CaseId, Timestamp};
use serde::Serialize;
use store::case::version::{Change, Version};
use store::case::{Case, Filter, Links, Sort};

const EXPANDS: &[&str] = &[
    "templates",
    "folders",
    "users",
    "automation_links",
    "tags",
    "history",
    "comments",
];

/// Largest page of names.
const NAMES_MAX: i64 = 1000;

/// A row of a list. Ids of what an expand shows are there only with that expand (contract §1.3).
#[derive(Serialize)]
struct ListRow<'a> {
    #[serde(flatten)]
    row: Row<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    automation_links: Option<Vec<i64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<Vec<i64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    history: Option<Vec<i64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comments: Option<Vec<i64>>,
}

#[derive(Serialize)]
struct TemplateRow<'a> {
    id: i64,
    name: &'a str,
    is_default: bool,
}

#[derive(Serialize)]
struct HistoryRow<'a> {
    id: i64,
    case_id: i64,
    version: i64,
    created_at: Timestamp,
    created_by: Option<i64>,
    changes: Vec<ChangeRow<'a>>,
}

/// One change. `type`: 1 set, 2 changed, 3 removed.
#[derive(Serialize)]
pub(super) struct ChangeRow<'a> {
    id: i64,
    #[serde(rename = "type")]
    kind: i64,
    #[serde(flatten)]
    change: &'a Change,
}

#[derive(Serialize)]
struct CommentRow {
    id: i64,
    created_at: Timestamp,
    created_by: Option<i64>,
}

#[derive(Serialize, Default)]
struct Expands<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    templates: Option<Vec<TemplateRow<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    folders: Option<Vec<Named>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    users: Option<Vec<Named>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    automation_links: Option<Vec<LinkRow<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<Vec<Named>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    history: Option<Vec<HistoryRow<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comments: Option<Vec<CommentRow>>,
}

fn sorts() -> [(&'static str, Sort); 15] {
    [
        ("repository_cases:created_at", Sort::CreatedAt),
        ("repository_cases:created_by", Sort::CreatedBy),
        ("repository_cases:display_order", Sort::DisplayOrder),
        ("repository_cases:estimate", Sort::Estimate),
        ("repository_cases:folder_id", Sort::Folder),
        ("repository_cases:forecast", Sort::Forecast),
        ("repository_cases:has_automation", Sort::HasAutomation),
        ("repository_cases:id", Sort::Id),
        ("repository_cases:name", Sort::Name),
        ("repository_cases:state_id", Sort::State),
        ("repository_cases:status_at", Sort::StatusAt),
        ("repository_cases:status_id", Sort::Status),
        ("repository_cases:template_id", Sort::Template),
        ("repository_cases:updated_at", Sort::UpdatedAt),
        ("repository_cases:updated_by", Sort::UpdatedBy),
    ]
}

fn filter(cx: &Cx) -> Filter {
    let p = &cx.params;
    Filter {
        folder_ids: p.ids("folder_id"),
        template_ids: p.ids("template_id"),
        state_ids: p.ids("state_id"),
        status_ids: p.ids("status_id"),
        created_by: p.ids("created_by"),
        updated_by: p.ids("updated_by"),
        tags: p.texts("tags"),
        created_after: p.instant("created_after"),
        created_before: p.instant("created_before"),
        has_automation: p.bool("has_automation"),
        has_automation_status: p.bool("has_automation_status"),
        name: p.text("name"),
        search: p.text("search"),
        sort: p.sort(&sorts()).unwrap_or_default(),
        ascending: p.ascending(false),
    }
}

/// The cases of a project.
pub(crate) async fn page(cx: Cx) -> Outcome {
    let wanted = cx.params.expands(EXPANDS);
    let filter = filter(&cx);
    let request = cx.params.page();
    cx.params.check()?;
    let with = With {
        links: wanted.has("tags") || wanted.has("automation_links"),
        history: wanted.has("history"),
        comments: wanted.has("comments"),
    };
    let found = cases::page(&cx.app, &cx.actor, cx.project()?, &filter, request, with).await?;
    let mut needs = Needs::default();
    if wanted.has("users") {
        needs.users = users(&found);
    }
    if wanted.has("folders") {
        needs.folders = found
            .page
            .rows
            .iter()
            .filter_map(|c| c.values.folder_id)
            .collect();
    }
    let names = automation::names(&cx.app, &cx.actor, &needs).await?;
    let expands = Expands {
        templates: wanted.has("templates").then(|| templates(&found)),
        folders: wanted.has("folders").then(|| {
            let named = names.folders.into_iter();
            named.map(|(id, name)| Named { id: id.0, name }).collect()
        }),
        users: wanted.has("users").then(|| {
            let named = names.users.into_iter();
            named.map(|(id, name)| Named { id: id.0, name }).collect()
        }),
        automation_links: wanted.has("automation_links").then(|| automation_links(&found)),
        tags: wanted.has("tags").then(|| tags(&found)),
        history: wanted
            .has("history")
            .then(|| found.history.iter().map(history).collect()),
        comments: wanted.has("comments").then(|| comments(&found)),
    };
    let none = Links::default();
    let rows = found.page.rows.iter().map(|case| {
        let links = found.links.get(&case.id).unwrap_or(&none);
        let tests = || links.automation.iter().map(|a| a.id.0).collect();
        ListRow {
            row: Row::new(case, &found.schema),
            automation_links: wanted.has("automation_links").then(tests),
            tags: wanted
                .has("tags")
                .then(|| links.tags.iter().map(|(id, _)| id.0).collect()),
            history: wanted.has("history").then(|| versions_of(&found, case.id)),
            comments: wanted.has("comments").then(|| comments_of(&found, case.id)),
        }
    });
    let page = model::page::Page {
        request: found.page.request,
        total: found.page.total,
        rows: rows.collect(),
    };
    Reply::ok(&PageOf::new(page, expands))
}

fn users(found: &CasePage) -> Vec<model::UserId> {
    let of_case = |c: &Case| [c.created_by, c.updated_by];
    let rows = found.page.rows.iter().flat_map(of_case);
    let history = found.history.iter().map(|v| v.created_by);
    let comments = found.comments.iter().map(|m| m.created_by);
    rows.chain(history).chain(comments).flatten().collect()
}

/// The templates that the rows have.
fn templates(found: &CasePage) -> Vec<TemplateRow<'_>> {
    let used = |id| found.page.rows.iter().any(|c| c.values.template_id == id);
    let templates = found.schema.templates.iter().filter(|t| used(t.id));
    templates
        .map(|t| TemplateRow {
            id: t.id.0,
            name: &t.name,
            is_default: t.is_default,
        })
        .collect()
}

fn automation_links(found: &CasePage) -> Vec<LinkRow<'_>> {
    let all = found.links.values().flat_map(|l| &l.automation);
    let mut links: Vec<LinkRow<'_>> = all.map(LinkRow::new).collect();
    links.sort_unstable_by_key(|l| l.automation_case_id);
    links.dedup_by_key(|l| l.automation_case_id);
    links
}

fn tags(found: &CasePage) -> Vec<Named> {
    let mut tags: Vec<_> = found.links.values().flat_map(|l| l.tags.clone()).collect();
    tags.sort_unstable();
    tags.dedup();
    tags.into_iter()
        .map(|(id, name)| Named { id: id.0, name })
        .collect()
}

fn history(version: &Version) -> HistoryRow<'_> {
    HistoryRow {
        id: version.id,
        case_id: version.case_id.0,
        version: version.number,
        created_at: version.created_at,
        created_by: version.created_by.map(|u| u.0),
        changes: changes(&version.changes),
    }
}

/// Changes, numbered from 1 in their version.
pub(super) fn changes(all: &[Change]) -> Vec<ChangeRow<'_>> {
    let row = |(change, id): (_, i64)| ChangeRow::new(change, id);
    all.iter().zip(1..).map(row).collect()
}

impl<'a> ChangeRow<'a> {
    fn new(change: &'a Change, id: i64) -> ChangeRow<'a> {
        let kind = match (change.before.is_null(), change.after.is_null()) {
            (true, _) => 1,
            (false, false) => 2,
            (false, true) => 3,
        };
        ChangeRow { id, kind, change }
    }
}

fn comments(found: &CasePage) -> Vec<CommentRow> {
    let row = |m: &store::case::comment::Comment| CommentRow {
        id: m.id.0,
        created_at: m.created_at,
        created_by: m.created_by.map(|u| u.0),
    };
    found.comments.iter().map(row).collect()
}

fn versions_of(found: &CasePage, id: CaseId) -> Vec<i64> {
    let of = found.history.iter().filter(|v| v.case_id == id);
    of.map(|v| v.id).collect()
}

fn comments_of(found: &CasePage, id: CaseId) -> Vec<i64> {
    let of = found.comments.iter().filter(|m| m.case_id == id);
    of.map(|m| m.id.0).collect()
}

#[derive(Serialize)]
struct NameRow {
    id: i64,
    name: String,
    folder_id: i64,
}

/// Names of the cases of a project, for tools that keep them all.
pub(crate) async fn names(cx: Cx) -> Outcome {
    let filter = filter(&cx);
    let request = cx.params.page_of(|n| (1..=NAMES_MAX).contains(&n), "1 to 1000");
    cx.params.check()?;
    let page = cases::names(&cx.app, &cx.actor, cx.project()?, &filter, request).await?;
    let (request, total) = (page.request, page.total);
    let row = |(id, name, folder_id)| NameRow { id, name, folder_id };
    let rows = page.rows.into_iter().map(row).collect();
    Reply::ok(&PageOf::bare(model::page::Page { request, total, rows }))
}

#[derive(Serialize)]
struct HitRow {
    id: i64,
    key: i64,
    name: String,
    folder_id: i64,
}

/// The best cases for what somebody types.
pub(crate) async fn suggest(cx: Cx) -> Outcome {
    let text = cx.params.text("q");
    cx.params.check()?;
    let text = text.ok_or_else(|| {
        Error::field(
            "q",
            "Give what to search for in q: words, or the number of a case.",
        )
    })?;
    let hits = cases::suggest(&cx.app, &cx.actor, cx.project()?, &text).await?;
    let rows: Vec<HitRow> = hits
        .into_iter()
        .map(|h| HitRow {
            id: h.id.0,
            key: h.number,
            name: h.name,
            folder_id: h.folder_id,
        })
        .collect();
    Reply::ok(&Only { result: rows })
}
