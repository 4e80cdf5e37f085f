//! People, definitions, keys, audit.

use super::{Served, of, once};
use client::Client;
use client::api::types::{AdminStatuses, RevokeIn, RotateIn};
use client::api::*;
use serde_json::json;
use testkit::app::UserKind;

pub(super) async fn all(served: &Served, client: &Client, project: i64) {
    people(client).await;
    roles_and_groups(client, project).await;
    statuses_and_states(client).await;
    fields_and_templates(client).await;
    keys(served, client).await;
    notifications(client).await;
    let page = client
        .api()
        .get_audit_page(&GetAuditPageQuery::default())
        .await
        .unwrap();
    assert!(page.total > 20);
    let csv = client
        .api()
        .export_audit(&ExportAuditQuery::default())
        .await
        .unwrap();
    assert!(csv.starts_with(b"id,action,"));
}

/// Nobody told this caller anything.
async fn notifications(client: &Client) {
    let api = client.api();
    let page = api
        .get_notification_page(&GetNotificationPageQuery::default())
        .await
        .unwrap();
    assert_eq!(page.total, 0);
    let absent = api.read_notification(999_999, &once()).await;
    assert!(absent.is_err());
    api.read_notifications(&once()).await.unwrap();
}

async fn people(client: &Client) {
    let api = client.api();
    let me = api.get_current_user().await.unwrap();
    assert_eq!(me.name, "ada");
    assert_eq!(
        api.get_user(me.id, &GetUserQuery::default())
            .await
            .unwrap()
            .result
            .name,
        "ada"
    );
    assert_eq!(
        api.get_user_page(&GetUserPageQuery::default())
            .await
            .unwrap()
            .total,
        1
    );
    let body = of(json!({"name": "Mara", "email": "mara@demo.example"}));
    let mara = api.create_user(&body, &once()).await.unwrap().result.id;
    assert_eq!(
        api.get_admin_user(mara).await.unwrap().result.email,
        "mara@demo.example"
    );
    let zone = of(json!({"timezone": "Europe/Berlin"}));
    assert_eq!(
        api.update_user(mara, &zone)
            .await
            .unwrap()
            .result
            .timezone
            .as_deref(),
        Some("Europe/Berlin")
    );
    assert_eq!(
        api.get_admin_user_page(&GetAdminUserPageQuery::default())
            .await
            .unwrap()
            .total,
        2
    );
    api.delete_user(mara).await.unwrap();
}

async fn roles_and_groups(client: &Client, project: i64) {
    let api = client.api();
    let role = api
        .create_role(&of(json!({"name": "Guest", "permissions": 256})), &once())
        .await
        .unwrap()
        .result
        .id;
    assert_eq!(api.get_admin_role(role).await.unwrap().result.permissions, 256);
    assert_eq!(
        api.update_role(role, &of(json!({"permissions": 257})))
            .await
            .unwrap()
            .result
            .permissions,
        257
    );
    assert_eq!(
        api.get_role(role, &GetRoleQuery::default())
            .await
            .unwrap()
            .result
            .permissions,
        257
    );
    let all = api
        .get_role_page(&GetRolePageQuery::default())
        .await
        .unwrap()
        .total;
    assert_eq!(
        api.get_admin_role_page(&GetAdminRolePageQuery::default())
            .await
            .unwrap()
            .total,
        all
    );
    let me = api.get_current_user().await.unwrap().id;
    let group = api
        .create_group(&of(json!({"name": "Team", "members": [me]})), &once())
        .await
        .unwrap()
        .result
        .id;
    assert_eq!(
        api.update_group(group, &of(json!({"name": "Crew"})))
            .await
            .unwrap()
            .result
            .name,
        "Crew"
    );
    assert_eq!(api.get_admin_group(group).await.unwrap().result.members, [me]);
    assert_eq!(
        api.get_group(group, &GetGroupQuery::default())
            .await
            .unwrap()
            .result
            .name,
        "Crew"
    );
    assert_eq!(
        api.get_group_page(&GetGroupPageQuery::default())
            .await
            .unwrap()
            .total,
        1
    );
    assert_eq!(
        api.get_admin_group_page(&GetAdminGroupPageQuery::default())
            .await
            .unwrap()
            .total,
        1
    );
    let access = of(json!({"users": [{"user_id": me, "role_id": role}]}));
    let given = api.update_project_access(project, &access).await.unwrap();
    assert_eq!(api.get_project_access(project).await.unwrap(), given);
    assert_eq!(
        api.get_user_page_for_project(project, &GetUserPageForProjectQuery::default())
            .await
            .unwrap()
            .total,
        1
    );
    let access = of(json!({"users": [{"user_id": me, "remove": true}]}));
    api.update_project_access(project, &access).await.unwrap();
    api.delete_role(role).await.unwrap();
    api.delete_group(group).await.unwrap();
    let policy = of(json!({"key_policy": {"max_days": 365}}));
    let settings = api.update_settings(&policy).await.unwrap();
    assert_eq!(settings.result.key_policy.max_days, Some(365));
    assert_eq!(api.get_settings().await.unwrap(), settings);
    api.update_settings(&of(json!({"key_policy": {}}))).await.unwrap();
}

async fn statuses_and_states(client: &Client) {
    let api = client.api();
    let status = api
        .create_status(&of(json!({"name": "Known"})), &once())
        .await
        .unwrap()
        .result
        .id;
    assert_eq!(
        api.get_admin_status(status).await.unwrap().result.system_name,
        "known"
    );
    assert_eq!(
        api.update_status(status, &of(json!({"name": "Seen"})))
            .await
            .unwrap()
            .result
            .name,
        "Seen"
    );
    let ids = |all: AdminStatuses| all.result.iter().map(|s| s.id).rev().collect::<Vec<_>>();
    let turned = ids(api.get_admin_statuses().await.unwrap());
    let ordered = api.order_statuses(&of(json!({ "ids": turned }))).await.unwrap();
    assert_eq!(ordered.result[0].id, turned[0]);
    api.delete_status(status).await.unwrap();
    let state = api
        .create_state(&of(json!({"entity": "run", "name": "On hold"})), &once())
        .await
        .unwrap()
        .result
        .id;
    assert_eq!(api.get_admin_state(state).await.unwrap().result.entity, "run");
    assert_eq!(
        api.update_state(state, &of(json!({"name": "Paused"})))
            .await
            .unwrap()
            .result
            .name,
        "Paused"
    );
    let query = GetAdminStatesQuery {
        entity: Some("run".to_owned()),
    };
    let turned: Vec<i64> = api
        .get_admin_states(&query)
        .await
        .unwrap()
        .result
        .iter()
        .map(|s| s.id)
        .rev()
        .collect();
    let ordered = api
        .order_states(&of(json!({"entity": "run", "ids": turned})))
        .await
        .unwrap();
    assert_eq!(ordered.result[0].id, turned[0]);
    api.delete_state(state).await.unwrap();
}

async fn fields_and_templates(client: &Client) {
    let api = client.api();
    let body = of(json!({"entity": "session", "type": 8, "name": "Risk", "options": [{"value": "High"}]}));
    let field = api.create_field(&body, &once()).await.unwrap().result;
    assert_eq!(field.options[0].value, "High");
    assert_eq!(api.get_admin_field(field.id).await.unwrap().result, field);
    let noted = api
        .update_field(field.id, &of(json!({"note": "How bad"})))
        .await
        .unwrap();
    assert_eq!(noted.result.note.as_deref(), Some("How bad"));
    let query = GetAdminFieldsQuery {
        entity: Some("session".to_owned()),
    };
    let turned: Vec<i64> = api
        .get_admin_fields(&query)
        .await
        .unwrap()
        .result
        .iter()
        .map(|f| f.id)
        .rev()
        .collect();
    let ordered = api
        .order_fields(&of(json!({"entity": "session", "ids": turned})))
        .await
        .unwrap();
    assert_eq!(ordered.result[0].id, turned[0]);
    api.delete_field(field.id).await.unwrap();
    let body = of(json!({"entity": "session", "name": "Checklist"}));
    let template = api.create_template(&body, &once()).await.unwrap().result.id;
    assert_eq!(
        api.get_admin_template(template).await.unwrap().result.name,
        "Checklist"
    );
    assert_eq!(
        api.update_template(template, &of(json!({"name": "List"})))
            .await
            .unwrap()
            .result
            .name,
        "List"
    );
    let query = GetAdminTemplatesQuery {
        entity: Some("session".to_owned()),
    };
    let all = api.get_admin_templates(&query).await.unwrap();
    let turned: Vec<i64> = all.result.iter().map(|t| t.id).rev().collect();
    let ordered = api
        .order_templates(&of(json!({"entity": "session", "ids": turned})))
        .await
        .unwrap();
    assert_eq!(ordered.result[0].id, turned[0]);
    api.delete_template(template).await.unwrap();
}

async fn keys(served: &Served, client: &Client) {
    let api = client.api();
    let user = api
        .create_api_user(&of(json!({"name": "Nightly CI"})), &once())
        .await
        .unwrap()
        .result
        .id;
    assert_eq!(api.get_api_user(user).await.unwrap().result.name, "Nightly CI");
    assert_eq!(
        api.update_api_user(user, &of(json!({"name": "CI"})))
            .await
            .unwrap()
            .result
            .name,
        "CI"
    );
    assert_eq!(
        api.get_api_user_page(&GetApiUserPageQuery::default())
            .await
            .unwrap()
            .total,
        1
    );
    let manager = served.test.user("manager", "Lead", UserKind::Api).await;
    served
        .test
        .db()
        .write(move |tx| {
            let sql = "UPDATE users SET manages_api_users = TRUE WHERE id = $1";
            tx.execute(sql, store::args![manager.0])
        })
        .await
        .unwrap();
    let manager = served.client(&served.test.key(manager).await);
    let keys = manager.api();
    let end = "2027-06-30T00:00:00Z";
    let body = of(json!({"user_id": user, "name": "nightly", "scope": "read", "expires_at": end}));
    let made = keys.create_key(&body, &once()).await;
    let made = made.unwrap().result;
    assert!(made.secret.starts_with("att_api_"));
    assert_eq!(keys.get_key(made.id).await.unwrap().result.last4, made.last4);
    let next = keys
        .rotate_key(made.id, &RotateIn::default(), &once())
        .await
        .unwrap()
        .result;
    assert_eq!(next.previous_id, Some(made.id));
    let query = GetKeysQuery { user_id: Some(user) };
    assert_eq!(keys.get_keys(&query).await.unwrap().result.len(), 1);
    keys.revoke_key(next.id, &RevokeIn::default()).await.unwrap();
    assert!(keys.get_keys(&query).await.unwrap().result.is_empty());
    api.delete_api_user(user).await.unwrap();
    assert_eq!(
        keys.get_current_key(&GetCurrentKeyQuery::default())
            .await
            .unwrap()
            .result
            .scope,
        "full"
    );
    keys.revoke_current_key().await.unwrap();
    let over = keys.get_current_user().await.unwrap_err();
    assert!(matches!(over, client::Error::Unauthorised(_)), "{over}");
}
