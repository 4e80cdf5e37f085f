//! Tests that come from other formats than JUnit, made under the same rules: keys, cut lengths, order of fields.

use std::collections::BTreeMap;

use crate::case::{self, MOST_FIELDS};
use crate::findings::{self, Findings};
use crate::test::{Artifact, Field, FieldKind, Status, Test};
use crate::text::{SHORT, both_ends, head, trim};

/// A test in the making. Its key is that of a JUnit `testcase` with this class and name, so a project that changes the
/// format of its reports keeps the history of its tests.
#[derive(Debug)]
pub struct NewTest {
    test: Test,
    attached: Findings,
    details: Vec<Field>,
}

impl NewTest {
    /// A test that passed. `name` must not be empty; an empty `class` counts as none.
    pub fn new(class: Option<&str>, name: &str, status: Status) -> NewTest {
        let class = class.map(trim).filter(|class| !class.is_empty());
        NewTest {
            test: case::bare(class, trim(name), status),
            attached: Findings::default(),
            details: Vec::new(),
        }
    }

    /// Its duration in microseconds.
    pub fn elapsed(&mut self, micros: Option<u64>) -> &mut Self {
        self.test.elapsed = micros;
        self
    }

    /// Where it stands in the source code.
    pub fn place(&mut self, file: Option<&str>, line: Option<u64>) -> &mut Self {
        self.test.file = file
            .filter(|file| !file.is_empty())
            .map(|file| head(file, SHORT).to_owned());
        self.test.line = line;
        self
    }

    /// What went wrong: `text`, else the message; nothing when both are empty.
    pub fn problem(&mut self, message: Option<&str>, kind: Option<&str>, text: &str) -> &mut Self {
        let name = match self.test.status {
            Status::Error => "Error",
            Status::Skipped => "Skipped",
            Status::Failure | Status::Passed => "Failure",
        };
        let own = |text: &str| Some(trim(text).to_owned()).filter(|text| !text.is_empty());
        let field = case::outcome_of(
            name,
            trim(text),
            message.and_then(own),
            kind.and_then(own),
            self.test.status != Status::Passed,
        );
        self.details.extend(field);
        self
    }

    /// What it wrote, if anything.
    pub fn output(&mut self, name: &str, text: &str) -> &mut Self {
        let text = trim(text);
        if !text.is_empty() {
            self.details.push(Field {
                kind: FieldKind::Console,
                name: head(name, SHORT).to_owned(),
                value: both_ends(text),
                meta: BTreeMap::new(),
                is_highlight: Some(false),
            });
        }
        self
    }

    /// A property: one line of text, or a link when it is an address.
    pub fn property(&mut self, name: &str, value: &str) -> &mut Self {
        let value = trim(value);
        if !value.is_empty() {
            let kind = if value.starts_with("https://") {
                FieldKind::Url
            } else if value.contains('\n') {
                FieldKind::MultiLine
            } else {
                FieldKind::Text
            };
            self.details.push(findings::property_field(kind, name, value));
        }
        self
    }

    /// An attached file: a link when its address is `https://`, otherwise its name as a field.
    pub fn attach(&mut self, path: &str) -> &mut Self {
        if !path.is_empty() {
            self.attached.attach(path);
        }
        self
    }

    /// A step with its outcome, as plain text.
    pub fn step(&mut self, text: &str, status: &str) -> &mut Self {
        self.attached.add_step(status, text);
        self
    }

    /// The test as it is sent.
    pub fn finish(mut self) -> Test {
        let (artifacts, mut fields): (Vec<Artifact>, Vec<Field>) = self.attached.attachments();
        fields.extend(self.details.into_iter().take(MOST_FIELDS));
        fields.extend(self.attached.steps_field());
        Test {
            artifacts,
            fields,
            ..self.test
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_those_of_junit() {
        let xml = r#"<testsuite><testcase name="adds" classname="Sum"><failure message="m" type="t">x</failure></testcase></testsuite>"#;
        let mut report = crate::Report::open(std::io::Cursor::new(xml)).unwrap();
        let expected = report.tests().unwrap().next().unwrap().unwrap();
        let mut made = NewTest::new(Some("Sum"), "adds", Status::Failure);
        made.problem(Some("m"), Some("t"), "x");
        assert_eq!(made.finish(), expected);
    }

    #[test]
    fn steps_are_text_and_not_markup() {
        let mut made = NewTest::new(None, "a", Status::Passed);
        made.step("Given <b> & c", "passed").attach("shot.png");
        let test = made.finish();
        assert_eq!(test.fields[0].value, "shot.png");
        assert_eq!(
            test.fields[1].value,
            "<test-steps><test-step status=\"passed\">Given &lt;b&gt; &amp; c</test-step>\n</test-steps>"
        );
    }
}
