//! The overview of a project: cases and runs beside automation, and nothing of what one may not look at.

use super::Site;
use super::repository::{case, shop};

#[tokio::test]
async fn cases_and_active_runs_are_counted() {
    let site = Site::new().await;
    let browser = shop(&site).await;
    browser
        .get("/projects/view/1")
        .await
        .is(200)
        .has("write the first one")
        .has("nothing to test now")
        .lacks("All <");
    for name in ["Pay", "Refund", "Rename"] {
        case(&browser, "", name).await.is(303);
    }
    browser
        .post("/runs/new/1", &[("name", "Release <8>")])
        .await
        .leads_to("/runs/view/1");
    let given = [("status", "2"), ("token", "t1")];
    browser.post("/runs/view/1/tests/1", &given).await.is(303);
    browser
        .get("/projects/view/1")
        .await
        .has("href=\"/repositories/1\"")
        .has("<b class=\"num\">3</b>")
        .has("2 tests left of 3")
        .has("Release &lt;8&gt;");
    browser.post("/runs/view/1/close", &[]).await.is(303);
    browser
        .get("/projects/view/1")
        .await
        .has("nothing to test now")
        .lacks("Release &lt;8&gt;");
}
