//! The list of cases: groups, and the way from one case to the next.

use super::Site;
use super::repository::{case, folder, shop};
use crate::html::elements;

#[tokio::test]
async fn cases_are_grouped() {
    let site = Site::new().await;
    let browser = shop(&site).await;
    folder(&browser, None, "Checkout").await.is(303);
    case(&browser, "1", "Pay").await.is(303);
    case(&browser, "", "Rename").await.is(303);
    case(&browser, "1", "Refund").await.is(303);
    let page = browser.get("/repositories/1?group=folder").await;
    page.is(200)
        .has("<th colspan=\"7\" scope=\"rowgroup\">Checkout</th>")
        .has("<th colspan=\"7\" scope=\"rowgroup\">No folder</th>")
        .has("<option value=\"folder\" selected>");
    let heads = elements(&page.html)
        .iter()
        .filter(|e| e.get("scope") == Some("rowgroup"))
        .count();
    assert_eq!(heads, 2, "each group once");
    browser
        .get("/repositories/1?group=state&q=pay")
        .await
        .has("scope=\"rowgroup\">Active</th>")
        .has("name=\"group\" value=\"state\"");
    browser
        .get("/repositories/1?group=nonsense")
        .await
        .is(200)
        .lacks("rowgroup");
}

#[tokio::test]
async fn a_case_leads_to_those_before_and_after_it() {
    let site = Site::new().await;
    let browser = shop(&site).await;
    folder(&browser, None, "Checkout").await.is(303);
    for (at, name) in [("1", "First"), ("", "Elsewhere"), ("1", "Second"), ("1", "Third")] {
        case(&browser, at, name).await.is(303);
    }
    let ways = async |id: i64| -> Vec<(String, String)> {
        let page = browser.get(&format!("/cases/view/{id}")).await;
        let links = elements(&page.html);
        let ways = links.iter().filter_map(|e| {
            let rel = e.get("rel").filter(|rel| ["prev", "next"].contains(rel))?;
            Some((rel.to_owned(), e.get("href")?.to_owned()))
        });
        ways.collect()
    };
    let way = |rel: &str, id: i64| (rel.to_owned(), format!("/cases/view/{id}"));
    assert_eq!(ways(1).await, [way("next", 3)]);
    assert_eq!(ways(3).await, [way("prev", 1), way("next", 4)]);
    assert_eq!(ways(4).await, [way("prev", 3)]);
    assert_eq!(ways(2).await, [], "alone at the root");
}

#[tokio::test]
async fn markdown_is_previewed_without_being_saved() {
    let site = Site::new().await;
    let browser = shop(&site).await;
    browser
        .get("/cases/new/1")
        .await
        .has("Preview<span class=\"vh\"> of Preconditions</span>");
    let shown = browser
        .post("/preview", &[("text", "A **bold** <script>alert(1)</script>")])
        .await;
    shown
        .is(200)
        .has("<strong>bold</strong>")
        .lacks("<script>")
        .lacks("<html");
    browser
        .post("/preview", &[("text", " ")])
        .await
        .has("Nothing is written yet.");
}
