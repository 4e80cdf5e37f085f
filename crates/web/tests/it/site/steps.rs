//! Statuses of single steps, as a browser without script gives them; and the hint at cases like the one that is written.

use super::repository::shop;
use super::{Browser, Site};

async fn started(browser: &Browser<'_>) {
    let form = [
        ("name", "Pay by credit card"),
        ("template", "1"),
        ("state", "4"),
        ("custom_steps.id", ""),
        ("custom_steps.text1", "Open"),
        ("custom_steps.text3", ""),
        ("custom_steps.id", ""),
        ("custom_steps.text1", "Pay"),
        ("custom_steps.text3", "It is paid"),
        ("do", "save"),
    ];
    browser
        .post("/cases/new/1", &form)
        .await
        .leads_to("/cases/view/1");
    browser
        .post("/runs/new/1", &[("name", "Release")])
        .await
        .leads_to("/runs/view/1");
}

#[tokio::test]
async fn the_steps_say_the_status_of_the_test() {
    let site = Site::new().await;
    let browser = shop(&site).await;
    started(&browser).await;
    browser
        .get("/runs/view/1?test_id=1")
        .await
        .has("aria-label=\"Status of step 2\"")
        .has("data-weight=\"4\"")
        .lacks("Status of step 3")
        .lacks("required");
    let give = async |given: &[(&str, &str)]| browser.post("/runs/view/1/tests/1", given).await;
    give(&[("step.1", "2"), ("note", "Kept")])
        .await
        .is(422)
        .has("Give the status_id")
        .has("Kept")
        .has("<option value=\"2\" data-weight=\"1\" selected>");
    give(&[("step.1", "2"), ("step.2", "3")]).await.is(303);
    browser
        .get("/runs/view/1?test_id=1")
        .await
        .has("100%</b> done")
        .has("step 1 passed, step 2 failed")
        .has("<span class=\"muted\">Step 2</span> Failed");
    give(&[("step.1", "2"), ("step.2", "3"), ("status", "2")])
        .await
        .is(303);
    browser
        .get("/runs/view/1?show=unfinished")
        .await
        .has("1</b> Passed");
    give(&[("step.3", "2"), ("status", "2")])
        .await
        .is(422)
        .has("There is no step 3.");
}

#[tokio::test]
async fn cases_like_the_one_that_is_written_are_told_of() {
    let site = Site::new().await;
    let browser = shop(&site).await;
    started(&browser).await;
    let similar = async |query: &str| browser.get(&format!("/cases/similar/1?{query}")).await;
    similar("name=Pay+with+credit+card")
        .await
        .is(200)
        .has("A case like this is there already:")
        .has("/cases/view/1")
        .lacks("<html");
    similar("name=Pay+with+credit+card&except=1")
        .await
        .lacks("/cases/view/1");
    for other in [
        "name=",
        "name=%2B",
        "name=Refund+a+gift+card",
        "name=Pay+by+credit+card+12",
    ] {
        similar(other).await.is(200).lacks("/cases/view/1");
    }
    browser.get("/cases/similar/9?name=Pay").await.is(404);
    let form = [
        ("name", "PAY by credit card"),
        ("template", "1"),
        ("state", "4"),
        ("do", "add:steps"),
    ];
    browser
        .post("/cases/new/1", &form)
        .await
        .is(200)
        .has("A case like this is there already:");
    browser.get("/cases/edit/1").await.lacks("like this");
    let otto = site.person("otto").await;
    let hide = |tx: &mut store::Tx<'_>| {
        store::project::set_default_access(tx, model::ProjectId(1), store::project::DefaultAccess::None)
    };
    site.test.db().write(hide).await.unwrap();
    otto.get("/cases/similar/1?name=Pay+by+credit+card").await.is(404);
}
