//! People, roles, groups, access to projects and settings, as administrators see and change them.

use super::param::paging;
use super::schema::{
    Properties, about, body, change, count, email, flag, id, list, list_of, name, nullable, only, page,
    refer, row, text, text_of, within, word,
};
use super::shared::{made_and_changed, version};
use super::{Described, Group, operation};
use model::text::NAME_MAX;
use serde_json::{Value, json};

/// Most people that a body names for a group; as in `app`.
const MEMBERS_MAX: usize = 10_000;
/// Most users, and groups, of a change of access; as in `app`.
const ACCESS_MAX: usize = 100;
/// Longest life of a key that a policy may ask for, in days; as in `app`.
const DAYS_MAX: i64 = 3650;

pub(super) fn group() -> Group {
    let all = [users(), roles(), groups(), places()];
    Group {
        name: "Accounts",
        about: "People, roles, groups, access to projects and settings, for administrators.",
        operations: all.into_iter().flatten().collect(),
        schemas: [people(), access(), settings()].into_iter().flatten().collect(),
    }
}

fn users() -> Vec<Described> {
    let made = json!({"name": "Mara Lind", "email": "mara@demo.example", "role_id": 3});
    vec![
        operation("getAdminUserPage", "List people")
            .params(paging())
            .shows("AdminUserPage"),
        operation("createUser", "Make a person")
            .notes("`is_admin` and `password` are for those who are signed in.")
            .takes("UserIn", made)
            .makes("AdminUserRow")
            .leads_to(&[
                ("getAdminUser", "user_id", "/result/id"),
                ("updateUser", "user_id", "/result/id"),
            ]),
        operation("getAdminUser", "Show a person").shows("AdminUserRow"),
        operation("updateUser", "Change a person")
            .notes("`email`, `is_admin` and `password` are for those who are signed in.")
            .takes("UserChange", json!({"timezone": "Europe/Berlin"}))
            .shows("AdminUserRow"),
        operation("deleteUser", "Forget a person").notes(
            "Name, address, password, keys, groups and projects go for good; what the person did stays.",
        ),
    ]
}

fn roles() -> Vec<Described> {
    vec![
        operation("getAdminRolePage", "List roles with their versions")
            .params(paging())
            .shows("AdminRolePage"),
        operation("createRole", "Make a role")
            .takes("RoleIn", json!({"name": "Guest tester", "permissions": 4352}))
            .makes("AdminRoleRow")
            .leads_to(&[
                ("getAdminRole", "role_id", "/result/id"),
                ("deleteRole", "role_id", "/result/id"),
            ]),
        operation("getAdminRole", "Show a role with its version").shows("AdminRoleRow"),
        operation("updateRole", "Change a role")
            .takes("RoleChange", json!({"permissions": 4352}))
            .shows("AdminRoleRow"),
        operation("deleteRole", "Delete a role that nobody has"),
    ]
}

fn groups() -> Vec<Described> {
    vec![
        operation("getAdminGroupPage", "List groups with their versions")
            .params(paging())
            .shows("AdminGroupPage"),
        operation("createGroup", "Make a group")
            .takes("GroupIn", json!({"name": "Checkout team", "members": [1]}))
            .makes("AdminGroupRow")
            .leads_to(&[
                ("getAdminGroup", "group_id", "/result/id"),
                ("deleteGroup", "group_id", "/result/id"),
            ]),
        operation("getAdminGroup", "Show a group with its version").shows("AdminGroupRow"),
        operation("updateGroup", "Change a group")
            .takes("GroupChange", json!({"name": "Payments team"}))
            .shows("AdminGroupRow"),
        operation("deleteGroup", "Delete a group").notes("Its members lose what it gave them."),
    ]
}

fn places() -> Vec<Described> {
    let given = json!({"default_access": "none", "users": [{"user_id": 1, "role_id": 1}]});
    vec![
        operation("getProjectAccess", "Show who gets into a project").shows("AccessRow"),
        operation("updateProjectAccess", "Change who gets into a project")
            .notes("All or none. Nobody gives more than they have there.")
            .takes("AccessChange", given)
            .shows("AccessRow"),
        operation("getSettings", "Show the settings of the instance").shows("SettingsRow"),
        operation("updateSettings", "Change settings of the instance")
            .notes("`edition` and `seats` are for those who are signed in.")
            .takes("SettingsChange", json!({"key_policy": {"max_days": 365}}))
            .shows("SettingsRow"),
    ]
}

fn people() -> Vec<(&'static str, Value)> {
    let versioned = |mut properties: Properties| {
        properties.push(("version", within(1, i64::MAX)));
        properties.extend(made_and_changed());
        row(properties)
    };
    let permissions = || {
        let bits = json!({"type": "integer", "format": "int64", "minimum": i64::MIN, "maximum": i64::MAX});
        about(bits, "Bit 4 × area + action.")
    };
    let user = |is_new: bool| -> Properties {
        vec![
            (if is_new { "name" } else { "name?" }, name(NAME_MAX)),
            (if is_new { "email" } else { "email?" }, email()),
            ("role_id?", id()),
            ("is_admin?", flag()),
            ("is_active?", flag()),
            ("groups?", list_of(id(), 0, MEMBERS_MAX)),
            (
                "timezone?",
                about(text_of(NAME_MAX), "Such as Europe/Berlin; null: none."),
            ),
            (
                "password?",
                json!({"type": "string", "minLength": 8, "maxLength": 1024, "format": "password"}),
            ),
        ]
    };
    let role = |is_new: bool| -> Properties {
        vec![
            (if is_new { "name" } else { "name?" }, name(NAME_MAX)),
            ("permissions?", permissions()),
            ("is_default?", flag()),
        ]
    };
    let group = |is_new: bool| -> Properties {
        vec![
            (if is_new { "name" } else { "name?" }, name(NAME_MAX)),
            ("members?", list_of(id(), 0, MEMBERS_MAX)),
        ]
    };
    let shown = versioned(vec![
        ("id", id()),
        ("name", text()),
        ("email", text()),
        ("role_id", id()),
        ("is_admin", flag()),
        ("is_active", flag()),
        ("groups", list(id())),
        ("timezone", nullable(text())),
    ]);
    let shown_role = versioned(vec![
        ("id", id()),
        ("name", text()),
        ("permissions", permissions()),
        ("is_default", flag()),
        ("is_built_in", flag()),
    ]);
    let shown_group = versioned(vec![("id", id()), ("name", text()), ("members", list(id()))]);
    vec![
        ("AdminUser", shown),
        ("AdminUserRow", only(refer("AdminUser"))),
        ("AdminUserPage", page("AdminUser", None)),
        ("UserIn", body(user(true))),
        ("UserChange", change(version(user(false)))),
        ("AdminRole", shown_role),
        ("AdminRoleRow", only(refer("AdminRole"))),
        ("AdminRolePage", page("AdminRole", None)),
        ("RoleIn", body(role(true))),
        ("RoleChange", change(version(role(false)))),
        ("AdminGroup", shown_group),
        ("AdminGroupRow", only(refer("AdminGroup"))),
        ("AdminGroupPage", page("AdminGroup", None)),
        ("GroupIn", body(group(true))),
        ("GroupChange", change(version(group(false)))),
    ]
}

fn access() -> Vec<(&'static str, Value)> {
    let defaults = ["none", "global", "role"];
    let role = || about(nullable(id()), "Null: no access.");
    let shown = row(vec![
        ("default_access", word(&defaults)),
        ("default_role_id", nullable(id())),
        (
            "users",
            list(row(vec![
                ("user_id", id()),
                ("name", text()),
                ("role_id", role()),
                ("is_admin", flag()),
            ])),
        ),
        (
            "groups",
            list(row(vec![
                ("group_id", id()),
                ("name", text()),
                ("role_id", role()),
            ])),
        ),
        ("version", within(1, i64::MAX)),
    ]);
    let user = body(vec![
        ("user_id", id()),
        ("role_id?", role()),
        ("is_admin?", flag()),
        ("remove?", flag()),
    ]);
    let group = body(vec![
        ("group_id", id()),
        ("role_id?", role()),
        ("remove?", flag()),
    ]);
    let changed = change(version(vec![
        ("default_access?", word(&defaults)),
        ("default_role_id?", id()),
        ("users?", list_of(user, 0, ACCESS_MAX)),
        ("groups?", list_of(group, 0, ACCESS_MAX)),
    ]));
    vec![("AccessRow", only(shown)), ("AccessChange", changed)]
}

fn settings() -> Vec<(&'static str, Value)> {
    let editions = ["standard", "business", "enterprise"];
    let shown = row(vec![
        ("edition", word(&editions)),
        ("seats", about(nullable(within(1, i64::MAX)), "Null: any number.")),
        ("seats_taken", count()),
        (
            "key_policy",
            row(vec![
                ("max_days", nullable(within(1, DAYS_MAX))),
                ("is_expiry_required", flag()),
            ]),
        ),
        ("public_url", nullable(text())),
    ]);
    let policy = body(vec![
        ("max_days?", within(1, DAYS_MAX)),
        ("is_expiry_required?", flag()),
    ]);
    let changed = change(vec![
        ("edition?", word(&editions)),
        ("seats?", about(within(1, i64::MAX), "Null: any number.")),
        ("key_policy?", policy),
    ]);
    vec![("SettingsRow", only(shown)), ("SettingsChange", changed)]
}
