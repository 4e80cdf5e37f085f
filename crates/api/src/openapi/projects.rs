//! Projects (contract §2.7).

use super::param::{expands as expanding, paging, sort, yes_or_no};
use super::schema::{count, flag, id, nullable, one, page, row, text, time};
use super::shared::made_and_changed;
use super::{Group, operation};

const COUNTS: [&str; 15] = [
    "milestone_count",
    "milestone_active_count",
    "milestone_completed_count",
    "run_count",
    "run_active_count",
    "run_closed_count",
    "session_count",
    "session_active_count",
    "session_closed_count",
    "automation_source_count",
    "automation_source_active_count",
    "automation_source_retired_count",
    "automation_run_count",
    "automation_run_active_count",
    "automation_run_completed_count",
];

pub(super) fn group() -> Group {
    let mut project = vec![("id", id()), ("name", text()), ("is_completed", flag())];
    project.extend(COUNTS.map(|name| (name, count())));
    project.extend(made_and_changed());
    project.push(("completed_at", nullable(time())));
    Group {
        name: "Projects",
        about: "Projects hold everything else.",
        operations: vec![
            operation("getProject", "Show a project")
                .params([expanding(&["users"])])
                .shows("ProjectRow"),
            operation("getProjectPage", "List the projects that the caller may see")
                .params([yes_or_no(
                    "is_completed",
                    "Only projects that are, or are not, completed.",
                )])
                .params(sort(&["projects:created_at", "projects:completed_at"], true))
                .params(paging())
                .params([expanding(&["users"])])
                .shows("ProjectPage"),
            operation(
                "getUserPageForProject",
                "List those who see a project, by id and name",
            )
            .params(paging())
            .shows("NamePage"),
        ],
        schemas: vec![
            ("Project", row(project)),
            ("ProjectRow", one("Project", "UserExpands")),
            ("ProjectPage", page("Project", Some("UserExpands"))),
            ("NamePage", page("Named", None)),
        ],
    }
}
