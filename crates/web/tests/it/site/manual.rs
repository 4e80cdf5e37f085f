//! Manual runs, as a browser without script makes, executes and closes them.

use super::{Browser, Site};

/// A project with this many cases.
async fn shop(site: &Site, cases: usize) -> Browser<'_> {
    let browser = site.signed_in().await;
    browser
        .post("/projects/new", &[("name", "Shop")])
        .await
        .leads_to("/projects/view/1");
    for n in 1..=cases {
        let name = format!("Pay {n}");
        let form = [
            ("name", name.as_str()),
            ("template", "1"),
            ("state", "4"),
            ("folder", ""),
            ("custom_steps.id", ""),
            ("custom_steps.text1", "Do <it>"),
            ("custom_steps.text3", "It is done"),
            ("do", "save"),
        ];
        browser.post("/cases/new/1", &form).await.is(303);
    }
    browser
}

async fn start(browser: &Browser<'_>) {
    browser
        .post("/runs/new/1", &[("name", "Release")])
        .await
        .leads_to("/runs/view/1");
}

#[tokio::test]
async fn a_run_is_made_of_chosen_cases() {
    let site = Site::new().await;
    let browser = shop(&site, 3).await;
    browser.get("/runs/1").await.is(200).has("No active runs");
    browser
        .get("/runs/new/1")
        .await
        .is(200)
        .has("3 cases")
        .lacks("No case is chosen");
    browser.get("/runs/new/1?q=2").await.has("1 case<");
    browser
        .get("/runs/new/1?q=nothing")
        .await
        .has("No case is chosen");
    browser
        .post("/runs/new/1?q=nothing", &[("name", "None")])
        .await
        .is(422)
        .has("between 1 and 100,000 cases");
    browser
        .post("/runs/new/1", &[("name", " "), ("note", "Kept")])
        .await
        .is(422)
        .has("id=\"name-error\"")
        .has("Kept");
    browser
        .post("/runs/new/1", &[("name", "R"), ("milestone", "77")])
        .await
        .is(422)
        .has("milestone 77");
    browser
        .post("/runs/new/1?q=2", &[("name", "Only two")])
        .await
        .leads_to("/runs/view/1");
    browser
        .get("/runs/view/1")
        .await
        .is(200)
        .has("Pay 2")
        .lacks("Pay 3");
    browser
        .get("/runs/1")
        .await
        .has("Only two")
        .has("0% done, 0 failed");
    browser
        .get("/repositories/1?q=2")
        .await
        .has("href=\"/runs/new/1?q=2\"");
    for path in [
        "/runs/9",
        "/runs/new/9",
        "/runs/x",
        "/runs/view/9",
        "/runs/view/x",
    ] {
        browser.get(path).await.is(404);
    }
}

#[tokio::test]
async fn a_result_is_given_once_and_taken_back() {
    let site = Site::new().await;
    let browser = shop(&site, 2).await;
    start(&browser).await;
    browser
        .get("/runs/view/1?test_id=1")
        .await
        .is(200)
        .has("Do &lt;it&gt;")
        .has("1 of 2")
        .has("No result yet.");
    browser
        .post("/runs/view/1/tests/1", &[("note", "Seen **that**")])
        .await
        .is(422)
        .has("Give the status_id")
        .has("Seen **that**");
    let given = [
        ("status", "3"),
        ("note", "Seen **that**"),
        ("elapsed", "75"),
        ("assignee", "1"),
        ("token", "t1"),
        ("go_on", "yes"),
    ];
    for _ in 0..2 {
        browser
            .post("/runs/view/1/tests/1", &given)
            .await
            .leads_to("/runs/view/1?test_id=2&made=1");
    }
    browser
        .get("/runs/view/1?test_id=1")
        .await
        .has("<strong>that</strong>")
        .has("1 min 15 s")
        .has("50.0%</b> done");
    browser
        .get("/runs/view/1?show=unfinished")
        .await
        .has("Pay 2")
        .lacks("Pay 1");
    browser
        .get("/runs/view/1?show=mine")
        .await
        .has("Pay 1")
        .lacks("Pay 2");
    browser
        .fragment("/runs/view/1/since/0", "div#news")
        .await
        .is(200)
        .has("id=\"t1\"")
        .lacks("id=\"t2\"")
        .lacks("<html");
    let otto = site.person("otto").await;
    otto.post("/runs/view/1/results/1/undo", &[])
        .await
        .is(409)
        .has("by whoever gave it");
    browser
        .post("/runs/view/1/results/1/undo", &[])
        .await
        .leads_to("/runs/view/1?test_id=1");
    browser.post("/runs/view/1/results/1/undo", &[]).await.is(409);
    browser
        .get("/runs/view/1?test_id=1")
        .await
        .has("No result yet.")
        .has("0%</b> done");
    for path in [
        "/runs/view/1/tests/9",
        "/runs/view/9/tests/1",
        "/runs/view/1/results/9/undo",
    ] {
        browser.post(path, &given[..2]).await.is(404);
    }
}

#[tokio::test]
async fn a_closed_run_is_frozen_until_it_is_opened() {
    let site = Site::new().await;
    let browser = shop(&site, 1).await;
    start(&browser).await;
    browser.get("/runs/view/1/close").await.is(200).has("1 test has");
    browser
        .post("/runs/view/1/close", &[])
        .await
        .leads_to("/runs/view/1");
    browser
        .get("/runs/view/1?test_id=1")
        .await
        .has("The run is closed")
        .lacks("id=\"result\"");
    browser.get("/runs/1").await.has("No active runs");
    browser
        .get("/runs/1?closed=yes")
        .await
        .has("href=\"/runs/view/1\"");
    browser
        .get("/runs/view/1/report")
        .await
        .is(200)
        .has("Pay 1")
        .has("Untested");
    browser
        .post("/runs/view/1/reopen", &[])
        .await
        .leads_to("/runs/view/1");
    browser.get("/runs/view/1?test_id=1").await.has("id=\"result\"");
}

#[tokio::test]
async fn long_runs_come_in_parts() {
    let site = Site::new().await;
    let browser = shop(&site, 60).await;
    start(&browser).await;
    let first = browser.get("/runs/view/1").await;
    first.is(200).has("Pay 40").lacks("Pay 41").has("Next 40 tests");
    browser
        .fragment("/runs/view/1?after=50", "tbody#more")
        .await
        .is(200)
        .has("Pay 51")
        .lacks("Pay 50<")
        .lacks("<html");
    browser
        .get("/runs/view/1?test_id=58")
        .await
        .is(200)
        .has("58 of 60")
        .has("Show the list from its beginning");
    browser
        .fragment("/runs/view/1?test_id=58", "aside#detail")
        .await
        .has("Pay 58")
        .lacks("Pay 1<");
}

#[tokio::test]
async fn a_result_is_given_with_its_fields_and_a_defect() {
    let site = Site::new().await;
    let browser = shop(&site, 1).await;
    start(&browser).await;
    browser
        .get("/runs/view/1?test_id=1")
        .await
        .is(200)
        .lacks("Defect")
        .lacks("custom_build");
    site.sql(&[
        "INSERT INTO integrations (id, type, name, is_active, created_at) VALUES (3, 4, 'Jira', TRUE, 1)",
        "INSERT INTO fields (id, entity, type, name, system_name, is_active, is_compact, include_all, is_required,
            is_restricted, default_value, display_order) VALUES
         (71, 'run_result', 1, 'Build', 'build', TRUE, FALSE, TRUE, TRUE, FALSE, NULL, 1),
         (72, 'run_result', 1, 'Host', 'host', TRUE, FALSE, TRUE, FALSE, FALSE, '\"staging\"', 2),
         (73, 'run_result', 8, 'Device', 'device', TRUE, FALSE, TRUE, FALSE, FALSE, NULL, 3)",
        "INSERT INTO field_options (id, field_id, value, is_active, display_order) VALUES (71, 73, 'Phone', TRUE, 1)",
    ])
    .await;
    browser
        .get("/runs/view/1?test_id=1")
        .await
        .has("Defect")
        .has("name=\"custom_build\"")
        .has("value=\"staging\"");
    browser
        .post(
            "/runs/view/1/tests/1",
            &[
                ("status", "3"),
                ("note", "Kept"),
                ("custom_device", "71"),
                ("issue_number", "WEB-1"),
            ],
        )
        .await
        .is(422)
        .has("Choose the tracker of the issue")
        .has("value=\"WEB-1\"")
        .has("Kept");
    browser
        .post(
            "/runs/view/1/tests/1",
            &[("status", "3"), ("custom_build", ""), ("custom_device", "71")],
        )
        .await
        .is(422)
        .has("The field Build is required")
        .has("id=\"custom_build-error\"")
        .has("value=\"71\" selected");
    let given = [
        ("status", "3"),
        ("custom_build", "7.1 <b>"),
        ("custom_host", ""),
        ("custom_device", "71"),
        ("tracker", "3"),
        ("issue_number", "WEB-1"),
    ];
    browser.post("/runs/view/1/tests/1", &given).await.is(303);
    browser
        .get("/runs/view/1?test_id=1")
        .await
        .has("7.1 &lt;b&gt;")
        .has("Phone")
        .has("WEB-1")
        .lacks("No result yet");
}

#[tokio::test]
async fn a_changed_case_is_taken_over_once_it_is_wanted() {
    let site = Site::new().await;
    let browser = shop(&site, 1).await;
    start(&browser).await;
    browser
        .post("/runs/view/1/tests/1", &[("status", "2")])
        .await
        .is(303);
    let page = "/runs/view/1?test_id=1";
    browser.get(page).await.lacks("instead");
    let form = [
        ("version", "1"),
        ("name", "Pay by card"),
        ("template", "1"),
        ("state", "4"),
        ("folder", ""),
        ("custom_steps.id", ""),
        ("custom_steps.text1", "Do it by card"),
        ("custom_steps.text3", "It is done"),
        ("do", "save"),
    ];
    browser.post("/cases/edit/1", &form).await.is(303);
    browser
        .get(page)
        .await
        .has("Do &lt;it&gt;")
        .has("Test version 2 instead")
        .has("untested again");
    let text = "/runs/view/1/tests/1/text";
    browser.post(text, &[("version", "1")]).await.is(303);
    browser.get(page).await.has("Do &lt;it&gt;");
    browser.post(text, &[("version", "2")]).await.leads_to(page);
    browser
        .get(page)
        .await
        .has("Do it by card")
        .has("Version 1")
        .has("0%</b> done")
        .lacks("instead");
    browser.post("/runs/view/1/close", &[]).await.is(303);
    browser
        .post(
            "/cases/edit/1",
            &[
                ("version", "2"),
                ("name", "Third"),
                ("template", "1"),
                ("state", "4"),
                ("folder", ""),
                ("do", "save"),
            ],
        )
        .await
        .is(303);
    browser
        .get(page)
        .await
        .has("The case was changed")
        .lacks("instead");
}

#[tokio::test]
async fn a_live_run_takes_in_more_until_it_is_told_not_to() {
    let site = Site::new().await;
    let browser = shop(&site, 2).await;
    browser
        .get("/runs/new/1")
        .await
        .has("Stay live")
        .lacks("name=\"live\" value=\"yes\" checked");
    browser.get("/runs/new/1?case=1").await.lacks("Stay live");
    browser
        .post("/runs/new/1?q=pay", &[("name", " "), ("live", "yes")])
        .await
        .is(422)
        .has("value=\"yes\" checked");
    browser
        .post("/runs/new/1?q=pay", &[("name", "Payments"), ("live", "yes")])
        .await
        .leads_to("/runs/view/1");
    let more = |name: &'static str| [("name", name), ("template", "1"), ("state", "4"), ("do", "save")];
    browser.post("/cases/new/1", &more("Pay later")).await.is(303);
    browser.post("/cases/new/1", &more("Refund")).await.is(303);
    browser
        .get("/runs/view/1")
        .await
        .has("Pay later")
        .lacks("Refund")
        .has("Live</span>")
        .has("Stop adding");
    browser
        .get("/runs/view/1/freeze")
        .await
        .is(200)
        .has("Add no more cases to “Payments”?");
    browser
        .post("/runs/view/1/freeze", &[])
        .await
        .leads_to("/runs/view/1");
    browser.post("/cases/new/1", &more("Pay never")).await.is(303);
    browser
        .get("/runs/view/1")
        .await
        .lacks("Pay never")
        .lacks("Live</span>");
    let otto = site.person("otto").await;
    otto.get("/runs/view/9/freeze").await.is(404);
}
