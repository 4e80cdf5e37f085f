//! Folders and cases against a plain model in memory: whatever a client does, in whatever order, right or wrong, the lists
//! are what the model says; a bulk call does all or nothing; what was done is in the history and the audit log.

use crate::cases::World;
use http::Method;
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Sequences of a run; `ATTEST_TEST_SEQUENCES` says otherwise.
const SEQUENCES: u32 = 200;
/// An id that nothing has.
const NOBODY: i64 = 999_999_999;

/// What a client does. Numbers choose among what is there; `wrong` spoils one item of the call.
#[derive(Debug, Clone)]
enum Step {
    MakeFolders(Vec<(String, u8)>, Wrong),
    MoveFolders(BTreeSet<u8>, u8, Wrong),
    DeleteFolders(BTreeSet<u8>, Wrong),
    MakeCases(Vec<(String, u8, BTreeSet<String>)>, Wrong),
    ChangeCases(BTreeSet<u8>, Change, Wrong),
    DeleteCases(BTreeSet<u8>, Wrong),
}

/// The item that is spoiled.
type Wrong = Option<u8>;

#[derive(Debug, Clone)]
enum Change {
    Name(String),
    Folder(u8),
    Tags(BTreeSet<String>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Case {
    name: String,
    folder: i64,
    tags: BTreeSet<String>,
    history: usize,
}

/// What the project should hold.
#[derive(Debug, Default)]
struct Model {
    /// Name and parent.
    folders: BTreeMap<i64, (String, i64)>,
    cases: BTreeMap<i64, Case>,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let name = || "[a-c]{1,3}";
    let tags = || btree_set("[xyz]", 0..3);
    let some = || btree_set(any::<u8>(), 1..4);
    let wrong = || prop::option::weighted(0.2, any::<u8>());
    let change = prop_oneof![
        name().prop_map(Change::Name),
        any::<u8>().prop_map(Change::Folder),
        tags().prop_map(Change::Tags),
    ];
    let step = prop_oneof![
        3 => (vec((name(), any::<u8>()), 1..4), wrong()).prop_map(|(f, w)| Step::MakeFolders(f, w)),
        2 => (some(), any::<u8>(), wrong()).prop_map(|(f, to, w)| Step::MoveFolders(f, to, w)),
        1 => (some(), wrong()).prop_map(|(f, w)| Step::DeleteFolders(f, w)),
        4 => (vec((name(), any::<u8>(), tags()), 1..4), wrong()).prop_map(|(c, w)| Step::MakeCases(c, w)),
        4 => (some(), change, wrong()).prop_map(|(c, to, w)| Step::ChangeCases(c, to, w)),
        1 => (some(), wrong()).prop_map(|(c, w)| Step::DeleteCases(c, w)),
    ];
    vec(step, 1..14)
}

/// The chosen ones of `keys`, each once, with one that does not exist in place of a wrong one; none if there are none.
fn chosen<T>(keys: &BTreeMap<i64, T>, picks: &BTreeSet<u8>, wrong: Wrong) -> Vec<i64> {
    let all: Vec<i64> = keys.keys().copied().collect();
    if all.is_empty() {
        return Vec::new();
    }
    let ids: BTreeSet<i64> = picks.iter().map(|n| all[usize::from(*n) % all.len()]).collect();
    let mut ids: Vec<i64> = ids.into_iter().collect();
    if let Some(n) = wrong {
        let at = usize::from(n) % ids.len();
        ids[at] = NOBODY;
    }
    ids
}

impl Model {
    /// A folder or the root, as a number chooses it.
    fn folder(&self, pick: u8) -> i64 {
        let all: Vec<i64> = std::iter::once(0).chain(self.folders.keys().copied()).collect();
        all[usize::from(pick) % all.len()]
    }

    fn is_within(&self, folder: i64, ancestor: i64) -> bool {
        folder == ancestor
            || self
                .folders
                .get(&folder)
                .is_some_and(|(_, parent)| self.is_within(*parent, ancestor))
    }

    fn delete_folders(&mut self, ids: &[i64]) {
        let gone: Vec<i64> = self
            .folders
            .keys()
            .copied()
            .filter(|f| ids.iter().any(|id| self.is_within(*f, *id)))
            .collect();
        self.folders.retain(|id, _| !gone.contains(id));
        self.cases.retain(|_, case| !gone.contains(&case.folder));
    }

    /// The request of a step, whether it must succeed, and none when there is nothing to do it to.
    fn request(&self, step: &Step) -> Option<(Method, &'static str, Value, bool)> {
        let spoiled = |wrong: &Wrong, at: usize, of: usize| wrong.is_some_and(|n| usize::from(n) % of == at);
        let some = |ids: Vec<i64>| (!ids.is_empty()).then_some(ids);
        Some(match step {
            Step::MakeFolders(folders, wrong) => {
                let row = |(at, (name, parent)): (usize, &(String, u8))| {
                    let name = if spoiled(wrong, at, folders.len()) {
                        ""
                    } else {
                        name
                    };
                    json!({"name": name, "parent_id": self.folder(*parent)})
                };
                let rows: Vec<Value> = folders.iter().enumerate().map(row).collect();
                (
                    Method::POST,
                    "folders",
                    json!({ "folders": rows }),
                    wrong.is_none(),
                )
            }
            Step::MoveFolders(picks, to, wrong) => {
                let (ids, to) = (some(chosen(&self.folders, picks, *wrong))?, self.folder(*to));
                let is_fine = wrong.is_none() && !ids.iter().any(|id| self.is_within(to, *id));
                (
                    Method::PATCH,
                    "folders",
                    json!({"ids": ids, "parent_id": to}),
                    is_fine,
                )
            }
            Step::DeleteFolders(picks, wrong) => {
                let ids = some(chosen(&self.folders, picks, *wrong))?;
                (Method::DELETE, "folders", json!({ "ids": ids }), wrong.is_none())
            }
            Step::MakeCases(cases, wrong) => {
                let row = |(at, (name, folder, tags)): (usize, &(String, u8, BTreeSet<String>))| {
                    let folder = if spoiled(wrong, at, cases.len()) {
                        NOBODY
                    } else {
                        self.folder(*folder)
                    };
                    json!({"name": name, "folder_id": folder, "tags": tags})
                };
                let rows: Vec<Value> = cases.iter().enumerate().map(row).collect();
                (Method::POST, "cases", json!({ "cases": rows }), wrong.is_none())
            }
            Step::ChangeCases(picks, change, wrong) => {
                let mut body = json!({"ids": some(chosen(&self.cases, picks, *wrong))?});
                match change {
                    Change::Name(name) => body["name"] = json!(name),
                    Change::Folder(to) => body["folder_id"] = json!(self.folder(*to)),
                    Change::Tags(tags) => body["tags"] = json!(tags),
                }
                (Method::PATCH, "cases", body, wrong.is_none())
            }
            Step::DeleteCases(picks, wrong) => {
                let ids = some(chosen(&self.cases, picks, *wrong))?;
                (Method::DELETE, "cases", json!({ "ids": ids }), wrong.is_none())
            }
        })
    }

    /// Does what a request that succeeded did; its answer gives the ids of what is new.
    fn apply(&mut self, step: &Step, body: &Value, answer: &Value) {
        let ids = |list: &Value| -> Vec<i64> {
            list.as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_i64)
                .collect()
        };
        let new = |n: usize| answer["result"][n]["id"].as_i64().unwrap();
        match step {
            Step::MakeFolders(folders, _) => {
                for (n, (name, _)) in folders.iter().enumerate() {
                    let parent = body["folders"][n]["parent_id"].as_i64().unwrap();
                    self.folders.insert(new(n), (name.clone(), parent));
                }
            }
            Step::MoveFolders(..) => {
                let to = body["parent_id"].as_i64().unwrap();
                for id in ids(&body["ids"]) {
                    self.folders.get_mut(&id).unwrap().1 = to;
                }
            }
            Step::DeleteFolders(..) => self.delete_folders(&ids(&body["ids"])),
            Step::MakeCases(cases, _) => {
                for (n, (name, _, tags)) in cases.iter().enumerate() {
                    let folder = body["cases"][n]["folder_id"].as_i64().unwrap();
                    let (name, tags) = (name.clone(), tags.clone());
                    self.cases.insert(
                        new(n),
                        Case {
                            name,
                            folder,
                            tags,
                            history: 1,
                        },
                    );
                }
            }
            Step::ChangeCases(_, change, _) => {
                for id in ids(&body["ids"]) {
                    let case = self.cases.get_mut(&id).unwrap();
                    let before = case.clone();
                    match change {
                        Change::Name(name) => case.name.clone_from(name),
                        Change::Folder(_) => case.folder = body["folder_id"].as_i64().unwrap(),
                        Change::Tags(tags) => case.tags.clone_from(tags),
                    }
                    case.history += usize::from(*case != before);
                }
            }
            Step::DeleteCases(..) => ids(&body["ids"])
                .iter()
                .for_each(|id| drop(self.cases.remove(id))),
        }
    }

    /// What the project holds, in this form.
    async fn of(world: &World, project: i64) -> Model {
        let get = async |path: String| world.test.get(&path, &world.key).await.json();
        let (mut model, base) = (Model::default(), format!("/api/v1/projects/{project}"));
        let folders = get(format!("{base}/folders?per_page=100")).await;
        for f in folders["result"].as_array().unwrap() {
            let (id, parent) = (f["id"].as_i64().unwrap(), f["parent_id"].as_i64().unwrap_or(0));
            model
                .folders
                .insert(id, (f["name"].as_str().unwrap().to_owned(), parent));
        }
        let cases = get(format!("{base}/cases?per_page=100&expands=tags,history")).await;
        let tags = cases["expands"]["tags"].as_array().unwrap();
        let tag = |id: &Value| {
            tags.iter().find(|t| t["id"] == *id).unwrap()["name"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        for c in cases["result"].as_array().unwrap() {
            let case = Case {
                name: c["name"].as_str().unwrap().to_owned(),
                folder: c["folder_id"].as_i64().unwrap(),
                tags: c["tags"].as_array().unwrap().iter().map(tag).collect(),
                history: c["history"].as_array().unwrap().len(),
            };
            model.cases.insert(c["id"].as_i64().unwrap(), case);
        }
        model
    }
}

async fn audited(world: &World, project: i64) -> i64 {
    let path = format!("/api/attest/v1/audit?project_id={project}");
    world.test.get(&path, &world.key).await.json()["total"]
        .as_i64()
        .unwrap()
}

/// Does one sequence in a project of its own.
async fn check(world: &World, project: i64, steps: &[Step]) -> Result<(), TestCaseError> {
    let mut model = Model::default();
    let mut before = audited(world, project).await;
    for step in steps {
        let Some((method, list, body, is_fine)) = model.request(step) else {
            continue;
        };
        let path = format!("/api/v1/projects/{project}/{list}");
        let reply = world.test.call(method.clone(), &path, &world.key, &body).await;
        let answer = if reply.bytes.is_empty() {
            Value::Null
        } else {
            reply.json()
        };
        prop_assert_eq!(
            reply.status.is_success(),
            is_fine,
            "{} {} {}: {}",
            method,
            path,
            body,
            answer
        );
        prop_assert!(is_fine || reply.status.is_client_error(), "{}", answer);
        let after = audited(world, project).await;
        if is_fine {
            model.apply(step, &body, &answer);
        } else {
            prop_assert_eq!(after, before, "a refused call is in the audit log: {}", body);
        }
        let held = Model::of(world, project).await;
        prop_assert!(
            after > before || !is_fine || held_still(step),
            "{} is not in the audit log",
            body
        );
        prop_assert_eq!(&held.folders, &model.folders, "{}", body);
        prop_assert_eq!(&held.cases, &model.cases, "{}", body);
        before = after;
    }
    Ok(())
}

/// Whether a step may have found everything as it wants it, so that there is nothing to note.
fn held_still(step: &Step) -> bool {
    matches!(step, Step::ChangeCases(..) | Step::MoveFolders(..))
}

#[test]
fn folders_and_cases_are_what_a_model_says() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let world = runtime.block_on(World::new());
    let sequences = std::env::var("ATTEST_TEST_SEQUENCES").map_or(SEQUENCES, |n| n.parse().unwrap());
    let config = Config {
        failure_persistence: None,
        ..Config::with_cases(sequences)
    };
    TestRunner::new(config)
        .run(&steps(), |steps| {
            runtime.block_on(async {
                let project = world.test.project(model::UserId(1), "Sequence").await.0;
                check(&world, project, &steps).await
            })
        })
        .unwrap_or_else(|e| panic!("{e}"));
}
