//! Folders (contract §2.4, §9).

use axum::body::Body;
use http::Method;
use serde_json::{Value, json};
use testkit::app::{Reply, TestApp, request};

/// An instance with a project, and a key of its admin.
struct World {
    test: TestApp,
    key: String,
    path: String,
}

impl World {
    async fn new() -> World {
        let test = TestApp::new().await;
        let (admin, key) = test.admin().await;
        let project = test.project(admin, "Storefront").await;
        let path = format!("/api/v1/projects/{project}/folders");
        World { test, key, path }
    }

    async fn create(&self, folders: Value) -> Reply {
        self.test
            .post(&self.path, &self.key, json!({ "folders": folders }))
            .await
    }

    /// Makes one folder; its id.
    async fn make(&self, name: &str, parent: Option<i64>) -> i64 {
        let reply = self.create(json!([{"name": name, "parent_id": parent}])).await;
        reply.json()["result"][0]["id"].as_i64().unwrap()
    }

    async fn send(&self, method: Method, body: Value) -> Reply {
        let request = request(method, &self.path, &self.key);
        self.test
            .send(request.body(Body::from(body.to_string())).unwrap())
            .await
    }

    async fn list(&self, query: &str) -> Value {
        self.test
            .get(&format!("{}?{query}", self.path), &self.key)
            .await
            .json()
    }

    /// Names of a list.
    async fn names(&self, query: &str) -> Vec<String> {
        let list = self.list(query).await;
        let rows = list["result"].as_array().unwrap();
        rows.iter()
            .map(|r| r["name"].as_str().unwrap().to_owned())
            .collect()
    }
}

fn errors(reply: &Reply) -> Vec<String> {
    assert_eq!(reply.status, 422, "{}", reply.json());
    let errors = reply.json()["errors"].clone();
    errors.as_object().unwrap().keys().cloned().collect()
}

#[tokio::test]
async fn folders_are_made_with_all_fields_of_the_contract() {
    let world = World::new().await;
    let reply = world
        .create(
            json!([{"name": " Checkout ", "docs": "What is bought", "display_order": 7}, {"name": "Search"}]),
        )
        .await;
    assert_eq!(reply.status, 201);
    let rows = reply.json()["result"].clone();
    let project = rows[0]["project_id"].clone();
    let expected = json!({"id": rows[0]["id"], "project_id": project, "repo_id": project, "name": "Checkout",
        "parent_id": null, "depth": 0, "docs": "What is bought", "display_order": 7});
    assert_eq!(rows[0], expected);
    assert_eq!(
        (&rows[1]["display_order"], &rows[1]["docs"]),
        (&json!(8), &Value::Null)
    );
    let id = rows[0]["id"].as_i64().unwrap();
    let one = world
        .test
        .get(&format!("/api/v1/folders/{id}"), &world.key)
        .await
        .json();
    assert_eq!((&one["result"], &one["expands"]), (&expected, &json!({})));
    let below = world.make("Card", Some(id)).await;
    let list = world.list(&format!("parent_id={id}&expands=folders")).await;
    assert_eq!(list["total"], 1);
    assert_eq!(
        (&list["result"][0]["id"], &list["result"][0]["depth"]),
        (&json!(below), &json!(1))
    );
    assert_eq!(
        list["expands"]["folders"],
        json!([{"id": id, "name": "Checkout"}])
    );
    assert_eq!(world.list("").await["total"], 3);
}

#[tokio::test]
async fn lists_are_filtered_and_sorted() {
    let world = World::new().await;
    let a = world.make("alpha 100%", None).await;
    world.make("Beta", Some(a)).await;
    world.make("gamma_1", None).await;
    assert_eq!(
        world.names("sort=name&order=asc").await,
        ["alpha 100%", "Beta", "gamma_1"]
    );
    assert_eq!(
        world.names("sort=repository_folders:depth").await,
        ["Beta", "gamma_1", "alpha 100%"]
    );
    assert_eq!(
        world.names("sort=id&order=asc").await,
        ["alpha 100%", "Beta", "gamma_1"]
    );
    assert_eq!(
        world.names("").await,
        ["gamma_1", "Beta", "alpha 100%"],
        "the last place first"
    );
    assert_eq!(
        world.names("parent_id=0&order=asc").await,
        ["alpha 100%", "gamma_1"]
    );
    assert_eq!(world.names("name=BET").await, ["Beta"]);
    assert_eq!(
        world.names("name=%25").await,
        ["alpha 100%"],
        "a sign is no wildcard"
    );
    assert_eq!(world.names("name=a_1").await, ["gamma_1"]);
    assert_eq!(world.names("name=nothing").await, [""; 0]);
    let page = world.list("per_page=15&page=9").await;
    assert_eq!((&page["total"], &page["last_page"]), (&json!(3), &json!(1)));
}

#[tokio::test]
async fn what_cannot_be_made_names_its_field_and_leaves_nothing() {
    let world = World::new().await;
    let other = world.make("Mine", None).await;
    for (body, field) in [
        (json!([{"name": "ok"}, {"name": " "}]), "folders.1.name"),
        (json!([{"name": "ok"}, {"docs": "x"}]), "folders.1.name"),
        (
            json!([{"name": "ok"}, {"name": "x", "parent_id": 99_999}]),
            "folders.1.parent_id",
        ),
        (json!([{"name": "x".repeat(1001)}]), "folders.0.name"),
        (json!([]), "folders"),
        (json!(vec![json!({"name": "x"}); 101]), "folders"),
        (json!([{"name": 7}]), "folders.0.name"),
    ] {
        assert_eq!(errors(&world.create(body).await), [field]);
    }
    assert_eq!(world.list("").await["total"], 1);
    let mut parent = other;
    for n in 0..63 {
        parent = world.make(&n.to_string(), Some(parent)).await;
    }
    let deep = world.create(json!([{"name": "64", "parent_id": parent}])).await;
    assert_eq!(errors(&deep), ["folders.0.parent_id"]);
}

#[tokio::test]
async fn folders_move_with_everything_below_them() {
    let world = World::new().await;
    let (a, b) = (world.make("a", None).await, world.make("b", None).await);
    let below = world.make("below a", Some(a)).await;
    let deep = world.make("deep", Some(below)).await;
    let moved = world
        .send(Method::PATCH, json!({"ids": [a], "parent_id": b, "docs": null}))
        .await;
    assert_eq!(moved.status, 200, "{}", moved.json());
    assert_eq!(
        moved.json(),
        json!({"result": [{"id": a, "parent_id": b, "docs": null}]})
    );
    let depth = async |id: i64| {
        let one = world.test.get(&format!("/api/v1/folders/{id}"), &world.key).await;
        one.json()["result"]["depth"].as_i64().unwrap()
    };
    assert_eq!((depth(a).await, depth(below).await, depth(deep).await), (1, 2, 3));
    for parent in [a, deep] {
        let round = world
            .send(Method::PATCH, json!({"ids": [a], "parent_id": parent}))
            .await;
        assert_eq!(errors(&round), ["parent_id"]);
    }
    let root = world
        .send(
            Method::PATCH,
            json!({"ids": [deep, below], "parent_id": null, "name": "r"}),
        )
        .await;
    assert_eq!(
        root.json()["result"][0],
        json!({"id": deep, "parent_id": null, "name": "r"})
    );
    assert_eq!((depth(below).await, depth(deep).await), (0, 0));
    assert_eq!(world.names("name=r&order=asc&sort=id").await, ["r", "r"]);
}

#[tokio::test]
async fn a_change_is_whole_or_nothing() {
    let world = World::new().await;
    let a = world.make("a", None).await;
    let wrong = world
        .send(Method::PATCH, json!({"ids": [a, 99_999], "name": "new"}))
        .await;
    assert_eq!(errors(&wrong), ["ids.1"]);
    assert_eq!(world.names("").await, ["a"]);
    let nothing = world.send(Method::PATCH, json!({"ids": [a]})).await;
    assert_eq!(nothing.status, 400);
    let body = nothing.json();
    assert_eq!(body["message"], body["errors"]["fields"][0]);
    assert_eq!(
        errors(&world.send(Method::PATCH, json!({"name": "x"})).await),
        ["ids"]
    );
    assert_eq!(
        errors(&world.send(Method::DELETE, json!({"ids": [a, 99_999]})).await),
        ["ids.1"]
    );
    assert_eq!(world.list("").await["total"], 1);
}

#[tokio::test]
async fn deleting_takes_what_lies_below() {
    let world = World::new().await;
    let (a, b) = (world.make("a", None).await, world.make("b", None).await);
    let below = world.make("below", Some(a)).await;
    world.make("deep", Some(below)).await;
    let gone = world.send(Method::DELETE, json!({"ids": [a, below]})).await;
    assert_eq!((gone.status.as_u16(), gone.bytes.len()), (204, 0));
    let list = world.list("").await;
    assert_eq!((&list["total"], &list["result"][0]["id"]), (&json!(1), &json!(b)));
    let audit = world
        .test
        .db()
        .read_one(|tx| {
            tx.all(
                "SELECT detail FROM audit WHERE action = 'folder.deleted'",
                &[],
                |r| r.get::<Option<String>>(0),
            )
        })
        .await;
    let rows: Vec<Option<String>> = audit.map_err(|e: store::Error| e.to_string()).unwrap();
    assert_eq!(rows.len(), 1, "one row tells of the whole tree");
    assert!(rows[0].as_deref().unwrap().contains(&below.to_string()));
}

/// A folder of another project does not exist for this one.
#[tokio::test]
async fn projects_do_not_see_each_other_s_folders() {
    let world = World::new().await;
    let other = World {
        path: format!("/api/v1/projects/{}/folders", {
            let id: model::ProjectId = world.test.project(model::UserId(1), "Other").await;
            id
        }),
        key: world.key.clone(),
        test: world.test,
    };
    let foreign = other.make("foreign", None).await;
    let world = World {
        path: other.path.replace('2', "1"),
        ..other
    };
    let reply = world.create(json!([{"name": "x", "parent_id": foreign}])).await;
    assert_eq!(errors(&reply), ["folders.0.parent_id"]);
    assert_eq!(
        errors(&world.send(Method::DELETE, json!({"ids": [foreign]})).await),
        ["ids.0"]
    );
    assert_eq!(world.names("").await, [""; 0]);
}
