//! Who gets into a project, for those who set the project up: they give nobody more than they have there themselves.

use crate::changes::{Noted, refuse_stale, refuse_unknown};
use crate::clean::Clean;
use crate::reach::{Places, Reach};
use crate::{Actor, App, Error, Result};
use model::{Action, Area, GroupId, ProjectId, Right, Rights, RoleId, UserId};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use store::Tx;
use store::access::{Proof, Target};
use store::members::{self, Access};
use store::project::DefaultAccess;
use store::user::write::Kind;

/// Looking at who gets in.
pub const VIEW: Right = Right(Area::Settings, Action::View);
/// Changing it.
pub const EDIT: Right = Right(Area::Settings, Action::Edit);

/// Most users and most groups of one call.
const LIST_MAX: usize = 100;

/// What becomes of a user or group in a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Named with a role, or with none that takes access away; and whether project admin.
    Named(Option<RoleId>, bool),
    /// Named no longer.
    Removed,
}

/// What changes; everybody else stays.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// What people without a row of their own have.
    pub default: Option<DefaultAccess>,
    /// Users.
    pub users: Vec<(UserId, Place)>,
    /// Groups, none of them project admin.
    pub groups: Vec<(GroupId, Place)>,
    /// The version that the change is based on.
    pub version: Option<i64>,
}

/// Who gets into a project.
pub async fn get(app: &App, actor: &Actor, project: ProjectId) -> Result<Access> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::Project(project), VIEW, now)?;
        Ok(members::read(tx, &proof)?)
    })
    .await
}

/// Changes who gets in; everything of one call or nothing.
pub async fn update(app: &App, actor: &Actor, project: ProjectId, change: Change) -> Result<Access> {
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        let proof = actor.require(tx, Target::Project(project), EDIT, now)?;
        check(&change)?;
        tx.lock(project.0)?;
        let before = members::read(tx, &proof)?;
        refuse_stale(
            &format!("The access to project {project}"),
            change.version,
            before.version,
        )?;
        let roles = roles(tx, &change, &before)?;
        Giver::new(&proof, &before, &roles).check(&change)?;
        apply(tx, &proof, &change)?;
        let mut after = members::read(tx, &proof)?;
        if after == before {
            return Ok(before);
        }
        members::changed(tx, &proof)?;
        after.version += 1;
        let noted = Noted {
            action: "project.access_changed",
            kind: "project",
            id: project.0,
            name: &store::project::get(tx, project)?.map_or_else(String::new, |p| p.name),
            project: Some(project),
            before: told(&before),
            after: told(&after),
        };
        actor.note(tx, &noted, now)?;
        Ok(after)
    })
    .await
}

fn check(change: &Change) -> Result<()> {
    if change.default.is_none() && change.users.is_empty() && change.groups.is_empty() {
        return Err(Error::NothingToChange);
    }
    let mut clean = Clean::default();
    clean.at_most("users", change.users.len(), LIST_MAX);
    clean.at_most("groups", change.groups.len(), LIST_MAX);
    let users: BTreeSet<UserId> = change.users.iter().map(|(id, _)| *id).collect();
    let groups: BTreeSet<GroupId> = change.groups.iter().map(|(id, _)| *id).collect();
    if users.len() < change.users.len() {
        clean.refuse("users", "The users name somebody twice. Name everybody once.");
    }
    if groups.len() < change.groups.len() {
        clean.refuse("groups", "The groups name one group twice. Name it once.");
    }
    for (n, (_, place)) in change.users.iter().enumerate() {
        if matches!(place, Place::Named(None, true)) {
            let text = "A project admin needs a role in the project. Give a role_id.";
            clean.refuse(&format!("users.{n}.role_id"), text);
        }
    }
    clean.finish()
}

/// The rights of all roles that are named before or after; all ids of the change must exist.
fn roles(tx: &mut Tx<'_>, change: &Change, before: &Access) -> Result<BTreeMap<RoleId, Rights>> {
    let users: Vec<i64> = change.users.iter().map(|(id, _)| id.0).collect();
    let groups: Vec<i64> = change.groups.iter().map(|(id, _)| id.0).collect();
    refuse_unknown(tx, "users", Kind::Users, &users)?;
    refuse_unknown(tx, "groups", Kind::Groups, &groups)?;
    let of_default = |default: DefaultAccess| match default {
        DefaultAccess::Role(id) => Some(id),
        DefaultAccess::None | DefaultAccess::Global => None,
    };
    let of_place = |place: Place| match place {
        Place::Named(role, _) => role,
        Place::Removed => None,
    };
    let places = change.users.iter().map(|(_, p)| *p);
    let wanted: BTreeSet<RoleId> = places
        .chain(change.groups.iter().map(|(_, p)| *p))
        .filter_map(of_place)
        .chain(change.default.and_then(of_default))
        .collect();
    let ids: Vec<i64> = wanted.iter().map(|r| r.0).collect();
    refuse_unknown(tx, "role_id", Kind::Roles, &ids)?;
    let had = before.users.iter().filter_map(|u| u.role_id);
    let had = had.chain(before.groups.iter().filter_map(|g| g.role_id));
    let all: BTreeSet<RoleId> = had.chain(of_default(before.default)).chain(wanted).collect();
    Ok(store::role::rights_of(tx, &all.into_iter().collect::<Vec<_>>())?)
}

/// Somebody who gives access, with what it takes to see that it is no more than the own.
struct Giver<'a> {
    project: ProjectId,
    own: Reach,
    before: &'a Access,
    roles: &'a BTreeMap<RoleId, Rights>,
}

impl<'a> Giver<'a> {
    fn new(proof: &Proof, before: &'a Access, roles: &'a BTreeMap<RoleId, Rights>) -> Giver<'a> {
        let project = proof.project();
        Giver {
            project,
            own: in_project(project, proof.rights()),
            before,
            roles,
        }
    }

    fn check(&self, change: &Change) -> Result<()> {
        if let Some(default) = change.default {
            self.refuse_wider("default_access", self.default_rights(default))?;
        }
        // Who is named no longer has what groups and the default give.
        let default = self.default_rights(change.default.unwrap_or(self.before.default));
        let by_groups = self.before.groups.iter().map(|g| self.rights(g.role_id));
        let by_groups = by_groups.fold(Rights::NONE, Rights::with);
        for (n, (id, place)) in change.users.iter().enumerate() {
            let field = format!("users.{n}.role_id");
            if let Some(had) = self.before.users.iter().find(|u| u.id == *id) {
                self.refuse_wider(&field, self.named(had.role_id, had.is_admin))?;
            }
            let given = match place {
                Place::Named(role, is_admin) => self.named(*role, *is_admin),
                Place::Removed => default.with(by_groups),
            };
            self.refuse_wider(&field, given)?;
        }
        for (n, (id, place)) in change.groups.iter().enumerate() {
            let field = format!("groups.{n}.role_id");
            if let Some(had) = self.before.groups.iter().find(|g| g.id == *id) {
                self.refuse_wider(&field, self.rights(had.role_id))?;
            }
            let given = match place {
                Place::Named(role, _) => self.rights(*role),
                Place::Removed => default,
            };
            self.refuse_wider(&field, given)?;
        }
        Ok(())
    }

    fn refuse_wider(&self, field: &str, given: Rights) -> Result<()> {
        match self.own.refuse_wider(&in_project(self.project, given)) {
            Err(Error::Invalid(wrong)) => {
                let text = wrong.into_iter().next().map_or_else(String::new, |w| w.text);
                Err(Error::field(field, text))
            }
            other => other,
        }
    }

    fn rights(&self, role: Option<RoleId>) -> Rights {
        role.and_then(|id| self.roles.get(&id).copied())
            .unwrap_or(Rights::NONE)
    }

    fn named(&self, role: Option<RoleId>, is_admin: bool) -> Rights {
        if is_admin { Rights::ALL } else { self.rights(role) }
    }

    /// With *global* everybody has their own role, which may hold any right.
    fn default_rights(&self, default: DefaultAccess) -> Rights {
        match default {
            DefaultAccess::None => Rights::NONE,
            DefaultAccess::Global => Rights::ALL,
            DefaultAccess::Role(role) => self.rights(Some(role)),
        }
    }
}

fn in_project(project: ProjectId, rights: Rights) -> Reach {
    Reach {
        places: Places::Limited(BTreeMap::from([(project, rights)])),
        ..Reach::nothing()
    }
}

fn apply(tx: &mut Tx<'_>, proof: &Proof, change: &Change) -> Result<()> {
    if let Some(default) = change.default {
        store::project::set_default_access(tx, proof.project(), default)?;
    }
    for (id, place) in &change.users {
        match place {
            Place::Named(role, is_admin) => members::set_user(tx, proof, *id, *role, *is_admin)?,
            Place::Removed => members::remove_user(tx, proof, *id)?,
        }
    }
    for (id, place) in &change.groups {
        match place {
            Place::Named(role, _) => members::set_group(tx, proof, *id, *role)?,
            Place::Removed => members::remove_group(tx, proof, *id)?,
        }
    }
    Ok(())
}

/// The name of a default in the API and in the database.
pub fn default_name(default: DefaultAccess) -> (&'static str, Option<RoleId>) {
    match default {
        DefaultAccess::None => ("none", None),
        DefaultAccess::Global => ("global", None),
        DefaultAccess::Role(role) => ("role", Some(role)),
    }
}

fn told(access: &Access) -> Value {
    let (default, role) = default_name(access.default);
    let users = access.users.iter();
    let users: Vec<Value> = users
        .map(|u| json!({"user_id": u.id, "role_id": u.role_id, "is_admin": u.is_admin}))
        .collect();
    let groups = access.groups.iter();
    let groups: Vec<Value> = groups
        .map(|g| json!({"group_id": g.id, "role_id": g.role_id}))
        .collect();
    json!({"default_access": default, "default_role_id": role, "users": users, "groups": groups})
}
