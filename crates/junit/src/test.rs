//! A test as it is sent: the model `CreateAutomationTest` of Testmo's REST API.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

/// One mapped test. Its JSON is the body that `automation/runs/threads/{id}/append` takes: optional
/// keys are omitted, never null. All lengths are already cut.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Test {
    /// Identity of the test within its source: SHA-256 in lower-case hex of class and name.
    pub key: String,
    /// Name, never empty.
    pub name: String,
    /// Class of the test, or [`UNNAMED_FOLDER`].
    pub folder: String,
    /// Outcome.
    pub status: Status,
    /// Duration in microseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub elapsed: Option<u64>,
    /// Source file of the test.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Line in that file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Number of assertions that the test made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assertions: Option<u64>,
    /// Attachments that lie on the web.
    pub artifacts: Vec<Artifact>,
    /// Messages, outputs, properties and steps.
    pub fields: Vec<Field>,
}

/// The folder of a test without a class.
pub const UNNAMED_FOLDER: &str = "Unnamed folder";

/// Outcome of a test, by the alias that the API takes. The order is by strength: a test with both a
/// failure and an error is an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// No `skipped`, `failure` or `error` element.
    Passed,
    /// A `skipped` element.
    Skipped,
    /// A `failure` element.
    Failure,
    /// An `error` element.
    Error,
}

/// A field of a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Field {
    /// How the value is shown.
    #[serde(rename = "type")]
    pub kind: FieldKind,
    /// Label, may be empty.
    pub name: String,
    /// Content, may be empty.
    pub value: String,
    /// Details: `message` and `type` of an outcome.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub meta: BTreeMap<&'static str, String>,
    /// Whether the field tells what went wrong. Absent for attachments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_highlight: Option<bool>,
}

/// How a field's value is shown. Its JSON is a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FieldKind {
    /// 1: short, one line.
    Text = 1,
    /// 2: plain text of several lines.
    MultiLine = 2,
    /// 3: HTML, to be sanitised by whoever shows it.
    Html = 3,
    /// 4: fixed-width output.
    Console = 4,
    /// 5: a link.
    Url = 5,
}

impl Serialize for FieldKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(*self as u8)
    }
}

/// An attachment that lies on the web. Its bytes are not sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Artifact {
    /// File name.
    pub name: String,
    /// Address, always `https://`.
    pub url: String,
    /// Media type by the file extension, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<String>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn optional_keys_are_omitted_and_lists_are_kept() {
        let test = Test {
            key: "k".into(),
            name: "n".into(),
            folder: UNNAMED_FOLDER.into(),
            status: Status::Passed,
            elapsed: None,
            file: None,
            line: None,
            assertions: None,
            artifacts: vec![],
            fields: vec![],
        };
        let expected = json!({"key": "k", "name": "n", "folder": "Unnamed folder", "status": "passed",
            "artifacts": [], "fields": []});
        assert_eq!(serde_json::to_value(&test).expect("serialises"), expected);
    }

    #[test]
    fn fields_and_artifacts_have_the_contract_keys() {
        let field = Field {
            kind: FieldKind::Console,
            name: "Failure".into(),
            value: "v".into(),
            meta: BTreeMap::from([("message", "m".into())]),
            is_highlight: Some(true),
        };
        let expected = json!({"type": 4, "name": "Failure", "value": "v", "meta": {"message": "m"}, "is_highlight": true});
        assert_eq!(serde_json::to_value(&field).expect("serialises"), expected);
        let attachment = Field {
            meta: BTreeMap::new(),
            is_highlight: None,
            kind: FieldKind::Text,
            ..field
        };
        let expected = json!({"type": 1, "name": "Failure", "value": "v"});
        assert_eq!(serde_json::to_value(&attachment).expect("serialises"), expected);
        let artifact = Artifact {
            name: "a".into(),
            url: "https://h/a".into(),
            mime_type: None,
        };
        assert_eq!(
            serde_json::to_value(&artifact).expect("serialises"),
            json!({"name": "a", "url": "https://h/a"})
        );
    }
}
