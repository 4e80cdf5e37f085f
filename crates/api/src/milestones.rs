//! Milestones (contract §2.6, §9).

use crate::context::{Cx, Outcome, Reply};
use crate::envelope::{Counters, Named, Only, PageOf, RowOf};
use crate::issues::{self, IssueIn, IssueRow, expanded};
use crate::wire::{Object, Whole, nullable};
use app::Error;
use app::automation::{self, Needs};
use app::milestones::{self, Change};
use model::automation::Link;
use model::status::{Counts, Status, Statuses};
use model::{MilestoneId, MilestoneTypeId, Timestamp};
use serde::{Deserialize, Serialize};
use store::milestone::{Filter, Milestone, Sort};

const EXPANDS: &[&str] = &[
    "issues",
    "milestone_stats",
    "milestone_types",
    "milestones",
    "statuses",
    "users",
];

#[derive(Deserialize)]
struct ChangeIn {
    #[serde(default)]
    name: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    note: Option<Option<String>>,
    #[serde(default)]
    type_id: Option<Whole>,
    #[serde(default, deserialize_with = "nullable")]
    parent_id: Option<Option<Whole>>,
    #[serde(default)]
    is_started: Option<bool>,
    #[serde(default)]
    is_completed: Option<bool>,
    #[serde(default, deserialize_with = "nullable")]
    start_date: Option<Option<String>>,
    #[serde(default, deserialize_with = "nullable")]
    due_date: Option<Option<String>>,
    #[serde(default, deserialize_with = "nullable")]
    automation_tags: Option<Option<Vec<String>>>,
    #[serde(default, deserialize_with = "nullable")]
    links: Option<Option<Vec<Object<LinkIn>>>>,
    #[serde(default, deserialize_with = "nullable")]
    issues: Option<Option<Vec<IssueIn>>>,
}

#[derive(Deserialize)]
struct LinkIn {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    note: Option<String>,
    #[serde(default)]
    url: Option<String>,
}

impl From<ChangeIn> for Change {
    fn from(c: ChangeIn) -> Change {
        let link = |l: LinkIn| Link {
            name: l.name.unwrap_or_default(),
            note: l.note,
            url: l.url.unwrap_or_default(),
        };
        Change {
            name: c.name,
            note: c.note,
            type_id: c.type_id.map(|id| MilestoneTypeId(id.0)),
            parent_id: c
                .parent_id
                .map(|id| id.map(|id| MilestoneId(id.0)).filter(|id| id.0 != 0)),
            is_started: c.is_started,
            is_completed: c.is_completed,
            start_date: c.start_date,
            due_date: c.due_date,
            automation_tags: c.automation_tags.map(Option::unwrap_or_default),
            links: c
                .links
                .map(|links| links.unwrap_or_default().into_iter().map(|l| link(l.0)).collect()),
            issues: issues::named(c.issues),
        }
    }
}

#[derive(Serialize)]
struct Row<'a> {
    id: i64,
    project_id: i64,
    root_id: Option<i64>,
    parent_id: Option<i64>,
    type_id: i64,
    name: &'a str,
    note: Option<&'a str>,
    is_started: bool,
    is_completed: bool,
    start_date: Option<&'a str>,
    due_date: Option<&'a str>,
    automation_tags: &'a [String],
    issues: Vec<i64>,
    links: &'a [Link],
    started_at: Option<Timestamp>,
    created_at: Timestamp,
    created_by: Option<i64>,
    updated_at: Option<Timestamp>,
    updated_by: Option<i64>,
    completed_at: Option<Timestamp>,
}

impl<'a> From<&'a Milestone> for Row<'a> {
    fn from(m: &'a Milestone) -> Row<'a> {
        Row {
            id: m.id.0,
            project_id: m.project_id.0,
            root_id: m.root_id.map(|r| r.0),
            parent_id: m.parent_id.map(|p| p.0),
            type_id: m.values.type_id.0,
            name: &m.values.name,
            note: m.values.note.as_deref(),
            is_started: m.values.is_started,
            is_completed: m.values.is_completed,
            start_date: m.values.start_date.as_deref(),
            due_date: m.values.due_date.as_deref(),
            automation_tags: &m.values.automation_tags,
            issues: issues::ids(&m.values.issues),
            links: &m.values.links,
            started_at: m.started_at,
            created_at: m.created_at,
            created_by: m.created_by.map(|u| u.0),
            updated_at: m.updated_at,
            updated_by: m.updated_by.map(|u| u.0),
            completed_at: m.completed_at,
        }
    }
}

#[derive(Serialize)]
struct TypeRow {
    id: i64,
    name: String,
    is_default: bool,
}

/// Results of the automation runs of a milestone.
#[derive(Serialize)]
struct Stats<'a> {
    id: i64,
    #[serde(flatten)]
    counters: Counters<'a>,
}

/// What expands are made of.
struct Found<'a> {
    issues: Option<Vec<IssueRow<'a>>>,
    stats: Option<Vec<(i64, Counts)>>,
    types: Option<Vec<TypeRow>>,
    milestones: Option<Vec<Named>>,
    statuses: Statuses,
    with_statuses: bool,
    users: Option<Vec<Named>>,
}

#[derive(Serialize)]
struct Expands<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    issues: Option<&'a [IssueRow<'a>]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    milestone_stats: Option<Vec<Stats<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    milestone_types: Option<&'a [TypeRow]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    milestones: Option<&'a [Named]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    statuses: Option<&'a [Status]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    users: Option<&'a [Named]>,
}

impl Found<'_> {
    fn expands(&self) -> Expands<'_> {
        Expands {
            issues: self.issues.as_deref(),
            milestone_stats: self.stats.as_ref().map(|all| {
                let each = all.iter().map(|(id, counts)| Stats {
                    id: *id,
                    counters: Counters {
                        counts,
                        statuses: &self.statuses,
                    },
                });
                each.collect()
            }),
            milestone_types: self.types.as_deref(),
            milestones: self.milestones.as_deref(),
            statuses: self.with_statuses.then_some(self.statuses.0.as_slice()),
            users: self.users.as_deref(),
        }
    }
}

async fn find<'a>(cx: &Cx, rows: &'a [Milestone]) -> Result<Found<'a>, Error> {
    let wanted = cx.params.expands(EXPANDS);
    let mut needs = Needs::default();
    if wanted.has("users") {
        let users = rows.iter().flat_map(|m| [m.created_by, m.updated_by]);
        needs.users = users.flatten().collect();
    }
    if wanted.has("milestones") {
        let above = rows.iter().flat_map(|m| [m.root_id, m.parent_id]);
        needs.milestones = above.flatten().collect();
    }
    let names = automation::names(&cx.app, &cx.actor, &needs).await?;
    let stats = if wanted.has("milestone_stats") {
        let ids: Vec<MilestoneId> = rows.iter().map(|m| m.id).collect();
        let results = milestones::results(&cx.app, &cx.actor, ids.clone()).await?;
        let of = |id: MilestoneId| (id.0, results.get(&id).copied().unwrap_or_default());
        Some(ids.into_iter().map(of).collect())
    } else {
        None
    };
    let types = match rows.first() {
        Some(row) if wanted.has("milestone_types") => Some(types_of(cx, row.project_id, rows).await?),
        _ => wanted.has("milestone_types").then(Vec::new),
    };
    let statuses = if wanted.has("statuses") || stats.is_some() {
        automation::statuses(&cx.app).await?
    } else {
        Statuses::default()
    };
    Ok(Found {
        issues: wanted
            .has("issues")
            .then(|| expanded(rows.iter().flat_map(|m| &m.values.issues))),
        stats,
        types,
        milestones: wanted.has("milestones").then(|| {
            let named = names.milestones.into_iter();
            named.map(|(id, name)| Named { id: id.0, name }).collect()
        }),
        with_statuses: wanted.has("statuses"),
        statuses,
        users: wanted.has("users").then(|| {
            let named = names.users.into_iter();
            named.map(|(id, name)| Named { id: id.0, name }).collect()
        }),
    })
}

/// The types that the rows have.
async fn types_of(cx: &Cx, project: model::ProjectId, rows: &[Milestone]) -> Result<Vec<TypeRow>, Error> {
    let types = milestones::types(&cx.app, &cx.actor, project).await?;
    Ok(types
        .into_iter()
        .filter(|t| rows.iter().any(|m| m.values.type_id == t.id))
        .map(|t| TypeRow {
            id: t.id.0,
            name: t.name,
            is_default: t.is_default,
        })
        .collect())
}

/// One milestone.
pub(crate) async fn get(cx: Cx) -> Outcome {
    cx.params.expands(EXPANDS);
    cx.params.check()?;
    let milestone = milestones::get(&cx.app, &cx.actor, cx.milestone()?).await?;
    let found = find(&cx, std::slice::from_ref(&milestone)).await?;
    Reply::ok(&RowOf {
        result: Row::from(&milestone),
        expands: found.expands(),
    })
}

/// The milestones of a project.
pub(crate) async fn page(cx: Cx) -> Outcome {
    let p = &cx.params;
    let sort = p.sort(&[
        ("milestones:created_at", Sort::CreatedAt),
        ("milestones:completed_at", Sort::CompletedAt),
    ]);
    p.expands(EXPANDS);
    let filter = Filter {
        automation_tags: p.texts("automation_tags"),
        completed_after: p.instant("completed_after"),
        completed_before: p.instant("completed_before"),
        created_after: p.instant("created_after"),
        created_before: p.instant("created_before"),
        created_by: p.ids("created_by"),
        is_completed: p.bool("is_completed"),
        parent_ids: p.ids("parent_id"),
        root_ids: p.ids("root_id"),
        type_ids: p.ids("type_id"),
        sort: sort.unwrap_or_default(),
        ascending: p.ascending(false),
    };
    let request = p.page();
    p.check()?;
    let page = milestones::page(&cx.app, &cx.actor, cx.project()?, &filter, request).await?;
    let found = find(&cx, &page.rows).await?;
    let (request, total) = (page.request, page.total);
    let rows = page.rows.iter().map(Row::from).collect();
    Reply::ok(&PageOf::new(
        model::page::Page { request, total, rows },
        found.expands(),
    ))
}

fn created(made: &Milestone) -> (u16, String) {
    let row = Only {
        result: Row::from(made),
    };
    (201, serde_json::to_string(&row).unwrap_or_default())
}

/// Makes a milestone.
pub(crate) async fn create(cx: Cx) -> Outcome {
    let new = Change::from(cx.json::<ChangeIn>()?);
    let claim = cx.claim()?;
    Reply::once(
        milestones::create(&cx.app, &cx.actor, cx.project()?, new, claim, created).await?,
        created,
    )
}

/// Changes a milestone.
pub(crate) async fn update(cx: Cx) -> Outcome {
    let body: ChangeIn = cx.json()?;
    let milestone = milestones::update(&cx.app, &cx.actor, cx.milestone()?, body.into()).await?;
    Reply::ok(&Only {
        result: Row::from(&milestone),
    })
}

/// Deletes a milestone.
pub(crate) async fn delete(cx: Cx) -> Outcome {
    milestones::delete(&cx.app, &cx.actor, cx.milestone()?).await?;
    Ok(Reply::Empty)
}

/// The types of milestones.
pub(crate) async fn types(cx: Cx) -> Outcome {
    let types = milestones::types(&cx.app, &cx.actor, cx.project()?).await?;
    let rows: Vec<TypeRow> = types
        .into_iter()
        .map(|t| TypeRow {
            id: t.id.0,
            name: t.name,
            is_default: t.is_default,
        })
        .collect();
    Reply::ok(&Only { result: rows })
}
