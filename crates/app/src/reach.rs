//! How far somebody reaches, and the one rule against escalation: nobody gives more than they have.
//!
//! [`Reach::refuse_wider`] is that rule. Whatever gives rights away (a key, a role, access to a project) describes both
//! sides as a [`Reach`] and calls it in the transaction that then gives (`security.md` A1: a key never widens).

use crate::clean::Clean;
use crate::{Actor, Error, Result};
use model::{Area, KeyId, ProjectId, Right, Rights, Scope, Timestamp, UserId};
use std::collections::BTreeMap;
use store::Tx;
use store::access::Via;

/// The most that a user, a key or a role may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// Rights of the role that applies everywhere.
    pub role: Rights,
    /// What the scope lets through.
    pub scope: Scope,
    /// Where.
    pub places: Places,
    /// When it ends; none for never.
    pub expires_at: Option<Timestamp>,
    /// May manage API users.
    pub manages_api_users: bool,
}

/// The projects that somebody reaches, with the rights in each after scope and limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Places {
    /// Every right in every project, those to come too: whole site admins.
    Everywhere,
    /// The rights in all projects that the owner has now or will have.
    Open(BTreeMap<ProjectId, Rights>),
    /// These projects and never another one: keys that are limited.
    Limited(BTreeMap<ProjectId, Rights>),
}

impl Places {
    fn named(&self) -> Option<&BTreeMap<ProjectId, Rights>> {
        match self {
            Places::Everywhere => None,
            Places::Open(named) | Places::Limited(named) => Some(named),
        }
    }

    fn rights(&self, project: ProjectId) -> Option<Rights> {
        match self.named() {
            None => Some(Rights::ALL),
            Some(named) => named.get(&project).copied(),
        }
    }
}

impl Reach {
    /// Gives nothing at all.
    pub fn nothing() -> Reach {
        Reach {
            role: Rights::NONE,
            scope: Scope::Full,
            places: Places::Limited(BTreeMap::new()),
            expires_at: None,
            manages_api_users: false,
        }
    }

    /// That of a whole site admin, until `expires_at`.
    pub fn everything(expires_at: Option<Timestamp>) -> Reach {
        Reach {
            role: Rights::ALL,
            scope: Scope::Full,
            places: Places::Everywhere,
            expires_at,
            manages_api_users: true,
        }
    }

    /// The rule: refuses `given` where it is wider than `self`, naming every field that is too wide and what would fit.
    pub fn refuse_wider(&self, given: &Reach) -> Result<()> {
        let mut wrong = Clean::default();
        if let Some(right) = beyond(given.role, self.role) {
            wrong.refuse(
                "role_id",
                format!("This role may {right}, which you may not. Choose a narrower role."),
            );
        }
        if let Some(right) = beyond(given.scope.rights(), self.scope.rights()) {
            let text = format!(
                "This scope may {right}, which yours ({}) does not include. Choose a narrower scope.",
                self.scope.name()
            );
            wrong.refuse("scope", text);
        }
        if let Some(text) = self.too_many_places(&given.places) {
            wrong.refuse("projects", text);
        }
        let is_later = |end: Timestamp| given.expires_at.is_none_or(|at| at > end);
        if let Some(end) = self.expires_at.filter(|end| is_later(*end)) {
            let text = format!("You may give nothing that lasts longer than {end}, when your own key ends.");
            wrong.refuse("expires_at", text);
        }
        if given.manages_api_users && !self.manages_api_users {
            wrong.refuse(
                "manages_api_users",
                "You may not manage API users, so you can't let others do it.",
            );
        }
        wrong.finish()
    }

    fn too_many_places(&self, given: &Places) -> Option<String> {
        let own = self.places.named()?;
        let Some(named) = given.named() else {
            return Some("This reaches every project, and you do not. Name projects.".to_owned());
        };
        if matches!(self.places, Places::Limited(_)) && matches!(given, Places::Open(_)) {
            let own: Vec<String> = own.keys().map(ToString::to_string).collect();
            let own = own.join(", ");
            return Some(format!(
                "Your key is limited to projects, so name some of these: {own}."
            ));
        }
        named.iter().find_map(|(project, rights)| {
            let mine = self.places.rights(*project).unwrap_or(Rights::NONE);
            let right = beyond(*rights, mine)?;
            Some(format!(
                "In project {project} this may {right}, which you may not there. Leave the project out, or choose less."
            ))
        })
    }
}

/// The first right that `given` has beyond `own`.
fn beyond(given: Rights, own: Rights) -> Option<Right> {
    let mut all = Area::ALL
        .into_iter()
        .flat_map(|area| model::Action::ALL.map(|action| Right(area, action)));
    all.find(|right| given.has(*right) && !own.has(*right))
}

/// Where an API user reaches, narrowed by a scope and by the projects of a key.
pub(crate) fn places(
    tx: &mut Tx<'_>,
    user: UserId,
    scope: Scope,
    limit: Option<&[ProjectId]>,
) -> Result<Places> {
    let mut named = store::access::named_rights(tx, user)?;
    for rights in named.values_mut() {
        *rights = rights.and(scope.rights());
    }
    Ok(match limit {
        None => Places::Open(named),
        Some(limit) => {
            named.retain(|project, _| limit.contains(project));
            Places::Limited(named)
        }
    })
}

impl Actor {
    /// How far an API user with the right to manage API users reaches, by the key that calls.
    pub(crate) fn reach_of_manager(&self, tx: &mut Tx<'_>, key: KeyId) -> Result<Reach> {
        let row = store::key::get(tx, key)?.ok_or(Error::NotFound)?;
        let role = store::role::get(tx, self.user.role_id)?.ok_or(Error::NotFound)?;
        Ok(Reach {
            role: role.rights.and(row.scope.rights()),
            scope: row.scope,
            places: places(tx, self.user.id, row.scope, row.projects.as_deref())?,
            expires_at: row.expires_at,
            manages_api_users: false,
        })
    }

    /// Refuses everybody but whole site admins, as of this transaction: active, with a key of scope `full` that is not
    /// limited to projects, or signed in. What concerns the whole instance asks this and nothing else.
    pub(crate) fn require_whole_admin(&self, tx: &mut Tx<'_>, now: Timestamp) -> Result<()> {
        Ok(store::access::whole_admin(tx, &self.caller, now)??)
    }

    /// The same for what must outlive no key: passwords, new site admins, the right to manage API users.
    pub(crate) fn require_signed_in(&self, what: &str) -> Result<()> {
        match self.caller.via {
            Via::Session(_) | Via::System => Ok(()),
            Via::Key(_) => Err(Error::Refused(
                "session_required",
                format!("API keys may not {what}. Sign in as a site administrator and do it there."),
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Action;

    const VIEW: Rights = Rights::of(Right(Area::Cases, Action::View));
    const EDIT: Rights = Rights::of(Right(Area::Cases, Action::Edit));

    fn places<const N: usize>(named: [(i64, Rights); N]) -> BTreeMap<ProjectId, Rights> {
        named.map(|(id, rights)| (ProjectId(id), rights)).into()
    }

    /// A manager with both rights in project 1, one in project 2, until 1000.
    fn own(limited: bool) -> Reach {
        let named = places([(1, VIEW.with(EDIT)), (2, VIEW)]);
        Reach {
            role: VIEW,
            scope: Scope::Full,
            places: if limited {
                Places::Limited(named)
            } else {
                Places::Open(named)
            },
            expires_at: Some(Timestamp(1000)),
            manages_api_users: false,
        }
    }

    fn given(places: Places) -> Reach {
        Reach {
            places,
            expires_at: Some(Timestamp(1000)),
            ..Reach::nothing()
        }
    }

    fn fields(own: &Reach, given: &Reach) -> Vec<String> {
        match own.refuse_wider(given) {
            Ok(()) => Vec::new(),
            Err(Error::Invalid(wrong)) => wrong.into_iter().map(|f| f.field).collect(),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn as_much_as_one_has_may_be_given() {
        for limited in [false, true] {
            let own = own(limited);
            assert!(fields(&own, &own).is_empty());
            assert!(fields(&own, &given(Places::Limited(BTreeMap::new()))).is_empty());
            assert!(fields(&own, &given(Places::Limited(places([(1, EDIT)])))).is_empty());
        }
        let all = Reach::everything(None);
        assert!(fields(&all, &all).is_empty());
        assert!(fields(&all, &own(false)).is_empty());
    }

    #[test]
    fn each_side_that_is_wider_is_named() {
        let base = given(Places::Limited(BTreeMap::new()));
        let wider = [
            (
                "role_id",
                Reach {
                    role: EDIT,
                    ..base.clone()
                },
            ),
            (
                "projects",
                Reach {
                    places: Places::Everywhere,
                    ..base.clone()
                },
            ),
            ("projects", given(Places::Limited(places([(2, EDIT)])))),
            ("projects", given(Places::Limited(places([(3, VIEW)])))),
            ("projects", given(Places::Open(places([(3, VIEW)])))),
            (
                "expires_at",
                Reach {
                    expires_at: Some(Timestamp(1001)),
                    ..base.clone()
                },
            ),
            (
                "expires_at",
                Reach {
                    expires_at: None,
                    ..base.clone()
                },
            ),
            (
                "manages_api_users",
                Reach {
                    manages_api_users: true,
                    ..base.clone()
                },
            ),
        ];
        for (field, given) in wider {
            assert_eq!(fields(&own(false), &given), [field], "{given:?}");
        }
        let everything = Reach::everything(None);
        assert_eq!(
            fields(&own(true), &everything),
            ["role_id", "projects", "expires_at", "manages_api_users"]
        );
    }

    #[test]
    fn a_limited_key_gives_no_key_that_grows_with_its_owner() {
        let open = given(Places::Open(places([(1, VIEW)])));
        assert_eq!(fields(&own(true), &open), ["projects"]);
        assert!(fields(&own(false), &open).is_empty());
    }

    #[test]
    fn each_scope_gives_itself_and_no_other_but_those_inside() {
        for own_scope in Scope::ALL {
            for given_scope in Scope::ALL {
                let own = Reach {
                    scope: own_scope,
                    ..Reach::everything(None)
                };
                let given = Reach {
                    scope: given_scope,
                    ..Reach::nothing()
                };
                let fits = own_scope == Scope::Full || own_scope == given_scope;
                assert_eq!(
                    fields(&own, &given).is_empty(),
                    fits,
                    "{own_scope:?} {given_scope:?}"
                );
            }
        }
    }

    /// The rule against the definition: whatever is let through has no bit in no project beyond the giver's, for every
    /// pair of small sets of rights.
    #[test]
    fn nothing_that_passes_has_a_right_more() {
        let sets: Vec<Rights> = (0..16).map(Rights).collect();
        for mine in &sets {
            for theirs in &sets {
                let own = Reach {
                    places: Places::Open(places([(1, *mine)])),
                    ..own(false)
                };
                let given = given(Places::Limited(places([(1, *theirs)])));
                let fits = theirs.and(*mine) == *theirs;
                assert_eq!(own.refuse_wider(&given).is_ok(), fits, "{mine:?} {theirs:?}");
            }
        }
    }
}
