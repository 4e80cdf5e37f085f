//! Milestones, runs, sessions, automation.

use super::repository::file;
use super::{of, once};
use client::Client;
use client::api::types::{CompleteRun, CompleteThread, ThreadIn};
use client::api::*;
use serde_json::json;

pub(super) async fn all(client: &Client, project: i64, cases: &[i64]) {
    milestones(client, project).await;
    runs(client, project, cases).await;
    sessions(client, project).await;
    automation(client, project, cases[0]).await;
}

async fn milestones(client: &Client, project: i64) {
    let api = client.api();
    let made = api
        .create_milestone(project, &of(json!({"name": "2.0"})), &once())
        .await
        .unwrap()
        .result;
    let changed = api
        .update_milestone(made.id, &of(json!({"name": "2.1"})))
        .await
        .unwrap();
    assert_eq!(changed.result.name, "2.1");
    assert_eq!(
        api.get_milestone(made.id, &GetMilestoneQuery::default())
            .await
            .unwrap()
            .result
            .name,
        "2.1"
    );
    assert_eq!(
        api.get_milestone_page(project, &GetMilestonePageQuery::default())
            .await
            .unwrap()
            .total,
        1
    );
    api.delete_milestone(made.id).await.unwrap();
}

async fn runs(client: &Client, project: i64, cases: &[i64]) {
    let api = client.api();
    let body = of(json!({"name": "RC 1", "include_all": true}));
    let run = api.create_run(project, &body, &once()).await.unwrap().result.id;
    let tests = api
        .get_run_test_page(run, &GetRunTestPageQuery::default())
        .await
        .unwrap()
        .result;
    assert_eq!(tests.len(), 2);
    let passed = of(json!({"status_id": 2, "elapsed": 5}));
    let result = api
        .create_run_result(run, tests[0].id, &passed, &once())
        .await
        .unwrap()
        .result;
    assert_eq!(result.status_id, 2);
    let text = of(json!({"case_version": tests[0].case_version}));
    let same = api.update_run_test(run, tests[0].id, &text).await.unwrap();
    assert_eq!(same.result.status_id, 2);
    let both = of(json!({"results": [{"test_id": tests[1].id, "status_id": 3}]}));
    assert_eq!(
        api.create_run_results(run, &both, &once())
            .await
            .unwrap()
            .result
            .len(),
        1
    );
    let noted = api
        .update_run_result(run, result.id, &of(json!({"note": "twice"})))
        .await
        .unwrap();
    assert_eq!(noted.result.note.as_deref(), Some("twice"));
    assert_eq!(
        api.get_run_result_page(run, &GetRunResultPageQuery::default())
            .await
            .unwrap()
            .total,
        2
    );
    let history = api
        .get_case_result_history(project, cases[0], &GetCaseResultHistoryQuery::default())
        .await
        .unwrap();
    assert_eq!(history.total, 1);
    let files = api
        .create_result_attachments(run, result.id, &[file("shot.txt")], &once())
        .await
        .unwrap()
        .result;
    let bytes = api
        .download_result_attachment(run, result.id, files[0].id)
        .await
        .unwrap();
    assert_eq!(bytes.as_ref(), b"seen");
    let page = api
        .get_result_attachments_page(run, result.id, &GetResultAttachmentsPageQuery::default())
        .await
        .unwrap();
    assert_eq!(page.total, 1);
    api.delete_result_attachments(run, result.id, &of(json!({"ids": [files[0].id]})))
        .await
        .unwrap();
    assert_eq!(
        api.get_run(run, &GetRunQuery::default())
            .await
            .unwrap()
            .result
            .total_count,
        2
    );
    assert_eq!(
        api.get_run_page(project, &GetRunPageQuery::default())
            .await
            .unwrap()
            .total,
        1
    );
    assert_eq!(
        api.update_run(run, &of(json!({"name": "RC 2"})))
            .await
            .unwrap()
            .result
            .name,
        "RC 2"
    );
    api.delete_run(run).await.unwrap();
}

async fn sessions(client: &Client, project: i64) {
    let api = client.api();
    let made = api
        .create_session(project, &of(json!({"name": "Tour"})), &once())
        .await
        .unwrap()
        .result;
    let result = of(json!({"status_id": 2, "note": "fine"}));
    assert_eq!(
        api.create_session_result(made.id, &result, &once())
            .await
            .unwrap()
            .result
            .status_id,
        2
    );
    let results = api
        .get_session_result_page(made.id, &GetSessionResultPageQuery::default())
        .await
        .unwrap();
    assert_eq!(results.total, 1);
    let changed = api
        .update_session(made.id, &of(json!({"name": "Long tour"})))
        .await
        .unwrap();
    assert_eq!(changed.result.name, "Long tour");
    assert_eq!(
        api.get_session(made.id, &GetSessionQuery::default())
            .await
            .unwrap()
            .result
            .name,
        "Long tour"
    );
    assert_eq!(
        api.get_session_page(project, &GetSessionPageQuery::default())
            .await
            .unwrap()
            .total,
        1
    );
    api.delete_session(made.id).await.unwrap();
}

async fn automation(client: &Client, project: i64, case: i64) {
    let api = client.api();
    let body = of(json!({"name": "nightly", "source": "backend"}));
    let run = api
        .create_automation_run(project, &body, &once())
        .await
        .unwrap()
        .id;
    let fields = of(json!({"fields": [{"type": 1, "name": "Build", "value": "17"}]}));
    api.append_to_automation_run(run, &fields, &once()).await.unwrap();
    let thread = api
        .create_automation_run_thread(run, &ThreadIn::default(), &once())
        .await
        .unwrap()
        .id;
    let tests = of(json!({"tests": [{"key": "a", "name": "adds", "folder": "cart", "status": "passed"}]}));
    api.append_to_automation_run_thread(thread, &tests, &once())
        .await
        .unwrap();
    automation_files(client, run).await;
    api.complete_automation_run_thread(thread, &CompleteThread::default(), &once())
        .await
        .unwrap();
    api.complete_automation_run(run, &CompleteRun::default(), &once())
        .await
        .unwrap();
    let shown = api
        .get_automation_run(run, &GetAutomationRunQuery::default())
        .await
        .unwrap()
        .result;
    assert_eq!((shown.success_count, shown.status), (1, 2));
    assert_eq!(
        api.get_automation_run_page(project, &GetAutomationRunPageQuery::default())
            .await
            .unwrap()
            .total,
        1
    );
    let source = api
        .get_automation_source(shown.source_id, &GetAutomationSourceQuery::default())
        .await
        .unwrap();
    assert_eq!(source.result.name, "backend");
    let sources = api
        .get_automation_source_page(project, &GetAutomationSourcePageQuery::default())
        .await
        .unwrap();
    assert_eq!(sources.total, 1);
    let automated = api
        .get_automation_case_page(project, &GetAutomationCasePageQuery::default())
        .await
        .unwrap();
    let pair = json!({"case_id": case, "automation_case_id": automated.result[0].id});
    api.create_automation_link(project, &of(pair.clone()), &once())
        .await
        .unwrap();
    api.create_automation_links(project, &of(json!({ "links": [pair] })), &once())
        .await
        .unwrap();
    automation_parts(client, project).await;
    retention(client, project, run, shown.source_id).await;
}

async fn retention(client: &Client, project: i64, run: i64, source: i64) {
    let api = client.api();
    let days = |days: i64| of(json!({ "output_days": days }));
    assert_eq!(
        api.update_retention(&days(80))
            .await
            .unwrap()
            .result
            .in_force
            .output_days,
        80
    );
    assert_eq!(api.get_retention().await.unwrap().result.output_days, Some(80));
    let changed = api.update_project_retention(project, &days(70)).await.unwrap();
    assert_eq!(changed.result.in_force.output_days, 70);
    assert_eq!(
        api.get_project_retention(project)
            .await
            .unwrap()
            .result
            .output_days,
        Some(70)
    );
    let changed = api
        .update_automation_source_retention(source, &days(60))
        .await
        .unwrap();
    assert_eq!(changed.result.in_force.output_days, 60);
    let shown = api.get_automation_source_retention(source).await.unwrap();
    assert_eq!(shown.result.output_days, Some(60));
    let gone = api
        .preview_project_retention(project, &PreviewProjectRetentionQuery::default())
        .await
        .unwrap();
    assert!(gone.result.is_empty());
    let pinned = api
        .update_automation_run_retention(run, &of(json!({"is_pinned": true})))
        .await
        .unwrap();
    assert!(pinned.result.is_pinned);
    assert!(
        api.get_automation_run_retention(run)
            .await
            .unwrap()
            .result
            .is_pinned
    );
}

async fn automation_parts(client: &Client, project: i64) {
    let api = client.api();
    let part = of(json!({"run_key": "build-17", "part": "1", "name": "nightly", "source": "web"}));
    let tests = of(json!({"tests": [{"key": "a", "name": "adds", "folder": "cart", "status": "failed"}]}));
    let mut threads = Vec::new();
    for attempt in 1..=2 {
        let begun = api.begin_automation_part(project, &part, &once()).await.unwrap();
        assert_eq!(begun.attempt, attempt);
        api.append_to_automation_run_thread(begun.thread_id, &tests, &once())
            .await
            .unwrap();
        api.complete_automation_part(begun.thread_id, &of(json!({"parts": 1})), &once())
            .await
            .unwrap();
        threads.push((begun.run_id, begun.thread_id));
    }
    let (run, first) = threads[0];
    assert_eq!(run, threads[1].0, "both attempts belong to one run");
    let parts = api.get_automation_parts(run).await.unwrap();
    assert_eq!(parts.result.len(), 2, "the replaced attempt stays visible");
    let replaced = api
        .get_replaced_automation_test_page(first, &GetReplacedAutomationTestPageQuery::default())
        .await
        .unwrap();
    assert_eq!(replaced.result[0].name, "adds");
}

async fn automation_files(client: &Client, run: i64) {
    let api = client.api();
    let page = api
        .get_automation_run_test_page(run, &GetAutomationRunTestPageQuery::default())
        .await
        .unwrap();
    let test = page.result[0].id;
    let made = api
        .create_automation_run_attachments(run, &[file("log.txt")], &once())
        .await
        .unwrap()
        .result[0]
        .id;
    let bytes = api.download_automation_run_attachment(run, made).await.unwrap();
    assert_eq!(bytes.as_ref(), b"seen");
    let all = api
        .get_automation_run_attachments_page(run, &GetAutomationRunAttachmentsPageQuery::default())
        .await
        .unwrap();
    assert_eq!(all.total, 1);
    api.delete_automation_run_attachments(run, &of(json!({ "ids": [made] })))
        .await
        .unwrap();
    let made = api
        .create_automation_test_attachments(run, test, &[file("log.txt")], &once())
        .await
        .unwrap();
    let made = made.result[0].id;
    let bytes = api
        .download_automation_test_attachment(run, test, made)
        .await
        .unwrap();
    assert_eq!(bytes.as_ref(), b"seen");
    let query = GetAutomationTestAttachmentsPageQuery::default();
    assert_eq!(
        api.get_automation_test_attachments_page(run, test, &query)
            .await
            .unwrap()
            .total,
        1
    );
    api.delete_automation_test_attachments(run, test, &of(json!({ "ids": [made] })))
        .await
        .unwrap();
}
