//! No operation of the contract takes more statements for more rows. (Each test is a process of its own, so that nobody
//! else's statements are counted.)

use crate::contract::Walk;
use http::StatusCode;
use model::UserId;
use serde_json::Value;
use std::collections::BTreeMap;

/// Statements that a request may take for reasons of its own: the key is looked up anew after a write of a job.
const AROUND: u64 = 3;
/// How often the world is filled again: far more rows than [`AROUND`].
const TIMES: usize = 12;

/// Statements of every look at something, with all that can be expanded, and how many rows it showed.
async fn looked_at(walk: &Walk) -> BTreeMap<String, (u64, usize)> {
    let contract: Value = serde_json::from_str(crate::contract::CONTRACT).unwrap();
    let mut looks = BTreeMap::new();
    for operation in contract["endpoints"].as_array().unwrap() {
        let ours = api::table();
        let name = operation["operation"].as_str().unwrap();
        if operation["method"] != "GET" || !ours.iter().any(|o| o.name == name) {
            continue;
        }
        let path = expanded(operation, walk);
        // The key is looked up anew after each write: that counts for nobody.
        walk.test.get(&path, &walk.key).await;
        let before = walk.test.db().stats().statements;
        let reply = walk.test.get(&path, &walk.key).await;
        let took = walk.test.db().stats().statements - before;
        assert_eq!(reply.status, StatusCode::OK, "{path}: {}", reply.json());
        let rows = reply.json()["result"].as_array().map_or(1, Vec::len);
        looks.insert(name.to_owned(), (took, rows));
    }
    looks
}

/// The path of an operation with all its expands.
fn expanded(operation: &Value, walk: &Walk) -> String {
    let mut path = operation["path"].as_str().unwrap().to_owned();
    for (name, id) in &walk.ids {
        path = path.replace(&format!("{{{name}}}"), &id.to_string());
    }
    let params = operation["params"].as_array().unwrap();
    let expands = params.iter().find(|p| p["name"] == "expands");
    let names: Vec<&str> = expands
        .and_then(|p| p["enum"].as_array())
        .map(|all| all.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    format!("{path}?expands={}", names.join("%2C"))
}

#[tokio::test]
async fn more_rows_take_no_more_statements() {
    let mut walk = Walk::new().await;
    let few = looked_at(&walk).await;
    let ids = walk.ids.clone();
    for n in 0..TIMES {
        walk.fill().await;
        walk.test.project(UserId(1), &format!("Project {n}")).await;
        let insert = move |tx: &mut store::Tx<'_>| {
            let sql = "INSERT INTO groups (name, created_at, created_by) VALUES ($1, 0, 1) RETURNING id";
            let id: i64 = tx.one(sql, store::args![&format!("Group {n}")], |r| r.get(0))?;
            let sql = "INSERT INTO group_members (group_id, user_id) VALUES ($1, 1)";
            tx.execute(sql, store::args![id])
        };
        walk.test.db().write(insert).await.unwrap();
    }
    walk.ids = ids;
    let many = looked_at(&walk).await;
    let grown: Vec<String> = few
        .iter()
        .filter(|(name, (took, _))| many[*name].0 > took + AROUND)
        .map(|(name, (took, rows))| format!("{name}: {took} for {rows}, then {:?}", many[name]))
        .collect();
    assert_eq!(grown, [""; 0]);
    let lists = few
        .iter()
        .filter(|(name, (_, rows))| many[*name].1 > rows + TIMES / 2);
    assert!(lists.count() >= 8, "the lists did not grow: {few:?} and {many:?}");
}
