//! Folders, cases, files, look-ups.

use super::{of, once};
use client::Client;
use client::api::*;
use serde_json::json;

pub(super) fn file(name: &str) -> Upload {
    Upload {
        name: name.to_owned(),
        media_type: "text/plain".to_owned(),
        content: "seen".into(),
    }
}

/// The cases that are left.
pub(super) async fn all(client: &Client, project: i64) -> Vec<i64> {
    folders(client, project).await;
    let cases = cases(client, project).await;
    shared_steps(client, project).await;
    files(client, cases[0]).await;
    lookups(client, project).await;
    cases
}

async fn folders(client: &Client, project: i64) {
    let api = client.api();
    let body = of(json!({"folders": [{"name": "Checkout"}, {"name": "Search"}]}));
    let made = api.create_folders(project, &body, &once()).await.unwrap().result;
    let [checkout, search] = [made[0].id, made[1].id];
    let body = of(json!({"ids": [search], "parent_id": checkout}));
    api.update_folders(project, &body).await.unwrap();
    let moved = api.get_folder(search, &GetFolderQuery::default()).await.unwrap();
    assert_eq!(moved.result.parent_id, Some(checkout));
    let page = api
        .get_folders_page(project, &GetFoldersPageQuery::default())
        .await
        .unwrap();
    assert_eq!(page.total, 2);
    api.delete_folders(project, &of(json!({"ids": [search]})))
        .await
        .unwrap();
}

async fn shared_steps(client: &Client, project: i64) {
    let api = client.api();
    let body = of(json!({"name": "Sign in", "steps": [{"text1": "Open the page"}]}));
    let made = api
        .create_shared_steps(project, &body, &once())
        .await
        .unwrap()
        .result;
    let body = of(json!({"steps": [{"text1": "Open the start page"}], "version": 1}));
    let changed = api.update_shared_steps(made.id, &body).await.unwrap().result;
    assert_eq!((changed.version, changed.case_count), (2, 0));
    let shown = api.get_shared_steps(made.id).await.unwrap().result;
    assert_eq!(shown.steps[0].text1.as_deref(), Some("Open the start page"));
    let all = api.get_shared_steps_of_project(project).await.unwrap().result;
    assert_eq!(all.len(), 1);
    api.delete_shared_steps(made.id).await.unwrap();
}

async fn cases(client: &Client, project: i64) -> Vec<i64> {
    let api = client.api();
    let body = of(
        json!({"cases": [{"name": "Pay by card", "tags": ["smoke"]}, {"name": "Refund"}, {"name": "Gone"}]}),
    );
    let made = api.create_cases(project, &body, &once()).await.unwrap().result;
    let ids: Vec<i64> = made.iter().map(|case| case.id).collect();
    let changed = api
        .update_cases(project, &of(json!({"ids": [ids[0]], "estimate": 7})))
        .await
        .unwrap();
    assert_eq!(changed.result[0].estimate, Some(7));
    api.delete_cases(project, &of(json!({"ids": [ids[2]]})))
        .await
        .unwrap();
    assert_eq!(api.get_case(ids[0]).await.unwrap().result.name, "Pay by card");
    let query = GetCasesPageQuery {
        tags: vec!["smoke".to_owned()],
        ..Default::default()
    };
    assert_eq!(
        api.get_cases_page(project, &query).await.unwrap().result[0].id,
        ids[0]
    );
    let names = api
        .get_case_name_page(project, &GetCaseNamePageQuery::default())
        .await
        .unwrap();
    assert_eq!(names.total, 2);
    let query = SearchCasesQuery {
        q: Some("refund".to_owned()),
    };
    assert_eq!(api.search_cases(project, &query).await.unwrap().result.len(), 1);
    let versions = api
        .get_case_version_page(ids[0], &GetCaseVersionPageQuery::default())
        .await
        .unwrap();
    assert_eq!(versions.total, 2);
    api.get_case_version(ids[0], 1).await.unwrap();
    let restored = api.restore_case_version(ids[0], 1, &once()).await.unwrap();
    assert_eq!(restored.result.estimate, None);
    let text = |text: &str| of(json!({ "text": text }));
    let comment = api
        .create_case_comment(ids[0], &text("Why?"), &once())
        .await
        .unwrap()
        .result;
    api.update_case_comment(ids[0], comment.id, &text("Because."))
        .await
        .unwrap();
    assert_eq!(api.get_case_comments(ids[0]).await.unwrap().result.len(), 1);
    api.delete_case_comment(ids[0], comment.id).await.unwrap();
    ids[..2].to_vec()
}

async fn files(client: &Client, case: i64) {
    let api = client.api();
    let one = api
        .create_case_attachment(case, &file("a.txt"), &once())
        .await
        .unwrap()
        .result;
    let two = [file("b.txt"), file("c.txt")];
    assert_eq!(
        api.create_case_attachments(case, &two, &once())
            .await
            .unwrap()
            .result
            .len(),
        2
    );
    assert_eq!(
        api.download_case_attachment(case, one[0].id)
            .await
            .unwrap()
            .as_ref(),
        b"seen"
    );
    api.delete_case_attachments(case, &of(json!({"ids": [one[0].id]})))
        .await
        .unwrap();
    let left = api
        .get_case_attachments_page(case, &GetCaseAttachmentsPageQuery::default())
        .await
        .unwrap();
    assert_eq!(left.total, 2);
}

async fn lookups(client: &Client, project: i64) {
    let api = client.api();
    assert!(api.get_configs(project).await.unwrap().result.is_empty());
    assert!(
        !api.get_fields(project, &GetFieldsQuery::default())
            .await
            .unwrap()
            .result
            .is_empty()
    );
    assert_eq!(api.get_repos(project).await.unwrap().result.len(), 1);
    assert!(
        !api.get_states(project, &GetStatesQuery::default())
            .await
            .unwrap()
            .result
            .is_empty()
    );
    assert_eq!(api.get_statuses(project).await.unwrap().result.len(), 6);
    assert_eq!(api.get_tags(project).await.unwrap().result[0].name, "smoke");
    assert!(
        !api.get_templates(project, &GetTemplatesQuery::default())
            .await
            .unwrap()
            .result
            .is_empty()
    );
    assert!(!api.get_milestone_types(project).await.unwrap().result.is_empty());
    let connections = api
        .get_connections_page(&GetConnectionsPageQuery::default())
        .await
        .unwrap();
    assert_eq!(connections.total, 0);
    assert_eq!(
        api.get_project_page(&GetProjectPageQuery::default())
            .await
            .unwrap()
            .total,
        1
    );
    let shown = api
        .get_project(project, &GetProjectQuery::default())
        .await
        .unwrap();
    assert_eq!(shown.result.name, "Shop");
}
