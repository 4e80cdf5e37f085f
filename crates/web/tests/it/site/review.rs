//! The review of a case, from asking for it to what the reviewer decides.

use super::Site;
use super::repository::{case, shop};

#[tokio::test]
async fn a_case_is_reviewed_beside_the_text_that_was_approved() {
    let site = Site::new().await;
    let browser = shop(&site).await;
    case(&browser, "", "Pay").await.is(303);
    let page = "/cases/view/1";
    browser.get(page).await.has("Ask for review").lacks("In review");
    let asked = [("state", "2"), ("version", "1")];
    browser.post("/cases/view/1/state", &asked).await.leads_to(page);
    browser
        .get(page)
        .await
        .has("In review")
        .has("Nothing of this case was approved before.")
        .has("Approve as Active")
        .has("Set to Draft")
        .lacks("Ask for review");
    // A case in review is no case for a run.
    browser
        .get("/runs/new/1")
        .await
        .has("1 case is left out.")
        .has("No case is chosen.");
    let stale = [("state", "4"), ("version", "1"), ("comment", "Fine <b>now</b>")];
    browser
        .post("/cases/view/1/state", &stale)
        .await
        .is(409)
        .has("Somebody changed the case meanwhile.")
        .has("Fine &lt;b&gt;now&lt;/b&gt;");
    let approved = [("state", "4"), ("version", "2"), ("comment", "Fine <b>now</b>")];
    browser
        .post("/cases/view/1/state", &approved)
        .await
        .leads_to(page);
    browser.get(page).await.has("Ask for review").lacks("In review");
    browser
        .get("/cases/view/1?tab=comments")
        .await
        .has("Fine &lt;b&gt;now&lt;/b&gt;");
    let form = [
        ("version", "3"),
        ("name", "Pay by card"),
        ("template", "1"),
        ("state", "2"),
        ("folder", ""),
        ("do", "save"),
    ];
    browser.post("/cases/edit/1", &form).await.is(303);
    browser
        .get(page)
        .await
        .has("Version 4 beside version 3, approved last")
        .has("<del>Pay</del>")
        .has("<ins>Pay by card</ins>");
    let tess = site.person("tess").await;
    tess.get(page)
        .await
        .has("In review")
        .lacks("Approve as Active")
        .lacks("Ask for review");
    tess.post("/cases/view/1/state", &[("state", "4")]).await.is(403);
    browser
        .post("/cases/view/1/state", &[("state", "x")])
        .await
        .is(404);
    browser
        .post("/cases/view/1/state", &[("state", "99")])
        .await
        .is(422);
}
