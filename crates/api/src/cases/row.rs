//! A case as the contract shows it (`RepositoryCaseResult`, `CreatedRepositoryCase`).

use app::custom::{PREFIX, Schema};
use model::data_set::DataSet;
use model::{CaseId, FieldType, TemplateId, Timestamp};
use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};
use store::case::{AutomationLink, Case, Issue, Links};

/// What every row of a case has.
#[derive(Serialize)]
pub(super) struct Row<'a> {
    id: i64,
    key: i64,
    project_id: i64,
    repo_id: i64,
    folder_id: i64,
    template_id: i64,
    state_id: i64,
    name: &'a str,
    display_order: i64,
    estimate: Option<i64>,
    forecast: Option<i64>,
    status_id: i64,
    status_at: Option<Timestamp>,
    has_automation: bool,
    has_automation_status: bool,
    data_set: Option<&'a DataSet>,
    version: i64,
    created_at: Timestamp,
    created_by: Option<i64>,
    updated_at: Option<Timestamp>,
    updated_by: Option<i64>,
    #[serde(flatten)]
    custom: Custom<'a>,
}

impl<'a> Row<'a> {
    pub(super) fn new(c: &'a Case, schema: &'a Schema) -> Row<'a> {
        Row {
            id: c.id.0,
            key: c.number,
            project_id: c.project_id.0,
            repo_id: c.project_id.0,
            folder_id: c.values.folder_id.map_or(0, |f| f.0),
            template_id: c.values.template_id.0,
            state_id: c.values.state_id.0,
            name: &c.values.name,
            display_order: c.display_order,
            estimate: c.values.estimate,
            forecast: c.forecast,
            status_id: c.values.status_id,
            status_at: c.status_at,
            has_automation: c.has_automation,
            has_automation_status: c.has_automation_status,
            data_set: c.values.data_set.as_ref(),
            version: c.version,
            created_at: c.created_at,
            created_by: c.created_by.map(|u| u.0),
            updated_at: c.updated_at,
            updated_by: c.updated_by.map(|u| u.0),
            custom: Custom {
                case: c.id,
                template: c.values.template_id,
                values: &c.values.custom,
                schema,
            },
        }
    }
}

/// The custom fields of a case's template, each under its own name; those without a value are null.
struct Custom<'a> {
    case: CaseId,
    template: TemplateId,
    values: &'a Map<String, Value>,
    schema: &'a Schema,
}

impl Serialize for Custom<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut map = s.serialize_map(None)?;
        for field in self.schema.fields_of(self.template) {
            let name = format!("{PREFIX}{}", field.system_name);
            match self.values.get(&field.system_name) {
                Some(Value::Array(list)) if field.kind == FieldType::Steps => {
                    map.serialize_entry(&name, &steps(self.case, &name, list))?;
                }
                None if field.kind == FieldType::Steps || field.kind == FieldType::MultiSelect => {
                    map.serialize_entry(&name, &[(); 0])?;
                }
                value => map.serialize_entry(&name, &value)?,
            }
        }
        map.end()
    }
}

/// Steps with what clients expect of each (contract §4.5).
fn steps(case: CaseId, column_name: &str, list: &[Value]) -> Vec<Value> {
    let numbered = list.iter().zip(1..);
    numbered
        .map(|(step, place): (&Value, i64)| {
            let mut step = step.clone();
            if let Value::Object(step) = &mut step {
                step.insert("column_name".to_owned(), json!(column_name));
                step.insert("case_id".to_owned(), json!(case));
                step.insert("display_order".to_owned(), json!(place));
            }
            step
        })
        .collect()
}

/// A case with what it refers to, as single cases and answers to writes show it.
#[derive(Serialize)]
pub(super) struct FullRow<'a> {
    #[serde(flatten)]
    row: Row<'a>,
    automation_links: Vec<LinkRow<'a>>,
    tags: Vec<TagRow<'a>>,
    issues: Vec<IssueRow<'a>>,
}

/// An automated test (`AutomationLinkExpand`).
#[derive(Serialize, Clone)]
pub(super) struct LinkRow<'a> {
    automation_source_id: i64,
    pub(super) automation_case_id: i64,
    name: &'a str,
}

#[derive(Serialize)]
struct TagRow<'a> {
    tag_id: i64,
    name: &'a str,
}

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "the names of the contract")]
struct IssueRow<'a> {
    issue_id: i64,
    display_id: &'a str,
    integration_id: i64,
    connection_project_id: Option<i64>,
}

impl<'a> LinkRow<'a> {
    pub(super) fn new(link: &'a AutomationLink) -> LinkRow<'a> {
        LinkRow {
            automation_source_id: link.source_id.0,
            automation_case_id: link.id.0,
            name: &link.name,
        }
    }
}

impl<'a> From<&'a Issue> for IssueRow<'a> {
    fn from(issue: &'a Issue) -> IssueRow<'a> {
        IssueRow {
            issue_id: issue.id.0,
            display_id: &issue.display_id,
            integration_id: issue.integration_id.0,
            connection_project_id: issue.connection_project_id,
        }
    }
}

impl<'a> FullRow<'a> {
    pub(super) fn new(case: &'a Case, links: &'a Links, schema: &'a Schema) -> FullRow<'a> {
        let tag = |(id, name): &'a (model::TagId, String)| TagRow { tag_id: id.0, name };
        FullRow {
            row: Row::new(case, schema),
            automation_links: links.automation.iter().map(LinkRow::new).collect(),
            tags: links.tags.iter().map(tag).collect(),
            issues: links.issues.iter().map(IssueRow::from).collect(),
        }
    }
}
