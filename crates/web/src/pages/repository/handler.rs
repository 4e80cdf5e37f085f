//! The repository of a project as a list, and the folders that are unfolded in it.

use super::address::{Place, Query};
use super::table::Row;
use super::tree::{self, Tree};
use super::view::{self, Repository};
use super::{bulk, case, folders, pane, views};
use crate::respond;
use crate::ui::hx;
use crate::visit::{Signed, Visit};
use app::automation::{self, Needs};
use app::cases::{self, With};
use app::{App, Error, lookups};
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use model::page::PageRequest;
use model::{Entity, FolderId, ProjectId};

/// Cases of one page.
pub(crate) const PER_PAGE: i64 = 50;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/repositories/{project}", get(list))
        .route("/repositories/folders/{folder}", get(level))
        .merge(bulk::routes())
        .merge(views::routes())
        .merge(folders::routes())
        .merge(case::handler::routes())
        .merge(case::save::routes())
}

async fn list(Signed(visit): Signed, Path(id): Path<String>, asked: Query) -> Response {
    let result = match id.parse() {
        Ok(id) => try_list(&visit, Place::read(id, &asked), &asked).await,
        Err(_) => Err(Error::NotFound),
    };
    respond::answer(&visit, result)
}

async fn try_list(visit: &Visit, place: Place, asked: &Query) -> Result<Response, Error> {
    let actor = visit.actor()?;
    let open = open(visit, &place).await?;
    if hx::region(&visit.headers) == Some("detail") {
        return Ok(respond::page(pane::pane(&visit.frame, &place, open.as_ref())));
    }
    let (_, project) = visit.project(place.project).await?;
    let found = app::tree::look(&visit.app, actor, place.project, place.folder).await?;
    let request = PageRequest {
        page: place.page,
        per_page: PER_PAGE,
    };
    let with = With {
        links: true,
        ..With::default()
    };
    let filter = place.filter(&found.inside);
    let page = cases::page(&visit.app, actor, place.project, &filter, request, with).await?;
    if page.page.rows.is_empty() && page.page.total > 0 {
        return Ok(respond::to(
            &place.at((page.page.total - 1) / PER_PAGE + 1).href(),
        ));
    }
    let states = lookups::states(&visit.app, actor, place.project, Some(Entity::Case)).await?;
    let states: Vec<(i64, String)> = states.into_iter().map(|s| (s.id.0, s.name)).collect();
    let tags = lookups::tags(&visit.app, actor, place.project).await?;
    let can_edit = found.rights.has(cases::EDIT);
    let saved = app::views::list(&visit.app, actor, place.project).await?;
    let saved = saved.into_iter().map(|view| {
        let is_own = view.user_id == actor.user.id;
        views::view::Saved::new(view, place.project, is_own || can_edit)
    });
    let v = Repository {
        saved: saved.collect(),
        hit: hit(visit, &place).await?,
        total: page.page.total,
        previous: page.page.prev_page().map(|n| place.at(n).href()),
        next: page.page.next_page().map(|n| place.at(n).href()),
        templates: page
            .schema
            .templates
            .iter()
            .map(|t| (t.id.0, t.name.clone()))
            .collect(),
        rows: rows(visit, &place, page, &states).await?,
        tree: Tree {
            project: place.project,
            way: found.way.iter().map(|f| f.id).collect(),
            branches: found.branches,
            can_move: found.rights.has(app::folders::EDIT),
        },
        docs: found.way.last().and_then(|f| f.docs.clone()),
        way: found.way.into_iter().map(|f| (f.id, f.name)).collect(),
        tags: tags.into_iter().map(|(_, name)| name).collect(),
        states,
        can_edit,
        can_delete: found.rights.has(cases::DELETE),
        sees_shared_steps: found.rights.has(app::shared_steps::VIEW),
        can_run: found.rights.has(app::runs::EDIT),
        open,
        done: asked.done().and_then(bulk::said),
        project,
        place,
    };
    Ok(respond::page(view::page(&visit.frame, &v)))
}

/// The case that the address opens, when the project has it.
async fn open(visit: &Visit, place: &Place) -> Result<Option<case::view::Page>, Error> {
    let Some(id) = place.open else { return Ok(None) };
    match case::handler::load(visit, id).await {
        Ok((page, _)) => Ok(Some(page).filter(|page| page.project.id == place.project)),
        Err(Error::NotFound | Error::Denied(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The case whose number was typed, such as `C224` or `224`.
async fn hit(visit: &Visit, place: &Place) -> Result<Option<(model::CaseId, i64, String)>, Error> {
    let number = place.words.trim_start_matches(['C', 'c', '#']);
    let Ok(number) = number.parse::<i64>() else {
        return Ok(None);
    };
    let hits = cases::suggest(&visit.app, visit.actor()?, place.project, &place.words).await?;
    let found = hits.into_iter().find(|h| h.number == number);
    Ok(found.map(|h| (h.id, h.number, h.name)))
}

async fn rows(
    visit: &Visit,
    place: &Place,
    page: cases::CasePage,
    states: &[(i64, String)],
) -> Result<Vec<Row>, Error> {
    let mut links = page.links;
    let found = page.page.rows;
    let needs = Needs {
        users: found
            .iter()
            .filter_map(|c| c.updated_by.or(c.created_by))
            .collect(),
        folders: found.iter().filter_map(|c| c.values.folder_id).collect(),
        ..Needs::default()
    };
    let names = automation::names(&visit.app, visit.actor()?, &needs).await?;
    let folder = |id: FolderId| {
        names
            .folders
            .iter()
            .find(|(f, _)| *f == id)
            .map(|(_, name)| name.clone())
    };
    let state = |c: &store::case::Case| {
        let found = states.iter().find(|(id, _)| *id == c.values.state_id.0);
        found.map(|(_, name)| name.clone()).unwrap_or_default()
    };
    let template = |c: &store::case::Case| {
        let found = page.schema.template(c.values.template_id);
        found.map(|t| t.name.clone()).unwrap_or_default()
    };
    let group = |c: &store::case::Case| match place.group? {
        "folder" => Some(
            c.values
                .folder_id
                .and_then(folder)
                .unwrap_or_else(|| "No folder".to_owned()),
        ),
        "state" => Some(state(c)),
        _ => Some(template(c)),
    };
    let row = |c: store::case::Case| Row {
        group: group(&c),
        id: c.id,
        number: c.number,
        folder: c
            .values
            .folder_id
            .filter(|id| Some(*id) != place.folder)
            .and_then(folder),
        tags: links
            .remove(&c.id)
            .unwrap_or_default()
            .tags
            .into_iter()
            .map(|(_, name)| name)
            .collect(),
        state: state(&c),
        template: template(&c),
        is_automated: c.has_automation,
        updated_at: c.updated_at.unwrap_or(c.created_at),
        updated_by: c
            .updated_by
            .or(c.created_by)
            .and_then(|id| Some((id, names.user(id)?.to_owned()))),
        name: c.values.name,
    };
    Ok(found.into_iter().map(row).collect())
}

/// The folders in a folder, for script; without it the folder itself is opened.
async fn level(Signed(visit): Signed, Path(id): Path<String>) -> Response {
    let result = match id.parse() {
        Ok(id) => try_level(&visit, id).await,
        Err(_) => Err(Error::NotFound),
    };
    respond::answer(&visit, result)
}

async fn try_level(visit: &Visit, id: FolderId) -> Result<Response, Error> {
    let actor = visit.actor()?;
    let folder = app::folders::get(&visit.app, actor, id).await?;
    if !hx::is_fragment(&visit.headers) {
        return Ok(respond::to(&Place::folder(folder.project_id, Some(id)).href()));
    }
    let tree = Tree {
        project: folder.project_id,
        branches: app::tree::children(&visit.app, actor, id).await?,
        way: Vec::new(),
        can_move: false,
    };
    Ok(respond::page(tree::level(&tree, Some(id))))
}

/// The id of a project, from an address.
pub(crate) fn project(id: &str) -> Result<ProjectId, Error> {
    id.parse().map_err(|_| Error::NotFound)
}
