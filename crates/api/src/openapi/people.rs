//! Users, groups and roles (contract §2.5, §2.10, §2.14, §2.15).

use super::param::{expands as expanding, paging};
use super::schema::{about, expands, flag, id, list, nullable, one, one_of, page, row, text, within};
use super::shared::made_and_changed;
use super::{Described, Group, operation};
use serde_json::Value;

pub(super) fn group() -> Group {
    Group {
        name: "People",
        about: "Users, groups and roles.",
        operations: operations(),
        schemas: schemas(),
    }
}

fn operations() -> Vec<Described> {
    let all = ["groups", "roles", "users"];
    vec![
        operation("getCurrentUser", "Show the owner of the key")
            .notes("The shortest way to try a key.")
            .shows("CurrentUser"),
        operation("getUser", "Show a user")
            .params([expanding(&all)])
            .shows("UserRow"),
        operation("getUserPage", "List users")
            .params(paging())
            .params([expanding(&all)])
            .shows("UserPage"),
        operation("getGroup", "Show a group")
            .params([expanding(&["users"])])
            .shows("GroupRow"),
        operation("getGroupPage", "List groups")
            .params(paging())
            .params([expanding(&["users"])])
            .shows("GroupPage"),
        operation("getRole", "Show a role")
            .params([expanding(&["users"])])
            .shows("RoleRow"),
        operation("getRolePage", "List roles")
            .params(paging())
            .params([expanding(&["users"])])
            .shows("RolePage"),
    ]
}

fn schemas() -> Vec<(&'static str, Value)> {
    let formats = || {
        [
            ("timezone", nullable(text())),
            ("date_format", nullable(text())),
            ("time_format", nullable(text())),
        ]
    };
    let mut current = vec![("id", id()), ("name", text())];
    current.extend(formats());
    let mut user = vec![
        ("id", id()),
        ("name", text()),
        ("email", text()),
        ("type", about(within(1, 5), "1 user, 4 site admin, 5 API user.")),
        ("notifications", one_of(&[1, 2, 3])),
        ("tfa_enabled", flag()),
        ("is_active", flag()),
        ("is_forgotten", flag()),
        ("is_api", flag()),
        ("role_id", id()),
        ("groups", list(id())),
    ];
    user.extend(formats());
    user.extend(made_and_changed());
    let mut group = vec![("id", id()), ("name", text()), ("members", list(id()))];
    group.extend(made_and_changed());
    let bits = serde_json::json!({"type": "integer", "format": "int64"});
    let mut role = vec![
        ("id", id()),
        ("name", text()),
        ("permissions", about(bits, "Bit 4 × area + action.")),
        ("is_default", flag()),
    ];
    role.extend(made_and_changed());
    vec![
        ("CurrentUser", row(current)),
        ("User", row(user)),
        (
            "PeopleExpands",
            expands(&[("groups", "Named"), ("roles", "Named"), ("users", "Named")]),
        ),
        ("UserRow", one("User", "PeopleExpands")),
        ("UserPage", page("User", Some("PeopleExpands"))),
        ("Group", row(group)),
        ("GroupRow", one("Group", "UserExpands")),
        ("GroupPage", page("Group", Some("UserExpands"))),
        ("Role", row(role)),
        ("RoleRow", one("Role", "UserExpands")),
        ("RolePage", page("Role", Some("UserExpands"))),
    ]
}
