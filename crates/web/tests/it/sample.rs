//! Labelled sample data for looking at pages: the gallery draws it, and tests check what is drawn.

use model::automation::{Artifact, Field, Link, Outcome};
use model::clock::{DAY, HOUR, MINUTE, SECOND};
use model::{KeyId, ProjectId, RunId, Scope, SessionId, SourceId, TestId, ThreadId, Timestamp, UserId};
use store::automation::test::Cursor;
use web::pages::devices::view::Signed;
use web::pages::keys::view::Row as KeyRow;
use web::pages::profile::side::Side;
use web::pages::projects::overview::Source;
use web::pages::projects::view::Card;
use web::pages::run::address::Place;
use web::pages::run::detail::{Detail, Past};
use web::pages::run::failures::{Failed, Failures, Group};
use web::pages::run::tests::{List, Row as TestRow};
use web::pages::run::threads::Thread;
use web::pages::run::view::Run;
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
                id: RunId(8812 - i),
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

fn field(kind: i64, name: &str, value: &str, is_highlight: bool) -> Field {
    Field {
        kind,
        name: name.to_owned(),
        value: Some(value.to_owned()),
        meta: None,
        is_highlight,
    }
}

fn artifact(name: &str, url: &str, size: i64) -> Artifact {
    Artifact {
        name: name.to_owned(),
        note: None,
        url: url.to_owned(),
        mime_type: Some("image/png".to_owned()),
        size: Some(size),
    }
}

pub(crate) fn run(state: Outcome) -> Run {
    let started_at = now().plus(-16 * MINUTE);
    let threads: Vec<Thread> = (1..=8)
        .map(|i| Thread {
            id: ThreadId(100 + i),
            position: i,
            state: if state == Outcome::Running && i > 6 {
                Outcome::Running
            } else {
                [Outcome::Success, Outcome::Failure][usize::from(i % 3 == 0)]
            },
            tally: tally(12_000 + i * 90, if i % 3 == 0 { 361 } else { 0 }, 99),
            elapsed: Some(9 * MINUTE + i * 41 * SECOND),
            started_at: started_at.plus(i * 9 * SECOND),
            until: started_at.plus(9 * MINUTE),
            fields: vec![field(1, "machine", &format!("linux-{i}"), false)],
            artifacts: if i == 1 {
                vec![artifact(
                    "trace.zip",
                    "https://ci.demo.example/trace.zip",
                    88_120_000,
                )]
            } else {
                Vec::new()
            },
        })
        .collect();
    Run {
        id: RunId(8812),
        name: "Nightly".to_owned(),
        source: (SourceId(1), "Web shop end to end".to_owned()),
        state,
        is_incomplete: false,
        tags: vec!["main".to_owned(), "a91c4e7".to_owned()],
        config: Some("Chrome".to_owned()),
        milestone: Some("Release 8.4".to_owned()),
        tally: tally(97_906, 1083, 1011),
        elapsed: Some(14 * MINUTE + 37 * SECOND),
        started_at,
        by: Some((UserId(8), "Mara Demo".to_owned())),
        completed_at: (state != Outcome::Running).then(|| now().plus(-MINUTE)),
        completed_by: Some("Mara Demo".to_owned()),
        appended_at: now().plus(-MINUTE),
        fields: vec![
            field(1, "branch", "main", false),
            field(5, "pipeline", "https://ci.demo.example/8812", false),
        ],
        artifacts: vec![
            artifact("report.html", "https://ci.demo.example/report.html", 212_000),
            artifact("odd", "javascript:alert(1)", 3),
        ],
        links: vec![Link {
            name: "Build 8812".to_owned(),
            note: None,
            url: "https://ci.demo.example/8812".to_owned(),
        }],
        threads,
    }
}

const NAMES: [&str; 6] = [
    "declined second factor keeps the basket",
    "saved card ending 3155 is charged once",
    "gift wrap is priced per parcel",
    "address verification mismatch is flagged for manual review before the order leaves the warehouse",
    "screen reader announces card validation errors in order",
    "payment retry after network loss does not charge twice",
];

pub(crate) fn test_rows(n: i64) -> Vec<TestRow> {
    (0..n)
        .map(|i| {
            let (kind, outcome) = match i {
                ..14 => (Kind::Failed, Outcome::Failure),
                14..20 => (Kind::Skipped, Outcome::Neutral),
                _ => (Kind::Passed, Outcome::Success),
            };
            TestRow {
                id: TestId(5_000_000 + i),
                name: NAMES[usize::try_from(i).unwrap() % NAMES.len()].to_owned(),
                folder: [
                    "checkout/payment/challenge.spec.ts",
                    "checkout/cart",
                    "accounts.sign_in.PasskeyTest",
                ][usize::try_from(i % 3).unwrap()]
                .to_owned(),
                kind,
                word: kind.word().to_owned(),
                outcome,
                thread: Some(i % 8 + 1),
                elapsed: Some(i * 731_000 + 4_000),
            }
        })
        .collect()
}

pub(crate) fn list() -> List {
    List {
        rows: test_rows(50),
        next: Some(Cursor {
            outcome: Outcome::Success,
            after: 5_000_049,
        }),
    }
}

pub(crate) fn place() -> Place {
    Place::start(RunId(8812))
}

pub(crate) fn failures() -> Failures {
    let group = |message: &str, n: i64| Group {
        message: message.to_owned(),
        kind: Some("TimeoutError".to_owned()),
        tests: test_rows(n)
            .into_iter()
            .map(|t| Failed {
                id: t.id,
                name: t.name,
                folder: t.folder,
                elapsed: t.elapsed,
            })
            .collect(),
    };
    Failures {
        groups: vec![
            group("TimeoutError: locator('#pay-now') still disabled after 30 s", 9),
            group(
                "AssertionError: expected order state \"in_review\", got \"confirmed\"",
                3,
            ),
            group("HttpError: POST /api/payments 502 Bad Gateway", 1),
        ],
        read: 100,
    }
}

pub(crate) fn detail() -> Detail {
    let mut failure = field(
        4,
        "Failure",
        "TimeoutError: locator('#pay-now') still disabled after 30 s\n  Expected: enabled\n  Received: disabled (aria-busy=\"true\")\n    at PaymentPage.pay (pages/payment.ts:84:11)\n    at challenge.spec.ts:131:5",
        true,
    );
    failure.meta = Some(
        [
            ("type".to_owned(), "TimeoutError".to_owned()),
            (
                "message".to_owned(),
                "locator('#pay-now') still disabled after 30 s".to_owned(),
            ),
        ]
        .into(),
    );
    let log: Vec<String> = (180..214)
        .map(|i| {
            format!(
                "02:26:{:02}.{i} POST /api/payments/prepare answered after {} ms",
                i % 60,
                i * 47
            )
        })
        .collect();
    Detail {
        id: TestId(5_000_000),
        name: NAMES[0].to_owned(),
        folder: "checkout/payment/challenge.spec.ts".to_owned(),
        file: Some("checkout/payment/challenge.spec.ts:118".to_owned()),
        key: "7c1e04ab7c1e04ab7c1e04ab7c1e04ab7c1e04ab7c1e04ab7c1e04ab7c1e04ab".to_owned(),
        kind: Kind::Failed,
        word: "Failed".to_owned(),
        outcome: Outcome::Failure,
        elapsed: Some(32_240_000),
        thread: Some(3),
        assertions: Some(4),
        at: now().plus(-7 * MINUTE),
        fields: vec![
            failure,
            field(
                3,
                "Steps",
                "<test-steps><test-step status=\"passed\">Choose the saved card ending 3155</test-step>\n<test-step status=\"failed\">Press <b>Pay now</b></test-step></test-steps>",
                false,
            ),
            field(4, "Output", &log.join("\n"), false),
            field(1, "browser", "Chrome 131", false),
            field(5, "trace", "https://ci.demo.example/trace/9", false),
        ],
        artifacts: vec![artifact(
            "payment-disabled.png",
            "https://ci.demo.example/p.png",
            212_000,
        )],
        history: (0..30)
            .map(|i| {
                let kind = if i == 0 || i == 16 {
                    Kind::Failed
                } else if i == 8 {
                    Kind::Skipped
                } else {
                    Kind::Passed
                };
                Past {
                    run: RunId(8812 - i),
                    id: TestId(5_000_000 - i * 90_000),
                    kind,
                    word: kind.word().to_owned(),
                    elapsed: Some(7_240_000),
                    at: now().plus(-i * DAY),
                }
            })
            .collect(),
    }
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
