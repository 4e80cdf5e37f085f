//! What a case refers to: tags, issues, automated tests.

use crate::access::Proof;
use crate::filter::{self, in_list};
use crate::{Arg, Bulk, Column, Result, Tx, args, statements};
use model::{AutomationCaseId, CaseId, IssueId, SourceId, TagId};
use std::collections::HashMap;

pub use crate::issue::Issue;

/// What a case refers to, each list by id.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Links {
    /// Tags with their names.
    pub tags: Vec<(TagId, String)>,
    /// Issues of trackers.
    pub issues: Vec<Issue>,
    /// Automated tests.
    pub automation: Vec<AutomationLink>,
}

/// An automated test that a case is linked to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AutomationLink {
    /// The test.
    pub id: AutomationCaseId,
    /// Its source.
    pub source_id: SourceId,
    /// Its name.
    pub name: String,
}

statements! {
    TAGS = concat!("SELECT l.case_id, t.id, t.name FROM case_tags l JOIN tags t ON t.id = l.tag_id
        WHERE l.case_id IN ", in_list!("$1"), " ORDER BY l.case_id, t.id");
    ISSUES = concat!("SELECT l.case_id, l.issue_id FROM case_issues l
        WHERE l.case_id IN ", in_list!("$1"), " ORDER BY l.case_id, l.issue_id");
    AUTOMATION = concat!("SELECT l.case_id, a.id, a.source_id, a.name FROM case_automation_links l
        JOIN automation_cases a ON a.id = l.automation_case_id WHERE l.case_id IN ", in_list!("$1"), "
        ORDER BY l.case_id, a.id");
    TESTS = concat!("SELECT a.id, a.source_id, a.name FROM automation_cases a JOIN automation_sources s ON s.id = a.source_id
        WHERE s.project_id = $1 AND a.id IN ", in_list!("$2"), " ORDER BY a.id");
    TAG = "INSERT INTO case_tags (case_id, tag_id) VALUES ($1, $2)";
    LINK_ISSUE = "INSERT INTO case_issues (case_id, issue_id) VALUES ($1, $2)";
    LINK_TEST = "INSERT INTO case_automation_links (case_id, automation_case_id) VALUES ($1, $2)";
    UNTAG = concat!("DELETE FROM case_tags WHERE case_id IN ", in_list!("$1"));
    UNLINK_ISSUES = concat!("DELETE FROM case_issues WHERE case_id IN ", in_list!("$1"));
    UNLINK_TESTS = concat!("DELETE FROM case_automation_links WHERE case_id IN ", in_list!("$1"));
}

const PAIR: &[Column] = &[Column::I64, Column::I64];
const TAG_ROWS: Bulk = Bulk {
    insert: TAG,
    copy: "COPY case_tags (case_id, tag_id) FROM STDIN (FORMAT binary)",
    columns: PAIR,
};
const ISSUE_ROWS: Bulk = Bulk {
    insert: LINK_ISSUE,
    copy: "COPY case_issues (case_id, issue_id) FROM STDIN (FORMAT binary)",
    columns: PAIR,
};
const TEST_ROWS: Bulk = Bulk {
    insert: LINK_TEST,
    copy: "COPY case_automation_links (case_id, automation_case_id) FROM STDIN (FORMAT binary)",
    columns: PAIR,
};

/// What these cases refer to, by case; those that refer to nothing are left out. Four statements.
pub fn of(tx: &mut Tx<'_>, proof: &Proof, cases: &[CaseId]) -> Result<HashMap<CaseId, Links>> {
    let ids = filter::list(&cases.iter().map(|id| id.0).collect::<Vec<_>>());
    let mut links: HashMap<CaseId, Links> = HashMap::new();
    let pair = |r: &crate::Row<'_>| Ok((CaseId(r.get(0)?), r.get::<i64>(1)?));
    for (case, tag, name) in tx.all(TAGS, args![&ids], |r| {
        Ok((CaseId(r.get(0)?), r.get(1)?, r.get::<String>(2)?))
    })? {
        links.entry(case).or_default().tags.push((TagId(tag), name));
    }
    let issues = tx.all(ISSUES, args![&ids], pair)?;
    let wanted: Vec<i64> = issues.iter().map(|(_, id)| *id).collect();
    let known = crate::issue::of(tx, proof, &wanted)?;
    for (case, id) in issues {
        let issue = known.iter().find(|i| i.id == IssueId(id)).cloned();
        links.entry(case).or_default().issues.extend(issue);
    }
    for (case, link) in tx.all(AUTOMATION, args![&ids], |r| {
        Ok((CaseId(r.get(0)?), test(r.get(1)?, r.get(2)?, r.get(3)?)))
    })? {
        links.entry(case).or_default().automation.push(link);
    }
    Ok(links)
}

fn test(id: i64, source: i64, name: String) -> AutomationLink {
    AutomationLink {
        id: AutomationCaseId(id),
        source_id: SourceId(source),
        name,
    }
}

/// The automated tests with these ids that lie in the project that was checked, by id.
pub fn tests(tx: &mut Tx<'_>, proof: &Proof, ids: &[i64]) -> Result<Vec<AutomationLink>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    tx.all(TESTS, args![proof.project().0, &filter::list(ids)], |r| {
        Ok(test(r.get(0)?, r.get(1)?, r.get(2)?))
    })
}

/// Writes the links of new cases.
pub(super) fn insert(tx: &mut Tx<'_>, all: &[(CaseId, &Links)]) -> Result<()> {
    fn pairs<'l>(
        all: &'l [(CaseId, &'l Links)],
        ids: impl Fn(&'l Links) -> Vec<i64>,
    ) -> Vec<[Arg<'static>; 2]> {
        let each = |(case, links): &'l (CaseId, &'l Links)| {
            let case = case.0;
            ids(links).into_iter().map(move |id| [case.into(), id.into()])
        };
        all.iter().flat_map(each).collect()
    }
    let rows = [
        (
            &TAG_ROWS,
            pairs(all, |l| l.tags.iter().map(|(id, _)| id.0).collect()),
        ),
        (
            &ISSUE_ROWS,
            pairs(all, |l| l.issues.iter().map(|i| i.id.0).collect()),
        ),
        (
            &TEST_ROWS,
            pairs(all, |l| l.automation.iter().map(|a| a.id.0).collect()),
        ),
    ];
    for (table, rows) in rows {
        if !rows.is_empty() {
            tx.bulk(table, rows)?;
        }
    }
    Ok(())
}

/// Gives cases other links.
pub(super) fn replace(tx: &mut Tx<'_>, all: &[(CaseId, &Links)]) -> Result<()> {
    let ids = filter::list(&all.iter().map(|(id, _)| id.0).collect::<Vec<_>>());
    for sql in [UNTAG, UNLINK_ISSUES, UNLINK_TESTS] {
        tx.execute(sql, args![&ids])?;
    }
    insert(tx, all)
}
