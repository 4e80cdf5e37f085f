//! Settings of the instance.

use super::{World, told, wrong};
use http::Method;
use serde_json::{Value, json};
use testkit::app::UserKind;

const PATH: &str = "/api/attest/v1/settings";

#[tokio::test]
async fn settings_are_read_and_changed() {
    let world = World::new().await;
    let read = async || world.test.get(PATH, &world.key).await.json()["result"].clone();
    let factory = json!({"edition": "enterprise", "seats": null, "seats_taken": 1, "public_url": null,
        "key_policy": {"max_days": null, "is_expiry_required": false}});
    assert_eq!(read().await, factory);
    let body = json!({"edition": "business", "seats": 5, "key_policy": {"max_days": 90}});
    let new = world.browse(Method::PATCH, PATH, &body).await;
    assert_eq!(new.status, 200, "{}", new.json());
    let expected = json!({"edition": "business", "seats": 5, "seats_taken": 1, "public_url": null,
        "key_policy": {"max_days": 90, "is_expiry_required": false}});
    assert_eq!(read().await, expected);
    let back = world.browse(Method::PATCH, PATH, &json!({"seats": null})).await;
    assert_eq!(back.json()["result"]["seats"], Value::Null);
    let path = "/api/attest/v1/audit?action=settings.updated&order=asc";
    let rows = world.test.get(path, &world.key).await.json();
    assert_eq!(rows["total"], 2);
    assert_eq!(rows["result"][0]["detail"]["before"]["edition"], "enterprise");
    assert_eq!(rows["result"][0]["detail"]["after"]["edition"], "business");
}

#[tokio::test]
async fn what_is_wrong_is_named() {
    let world = World::new().await;
    world.test.user("second", "Lead", UserKind::Person).await;
    for (body, field) in [
        (json!({"edition": "gold"}), "edition"),
        (json!({"seats": 0}), "seats"),
        (json!({"seats": 1}), "seats"),
        (json!({"key_policy": {"max_days": 0}}), "key_policy.max_days"),
    ] {
        assert_eq!(
            wrong(&world.browse(Method::PATCH, PATH, &body).await),
            [field],
            "{body}"
        );
    }
    let by_key = world
        .test
        .call(Method::PATCH, PATH, &world.key, &json!({"seats": 9}))
        .await;
    assert_eq!(told(&by_key), (403, "session_required".to_owned()));
    let nothing = world.browse(Method::PATCH, PATH, &json!({})).await;
    assert_eq!(told(&nothing), (400, "nothing_to_change".to_owned()));
}
