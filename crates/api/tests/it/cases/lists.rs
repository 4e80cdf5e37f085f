//! Lists and searches.

use super::World;
use http::StatusCode;
use serde_json::{Value, json};

async fn some(world: &World) -> (i64, Vec<i64>) {
    let folder = world.folder("Payment", None).await;
    let rows = world
        .make(json!([
            {"name": "Alpha 100% sure", "folder_id": folder, "estimate": 3, "tags": ["smoke"],
             "custom_steps": [{"text1": "Öffne die Kasse", "text3": "Der Betrag steht da"}]},
            {"name": "beta_case", "state_id": 1, "template_id": 2, "custom_expected": "the receipt is printed"},
            {"name": "Gamma rays", "folder_id": folder, "estimate": 1, "template_id": 4}
        ]))
        .await;
    (folder, rows.iter().map(|r| r["id"].as_i64().unwrap()).collect())
}

#[tokio::test]
async fn lists_are_filtered() {
    let world = World::new().await;
    let (folder, ids) = some(&world).await;
    world.change(json!({"ids": [ids[2]], "status_id": 2})).await;
    for (query, names) in [
        (
            format!("folder_id={folder}"),
            vec!["Alpha 100% sure", "Gamma rays"],
        ),
        ("folder_id=0".to_owned(), vec!["beta_case"]),
        (
            format!("folder_id=0,{folder}&state_id=4"),
            vec!["Alpha 100% sure", "Gamma rays"],
        ),
        ("template_id=2,4".to_owned(), vec!["Gamma rays", "beta_case"]),
        ("state_id=1".to_owned(), vec!["beta_case"]),
        ("status_id=1".to_owned(), vec![]),
        ("tags=SMOKE,none".to_owned(), vec!["Alpha 100% sure"]),
        ("created_by=1&updated_by=1".to_owned(), vec!["Gamma rays"]),
        ("created_by=2".to_owned(), vec![]),
        ("has_automation=1".to_owned(), vec![]),
        (
            "has_automation=false&has_automation_status=False&state_id=1".to_owned(),
            vec!["beta_case"],
        ),
        (
            "created_after=2000-01-01T00:00:00Z&state_id=1".to_owned(),
            vec!["beta_case"],
        ),
        ("created_before=2000-01-01T00:00:00Z".to_owned(), vec![]),
        ("name=100%25".to_owned(), vec!["Alpha 100% sure"]),
        ("name=A_C".to_owned(), vec!["beta_case"]),
        (
            "name=a".to_owned(),
            vec!["Alpha 100% sure", "Gamma rays", "beta_case"],
        ),
        ("name=%22".to_owned(), vec![]),
        (format!("name=amm&folder_id={folder}"), vec!["Gamma rays"]),
        ("search=offne%20betr".to_owned(), vec!["Alpha 100% sure"]),
        ("search=receipt".to_owned(), vec!["beta_case"]),
        ("search=receipt&folder_id=5".to_owned(), vec![]),
        ("search=%22%2A%20AND".to_owned(), vec![]),
        ("search=%22".to_owned(), vec![]),
    ] {
        let mut found = world.names(&query).await;
        found.sort();
        assert_eq!(found, names, "{query}");
    }
}

#[tokio::test]
async fn every_sort_goes_both_ways() {
    let world = World::new().await;
    let (_, ids) = some(&world).await;
    world.change(json!({"ids": [ids[1]], "name": "Delta"})).await;
    let expected = [
        ("created_at", [0, 1, 2]),
        ("created_by", [0, 1, 2]),
        ("display_order", [0, 1, 2]),
        ("estimate", [2, 0, 1]),
        ("folder_id", [1, 0, 2]),
        ("forecast", [0, 1, 2]),
        ("has_automation", [0, 1, 2]),
        ("id", [0, 1, 2]),
        ("name", [0, 1, 2]),
        ("state_id", [1, 0, 2]),
        ("status_at", [0, 1, 2]),
        ("status_id", [2, 0, 1]),
        ("template_id", [0, 1, 2]),
        ("updated_at", [1, 0, 2]),
        ("updated_by", [1, 0, 2]),
    ];
    let sorted = async |query: String| -> Vec<usize> {
        let list = world.list(&query).await;
        let rows = list["result"].as_array().unwrap().clone();
        let place = |r: &Value| ids.iter().position(|id| r["id"] == *id).unwrap();
        rows.iter().map(place).collect()
    };
    for (column, ascending) in expected {
        let up = sorted(format!("sort=repository_cases:{column}&order=asc")).await;
        assert_eq!(up, ascending, "{column}");
        let down = sorted(format!("sort=repository_cases:{column}")).await;
        // What has no value is last in both directions.
        let with_value = match column {
            "estimate" => 2,
            "updated_at" | "updated_by" => 1,
            _ => 3,
        };
        let reversed: Vec<usize> = ascending[..with_value].iter().rev().copied().collect();
        let none = if matches!(column, "forecast" | "status_at") {
            0
        } else {
            with_value
        };
        assert_eq!(&down[..none], &reversed[..none], "{column} down");
    }
}

#[tokio::test]
async fn pages_know_their_neighbours() {
    let world = World::new().await;
    let cases: Vec<Value> = (0..40).map(|n| json!({"name": format!("case {n:02}")})).collect();
    world.make(json!(cases)).await;
    let page = world
        .list("per_page=15&page=2&sort=repository_cases:name&order=asc")
        .await;
    assert_eq!(
        (
            &page["page"],
            &page["prev_page"],
            &page["next_page"],
            &page["last_page"],
            &page["total"]
        ),
        (&json!(2), &json!(1), &json!(3), &json!(3), &json!(40))
    );
    assert_eq!(
        (&page["result"][0]["name"], &page["result"][14]["name"]),
        (&json!("case 15"), &json!("case 29"))
    );
    let beyond = world.list("page=9").await;
    assert_eq!((&beyond["result"], &beyond["total"]), (&json!([]), &json!(40)));
}

#[tokio::test]
async fn expands_show_each_thing_once_and_ids_on_the_rows() {
    let world = World::new().await;
    let (folder, ids) = some(&world).await;
    world
        .change(json!({"ids": [ids[0]], "name": "Alpha", "custom_priority": 2}))
        .await;
    let comments = format!("/api/attest/v1/cases/{}/comments", ids[0]);
    let comment = world
        .test
        .post(&comments, &world.key, json!({"text": "Why?"}))
        .await
        .json();
    let all = "expands=templates,folders,users,automation_links,tags,history,comments&sort=repository_cases:id&order=asc";
    let list = world.list(all).await;
    let expands = &list["expands"];
    assert_eq!(expands["folders"], json!([{"id": folder, "name": "Payment"}]));
    assert_eq!(expands["templates"].as_array().unwrap().len(), 3);
    assert_eq!(expands["users"].as_array().unwrap().len(), 1);
    assert_eq!(expands["tags"][0]["name"], "smoke");
    assert_eq!(expands["automation_links"], json!([]));
    assert_eq!(expands["comments"][0]["id"], comment["result"]["id"]);
    assert_eq!(expands["history"].as_array().unwrap().len(), 4);
    let row = &list["result"][0];
    assert_eq!(
        (&row["tags"], &row["comments"]),
        (
            &json!([expands["tags"][0]["id"]]),
            &json!([comment["result"]["id"]])
        )
    );
    assert_eq!(row["history"].as_array().unwrap().len(), 2);
    assert_eq!(
        expands["history"][1]["changes"],
        json!([
            {"id": 1, "type": 1, "field": "custom_priority", "before": null, "after": 2},
            {"id": 2, "type": 2, "field": "name", "before": "Alpha 100% sure", "after": "Alpha"}
        ])
    );
    let bare = world.list("").await;
    assert!(bare["result"][0].get("tags").is_none() && bare["expands"] == json!({}));
}

#[tokio::test]
async fn names_come_in_large_pages() {
    let world = World::new().await;
    let (folder, ids) = some(&world).await;
    let path = format!(
        "{}/names?per_page=250&sort=repository_cases:name&order=asc",
        world.path()
    );
    let page = world.test.get(&path, &world.key).await.json();
    assert_eq!(
        page["result"][0],
        json!({"id": ids[0], "name": "Alpha 100% sure", "folder_id": folder})
    );
    assert_eq!(
        (page["result"].as_array().unwrap().len(), &page["total"]),
        (3, &json!(3))
    );
    let path = format!("{}/names?per_page=1001", world.path());
    assert_eq!(
        world.test.get(&path, &world.key).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

#[tokio::test]
async fn a_search_proposes_the_number_first_and_names_before_texts() {
    let world = World::new().await;
    let rows = world
        .make(json!([
            {"name": "Receipt"},
            {"name": "Other", "custom_preconditions": "a receipt printer"},
            {"name": "Receipt 1 of 2"},
        ]))
        .await;
    let ids: Vec<i64> = rows.iter().map(|r| r["id"].as_i64().unwrap()).collect();
    let search = async |q: &str| -> Vec<i64> {
        let path = format!("/api/attest/v1/projects/{}/cases/search?q={q}", world.project);
        let reply = world.test.get(&path, &world.key).await.json();
        let hits = reply["result"].as_array().unwrap();
        hits.iter().map(|h| h["id"].as_i64().unwrap()).collect()
    };
    assert_eq!(search("rec").await, [ids[2], ids[0], ids[1]]);
    assert_eq!(search("1").await[0], ids[0], "the number");
    assert_eq!(search("C3").await, [ids[2]]);
    assert_eq!(search("print").await, [ids[1]]);
    assert_eq!(search("nothing").await, [0; 0]);
}
