//! Issues of trackers, as projects know them, and the trackers (contract §2.3, §3.5).

use crate::access::Proof;
use crate::filter::{self, containing, in_list};
use crate::{Arg, Result, Row, Tx, args, statements};
use model::page::{Page, PageRequest};
use model::{IntegrationId, IssueId, Timestamp};

/// An issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// Its id in the project.
    pub id: IssueId,
    /// Its tracker.
    pub integration_id: IntegrationId,
    /// 1 custom, 2 GitHub, 3 GitLab, 4 Jira.
    pub kind: i64,
    /// As its tracker shows it.
    pub display_id: String,
    /// The project of the tracker, where that matters.
    pub connection_project_id: Option<i64>,
    /// As the tracker writes that project.
    pub external_key: Option<String>,
}

/// An issue that somebody refers to by its number; found, or made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The tracker.
    pub integration_id: IntegrationId,
    /// The project of the tracker.
    pub connection_project_id: Option<i64>,
    /// As the tracker shows it.
    pub display_id: String,
}

/// A tracker, with one of its projects: a row of the contract's `Connection`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// The tracker.
    pub integration_id: IntegrationId,
    /// 1 custom, 2 GitHub, 3 GitLab, 4 Jira.
    pub kind: i64,
    /// Its name.
    pub integration_name: String,
    /// Account or server, and its name; none for custom trackers.
    pub connection: Option<(i64, String)>,
    /// Project of the tracker, and its name; none for custom trackers.
    pub project: Option<(i64, String)>,
    /// Whether it is in use.
    pub is_active: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed.
    pub updated_at: Option<Timestamp>,
}

/// How connections are sorted; ids decide between equals, what has no value is last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(i64)]
pub enum Sort {
    /// By the name of the tracker.
    #[default]
    IntegrationName = 0,
    /// By the name of the connection.
    ConnectionName = 1,
    /// By the name of the project.
    ProjectName = 2,
    /// By the id of the tracker.
    Integration = 3,
    /// By the id of the connection.
    Connection = 4,
    /// By the id of the project.
    Project = 5,
    /// By kind.
    Kind = 6,
    /// Those in use last.
    IsActive = 7,
    /// By the time of making.
    CreatedAt = 8,
    /// By the time of the last change.
    UpdatedAt = 9,
}

/// Which connections, and in what order. Empty lists do not filter.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of these trackers.
    pub integration_ids: Vec<i64>,
    /// With this in the name of the tracker, without regard to case.
    pub integration_name: Option<String>,
    /// These connections.
    pub connection_ids: Vec<i64>,
    /// With this in the name of the connection.
    pub connection_name: Option<String>,
    /// These projects of trackers.
    pub project_ids: Vec<i64>,
    /// With this in the name of the project.
    pub project_name: Option<String>,
    /// Of these kinds.
    pub kinds: Vec<i64>,
    /// Only those in use, or only the others.
    pub is_active: Option<bool>,
    /// Sort key.
    pub sort: Sort,
    /// Smallest first.
    pub ascending: bool,
}

macro_rules! columns {
    () => {
        "SELECT s.id, s.integration_id, i.type, s.display_id, s.connection_project_id, p.external_key FROM issues s
         JOIN integrations i ON i.id = s.integration_id LEFT JOIN connection_projects p ON p.id = s.connection_project_id"
    };
}

/// $1 any or $2 in use; lists: $3 trackers, $4 connections, $5 projects, $6 kinds; LIKE patterns of names: $7 tracker,
/// $8 connection, $9 project.
macro_rules! filtered {
    () => {
        " FROM integrations i LEFT JOIN connections c ON c.integration_id = i.id
            LEFT JOIN connection_projects p ON p.connection_id = c.id
          WHERE ($1 OR i.is_active = $2)
            AND (CAST($3 AS TEXT) IS NULL OR replace($3, ',' || CAST(i.id AS TEXT) || ',', '') <> $3)
            AND (CAST($4 AS TEXT) IS NULL OR replace($4, ',' || CAST(c.id AS TEXT) || ',', '') <> $4)
            AND (CAST($5 AS TEXT) IS NULL OR replace($5, ',' || CAST(p.id AS TEXT) || ',', '') <> $5)
            AND (CAST($6 AS TEXT) IS NULL OR replace($6, ',' || CAST(i.type AS TEXT) || ',', '') <> $6)
            AND (CAST($7 AS TEXT) IS NULL OR lower(i.name) LIKE $7 ESCAPE '\\')
            AND (CAST($8 AS TEXT) IS NULL OR lower(c.name) LIKE $8 ESCAPE '\\')
            AND (CAST($9 AS TEXT) IS NULL OR lower(p.name) LIKE $9 ESCAPE '\\')"
    };
}

macro_rules! sorted {
    ($order:literal) => {
        concat!(
            "SELECT i.id, i.type, i.name, c.id, c.name, p.id, p.name, i.is_active, i.created_at, i.updated_at",
            filtered!(),
            " ORDER BY CASE CAST($10 AS BIGINT) WHEN 0 THEN lower(i.name) WHEN 1 THEN lower(c.name) WHEN 2 THEN lower(p.name) END ",
            $order,
            " NULLS LAST, CASE CAST($10 AS BIGINT) WHEN 3 THEN i.id WHEN 4 THEN c.id WHEN 5 THEN p.id WHEN 6 THEN i.type
                WHEN 7 THEN CASE WHEN i.is_active THEN 1 ELSE 0 END WHEN 8 THEN i.created_at WHEN 9 THEN i.updated_at END ",
            $order,
            " NULLS LAST, i.id ",
            $order,
            ", p.id ",
            $order,
            " NULLS LAST LIMIT $11 OFFSET $12"
        )
    };
}

statements! {
    OF = concat!(columns!(), " WHERE s.project_id = $1 AND s.id IN ", in_list!("$2"), " ORDER BY s.id");
    FIND = concat!(columns!(), " WHERE s.project_id = $1 AND s.integration_id = $2
        AND COALESCE(s.connection_project_id, 0) = COALESCE(CAST($3 AS BIGINT), 0) AND s.display_id = $4");
    INSERT = "INSERT INTO issues (project_id, integration_id, connection_project_id, display_id, created_at)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (project_id, integration_id, COALESCE(connection_project_id, 0), display_id) DO NOTHING";
    TRACKER = "SELECT i.type, i.is_active, CAST($2 AS BIGINT) IS NULL OR EXISTS (SELECT 1 FROM connection_projects p
            JOIN connections c ON c.id = p.connection_id WHERE p.id = $2 AND c.integration_id = i.id)
        FROM integrations i WHERE i.id = $1";
    COUNT = concat!("SELECT COUNT(*)", filtered!());
    SORTED_ASC = sorted!("");
    SORTED_DESC = sorted!("DESC");
}

fn issue(r: &Row<'_>) -> Result<Issue> {
    Ok(Issue {
        id: IssueId(r.get(0)?),
        integration_id: IntegrationId(r.get(1)?),
        kind: r.get(2)?,
        display_id: r.get(3)?,
        connection_project_id: r.get(4)?,
        external_key: r.get(5)?,
    })
}

/// The issues with these ids that the project knows, by id.
pub fn of(tx: &mut Tx<'_>, proof: &Proof, ids: &[i64]) -> Result<Vec<Issue>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    tx.all(OF, args![proof.project().0, &filter::list(ids)], issue)
}

/// The issue that is referred to; made when the project does not know it yet. None when the tracker, or its project, does
/// not exist.
pub fn find_or_insert(
    tx: &mut Tx<'_>,
    proof: &Proof,
    of: &Reference,
    now: Timestamp,
) -> Result<Option<Issue>> {
    let (project, integration) = (proof.project().0, of.integration_id.0);
    let tracker = tx.opt(TRACKER, args![integration, of.connection_project_id], |r| {
        Ok((r.get::<bool>(1)?, r.get::<bool>(2)?))
    })?;
    if tracker != Some((true, true)) {
        return Ok(None);
    }
    let key = args![project, integration, of.connection_project_id, &of.display_id];
    if let Some(found) = tx.opt(FIND, key, issue)? {
        return Ok(Some(found));
    }
    tx.execute(
        INSERT,
        args![
            project,
            integration,
            of.connection_project_id,
            &of.display_id,
            now.0
        ],
    )?;
    tx.opt(FIND, key, issue)
}

/// Whether a tracker of this kind needs the project beside the number (contract §3.2, `IssueInput`).
pub fn needs_project(tx: &mut Tx<'_>, integration: IntegrationId) -> Result<bool> {
    let kind = tx.opt(TRACKER, args![integration.0, None::<i64>], |r| r.get::<i64>(0))?;
    Ok(matches!(kind, Some(2 | 3)))
}

/// One page of the trackers with their projects.
pub fn connections(tx: &mut Tx<'_>, f: &Filter, request: PageRequest) -> Result<Page<Connection>> {
    let lists = [&f.integration_ids, &f.connection_ids, &f.project_ids, &f.kinds].map(|ids| filter::ids(ids));
    let like = |name: &Option<String>| name.as_ref().map(|n| containing(&n.to_lowercase()));
    let names = [
        like(&f.integration_name),
        like(&f.connection_name),
        like(&f.project_name),
    ];
    let mut given: Vec<Arg<'_>> = args![f.is_active.is_none(), f.is_active.unwrap_or(false)].to_vec();
    given.extend(lists.iter().map(|list| Arg::from(list.as_ref())));
    given.extend(names.iter().map(|name| Arg::from(name.as_ref())));
    let total = tx.one(COUNT, &given, |r| r.get(0))?;
    given.extend_from_slice(args![f.sort as i64, request.per_page, request.offset()]);
    let sql = if f.ascending { SORTED_ASC } else { SORTED_DESC };
    let rows = tx.all(sql, &given, connection)?;
    Ok(Page { request, total, rows })
}

fn connection(r: &Row<'_>) -> Result<Connection> {
    let named =
        |id: usize| Ok::<_, crate::Error>(r.get::<Option<i64>>(id)?.zip(r.get::<Option<String>>(id + 1)?));
    Ok(Connection {
        integration_id: IntegrationId(r.get(0)?),
        kind: r.get(1)?,
        integration_name: r.get(2)?,
        connection: named(3)?,
        project: named(5)?,
        is_active: r.get(7)?,
        created_at: Timestamp(r.get(8)?),
        updated_at: r.get::<Option<i64>>(9)?.map(Timestamp),
    })
}
