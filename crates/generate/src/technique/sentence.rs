//! Sentences of the source as parts of a case.

mod step;

use crate::requirement::{Clause, ClauseKind, Criterion, Ears, Form, Requirement, fold};
use crate::say::{capital, english, fill, sentence, short};
use crate::technique::{Plan, wish};
use crate::words;

use step::without_event;
pub(super) use step::{acted, is_state, trigger};

/// Characters of a title at most.
pub(super) const MAX_TITLE: usize = 150;

/// What a criterion says, as a case says it.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    pub(super) preconditions: Vec<String>,
    pub(super) action: String,
    pub(super) expected: Vec<String>,
    /// Condition and outcome, without what the requirement is about.
    pub(super) headline: String,
    /// The conditions alone, as they are put in front of an outcome.
    pub(super) lead: String,
}

/// The words of a criterion as a case; `None` for what is no sentence.
pub(super) fn told(plan: &Plan<'_>, requirement: &Requirement, criterion: &Criterion) -> Option<Told> {
    match &criterion.form {
        Form::Ears(ears) => Some(of_ears(plan, requirement, criterion, ears)),
        Form::Wish => Some(wish::of_wish(plan, requirement, criterion)),
        Form::Statement => Some(of_statement(plan, criterion)),
        _ => None,
    }
}

/// The title of a case: what the requirement is called, if the headline does not say it, and the headline.
pub(super) fn title(requirement: &Requirement, headline: &str) -> String {
    let about = requirement.title.trim_end_matches(['.', ':', '…']);
    let folded = fold(headline).to_lowercase();
    let own = requirement.story.is_none() || !requirement.text.to_lowercase().contains(&about.to_lowercase());
    let said = about.is_empty() || folded.contains(&about.to_lowercase()) || repeats(requirement);
    let headline = headline.trim().trim_end_matches('.');
    if said || !own {
        return short(&capital(headline), MAX_TITLE);
    }
    let room = MAX_TITLE.saturating_sub(headline.chars().count() + 2).max(24);
    short(
        &format!("{}: {headline}", short(&capital(about), room)),
        MAX_TITLE + 30,
    )
}

/// A response without the condition that stands behind it, and without its full stop.
pub(super) fn core(ears: &Ears) -> String {
    let mut text = ears.response.text.as_str();
    for clause in &ears.clauses {
        let condition = clause.condition.text.trim_end_matches(['.', ',']);
        let at = text.find(condition).filter(|at| *at > 0 && condition.len() > 8);
        let front = at.and_then(|at| text.get(..at)).map(str::trim_end);
        // The keyword in front of the condition goes too.
        if let Some((kept, _)) = front.and_then(|front| front.rsplit_once(' ')) {
            text = kept;
        }
    }
    text.trim_end_matches(['.', ':', ';', ',', ' ']).to_owned()
}

/// Condition and outcome in one line. The outcome is what a title must say, so a long condition is cut first.
pub(super) fn headline(lead: &str, outcome: &str) -> String {
    if lead.is_empty() {
        return outcome.to_owned();
    }
    let outcome = short(&lower(outcome), 80);
    let room = MAX_TITLE.saturating_sub(outcome.chars().count() + 42).max(30);
    format!("{}, {outcome}", short(lead, room))
}

/// Whether a requirement has no name of its own: its title is its first sentence.
fn repeats(requirement: &Requirement) -> bool {
    let title = requirement.title.trim_end_matches(['…', '.']).to_lowercase();
    requirement
        .criteria
        .iter()
        .any(|criterion| criterion.text.to_lowercase().starts_with(&title))
}

/// Lower case at the front, unless the word is a name.
pub(super) fn lower(text: &str) -> String {
    let first: String = text.chars().take_while(|c| c.is_alphabetic()).collect();
    let plain = matches!(
        first.as_str(),
        "The"
            | "A"
            | "An"
            | "Each"
            | "Every"
            | "All"
            | "No"
            | "Any"
            | "Only"
            | "It"
            | "This"
            | "These"
            | "In"
            | "On"
    );
    if plain {
        let mut chars = text.chars();
        return chars
            .next()
            .map_or_else(String::new, |c| c.to_lowercase().chain(chars).collect());
    }
    text.to_owned()
}

/// The keyword in front of a condition, as the source writes it, in lower case.
pub(super) fn keyword(plan: &Plan<'_>, clause: &Clause) -> String {
    let before = plan
        .document
        .text
        .get(..clause.condition.span.start)
        .unwrap_or_default();
    let before = fold(
        &before
            .chars()
            .rev()
            .take(24)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect::<String>(),
    );
    let before = before.to_lowercase();
    let lists = [
        &plan.words.event,
        &plan.words.state,
        &plan.words.option,
        &plan.words.unwanted,
    ];
    let found = lists
        .into_iter()
        .flatten()
        .filter(|word| {
            before
                .trim_end_matches(['*', '_', ':', ' '])
                .ends_with(word.as_str())
        })
        .max_by_key(|word| word.len());
    if let Some(word) = found {
        return word.clone();
    }
    let list = match clause.kind {
        ClauseKind::Event => &plan.words.event,
        ClauseKind::State => &plan.words.state,
        ClauseKind::Option => &plan.words.option,
        ClauseKind::Unwanted => &plan.words.unwanted,
    };
    list.first().cloned().unwrap_or_default()
}

fn of_ears(plan: &Plan<'_>, requirement: &Requirement, criterion: &Criterion, ears: &Ears) -> Told {
    let mut told = Told::default();
    let actor = lower(&ears.actor.text);
    let mut leads = Vec::new();
    for clause in &ears.clauses {
        let condition = lower(clause.condition.text.trim_end_matches([',', '.']));
        leads.push(format!("{} {condition}", keyword(plan, clause)));
        if clause.kind != ClauseKind::Event {
            told.preconditions
                .push(sentence(&fill(&plan.phrases.holds, &[("condition", &condition)])));
        }
    }
    told.lead = leads.join(", ");
    let event = ears
        .clauses
        .iter()
        .find(|clause| clause.kind == ClauseKind::Event);
    let before = event
        .filter(|_| plan.is_english())
        .and_then(|event| going_on(&event.condition.text));
    told.preconditions.extend(before);
    told.action = match event {
        Some(event) => trigger(plan, requirement, criterion, &event.condition.text, &actor),
        None => without_event(plan, criterion, ears, &actor, &mut told.preconditions),
    };
    told.expected = outcome(plan, criterion, ears);
    told.headline = if plan.is_english() {
        let response = core(ears);
        let effects = effects(plan, &response);
        let response = match effects.first() {
            Some(first) if effects.len() > 1 && !criterion.negative => first.as_str(),
            _ => response.as_str(),
        };
        let acts = effect(plan, criterion, &ears.actor.text, response);
        headline(&told.lead, &acts)
    } else {
        criterion.text.clone()
    };
    told
}

/// What goes on before it stops: of "the player stops moving", that the player is moving.
fn going_on(condition: &str) -> Option<String> {
    let (who, what) = condition
        .split_once(" stops ")
        .or_else(|| condition.split_once(" stop "))?;
    let gerund = what
        .split(' ')
        .next()
        .is_some_and(|word| word.len() > 4 && word.ends_with("ing"));
    let are = if english::is_plural(who) { "are" } else { "is" };
    gerund.then(|| {
        sentence(&format!(
            "{} {are} {}",
            lower(who),
            what.trim_end_matches([',', '.'])
        ))
    })
}

/// What the actor does or does not do, as a clause.
pub(super) fn effect(plan: &Plan<'_>, criterion: &Criterion, actor: &str, response: &str) -> String {
    let response = response.trim_end_matches(['.', ':', ';']);
    let does = if criterion.negative {
        english::deny(actor, response.strip_prefix("not ").unwrap_or(response))
    } else {
        english::present(actor, response, plan.words)
    };
    format!("{} {does}", lower(actor))
}

/// What is seen: one sentence for each effect, and the points of a list.
fn outcome(plan: &Plan<'_>, criterion: &Criterion, ears: &Ears) -> Vec<String> {
    let listed = !criterion.items.is_empty();
    let mut expected: Vec<String> = if plan.is_english() {
        let parts = if criterion.negative {
            vec![core(ears)]
        } else {
            effects(plan, &core(ears))
        };
        let say = |part: &String| match ensured(part).filter(|_| !criterion.negative) {
            Some(state) => sentence(&state),
            None => sentence(&effect(plan, criterion, &ears.actor.text, part)),
        };
        parts.iter().map(say).collect()
    } else if criterion.negative {
        vec![sentence(&criterion.text)]
    } else {
        let values = [
            ("actor", ears.actor.text.as_str()),
            ("response", ears.response.text.as_str()),
        ];
        vec![sentence(&fill(&plan.phrases.happens, &values))]
    };
    if listed {
        if let Some(last) = expected.last_mut() {
            *last = format!("{}:", last.trim_end_matches('.'));
        }
        let items = criterion.items.iter().map(|item| item.text.trim().to_owned());
        expected.extend(items);
    }
    expected
}

/// What is so when a response has made sure of it: nobody sees that something "ensures".
pub(super) fn ensured(response: &str) -> Option<String> {
    let rest = ["ensure ", "guarantee ", "make sure "]
        .iter()
        .find_map(|verb| response.strip_prefix(verb))?;
    let state = rest.strip_prefix("that ").unwrap_or(rest);
    let tells = rest.len() > state.len()
        || state.starts_with("they ")
        || state.contains(" remain ")
        || is_state(state);
    tells.then(|| capital(state))
}

/// The effects of a response: "reject it, count it and tell it" are three.
pub(super) fn effects(plan: &Plan<'_>, response: &str) -> Vec<String> {
    let verbs = &plan.words.action_verbs;
    if words::starts(response, verbs).is_none() {
        return vec![response.to_owned()];
    }
    let mut parts = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while let Some(found) = next_joint(response, at) {
        let rest = response.get(found.1..).unwrap_or_default();
        let front = response.get(start..found.0).unwrap_or_default().trim();
        // "create and start applications": the first verb has no object of its own. "Exception and Reset Log" is a
        // name.
        let is_name = rest.starts_with(char::is_uppercase);
        if !is_name && words::starts(rest, verbs).is_some() && front.contains(' ') {
            parts.push(response.get(start..found.0).unwrap_or_default().trim().to_owned());
            start = found.1;
        }
        at = found.1;
    }
    parts.push(response.get(start..).unwrap_or_default().trim().to_owned());
    parts
}

/// The next place where a list goes on: end of what is before it, start of what is behind it.
fn next_joint(text: &str, from: usize) -> Option<(usize, usize)> {
    let rest = text.get(from..)?;
    [", and ", " and ", ", "]
        .iter()
        .filter_map(|joint| rest.find(joint).map(|at| (from + at, from + at + joint.len())))
        .min_by_key(|(start, end)| (*start, usize::MAX - *end))
}

fn of_statement(plan: &Plan<'_>, criterion: &Criterion) -> Told {
    let text = criterion.text.trim_end_matches(':');
    let mut expected = vec![sentence(text)];
    expected.extend(criterion.items.iter().map(|item| item.text.trim().to_owned()));
    let action = if plan.is_english() {
        acted(text).unwrap_or_else(|| fill(&plan.phrases.perform, &[("text", &sentence(text))]))
    } else {
        fill(&plan.phrases.perform, &[("text", &sentence(text))])
    };
    Told {
        action,
        expected,
        headline: text.to_owned(),
        ..Told::default()
    }
}
