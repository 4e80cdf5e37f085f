//! One automation run.

use super::{now, tally};
use app::automation::retention::Kept;
use model::automation::{Artifact, Field, Link, Outcome};
use model::clock::{DAY, MINUTE, SECOND};
use model::retention::{FACTORY, Removal};
use model::{AutomationRunId, AutomationTestId, SourceId, ThreadId, UserId};
use store::automation::retention::Stays;
use store::automation::test::Cursor;
use web::pages::run::address::Place;
use web::pages::run::detail::{Detail, Past};
use web::pages::run::failures::{Failed, Failures, Group};
use web::pages::run::tests::{List, Row as TestRow};
use web::pages::run::threads::Thread;
use web::pages::run::view::Run;
use web::ui::status::Kind;

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

fn kept() -> Kept {
    Kept {
        is_pinned: false,
        removal: Removal::Nothing,
        stays: Stays {
            removed_at: None,
            has_open_milestone: false,
            is_among_newest: true,
        },
        rule: FACTORY,
        may_pin: true,
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
            part: None,
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
        id: AutomationRunId(8812),
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
        kept: kept(),
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
                id: AutomationTestId(5_000_000 + i),
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
    Place::start(AutomationRunId(8812))
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
        id: AutomationTestId(5_000_000),
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
                    run: AutomationRunId(8812 - i),
                    id: AutomationTestId(5_000_000 - i * 90_000),
                    kind,
                    word: kind.word().to_owned(),
                    elapsed: Some(7_240_000),
                    at: now().plus(-i * DAY),
                }
            })
            .collect(),
    }
}
