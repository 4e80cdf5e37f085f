//! Findings between two sentences: the same words twice, and demands that can't both hold.

use std::collections::HashMap;

use super::{Finding, FindingKind, question};
use crate::document::Document;
use crate::requirement::{Criterion, Ears, Form, Requirement};
use crate::table::{DecisionTable, Table};
use crate::words::{self, Words};

/// Sentences with the same words that are compared with each other at most.
const MAX_GROUP: usize = 50;

/// A sentence reduced to what it says.
struct Said<'a> {
    requirement: &'a Requirement,
    criterion: &'a Criterion,
    /// The whole without numbers, negations and modal verbs.
    frame: String,
    numbers: Vec<String>,
    negative: bool,
}

/// Compares all sentences, and the rules of decision tables.
pub(super) fn check(document: &Document, words: Option<&Words>, findings: &mut Vec<Finding>) {
    let said: Vec<Said<'_>> = document
        .requirements
        .iter()
        .flat_map(|requirement| {
            requirement
                .criteria
                .iter()
                .map(move |criterion| (requirement, criterion))
        })
        .filter(|(_, criterion)| matches!(criterion.form, Form::Ears(_) | Form::Statement | Form::Wish))
        .map(|(requirement, criterion)| said(requirement, criterion, words))
        .collect();
    let mut groups: HashMap<&str, Vec<&Said<'_>>> = HashMap::new();
    for sentence in &said {
        groups.entry(sentence.frame.as_str()).or_default().push(sentence);
    }
    for group in groups.values().filter(|group| group.len() > 1) {
        for (index, second) in group.iter().enumerate().take(MAX_GROUP) {
            for first in group.iter().take(index) {
                if let Some(kind) = compare(first, second) {
                    findings.push(finding(document, kind, first, second, words));
                    break;
                }
            }
        }
    }
    for table in &document.tables {
        if let Table::Decision(table) = table {
            rules(document, table, words, findings);
        }
    }
}

fn said<'a>(requirement: &'a Requirement, criterion: &'a Criterion, words: Option<&Words>) -> Said<'a> {
    let whole = match &criterion.form {
        Form::Ears(ears) => ears_text(ears),
        // The wish of another role is another wish.
        Form::Wish => {
            let role = requirement
                .story
                .as_ref()
                .map(|story| story.role.text.as_str())
                .unwrap_or_default();
            format!("{role} | {}", criterion.text)
        }
        _ => criterion.text.clone(),
    };
    let mut numbers = Vec::new();
    let mut frame = String::new();
    for word in
        whole.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '"' | '(' | ')' | '!' | '?'))
    {
        let word = word.trim_end_matches('.').to_lowercase();
        let number = word.starts_with(|c: char| c.is_ascii_digit());
        let negation = words.is_some_and(|table| words::is(&word, &table.negations));
        if number {
            numbers.push(word);
            frame.push_str("0 ");
        } else if !word.is_empty() && !negation {
            frame.push_str(&word);
            frame.push(' ');
        }
    }
    for item in &criterion.items {
        frame.push_str(&item.text.to_lowercase());
        frame.push(' ');
    }
    let negated = matches!(&criterion.form, Form::Ears(_)) && criterion.negative;
    Said {
        requirement,
        criterion,
        frame,
        numbers,
        negative: negated,
    }
}

/// Conditions, actor and response, without the modal verb.
fn ears_text(ears: &Ears) -> String {
    let mut text = String::new();
    for clause in &ears.clauses {
        text.push_str(&clause.condition.text);
        text.push_str(" | ");
    }
    text.push_str(&ears.actor.text);
    text.push_str(" | ");
    text.push_str(&ears.response.text);
    text
}

/// The same sentence once demanded and once forbidden, or with other numbers, can't both hold.
fn compare(first: &Said<'_>, second: &Said<'_>) -> Option<FindingKind> {
    let wish = first.criterion.form == Form::Wish;
    if first.negative != second.negative {
        return (first.numbers == second.numbers).then_some(FindingKind::Contradiction);
    }
    if first.numbers == second.numbers {
        return Some(FindingKind::Duplicate);
    }
    // Other numbers in the condition are another case; in the response they contradict.
    let condition = |said: &Said<'_>| match &said.criterion.form {
        Form::Ears(ears) => ears
            .clauses
            .iter()
            .map(|clause| clause.condition.text.to_lowercase())
            .collect::<Vec<_>>(),
        _ => Vec::new(),
    };
    (!wish && condition(first) == condition(second)).then_some(FindingKind::Contradiction)
}

fn finding(
    document: &Document,
    kind: FindingKind,
    first: &Said<'_>,
    second: &Said<'_>,
    words: Option<&Words>,
) -> Finding {
    let quote = crate::requirement::fold(
        document
            .text
            .get(second.criterion.span.range())
            .unwrap_or_default(),
    );
    Finding {
        kind,
        requirement: second.requirement.id.clone(),
        criterion: Some(second.criterion.id.clone()),
        span: second.criterion.span,
        question: question::question(kind, &first.criterion.text, words),
        quote,
        other: Some(first.criterion.span),
    }
}

/// Two rules whose conditions can hold at once and whose actions differ.
fn rules(document: &Document, table: &DecisionTable, words: Option<&Words>, findings: &mut Vec<Finding>) {
    let text = |cell: &Option<crate::Phrase>| cell.as_ref().map(|cell| cell.text.to_lowercase());
    for (index, second) in table.rules.iter().enumerate().take(1_000) {
        for first in table.rules.iter().take(index) {
            let mut pairs = first.conditions.iter().zip(&second.conditions);
            let together = pairs.all(|(a, b)| match (text(a), text(b)) {
                (Some(a), Some(b)) => a == b,
                _ => true,
            });
            if !together {
                continue;
            }
            let same = first.actions.iter().map(text).eq(second.actions.iter().map(text));
            let kind = if same {
                FindingKind::Duplicate
            } else {
                FindingKind::Contradiction
            };
            let quote = crate::requirement::fold(document.text.get(second.span.range()).unwrap_or_default());
            let other = crate::requirement::fold(document.text.get(first.span.range()).unwrap_or_default());
            let title = &table.title;
            let requirement = document
                .requirements
                .iter()
                .find(|requirement| requirement.span == table.span);
            findings.push(Finding {
                kind,
                requirement: requirement.map_or_else(|| title.clone(), |requirement| requirement.id.clone()),
                criterion: None,
                span: second.span,
                question: question::question(kind, &other, words),
                quote,
                other: Some(first.span),
            });
            break;
        }
    }
}
