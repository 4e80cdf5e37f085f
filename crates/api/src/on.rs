//! What a path names: the thing in whose project a right is asked for.

/// What the path's id means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    /// `project_id`
    Project,
    /// `folder_id`
    Folder,
    /// `case_id`
    Case,
    /// `milestone_id`
    Milestone,
    /// `shared_steps_id`
    SharedSteps,
    /// `run_id`
    Run,
    /// `session_id`
    Session,
    /// `automation_source_id`
    Source,
    /// `automation_run_id`
    AutomationRun,
    /// `automation_run_thread_id`
    Thread,
}

impl On {
    /// All of them.
    pub const ALL: [On; 10] = [
        On::Project,
        On::Folder,
        On::Case,
        On::Milestone,
        On::SharedSteps,
        On::Run,
        On::Session,
        On::Source,
        On::AutomationRun,
        On::Thread,
    ];

    /// The name in the path.
    pub fn parameter(self) -> &'static str {
        match self {
            On::Project => "project_id",
            On::Folder => "folder_id",
            On::Case => "case_id",
            On::Milestone => "milestone_id",
            On::SharedSteps => "shared_steps_id",
            On::Run => "run_id",
            On::Session => "session_id",
            On::Source => "automation_source_id",
            On::AutomationRun => "automation_run_id",
            On::Thread => "automation_run_thread_id",
        }
    }
}
