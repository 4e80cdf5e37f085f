//! API users and keys: our own addition.

use super::param::{one_id, paging};
use super::schema::{
    Properties, about, body, change, flag, id, list, list_of, name, nullable, only, page, refer, row, text,
    text_of, time, within, word,
};
use super::shared::{made_and_changed, version};
use super::{Described, Group, operation};
use model::Scope;
use model::text::NAME_MAX;
use serde_json::{Value, json};

/// Most projects of an API user; as in `app`.
const PLACES_MAX: usize = 1000;
/// Most characters of a reason; as in `app`.
const REASON_MAX: usize = 1000;
/// Longest life of a key beside its successor, in microseconds.
const OVERLAP_MAX: i64 = 7 * model::clock::DAY;

pub(super) fn group() -> Group {
    Group {
        name: "Keys",
        about: "API users and keys.",
        operations: [api_users(), keys()].into_iter().flatten().collect(),
        schemas: schemas(),
    }
}

fn api_users() -> Vec<Described> {
    let made = json!({"name": "Nightly CI", "projects": [{"project_id": 1, "role_id": 5}]});
    vec![
        operation("getApiUserPage", "List API users")
            .params(paging())
            .shows("ApiUserPage"),
        operation("createApiUser", "Make an API user")
            .notes("`manages_api_users` is for those who are signed in.")
            .takes("ApiUserIn", made)
            .makes("ApiUserRow")
            .leads_to(&[
                ("getApiUser", "user_id", "/result/id"),
                ("updateApiUser", "user_id", "/result/id"),
                ("deleteApiUser", "user_id", "/result/id"),
            ]),
        operation("getApiUser", "Show an API user").shows("ApiUserRow"),
        operation("updateApiUser", "Change an API user")
            .notes("`projects` are all that it has afterwards.")
            .takes("ApiUserChange", json!({"name": "Weekly CI"}))
            .shows("ApiUserRow"),
        operation("deleteApiUser", "Delete an API user").notes("Its keys end at once."),
    ]
}

fn keys() -> Vec<Described> {
    let made = json!({"user_id": 7, "name": "nightly", "scope": "results:write", "expires_at": "2027-06-30T00:00:00Z"});
    vec![
        operation("getKeys", "List keys that are not revoked")
            .params([one_id(
                "user_id",
                "Those of this API user; the own ones unless given.",
            )])
            .shows("KeyRows"),
        operation("createKey", "Make a key")
            .notes("Its `secret` is in this answer and never again; a repetition is a 409.")
            .takes("KeyIn", made)
            .makes("MadeKey"),
        operation("getKey", "Show a key").shows("KeyRow"),
        operation("revokeKey", "Revoke a key")
            .notes("It is refused from the moment at which this is answered.")
            .takes("RevokeIn", json!({"reason": "It was printed in a log"})),
        operation("rotateKey", "Replace a key")
            .notes("The successor has the same limits; the old key lives on for `overlap` microseconds.")
            .takes("RotateIn", json!({"overlap": 86_400_000_000_i64}))
            .makes("MadeKey"),
    ]
}

fn schemas() -> Vec<(&'static str, Value)> {
    let place = || vec![("project_id", id()), ("role_id", id())];
    let mut user = vec![
        ("id", id()),
        ("name", text()),
        (
            "owner_id",
            about(nullable(id()), "The person who answers for it."),
        ),
        ("purpose", text()),
        ("role_id", id()),
        ("is_active", flag()),
        ("manages_api_users", flag()),
        ("projects", list(row(place()))),
        ("version", within(1, i64::MAX)),
    ];
    user.extend(made_and_changed());
    let changed = |is_new: bool| -> Properties {
        vec![
            (if is_new { "name" } else { "name?" }, name(NAME_MAX)),
            (
                "owner_id?",
                about(
                    id(),
                    "The active person who answers for it; whoever makes it unless given.",
                ),
            ),
            ("purpose?", about(text_of(NAME_MAX), "What it is for.")),
            ("role_id?", id()),
            ("is_active?", flag()),
            ("manages_api_users?", flag()),
            ("projects?", list_of(body(place()), 0, PLACES_MAX)),
        ]
    };
    let scopes =
        || word(&[Scope::Full, Scope::Read, Scope::ResultsWrite, Scope::CasesWrite].map(Scope::name));
    let key = || -> Properties {
        vec![
            ("id", id()),
            ("user_id", id()),
            ("name", text()),
            ("last4", text()),
            ("scope", scopes()),
            (
                "projects",
                about(nullable(list(id())), "Null: all projects of its owner."),
            ),
            ("addresses", nullable(list(text()))),
            ("created_at", time()),
            ("expires_at", nullable(time())),
            ("revoked_at", nullable(time())),
            ("last_used_at", nullable(time())),
            ("last_used_ip", nullable(text())),
            ("last_used_agent", nullable(text())),
            ("previous_id", about(nullable(id()), "The key that it replaces.")),
        ]
    };
    let mut made = key();
    made.push(("secret", about(text(), "The key itself.")));
    let new = body(vec![
        ("user_id?", about(id(), "Whose; the caller unless given.")),
        ("name", name(NAME_MAX)),
        ("scope", scopes()),
        ("expires_at?", json!({"type": "string", "format": "date-time"})),
        ("projects?", list_of(id(), 1, PLACES_MAX)),
        (
            "addresses?",
            about(
                list_of(text_of(50), 0, PLACES_MAX),
                "Such as 10.0.0.7 or 10.0.0.0/8.",
            ),
        ),
    ]);
    vec![
        ("ApiUser", row(user)),
        ("ApiUserRow", only(refer("ApiUser"))),
        ("ApiUserPage", page("ApiUser", None)),
        ("ApiUserIn", body(changed(true))),
        ("ApiUserChange", change(version(changed(false)))),
        ("Key", row(key())),
        ("KeyRow", only(refer("Key"))),
        ("KeyRows", only(list(refer("Key")))),
        ("MadeKey", only(row(made))),
        ("KeyIn", new),
        ("RotateIn", body(vec![("overlap?", within(0, OVERLAP_MAX))])),
        ("RevokeIn", body(vec![("reason?", text_of(REASON_MAX))])),
    ]
}
