//! The file of fields, links and artifacts.

use std::fmt::Write as _;
use std::fs::File;

use super::{Place, RUN, shown};
use crate::recorder::Recorder;

#[test]
fn entries_are_added_one_by_one() {
    let place = Place::new();
    place.write("log.txt", "  first\nsecond \n\n");
    let mut all = String::new();
    for (line, stdin) in [
        ("add-field --type string --name Version --value 1.2", None),
        (
            "add-field --type url --name Docs --value https://docs.example.com",
            None,
        ),
        ("add-field --type console --name Log", Some("log.txt")),
        (
            "add-link --name Build --url https://ci.example.com/7 --note seventh",
            None,
        ),
        (
            "add-artifact --name Log --url https://files.example.com/log.txt --file log.txt",
            None,
        ),
        ("add-field --type string --name Again --value 2", None),
    ] {
        let line = format!("automation:resources:{line}");
        let mut command = place.command(&line, "");
        if let Some(file) = stdin {
            command.stdin(File::open(place.path(file)).unwrap());
        }
        all += &shown(&line, &command.output().unwrap());
    }
    let _ = writeln!(all, "{}", place.read("testmo-resources.json"));
    insta::assert_snapshot!(all);
}

#[test]
fn what_is_wrong_with_an_entry_is_told() {
    let place = Place::new();
    place.write("bad.json", "{bad");
    let mut all = String::new();
    for line in [
        "add-field --type bad --name a --value b",
        "add-field --type string --name a",
        "add-field --type url --name a --value b",
        "add-field --type text --name a --value b",
        "add-field --type string --name  --value b",
        "add-field --type string --name a --value b --resources bad.json",
        "add-link --name a --url b",
        "add-artifact --name a --url https://a.example.com --file absent",
    ] {
        let line = format!("automation:resources:{line}");
        all += &shown(&line, &place.command(&line, "").output().unwrap());
    }
    assert!(!place.path("testmo-resources.json").exists());
    insta::assert_snapshot!(all);
}

#[test]
fn a_bad_file_is_told_before_anything_is_sent() {
    let (place, recorder) = (Place::new(), Recorder::plain());
    let mut all = String::new();
    for content in [
        r#"{"fields":[{"name":"x"}]}"#,
        r#"{"fields":[{"type":"bad","name":"x","value":"y"}]}"#,
        r#"{"fields":[{"type":"url","name":"x","value":"y"}]}"#,
        r#"{"fields":[{"type":"string","name":"x"}]}"#,
        r#"{"links":[{"name":"","url":"https://a.example.com"}]}"#,
        r#"{"links":[{"name":"x","url":"y"}]}"#,
        r#"{"artifacts":[{"name":"x","url":"https://a.example.com","mimeType":"x"}]}"#,
        r#"{"artifacts":[{"name":"x","url":"https://a.example.com","size":1.5}]}"#,
        "{bad",
    ] {
        place.write("r.json", content);
        let line = format!("automation:run:create {RUN} --resources r.json");
        let output = place.command(&line, &recorder.url).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        let _ = writeln!(
            all,
            "{content}\n  {}",
            String::from_utf8_lossy(&output.stderr).trim_end()
        );
    }
    assert!(recorder.seen().is_empty());
    insta::assert_snapshot!(all);
}

#[test]
fn lengths_are_cut_as_the_contract_has_it() {
    let (place, recorder) = (Place::new(), Recorder::plain());
    let long = "x".repeat(20_000);
    let field = |kind: &str| format!(r#"{{"type":"{kind}","name":"{long}","value":"{long}"}}"#);
    let link = format!(r#"{{"name":"{long}","url":"https://a.example.com/{long}","note":"{long}"}}"#);
    let [text, console, html, string] = ["text", "console", "html", "string"].map(field);
    place.write(
        "r.json",
        &format!(r#"{{"fields":[{text},{console},{html},{string}],"links":[{link}],"artifacts":[{link}]}}"#),
    );
    place.show(
        &format!("automation:run:create {RUN} --resources r.json"),
        &recorder,
    );
    let body = &recorder.seen()[0].body;
    let length = |pointer: &str| body.pointer(pointer).unwrap().as_str().unwrap().len();
    let values: Vec<usize> = (0..4).map(|n| length(&format!("/fields/{n}/value"))).collect();
    assert_eq!(values, [16_379, 16_379, 16_384, 750]);
    for group in ["links", "artifacts"] {
        let of = |name: &str| length(&format!("/{group}/0/{name}"));
        assert_eq!([of("name"), of("url"), of("note")], [750, 750, 80]);
    }
    assert_eq!(length("/fields/0/name"), 750);
}
