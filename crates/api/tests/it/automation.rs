//! Sources, runs and tests as documents (contract §2.1, §2.2, §3, §9).

use crate::lifecycle::{Run, create, one};
use http::StatusCode;
use serde_json::{Value, json};

#[tokio::test]
async fn a_run_shows_every_field_of_the_contract() {
    let run = Run::new().await;
    run.thread().await;
    let more = json!({
        "fields": [{"type": 1, "name": "branch", "value": "main", "meta": {"by": "ci"}, "is_highlight": true},
                   {"type": 5, "name": "build"}],
        "links": [{"name": "job", "url": "https://ci.example/1", "note": "first"}],
        "artifacts": [{"name": "log", "url": "https://ci.example/log", "mime_type": "text/plain", "size": 12}],
    });
    assert_eq!(
        run.test.post(&run.path("append"), &run.key, more).await.status,
        StatusCode::NO_CONTENT
    );
    let path = format!(
        "/api/v1/automation/runs/{}?expands=automation_sources,configs,milestones,statuses,users",
        run.id
    );
    let reply = run.test.get(&path, &run.key).await.json();
    insta::assert_json_snapshot!("automation_run", reply);
}

#[tokio::test]
async fn appended_lists_add_up() {
    let run = Run::new().await;
    for n in 0..2 {
        let more =
            json!({"links": [{"name": format!("link {n}"), "url": "https://ci.example"}], "fields": null});
        run.test.post(&run.path("append"), &run.key, more).await;
    }
    let names: Vec<Value> = run.get().await["links"]
        .as_array()
        .unwrap()
        .iter()
        .map(|l| l["name"].clone())
        .collect();
    assert_eq!(names, [json!("link 0"), json!("link 1")]);
}

#[tokio::test]
async fn a_source_is_made_once_and_counts_its_runs() {
    let run = Run::new().await;
    let thread = run.thread().await;
    run.append(
        thread,
        json!({"tests": [one("a", "passed"), one("b", "failed")], "elapsed_computed": 4000}),
    )
    .await;
    run.test.post(&run.path("complete"), &run.key, json!({})).await;
    create(&run.test, &run.key, run.project).await;
    let path = format!(
        "/api/v1/projects/{}/automation/sources?expands=users",
        run.project
    );
    let page = run.test.get(&path, &run.key).await.json();
    assert_eq!(page["total"], json!(1));
    let source = &page["result"][0];
    for (field, value) in [
        ("name", json!("web")),
        ("status", json!(3)),
        ("run_count", json!(2)),
        ("test_count_average", json!(2)),
        ("elapsed_average", json!(4000)),
        ("is_retired", json!(false)),
        ("retired_at", Value::Null),
    ] {
        assert_eq!(source[field], value, "{field}");
    }
    assert_eq!(page["expands"]["users"][0]["name"], json!("ada"));
    let one = run
        .test
        .get(&format!("/api/v1/automation/sources/{}", source["id"]), &run.key)
        .await
        .json();
    assert_eq!(one["result"], *source);
    let project = run
        .test
        .get(&format!("/api/v1/projects/{}", run.project), &run.key)
        .await
        .json();
    let counts = [
        "automation_source_count",
        "automation_run_count",
        "automation_run_active_count",
    ];
    assert_eq!(
        counts.map(|c| project["result"][c].clone()),
        [json!(1), json!(2), json!(1)]
    );
}

#[tokio::test]
async fn tests_are_listed_with_what_they_were_when_they_ran() {
    let run = Run::new().await;
    let thread = run.thread().await;
    let mut renamed = one("a", "failed");
    renamed["name"] = json!("renamed later");
    renamed["file"] = json!("cart.spec.ts");
    renamed["line"] = json!(12);
    run.append(
        thread,
        json!({"tests": [one("a", "passed"), one("b", "skipped")]}),
    )
    .await;
    run.append(thread, json!({"tests": [renamed]})).await;
    let page = run
        .test
        .get(
            &run.path("tests?sort=automation_run_tests:id&order=asc"),
            &run.key,
        )
        .await
        .json();
    let rows = page["result"].as_array().unwrap();
    let names: Vec<&str> = rows.iter().map(|r| r["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["test a", "test b", "renamed later"]);
    assert_eq!(
        rows[0]["automation_case_id"], rows[2]["automation_case_id"],
        "one test across runs"
    );
    assert_eq!(
        (&rows[0]["file"], &rows[2]["file"], &rows[2]["line"]),
        (&Value::Null, &json!("cart.spec.ts"), &json!(12))
    );
    let states: Vec<&Value> = rows.iter().map(|r| &r["status"]).collect();
    assert_eq!(states, [&json!(2), &json!(1), &json!(3)]);
    let failed = run
        .test
        .get(&run.path("tests?status_id=3"), &run.key)
        .await
        .json();
    assert_eq!(
        (&failed["total"], &failed["result"][0]["name"]),
        (&json!(1), &json!("renamed later"))
    );
    let none = run
        .test
        .get(&run.path(&format!("tests?thread_id={}", thread + 1)), &run.key)
        .await
        .json();
    assert_eq!(
        (&none["total"], &none["page"], &none["result"]),
        (&json!(0), &Value::Null, &json!([]))
    );
}

#[tokio::test]
async fn one_key_twice_in_a_batch_is_two_results() {
    let run = Run::new().await;
    let thread = run.thread().await;
    run.append(thread, json!({"tests": [one("a", "failed"), one("a", "passed")]}))
        .await;
    assert_eq!(
        run.test.get(&run.path("tests"), &run.key).await.json()["total"],
        json!(2)
    );
}

#[tokio::test]
async fn unknown_names_are_refused_by_field() {
    let run = Run::new().await;
    let path = format!("/api/v1/projects/{}/automation/runs", run.project);
    for (body, field) in [
        (
            json!({"name": "n", "source": "web", "config": "Netscape"}),
            "config",
        ),
        (
            json!({"name": "n", "source": "web", "milestone_id": 77}),
            "milestone_id",
        ),
        (json!({"source": "web"}), "name"),
        (json!({"name": "n", "source": " "}), "source"),
        (json!({"name": "n", "source": "web", "tags": ["a,b"]}), "tags.0"),
        (
            json!({"name": "n", "source": "web", "links": [{"name": "x", "note": "n".repeat(81), "url": "u"}]}),
            "links.0.note",
        ),
        (
            json!({"name": "n", "source": "web", "fields": [{"type": 9, "name": "x"}]}),
            "fields.0.type",
        ),
    ] {
        let reply = run.test.post(&path, &run.key, body).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
        let json = reply.json();
        assert_eq!(
            json["errors"].as_object().unwrap().keys().collect::<Vec<_>>(),
            [field]
        );
        assert_eq!(
            json["message"], json["errors"][field][0],
            "the message is the first error"
        );
    }
}

#[tokio::test]
async fn a_milestone_takes_runs_with_its_tag() {
    let run = Run::new().await;
    let project = run.project;
    run.test
        .db()
        .write(move |tx| {
            const INSERT: &str = "INSERT INTO milestones (project_id, name, is_completed, automation_tags)
                VALUES ($1, 'Release 8', FALSE, '[\"release\"]')";
            tx.execute(INSERT, store::args![project]).map(drop)
        })
        .await
        .unwrap();
    let path = format!("/api/v1/projects/{project}/automation/runs");
    let body = json!({"name": "n", "source": "web", "tags": ["x", "release"]});
    let id = run.test.post(&path, &run.key, body).await.json()["id"].clone();
    let row = run
        .test
        .get(
            &format!("/api/v1/automation/runs/{id}?expands=milestones"),
            &run.key,
        )
        .await
        .json();
    assert_eq!(row["expands"]["milestones"][0]["name"], json!("Release 8"));
    assert_eq!(
        row["result"]["milestone_id"],
        row["expands"]["milestones"][0]["id"]
    );
    let by_name = json!({"name": "n", "source": "web", "milestone": "Release 8"});
    assert_eq!(
        run.test.post(&path, &run.key, by_name).await.status,
        StatusCode::CREATED
    );
}

#[tokio::test]
async fn a_test_that_came_often_is_still_listed_as_it_was_each_time() {
    let run = Run::new().await;
    let thread = run.thread().await;
    for name in ["test a", "test a", "test a", "renamed", "test a", "renamed"] {
        let mut test = one("a", "passed");
        test["name"] = json!(name);
        // The first batch makes the test, the second one finds it, later ones may remember it.
        run.append(thread, json!({"tests": [test, one("b", "passed")]}))
            .await;
    }
    let mut both = [one("a", "passed"), one("a", "passed")];
    both[1]["folder"] = json!("elsewhere");
    run.append(thread, json!({ "tests": both })).await;
    let path = run.path("tests?sort=automation_run_tests:id&order=asc");
    let page = run.test.get(&path, &run.key).await.json();
    let rows = page["result"].as_array().unwrap();
    let a: Vec<&Value> = rows.iter().filter(|row| row["key"] == "a").collect();
    let names: Vec<&str> = a.iter().map(|row| row["name"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        [
            "test a", "test a", "test a", "renamed", "test a", "renamed", "test a", "test a"
        ]
    );
    assert_eq!(
        (&a[6]["folder"], &a[7]["folder"]),
        (&a[0]["folder"], &json!("elsewhere"))
    );
    assert!(
        a.iter()
            .all(|row| row["automation_case_id"] == a[0]["automation_case_id"])
    );
}

#[tokio::test]
async fn clients_that_send_to_one_run_at_once_lose_no_count() {
    let run = Run::new().await;
    let mut threads = Vec::new();
    for _ in 0..4 {
        threads.push(run.thread().await);
    }
    let tests: Vec<Value> = (0..40).map(|n| one(&format!("t{n}"), "passed")).collect();
    futures_util::future::join_all(threads.iter().map(async |thread| {
        for _ in 0..5 {
            run.append(*thread, json!({ "tests": tests })).await;
        }
    }))
    .await;
    let told = run.get().await;
    assert_eq!(told["total_count"], json!(800), "{told}");
    let path = format!("/api/v1/projects/{}/automation/cases", told["project_id"]);
    let cases = run.test.get(&path, &run.key).await.json();
    assert_eq!(cases["total"], json!(40));
    let counted = cases["result"].as_array().unwrap();
    assert!(
        counted.iter().all(|case| case["test_count"] == json!(20)),
        "{cases}"
    );
}
