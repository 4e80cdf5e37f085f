//! The inbox: what is told, how it is read, and what is turned off.

use super::repository::{case, shop};
use super::{Browser, Site};

/// Tess gets a run of the shop's only case.
async fn assign(browser: &Browser<'_>, name: &str) {
    let form = [("name", name), ("state", "6"), ("assignee", "2")];
    browser.post("/runs/new/1", &form).await.is(303);
}

#[tokio::test]
async fn the_inbox_tells_marks_and_takes_back() {
    let site = Site::new().await;
    let mara = shop(&site).await;
    case(&mara, "", "Pay by card").await.is(303);
    let tess = site.person("tess").await;
    tess.get("/inbox").await.is(200).has("Nothing unread");
    tess.get("/inbox?show=all").await.has("Nothing here yet");
    assign(&mara, "Release <8>").await;
    mara.get("/projects").await.has("aria-label=\"Inbox\"");
    tess.get("/projects").await.has("aria-label=\"Inbox, 1 unread\"");
    tess.get("/inbox")
        .await
        .has("Mara Demo")
        .has("gave you 1 test in")
        .has("Release &lt;8&gt;");
    tess.post("/inbox/1/open", &[])
        .await
        .leads_to("/runs/view/1?show=mine");
    tess.get("/inbox").await.has("Nothing unread");
    tess.get("/inbox?show=all").await.has("Release &lt;8&gt;");
    assign(&mara, "Release 9").await;
    let done = tess.post("/inbox/read", &[("show", "unread")]).await;
    let way = done.is(303).header("location").to_owned();
    let at = way.split_once("read=").unwrap().1;
    tess.get(&way).await.has("Marked as read.").has("Undo");
    tess.post("/inbox/undo", &[("show", "unread"), ("at", at)])
        .await
        .leads_to("/inbox?show=unread");
    tess.get("/inbox").await.has("Release 9");
    tess.post("/inbox/2/read", &[("show", "all")]).await.is(303);
    tess.get("/inbox").await.lacks("Release 9");
    for path in ["/inbox/1/open", "/inbox/9/read", "/inbox/x/read"] {
        mara.post(path, &[]).await.is(404);
    }
    site.browser()
        .get("/inbox")
        .await
        .leads_to("/login?next=%2Finbox");
}

#[tokio::test]
async fn each_kind_can_be_turned_off() {
    let site = Site::new().await;
    let mara = shop(&site).await;
    case(&mara, "", "Pay by card").await.is(303);
    let tess = site.person("tess").await;
    let path = "/users/profile/notifications";
    tess.get(path).await.is(200).has("value=\"assigned\" checked");
    tess.post(path, &[("kind", "run_closed")])
        .await
        .leads_to("/users/profile/notifications?saved=1");
    tess.get("/users/profile/notifications?saved=1")
        .await
        .has("Saved.")
        .lacks("value=\"assigned\" checked")
        .has("value=\"run_closed\" checked");
    assign(&mara, "Release 8").await;
    tess.get("/inbox").await.has("Nothing unread");
}
