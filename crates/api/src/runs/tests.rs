//! Tests of manual runs: our addition, as writing results needs their ids.

use crate::context::{Cx, Outcome, Reply};
use crate::envelope::{Only, PageOf};
use crate::wire::Whole;
use app::runs::results;
use model::TestId;
use serde::{Deserialize, Serialize};
use store::run::test::Test;

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "a row of a data set")]
struct Row {
    id: i64,
    run_id: i64,
    case_id: i64,
    case_version: i64,
    data_row: Option<i64>,
    name: Option<String>,
    status_id: i64,
    assignee_id: Option<i64>,
    forecast: Option<i64>,
    elapsed: Option<i64>,
}

impl From<Test> for Row {
    fn from(t: Test) -> Row {
        Row {
            id: t.id.0,
            run_id: t.run_id.0,
            case_id: t.case_id.0,
            case_version: t.case_version,
            data_row: t.data_row,
            name: t.name,
            status_id: t.status_id,
            assignee_id: t.assignee_id.map(|u| u.0),
            forecast: t.forecast,
            elapsed: t.elapsed,
        }
    }
}

/// The tests of a run, in its order.
pub(crate) async fn page(cx: Cx) -> Outcome {
    let request = cx.params.page();
    cx.params.check()?;
    let page = app::runs::tests(&cx.app, &cx.actor, cx.manual_run()?, request).await?;
    Reply::ok(&PageOf::bare(page.map(Row::from)))
}

#[derive(Deserialize)]
struct TextIn {
    case_version: Whole,
}

/// Gives a test the newest text of its case.
pub(crate) async fn update(cx: Cx) -> Outcome {
    let (test, text) = (TestId(cx.number("test_id")?), cx.json::<TextIn>()?);
    let place = (cx.manual_run()?, test);
    let test = results::take_over(&cx.app, &cx.actor, place, text.case_version.0).await?;
    Reply::ok(&Only {
        result: Row::from(test),
    })
}
