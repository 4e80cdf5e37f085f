//! Telling people what happens to their tests and runs.

use super::VIEW;
use crate::Result;
use crate::notifications::notify;
use model::{NoticeKind, TestId, Timestamp, UserId};
use std::collections::BTreeMap;
use store::Tx;
use store::access::Proof;
use store::notification::{About, Notice};
use store::run::Run;

/// Somebody got tests of a run: how many, and which one if it is one.
pub(super) fn assigned(
    tx: &mut Tx<'_>,
    run: &Run,
    to: UserId,
    (count, test): (i64, Option<TestId>),
    proof: &Proof,
    now: Timestamp,
) -> Result<()> {
    if count == 0 {
        return Ok(());
    }
    let notice = Notice {
        part: test.map(|t| t.0),
        count,
        ..about(run, NoticeKind::Assigned, proof)
    };
    notify(tx, Some(proof.user()), &[to], &notice, now)
}

/// Tests with who had them before and who has them now: one notification for each who got some.
pub(super) fn given(
    tx: &mut Tx<'_>,
    run: &Run,
    tests: impl IntoIterator<Item = (TestId, Option<UserId>, Option<UserId>)>,
    proof: &Proof,
    now: Timestamp,
) -> Result<()> {
    let mut by_person: BTreeMap<UserId, Vec<TestId>> = BTreeMap::new();
    for (test, before, after) in tests {
        if let Some(after) = after.filter(|_| after != before) {
            by_person.entry(after).or_default().push(test);
        }
    }
    for (to, tests) in by_person {
        let count = i64::try_from(tests.len()).unwrap_or(i64::MAX);
        let one = tests.first().copied().filter(|_| count == 1);
        assigned(tx, run, to, (count, one), proof, now)?;
    }
    Ok(())
}

/// Who made a run learns that it was closed.
pub(super) fn closed(tx: &mut Tx<'_>, run: &Run, proof: &Proof, now: Timestamp) -> Result<()> {
    let to: Vec<UserId> = run.created_by.into_iter().collect();
    notify(
        tx,
        Some(proof.user()),
        &to,
        &about(run, NoticeKind::RunClosed, proof),
        now,
    )
}

fn about<'a>(run: &'a Run, kind: NoticeKind, proof: &Proof) -> Notice<'a> {
    Notice {
        kind,
        place: Some((proof.project(), VIEW)),
        about: About::Run(run.id.0),
        part: None,
        count: 1,
        title: &run.values.name,
    }
}
