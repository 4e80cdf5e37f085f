//! The number of statements of an answer does not grow with its rows. (Each test is a process of its own.)

use super::World;
use serde_json::{Value, json};

/// Statements that a request may take for reasons of its own: the key is looked up anew after a write of a job.
const AROUND: u64 = 3;

impl World {
    /// Statements that a request takes, authentication and all.
    async fn statements<T>(&self, work: impl AsyncFnOnce() -> T) -> u64 {
        // The key is looked up anew after each write.
        self.list("").await;
        let before = self.test.db().stats().statements;
        work().await;
        self.test.db().stats().statements - before
    }
}

fn cases(folder: i64, n: usize) -> Vec<Value> {
    let case = |n: usize| {
        json!({"name": format!("case {n}"), "folder_id": folder, "tags": [format!("tag {}", n % 30), "all"],
            "custom_steps": [{"text1": "do", "text3": "see"}]})
    };
    (0..n).map(case).collect()
}

#[tokio::test]
async fn lists_take_as_many_for_a_hundred_rows_as_for_fifteen() {
    let world = World::new().await;
    let folder = world.folder("F", None).await;
    world.make(json!(cases(folder, 100))).await;
    for query in [
        "",
        "&expands=templates,folders,users,automation_links,tags,history,comments",
        "&search=case",
        "&name=case",
        "&sort=repository_cases:updated_at",
    ] {
        let few = world
            .statements(async || world.list(&format!("per_page=15{query}")).await)
            .await;
        let many = world
            .statements(async || world.list(&format!("per_page=100{query}")).await)
            .await;
        assert!(many <= few + AROUND, "{query}: {few} and {many}");
    }
}

#[tokio::test]
async fn writes_take_as_many_for_a_hundred_cases_as_for_two() {
    let world = World::new().await;
    let folder = world.folder("F", None).await;
    // Rows that SQLite inserts one by one are one bulk call for the count, as they are one COPY on PostgreSQL.
    let few = world
        .statements(async || world.make(json!(cases(folder, 2))).await)
        .await;
    let many = world
        .statements(async || world.make(json!(cases(folder, 100))).await)
        .await;
    assert!(many <= few + AROUND, "create: {few} and {many}");
    let list = world
        .list("per_page=100&sort=repository_cases:id&order=asc")
        .await;
    let ids: Vec<i64> = list["result"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["id"].as_i64().unwrap())
        .collect();
    let change =
        |ids: &[i64], name: &str| json!({"ids": ids, "name": name, "tags": ["other"], "folder_id": 0});
    let few = world
        .statements(async || world.change(change(&ids[..2], "a")).await)
        .await;
    let many = world
        .statements(async || world.change(change(&ids[2..], "b")).await)
        .await;
    assert!(many <= few + AROUND, "update: {few} and {many}");
    let few = world.statements(async || world.delete(&ids[..2]).await).await;
    let many = world.statements(async || world.delete(&ids[2..]).await).await;
    assert!(many <= few + AROUND, "delete: {few} and {many}");
}
