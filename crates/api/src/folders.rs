//! Folders of the case repository (contract §2.4, §9).

use crate::context::{Cx, Outcome, Reply};
use crate::envelope::{Named, Only, PageOf, RowOf};
use crate::wire::{Whole, ids, nullable, objects};
use app::folders::{self, Change, Folder, NewFolder};
use app::{Error, automation};
use model::FolderId;
use serde::{Deserialize, Serialize};
use store::folder::{Filter, Sort};

const EXPANDS: &[&str] = &["folders"];

#[derive(Deserialize)]
struct FoldersIn {
    #[serde(default, deserialize_with = "objects")]
    folders: Vec<FolderIn>,
}

#[derive(Deserialize)]
struct FolderIn {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    parent_id: Option<Whole>,
    #[serde(default)]
    docs: Option<String>,
    #[serde(default)]
    display_order: Option<Whole>,
}

#[derive(Deserialize)]
struct ChangeIn {
    #[serde(default, deserialize_with = "ids")]
    ids: Vec<i64>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    parent_id: Option<Option<Whole>>,
    #[serde(default, deserialize_with = "nullable")]
    docs: Option<Option<String>>,
}

#[derive(Deserialize)]
struct IdsIn {
    #[serde(default, deserialize_with = "ids")]
    ids: Vec<i64>,
}

#[derive(Serialize)]
struct Row<'a> {
    id: i64,
    project_id: i64,
    repo_id: i64,
    name: &'a str,
    parent_id: Option<i64>,
    depth: i64,
    docs: Option<&'a str>,
    display_order: i64,
}

impl<'a> From<&'a Folder> for Row<'a> {
    fn from(f: &'a Folder) -> Row<'a> {
        Row {
            id: f.id.0,
            project_id: f.project_id.0,
            // A project has one repository, so they share their number.
            repo_id: f.project_id.0,
            name: &f.name,
            parent_id: f.parent_id.map(|p| p.0),
            depth: f.depth,
            docs: f.docs.as_deref(),
            display_order: f.display_order,
        }
    }
}

/// What changed, and nothing else.
#[derive(Serialize)]
struct Changed<'a> {
    id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_id: Option<Option<i64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    docs: Option<Option<&'a str>>,
}

#[derive(Serialize, Default)]
struct Expands {
    #[serde(skip_serializing_if = "Option::is_none")]
    folders: Option<Vec<Named>>,
}

/// The parents of the rows.
async fn expands(cx: &Cx, rows: &[Folder]) -> Result<Expands, Error> {
    if !cx.params.expands(EXPANDS).has("folders") {
        return Ok(Expands::default());
    }
    let needs = automation::Needs {
        folders: rows.iter().filter_map(|f| f.parent_id).collect(),
        ..automation::Needs::default()
    };
    let names = automation::names(&cx.app, &cx.actor, &needs).await?.folders;
    let named = names.into_iter().map(|(id, name)| Named { id: id.0, name });
    Ok(Expands {
        folders: Some(named.collect()),
    })
}

/// One folder.
pub(crate) async fn get(cx: Cx) -> Outcome {
    cx.params.expands(EXPANDS);
    cx.params.check()?;
    let folder = folders::get(&cx.app, &cx.actor, cx.folder()?).await?;
    let expands = expands(&cx, std::slice::from_ref(&folder)).await?;
    Reply::ok(&RowOf {
        result: Row::from(&folder),
        expands,
    })
}

/// The folders of a project, flat.
pub(crate) async fn page(cx: Cx) -> Outcome {
    let p = &cx.params;
    let sort = p.sort(&[
        ("repository_folders:display_order", Sort::DisplayOrder),
        ("repository_folders:name", Sort::Name),
        ("repository_folders:id", Sort::Id),
        ("repository_folders:depth", Sort::Depth),
    ]);
    p.expands(EXPANDS);
    let filter = Filter {
        // 0 is the root, as it has no folder of its own.
        parent_id: p
            .id("parent_id")
            .map(|id| Some(FolderId(id)).filter(|id| id.0 != 0)),
        name: p.text("name"),
        sort: sort.unwrap_or_default(),
        ascending: p.ascending(false),
    };
    let request = p.page();
    p.check()?;
    let page = folders::page(&cx.app, &cx.actor, cx.project()?, &filter, request).await?;
    let expands = expands(&cx, &page.rows).await?;
    let (request, total) = (page.request, page.total);
    let rows = page.rows.iter().map(Row::from).collect();
    Reply::ok(&PageOf::new(model::page::Page { request, total, rows }, expands))
}

#[expect(
    clippy::ptr_arg,
    reason = "the answer to work that is done once is rendered from what it made"
)]
fn created(made: &Vec<Folder>) -> (u16, String) {
    let result: Vec<Row<'_>> = made.iter().map(Row::from).collect();
    (201, serde_json::to_string(&Only { result }).unwrap_or_default())
}

/// Makes folders.
pub(crate) async fn create(cx: Cx) -> Outcome {
    let body: FoldersIn = cx.json()?;
    let new = body.folders.into_iter().map(|f| NewFolder {
        parent_id: folder_id(f.parent_id),
        name: f.name.unwrap_or_default(),
        docs: f.docs,
        display_order: f.display_order.map(|n| n.0),
    });
    let claim = cx.claim()?;
    let (new, project) = (new.collect(), cx.project()?);
    Reply::once(
        folders::create(&cx.app, &cx.actor, project, new, claim, created).await?,
        created,
    )
}

/// Gives all listed folders the same new values.
pub(crate) async fn update(cx: Cx) -> Outcome {
    let body: ChangeIn = cx.json()?;
    let change = Change {
        name: body.name,
        parent_id: body.parent_id.map(folder_id),
        docs: body.docs,
    };
    let ids = folder_ids(body.ids);
    let folders = folders::update(&cx.app, &cx.actor, cx.project()?, ids, change.clone()).await?;
    let result: Vec<Changed<'_>> = folders
        .iter()
        .map(|f| Changed {
            id: f.id.0,
            name: change.name.as_ref().map(|_| f.name.as_str()),
            parent_id: change.parent_id.map(|_| f.parent_id.map(|p| p.0)),
            docs: change.docs.as_ref().map(|_| f.docs.as_deref()),
        })
        .collect();
    Reply::ok(&Only { result })
}

/// Deletes folders with everything in them.
pub(crate) async fn delete(cx: Cx) -> Outcome {
    let body: IdsIn = cx.json()?;
    folders::delete(&cx.app, &cx.actor, cx.project()?, folder_ids(body.ids)).await?;
    Ok(Reply::Empty)
}

/// A folder, where 0 and null are the root.
fn folder_id(id: Option<Whole>) -> Option<FolderId> {
    id.map(|id| FolderId(id.0)).filter(|id| id.0 != 0)
}

fn folder_ids(mut ids: Vec<i64>) -> Vec<FolderId> {
    ids.dedup();
    ids.into_iter().map(FolderId).collect()
}
