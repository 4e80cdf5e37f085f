//! Threads of automation runs (contract §2.1).

use super::dto::ThreadIn;
use super::input::Input;
use crate::context::{Cx, Outcome, Reply, no_content};
use crate::envelope::Created;
use app::automation::threads;
use model::ThreadId;

fn created(id: &ThreadId) -> (u16, String) {
    (
        201,
        serde_json::to_string(&Created { id: id.0 }).unwrap_or_default(),
    )
}

/// Makes an open thread in an open run.
pub(crate) async fn create(cx: Cx) -> Outcome {
    let body: ThreadIn = cx.json()?;
    let mut input = Input::default();
    let new = input.thread(body);
    input.finish()?;
    let claim = cx.claim()?;
    Reply::once(
        threads::create(&cx.app, &cx.actor, cx.run()?, new, claim, created).await?,
        created,
    )
}

/// Completes a thread.
pub(crate) async fn complete(cx: Cx) -> Outcome {
    let body: ThreadIn = cx.json()?;
    let mut input = Input::default();
    let elapsed = input.elapsed(&body);
    input.finish()?;
    let claim = cx.claim()?;
    Reply::once(
        threads::complete(&cx.app, &cx.actor, cx.thread()?, elapsed, claim, no_content).await?,
        no_content,
    )
}
