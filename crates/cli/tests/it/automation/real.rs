//! Against a running Attest.

use serde_json::Value;

use super::{Place, shown};
use crate::demo;
use crate::process::{Serving, init, key, run, stdout};

/// A running instance with one project, and two keys of its administrator.
pub(super) struct Instance {
    pub(super) place: Place,
    /// None only while it is restarted.
    pub(super) serving: Option<Serving>,
    pub(super) url: String,
    pub(super) full: String,
    reading: String,
}

impl Instance {
    pub(super) fn new() -> Instance {
        let place = Place::new();
        let data_dir = place.path("data");
        let shown_dir = data_dir.to_str().unwrap();
        init(shown_dir);
        let full = key(shown_dir, "full");
        let new = [
            "keys",
            "create",
            "--data-dir",
            shown_dir,
            "--user",
            "ada@example.com",
        ];
        let made = run(&[&new[..], &["--name", "reading", "--scope", "read"]].concat());
        let reading = stdout(&made).trim_end().to_owned();
        let serving = Serving::start(&data_dir, &["--demo"]);
        // The demo's runs are there, so its project is.
        demo::runs(&serving, &full);
        let url = format!("http://{}", serving.address);
        Instance {
            place,
            serving: Some(serving),
            url,
            full,
            reading,
        }
    }

    /// Runs a line with a key and shows it.
    fn show(&self, token: &str, line: &str) -> String {
        let mut command = self.place.command(line, &self.url);
        let output = command.env("TESTMO_TOKEN", token).output().unwrap();
        shown(line, &output).replace(&self.url, "INSTANCE")
    }

    /// What a path shows.
    pub(super) fn get(&self, path: &str) -> Value {
        let bearer = format!("authorization: Bearer {}\r\n", self.full);
        let answer = self.serving.as_ref().unwrap().get(path, &bearer).unwrap();
        serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
    }

    fn run(&self, id: &str) -> Value {
        self.get(&format!("/api/v1/automation/runs/{id}"))["result"].clone()
    }
}

#[test]
fn a_run_in_steps_and_what_is_refused() {
    let instance = Instance::new();
    let create = "automation:run:create --instance INSTANCE --project-id 1 --name Nightly --source back-end";
    let mut all = String::new();
    all += &instance.show("att_usr_wrong", create);
    all += &instance.show(&instance.reading, create);
    all += &instance.show(
        &instance.full,
        &create.replace("--project-id 1", "--project-id 999"),
    );
    let created = instance.show(&instance.full, create);
    let id = created.lines().nth(1).unwrap();
    let submit =
        format!("automation:run:submit-thread --instance INSTANCE --run-id {id} --results two.xml two.xml");
    for line in [
        &submit,
        &format!("automation:run:complete --instance INSTANCE --run-id {id}"),
        &submit,
    ] {
        all += &instance.show(&instance.full, line);
    }
    let run = instance.run(id);
    assert_eq!(run["is_completed"], true);
    let counts =
        ["total_count", "success_count", "failure_count", "thread_count"].map(|name| run[name].as_u64());
    assert_eq!(counts, [4, 2, 2, 1].map(Some), "{run}");
    let thread = all
        .split("new thread (ID: ")
        .nth(1)
        .unwrap()
        .split(')')
        .next()
        .unwrap();
    let all = all
        .replace(&format!("(ID: {thread})"), "(ID: THREAD)")
        .replace(&format!("--run-id {id}"), "--run-id RUN");
    insta::assert_snapshot!(all);
}
