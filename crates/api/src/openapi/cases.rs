//! Cases of the repository (contract §2.9, §4.5, §9), their versions and comments.

use super::param::{
    between, expands as expanding, ids, paging, sizes, sort, text as text_like, texts, yes_or_no,
};
use super::schema::{
    Properties, about, anything, body, count, expands, flag, id, id_or_none, list, list_of, map, name,
    nullable, one_of, only, page, refer, row, text, text_of, time, with_custom, within,
};
use super::shared::{ESTIMATE_MAX, made_and_changed};
use super::{Described, Group, operation};
use crate::openapi::param::Param;
use app::cases::{LINKS_MAX, MOST};
use model::data_set::{NAME_MAX as PARAMETER_MAX, PARAMETERS_MAX, ROWS_MAX, VALUE_MAX};
use model::text::{LONG_NAME_MAX, NAME_MAX};
use serde_json::{Value, json};

/// Most tags, issues and automated tests of a case; as in `app`.
const LIST_MAX: usize = 100;
/// Most characters of a comment; as in `app`.
const COMMENT_MAX: usize = 20_000;

pub(super) fn group() -> Group {
    Group {
        name: "Cases",
        about: "Test cases with custom fields, tags, issues and automated tests; every version is kept.",
        operations: [repository(), links(), versions(), comments()]
            .into_iter()
            .flatten()
            .collect(),
        schemas: [rows(), inputs(), more()].into_iter().flatten().collect(),
    }
}

fn filters() -> Vec<Param> {
    let keys = [
        "created_at",
        "created_by",
        "display_order",
        "estimate",
        "folder_id",
        "forecast",
        "has_automation",
        "id",
        "name",
        "state_id",
        "status_at",
        "status_id",
        "template_id",
        "updated_at",
        "updated_by",
    ];
    let keys = keys.map(|key| format!("repository_cases:{key}"));
    let mut all = vec![
        ids("folder_id", "Only cases in these folders."),
        ids("template_id", "Only cases of these templates."),
        ids("state_id", "Only cases in these states."),
        ids("status_id", "Only cases whose latest result is one of these."),
        ids("created_by", "Only cases that these users made."),
        ids("updated_by", "Only cases that these users changed last."),
        texts("tags", "Only cases with one of these tags.", "smoke"),
        yes_or_no("has_automation", "Only cases with, or without, automated tests."),
        yes_or_no(
            "has_automation_status",
            "Only cases whose automated tests have, or have not, results.",
        ),
        text_like("name", "Only cases whose name contains this.", "checkout"),
        text_like("search", "Only cases that contain these words.", "card declined"),
    ];
    all.extend(between("created_after", "created_before"));
    all.extend(sort(&keys.each_ref().map(String::as_str), true));
    all
}

fn repository() -> Vec<Described> {
    let names = [
        "templates",
        "folders",
        "users",
        "automation_links",
        "tags",
        "history",
        "comments",
    ];
    let made = json!({"cases": [{"name": "Pay by card", "estimate": 300_000_000, "tags": ["smoke"]}]});
    vec![
        operation("createCases", "Make cases")
            .notes("All or none.")
            .takes("CasesIn", made)
            .makes("Cases")
            .leads_to(&[("getCase", "case_id", "/result/0/id")]),
        operation("deleteCases", "Delete cases").takes("IdsIn", json!({"ids": [1]})),
        operation("getCasesPage", "List the cases of a project")
            .params(filters())
            .params(paging())
            .params([expanding(&names)])
            .shows("CasePage"),
        operation("updateCases", "Give cases the same new values")
            .notes("All or none. With `version`, only when that is still the current one.")
            .takes("CaseChange", json!({"ids": [1], "name": "Pay by card twice"}))
            .shows("Cases"),
        operation(
            "getCaseNamePage",
            "List only names of cases, for tools that keep them all",
        )
        .params(filters())
        .params(sizes(1, 1000))
        .shows("CaseNamePage"),
        operation("getCase", "Show a case").shows("CaseRow"),
        operation("searchCases", "Find cases as one types")
            .params([text_like("q", "Words, or the number of a case.", "card").required()])
            .shows("Hits"),
    ]
}

fn links() -> Vec<Described> {
    let pair = json!({"case_id": 1, "automation_case_id": 1});
    vec![
        operation("createAutomationLink", "Link a case to an automated test").takes("CasePair", pair.clone()),
        operation("createAutomationLinks", "Link cases to automated tests")
            .notes("All or none. Links that are there stay.")
            .takes("CasePairs", json!({ "links": [pair] })),
    ]
}

fn versions() -> Vec<Described> {
    vec![
        operation("getCaseVersionPage", "List the versions of a case, newest first")
            .params(paging())
            .shows("VersionPage"),
        operation("getCaseVersion", "Show a version of a case").shows("VersionRow"),
        operation("restoreCaseVersion", "Give a case the text of an older version").shows("CaseRow"),
    ]
}

fn comments() -> Vec<Described> {
    let text = || json!({"text": "Does this hold for vouchers too?"});
    vec![
        operation("getCaseComments", "List the comments on a case").shows("Comments"),
        operation("createCaseComment", "Comment on a case")
            .takes("CommentIn", text())
            .makes("CommentRow")
            .leads_to(&[
                ("updateCaseComment", "comment_id", "/result/id"),
                ("deleteCaseComment", "comment_id", "/result/id"),
            ]),
        operation("updateCaseComment", "Change a comment")
            .takes("CommentIn", text())
            .shows("CommentRow"),
        operation("deleteCaseComment", "Delete a comment"),
    ]
}

/// What every row of a case has.
fn case() -> Properties {
    let mut all = vec![
        ("id", id()),
        ("key", about(id(), "Its number in the project.")),
        ("project_id", id()),
        ("repo_id", id()),
        ("folder_id", about(id_or_none(), "0 is the root.")),
        ("template_id", id()),
        ("state_id", id()),
        ("name", text()),
        ("display_order", count()),
        ("estimate", about(nullable(count()), "Microseconds.")),
        ("forecast", about(nullable(count()), "Microseconds.")),
        ("status_id", within(1, 25)),
        ("status_at", nullable(time())),
        ("has_automation", flag()),
        ("has_automation_status", flag()),
        ("data_set", nullable(refer("DataSet"))),
        ("version", id()),
    ];
    all.extend(made_and_changed());
    all
}

fn rows() -> Vec<(&'static str, Value)> {
    let mut listed = case();
    listed.extend(["automation_links?", "tags?", "history?", "comments?"].map(|name| (name, list(id()))));
    let mut full = case();
    let tag = row(vec![("tag_id", id()), ("name", text())]);
    let issue = row(vec![
        ("issue_id", id()),
        ("display_id", text()),
        ("integration_id", id()),
        ("connection_project_id", nullable(id())),
    ]);
    full.extend([
        ("automation_links", list(refer("CaseLink"))),
        ("tags", list(tag)),
        ("issues", list(issue)),
    ]);
    let link = row(vec![
        ("automation_source_id", id()),
        ("automation_case_id", id()),
        ("name", text()),
    ]);
    let comment = row(vec![
        ("id", id()),
        ("created_at", time()),
        ("created_by", nullable(id())),
    ]);
    let history = row(vec![
        ("id", id()),
        ("case_id", id()),
        ("version", id()),
        ("created_at", time()),
        ("created_by", nullable(id())),
        ("changes", list(refer("Change"))),
    ]);
    let data_set = row(vec![("parameters", list(text())), ("rows", list(list(text())))]);
    vec![
        (
            "DataSet",
            about(
                data_set,
                "The case is tested once for each row; its texts name a parameter as {{name}}.",
            ),
        ),
        ("CaseLink", link),
        ("ListedCase", with_custom(row(listed))),
        ("Case", with_custom(row(full))),
        ("CaseRow", only(refer("Case"))),
        ("Cases", only(list(refer("Case")))),
        ("CommentExpand", comment),
        ("HistoryExpand", history),
        (
            "CaseExpands",
            expands(&[
                ("templates", "Choice"),
                ("folders", "Named"),
                ("users", "Named"),
                ("automation_links", "CaseLink"),
                ("tags", "Named"),
                ("history", "HistoryExpand"),
                ("comments", "CommentExpand"),
            ]),
        ),
        ("CasePage", page("ListedCase", Some("CaseExpands"))),
    ]
}

fn inputs() -> Vec<(&'static str, Value)> {
    let issues = || list_of(refer("IssueIn"), 0, LIST_MAX);
    let tags = || list_of(name(NAME_MAX), 0, LIST_MAX);
    let case = body(vec![
        ("name", name(LONG_NAME_MAX)),
        ("folder_id?", about(id_or_none(), "0 is the root.")),
        ("template_id?", id()),
        ("state_id?", id()),
        ("estimate?", about(within(0, ESTIMATE_MAX), "Microseconds.")),
        ("automation_links?", list_of(id(), 0, LIST_MAX)),
        ("issues?", issues()),
        ("tags?", tags()),
        ("data_set?", nullable(refer("DataSetIn"))),
    ]);
    let change = super::schema::change(vec![
        ("ids", list_of(id(), 1, MOST)),
        ("version?", about(id(), "The version that is to be changed.")),
        ("name?", name(LONG_NAME_MAX)),
        ("folder_id?", nullable(id_or_none())),
        ("template_id?", id()),
        ("state_id?", id()),
        ("status_id?", within(1, 25)),
        (
            "estimate?",
            about(nullable(within(0, ESTIMATE_MAX)), "Microseconds."),
        ),
        ("issues?", issues()),
        ("tags?", tags()),
        ("automation_links?", list_of(id(), 0, LIST_MAX)),
        (
            "data_set?",
            about(nullable(refer("DataSetIn")), "Null removes it."),
        ),
    ]);
    let mut parameters = list_of(without_braces(name(PARAMETER_MAX)), 1, PARAMETERS_MAX);
    parameters["uniqueItems"] = json!(true);
    let data_set = body(vec![
        ("parameters", about(parameters, "Names, each once.")),
        (
            "rows",
            about(
                list_of(list_of(text_of(VALUE_MAX), 1, PARAMETERS_MAX), 1, ROWS_MAX),
                "One value for each parameter.",
            ),
        ),
    ]);
    let pair = || vec![("case_id", id()), ("automation_case_id", id())];
    vec![
        ("DataSetIn", data_set),
        (
            "CasesIn",
            body(vec![("cases", list_of(with_custom(case), 1, MOST))]),
        ),
        ("CaseChange", with_custom(change)),
        ("CasePair", body(pair())),
        (
            "CasePairs",
            body(vec![("links", list_of(body(pair()), 1, LINKS_MAX))]),
        ),
        (
            "CommentIn",
            body(vec![("text", super::schema::said(COMMENT_MAX))]),
        ),
    ]
}

/// Braces stand around parameters in texts.
fn without_braces(mut name: Value) -> Value {
    let pattern = name["pattern"].as_str().unwrap_or_default();
    name["pattern"] = json!(pattern.replace("[^", "[^{}"));
    name
}

fn more() -> Vec<(&'static str, Value)> {
    let change = row(vec![
        ("id", id()),
        ("type", about(one_of(&[1, 2, 3]), "1 set, 2 changed, 3 removed.")),
        ("field", text()),
        ("before", anything()),
        ("after", anything()),
    ]);
    let version = row(vec![
        ("id", id()),
        ("case_id", id()),
        ("version", id()),
        ("content", map(anything())),
        ("changes", list(refer("Change"))),
        ("created_at", time()),
        ("created_by", nullable(id())),
    ]);
    let mut comment = vec![("id", id()), ("case_id", id()), ("text", text())];
    comment.extend(made_and_changed());
    let case_name = || vec![("id", id()), ("name", text()), ("folder_id", id_or_none())];
    let mut hit = case_name();
    hit.push(("key", id()));
    vec![
        ("Change", change),
        ("Version", version),
        ("VersionRow", only(refer("Version"))),
        ("VersionPage", page("Version", None)),
        ("Comment", row(comment)),
        ("CommentRow", only(refer("Comment"))),
        ("Comments", only(list(refer("Comment")))),
        ("CaseName", row(case_name())),
        ("CaseNamePage", page("CaseName", None)),
        ("Hits", only(list(row(hit)))),
    ]
}
