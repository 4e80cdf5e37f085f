//! Making, changing and deleting cases, many at a time with a constant number of statements.

use super::version::Version;
use super::{Case, Changed, NewCase, Values, key, links, search, version};
use crate::access::Proof;
use crate::filter::{self, in_list};
use crate::run::live;
use crate::shared_steps;
use crate::{Arg, Bulk, Column, Result, Tx, args, statements};
use model::{CaseId, Timestamp};
use serde_json::{Value, json};
use std::collections::BTreeMap;

statements! {
    TAKE_IDS (sqlite) = "UPDATE sqlite_sequence SET seq = seq + $1 WHERE name = 'cases' RETURNING seq - $1 + 1";
    NEXT_IDS (postgres) = "SELECT nextval(pg_get_serial_sequence('cases', 'id')) FROM generate_series(CAST(1 AS BIGINT), $1)";
    TAKE_NUMBERS = "UPDATE projects SET case_number = case_number + $2, case_changes = case_changes + 1
        WHERE id = $1 RETURNING case_number - $2 + 1";
    INSERT = "INSERT INTO cases (id, project_id, number, folder_id, template_id, state_id, status_id, name, name_key,
            display_order, estimate, has_automation, has_automation_status, custom, version, created_at, created_by, parameters, data)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)";
    UPDATE = "UPDATE cases SET folder_id = n.folder_id, template_id = n.template_id, state_id = n.state_id,
            status_id = n.status_id, status_at = n.status_at, name = n.name, name_key = n.name_key, estimate = n.estimate,
            has_automation = n.has_automation,
            has_automation_status = n.has_automation, custom = n.custom, parameters = n.parameters, data = n.data, text_by = n.text_by,
            approved_version = n.approved_version, version = cases.version + 1, updated_at = $2, updated_by = $3
        FROM (SELECT CAST(value ->> 'id' AS BIGINT) AS id, CAST(value ->> 'folder_id' AS BIGINT) AS folder_id,
                CAST(value ->> 'template_id' AS BIGINT) AS template_id, CAST(value ->> 'state_id' AS BIGINT) AS state_id,
                CAST(value ->> 'status_id' AS BIGINT) AS status_id, CAST(value ->> 'status_at' AS BIGINT) AS status_at,
                value ->> 'name' AS name, value ->> 'name_key' AS name_key, CAST(value ->> 'estimate' AS BIGINT) AS estimate,
                value ->> 'automation' = 'yes' AS has_automation, value ->> 'custom' AS custom,
                value ->> 'parameters' AS parameters, value ->> 'data' AS data,
                CAST(value ->> 'text_by' AS BIGINT) AS text_by,
                CAST(value ->> 'approved_version' AS BIGINT) AS approved_version
            FROM json_each(CAST($1 AS TEXT))) n
        WHERE cases.id = n.id";
    COUNT_FOLDERS = "UPDATE folders SET case_count = case_count + n.more
        FROM (SELECT CAST(value ->> 'id' AS BIGINT) AS id, CAST(value ->> 'more' AS BIGINT) AS more
            FROM json_each(CAST($1 AS TEXT))) n
        WHERE folders.id = n.id";
    COUNT_CASES = "UPDATE projects SET case_count = case_count + $2 WHERE id = $1";
    IN_FOLDERS = concat!("SELECT id FROM cases WHERE +project_id = $1 AND folder_id IN ", in_list!("$2"));
    DELETE = concat!("DELETE FROM cases WHERE +project_id = $1 AND id IN ", in_list!("$2"));
}

const CASES: Bulk = Bulk {
    insert: INSERT,
    copy: "COPY cases (id, project_id, number, folder_id, template_id, state_id, status_id, name, name_key, display_order,
        estimate, has_automation, has_automation_status, custom, version, created_at, created_by, parameters, data)
        FROM STDIN (FORMAT binary)",
    columns: &[
        Column::I64,
        Column::I64,
        Column::I64,
        Column::I64,
        Column::I64,
        Column::I64,
        Column::I64,
        Column::Text,
        Column::Text,
        Column::I64,
        Column::I64,
        Column::Bool,
        Column::Bool,
        Column::Text,
        Column::I64,
        Column::I64,
        Column::I64,
        Column::Text,
        Column::Text,
    ],
};

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn take_ids(tx: &mut Tx<'_>, n: i64) -> Result<Vec<i64>> {
    if tx.is_postgres() {
        tx.all(NEXT_IDS, args![n], |r| r.get(0))
    } else {
        let first: i64 = tx.one(TAKE_IDS, args![n], |r| r.get(0))?;
        Ok((first..first + n).collect())
    }
}

/// Makes cases, behind those that are there. Holds the [`super::lock`].
pub fn insert(tx: &mut Tx<'_>, proof: &Proof, new: &[NewCase], now: Timestamp) -> Result<Vec<Case>> {
    let n = count(new.len());
    let ids = take_ids(tx, n)?;
    let project = proof.project();
    let first: i64 = tx.one(TAKE_NUMBERS, args![project.0, n], |r| r.get(0))?;
    let cases: Vec<Case> = new
        .iter()
        .zip(ids)
        .zip(first..)
        .map(|((new, id), number)| Case {
            id: CaseId(id),
            project_id: project,
            number,
            values: new.values.clone(),
            status_at: None,
            display_order: number,
            forecast: None,
            has_automation: !new.links.automation.is_empty(),
            has_automation_status: !new.links.automation.is_empty(),
            version: 1,
            created_at: now,
            created_by: Some(proof.user()),
            updated_at: None,
            updated_by: None,
            text_by: None,
            approved_version: None,
        })
        .collect();
    let texts: Vec<Texts> = cases.iter().map(Texts::of).collect();
    tx.bulk(&CASES, cases.iter().zip(&texts).map(|(c, t)| row(c, t)))?;
    let each: Vec<(CaseId, &links::Links)> = cases.iter().zip(new).map(|(c, n)| (c.id, &n.links)).collect();
    links::insert(tx, &each)?;
    let versions: Vec<Version> = cases
        .iter()
        .zip(new)
        .map(|(c, n)| Version::first(c, &n.links))
        .collect();
    version::insert(tx, &versions)?;
    search::insert(tx, &cases)?;
    shared_steps::link(tx, &cases)?;
    tx.execute(COUNT_CASES, args![project.0, n])?;
    count_in_folders(tx, cases.iter().map(|c| (&c.values, 1)))?;
    Ok(cases)
}

/// What a row holds of a case in another form.
struct Texts {
    name_key: String,
    custom: String,
    parameters: Option<String>,
    data: Option<String>,
}

impl Texts {
    fn of(c: &Case) -> Texts {
        let set = c.values.data_set.as_ref();
        Texts {
            name_key: key(&c.values.name),
            custom: Value::from(c.values.custom.clone()).to_string(),
            parameters: set.map(|s| json!(s.parameters).to_string()),
            data: set.map(|s| json!(s.rows).to_string()),
        }
    }
}

fn row<'a>(c: &'a Case, texts: &'a Texts) -> [Arg<'a>; 19] {
    [
        c.id.0.into(),
        c.project_id.0.into(),
        c.number.into(),
        c.values.folder_id.map(|f| f.0).into(),
        c.values.template_id.0.into(),
        c.values.state_id.0.into(),
        c.values.status_id.into(),
        (&c.values.name).into(),
        (&texts.name_key).into(),
        c.display_order.into(),
        c.values.estimate.into(),
        c.has_automation.into(),
        c.has_automation_status.into(),
        (&texts.custom).into(),
        c.version.into(),
        c.created_at.0.into(),
        c.created_by.map(|u| u.0).into(),
        texts.parameters.as_deref().into(),
        texts.data.as_deref().into(),
    ]
}

/// Moves the counters of folders by what these cases add or take away.
fn count_in_folders<'v>(tx: &mut Tx<'_>, moved: impl Iterator<Item = (&'v Values, i64)>) -> Result<()> {
    let mut more: BTreeMap<i64, i64> = BTreeMap::new();
    for (values, n) in moved {
        if let Some(folder) = values.folder_id {
            *more.entry(folder.0).or_default() += n;
        }
    }
    more.retain(|_, n| *n != 0);
    if more.is_empty() {
        return Ok(());
    }
    let rows: Vec<Value> = more.iter().map(|(id, n)| json!({"id": id, "more": n})).collect();
    tx.execute(COUNT_FOLDERS, args![&Value::from(rows).to_string()])
        .map(drop)
}

/// Changes cases, each of which gets a new version. Holds the [`super::lock`].
pub fn update(tx: &mut Tx<'_>, proof: &Proof, changed: &[Changed], now: Timestamp) -> Result<Vec<Case>> {
    let user = proof.user();
    let cases: Vec<Case> = changed
        .iter()
        .map(|c| {
            let same_status = c.values.status_id == c.old.values.status_id;
            Case {
                values: c.values.clone(),
                status_at: if same_status { c.old.status_at } else { Some(now) },
                has_automation: !c.links.automation.is_empty(),
                has_automation_status: !c.links.automation.is_empty(),
                version: c.old.version + 1,
                updated_at: Some(now),
                updated_by: Some(user),
                text_by: if c.values.is_other_text(&c.old.values) {
                    Some(user)
                } else {
                    c.old.text_by
                },
                approved_version: if c.is_approved {
                    Some(c.old.version + 1)
                } else {
                    c.old.approved_version
                },
                ..c.old.clone()
            }
        })
        .collect();
    let rows: Vec<Value> = cases.iter().map(update_row).collect();
    tx.execute(UPDATE, args![&Value::from(rows).to_string(), now.0, user.0])?;
    let relinked: Vec<(CaseId, &links::Links)> = changed
        .iter()
        .filter(|c| c.links != c.old_links)
        .map(|c| (c.old.id, &c.links))
        .collect();
    if !relinked.is_empty() {
        links::replace(tx, &relinked)?;
    }
    let versions: Vec<Version> = changed
        .iter()
        .zip(&cases)
        .map(|(c, new)| Version::next(c, new, now, user))
        .collect();
    version::insert(tx, &versions)?;
    search::replace(tx, &cases)?;
    shared_steps::relink(tx, changed.iter().map(|c| &c.old.values.custom).zip(&cases))?;
    let moves = changed.iter().flat_map(|c| [(&c.old.values, -1), (&c.values, 1)]);
    count_in_folders(tx, moves)?;
    live::changed(tx, proof)?;
    Ok(cases)
}

fn update_row(c: &Case) -> Value {
    let texts = Texts::of(c);
    json!({"id": c.id, "folder_id": c.values.folder_id, "template_id": c.values.template_id,
        "state_id": c.values.state_id, "status_id": c.values.status_id, "status_at": c.status_at.map(|t| t.0),
        "name": c.values.name, "name_key": texts.name_key, "estimate": c.values.estimate,
        "automation": if c.has_automation { "yes" } else { "no" },
        "text_by": c.text_by, "approved_version": c.approved_version,
        "custom": texts.custom, "parameters": texts.parameters, "data": texts.data})
}

/// Deletes cases. Their versions stay, as runs show the text that was tested. Holds the [`super::lock`].
pub fn delete(tx: &mut Tx<'_>, proof: &Proof, cases: &[Case]) -> Result<()> {
    remove(tx, proof, &cases.iter().map(|c| c.id.0).collect::<Vec<_>>())?;
    count_in_folders(tx, cases.iter().map(|c| (&c.values, -1)))
}

/// Deletes all cases of the folders of a JSON list, which are deleted next; how many there were.
pub(crate) fn delete_in(tx: &mut Tx<'_>, proof: &Proof, folders: &str) -> Result<u64> {
    let ids = tx.all(IN_FOLDERS, args![proof.project().0, folders], |r| r.get(0))?;
    remove(tx, proof, &ids)
}

fn remove(tx: &mut Tx<'_>, proof: &Proof, ids: &[i64]) -> Result<u64> {
    if ids.is_empty() {
        return Ok(0);
    }
    let (ids, project) = (filter::list(ids), proof.project().0);
    search::delete(tx, &ids)?;
    let gone = tx.execute(DELETE, args![project, &ids])?;
    let fewer = -i64::try_from(gone).unwrap_or(i64::MAX);
    tx.execute(COUNT_CASES, args![project, fewer])?;
    Ok(gone)
}
