//! Role x action: which role may do what, and what only one may do.

use std::collections::BTreeSet;

use crate::case::{Datum, Polarity};
use crate::requirement::{Criterion, Form, Requirement};
use crate::say::{capital, english, fill, sentence as whole, short};
use crate::technique::draft::with_data;
use crate::technique::{Draft, Plan, Technique, sentence};

/// The roles that the stories of a document name.
fn roles(plan: &Plan<'_>) -> BTreeSet<String> {
    plan.document
        .requirements
        .iter()
        .filter_map(|requirement| requirement.story.as_ref())
        .map(|story| story.role.text.to_lowercase())
        .filter(|role| !role.is_empty())
        .collect()
}

/// The cell of a story's role and wish, if the document has several roles.
pub(super) fn allowed(
    plan: &mut Plan<'_>,
    requirement: &Requirement,
    criterion: &Criterion,
) -> Option<String> {
    let story = requirement
        .story
        .as_ref()
        .filter(|_| matches!(criterion.form, Form::Wish))?;
    if !plan.wants(Technique::RoleAction) || roles(plan).len() < 2 {
        return None;
    }
    let values = [
        ("role", story.role.text.as_str()),
        ("action", criterion.text.as_str()),
    ];
    let text = fill(&plan.phrases.role, &values);
    plan.item(Technique::RoleAction, &criterion.id, "may", text, story.role.span)
}

/// Words for "only", and what a role that may not is called.
const ONLY: [(&str, &[&str]); 5] = [
    ("en", &["only "]),
    ("de", &["nur ", "ausschließlich "]),
    ("fr", &["seul ", "seule ", "seuls ", "seules "]),
    ("nl", &["alleen ", "uitsluitend "]),
    ("es", &["solo ", "sólo ", "únicamente "]),
];

/// What only one role may do is refused to the others of the document.
pub(super) fn plan(plan: &mut Plan<'_>) {
    let document = plan.document;
    let language = document.language.as_deref().unwrap_or("en");
    let Some((_, only)) = ONLY.iter().find(|(key, _)| *key == language) else {
        return;
    };
    let others = roles(plan);
    for requirement in &document.requirements {
        for criterion in &requirement.criteria {
            let Form::Ears(ears) = &criterion.form else {
                continue;
            };
            let actor = ears.actor.text.to_lowercase();
            let Some(role) = only.iter().find_map(|word| actor.strip_prefix(word)) else {
                continue;
            };
            let is = |other: &String| role.contains(other.as_str()) || other.contains(role);
            for other in others.iter().filter(|other| !is(other)) {
                forbidden(plan, requirement, criterion, other, &ears.response.text);
            }
        }
    }
}

fn forbidden(
    plan: &mut Plan<'_>,
    requirement: &Requirement,
    criterion: &Criterion,
    role: &str,
    action: &str,
) {
    let action = action.trim_end_matches('.');
    let text = fill(
        &plan.phrases.absent,
        &[("response", &format!("{role}: {action}"))],
    );
    let key = format!("not-{}", role.replace(' ', "-"));
    let Some(item) = plan.item(Technique::RoleAction, &criterion.id, &key, text, criterion.span) else {
        return;
    };
    let who = if plan.is_english() {
        english::article(role)
    } else {
        role.to_owned()
    };
    let want = if plan.is_english() {
        format!("try to {action}")
    } else {
        action.to_owned()
    };
    let headline = if plan.is_english() {
        format!("{who} cannot {action}")
    } else {
        fill(
            &plan.phrases.absent,
            &[("response", &format!("{role}: {action}"))],
        )
    };
    let step =
        fill(&plan.phrases.as_role, &[("role", &who), ("want", &want)]).replacen(": try to", ", try to", 1);
    let risk = plan.risk(criterion) + 1;
    plan.propose(Draft {
        technique: Technique::RoleAction,
        items: vec![item],
        requirement: requirement.id.clone(),
        criteria: vec![criterion.id.clone()],
        polarity: Polarity::Negative,
        risk,
        title: sentence::title(requirement, &short(&headline, sentence::MAX_TITLE)),
        preconditions: Vec::new(),
        steps: vec![with_data(
            whole(&step),
            vec![Datum::new("role", role)],
            vec![whole(&capital(&fill(
                &plan.phrases.absent,
                &[("response", action)],
            )))],
        )],
        spans: vec![criterion.span],
    });
}
