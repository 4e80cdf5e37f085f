//! Parts of automation runs: jobs that share the work of one run, found by a key. Only Attest has them.

use serde::{Deserialize, Serialize};

use crate::automation_runs::NewRun;
use crate::automation_threads::NewThread;
use crate::{Client, Error, RequestKey};

/// A part that begins.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct NewPart {
    /// What all jobs of the run have in common, up to 200 characters.
    pub run_key: String,
    /// Name of this part, unique in the run, up to 200 characters.
    pub part: String,
    /// The run, as the first job makes it. Of later jobs only the source counts.
    #[serde(flatten)]
    pub run: NewRun,
    /// The thread of this part.
    pub thread: NewThread,
}

/// A part that has begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct BegunPart {
    /// The run that was found or made.
    pub run_id: i64,
    /// The thread that takes the tests of this attempt.
    pub thread_id: i64,
    /// How often this part has begun, this time included.
    pub attempt: u32,
}

/// A part that is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct CompletedPart {
    /// The run.
    pub run_id: i64,
    /// Parts of the run that are complete.
    pub parts_completed: u32,
    /// Whether the run is complete with it.
    pub is_completed: bool,
}

#[derive(Serialize)]
struct Completion {
    #[serde(skip_serializing_if = "Option::is_none")]
    parts: Option<u32>,
}

impl Client {
    /// Finds or makes the run of a key and begins a part of it; what an earlier attempt of the part sent no longer
    /// counts: `POST /api/attest/v1/projects/{id}/automation/parts`.
    ///
    /// # Errors
    /// As every call; a run that is completed takes no part.
    pub async fn begin_automation_part(
        &self,
        project: i64,
        part: &NewPart,
        key: &RequestKey,
    ) -> Result<BegunPart, Error> {
        let path = format!("/api/attest/v1/projects/{project}/automation/parts");
        self.create(&path, part, key).await
    }

    /// Completes a part, and its run when so many parts are complete:
    /// `POST /api/attest/v1/automation/parts/{thread id}/complete`.
    ///
    /// # Errors
    /// As every call.
    pub async fn complete_automation_part(
        &self,
        thread: i64,
        parts: Option<u32>,
        key: &RequestKey,
    ) -> Result<CompletedPart, Error> {
        let path = format!("/api/attest/v1/automation/parts/{thread}/complete");
        self.create(&path, &Completion { parts }, key).await
    }
}
