//! Who gets into a project.

use crate::context::{Cx, Outcome, Reply};
use crate::envelope::Only;
use crate::wire::{Whole, nullable, objects};
use app::Error;
use app::members::{self, Change, Place};
use model::{GroupId, RoleId, UserId};
use serde::{Deserialize, Serialize};
use store::members::Access;
use store::project::DefaultAccess;

#[derive(Serialize)]
struct Row {
    default_access: &'static str,
    default_role_id: Option<RoleId>,
    users: Vec<UserRow>,
    groups: Vec<GroupRow>,
    version: i64,
}

#[derive(Serialize)]
struct UserRow {
    user_id: UserId,
    name: String,
    role_id: Option<RoleId>,
    is_admin: bool,
}

#[derive(Serialize)]
struct GroupRow {
    group_id: GroupId,
    name: String,
    role_id: Option<RoleId>,
}

impl From<Access> for Row {
    fn from(a: Access) -> Row {
        let (default_access, default_role_id) = members::default_name(a.default);
        let users = a.users.into_iter().map(|u| UserRow {
            user_id: u.id,
            name: u.name,
            role_id: u.role_id,
            is_admin: u.is_admin,
        });
        let groups = a.groups.into_iter().map(|g| GroupRow {
            group_id: g.id,
            name: g.name,
            role_id: g.role_id,
        });
        Row {
            default_access,
            default_role_id,
            users: users.collect(),
            groups: groups.collect(),
            version: a.version,
        }
    }
}

#[derive(Deserialize)]
struct ChangeIn {
    default_access: Option<String>,
    default_role_id: Option<Whole>,
    #[serde(default, deserialize_with = "objects")]
    users: Vec<UserIn>,
    #[serde(default, deserialize_with = "objects")]
    groups: Vec<GroupIn>,
    version: Option<Whole>,
}

#[derive(Deserialize)]
struct UserIn {
    user_id: Whole,
    #[serde(default, deserialize_with = "nullable")]
    role_id: Option<Option<Whole>>,
    is_admin: Option<bool>,
    remove: Option<bool>,
}

#[derive(Deserialize)]
struct GroupIn {
    group_id: Whole,
    #[serde(default, deserialize_with = "nullable")]
    role_id: Option<Option<Whole>>,
    remove: Option<bool>,
}

/// What becomes of one, from `role_id` and `remove`; `field` names it in an error.
fn place(field: &str, role: Option<Option<&Whole>>, is_admin: bool, remove: bool) -> Result<Place, Error> {
    match (role, remove) {
        (None, true) => Ok(Place::Removed),
        (Some(role), false) => Ok(Place::Named(role.map(|id| RoleId(id.0)), is_admin)),
        _ => Err(Error::field(
            format!("{field}.role_id"),
            "Give either a role_id, which may be null for no access, or remove: true.",
        )),
    }
}

fn default(name: Option<&str>, role: Option<&Whole>) -> Result<Option<DefaultAccess>, Error> {
    match (name, role) {
        (None, None) => Ok(None),
        (Some("none"), None) => Ok(Some(DefaultAccess::None)),
        (Some("global"), None) => Ok(Some(DefaultAccess::Global)),
        (None | Some("role"), Some(id)) => Ok(Some(DefaultAccess::Role(RoleId(id.0)))),
        (Some("role"), None) => Err(Error::field(
            "default_role_id",
            "Give the default_role_id that everybody has.",
        )),
        (Some(_), _) => Err(Error::field(
            "default_access",
            "The default_access must be none, global, or role with a default_role_id.",
        )),
    }
}

impl ChangeIn {
    fn parse(&self) -> Result<Change, Error> {
        let users = self.users.iter().enumerate().map(|(n, u)| {
            let role = u.role_id.as_ref().map(Option::as_ref);
            let place = place(
                &format!("users.{n}"),
                role,
                u.is_admin == Some(true),
                u.remove == Some(true),
            )?;
            Ok((UserId(u.user_id.0), place))
        });
        let groups = self.groups.iter().enumerate().map(|(n, g)| {
            let role = g.role_id.as_ref().map(Option::as_ref);
            let place = place(&format!("groups.{n}"), role, false, g.remove == Some(true))?;
            Ok((GroupId(g.group_id.0), place))
        });
        Ok(Change {
            default: default(self.default_access.as_deref(), self.default_role_id.as_ref())?,
            users: users.collect::<Result<_, Error>>()?,
            groups: groups.collect::<Result<_, Error>>()?,
            version: self.version.map(|v| v.0),
        })
    }
}

/// Who gets in.
pub(crate) async fn get(cx: Cx) -> Outcome {
    let access = members::get(&cx.app, &cx.actor, cx.project()?).await?;
    Reply::ok(&Only {
        result: Row::from(access),
    })
}

/// Changes who gets in.
pub(crate) async fn update(cx: Cx) -> Outcome {
    let change = cx.json::<ChangeIn>()?.parse()?;
    let access = members::update(&cx.app, &cx.actor, cx.project()?, change).await?;
    Reply::ok(&Only {
        result: Row::from(access),
    })
}
