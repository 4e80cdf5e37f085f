//! Settings of the instance.

use crate::context::{Cx, Outcome, Reply};
use crate::envelope::Only;
use crate::wire::{Object, Whole, nullable};
use app::settings::{self, Change, KeyPolicy, Settings};
use model::Edition;
use serde::{Deserialize, Serialize};

#[derive(Serialize)]
struct Row {
    edition: Edition,
    seats: Option<i64>,
    seats_taken: i64,
    key_policy: KeyPolicy,
    /// From the configuration or the first set-up.
    public_url: Option<String>,
}

fn row(cx: &Cx, s: Settings) -> Only<Row> {
    Only {
        result: Row {
            edition: s.edition,
            seats: s.seats,
            seats_taken: s.seats_taken,
            key_policy: s.key_policy,
            public_url: cx.app.public_url().map(|url| url.to_string()),
        },
    }
}

#[derive(Deserialize)]
struct ChangeIn {
    edition: Option<Edition>,
    #[serde(default, deserialize_with = "nullable")]
    seats: Option<Option<Whole>>,
    key_policy: Option<Object<PolicyIn>>,
}

#[derive(Deserialize)]
struct PolicyIn {
    max_days: Option<Whole>,
    is_expiry_required: Option<bool>,
}

impl From<PolicyIn> for KeyPolicy {
    fn from(p: PolicyIn) -> KeyPolicy {
        KeyPolicy {
            max_days: p.max_days.map(|days| days.0),
            is_expiry_required: p.is_expiry_required == Some(true),
        }
    }
}

/// The settings.
pub(crate) async fn get(cx: Cx) -> Outcome {
    let found = settings::get(&cx.app, &cx.actor).await?;
    Reply::ok(&row(&cx, found))
}

/// Changes settings.
pub(crate) async fn update(cx: Cx) -> Outcome {
    let body: ChangeIn = cx.json()?;
    let change = Change {
        edition: body.edition,
        seats: body.seats.map(|seats| seats.map(|n| n.0)),
        key_policy: body.key_policy.map(|policy| policy.0.into()),
    };
    let new = settings::update(&cx.app, &cx.actor, change).await?;
    Reply::ok(&row(&cx, new))
}
