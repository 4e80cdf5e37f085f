//! Labelled sample data for looking at pages: the gallery draws it, and tests check what is drawn.

mod run;

pub(crate) use run::*;

use model::automation::Outcome;
use model::clock::{DAY, HOUR, MINUTE, SECOND};
use model::{AutomationRunId, KeyId, ProjectId, Scope, SessionId, SourceId, Timestamp, UserId};
use web::pages::devices::view::Signed;
use web::pages::keys::view::Row as KeyRow;
use web::pages::profile::side::Side;
use web::pages::projects::overview::Source;
use web::pages::projects::view::Card;
use web::pages::runs::rows::Row as RunRow;
use web::ui::status::{Kind, Tally};
use web::ui::{Frame, ProjectNav, Theme, Viewer, When};

/// The instant at which everything is drawn.
pub(crate) fn now() -> Timestamp {
    Timestamp::parse("2026-11-23T02:30:00Z").unwrap()
}

pub(crate) fn viewer() -> Viewer {
    Viewer {
        id: UserId(8),
        name: "Mara Demo".to_owned(),
        email: "mara@demo.example".to_owned(),
        is_admin: true,
    }
}

pub(crate) fn frame(theme: Theme, is_signed_in: bool) -> Frame {
    Frame {
        theme,
        path: "/sample".to_owned(),
        when: When::new(now(), None),
        viewer: is_signed_in.then(viewer),
        unread: 3,
    }
}

pub(crate) fn project() -> ProjectNav {
    ProjectNav {
        id: ProjectId(2),
        name: "Storefront (demo)".to_owned(),
        menu: projects(),
    }
}

pub(crate) fn projects() -> Vec<(ProjectId, String)> {
    ["Back office (demo)", "Storefront (demo)", "Mobile app (demo)"]
        .into_iter()
        .zip(1..)
        .map(|(name, id)| (ProjectId(id), name.to_owned()))
        .collect()
}

pub(crate) fn cards() -> Vec<Card> {
    let card = |id: i64, name: &str, note: &str, runs: i64, running: i64| Card {
        id: ProjectId(id),
        name: name.to_owned(),
        note: note.to_owned(),
        is_demo: true,
        runs,
        running,
        sources: runs / 40 + 1,
        created_at: now().plus(-id * 9 * DAY),
    };
    vec![
        card(1, "Back office (demo)", "Orders, stock and returns.", 318, 0),
        card(
            2,
            "Storefront (demo)",
            "The web shop: catalogue, basket, payment and accounts in twelve languages, with everything that a long note can hold before it has to be cut off at the second line.",
            8812,
            2,
        ),
        card(3, "Mobile app (demo)", "", 0, 0),
    ]
}

pub(crate) fn tally(passed: i64, failed: i64, skipped: i64) -> Tally {
    let mut tally = Tally::default();
    tally.add(Kind::Passed, passed);
    tally.add(Kind::Failed, failed);
    tally.add(Kind::Skipped, skipped);
    tally
}

pub(crate) fn run_rows(n: i64) -> Vec<RunRow> {
    (0..n)
        .map(|i| {
            let failed = [0, 3, 0, 0, 41, 0, 1083, 0][usize::try_from(i % 8).unwrap()];
            let state = match (i, failed) {
                (0, _) => Outcome::Running,
                (_, 0) => Outcome::Success,
                _ => Outcome::Failure,
            };
            RunRow {
                id: AutomationRunId(8812 - i),
                name: if i % 5 == 4 {
                    "Release 8.4 candidate, all browsers and the long name of a matrix job".to_owned()
                } else {
                    "Nightly".to_owned()
                },
                source: (
                    SourceId(i % 3 + 1),
                    ["Web shop end to end", "Checkout API contract", "Unit tests"]
                        [usize::try_from(i % 3).unwrap()]
                    .to_owned(),
                ),
                tags: if i % 4 == 1 {
                    vec!["main".to_owned(), "a91c4e7".to_owned()]
                } else {
                    Vec::new()
                },
                tally: tally(97_906 - i * 611 - failed, failed, 797),
                state,
                is_incomplete: i == 4,
                elapsed: Some(38 * MINUTE + i * 17 * SECOND),
                threads: 8 - i % 5,
                started_at: now().plus(-i * 5 * HOUR - 11 * MINUTE),
                by: Some((
                    UserId(8 + i % 4),
                    ["Mara Demo", "Jonas Demo", "Aiko Demo", "Sofia Demo"][usize::try_from(i % 4).unwrap()]
                        .to_owned(),
                )),
            }
        })
        .collect()
}

pub(crate) fn sources() -> Vec<Source> {
    run_rows(3)
        .into_iter()
        .map(|row| Source {
            id: row.source.0.0,
            name: row.source.1,
            state: if row.source.0.0 == 3 {
                Outcome::Neutral
            } else {
                Outcome::Failure
            },
            runs: 2291,
            tests: Some(98_702),
            elapsed: row.elapsed,
            ran_at: Some(row.started_at),
        })
        .collect()
}

pub(crate) fn side() -> Side {
    Side {
        viewer: viewer(),
        keys: 4,
        soon: Some(("Nightly CI".to_owned(), now().plus(11 * DAY + HOUR))),
    }
}

pub(crate) fn key_rows() -> Vec<KeyRow> {
    let row = |id: i64, name: &str, scope: Scope, used: Option<i64>, ends: Option<i64>| KeyRow {
        id: KeyId(id),
        name: name.to_owned(),
        last4: ["3kQ9", "t5Yk", "Zx7B", "9fTq"][usize::try_from(id % 4).unwrap()].to_owned(),
        scope,
        projects: (id == 2).then_some(2),
        addresses: (id == 2).then_some(1),
        created_at: now().plus(-200 * DAY),
        used_at: used.map(|micros| now().plus(-micros)),
        used_from: "10.4.0.17 · testmo CLI 1.4.5".to_owned(),
        expires_at: ends.map(|micros| now().plus(micros)),
    };
    vec![
        row(
            1,
            "Nightly CI",
            Scope::ResultsWrite,
            Some(4 * MINUTE),
            Some(11 * DAY + HOUR),
        ),
        row(2, "Report notebook", Scope::Read, Some(HOUR), Some(111 * DAY)),
        row(3, "Laptop scripts", Scope::Full, Some(6 * DAY), None),
        row(4, "Old exporter", Scope::Read, None, Some(-DAY)),
    ]
}

pub(crate) fn devices() -> Vec<Signed> {
    let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    let safari =
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1";
    let device = |id: i64, agent: &str, ip: &str, micros: i64| Signed {
        id: SessionId(id),
        agent: Some(agent.to_owned()),
        ip: Some(ip.to_owned()),
        since: now().plus(-micros - 3 * HOUR),
        seen_at: now().plus(-micros),
        is_this: id == 1,
    };
    vec![
        device(1, firefox, "10.4.0.31", 0),
        device(2, safari, "10.4.2.118", 22 * HOUR),
    ]
}
