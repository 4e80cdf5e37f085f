//! How long results are kept, as the pages say it.

use super::Site;
use super::runs::{completed, filled};
use app::automation::removal::remove_old;
use model::clock::DAY;

const HERE: &str = "/automation/retention/1";

#[tokio::test]
async fn a_project_and_a_source_have_rules() {
    let site = Site::new().await;
    let browser = site.signed_in().await;
    filled(&site, 3).await;
    let page = browser.get(HERE).await;
    page.is(200)
        .has("as the instance does, 90 days")
        .has("as the instance does, 365 days")
        .has("Nothing is old enough");
    browser
        .post(HERE, &[("output_days", "30"), ("tests_days", "")])
        .await
        .leads_to("/automation/retention/1?saved=1");
    let form = browser.get("/automation/retention/1?source=1").await;
    form.is(200)
        .has("Keep results of unit")
        .has("as the project does, 30 days");
    browser
        .post(
            HERE,
            &[("source", "1"), ("output_days", "0"), ("tests_days", "60")],
        )
        .await
        .leads_to("/automation/retention/1?source=1&saved=1");
    let page = browser.get(HERE).await;
    page.is(200)
        .has("value=\"30\"")
        .has("for ever")
        .has("60 days")
        .has("Its own");
}

#[tokio::test]
async fn wrong_days_are_named_and_stay_in_the_form() {
    let site = Site::new().await;
    let browser = site.signed_in().await;
    filled(&site, 3).await;
    let page = browser
        .post(HERE, &[("output_days", "three"), ("tests_days", "5")])
        .await;
    page.is(422)
        .has("value=\"three\"")
        .has("value=\"5\"")
        .has("Give a whole number of days");
    let page = browser
        .post(HERE, &[("output_days", ""), ("tests_days", "5")])
        .await;
    page.is(422).has("value=\"5\"").has("must be 7 to 36500");
    let tried = browser
        .get("/automation/retention/1?output_days=&tests_days=5")
        .await;
    tried.is(422).has("must be 7 to 36500");
    browser.get(HERE).await.is(200).lacks("value=\"5\"");
}

#[tokio::test]
async fn who_may_not_change_rules_still_sees_them() {
    let site = Site::new().await;
    let owner = site.signed_in().await;
    filled(&site, 3).await;
    let tester = site.person("Tim").await;
    tester
        .get(HERE)
        .await
        .is(200)
        .has("365 days")
        .lacks("name=\"tests_days\"");
    tester.post(HERE, &[("tests_days", "7")]).await.is(403);
    owner.get(HERE).await.is(200).lacks("value=\"7\"");
}

#[tokio::test]
async fn a_run_is_pinned_and_let_go_again() {
    let site = Site::new().await;
    let browser = site.signed_in().await;
    let run = filled(&site, 3).await;
    let (info, pin) = (
        format!("/automation/runs/view/{run}?tab=info"),
        format!("/automation/runs/view/{run}/pin"),
    );
    browser
        .get(&info)
        .await
        .is(200)
        .has("one of the last 50 runs")
        .has("Pin this run");
    browser.post(&pin, &[("pinned", "1")]).await.leads_to(&info);
    browser
        .get(&info)
        .await
        .is(200)
        .has("This run is pinned")
        .has("Unpin");
    browser.post(&pin, &[("pinned", "0")]).await.leads_to(&info);
    browser.get(&info).await.is(200).has("Pin this run");
}

#[tokio::test]
async fn a_run_says_what_went_and_keeps_its_numbers() {
    let site = Site::new().await;
    site.signed_in().await;
    let run = filled(&site, 230).await;
    for _ in 0..50 {
        completed(&site).await;
    }
    site.test.clock.advance(100 * DAY);
    let browser = site.signed_in().await;
    let preview = browser.get(HERE).await;
    preview
        .is(200)
        .has("What goes next")
        .lacks("Nothing is old enough");
    let tried = browser
        .get("/automation/retention/1?output_days=90&tests_days=95")
        .await;
    tried
        .is(200)
        .has("What would go with these days")
        .has("<td class=\"right num\">230</td>");
    remove_old(&site.test.app, "a", || true).await.unwrap();
    let page = browser.get(&format!("/automation/runs/view/{run}")).await;
    page.is(200)
        .has("The output and the files of this run were removed")
        .has("test &lt;0&gt;");
    site.test.clock.advance(300 * DAY);
    remove_old(&site.test.app, "a", || true).await.unwrap();
    let browser = site.signed_in().await;
    let page = browser.get(&format!("/automation/runs/view/{run}")).await;
    page.is(200)
        .has("The tests of this run were removed")
        .has("230 results")
        .lacks("test &lt;0&gt;");
}
