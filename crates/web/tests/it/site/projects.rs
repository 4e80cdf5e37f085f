//! Projects, and that every link leads to a page.

use super::{Browser, Site};
use crate::html::elements;
use crate::site::runs::filled;
use std::collections::BTreeSet;

#[tokio::test]
async fn a_project_is_made_and_shown() {
    let site = Site::new().await;
    let browser = site.signed_in().await;
    browser
        .get("/projects")
        .await
        .is(200)
        .has("No projects yet")
        .has("href=\"/projects/new\"");
    browser
        .post("/projects/new", &[("name", " "), ("note", "kept")])
        .await
        .is(422)
        .has("kept</textarea>")
        .has("Error: New project");
    browser
        .post("/projects/new", &[("name", "Shop & <co>"), ("note", "The shop.")])
        .await
        .leads_to("/projects/view/1");
    browser
        .get("/projects/view/1")
        .await
        .is(200)
        .has("Shop &amp; &lt;co&gt;")
        .has("--project-id 1")
        .has("The shop.");
    browser
        .get("/projects")
        .await
        .is(200)
        .has("Shop &amp; &lt;co&gt;")
        .has("0 automation runs");
    browser.get("/projects?page=abc").await.is(200);
    for path in [
        "/projects/view/2",
        "/projects/view/x",
        "/automation/runs/2",
        "/automation/runs/-1",
    ] {
        browser.get(path).await.is(404);
    }
}

#[tokio::test]
async fn people_see_their_projects_only() {
    let site = Site::new().await;
    let browser = site.signed_in().await;
    browser.post("/projects/new", &[("name", "Hidden")]).await.is(303);
    let otto = site.person("otto").await;
    otto.get("/projects")
        .await
        .is(200)
        .has("Hidden")
        .lacks("New project");
    let hide = |tx: &mut store::Tx<'_>| {
        store::project::set_default_access(tx, model::ProjectId(1), store::project::DefaultAccess::None)
    };
    site.test.db().write(hide).await.unwrap();
    otto.get("/projects")
        .await
        .is(200)
        .lacks("Hidden")
        .has("No projects for you yet");
    let (hidden, absent) = (
        otto.get("/projects/view/1").await,
        otto.get("/projects/view/9").await,
    );
    hidden.is(404);
    assert_eq!(
        hidden.html.replace("/view/1", "/view/9"),
        absent.html,
        "nobody learns that it exists"
    );
}

#[tokio::test]
async fn every_link_leads_to_a_page() {
    let site = Site::new().await;
    let browser = site.signed_in().await;
    filled(&site, 120).await;
    browser
        .post(
            "/users/profile/api",
            &[("scope", "read"), ("name", "CI"), ("expires", "30")],
        )
        .await
        .is(200);
    let seen = crawl(&browser, "/projects").await;
    for expected in [
        "/users/profile/api/1/rotate",
        "/automation/runs/view/1?tab=threads",
        "/projects/new",
    ] {
        assert!(seen.contains(expected), "{expected} is reached: {seen:?}");
    }
}

/// Follows every link once. Of tests only a few are opened.
async fn crawl(browser: &Browser<'_>, start: &str) -> BTreeSet<String> {
    let mut seen = BTreeSet::from([start.to_owned()]);
    let mut queue = vec![start.to_owned()];
    while let Some(path) = queue.pop() {
        let page = browser.get(&path).await;
        assert!(
            matches!(page.status.as_u16(), 200 | 303),
            "{path} answers {}",
            page.status
        );
        for link in elements(&page.html)
            .iter()
            .filter(|e| e.name == "a")
            .filter_map(|e| e.get("href"))
        {
            let is_page = !["/assets/", "/api/"].iter().any(|other| link.starts_with(other));
            let is_ours = link.starts_with('/') && is_page;
            let is_one_of_many =
                link.contains("test_id=") && seen.iter().filter(|s| s.contains("test_id=")).count() > 20;
            if is_ours && !is_one_of_many && seen.insert(link.to_owned()) {
                queue.push(link.to_owned());
            }
        }
    }
    seen
}
