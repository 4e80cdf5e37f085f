//! Data sets, as a browser without script writes them and tests their rows.

use super::repository::shop;
use super::{Browser, Site};

const TABLE: &str = "| role | browser |\r\n| admin | Fire<fox> |\r\n| guest | a\\|b |";

fn form<'f>(version: &'f str, table: &'f str) -> Vec<(&'f str, &'f str)> {
    vec![
        ("version", version),
        ("name", "Sign in"),
        ("template", "1"),
        ("state", "4"),
        ("custom_steps.id", ""),
        ("custom_steps.text1", "Sign in as {{role}} with {{browser}}"),
        ("custom_steps.text3", "{{role}} is greeted"),
        ("data_set", table),
        ("do", "save"),
    ]
}

async fn made(browser: &Browser<'_>) {
    browser
        .post("/cases/new/1", &form("", TABLE))
        .await
        .leads_to("/cases/view/1");
}

#[tokio::test]
async fn a_data_set_is_written_shown_changed_and_removed() {
    let site = Site::new().await;
    let browser = shop(&site).await;
    browser
        .get("/cases/new/1")
        .await
        .has("Data set")
        .lacks("<details class=\"more\" open");
    browser
        .post(
            "/cases/new/1",
            &form("", "role | browser\r\nadmin | Firefox\r\nguest"),
        )
        .await
        .is(422)
        .has("Row 2: Give one value for each of the 2 parameters.")
        .has("admin | Firefox")
        .has("id=\"data_set-error\"");
    made(&browser).await;
    browser
        .get("/cases/view/1")
        .await
        .has("<th scope=\"col\">browser</th>")
        .has("<td>Fire&lt;fox&gt;</td>")
        .has("<td>a|b</td>");
    browser
        .get("/cases/edit/1")
        .await
        .has("| admin | Fire&lt;fox&gt; |\n| guest | a\\|b |");
    browser
        .post("/cases/edit/1", &form("1", TABLE))
        .await
        .leads_to("/cases/view/1");
    browser.get("/cases/view/1?tab=history").await.lacks("Version 2");
    browser
        .post("/cases/edit/1", &form("1", "role\tbrowser\nroot\tSafari\n"))
        .await
        .leads_to("/cases/view/1");
    browser
        .get("/cases/view/1?tab=history")
        .await
        .has("Version 2")
        .has("Data set")
        .has("| root | Safari |");
    browser
        .post("/cases/edit/1", &form("2", " \r\n"))
        .await
        .leads_to("/cases/view/1");
    browser.get("/cases/view/1").await.lacks("Data set");
}

#[tokio::test]
async fn a_run_tests_each_row_and_shows_its_values() {
    let site = Site::new().await;
    let browser = shop(&site).await;
    made(&browser).await;
    browser
        .get("/runs/new/1")
        .await
        .has("1 case<")
        .has("2 tests")
        .has("once for each row");
    browser
        .post("/runs/new/1", &[("name", "Release")])
        .await
        .leads_to("/runs/view/1");
    browser
        .get("/runs/view/1?test_id=2")
        .await
        .is(200)
        .has("Sign in (admin, Fire&lt;fox&gt;)")
        .has("Sign in as guest with a|b")
        .has("guest is greeted")
        .lacks("{{role}}")
        .has("2 of 2");
    let given = [("status", "3"), ("token", "t1"), ("go_on", "yes")];
    browser.post("/runs/view/1/tests/1", &given).await.is(303);
    browser
        .get("/runs/view/1?test_id=2")
        .await
        .has("<span class=\"muted\">Row 1</span>")
        .has("50.0%</b> done");
    browser
        .get("/runs/view/1/report")
        .await
        .is(200)
        .has("Sign in (guest, a|b)");
}
