//! A queued write, its types erased.

use crate::db::admission::Permit;
use crate::db::tx::Tx;
use crate::db::{Error, Reply, Result, attempt};
use tokio::sync::oneshot;
use tracing::Span;

/// A write in the queue of the writer.
pub(super) trait Job: Send {
    /// Whether nobody waits for it any more.
    fn is_abandoned(&self) -> bool;
    /// Runs the closure and keeps its result. `true`: keep what it did, `false`: roll it back.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;
    /// Answers with the kept result, or with `instead`.
    fn finish(self: Box<Self>, instead: Option<Error>);
}

/// The closure of a write with its way back.
pub(super) struct Write<T, E, F> {
    f: F,
    span: Span,
    result: Option<Reply<T, E>>,
    permit: Permit,
    reply: oneshot::Sender<Reply<T, E>>,
}

impl<T, E, F> Write<T, E, F> {
    /// `permit` is given back when the write is answered.
    pub(super) fn new(f: F, permit: Permit, reply: oneshot::Sender<Reply<T, E>>) -> Self {
        Write {
            f,
            span: Span::current(),
            result: None,
            permit,
            reply,
        }
    }
}

impl<T, E, F> Job for Write<T, E, F>
where
    F: Fn(&mut Tx<'_>) -> Result<T, E> + Send,
    T: Send,
    E: From<Error> + Send,
{
    fn is_abandoned(&self) -> bool {
        self.reply.is_closed()
    }

    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        let reply = self.span.in_scope(|| attempt(tx, &self.f));
        let keep = matches!(reply, Ok(Ok(_)));
        self.result = Some(reply);
        keep
    }

    fn finish(self: Box<Self>, instead: Option<Error>) {
        let Write {
            result,
            permit,
            reply,
            ..
        } = *self;
        drop(permit);
        let answer = match (instead, result) {
            (None, Some(kept)) => kept,
            (instead, _) => Ok(Err(instead.unwrap_or(Error::Closed).into())),
        };
        // Nobody waits any more: fine.
        let _ = reply.send(answer);
    }
}
