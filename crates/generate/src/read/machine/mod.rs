//! State machines: a machine is a requirement, a transition a criterion.

mod graphml;
mod lines;

use super::text::Text;
use crate::document::{Document, Format};
use crate::error::ReadError;
use crate::machine::{Machine, StateKind};
use crate::requirement::{Criterion, Form, Requirement};
use crate::span::Source;

/// Which language of diagrams a text is written in.
pub(super) fn detect(text: &str) -> Option<Format> {
    let bare = text.trim_start_matches('\u{feff}').trim_start();
    let first = bare
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with("%%") && !line.starts_with("---"));
    if first.is_some_and(|line| line.starts_with("stateDiagram")) {
        return Some(Format::Mermaid);
    }
    if bare.starts_with("@startuml") {
        return Some(Format::PlantUml);
    }
    let xml = bare.starts_with('<')
        && bare
            .get(..bare.len().min(4096))
            .or(Some(bare))
            .is_some_and(|head| head.contains("<graphml"));
    xml.then_some(Format::GraphMl)
}

/// Reads a file that holds a diagram.
pub(super) fn read(name: &str, text: &str, format: Format) -> Result<Document, ReadError> {
    let source = Source::new(text);
    let machine = if format == Format::GraphMl {
        graphml::machine(text, name, &source)?
    } else {
        lines::machine(&Text::at(text, 0), name, &source).ok_or_else(|| {
            ReadError::new(
                1,
                1,
                "the diagram has no transitions between states; write them as 'a --> b : event'",
            )
        })?
    };
    let mut document = Document::new(name, format, text);
    document.requirements = vec![requirement(&machine)];
    document.machines = vec![machine];
    Ok(document.finish())
}

/// The machine of a code block in running text.
pub(super) fn block(language: &str, text: &Text, source: &Source<'_>) -> Option<Machine> {
    let known = matches!(language, "mermaid" | "plantuml" | "puml" | "uml");
    let state = language != "mermaid" || text.as_str().contains("stateDiagram");
    if known && state {
        lines::machine(text, "State machine", source)
    } else {
        None
    }
}

/// A machine as a requirement.
pub(super) fn requirement(machine: &Machine) -> Requirement {
    let name = |id: &str| {
        machine
            .state(id)
            .map_or_else(|| id.to_owned(), |state| state.name.clone())
    };
    let starts = |id: &str| {
        machine
            .state(id)
            .is_some_and(|state| state.kind == StateKind::Initial && state.id.starts_with("[start]"))
    };
    let ends = |id: &str| {
        machine
            .state(id)
            .is_some_and(|state| state.kind == StateKind::Final && state.id.starts_with("[end]"))
    };
    let criteria = machine.transitions.iter().map(|transition| {
        let from = if starts(&transition.from) {
            "start".to_owned()
        } else {
            name(&transition.from)
        };
        let to = if ends(&transition.to) {
            "end".to_owned()
        } else {
            name(&transition.to)
        };
        let mut text = format!("{from} \u{2192} {to}");
        if !transition.event.is_empty() {
            text.push_str(": ");
            text.push_str(&transition.event);
        }
        for (open, part, close) in [(" [", &transition.guard, "]"), (" / ", &transition.action, "")] {
            if let Some(part) = part {
                text.push_str(open);
                text.push_str(part);
                text.push_str(close);
            }
        }
        Criterion {
            text,
            span: transition.span,
            form: Form::Transition,
            ..Criterion::default()
        }
    });
    Requirement {
        title: machine.title.clone(),
        span: machine.span,
        criteria: criteria.collect(),
        ..Requirement::default()
    }
}
