//! Automation runs: the list, the page of one, and the fragments that script asks for.

use super::Site;
use crate::html::elements;
use app::automation::parts::{self, NewPart};
use app::automation::runs::NewRun;
use app::automation::threads::{self, NewThread, Part};
use app::automation::{self};
use model::automation::{Field, NewTest};
use model::{AutomationRunId, ProjectId, ThreadId};

/// A completed run of the project 1, which is made first, with `n` tests: each tenth failed, each seventh skipped.
pub(crate) async fn filled(site: &Site, n: i64) -> AutomationRunId {
    let (app, actor) = (
        &site.test.app,
        app::keys::for_user(&site.test.app, super::EMAIL).await.unwrap(),
    );
    let new = app::projects::NewProject {
        name: "Shop".to_owned(),
        note: None,
        is_demo: true,
    };
    let project = app::projects::create(app, &actor, &new).await.unwrap();
    let run = run(site, &actor, project, "Nightly").await;
    let thread = fresh(
        threads::create(app, &actor, run, NewThread::default(), None, |_| {
            (201, String::new())
        })
        .await
        .unwrap(),
    );
    let thread: ThreadId = thread;
    let part = Part {
        offset: 0,
        tests: (0..n).map(test).collect(),
        end: Some(NewThread::default()),
    };
    threads::append(app, &actor, thread, part, None, |()| (204, String::new()))
        .await
        .unwrap();
    automation::runs::complete(app, &actor, run, false, None, |()| (204, String::new()))
        .await
        .unwrap();
    run
}

async fn run(site: &Site, actor: &app::Actor, project: ProjectId, name: &str) -> AutomationRunId {
    let new = NewRun {
        name: name.to_owned(),
        source: "unit".to_owned(),
        tags: vec!["main".to_owned()],
        ..NewRun::default()
    };
    fresh(
        automation::runs::create(&site.test.app, actor, project, new, None, |_| {
            (201, String::new())
        })
        .await
        .unwrap(),
    )
}

/// One more completed run of the source of [`filled`], without tests.
pub(crate) async fn completed(site: &Site) {
    let (app, actor) = (
        &site.test.app,
        app::keys::for_user(&site.test.app, super::EMAIL).await.unwrap(),
    );
    let run = run(site, &actor, ProjectId(1), "Nightly").await;
    automation::runs::complete(app, &actor, run, false, None, |()| (204, String::new()))
        .await
        .unwrap();
}

fn fresh<T>(answer: app::Answer<T>) -> T {
    match answer {
        app::Answer::Fresh(made) => made,
        app::Answer::Known(..) => unreachable!("no idempotency key was given"),
    }
}

fn test(i: i64) -> NewTest {
    let status_id = match i {
        _ if i % 10 == 0 => 3,
        _ if i % 7 == 0 => 6,
        _ => 2,
    };
    let failure = Field {
        kind: 4,
        name: "Failure".to_owned(),
        value: Some(format!("expected 1, got {}\n  at <line> {i}", i % 20)),
        meta: Some([("type".to_owned(), "AssertionError".to_owned())].into()),
        is_highlight: true,
    };
    NewTest {
        key: format!("{i:064}"),
        name: format!("test <{i}>"),
        status_id,
        folder: "suite".to_owned(),
        elapsed: Some(i * 1000),
        file: None,
        line: None,
        assertions: None,
        fields: if status_id == 3 { vec![failure] } else { Vec::new() },
        artifacts: Vec::new(),
    }
}

/// Ids of the tests that a page or fragment lists.
fn listed(html: &str) -> Vec<i64> {
    let all = elements(html);
    let links = all
        .iter()
        .filter(|e| e.get("data-open").is_some())
        .filter_map(|e| e.get("href"));
    links
        .map(|href| {
            href.split("test_id=")
                .nth(1)
                .unwrap()
                .split('&')
                .next()
                .unwrap()
                .parse()
                .unwrap()
        })
        .collect()
}

/// Where the list goes on.
fn next(html: &str) -> Option<String> {
    elements(html)
        .iter()
        .find(|e| e.get("id") == Some("more"))
        .map(|e| e.get("hx-get").unwrap().to_owned())
}

#[tokio::test]
async fn failures_come_first_and_chunks_join_without_gaps() {
    let site = Site::new().await;
    let browser = site.signed_in().await;
    let run = filled(&site, 230).await;
    let page = browser.get(&format!("/automation/runs/view/{run}")).await;
    page.is(200)
        .has("test &lt;0&gt;")
        .has(">Failed<")
        .has(">Passed<")
        .lacks("test <0>");
    let mut all = listed(&page.html);
    assert_eq!(all.len(), 40);
    let mut more = next(&page.html);
    while let Some(href) = more {
        let chunk = browser.fragment(&href, "tbody#more").await;
        chunk.is(200).lacks("<html");
        let whole = browser.get(&href).await;
        assert_eq!(
            listed(&whole.html),
            listed(&chunk.html),
            "the link and the fragment show the same"
        );
        all.extend(listed(&chunk.html));
        more = next(&chunk.html);
    }
    assert_eq!(all.len(), 230);
    let failed: Vec<i64> = (0..230).filter(|i| i % 10 == 0).map(|i| i + 1).collect();
    assert_eq!(all[..failed.len()], failed);
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 230, "each test once");
}

#[tokio::test]
async fn a_filter_shows_one_outcome() {
    let site = Site::new().await;
    let browser = site.signed_in().await;
    let run = filled(&site, 70).await;
    for (show, n) in [("failed", 7), ("other", 9), ("passed", 40)] {
        let page = browser
            .get(&format!("/automation/runs/view/{run}?show={show}"))
            .await;
        assert_eq!(listed(page.is(200).html.as_str()).len(), n, "{show}");
    }
    browser
        .get(&format!("/automation/runs/view/{run}?show=passed"))
        .await
        .has("Next 40 tests");
}

#[tokio::test]
async fn one_test_opens_beside_the_list() {
    let site = Site::new().await;
    let browser = site.signed_in().await;
    let run = filled(&site, 230).await;
    let path = format!("/automation/runs/view/{run}?test_id=11");
    let page = browser.get(&path).await;
    page.is(200)
        .has("expected 1, got 10\n  at &lt;line&gt; 10")
        .has("<tr aria-current=\"true\">");
    let pane = browser.fragment(&path, "aside#detail").await;
    pane.is(200).lacks("<html");
    assert!(pane.html.starts_with("<aside id=\"detail\" data-shown") && page.html.contains(&pane.html));
    let closed = browser
        .fragment(&format!("/automation/runs/view/{run}"), "aside#detail")
        .await;
    assert_eq!(
        closed.html,
        "<aside id=\"detail\" hidden aria-label=\"Test\"></aside>"
    );
    browser
        .get(&format!("/automation/runs/view/{run}?test_id=9999"))
        .await
        .is(200)
        .has("<aside id=\"detail\" hidden");
}

#[tokio::test]
async fn a_link_to_a_test_far_down_shows_it_in_its_list() {
    let site = Site::new().await;
    let browser = site.signed_in().await;
    let run = filled(&site, 230).await;
    let page = browser
        .get(&format!("/automation/runs/view/{run}?test_id=229"))
        .await;
    assert_eq!(listed(&page.html)[0], 229);
    page.is(200)
        .has("<tr aria-current=\"true\">")
        .has("Show the list from its beginning");
}

#[tokio::test]
async fn failures_are_grouped_by_message() {
    let site = Site::new().await;
    let browser = site.signed_in().await;
    let run = filled(&site, 100).await;
    let page = browser
        .get(&format!("/automation/runs/view/{run}?tab=failures"))
        .await;
    page.is(200)
        .has("2 messages")
        .has("10 failures")
        .has("expected 1, got 0")
        .has("expected 1, got 10")
        .has("AssertionError");
    assert_eq!(listed(&page.html).len(), 10);
}

#[tokio::test]
async fn all_tabs_and_the_summary() {
    let site = Site::new().await;
    let browser = site.signed_in().await;
    let run = filled(&site, 20).await;
    for (tab, text) in [
        ("threads", "20 results"),
        ("artifacts", "No artifacts"),
        ("info", "Completed by"),
        ("nonsense", "Failures first"),
    ] {
        browser
            .get(&format!("/automation/runs/view/{run}?tab={tab}"))
            .await
            .is(200)
            .has(text);
    }
    let summary = browser
        .fragment(&format!("/automation/runs/view/{run}"), "div#summary")
        .await;
    summary.is(200).lacks("<html").lacks("hx-trigger");
    let actor = app::keys::for_user(&site.test.app, super::EMAIL).await.unwrap();
    let open = self::run(&site, &actor, ProjectId(1), "Going on").await;
    browser
        .get(&format!("/automation/runs/view/{open}"))
        .await
        .is(200)
        .has("hx-trigger=\"every 5s\"")
        .has("No results");
    for path in ["/automation/runs/view/99", "/automation/runs/view/x"] {
        browser.get(path).await.is(404);
    }
}

#[tokio::test]
async fn the_list_of_runs_is_filtered_and_paged() {
    let site = Site::new().await;
    let browser = site.signed_in().await;
    browser.post("/projects/new", &[("name", "Empty")]).await.is(303);
    browser
        .get("/automation/runs/1")
        .await
        .is(200)
        .has("Send the first results")
        .has("--project-id 1");
    filled(&site, 10).await;
    let actor = app::keys::for_user(&site.test.app, super::EMAIL).await.unwrap();
    for i in 0..30 {
        run(&site, &actor, ProjectId(2), &format!("Run {i}")).await;
    }
    let list = browser.get("/automation/runs/2").await;
    list.is(200)
        .has("31 runs")
        .has("href=\"/automation/runs/2?page=2\"")
        .has("Results of the last 31 runs");
    browser
        .get("/automation/runs/2?page=2")
        .await
        .is(200)
        .has("Nightly")
        .has("rel=\"prev\"");
    browser
        .get("/automation/runs/2?state=failed")
        .await
        .is(200)
        .has("Nightly")
        .lacks("Run 29");
    browser
        .get("/automation/runs/2?state=passed")
        .await
        .is(200)
        .has("Nothing matches")
        .has("Clear filters");
    browser
        .get("/automation/runs/2?source=1&state=running")
        .await
        .is(200)
        .has("30 runs")
        .has("value=\"running\" selected");
    browser
        .get("/automation/runs/2?source=9&page=zzz")
        .await
        .is(200)
        .has("Nothing matches");
}

#[tokio::test]
async fn threads_tell_their_part_and_what_replaced_them() {
    let site = Site::new().await;
    let browser = site.signed_in().await;
    let run = filled(&site, 3).await;
    let threads = format!("/automation/runs/view/{run}?tab=threads");
    browser.get(&threads).await.is(200).lacks(">Part<");
    let app = &site.test.app;
    let actor = app::keys::for_user(app, super::EMAIL).await.unwrap();
    let mut shared = None;
    for _ in 0..2 {
        let new = NewPart {
            run_key: "k".to_owned(),
            part: "linux <1>".to_owned(),
            run: NewRun {
                name: "Shared".to_owned(),
                source: "unit".to_owned(),
                ..NewRun::default()
            },
            thread: NewThread::default(),
        };
        let begun = parts::begin(app, &actor, ProjectId(1), new, None, |_| (201, String::new())).await;
        shared = Some(fresh(begun.unwrap()).run);
    }
    let threads = format!("/automation/runs/view/{}?tab=threads", shared.unwrap());
    browser
        .get(&threads)
        .await
        .is(200)
        .has(">Part<")
        .has("linux &lt;1&gt;")
        .has("attempt 1, replaced")
        .has("attempt 2<");
}
