//! Lists of cases with a name: private ones, shared ones, and who may delete which.

use super::{Browser, Site};

async fn shop(site: &Site) -> Browser<'_> {
    let browser = site.signed_in().await;
    browser.post("/projects/new", &[("name", "Shop")]).await.is(303);
    let form = [
        ("name", "Card"),
        ("template", "1"),
        ("state", "4"),
        ("do", "save"),
    ];
    browser.post("/cases/new/1", &form).await.is(303);
    browser
}

#[tokio::test]
async fn a_list_is_kept_replaced_and_deleted() {
    let site = Site::new().await;
    let browser = shop(&site).await;
    browser.get("/repositories/1").await.lacks("Save this view");
    let list = "/repositories/1?q=card&state=4&sort=-name";
    browser
        .get(list)
        .await
        .has("href=\"/views/1/new?q=card&amp;state=4&amp;sort=-name\"");
    let path = "/views/1/new?q=card&state=4&sort=-name";
    browser
        .get(path)
        .await
        .is(200)
        .has("Everybody in the project sees it");
    browser
        .post(path, &[("name", " ")])
        .await
        .is(422)
        .has("The name is required.");
    browser
        .post(path, &[("name", "Active <cards>")])
        .await
        .leads_to(list);
    browser
        .get("/repositories/1")
        .await
        .has("href=\"/repositories/1?q=card&amp;state=4&amp;sort=-name\"")
        .has("Active &lt;cards&gt;");
    browser
        .get(list)
        .await
        .lacks("Save this view")
        .has("/views/1/1/delete");
    browser
        .post("/views/1/new?q=cash&page=3&case=1", &[("name", "ACTIVE <cards>")])
        .await
        .leads_to("/repositories/1?q=cash");
    let page = browser.get("/repositories/1").await;
    page.has("/repositories/1?q=cash\"").lacks("q=card");
    browser
        .get("/views/1/1/delete")
        .await
        .has("Delete the view “ACTIVE &lt;cards&gt;”?");
    browser
        .post("/views/1/1/delete", &[])
        .await
        .leads_to("/repositories/1");
    browser.post("/views/1/1/delete", &[]).await.is(404);
    browser.get("/repositories/1").await.lacks("q=cash");
    for path in [
        "/views/9/new",
        "/views/x/new",
        "/views/1/77/delete",
        "/views/1/x/delete",
    ] {
        browser.get(path).await.is(404);
    }
}

#[tokio::test]
async fn columns_are_left_out_and_kept_with_a_view() {
    let site = Site::new().await;
    let browser = shop(&site).await;
    browser
        .get("/repositories/1")
        .await
        .has("<th class=\"by\"")
        .has("class=\"kind\"");
    let list = "/repositories/1?q=card&column=state&column=updated";
    browser
        .get(list)
        .await
        .has("class=\"state\"")
        .lacks("class=\"kind\"")
        .lacks("<th class=\"by\"")
        .has("/repositories/1?q=card&amp;sort=name&amp;column=state&amp;column=updated");
    let none = browser.get("/repositories/1?column=none").await;
    none.is(200).lacks("class=\"state\"").has("Save this view");
    let path = "/views/1/new?q=card&column=state&column=updated";
    browser.post(path, &[("name", "Narrow")]).await.leads_to(list);
    browser
        .get("/repositories/1")
        .await
        .has("href=\"/repositories/1?q=card&amp;column=state&amp;column=updated\"");
}

#[tokio::test]
async fn a_private_view_is_invisible_to_others() {
    let site = Site::new().await;
    let browser = shop(&site).await;
    browser
        .post("/views/1/new?q=card", &[("name", "Mine alone")])
        .await
        .is(303);
    browser
        .post("/views/1/new?q=cash", &[("name", "For all"), ("shared", "yes")])
        .await
        .is(303);
    let other = site.person("tess").await;
    let page = other.get("/repositories/1").await;
    page.is(200).has("For all").lacks("Mine alone").lacks("q=card");
    other.get("/views/1/1/delete").await.is(404);
    other.post("/views/1/1/delete", &[]).await.is(404);
    browser
        .get("/repositories/1")
        .await
        .has("Mine alone")
        .has("For all");
    let names: Vec<String> = site
        .test
        .db()
        .read(|tx| store::audit::unsealed(tx, 1000))
        .await
        .unwrap()
        .into_iter()
        .filter_map(|row| row.entry.target_name)
        .collect();
    assert!(names.iter().any(|name| name == "For all"));
    assert!(!names.iter().any(|name| name == "Mine alone"));
    // A name is nobody's but their own: both keep a view of the same name.
    other
        .post("/views/1/new?q=other", &[("name", "Mine alone")])
        .await
        .is(303);
    browser
        .get("/repositories/1")
        .await
        .has("q=card")
        .lacks("q=other");
}

#[tokio::test]
async fn who_may_not_change_cases_shares_nothing_and_deletes_no_view_of_others() {
    let site = Site::new().await;
    let browser = shop(&site).await;
    browser
        .post("/views/1/new?q=cash", &[("name", "For all"), ("shared", "yes")])
        .await
        .is(303);
    let other = site.person("tess").await;
    other
        .get("/views/1/new?q=card")
        .await
        .is(200)
        .lacks("Everybody in the project sees it");
    other
        .post("/views/1/new?q=card", &[("name", "Pushed"), ("shared", "yes")])
        .await
        .is(403);
    other
        .get("/repositories/1?q=cash")
        .await
        .has("For all")
        .lacks("/views/1/1/delete");
    other.get("/views/1/1/delete").await.is(403);
    other.post("/views/1/1/delete", &[]).await.is(403);
    browser
        .get("/repositories/1")
        .await
        .has("For all")
        .lacks("Pushed");
}
