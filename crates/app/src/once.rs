//! Work that is done once however often it is asked for (`Idempotency-Key`).

use crate::{App, Error, Result};
use model::Timestamp;
use store::Tx;
use store::idempotency::{self, Known};

pub use store::idempotency::Claim;

/// What a repeatable request is answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer<T> {
    /// The work was done now.
    Fresh(T),
    /// It was done before; status and body of that time.
    Known(u16, String),
}

/// A new key for a claim of ours, such as that of a form.
pub fn token(app: &App) -> String {
    format!("{:032x}", u128::from_ne_bytes(app.random_bytes()))
}

/// Begins the work under a claim. `Err` of the inner result is the answer that was given before.
pub(crate) fn begin(
    tx: &mut Tx<'_>,
    claim: Option<&Claim>,
    now: Timestamp,
) -> Result<Result<i64, (u16, String)>> {
    let Some(claim) = claim else { return Ok(Ok(0)) };
    tx.lock(claim_lock(claim))?;
    match idempotency::take(tx, claim, now)? {
        Known::Fresh => Ok(Ok(0)),
        Known::Begun(done) => Ok(Ok(done)),
        Known::Done(status, body) => Ok(Err((status, body))),
        Known::Other => Err(Error::field(
            "Idempotency-Key",
            "This Idempotency-Key was used for another request. Use a new one for each request.",
        )),
    }
}

/// Two requests with one key at once take their turn on PostgreSQL.
fn claim_lock(claim: &Claim) -> i64 {
    use std::hash::{Hash as _, Hasher as _};
    let mut hasher = std::hash::DefaultHasher::new();
    (claim.user, &claim.key).hash(&mut hasher);
    (hasher.finish() >> 2).cast_signed() | 1 << 61
}

impl App {
    /// Does `work` in one transaction with its claim; `render` makes the answer that a repeated request gets.
    pub(crate) async fn write_once<T, F>(
        &self,
        claim: Option<Claim>,
        render: fn(&T) -> (u16, String),
        work: F,
    ) -> Result<Answer<T>>
    where
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let now = self.now();
        self.write(move |tx| {
            if let Err((status, body)) = begin(tx, claim.as_ref(), now)? {
                return Ok(Answer::Known(status, body));
            }
            let made = work(tx)?;
            if let Some(claim) = &claim {
                let (status, body) = render(&made);
                idempotency::finish(tx, claim, status, &body)?;
            }
            Ok(Answer::Fresh(made))
        })
        .await
    }
}
