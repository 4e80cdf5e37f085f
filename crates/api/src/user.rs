//! `GET /api/v1/user` (contract §2.14): the test of a key that most clients make first.

use crate::context::{Cx, Outcome, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct CurrentUser<'a> {
    id: i64,
    name: &'a str,
    timezone: Option<&'a str>,
    date_format: Option<&'a str>,
    time_format: Option<&'a str>,
}

/// The owner of the key, as a bare object.
pub(crate) async fn current(cx: Cx) -> Outcome {
    let user = &cx.actor.user;
    Reply::ok(&CurrentUser {
        id: user.id.0,
        name: &user.name,
        timezone: user.timezone.as_deref(),
        date_format: user.date_format.as_deref(),
        time_format: user.time_format.as_deref(),
    })
}
