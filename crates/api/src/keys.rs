//! API keys: our own addition, under `/api/attest/v1/keys`.

use crate::context::{Cx, Outcome, Reply};
use crate::envelope::Only;
use app::keys;
use model::{Action, Area, ProjectId, Right, Rights, Timestamp};
use serde::{Serialize, Serializer};

#[derive(Serialize)]
struct CurrentKey<'a> {
    id: i64,
    name: &'a str,
    last4: &'a str,
    scope: &'static str,
    /// Null: all projects of its owner.
    projects: Option<Vec<i64>>,
    addresses: Option<&'a [String]>,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
    last_used_at: Option<Timestamp>,
    user: Owner<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    project: Option<InProject>,
}

#[derive(Serialize)]
struct Owner<'a> {
    id: i64,
    name: &'a str,
    is_api: bool,
    is_admin: bool,
}

#[derive(Serialize)]
struct InProject {
    id: i64,
    rights: Words,
}

/// Areas with the actions that are allowed in them: `{"cases": ["view", "edit"]}`.
struct Words(Rights);

impl Serialize for Words {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let name = |action| match action {
            Action::View => "view",
            Action::Edit => "edit",
            Action::Delete => "delete",
            Action::Complete => "complete",
        };
        s.collect_map(Area::ALL.into_iter().filter_map(|area| {
            let has = |action: &Action| self.0.has(Right(area, *action));
            let actions: Vec<&str> = Action::ALL.into_iter().filter(has).map(name).collect();
            (!actions.is_empty()).then(|| (area.words().replace(' ', "_"), actions))
        }))
    }
}

/// What the key that calls may do, in one project if that is named.
pub(crate) async fn current(cx: Cx) -> Outcome {
    let project = cx.params.id("project_id").map(ProjectId);
    cx.params.check()?;
    let current = keys::current(&cx.app, &cx.actor, project).await?;
    let (key, user) = (&current.key, &cx.actor.user);
    Reply::ok(&Only {
        result: CurrentKey {
            id: key.id.0,
            name: &key.name,
            last4: &key.last4,
            scope: key.scope.name(),
            projects: key
                .projects
                .as_ref()
                .map(|all| all.iter().map(|id| id.0).collect()),
            addresses: key.addresses.as_deref(),
            created_at: key.created_at,
            expires_at: key.expires_at,
            last_used_at: key.last_used_at,
            user: Owner {
                id: user.id.0,
                name: &user.name,
                is_api: user.is_api,
                is_admin: cx.actor.caller.is_admin,
            },
            project: current.rights.map(|(id, rights)| InProject {
                id: id.0,
                rights: Words(rights),
            }),
        },
    })
}
