//! Links between cases and automated tests (contract §9).

use crate::context::{Cx, Outcome, Reply, no_content};
use crate::wire::{Whole, objects};
use app::cases::{Pair, link};
use model::{AutomationCaseId, CaseId};
use serde::Deserialize;

#[derive(Deserialize)]
struct PairIn {
    #[serde(default)]
    case_id: Option<Whole>,
    #[serde(default)]
    automation_case_id: Option<Whole>,
}

#[derive(Deserialize)]
struct LinksIn {
    #[serde(default, deserialize_with = "objects")]
    links: Vec<PairIn>,
}

/// What is not given is 0, which is nobody's id.
fn pair(p: &PairIn) -> Pair {
    Pair {
        case_id: CaseId(p.case_id.map_or(0, |id| id.0)),
        automation_case_id: AutomationCaseId(p.automation_case_id.map_or(0, |id| id.0)),
    }
}

/// Links one case to one automated test.
pub(crate) async fn one(cx: Cx) -> Outcome {
    let (sent, claim) = (cx.json::<PairIn>()?, cx.claim()?);
    let pairs = vec![pair(&sent)];
    let done = link(&cx.app, &cx.actor, cx.project()?, pairs, None, claim, no_content).await?;
    Reply::once(done, no_content)
}

/// Links many, all or none.
pub(crate) async fn many(cx: Cx) -> Outcome {
    let (sent, claim) = (cx.json::<LinksIn>()?, cx.claim()?);
    let pairs = sent.links.iter().map(pair).collect();
    let project = cx.project()?;
    let done = link(
        &cx.app,
        &cx.actor,
        project,
        pairs,
        Some("links"),
        claim,
        no_content,
    )
    .await?;
    Reply::once(done, no_content)
}
