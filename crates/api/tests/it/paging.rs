//! Pages by number, filters and order (contract §1.1).

use crate::lifecycle::Run;
use model::clock::SECOND;
use serde_json::{Value, json};

/// A project with 40 runs, one a second, numbered by name; every fourth belongs to another source.
async fn forty() -> (Run, String) {
    let run = Run::new().await;
    let path = format!("/api/v1/projects/{}/automation/runs", run.project);
    for n in 1..40 {
        run.test.clock.advance(SECOND);
        let source = if n % 4 == 0 { "api" } else { "web" };
        let tags = if n < 3 { json!(["early", "x_y"]) } else { json!([]) };
        let body = json!({"name": format!("run {n}"), "source": source, "tags": tags});
        run.test.post(&path, &run.key, body).await;
    }
    (run, path)
}

async fn page(run: &Run, path: &str, query: &str) -> Value {
    run.test.get(&format!("{path}?{query}"), &run.key).await.json()
}

fn numbers(page: &Value) -> [Value; 6] {
    ["page", "prev_page", "next_page", "last_page", "per_page", "total"].map(|k| page[k].clone())
}

#[tokio::test]
async fn pages_have_right_neighbours() {
    let (run, path) = forty().await;
    let first = page(&run, &path, "per_page=15").await;
    assert_eq!(
        numbers(&first),
        [json!(1), Value::Null, json!(2), json!(3), json!(15), json!(40)]
    );
    assert_eq!(first["result"][0]["name"], json!("run 39"), "newest first");
    let last = page(&run, &path, "per_page=15&page=3").await;
    assert_eq!(
        numbers(&last),
        [json!(3), json!(2), Value::Null, json!(3), json!(15), json!(40)]
    );
    assert_eq!(last["result"].as_array().unwrap().len(), 10);
    let beyond = page(&run, &path, "per_page=15&page=9").await;
    assert_eq!(beyond["result"], json!([]));
    assert_eq!(
        (&beyond["last_page"], &beyond["total"], &beyond["next_page"]),
        (&json!(3), &json!(40), &Value::Null)
    );
    let ascending = page(
        &run,
        &path,
        "order=asc&per_page=15&sort=automation_runs%3Acreated_at",
    )
    .await;
    assert_eq!(ascending["result"][1]["name"], json!("run 1"));
}

#[tokio::test]
async fn filters_narrow_and_count() {
    let (run, path) = forty().await;
    let all = page(&run, &path, "expands=automation_sources").await;
    let api = all["expands"]["automation_sources"]
        .as_array()
        .unwrap()
        .iter()
        .find(|s| s["name"] == "api")
        .unwrap()["id"]
        .clone();
    let since = all["result"][4]["created_at"].as_str().unwrap().to_owned();
    for (query, total) in [
        (format!("source_id={api}"), 9),
        (format!("source_id={api},999"), 9),
        (format!("created_after={since}"), 4),
        (format!("created_before={since}"), 35),
        ("tags=early".to_owned(), 2),
        ("tags=nothing,early".to_owned(), 2),
        ("tags=x%25y".to_owned(), 0),
        ("tags=x%00y".to_owned(), 0),
        ("status=4".to_owned(), 40),
        ("status=2,3".to_owned(), 0),
        ("config_id=1".to_owned(), 0),
        ("created_by=1".to_owned(), 40),
    ] {
        assert_eq!(page(&run, &path, &query).await["total"], json!(total), "{query}");
    }
}

#[tokio::test]
async fn what_is_wrong_is_named() {
    let (run, path) = forty().await;
    for (query, field) in [
        ("per_page=10", "per_page"),
        ("page=0", "page"),
        ("status=1", "status"),
        ("sort=name", "sort"),
        ("order=down", "order"),
        ("expands=cats", "expands"),
        ("source_id=a", "source_id"),
        ("created_after=soon", "created_after"),
    ] {
        let reply = run.test.get(&format!("{path}?{query}"), &run.key).await;
        assert_eq!(reply.status.as_u16(), 422, "{query}");
        assert_eq!(
            reply.json()["errors"]
                .as_object()
                .unwrap()
                .keys()
                .collect::<Vec<_>>(),
            [field]
        );
    }
}
