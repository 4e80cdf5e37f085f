//! Ids. The contract shows integers, so every resource has a positive 64-bit identity of its own type.

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                s.parse().map($name)
            }
        }
    )*};
}

ids! {
    /// A person or an API user.
    UserId,
    /// A named set of rights.
    RoleId,
    /// A group of users.
    GroupId,
    /// An API key (the row, never the secret).
    KeyId,
    /// A signed-in device.
    SessionId,
    /// A project.
    ProjectId,
    /// An automation source: one test suite of one project.
    SourceId,
    /// An automation run.
    AutomationRunId,
    /// A thread of an automation run.
    ThreadId,
    /// A test of a source across its runs.
    AutomationCaseId,
    /// One result of one test in one automation run.
    AutomationTestId,
    /// A workflow state.
    StateId,
    /// A custom field.
    FieldId,
    /// A value of a dropdown or multi-select.
    OptionId,
    /// A template of cases.
    TemplateId,
    /// A folder of the case repository.
    FolderId,
    /// A test case of the repository.
    CaseId,
    /// A comment on a case.
    CommentId,
    /// Steps that many cases share.
    SharedStepsId,
    /// A tag of a project.
    TagId,
    /// An integration with a tracker.
    IntegrationId,
    /// An issue, as a project knows it.
    IssueId,
    /// An uploaded file.
    AttachmentId,
    /// A manual run.
    RunId,
    /// A case in a manual run.
    TestId,
    /// A result of a test in a manual run.
    ResultId,
    /// An exploratory session.
    ExploratoryId,
    /// A milestone.
    MilestoneId,
    /// A type of milestones.
    MilestoneTypeId,
    /// A configuration, such as a browser.
    ConfigId,
}
