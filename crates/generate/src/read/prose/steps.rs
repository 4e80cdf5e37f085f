//! Given, when, then in running text.

use crate::read::text::Text;
use crate::requirement::{Criterion, Form, Scenario, Step, StepRole, fold};
use crate::span::Source;
use crate::words::{self, Words};

/// The role that a text's first word gives it, and where the step's own text starts; `None` for "and".
pub(super) fn role(text: &str, words: &Words) -> Option<(Option<StepRole>, usize)> {
    let lists = [
        (Some(StepRole::Given), &words.given),
        (Some(StepRole::When), &words.when),
        (Some(StepRole::Then), &words.then),
        (None, &words.and),
    ];
    let found = lists
        .into_iter()
        .filter_map(|(role, list)| Some((role, words::starts(text, list)?)));
    let (role, length) = found.reduce(|best, next| if next.1 > best.1 { next } else { best })?;
    let rest = text.get(length..)?;
    let own = rest.trim_start_matches([':', ',', ' ', '\t']);
    Some((role, text.len() - own.len()))
}

/// Whether a text is a scenario in one sentence: "Given …, when …, then …".
pub(super) fn inline(text: &str, words: &Words) -> bool {
    let Some((Some(first), _)) = role(text, words) else {
        return false;
    };
    if first == StepRole::Then {
        return false;
    }
    let then = words::find(text, &words.then).is_some_and(|found| found.start > 0);
    let when = first == StepRole::When || words::find(text, &words.when).is_some_and(|found| found.start > 0);
    then && when
}

/// Splits a sentence into its steps.
pub(super) fn split(text: &Text, words: &Words) -> Vec<Text> {
    let whole = text.as_str();
    let mut cuts = vec![0];
    for at in words::words(whole) {
        let Some(rest) = whole.get(at..) else { continue };
        let before = whole.get(..at).unwrap_or_default().trim_end();
        let open = before.ends_with([',', ';', '.', '\n']) || before.len() < at && before.is_empty();
        let named = words::starts(rest, &words.when).is_some() || words::starts(rest, &words.then).is_some();
        let joined = words::starts(rest, &words.and).is_some_and(|and| {
            let behind = rest.get(and..).unwrap_or_default().trim_start();
            words::starts(behind, &words.then).is_some() || words::starts(behind, &words.when).is_some()
        });
        let again = cuts.last().is_some_and(|last| {
            let between = whole.get(*last..at).unwrap_or_default().trim();
            words::is(between, &words.and)
        });
        if at > 0
            && (named || joined)
            && !again
            && (open || words::starts(rest, &words.then).is_some() || joined)
        {
            cuts.push(at);
        }
    }
    let ends = cuts.iter().skip(1).copied().chain([whole.len()]);
    cuts.iter()
        .zip(ends)
        .map(|(start, end)| text.slice(*start..end))
        .filter(|part| !part.is_blank())
        .collect()
}

/// Adds a step to a scenario. A text without keyword goes on with the step before.
pub(super) fn add(criterion: &mut Criterion, text: &Text, words: &Words, source: &Source<'_>) {
    let span = text.span(source);
    criterion.span = if criterion.text.is_empty() && criterion.title.is_empty() {
        span
    } else {
        criterion.span.to(span)
    };
    let Form::Scenario(scenario) = &mut criterion.form else {
        return;
    };
    let last = scenario.steps.last().map_or(StepRole::Other, |step| step.role);
    let found = role(text.as_str(), words);
    let (role, start) = match found {
        Some((Some(role), start)) => (role, start),
        Some((None, start)) => {
            // "And then …" names the role behind the conjunction.
            let rest = text.as_str().get(start..).unwrap_or_default();
            match self::role(rest, words) {
                Some((Some(role), more)) => (role, start + more),
                _ => (last, start),
            }
        }
        None => (last, 0),
    };
    let own = text.from(start);
    let shown = own.as_str().trim_end_matches([',', ';', ' ']).len();
    let own = own.slice(0..shown);
    if own.is_blank() {
        return;
    }
    let step = fold(own.as_str());
    if !criterion.text.is_empty() {
        criterion.text.push_str("; ");
    }
    criterion.text.push_str(&step);
    scenario.steps.push(Step {
        role,
        text: step,
        span: own.span(source),
        table: Vec::new(),
        block: None,
    });
}

/// Adds a point of a list below a step.
pub(super) fn detail(criterion: &mut Criterion, text: &Text, source: &Source<'_>) {
    criterion.span = criterion.span.to(text.span(source));
    criterion.items.push(text.phrase(source));
}

/// A scenario without steps yet.
pub(super) fn open(title: Option<&Text>, source: &Source<'_>) -> Criterion {
    Criterion {
        title: title.map(|title| fold(title.as_str())).unwrap_or_default(),
        span: title.map(|title| title.span(source)).unwrap_or_default(),
        form: Form::Scenario(Scenario::default()),
        ..Criterion::default()
    }
}

/// Whether a scenario has a step of a role.
pub(super) fn has(criterion: &Criterion, role: StepRole) -> bool {
    matches!(&criterion.form, Form::Scenario(scenario) if scenario.steps.iter().any(|step| step.role == role))
}
