//! Threads of automation runs, and the tests that they carry.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::automation_runs::{Artifact, Created, Field};
use crate::{Client, Error, RequestKey};

/// A thread that is to be created.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewThread {
    /// Fields.
    pub fields: Vec<Field>,
    /// Files.
    pub artifacts: Vec<Artifact>,
    /// Duration by the results, in microseconds.
    pub elapsed_computed: u64,
    /// Duration on the clock, in microseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub elapsed_observed: Option<u64>,
}

/// Tests on their way to a thread, encoded one by one so that only one form of them is in memory.
#[derive(Debug, Default)]
pub struct Batch {
    body: Vec<u8>,
    tests: usize,
}

impl Batch {
    /// Adds a test: anything whose JSON is a `CreateAutomationTest`.
    ///
    /// # Errors
    /// When it has no JSON.
    pub fn push(&mut self, test: &impl Serialize) -> Result<(), Error> {
        self.body
            .extend_from_slice(if self.tests == 0 { b"{\"tests\":[" } else { b"," });
        serde_json::to_writer(&mut self.body, test).map_err(|error| Error::Request(error.to_string()))?;
        self.tests += 1;
        Ok(())
    }

    /// Adds a test that is JSON already.
    pub fn push_json(&mut self, test: &[u8]) {
        self.body
            .extend_from_slice(if self.tests == 0 { b"{\"tests\":[" } else { b"," });
        self.body.extend_from_slice(test);
        self.tests += 1;
    }

    /// Tests in it.
    pub fn len(&self) -> usize {
        self.tests
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.tests == 0
    }

    /// Bytes of its JSON so far.
    pub fn bytes(&self) -> usize {
        self.body.len()
    }

    /// The request's body.
    fn finish(mut self) -> Bytes {
        self.body
            .extend_from_slice(if self.tests == 0 { b"{\"tests\":[]}" } else { b"]}" });
        self.body.into()
    }
}

impl Client {
    /// Opens a thread in an open run and gives its id: `POST /automation/runs/{id}/threads`.
    pub async fn create_automation_thread(
        &self,
        run: i64,
        thread: &NewThread,
        key: &RequestKey,
    ) -> Result<i64, Error> {
        let path = format!("/api/v1/automation/runs/{run}/threads");
        let created: Created = self.create(&path, thread, key).await?;
        Ok(created.id)
    }

    /// Adds tests to an open thread: `POST /automation/runs/threads/{id}/append`.
    pub async fn append_to_automation_thread(
        &self,
        thread: i64,
        tests: Batch,
        key: &RequestKey,
    ) -> Result<(), Error> {
        let path = format!("/api/v1/automation/runs/threads/{thread}/append");
        self.post(&path, tests.finish(), key).await.map(drop)
    }

    /// Closes a thread: `POST /automation/runs/threads/{id}/complete`.
    pub async fn complete_automation_thread(&self, thread: i64, key: &RequestKey) -> Result<(), Error> {
        let path = format!("/api/v1/automation/runs/threads/{thread}/complete");
        self.post(&path, Bytes::from_static(b"{}"), key).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_one_json_object() {
        let mut batch = Batch::default();
        assert!(batch.is_empty());
        for n in 0..3 {
            batch.push(&serde_json::json!({ "key": n })).unwrap();
        }
        assert_eq!(batch.len(), 3);
        assert_eq!(
            batch.finish().as_ref(),
            br#"{"tests":[{"key":0},{"key":1},{"key":2}]}"#
        );
        assert_eq!(Batch::default().finish().as_ref(), br#"{"tests":[]}"#);
    }
}
