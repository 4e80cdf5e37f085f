//! Shared steps, as a browser without script makes, uses, changes and deletes them.

use super::repository::{case, shop};
use super::{Browser, Site};

const NEW: &str = "/shared-steps/1/new";
const ONE: &str = "/shared-steps/edit/1";

fn form<'f>(version: &'f str, deed: &'f str) -> Vec<(&'f str, &'f str)> {
    vec![
        ("version", version),
        ("name", "Sign <in>"),
        ("steps.id", ""),
        ("steps.text1", "Open the page"),
        ("steps.text3", "It asks for a password"),
        ("do", deed),
    ]
}

async fn made(browser: &Browser<'_>) {
    browser
        .post(NEW, &form("", "save"))
        .await
        .leads_to("/shared-steps/1");
}

#[tokio::test]
async fn shared_steps_are_made_changed_and_deleted() {
    let site = Site::new().await;
    let browser = shop(&site).await;
    browser
        .get("/shared-steps/1")
        .await
        .is(200)
        .has("No shared steps yet")
        .has(NEW);
    browser.get("/repositories/1").await.has("/shared-steps/1");
    browser.get(NEW).await.is(200).has("New shared steps");
    browser
        .post(NEW, &[("name", " "), ("steps.text1", " "), ("do", "save")])
        .await
        .is(422)
        .has("The name is required.")
        .has("Write at least one step.");
    browser
        .post(NEW, &form("", "add:steps"))
        .await
        .is(200)
        .has("Sign &lt;in&gt;")
        .has("Remove step 2");
    made(&browser).await;
    browser
        .post(NEW, &form("", "save"))
        .await
        .is(422)
        .has("There are shared steps of this name in the project.");
    browser
        .get("/shared-steps/1")
        .await
        .has("Sign &lt;in&gt;")
        .lacks("No shared steps yet");
    browser
        .get(ONE)
        .await
        .has("No case has these steps yet.")
        .has("It asks for a password");
    let mut changed = form("1", "save");
    changed[3] = ("steps.text1", "Open the start page");
    browser.post(ONE, &changed).await.leads_to("/shared-steps/1");
    browser
        .post(ONE, &form("1", "save"))
        .await
        .is(409)
        .has("Somebody changed these steps while you were writing.")
        .has("name=\"version\" value=\"2\"");
    browser
        .get("/shared-steps/delete/1")
        .await
        .is(200)
        .has("No case has them.");
    browser
        .post("/shared-steps/delete/1", &[])
        .await
        .leads_to("/shared-steps/1");
    for gone in [
        ONE,
        "/shared-steps/delete/1",
        "/shared-steps/edit/x",
        "/shared-steps/9",
    ] {
        browser.get(gone).await.is(404);
    }
}

#[tokio::test]
async fn a_case_gets_shared_steps_and_shows_what_they_say_now() {
    let site = Site::new().await;
    let browser = shop(&site).await;
    made(&browser).await;
    case(&browser, "", "Pay").await.is(303);
    browser
        .get("/cases/edit/1")
        .await
        .has("Insert shared steps")
        .has("value=\"shared:steps:1\"");
    let edited = |deed| {
        let mut form = vec![
            ("version", "1"),
            ("name", "Pay"),
            ("template", "1"),
            ("state", "4"),
            ("folder", ""),
            ("do", deed),
        ];
        for (shared, text) in [("1", ""), ("", "Pay")] {
            form.extend([
                ("custom_steps.id", ""),
                ("custom_steps.text1", text),
                ("custom_steps.text3", ""),
                ("custom_steps.shared_steps_id", shared),
            ]);
        }
        form
    };
    browser
        .post("/cases/edit/1", &edited("shared:steps:1"))
        .await
        .is(200)
        .has("Sign &lt;in&gt;")
        .has("1 shared step")
        .has("Remove step 3");
    browser.post("/cases/edit/1", &edited("save")).await.is(303);
    browser
        .get("/cases/view/1")
        .await
        .has("Shared steps")
        .has("Open the page")
        .has(ONE);
    browser
        .get(ONE)
        .await
        .has("In 1 case: saving changes all of them")
        .has("C1 Pay");
    let mut changed = form("1", "save");
    changed[3] = ("steps.text1", "Take the passkey");
    browser.post(ONE, &changed).await.is(303);
    browser
        .get("/cases/view/1")
        .await
        .has("Take the passkey")
        .lacks("Open the page");
    browser
        .get("/cases/view/1?tab=history")
        .await
        .has("Version 3")
        .has("Take the passkey")
        .has("Open the page");
    // Saving the form as it is makes no version.
    let mut same = edited("save");
    same[0] = ("version", "3");
    browser.post("/cases/edit/1", &same).await.is(303);
    browser.get("/cases/view/1?tab=history").await.lacks("Version 4");
    browser
        .get("/shared-steps/delete/1")
        .await
        .has("The case that has them keeps them as steps of its own.");

    let tess = site.person("tess").await;
    tess.get("/shared-steps/1")
        .await
        .is(200)
        .lacks("New shared steps")
        .lacks("Delete");
    tess.get(ONE)
        .await
        .is(200)
        .has("Take the passkey")
        .lacks("<form class=\"case-form\"");
    for path in [NEW, "/shared-steps/delete/1"] {
        tess.get(path).await.is(403);
    }
    tess.post(ONE, &form("2", "save")).await.is(403);
    tess.post("/shared-steps/delete/1", &[]).await.is(403);
}
