//! `GET automation/runs/{id}/tests` (contract §9).

use crate::context::{Cx, Outcome, Reply};
use crate::envelope::PageOf;
use app::automation::tests::{self, Linked};
use model::Timestamp;
use model::automation::Outcome as State;
use serde::Serialize;
use store::automation::test::{Filter, Sort, Test};

#[derive(Serialize)]
struct Row {
    id: i64,
    automation_test_id: i64,
    automation_case_id: i64,
    repository_case_id: Option<i64>,
    repository_case_ids: Vec<i64>,
    key: String,
    name: String,
    folder: String,
    status: i64,
    status_id: i64,
    elapsed: Option<i64>,
    file: Option<String>,
    line: Option<i64>,
    assertions: Option<i64>,
    thread_id: i64,
    created_at: Timestamp,
}

impl Row {
    fn new(t: Test, linked: &Linked) -> Row {
        let cases = linked.get(&t.case_id).map_or([].as_slice(), Vec::as_slice);
        Row {
            id: t.id.0,
            automation_test_id: t.id.0,
            automation_case_id: t.case_id.0,
            repository_case_id: cases.first().map(|id| id.0),
            repository_case_ids: cases.iter().map(|id| id.0).collect(),
            key: t.key,
            name: t.name,
            folder: t.folder,
            status: t.outcome.number(),
            status_id: t.status_id,
            elapsed: t.elapsed,
            file: t.file,
            line: t.line,
            assertions: t.assertions,
            thread_id: t.thread_id.0,
            created_at: t.created_at,
        }
    }
}

#[derive(Serialize)]
struct NoExpands {}

/// The tests of a run.
pub(crate) async fn page(cx: Cx) -> Outcome {
    let p = &cx.params;
    let sort = p.sort(&[
        ("automation_run_tests:id", Sort::Id),
        ("automation_run_tests:name", Sort::Name),
        ("automation_run_tests:status", Sort::Status),
        ("automation_run_tests:elapsed", Sort::Elapsed),
        // Tests are numbered as they arrive.
        ("automation_run_tests:created_at", Sort::Id),
    ]);
    let all = [State::Neutral, State::Success, State::Failure, State::Running].map(State::number);
    let filter = Filter {
        thread_ids: p.ids("thread_id"),
        outcomes: p.ids_of("status_id", &all),
        sort: sort.unwrap_or_default(),
        ascending: p.ascending(false),
    };
    let request = p.page_of(|n| (100..=1000).contains(&n), "100 to 1000");
    p.expands(&[]);
    p.check()?;
    let (page, linked) = tests::page(&cx.app, &cx.actor, cx.run()?, &filter, request).await?;
    Reply::ok(&PageOf::new(page.map(|t| Row::new(t, &linked)), NoExpands {}))
}
