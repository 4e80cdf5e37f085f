//! Many cases at once, as a browser without script changes, moves, tags, copies and deletes them.

use super::{Browser, Site};
use crate::html::elements;

async fn shop(site: &Site, cases: usize) -> Browser<'_> {
    let browser = site.signed_in().await;
    browser.post("/projects/new", &[("name", "Shop")]).await.is(303);
    browser
        .post("/repositories/1/folders/new", &[("name", "Checkout")])
        .await
        .is(303);
    for n in 1..=cases {
        let name = format!("Case number{n:02} <b>");
        let form = [
            ("name", name.as_str()),
            ("template", "1"),
            ("state", "4"),
            ("tags", "smoke"),
            ("custom_priority", "1"),
            ("do", "save"),
        ];
        browser.post("/cases/new/1", &form).await.is(303);
    }
    browser
}

#[tokio::test]
async fn picked_cases_are_changed_together() {
    let site = Site::new().await;
    let browser = shop(&site, 4).await;
    browser
        .get("/repositories/1")
        .await
        .has("name=\"case\" value=\"1\"")
        .has("All 4 cases")
        .has("formaction=\"/cases/bulk/1/delete\"");
    let path = "/cases/bulk/1/change?case=1&case=3";
    browser
        .get(path)
        .await
        .is(200)
        .has("<h1>Change 2 cases</h1>")
        .has("Case number03 &lt;b&gt;")
        .lacks("number02");
    let form = [
        ("expected", "2"),
        ("state_id", "3"),
        ("estimate", "2 min"),
        ("folder_id", "1"),
        ("tags", "slow"),
        ("tag_mode", "add"),
        ("custom_priority", "2"),
        ("custom_preconditions", "Signed in"),
        ("custom_steps", "Pay\tIt is paid\r\nLeave"),
    ];
    browser
        .post(path, &form)
        .await
        .leads_to("/repositories/1?done=change.2.2");
    browser
        .get("/repositories/1?done=change.2.2")
        .await
        .has("Changed 2 cases.");
    for id in [1, 3] {
        browser
            .get(&format!("/cases/view/{id}"))
            .await
            .has("Signed in")
            .has("It is paid")
            .has("Leave")
            .has("2 min")
            .has("smoke")
            .has("slow")
            .has("Checkout");
    }
    browser
        .get("/cases/view/2")
        .await
        .lacks("Signed in")
        .lacks("slow");
    browser.get("/cases/view/1?tab=history").await.has("Signed in");
    let again = browser.post(path, &[("expected", "2"), ("state_id", "3")]).await;
    again.leads_to("/repositories/1?done=change.2.0");
    let told = browser.get("/repositories/1?done=change.2.1").await;
    told.has("Changed 1 case. 1 was so already.");
    browser
        .get("/repositories/1?done=burn.2.1")
        .await
        .lacks("class=\"said");
}

#[tokio::test]
async fn all_that_match_are_changed_or_none() {
    let site = Site::new().await;
    let browser = shop(&site, 55).await;
    let path = "/cases/bulk/1/change?q=number&all=yes";
    browser
        .get(path)
        .await
        .has("<h1>Change 55 cases</h1>")
        .has("and 50 more");
    let shown = [("expected", "54"), ("state_id", "3")];
    browser
        .post(path, &shown)
        .await
        .is(422)
        .has("These are 55 cases now, but 54 were shown.")
        .has("name=\"expected\" value=\"55\"");
    for (wrong, times, text) in [
        (vec![("state_id", "99")], 2, "There is no state 99"),
        (
            vec![("custom_priority", "99")],
            2,
            "must be one of the option ids",
        ),
        (
            vec![("estimate", "soon"), ("state_id", "3")],
            2,
            "Write the estimate as",
        ),
        (vec![], 1, "Choose at least one new value"),
    ] {
        let refused = browser.post(path, &wrong).await;
        refused.is(422).has(text).has("Error: Change 55 cases");
        // Above the form and at the field, and not once for every case.
        assert_eq!(refused.html.matches(text).count(), times, "{text}");
    }
    browser
        .get("/repositories/1?state=3")
        .await
        .has("Nothing matches");
    browser
        .post(path, &[("expected", "55"), ("state_id", "3")])
        .await
        .leads_to("/repositories/1?q=number&done=change.55.55");
    browser.get("/repositories/1?state=3").await.has("of 55 cases");
    let page = browser.get("/repositories/1").await;
    assert!(elements(&page.html).len() < 4000);
}

#[tokio::test]
async fn cases_are_moved_tagged_copied_run_and_deleted() {
    let site = Site::new().await;
    let browser = shop(&site, 3).await;
    let at = |deed: &str| format!("/cases/bulk/1/{deed}?case=1&case=2");
    browser
        .post(&at("move"), &[("expected", "2")])
        .await
        .is(422)
        .has("Choose a folder.");
    browser
        .post(&at("move"), &[("expected", "2"), ("folder_id", "1")])
        .await
        .leads_to("/repositories/1?done=move.2.2");
    browser
        .get("/repositories/1?folder=1")
        .await
        .has("1–2 of 2 cases");
    for (tags, mode, has, lacks) in [
        ("Smoke, slow", "add", "slow", "Smoke"),
        ("SMOKE", "remove", "slow", "smoke"),
        ("new", "replace", "new", "slow"),
    ] {
        let form = [("expected", "2"), ("tags", tags), ("tag_mode", mode)];
        browser.post(&at("tag"), &form).await.is(303);
        let case = browser.get("/cases/view/2").await;
        case.has(&format!("<span class=\"tag\">{has}</span>"));
        case.lacks(&format!("<span class=\"tag\">{lacks}</span>"));
    }
    let form = [("expected", "2"), ("empty", "tags")];
    browser.post(&at("tag"), &form).await.is(303);
    browser
        .get("/cases/view/2")
        .await
        .lacks("<span class=\"tag\">new</span>");
    browser
        .post(&at("copy"), &[("expected", "2"), ("folder_id", "0")])
        .await
        .leads_to("/repositories/1?done=copy.2.2");
    browser.get("/repositories/1").await.has("5 cases<");
    browser
        .get("/runs/new/1?case=1&case=2")
        .await
        .is(200)
        .has("2 cases</b>");
    browser
        .post("/runs/new/1?case=1&case=2", &[("name", "Two")])
        .await
        .leads_to("/runs/view/1");
    browser
        .get("/runs/view/1")
        .await
        .has("number01")
        .lacks("number03");
    browser
        .get(&at("delete"))
        .await
        .has("<h1>Delete 2 cases?</h1>")
        .has("This cannot be undone");
    browser
        .post(&at("delete"), &[("expected", "2")])
        .await
        .leads_to("/repositories/1?done=delete.2.2");
    browser.get("/repositories/1").await.has("3 cases<");
    browser
        .post(&at("delete"), &[("expected", "2")])
        .await
        .is(422)
        .has("No case is chosen.");
    for path in [
        "/cases/bulk/1/burn?case=3",
        "/cases/bulk/9/change?case=3",
        "/cases/bulk/x/change",
    ] {
        browser.get(path).await.is(404);
    }
    browser
        .get("/cases/bulk/1/change")
        .await
        .is(200)
        .has("No case is chosen.")
        .lacks("type=\"submit\"");
}

#[tokio::test]
async fn who_may_not_change_cases_may_not_change_many() {
    let site = Site::new().await;
    let browser = shop(&site, 1).await;
    let other = site.person("tess").await;
    for deed in ["change", "move", "tag", "copy", "delete"] {
        let path = format!("/cases/bulk/1/{deed}?all=yes");
        let form = [
            ("expected", "1"),
            ("state_id", "3"),
            ("folder_id", "1"),
            ("tags", "x"),
        ];
        let (shown, sent) = (other.get(&path).await, other.post(&path, &form).await);
        assert!(
            shown.status.is_client_error() && sent.status.is_client_error(),
            "{deed}"
        );
    }
    browser
        .get("/repositories/1")
        .await
        .has("1 case<")
        .has("smoke")
        .lacks(">x</span>");
}

#[tokio::test]
async fn a_field_that_some_cases_lack_is_refused_with_what_was_typed() {
    let site = Site::new().await;
    let browser = shop(&site, 2).await;
    let form = [
        ("name", "Told in a scenario"),
        ("template", "4"),
        ("state", "4"),
        ("do", "save"),
    ];
    browser.post("/cases/new/1", &form).await.is(303);
    let path = "/cases/bulk/1/change?all=yes";
    let form = [
        ("expected", "3"),
        ("custom_preconditions", "Signed <in>"),
        ("state_id", "3"),
    ];
    let refused = browser.post(path, &form).await;
    refused
        .is(422)
        .has("1 of the 3 cases have a type without this field. Choose others.")
        .has("Signed &lt;in&gt;</textarea>")
        .has("<option value=\"3\" selected");
    browser
        .get("/repositories/1?state=3")
        .await
        .has("Nothing matches");
}

#[tokio::test]
async fn an_issue_is_added_to_many() {
    let site = Site::new().await;
    let browser = shop(&site, 2).await;
    let path = "/cases/bulk/1/change?case=1&case=2";
    browser.get(path).await.lacks("Add an issue");
    let insert = |tx: &mut store::Tx<'_>| {
        let sql =
            "INSERT INTO integrations (id, type, name, is_active, created_at) VALUES (3, 4, 'Jira', TRUE, 1)";
        tx.execute(sql, store::args![])
    };
    site.test.db().write(insert).await.unwrap();
    browser.get(path).await.has("Add an issue");
    let form = [("expected", "2"), ("tracker", "x"), ("issues", "SHOP-7")];
    browser
        .post(path, &form)
        .await
        .is(422)
        .has("Choose the tracker of the issue.");
    let unknown = [("expected", "2"), ("tracker", "9"), ("issues", "SHOP-7")];
    browser
        .post(path, &unknown)
        .await
        .is(422)
        .has("There is no active integration 9")
        .has("value=\"SHOP-7\"");
    let form = [("expected", "2"), ("tracker", "3"), ("issues", " SHOP-7 ")];
    browser
        .post(path, &form)
        .await
        .leads_to("/repositories/1?done=change.2.2");
    for id in [1, 2] {
        browser.get(&format!("/cases/view/{id}")).await.has("SHOP-7");
    }
    browser
        .post(path, &form)
        .await
        .leads_to("/repositories/1?done=change.2.0");
}
