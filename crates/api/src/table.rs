//! Every operation of the API, with what it needs.

use crate::attachments::UPLOAD;
use crate::body::{LARGE, LARGEST};
use crate::context::{Cx, Work};
pub use crate::on::On;
use crate::{
    admin, api_users, attachments, audit, automation, cases, connections, folders, groups, keys, lookups,
    milestones, notifications, projects, roles, runs, sessions, shared_steps, user, users,
};
use app::automation::retention::{EDIT_RULES, VIEW_RULES};
use app::automation::{COMPLETE, DELETE, EDIT, VIEW};
use axum::http::Method;
use axum::routing::MethodFilter;
use model::Right;
use store::access::SEE;

/// What a caller needs for an operation, decided before its body is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// A valid key, or for our own resources a session.
    Key,
    /// A site admin, by session or by a key of scope `full` that is not limited to projects.
    Admin,
    /// A session, or the key of an API user that manages API users.
    Keys,
    /// A site admin, or the key of an API user that manages API users.
    ApiUsers,
    /// A right in the project of something that the path names.
    Right(Right, On),
    /// The first right there, and one of the others.
    Either(Right, [Right; 2], On),
}

/// Names in paths of what lies in no project.
pub(crate) const NOWHERE: &[&str] = &[
    "attachment_id",
    "automation_test_id",
    "comment_id",
    "field_id",
    "group_id",
    "key_id",
    "notification_id",
    "result_id",
    "role_id",
    "state_id",
    "status_id",
    "template_id",
    "test_id",
    "user_id",
    "version",
];

/// One operation.
#[derive(Clone, Copy)]
pub struct Operation {
    /// Its name in the contract.
    pub name: &'static str,
    /// Method.
    pub method: &'static Method,
    /// Path with `{parameters}`.
    pub path: &'static str,
    /// What a caller needs.
    pub access: Access,
    /// Largest body, in bytes.
    pub body_limit: u64,
    /// Whether the body is `multipart/form-data` with files, which is read only while it is worked on.
    pub takes_files: bool,
    pub(crate) work: fn(Cx) -> Work,
}

impl Operation {
    pub(crate) fn filter(&self) -> MethodFilter {
        match *self.method {
            Method::POST => MethodFilter::POST,
            Method::PATCH => MethodFilter::PATCH,
            Method::DELETE => MethodFilter::DELETE,
            _ => MethodFilter::GET,
        }
    }
}

/// Files are added by POST to the list of them.
fn takes_files(method: &str, path: &str) -> bool {
    method == "POST" && (path.ends_with("/attachments") || path.ends_with("/attachments/single"))
}

macro_rules! operations {
    ($($method:ident $path:literal $access:expr => $name:ident, $work:path;)*) => {
        vec![$(Operation {
            name: stringify!($name),
            method: &Method::$method,
            path: $path,
            access: $access,
            body_limit: if takes_files(stringify!($method), $path) {
                UPLOAD
            } else if matches!(stringify!($name).as_bytes(), b"appendToAutomationRunThread") {
                LARGEST
            } else {
                LARGE
            },
            takes_files: takes_files(stringify!($method), $path),
            work: |cx| Box::pin($work(cx)),
        }),*]
    };
}

/// All operations, in the order of the contract (§2, §9).
pub fn table() -> Vec<Operation> {
    use Access::{Admin, ApiUsers, Either, Key, Keys, Right};
    use app::cases::COMMENT;
    operations! {
        POST "/api/v1/automation/runs/{automation_run_id}/append" Right(EDIT, On::AutomationRun)
            => appendToAutomationRun, automation::runs::append;
        POST "/api/v1/automation/runs/threads/{automation_run_thread_id}/append" Right(EDIT, On::Thread)
            => appendToAutomationRunThread, automation::append::append;
        POST "/api/v1/automation/runs/{automation_run_id}/complete" Right(COMPLETE, On::AutomationRun)
            => completeAutomationRun, automation::runs::complete;
        POST "/api/v1/automation/runs/threads/{automation_run_thread_id}/complete" Right(COMPLETE, On::Thread)
            => completeAutomationRunThread, automation::threads::complete;
        POST "/api/v1/projects/{project_id}/automation/runs" Right(EDIT, On::Project)
            => createAutomationRun, automation::runs::create;
        POST "/api/v1/automation/runs/{automation_run_id}/threads" Right(EDIT, On::AutomationRun)
            => createAutomationRunThread, automation::threads::create;
        GET "/api/v1/automation/runs/{automation_run_id}" Right(VIEW, On::AutomationRun)
            => getAutomationRun, automation::runs::get;
        GET "/api/v1/projects/{project_id}/automation/runs" Right(VIEW, On::Project)
            => getAutomationRunPage, automation::runs::page;
        GET "/api/v1/automation/sources/{automation_source_id}" Right(VIEW, On::Source)
            => getAutomationSource, automation::sources::get;
        GET "/api/v1/projects/{project_id}/automation/sources" Right(VIEW, On::Project)
            => getAutomationSourcePage, automation::sources::page;
        GET "/api/v1/automation/runs/{automation_run_id}/tests" Right(VIEW, On::AutomationRun)
            => getAutomationRunTestPage, automation::tests::page;
        GET "/api/v1/projects/{project_id}/automation/cases" Right(VIEW, On::Project)
            => getAutomationCasePage, automation::cases::page;
        POST "/api/attest/v1/projects/{project_id}/automation/parts" Right(EDIT, On::Project)
            => beginAutomationPart, automation::parts::begin;
        POST "/api/attest/v1/automation/parts/{automation_run_thread_id}/complete" Right(COMPLETE, On::Thread)
            => completeAutomationPart, automation::parts::complete;
        GET "/api/attest/v1/automation/runs/{automation_run_id}/parts" Right(VIEW, On::AutomationRun)
            => getAutomationParts, automation::parts::list;
        GET "/api/attest/v1/automation/parts/{automation_run_thread_id}/replaced-tests" Right(VIEW, On::Thread)
            => getReplacedAutomationTestPage, automation::parts::results;
        GET "/api/attest/v1/automation/runs/{automation_run_id}/retention" Right(VIEW, On::AutomationRun)
            => getAutomationRunRetention, automation::retention::of_run;
        PATCH "/api/attest/v1/automation/runs/{automation_run_id}/retention" Right(COMPLETE, On::AutomationRun)
            => updateAutomationRunRetention, automation::retention::pin;
        GET "/api/attest/v1/automation/sources/{automation_source_id}/retention" Right(VIEW_RULES, On::Source)
            => getAutomationSourceRetention, automation::retention::get_of_source;
        PATCH "/api/attest/v1/automation/sources/{automation_source_id}/retention" Right(EDIT_RULES, On::Source)
            => updateAutomationSourceRetention, automation::retention::update_of_source;
        GET "/api/attest/v1/projects/{project_id}/automation/retention" Right(VIEW_RULES, On::Project)
            => getProjectRetention, automation::retention::get_of_project;
        PATCH "/api/attest/v1/projects/{project_id}/automation/retention" Right(EDIT_RULES, On::Project)
            => updateProjectRetention, automation::retention::update_of_project;
        GET "/api/attest/v1/projects/{project_id}/automation/retention/preview" Right(VIEW_RULES, On::Project)
            => previewProjectRetention, automation::retention::preview;
        GET "/api/attest/v1/automation/retention" Admin
            => getRetention, automation::retention::get_of_instance;
        PATCH "/api/attest/v1/automation/retention" Admin
            => updateRetention, automation::retention::update_of_instance;
        POST "/api/v1/projects/{project_id}/automation-links" Right(app::cases::EDIT, On::Project)
            => createAutomationLink, automation::links::one;
        POST "/api/v1/projects/{project_id}/automation-links/bulk" Right(app::cases::EDIT, On::Project)
            => createAutomationLinks, automation::links::many;
        POST "/api/v1/projects/{project_id}/folders" Right(app::folders::EDIT, On::Project)
            => createFolders, folders::create;
        DELETE "/api/v1/projects/{project_id}/folders" Right(app::folders::DELETE, On::Project)
            => deleteFolders, folders::delete;
        GET "/api/v1/projects/{project_id}/folders" Right(app::folders::VIEW, On::Project)
            => getFoldersPage, folders::page;
        PATCH "/api/v1/projects/{project_id}/folders" Right(app::folders::EDIT, On::Project)
            => updateFolders, folders::update;
        GET "/api/v1/folders/{folder_id}" Right(app::folders::VIEW, On::Folder)
            => getFolder, folders::get;
        POST "/api/v1/cases/{case_id}/attachments/single" Right(app::cases::EDIT, On::Case)
            => createCaseAttachment, attachments::one;
        POST "/api/v1/cases/{case_id}/attachments" Right(app::cases::EDIT, On::Case)
            => createCaseAttachments, attachments::many;
        DELETE "/api/v1/cases/{case_id}/attachments" Right(app::cases::DELETE, On::Case)
            => deleteCaseAttachments, attachments::delete;
        GET "/api/v1/cases/{case_id}/attachments" Right(app::cases::VIEW, On::Case)
            => getCaseAttachmentsPage, attachments::page;
        GET "/api/attest/v1/cases/{case_id}/attachments/{attachment_id}" Right(app::cases::VIEW, On::Case)
            => downloadCaseAttachment, attachments::download;
        POST "/api/attest/v1/runs/{run_id}/results/{result_id}/attachments" Right(app::runs::results::EDIT, On::Run)
            => createResultAttachments, attachments::many;
        DELETE "/api/attest/v1/runs/{run_id}/results/{result_id}/attachments" Right(app::runs::results::DELETE, On::Run)
            => deleteResultAttachments, attachments::delete;
        GET "/api/attest/v1/runs/{run_id}/results/{result_id}/attachments" Right(app::runs::results::VIEW, On::Run)
            => getResultAttachmentsPage, attachments::page;
        GET "/api/attest/v1/runs/{run_id}/results/{result_id}/attachments/{attachment_id}" Right(app::runs::results::VIEW, On::Run)
            => downloadResultAttachment, attachments::download;
        POST "/api/attest/v1/automation/runs/{automation_run_id}/attachments" Right(EDIT, On::AutomationRun)
            => createAutomationRunAttachments, attachments::many;
        DELETE "/api/attest/v1/automation/runs/{automation_run_id}/attachments" Right(DELETE, On::AutomationRun)
            => deleteAutomationRunAttachments, attachments::delete;
        GET "/api/attest/v1/automation/runs/{automation_run_id}/attachments" Right(VIEW, On::AutomationRun)
            => getAutomationRunAttachmentsPage, attachments::page;
        GET "/api/attest/v1/automation/runs/{automation_run_id}/attachments/{attachment_id}" Right(VIEW, On::AutomationRun)
            => downloadAutomationRunAttachment, attachments::download;
        POST "/api/attest/v1/automation/runs/{automation_run_id}/tests/{automation_test_id}/attachments" Right(EDIT, On::AutomationRun)
            => createAutomationTestAttachments, attachments::many;
        DELETE "/api/attest/v1/automation/runs/{automation_run_id}/tests/{automation_test_id}/attachments" Right(DELETE, On::AutomationRun)
            => deleteAutomationTestAttachments, attachments::delete;
        GET "/api/attest/v1/automation/runs/{automation_run_id}/tests/{automation_test_id}/attachments" Right(VIEW, On::AutomationRun)
            => getAutomationTestAttachmentsPage, attachments::page;
        GET "/api/attest/v1/automation/runs/{automation_run_id}/tests/{automation_test_id}/attachments/{attachment_id}" Right(VIEW, On::AutomationRun)
            => downloadAutomationTestAttachment, attachments::download;
        POST "/api/v1/projects/{project_id}/cases" Right(app::cases::EDIT, On::Project)
            => createCases, cases::create;
        DELETE "/api/v1/projects/{project_id}/cases" Right(app::cases::DELETE, On::Project)
            => deleteCases, cases::delete;
        GET "/api/v1/projects/{project_id}/cases" Right(app::cases::VIEW, On::Project)
            => getCasesPage, cases::page;
        PATCH "/api/v1/projects/{project_id}/cases" Right(app::cases::EDIT, On::Project)
            => updateCases, cases::update;
        GET "/api/v1/projects/{project_id}/cases/names" Right(app::cases::VIEW, On::Project)
            => getCaseNamePage, cases::names;
        GET "/api/v1/cases/{case_id}" Right(app::cases::VIEW, On::Case)
            => getCase, cases::get;
        GET "/api/attest/v1/projects/{project_id}/cases/search" Right(app::cases::VIEW, On::Project)
            => searchCases, cases::suggest;
        GET "/api/attest/v1/cases/{case_id}/versions" Right(app::cases::VIEW, On::Case)
            => getCaseVersionPage, cases::versions;
        GET "/api/attest/v1/cases/{case_id}/versions/{version}" Right(app::cases::VIEW, On::Case)
            => getCaseVersion, cases::version;
        POST "/api/attest/v1/cases/{case_id}/versions/{version}/restore" Right(app::cases::EDIT, On::Case)
            => restoreCaseVersion, cases::restore;
        GET "/api/attest/v1/cases/{case_id}/comments" Right(app::cases::VIEW, On::Case)
            => getCaseComments, cases::comments;
        POST "/api/attest/v1/cases/{case_id}/comments" Either(app::cases::VIEW, COMMENT, On::Case)
            => createCaseComment, cases::comment;
        PATCH "/api/attest/v1/cases/{case_id}/comments/{comment_id}" Either(app::cases::VIEW, COMMENT, On::Case)
            => updateCaseComment, cases::update_comment;
        DELETE "/api/attest/v1/cases/{case_id}/comments/{comment_id}" Either(app::cases::VIEW, COMMENT, On::Case)
            => deleteCaseComment, cases::delete_comment;
        GET "/api/attest/v1/audit" Admin
            => getAuditPage, audit::page;
        GET "/api/attest/v1/audit/export" Admin
            => exportAudit, audit::export;
        GET "/api/attest/v1/keys/current" Key
            => getCurrentKey, keys::current;
        DELETE "/api/attest/v1/keys/current" Key
            => revokeCurrentKey, keys::end_current;
        GET "/api/attest/v1/keys" Keys
            => getKeys, keys::all;
        POST "/api/attest/v1/keys" Keys
            => createKey, keys::create;
        GET "/api/attest/v1/keys/{key_id}" Keys
            => getKey, keys::get;
        DELETE "/api/attest/v1/keys/{key_id}" Keys
            => revokeKey, keys::revoke;
        POST "/api/attest/v1/keys/{key_id}/rotate" Keys
            => rotateKey, keys::rotate;
        GET "/api/attest/v1/api-users" ApiUsers
            => getApiUserPage, api_users::page;
        POST "/api/attest/v1/api-users" ApiUsers
            => createApiUser, api_users::create;
        GET "/api/attest/v1/api-users/{user_id}" ApiUsers
            => getApiUser, api_users::get;
        PATCH "/api/attest/v1/api-users/{user_id}" ApiUsers
            => updateApiUser, api_users::update;
        DELETE "/api/attest/v1/api-users/{user_id}" ApiUsers
            => deleteApiUser, api_users::delete;
        GET "/api/attest/v1/users" Admin
            => getAdminUserPage, admin::users::page;
        POST "/api/attest/v1/users" Admin
            => createUser, admin::users::create;
        GET "/api/attest/v1/users/{user_id}" Admin
            => getAdminUser, admin::users::get;
        PATCH "/api/attest/v1/users/{user_id}" Admin
            => updateUser, admin::users::update;
        DELETE "/api/attest/v1/users/{user_id}" Admin
            => deleteUser, admin::users::delete;
        GET "/api/attest/v1/roles" Admin
            => getAdminRolePage, admin::roles::page;
        POST "/api/attest/v1/roles" Admin
            => createRole, admin::roles::create;
        GET "/api/attest/v1/roles/{role_id}" Admin
            => getAdminRole, admin::roles::get;
        PATCH "/api/attest/v1/roles/{role_id}" Admin
            => updateRole, admin::roles::update;
        DELETE "/api/attest/v1/roles/{role_id}" Admin
            => deleteRole, admin::roles::delete;
        GET "/api/attest/v1/groups" Admin
            => getAdminGroupPage, admin::groups::page;
        POST "/api/attest/v1/groups" Admin
            => createGroup, admin::groups::create;
        GET "/api/attest/v1/groups/{group_id}" Admin
            => getAdminGroup, admin::groups::get;
        PATCH "/api/attest/v1/groups/{group_id}" Admin
            => updateGroup, admin::groups::update;
        DELETE "/api/attest/v1/groups/{group_id}" Admin
            => deleteGroup, admin::groups::delete;
        GET "/api/attest/v1/projects/{project_id}/access" Right(app::members::VIEW, On::Project)
            => getProjectAccess, admin::members::get;
        PATCH "/api/attest/v1/projects/{project_id}/access" Right(app::members::EDIT, On::Project)
            => updateProjectAccess, admin::members::update;
        GET "/api/attest/v1/statuses" Admin
            => getAdminStatuses, admin::statuses::all;
        POST "/api/attest/v1/statuses" Admin
            => createStatus, admin::statuses::create;
        PATCH "/api/attest/v1/statuses" Admin
            => orderStatuses, admin::statuses::order;
        GET "/api/attest/v1/statuses/{status_id}" Admin
            => getAdminStatus, admin::statuses::get;
        PATCH "/api/attest/v1/statuses/{status_id}" Admin
            => updateStatus, admin::statuses::update;
        DELETE "/api/attest/v1/statuses/{status_id}" Admin
            => deleteStatus, admin::statuses::delete;
        GET "/api/attest/v1/states" Admin
            => getAdminStates, admin::states::all;
        POST "/api/attest/v1/states" Admin
            => createState, admin::states::create;
        PATCH "/api/attest/v1/states" Admin
            => orderStates, admin::states::order;
        GET "/api/attest/v1/states/{state_id}" Admin
            => getAdminState, admin::states::get;
        PATCH "/api/attest/v1/states/{state_id}" Admin
            => updateState, admin::states::update;
        DELETE "/api/attest/v1/states/{state_id}" Admin
            => deleteState, admin::states::delete;
        GET "/api/attest/v1/fields" Admin
            => getAdminFields, admin::fields::all;
        POST "/api/attest/v1/fields" Admin
            => createField, admin::fields::create;
        PATCH "/api/attest/v1/fields" Admin
            => orderFields, admin::fields::order;
        GET "/api/attest/v1/fields/{field_id}" Admin
            => getAdminField, admin::fields::get;
        PATCH "/api/attest/v1/fields/{field_id}" Admin
            => updateField, admin::fields::update;
        DELETE "/api/attest/v1/fields/{field_id}" Admin
            => deleteField, admin::fields::delete;
        GET "/api/attest/v1/templates" Admin
            => getAdminTemplates, admin::templates::all;
        POST "/api/attest/v1/templates" Admin
            => createTemplate, admin::templates::create;
        PATCH "/api/attest/v1/templates" Admin
            => orderTemplates, admin::templates::order;
        GET "/api/attest/v1/templates/{template_id}" Admin
            => getAdminTemplate, admin::templates::get;
        PATCH "/api/attest/v1/templates/{template_id}" Admin
            => updateTemplate, admin::templates::update;
        DELETE "/api/attest/v1/templates/{template_id}" Admin
            => deleteTemplate, admin::templates::delete;
        GET "/api/attest/v1/settings" Admin
            => getSettings, admin::settings::get;
        PATCH "/api/attest/v1/settings" Admin
            => updateSettings, admin::settings::update;
        GET "/api/v1/issues/connections" Key
            => getConnectionsPage, connections::page;
        GET "/api/v1/groups/{group_id}" Key
            => getGroup, groups::get;
        GET "/api/v1/groups" Key
            => getGroupPage, groups::page;
        GET "/api/v1/projects/{project_id}/configs" Right(SEE, On::Project)
            => getConfigs, lookups::configs;
        GET "/api/v1/projects/{project_id}/fields" Right(SEE, On::Project)
            => getFields, lookups::fields;
        GET "/api/v1/projects/{project_id}/repos" Right(SEE, On::Project)
            => getRepos, lookups::repos;
        GET "/api/v1/projects/{project_id}/states" Right(SEE, On::Project)
            => getStates, lookups::states;
        GET "/api/v1/projects/{project_id}/statuses" Right(SEE, On::Project)
            => getStatuses, lookups::statuses;
        GET "/api/v1/projects/{project_id}/tags" Right(SEE, On::Project)
            => getTags, lookups::tags;
        GET "/api/v1/projects/{project_id}/templates" Right(SEE, On::Project)
            => getTemplates, lookups::templates;
        GET "/api/v1/milestones/{milestone_id}" Right(app::milestones::VIEW, On::Milestone)
            => getMilestone, milestones::get;
        GET "/api/v1/projects/{project_id}/milestones" Right(app::milestones::VIEW, On::Project)
            => getMilestonePage, milestones::page;
        POST "/api/v1/projects/{project_id}/milestones" Right(app::milestones::EDIT, On::Project)
            => createMilestone, milestones::create;
        PATCH "/api/v1/milestones/{milestone_id}" Right(app::milestones::EDIT, On::Milestone)
            => updateMilestone, milestones::update;
        DELETE "/api/v1/milestones/{milestone_id}" Right(app::milestones::DELETE, On::Milestone)
            => deleteMilestone, milestones::delete;
        GET "/api/v1/projects/{project_id}/milestone-types" Right(SEE, On::Project)
            => getMilestoneTypes, milestones::types;
        GET "/api/attest/v1/projects/{project_id}/shared-steps" Right(app::shared_steps::VIEW, On::Project)
            => getSharedStepsOfProject, shared_steps::all;
        POST "/api/attest/v1/projects/{project_id}/shared-steps" Right(app::shared_steps::EDIT, On::Project)
            => createSharedSteps, shared_steps::create;
        GET "/api/attest/v1/shared-steps/{shared_steps_id}" Right(app::shared_steps::VIEW, On::SharedSteps)
            => getSharedSteps, shared_steps::get;
        PATCH "/api/attest/v1/shared-steps/{shared_steps_id}" Right(app::shared_steps::EDIT, On::SharedSteps)
            => updateSharedSteps, shared_steps::update;
        DELETE "/api/attest/v1/shared-steps/{shared_steps_id}" Right(app::shared_steps::DELETE, On::SharedSteps)
            => deleteSharedSteps, shared_steps::delete;
        GET "/api/v1/projects/{project_id}" Right(SEE, On::Project)
            => getProject, projects::get;
        GET "/api/v1/projects" Key
            => getProjectPage, projects::page;
        GET "/api/v1/roles/{role_id}" Key
            => getRole, roles::get;
        GET "/api/v1/roles" Key
            => getRolePage, roles::page;
        GET "/api/v1/runs/{run_id}/results" Right(app::runs::results::VIEW, On::Run)
            => getRunResultPage, runs::results::page;
        GET "/api/v1/runs/{run_id}" Right(app::runs::VIEW, On::Run)
            => getRun, runs::get;
        GET "/api/v1/projects/{project_id}/runs" Right(app::runs::VIEW, On::Project)
            => getRunPage, runs::page;
        POST "/api/v1/projects/{project_id}/runs" Right(app::runs::EDIT, On::Project)
            => createRun, runs::create;
        PATCH "/api/v1/runs/{run_id}" Right(app::runs::EDIT, On::Run)
            => updateRun, runs::update;
        DELETE "/api/v1/runs/{run_id}" Right(app::runs::DELETE, On::Run)
            => deleteRun, runs::delete;
        GET "/api/v1/runs/{run_id}/tests" Right(app::runs::VIEW, On::Run)
            => getRunTestPage, runs::tests::page;
        PATCH "/api/attest/v1/runs/{run_id}/tests/{test_id}" Right(app::runs::results::EDIT, On::Run)
            => updateRunTest, runs::tests::update;
        POST "/api/v1/runs/{run_id}/tests/{test_id}/results" Right(app::runs::results::EDIT, On::Run)
            => createRunResult, runs::results::create;
        POST "/api/v1/runs/{run_id}/tests/results/bulk" Right(app::runs::results::EDIT, On::Run)
            => createRunResults, runs::results::create_many;
        PATCH "/api/v1/runs/{run_id}/results/{result_id}" Right(app::runs::results::EDIT, On::Run)
            => updateRunResult, runs::results::update;
        GET "/api/v1/projects/{project_id}/cases/{case_id}/result-history" Right(app::runs::results::VIEW, On::Project)
            => getCaseResultHistory, runs::results::history;
        GET "/api/v1/sessions/{session_id}" Right(app::sessions::VIEW, On::Session)
            => getSession, sessions::get;
        GET "/api/v1/projects/{project_id}/sessions" Right(app::sessions::VIEW, On::Project)
            => getSessionPage, sessions::page;
        POST "/api/v1/projects/{project_id}/sessions" Right(app::sessions::EDIT, On::Project)
            => createSession, sessions::create;
        PATCH "/api/v1/sessions/{session_id}" Right(app::sessions::EDIT, On::Session)
            => updateSession, sessions::update;
        DELETE "/api/v1/sessions/{session_id}" Right(app::sessions::DELETE, On::Session)
            => deleteSession, sessions::delete;
        GET "/api/attest/v1/sessions/{session_id}/results" Right(app::sessions::VIEW, On::Session)
            => getSessionResultPage, sessions::results::page;
        POST "/api/attest/v1/sessions/{session_id}/results" Right(app::sessions::results::EDIT, On::Session)
            => createSessionResult, sessions::results::create;
        GET "/api/attest/v1/notifications" Key
            => getNotificationPage, notifications::page;
        POST "/api/attest/v1/notifications/{notification_id}/read" Key
            => readNotification, notifications::read;
        POST "/api/attest/v1/notifications/read" Key
            => readNotifications, notifications::read_all;
        GET "/api/v1/user" Key
            => getCurrentUser, user::current;
        GET "/api/v1/users/{user_id}" Key
            => getUser, users::get;
        GET "/api/v1/users" Key
            => getUserPage, users::page;
        GET "/api/v1/projects/{project_id}/users" Right(SEE, On::Project)
            => getUserPageForProject, users::page_of_project;
    }
}
