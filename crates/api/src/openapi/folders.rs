//! Folders of the case repository (contract §2.4, §9).

use super::param::{expands as expanding, folder_or_root, paging, sort, text as text_like};
use super::schema::{
    about, body, expands, id, id_or_none, list, list_of, name, nullable, one, only, page, refer, row, text,
    text_of, within,
};
use super::{Described, Group, operation};
use app::folders::{MOST, ORDER_MAX};
use model::text::LONG_NAME_MAX;
use serde_json::{Value, json};

/// Most characters of the documentation of a folder; as in `app`.
const DOCS_MAX: usize = 100_000;

pub(super) fn group() -> Group {
    Group {
        name: "Folders",
        about: "Folders of the case repository: a tree with an order.",
        operations: operations(),
        schemas: schemas(),
    }
}

fn operations() -> Vec<Described> {
    let keys = ["display_order", "name", "id", "depth"].map(|key| format!("repository_folders:{key}"));
    let keys = keys.each_ref().map(String::as_str);
    vec![
        operation("createFolders", "Make folders")
            .notes("All or none. Missing `display_order`: at the end.")
            .takes(
                "FoldersIn",
                json!({"folders": [{"name": "Checkout", "parent_id": null, "docs": "Paying."}]}),
            )
            .makes("Folders")
            .leads_to(&[("getFolder", "folder_id", "/result/0/id")]),
        operation("deleteFolders", "Delete folders with everything in them")
            .takes("IdsIn", json!({"ids": [1]})),
        operation("getFoldersPage", "List the folders of a project, flat")
            .params([
                folder_or_root("parent_id", "Only folders in this one; 0 is the root."),
                text_like("name", "Only folders whose name contains this.", "Checkout"),
            ])
            .params(sort(&keys, true))
            .params(paging())
            .params([expanding(&["folders"])])
            .shows("FolderPage"),
        operation("updateFolders", "Give folders the same new values")
            .takes("FolderChange", json!({"ids": [1], "docs": "Paying by card."}))
            .shows("ChangedFolders"),
        operation("getFolder", "Show a folder")
            .params([expanding(&["folders"])])
            .shows("FolderRow"),
    ]
}

fn schemas() -> Vec<(&'static str, Value)> {
    let parent = || about(nullable(id_or_none()), "0 and null are the root.");
    let folder_in = body(vec![
        ("name", name(LONG_NAME_MAX)),
        ("parent_id?", parent()),
        ("docs?", nullable(text_of(DOCS_MAX))),
        ("display_order?", within(0, ORDER_MAX)),
    ]);
    let change = super::schema::change(vec![
        ("ids", list_of(id(), 1, MOST)),
        ("name?", name(LONG_NAME_MAX)),
        ("parent_id?", parent()),
        ("docs?", nullable(text_of(DOCS_MAX))),
    ]);
    let folder = row(vec![
        ("id", id()),
        ("project_id", id()),
        ("repo_id", id()),
        ("name", text()),
        ("parent_id", nullable(id())),
        ("depth", within(0, 63)),
        ("docs", nullable(text())),
        ("display_order", super::schema::count()),
    ]);
    let changed = row(vec![
        ("id", id()),
        ("name?", text()),
        ("parent_id?", nullable(id())),
        ("docs?", nullable(text())),
    ]);
    vec![
        ("FoldersIn", body(vec![("folders", list_of(folder_in, 1, MOST))])),
        ("FolderChange", change),
        ("Folder", folder),
        ("Folders", only(list(refer("Folder")))),
        ("ChangedFolders", only(list(changed))),
        ("FolderExpands", expands(&[("folders", "Named")])),
        ("FolderRow", one("Folder", "FolderExpands")),
        ("FolderPage", page("Folder", Some("FolderExpands"))),
    ]
}
