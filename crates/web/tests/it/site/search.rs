//! One search for everything.

use super::Site;
use super::repository::{case, shop};

#[tokio::test]
async fn the_search_finds_pages_projects_cases_and_runs() {
    let site = Site::new().await;
    let browser = shop(&site).await;
    case(&browser, "", "Pay by Käse & Co").await.is(303);
    browser
        .post("/runs/new/1", &[("name", "Release Über 8"), ("state", "6")])
        .await
        .is(303);
    browser
        .get("/repositories/1")
        .await
        .has("href=\"/search?project=1\"")
        .has("data-palette");
    browser
        .get("/search")
        .await
        .is(200)
        .has("All projects")
        .has("API users")
        .lacks("Repository</span>");
    browser
        .get("/search?project=1")
        .await
        .is(200)
        .has("href=\"/cases/new/1\"")
        .lacks("href=\"/cases/view/1\"");
    browser
        .get("/search?project=1&q=kase")
        .await
        .has("href=\"/cases/view/1\"")
        .has("Pay by Käse &amp; Co")
        .lacks("href=\"/runs/view/1\"");
    browser
        .get("/search?project=1&q=1")
        .await
        .has("href=\"/cases/view/1\"");
    browser
        .get("/search?project=1&q=uber%20rel")
        .await
        .has("href=\"/runs/view/1\"")
        .lacks("href=\"/cases/view/1\"");
    browser
        .get("/search?q=SHOP")
        .await
        .has("href=\"/projects/view/1\"");
    browser
        .get("/search?project=1&q=%3Cb%3Enowhere")
        .await
        .has("Nothing has these words.")
        .has("&lt;b&gt;nowhere");
    for path in ["/search?project=9", "/search?project=x"] {
        browser.get(path).await.is(404);
    }
    let tess = site.person("tess").await;
    tess.get("/search?project=1&q=api")
        .await
        .is(200)
        .lacks("API users");
    tess.get("/search?project=1&q=kase")
        .await
        .has("href=\"/cases/view/1\"");
    let nobody = site.browser();
    nobody.get("/search").await.is(303);
}
