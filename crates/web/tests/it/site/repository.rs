//! Folders and cases, as a browser without script walks through them.

use super::{Answer, Browser, Site};
use crate::html::elements;

pub(super) async fn shop(site: &Site) -> Browser<'_> {
    let browser = site.signed_in().await;
    browser
        .post("/projects/new", &[("name", "Shop")])
        .await
        .leads_to("/projects/view/1");
    browser
}

pub(super) async fn folder(browser: &Browser<'_>, within: Option<i64>, name: &str) -> Answer {
    let query = within.map(|id| format!("?in={id}")).unwrap_or_default();
    browser
        .post(&format!("/repositories/1/folders/new{query}"), &[("name", name)])
        .await
}

/// A case with a title, in a folder.
pub(super) async fn case(browser: &Browser<'_>, folder: &str, name: &str) -> Answer {
    let form = [
        ("name", name),
        ("template", "1"),
        ("state", "4"),
        ("folder", folder),
        ("tags", "smoke, slow"),
        ("estimate", "6 min"),
        ("custom_priority", "1"),
        (
            "custom_preconditions",
            "A **signed-in** shopper\r\n<script>alert(1)</script>",
        ),
        ("custom_steps.id", ""),
        ("custom_steps.text1", "Pay"),
        ("custom_steps.text3", "It is paid"),
        ("do", "save"),
    ];
    browser.post("/cases/new/1", &form).await
}

#[tokio::test]
async fn folders_are_made_renamed_moved_copied_and_deleted() {
    let site = Site::new().await;
    let browser = shop(&site).await;
    browser
        .get("/repositories/1")
        .await
        .is(200)
        .has("No cases yet")
        .has("No folders yet");
    folder(&browser, None, "  ")
        .await
        .is(422)
        .has("Error: New folder")
        .has("The name is required.")
        .has("id=\"name-error\"");
    folder(&browser, None, "Checkout")
        .await
        .leads_to("/repositories/1?folder=1");
    folder(&browser, Some(1), "Payment")
        .await
        .leads_to("/repositories/1?folder=2");
    folder(&browser, None, "Archive")
        .await
        .leads_to("/repositories/1?folder=3");
    case(&browser, "2", "Card & cash").await.leads_to("/cases/view/1");
    browser
        .get("/repositories/1?folder=1")
        .await
        .is(200)
        .has("Card &amp; cash")
        .has(">1<span class=\"vh\"> cases</span>")
        .has("id=\"place-id\">1<");
    browser
        .post(
            "/repositories/folders/2/rename",
            &[("name", "Paying"), ("docs", "Money.")],
        )
        .await
        .leads_to("/repositories/1?folder=2");
    browser
        .get("/repositories/1?folder=2")
        .await
        .has("<h1>Paying</h1>")
        .has("Money.");
    browser
        .get("/repositories/folders/1/move")
        .await
        .is(200)
        .has("Archive")
        .lacks("Checkout / Paying");
    browser
        .post("/repositories/folders/1/move", &[("to", "2")])
        .await
        .is(422)
        .has("cannot be moved into itself");
    browser
        .post("/repositories/folders/2/move", &[("to", "3")])
        .await
        .leads_to("/repositories/1?folder=2");
    browser
        .get("/repositories/1?folder=3")
        .await
        .has("Card &amp; cash");
    browser
        .post("/repositories/folders/3/copy", &[("to", "1")])
        .await
        .leads_to("/repositories/1?folder=4");
    browser
        .get("/repositories/1?folder=1")
        .await
        .has("Card &amp; cash")
        .has("C2</td>");
    browser
        .get("/cases/view/2")
        .await
        .is(200)
        .has("It is paid")
        .has("smoke");
    browser
        .get("/repositories/folders/1/delete")
        .await
        .has("2 folders below and 1 case");
    browser
        .post("/repositories/folders/1/delete", &[])
        .await
        .leads_to("/repositories/1");
    browser.get("/cases/view/2").await.is(404);
    browser
        .get("/repositories/1")
        .await
        .has("1 case<")
        .lacks("Checkout");
    for path in [
        "/repositories/1?folder=99",
        "/repositories/9",
        "/repositories/folders/99/move",
        "/repositories/folders/3/burn",
    ] {
        browser.get(path).await.is(404);
    }
}

#[tokio::test]
async fn levels_of_the_tree_come_when_they_are_unfolded() {
    let site = Site::new().await;
    let browser = shop(&site).await;
    folder(&browser, None, "Checkout").await.is(303);
    folder(&browser, Some(1), "Payment").await.is(303);
    browser
        .get("/repositories/1")
        .await
        .lacks("Payment")
        .has("hx-get=\"/repositories/folders/1\"");
    browser
        .fragment("/repositories/folders/1", "ul#in-1")
        .await
        .is(200)
        .has("Payment")
        .lacks("<html");
    browser
        .get("/repositories/folders/1")
        .await
        .leads_to("/repositories/1?folder=1");
}

#[tokio::test]
async fn lists_are_searched_filtered_sorted_and_paged() {
    let site = Site::new().await;
    let browser = shop(&site).await;
    for n in 1..=60 {
        case(&browser, "", &format!("Case number{n:02} <b>"))
            .await
            .is(303);
    }
    let first = browser.get("/repositories/1").await;
    first
        .is(200)
        .has("1–50 of 60 cases")
        .has("page=2")
        .lacks("number51");
    let all = elements(&first.html);
    assert!(
        all.len() < 4000 && first.html.len() < 120_000,
        "{} {}",
        all.len(),
        first.html.len()
    );
    browser
        .get("/repositories/1?page=2")
        .await
        .has("51–60 of 60")
        .has("number60");
    browser
        .get("/repositories/1?page=900")
        .await
        .leads_to("/repositories/1?page=2");
    browser
        .get("/repositories/1?sort=-name")
        .await
        .has("number60")
        .lacks("number10")
        .has("aria-sort=\"descending\"");
    browser
        .get("/repositories/1?q=numb+number07")
        .await
        .has("1 case")
        .has("<mark>number07</mark> &lt;b&gt;");
    browser
        .get("/repositories/1?q=C12")
        .await
        .has("class=\"hit\"")
        .has("number12");
    browser
        .get("/repositories/1?q=nowhere")
        .await
        .is(200)
        .has("Nothing matches")
        .has("Clear filters");
    browser
        .get("/repositories/1?state=4&template=1&tag=smoke&automation=no")
        .await
        .has("of 60 cases");
    browser
        .get("/repositories/1?automation=yes")
        .await
        .has("Nothing matches");
}

#[tokio::test]
async fn a_case_is_shown_commented_and_restored() {
    let site = Site::new().await;
    let browser = shop(&site).await;
    case(&browser, "", "Card").await.leads_to("/cases/view/1");
    browser
        .get("/cases/view/1")
        .await
        .is(200)
        .has("<strong>signed-in</strong>")
        .has("&lt;script&gt;alert(1)")
        .lacks("<script>")
        .has("6 min")
        .has("High")
        .has("It is paid");
    let comments = "/cases/view/1/comments";
    browser
        .post(comments, &[("text", " ")])
        .await
        .is(422)
        .has("The text is required.");
    browser
        .post(comments, &[("text", "Looks *good*")])
        .await
        .leads_to("/cases/view/1?tab=comments");
    browser
        .get("/cases/view/1?tab=comments")
        .await
        .has("<em>good</em>");
    browser
        .get("/cases/view/1?tab=comments&edit=1")
        .await
        .has("Save comment");
    browser
        .post("/cases/view/1/comments/1", &[("text", "Bad")])
        .await
        .is(303);
    browser
        .get("/cases/view/1?tab=comments")
        .await
        .has("Bad")
        .has("changed");
    browser.post("/cases/view/1/comments/1/delete", &[]).await.is(303);
    browser
        .get("/cases/view/1?tab=comments")
        .await
        .has("Nobody has commented yet.");

    let form = [
        ("version", "1"),
        ("name", "Cash"),
        ("template", "1"),
        ("state", "1"),
        ("do", "save"),
    ];
    browser
        .post("/cases/edit/1", &form)
        .await
        .leads_to("/cases/view/1");
    browser
        .get("/cases/view/1?tab=history")
        .await
        .has("<del>Card</del>")
        .has("<ins>Cash</ins>")
        .has("<del>Active</del>")
        .has("1. Pay");
    browser
        .post("/cases/view/1/restore", &[("version", "1")])
        .await
        .is(303);
    browser
        .get("/cases/view/1")
        .await
        .has("<h1>Card</h1>")
        .has("It is paid");
    browser
        .post("/cases/view/1/restore", &[("version", "9")])
        .await
        .is(404);
    browser.get("/cases/delete/1").await.has("Delete C1?");
    browser
        .post("/cases/delete/1", &[])
        .await
        .leads_to("/repositories/1");
    browser.get("/cases/view/1").await.is(404);
}

#[tokio::test]
async fn the_form_works_without_script() {
    let site = Site::new().await;
    let browser = shop(&site).await;
    browser
        .get("/cases/new/1")
        .await
        .is(200)
        .has("custom_steps.text1")
        .has("Create case");
    let steps = [
        ("name", "Steps"),
        ("template", "1"),
        ("custom_steps.id", ""),
        ("custom_steps.text1", "first"),
        ("custom_steps.text3", ""),
        ("custom_steps.id", ""),
        ("custom_steps.text1", "second"),
        ("custom_steps.text3", ""),
    ];
    let press = |deed| [&steps[..], &[("do", deed)]].concat();
    let moved = browser.post("/cases/new/1", &press("up:steps:1")).await;
    moved.is(200).has("value=\"Steps\"");
    assert!(moved.html.find("second").unwrap() < moved.html.find("first</textarea>").unwrap());
    let more = browser.post("/cases/new/1", &press("add:steps")).await;
    assert_eq!(
        more.html.matches("custom_steps.text1").count(),
        4,
        "three and the one of script"
    );
    browser
        .post("/cases/new/1", &press("remove:steps:0"))
        .await
        .lacks("first</textarea>")
        .has("second</textarea>");
    browser.get("/repositories/1").await.has("No cases yet");
    browser
        .post(
            "/cases/new/1",
            &[
                ("name", " "),
                ("template", "1"),
                ("estimate", "soon"),
                ("custom_preconditions", "kept"),
            ],
        )
        .await
        .is(422)
        .has("Write the estimate as 6 min")
        .has("kept</textarea>");
    browser
        .post("/cases/new/1", &press("next"))
        .await
        .leads_to("/cases/new/1?folder=");
}

#[tokio::test]
async fn two_people_lose_nothing() {
    let site = Site::new().await;
    let browser = shop(&site).await;
    case(&browser, "", "Card").await.is(303);
    let kept = [
        ("template", "1"),
        ("state", "4"),
        ("estimate", "6 min"),
        ("custom_priority", "1"),
        (
            "custom_preconditions",
            "A **signed-in** shopper\r\n<script>alert(1)</script>",
        ),
        ("custom_steps.id", "1"),
        ("custom_steps.text1", "Pay"),
        ("custom_steps.text3", "It is paid"),
        ("do", "save"),
    ];
    let send = |more: &[(&'static str, &'static str)]| [&kept[..], more].concat();
    let first = send(&[("version", "1"), ("name", "Card"), ("tags", "smoke")]);
    browser
        .post("/cases/edit/1", &first)
        .await
        .leads_to("/cases/view/1");
    let late = send(&[("version", "1"), ("name", "Credit card"), ("tags", "smoke, slow")]);
    let conflict = browser.post("/cases/edit/1", &late).await;
    conflict
        .is(409)
        .has("Mara Demo changed this case while you were writing.")
        .has("name=\"version\" value=\"2\"")
        .has("value=\"Credit card\"")
        .has("name=\"tags\" value=\"smoke\"")
        .has("<del>slow</del>");
    let again = send(&[("version", "2"), ("name", "Credit card"), ("tags", "smoke")]);
    browser
        .post("/cases/edit/1", &again)
        .await
        .leads_to("/cases/view/1");
    browser
        .get("/cases/view/1?tab=history")
        .await
        .has("Version 3")
        .has("<ins>Credit card</ins>")
        .lacks("Version 4");
    // What is sent unchanged makes no version.
    let same = send(&[("version", "3"), ("name", "Credit card"), ("tags", "smoke")]);
    browser.post("/cases/edit/1", &same).await.is(303);
    browser.get("/cases/view/1?tab=history").await.lacks("Version 4");
}

#[tokio::test]
async fn those_who_may_only_look_see_no_buttons() {
    let site = Site::new().await;
    let browser = shop(&site).await;
    folder(&browser, None, "Checkout").await.is(303);
    case(&browser, "1", "Card").await.is(303);
    let otto = site.person("otto").await;
    otto.get("/repositories/1?folder=1")
        .await
        .is(200)
        .has("Card")
        .lacks("New case")
        .lacks("Rename")
        .lacks("New folder");
    otto.get("/cases/view/1")
        .await
        .is(200)
        .lacks("/cases/edit/1")
        .lacks("/cases/delete/1");
    otto.get("/cases/view/1?tab=history")
        .await
        .is(200)
        .lacks("Restore");
    for path in [
        "/cases/new/1",
        "/cases/edit/1",
        "/cases/delete/1",
        "/repositories/1/folders/new",
        "/repositories/folders/1/delete",
    ] {
        otto.get(path).await.is(403).has("You have no permission");
    }
    otto.post(
        "/cases/edit/1",
        &[("version", "1"), ("name", "x"), ("template", "1")],
    )
    .await
    .is(403);
    otto.post("/cases/view/1/restore", &[("version", "1")])
        .await
        .is(403);
    otto.post("/repositories/folders/1/copy", &[("to", "")])
        .await
        .is(403);
    otto.post("/cases/view/1/comments", &[("text", "Hi")])
        .await
        .is(303);
    let hide = |tx: &mut store::Tx<'_>| {
        store::project::set_default_access(tx, model::ProjectId(1), store::project::DefaultAccess::None)
    };
    site.test.db().write(hide).await.unwrap();
    for path in ["/repositories/1", "/cases/view/1", "/repositories/folders/1/move"] {
        otto.get(path).await.is(404);
    }
}
