//! Uploaded files of cases, results, automation runs and their tests. A row names a blob by its SHA-256; the bytes lie in the
//! blob storage.
//!
//! Blob first: whoever inserts a row has stored its blob durably before (see [`crate::blob`]). Several rows may name one blob.

use crate::access::Proof;
use crate::filter::{self, in_list};
use crate::{Arg, Result, Row, Tx, args, statements};
use model::page::{Page, PageRequest};
use model::{AttachmentId, AutomationRunId, AutomationTestId, CaseId, ResultId, RunId, Timestamp, UserId};

/// What a file belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// A test case.
    Case(CaseId),
    /// A result in a manual run.
    Result(RunId, ResultId),
    /// An automation run.
    AutomationRun(AutomationRunId),
    /// A test in an automation run.
    AutomationTest(AutomationRunId, AutomationTestId),
}

impl Owner {
    /// Its kind and id, as they are stored and recorded.
    pub fn key(self) -> (&'static str, i64) {
        match self {
            Owner::Case(id) => ("case", id.0),
            Owner::Result(_, id) => ("result", id.0),
            Owner::AutomationRun(id) => ("automation_run", id.0),
            Owner::AutomationTest(_, id) => ("automation_test", id.0),
        }
    }
}

/// A file to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAttachment {
    /// SHA-256 of the bytes, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// Its name, without a path.
    pub name: String,
    /// One line about it.
    pub note: Option<String>,
    /// Media type (RFC 6838), as the client said it.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
}

/// An uploaded file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its id.
    pub id: AttachmentId,
    /// What it is.
    pub file: NewAttachment,
    /// When it was uploaded.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: Option<UserId>,
}

/// Which files, and in what order. An empty list does not filter.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Uploaded by these users.
    pub created_by: Vec<i64>,
    /// Smallest id first.
    pub ascending: bool,
}

macro_rules! columns {
    () => {
        "SELECT a.id, a.sha256, a.name, a.note, a.media_type, a.size, a.created_at, a.created_by FROM attachments a"
    };
}

/// $1 kind of the owner, $2 its id, $3 project. On SQLite the plus keeps it from walking the project's index.
macro_rules! owned {
    () => {
        " WHERE a.owner = $1 AND a.owner_id = $2 AND +a.project_id = $3"
    };
}

/// And $4, a list as in [`filter::ids`].
macro_rules! filtered {
    () => {
        concat!(
            owned!(),
            " AND (CAST($4 AS TEXT) IS NULL OR replace($4, ',' || CAST(a.created_by AS TEXT) || ',', '') <> $4)"
        )
    };
}

statements! {
    INSERT = "INSERT INTO attachments (project_id, owner, owner_id, case_id, result_id, automation_run_id, sha256, name, note,
            media_type, size, created_at, created_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING id";
    COUNT = concat!("SELECT COUNT(*) FROM attachments a", filtered!());
    NEWEST = concat!(columns!(), filtered!(), " ORDER BY a.id DESC LIMIT $5 OFFSET $6");
    OLDEST = concat!(columns!(), filtered!(), " ORDER BY a.id LIMIT $5 OFFSET $6");
    AMONG = concat!(columns!(), owned!(), " AND a.id IN ", in_list!("$4"), " ORDER BY a.id");
    DELETE = concat!("DELETE FROM attachments WHERE owner = $1 AND owner_id = $2 AND +project_id = $3 AND id IN ", in_list!("$4"));
}

fn attachment(r: &Row<'_>) -> Result<Attachment> {
    Ok(Attachment {
        id: AttachmentId(r.get(0)?),
        file: NewAttachment {
            sha256: r.get(1)?,
            name: r.get(2)?,
            note: r.get(3)?,
            media_type: r.get(4)?,
            size: r.get(5)?,
        },
        created_at: Timestamp(r.get(6)?),
        created_by: r.get::<Option<i64>>(7)?.map(UserId),
    })
}

/// Keeps a file, whose blob is stored and claimed, for something in the project that was checked.
pub fn insert(
    tx: &mut Tx<'_>,
    proof: &Proof,
    owner: Owner,
    file: &NewAttachment,
    now: Timestamp,
) -> Result<Attachment> {
    let (case, result, run) = match owner {
        Owner::Case(id) => (Some(id.0), None, None),
        Owner::Result(_, id) => (None, Some(id.0), None),
        Owner::AutomationRun(id) | Owner::AutomationTest(id, _) => (None, None, Some(id.0)),
    };
    let (kind, owner_id) = owner.key();
    let id = tx.one(
        INSERT,
        args![
            proof.project().0,
            kind,
            owner_id,
            case,
            result,
            run,
            &file.sha256,
            &file.name,
            file.note.as_deref(),
            &file.media_type,
            file.size,
            now.0,
            proof.user().0
        ],
        |r| r.get(0).map(AttachmentId),
    )?;
    Ok(Attachment {
        id,
        file: file.clone(),
        created_at: now,
        created_by: Some(proof.user()),
    })
}

/// One page of the files of something in the project that was checked.
pub fn page(
    tx: &mut Tx<'_>,
    proof: &Proof,
    owner: Owner,
    f: &Filter,
    request: PageRequest,
) -> Result<Page<Attachment>> {
    let (by, (kind, id)) = (filter::ids(&f.created_by), owner.key());
    let mut given: Vec<Arg<'_>> = args![kind, id, proof.project().0, by.as_ref()].to_vec();
    let total = tx.one(COUNT, &given, |r| r.get(0))?;
    given.extend_from_slice(args![request.per_page, request.offset()]);
    let sql = if f.ascending { OLDEST } else { NEWEST };
    let rows = tx.all(sql, &given, attachment)?;
    Ok(Page { request, total, rows })
}

/// Those of `ids` that are files of this, in the project that was checked, by id.
pub fn among(tx: &mut Tx<'_>, proof: &Proof, owner: Owner, ids: &[AttachmentId]) -> Result<Vec<Attachment>> {
    let (kind, id) = owner.key();
    let ids = filter::list(&ids.iter().map(|id| id.0).collect::<Vec<_>>());
    tx.all(AMONG, args![kind, id, proof.project().0, &ids], attachment)
}

/// Deletes files of this and returns how many there were; other ids are left alone. Their blobs stay until the sweeper finds
/// that nobody names them.
pub fn delete(tx: &mut Tx<'_>, proof: &Proof, owner: Owner, ids: &[AttachmentId]) -> Result<u64> {
    let (kind, id) = owner.key();
    let ids = filter::list(&ids.iter().map(|id| id.0).collect::<Vec<_>>());
    tx.execute(DELETE, args![kind, id, proof.project().0, &ids])
}
