//! Uploaded files of cases (contract §2.8) and, as our addition, of results, automation runs and their tests.

use super::param::{expands as expanding, ids, order, paging};
use super::schema::{about, count, id, list, nullable, one, page, row, text, time};
use super::{Described, Group, operation};
use app::attachments::{FILE_MAX, FILES};
use model::file::served_types;
use serde_json::{Value, json};

pub(super) fn group() -> Group {
    let of = [
        (
            "createCaseAttachments",
            "getCaseAttachmentsPage",
            "downloadCaseAttachment",
            "deleteCaseAttachments",
        ),
        (
            "createResultAttachments",
            "getResultAttachmentsPage",
            "downloadResultAttachment",
            "deleteResultAttachments",
        ),
        (
            "createAutomationRunAttachments",
            "getAutomationRunAttachmentsPage",
            "downloadAutomationRunAttachment",
            "deleteAutomationRunAttachments",
        ),
        (
            "createAutomationTestAttachments",
            "getAutomationTestAttachmentsPage",
            "downloadAutomationTestAttachment",
            "deleteAutomationTestAttachments",
        ),
    ];
    let single = operation("createCaseAttachment", "Add one file to a case")
        .notes("At most 128 MiB. A part that is no file is passed over.")
        .takes_form("FileIn")
        .makes("AttachmentsRow");
    let others = of.into_iter().flat_map(|(create, list, download, delete)| {
        [
            add(create),
            all(list),
            operation(download, "Download a file")
                .notes("Browsers always save it and never show it.")
                .sends(&served_types()),
            operation(delete, "Delete files")
                .notes("All or none.")
                .takes("IdsIn", json!({"ids": [1]})),
        ]
    });
    Group {
        name: "Attachments",
        about: "Files of cases, results, automation runs and their tests.",
        operations: std::iter::once(single).chain(others).collect(),
        schemas: schemas(),
    }
}

fn add(name: &'static str) -> Described {
    operation(name, "Add files")
        .notes("All or none. Others than the first 20 files are passed over, and so are parts that are no files.")
        .takes_form("FilesIn")
        .makes("AttachmentsRow")
}

fn all(name: &'static str) -> Described {
    operation(name, "List files")
        .params([
            ids("created_by", "Only files that these users added."),
            order(true),
            expanding(&["users"]),
        ])
        .params(paging())
        .shows("AttachmentPage")
}

fn schemas() -> Vec<(&'static str, Value)> {
    let file = || json!({"type": "string", "format": "binary", "maxLength": FILE_MAX});
    let attachment = row(vec![
        ("id", id()),
        (
            "name",
            about(text(), "Without a path, and safe as the name of a file."),
        ),
        ("note", nullable(text())),
        ("mime_type", text()),
        ("size", about(count(), "Bytes.")),
        ("created_at", time()),
        ("created_by", nullable(id())),
        ("path", about(text(), "Where it is downloaded with a key.")),
        ("path_thumbnail", nullable(text())),
        ("path_preview", nullable(text())),
    ]);
    let files = json!({"type": "array", "items": file(), "minItems": 1, "maxItems": FILES});
    let mut added = one("Attachment", "UserExpands");
    added["properties"]["result"] = list(super::schema::refer("Attachment"));
    let form = |name: &str, schema: Value| json!({"type": "object", "properties": {name: schema}, "required": [name]});
    vec![
        ("FileIn", form("file", file())),
        ("FilesIn", form("files[]", files)),
        ("Attachment", attachment),
        ("AttachmentsRow", added),
        ("AttachmentPage", page("Attachment", Some("UserExpands"))),
    ]
}
