//! Statuses of single steps (our addition).

use crate::cases::{World, errors};
use http::{Method, StatusCode};
use serde_json::{Value, json};

async fn run_of_steps(world: &World) -> (i64, Value) {
    let steps = json!([{"text1": "Open"}, {"text1": "Pay"}, {"text1": "Leave", "text3": "Paid"}]);
    let id = world.make(json!([{"name": "Pay", "custom_steps": steps}])).await[0]["id"].clone();
    let run = world.make_run(json!({"name": "RC", "cases": [id]})).await;
    let test = world.run_tests(run).await[0]["id"].clone();
    (run, test)
}

#[tokio::test]
async fn a_result_says_how_each_step_went() {
    let world = World::new().await;
    let (run, test) = run_of_steps(&world).await;
    let give = format!("/runs/{run}/tests/{test}/results");
    let steps = json!([{"step": 1, "status_id": 2}, {"step": 3, "status_id": 3}]);
    let made = world
        .run_ok(Method::POST, &give, json!({"status_id": 3, "steps": steps}))
        .await;
    assert_eq!(made["result"]["steps"], steps);
    let path = format!("/runs/{run}/results/{}", made["result"]["id"]);
    let kept = world.run_ok(Method::PATCH, &path, json!({"note": "seen"})).await;
    assert_eq!(kept["result"]["steps"], steps, "another change leaves them alone");
    let other = json!([{"step": 2, "status_id": 5}]);
    let changed = world.run_ok(Method::PATCH, &path, json!({"steps": other})).await;
    assert_eq!(changed["result"]["steps"], other);
    let none = world.run_ok(Method::PATCH, &path, json!({"steps": []})).await;
    assert_eq!(none["result"]["steps"], json!([]));
    let plain = world.run_ok(Method::POST, &give, json!({"status_id": 2})).await;
    assert_eq!(plain["result"]["steps"], json!([]));
}

#[tokio::test]
async fn a_step_that_the_text_does_not_have_is_refused() {
    let world = World::new().await;
    let (run, test) = run_of_steps(&world).await;
    let give = format!("/runs/{run}/tests/{test}/results");
    let passed = |step: i64| json!({"step": step, "status_id": 2});
    for (steps, field) in [
        (json!([passed(4)]), "steps.0.step"),
        (json!([passed(0)]), "steps.0.step"),
        (json!([passed(2), passed(2)]), "steps.1.step"),
        (json!([passed(2), passed(1)]), "steps.1.step"),
        (json!([{"step": 1, "status_id": 1}]), "steps.0.status_id"),
        (json!([{"step": 1, "status_id": 24}]), "steps.0.status_id"),
    ] {
        let refused = world
            .run_call(Method::POST, &give, json!({"status_id": 2, "steps": steps}))
            .await;
        let named = errors(&refused);
        assert!(
            named.iter().any(|e| e.starts_with(&format!("{field}: "))),
            "{steps}: {named:?}"
        );
    }
    for steps in [json!({"step": 1}), json!([1]), json!([{"step": 1}])] {
        let refused = world
            .run_call(Method::POST, &give, json!({"status_id": 2, "steps": steps}))
            .await;
        assert_eq!(
            refused.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{steps}: {}",
            refused.json()
        );
    }
    assert_eq!(world.run_results(run, "").await, [0; 0]);
}
