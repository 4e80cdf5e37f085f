//! Users, groups and roles of the instance. Whoever was authenticated may look, as clients need them to name who made
//! and who tests what; a key that is limited to projects may too. Who sees a project, only those who see it learn.

use crate::{Actor, App, Error, Result};
use model::page::{Page, PageRequest};
use model::{GroupId, ProjectId, RoleId, UserId};
use store::access::{SEE, Target};
use store::group::Group;
use store::role::Role;
use store::user::Profile;

/// One user.
pub async fn user(app: &App, _actor: &Actor, id: UserId) -> Result<Profile> {
    app.read(move |tx| store::user::profile_of(tx, id)?.ok_or(Error::NotFound))
        .await
}

/// One page of all users, by id.
pub async fn users(app: &App, _actor: &Actor, request: PageRequest) -> Result<Page<Profile>> {
    app.read(move |tx| Ok(store::user::page(tx, request)?)).await
}

/// One page of ids and names of those who see a project, by id.
pub async fn users_of_project(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    request: PageRequest,
) -> Result<Page<(UserId, String)>> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::Project(project), SEE, now)?;
        Ok(store::user::page_of_project(tx, &proof, request)?)
    })
    .await
}

/// One group with its members.
pub async fn group(app: &App, _actor: &Actor, id: GroupId) -> Result<Group> {
    app.read(move |tx| store::group::get(tx, id)?.ok_or(Error::NotFound))
        .await
}

/// One page of all groups, by id.
pub async fn groups(app: &App, _actor: &Actor, request: PageRequest) -> Result<Page<Group>> {
    app.read(move |tx| Ok(store::group::page(tx, request)?)).await
}

/// One role.
pub async fn role(app: &App, _actor: &Actor, id: RoleId) -> Result<Role> {
    app.read(move |tx| store::role::get(tx, id)?.ok_or(Error::NotFound))
        .await
}

/// One page of all roles, by id.
pub async fn roles(app: &App, _actor: &Actor, request: PageRequest) -> Result<Page<Role>> {
    app.read(move |tx| Ok(store::role::page(tx, request)?)).await
}
