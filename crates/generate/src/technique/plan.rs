//! Collects what all techniques want and propose.

use std::collections::HashSet;

use super::{Draft, Item, Technique};
use crate::case::{Options, Question};
use crate::document::Document;
use crate::requirement::{Criterion, Requirement};
use crate::say::Phrases;
use crate::span::Span;
use crate::words::Words;

/// Items of one technique at most; a document that asks for more is told so.
const MAX_ITEMS: usize = 200_000;

/// Everything that techniques list for a document, and the cases that they propose.
pub(crate) struct Plan<'a> {
    pub(crate) document: &'a Document,
    pub(crate) options: &'a Options,
    pub(crate) phrases: &'static Phrases,
    pub(crate) words: &'static Words,
    pub(crate) items: Vec<Item>,
    pub(crate) drafts: Vec<Draft>,
    pub(crate) questions: Vec<Question>,
    known: HashSet<String>,
}

impl<'a> Plan<'a> {
    /// Asks every technique.
    pub(crate) fn new(document: &'a Document, options: &'a Options) -> Self {
        let language = document.language.as_deref();
        let mut plan = Self {
            document,
            options,
            phrases: Phrases::of(language),
            words: language.and_then(Words::of).unwrap_or_else(|| Words::english()),
            items: Vec::new(),
            drafts: Vec::new(),
            questions: Vec::new(),
            known: HashSet::new(),
        };
        for requirement in &document.requirements {
            for criterion in &requirement.criteria {
                plan.criterion(requirement, criterion);
            }
        }
        super::role::plan(&mut plan);
        for (index, table) in document.tables.iter().enumerate() {
            super::decision::plan(&mut plan, index, table);
            super::combinatorial::plan(&mut plan, index, table);
        }
        for (index, machine) in document.machines.iter().enumerate() {
            super::state::plan(&mut plan, index, machine);
        }
        if let Some(api) = &document.api {
            super::rest::plan(&mut plan, api);
        }
        super::syntax::plan(&mut plan);
        plan
    }

    /// The techniques that look at one criterion. The order is that in which cases are preferred.
    fn criterion(&mut self, requirement: &Requirement, criterion: &Criterion) {
        use crate::requirement::Form;
        match &criterion.form {
            Form::Scenario(scenario) => super::scenario::plan(self, requirement, criterion, scenario),
            Form::Ears(_) | Form::Statement | Form::Wish => {
                super::boundary::plan(self, requirement, criterion);
                super::requirement::plan(self, requirement, criterion);
                super::cause_effect::plan(self, requirement, criterion);
            }
            // Tables, machines and interfaces have techniques of their own.
            Form::Rule | Form::Transition | Form::Response { .. } => {}
        }
    }

    /// Whether a technique was asked for.
    pub(crate) fn wants(&self, technique: Technique) -> bool {
        if self.options.techniques.is_empty() {
            technique.is_default()
        } else {
            self.options.techniques.contains(&technique)
        }
    }

    /// Lists an item and returns its id; `None` if its technique was not asked for.
    pub(crate) fn item(
        &mut self,
        technique: Technique,
        of: &str,
        key: &str,
        text: impl Into<String>,
        span: Span,
    ) -> Option<String> {
        if !self.wants(technique) || self.items.len() >= MAX_ITEMS {
            return None;
        }
        let id = format!("{}:{of}:{key}", technique.prefix());
        if self.known.insert(id.clone()) {
            self.items.push(Item {
                id: id.clone(),
                technique,
                of: of.to_owned(),
                text: text.into(),
                span,
                infeasible: None,
            });
        }
        Some(id)
    }

    /// Lists an item that no case can cover.
    pub(crate) fn infeasible(
        &mut self,
        technique: Technique,
        of: &str,
        key: &str,
        text: impl Into<String>,
        span: Span,
        why: impl Into<String>,
    ) {
        if let Some(id) = self.item(technique, of, key, text, span)
            && let Some(item) = self.items.last_mut().filter(|item| item.id == id)
        {
            item.infeasible = Some(why.into());
        }
    }

    /// Proposes a case; one without items adds nothing.
    pub(crate) fn propose(&mut self, draft: Draft) {
        if !draft.items.is_empty() {
            self.drafts.push(draft);
        }
    }

    /// Asks the author something.
    pub(crate) fn ask(&mut self, requirement: &str, criterion: Option<&str>, span: Span, text: String) {
        self.questions.push(Question {
            requirement: requirement.to_owned(),
            criterion: criterion.map(str::to_owned),
            kind: "generation".to_owned(),
            span,
            text,
        });
    }

    /// Whether sentences are turned by the rules of English.
    pub(crate) fn is_english(&self) -> bool {
        self.document.language.as_deref() == Some("en")
    }

    /// How much depends on a criterion: what binds, and what words tell of loss, money or rights.
    pub(crate) fn risk(&self, criterion: &Criterion) -> u8 {
        use crate::requirement::{Form, Modality};
        let bound = match criterion.modality {
            Some(Modality::Should) => 1,
            Some(Modality::May) => 0,
            None if matches!(criterion.form, Form::Wish) => 1,
            Some(Modality::Must) | None => 2,
        };
        let text = criterion.text.to_lowercase();
        let risky = self.words.risks.iter().any(|word| text.contains(word.as_str()));
        bound + u8::from(risky) + u8::from(criterion.negative)
    }
}
