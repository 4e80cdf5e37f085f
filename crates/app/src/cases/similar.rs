//! Cases that may say the same as one that is being written.

use super::VIEW;
use crate::{Actor, App, Result};
use model::{CaseId, ProjectId, text};
use store::access::Target;
use store::case::search::{self, Hit};

/// Most cases that are told of.
const TOLD: usize = 5;
/// Most cases whose names are compared.
const COMPARED: i64 = 200;
/// From which likeness on two names may say the same: the Sørensen–Dice coefficient of their pairs of letters, 0 to 1.
const ALIKE: f64 = 0.7;

/// The cases whose name is most like another one, the likest first; `except` is left out. Names with different numbers are
/// not alike, as they are about different values.
pub async fn similar(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    name: &str,
    except: Option<CaseId>,
) -> Result<Vec<Hit>> {
    let (actor, name, now) = (actor.clone(), name.to_owned(), app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::Project(project), VIEW, now)?;
        let near = search::near(tx, &proof, &name, COMPARED)?;
        let mut alike: Vec<(f64, Hit)> = near
            .into_iter()
            .filter(|hit| Some(hit.id) != except)
            .map(|hit| (likeness(&name, &hit.name), hit))
            .filter(|(likeness, _)| *likeness >= ALIKE)
            .collect();
        alike.sort_by(|(a, _), (b, _)| b.total_cmp(a));
        Ok(alike.into_iter().take(TOLD).map(|(_, hit)| hit).collect())
    })
    .await
}

fn likeness(a: &str, b: &str) -> f64 {
    let (a, b) = (text::folded(a), text::folded(b));
    if numbers(&a) == numbers(&b) {
        strsim::sorensen_dice(&a, &b)
    } else {
        0.0
    }
}

fn numbers(text: &str) -> Vec<&str> {
    let parts = text.split(|c: char| !c.is_ascii_digit());
    parts.filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_say_the_same_are_alike() {
        for (a, b, expected) in [
            ("Pay by credit card", "Pay with credit card", true),
            ("Pay by credit card", "PAY BY CRÉDIT CARD", true),
            ("Reset a forgotten password", "Reset forgoten password", true),
            ("Pay by credit card", "Refund a gift card", false),
            ("Page of 100 rows", "Page of 101 rows", false),
            ("Sign in", "Sign out of all devices", false),
        ] {
            assert_eq!(likeness(a, b) >= ALIKE, expected, "{a} / {b}: {}", likeness(a, b));
        }
    }
}
