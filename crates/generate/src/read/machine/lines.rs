//! State diagrams of Mermaid and `PlantUML`, whose lines differ little.

use crate::machine::{Machine, State, StateKind, Transition};
use crate::read::text::Text;
use crate::requirement::fold;
use crate::span::{Source, Span};

/// The dot that stands for the start and the end.
const DOT: &str = "[*]";

/// First words of lines that say how a diagram looks, not what it means.
const LOOKS: [&str; 24] = [
    "direction",
    "classdef",
    "class",
    "style",
    "skinparam",
    "hide",
    "show",
    "scale",
    "!",
    "left to right",
    "top to bottom",
    "header",
    "footer",
    "legend",
    "caption",
    "click",
    "acctitle",
    "accdescr",
    "---",
    "allow_mixing",
    "mainframe",
    "set",
    "sprite",
    "newpage",
];

/// States and transitions at most.
const MAX_PARTS: usize = 50_000;

/// Composite states inside of each other at most.
const MAX_DEPTH: usize = 32;

/// Reads a diagram; `None` if it has no transition.
pub(super) fn machine(text: &Text, title: &str, source: &Source<'_>) -> Option<Machine> {
    let mut reader = Reader {
        machine: Machine {
            title: title.to_owned(),
            span: text.span(source),
            ..Machine::default()
        },
        source,
        scopes: Vec::new(),
        note: false,
        comment: false,
    };
    for line in text.lines() {
        if reader.machine.states.len() + reader.machine.transitions.len() > MAX_PARTS {
            break;
        }
        reader.line(&line);
    }
    (!reader.machine.transitions.is_empty()).then_some(reader.machine)
}

struct Reader<'a> {
    machine: Machine,
    source: &'a Source<'a>,
    /// Ids of the composite states around the line; empty for other blocks.
    scopes: Vec<String>,
    note: bool,
    comment: bool,
}

impl Reader<'_> {
    fn line(&mut self, text: &Text) {
        let line = text.as_str().trim().trim_end_matches(';').trim_end();
        let lower = line.to_lowercase();
        if self.comment || line.starts_with("/'") {
            self.comment = !line.ends_with("'/");
            return;
        }
        if self.note {
            self.note = !matches!(lower.as_str(), "end note" | "endnote" | "}");
            return;
        }
        if line.is_empty() || line.starts_with("%%") || line.starts_with('\'') || line.starts_with('@') {
            return;
        }
        if lower.starts_with("note ") {
            self.note = !line.contains(':') && !line.contains('"');
            return;
        }
        if let Some(title) = lower
            .strip_prefix("title ")
            .and_then(|rest| line.get(line.len() - rest.len()..))
        {
            title
                .trim_start_matches(':')
                .trim()
                .clone_into(&mut self.machine.title);
            return;
        }
        if line == "}" {
            self.scopes.pop();
            return;
        }
        if lower.starts_with("statediagram") || line == "--" || line == "||" {
            return;
        }
        if let Some((from, to, label)) = arrow(line) {
            return self.transition(text, from, to, label);
        }
        if let Some(declared) = lower
            .strip_prefix("state ")
            .and_then(|rest| line.get(line.len() - rest.len()..))
        {
            return self.declaration(text, declared.trim());
        }
        if LOOKS.iter().any(|look| lower.starts_with(look)) {
            if line.ends_with('{') {
                self.note = true;
            }
            return;
        }
        if let Some((id, description)) = line.split_once(':') {
            let (id, kind) = plain(id);
            if !id.is_empty() && !id.contains(char::is_whitespace) {
                let state = self.state(&id, kind, text.span(self.source));
                if let Some(state) = state.filter(|state| state.name == state.id) {
                    state.name = fold(description);
                }
            }
        }
    }

    /// `state "Name" as id <<choice>> {`
    fn declaration(&mut self, text: &Text, declared: &str) {
        let opens = declared.ends_with('{');
        let declared = declared.trim_end_matches('{').trim();
        let (head, description) = match declared.strip_prefix('"') {
            None => declared
                .split_once(" : ")
                .map_or((declared, None), |(head, rest)| (head, Some(rest))),
            Some(_) => (declared, None),
        };
        let (name, rest) = match head.strip_prefix('"').and_then(|rest| rest.split_once('"')) {
            Some((name, rest)) => (Some(name), rest.trim()),
            None => (None, head),
        };
        let id = rest.strip_prefix("as ").unwrap_or(rest).trim();
        let (id, name) = match id.split_once(" as ") {
            Some((before, after)) if name.is_none() => match after.trim().strip_prefix('"') {
                Some(quoted) => (before.trim(), Some(quoted.trim_end_matches('"'))),
                None => (after.trim(), Some(before.trim())),
            },
            _ => (id, name),
        };
        let (id, kind) = plain(if id.is_empty() {
            name.unwrap_or_default()
        } else {
            id
        });
        if id.is_empty() {
            return;
        }
        let span = text.span(self.source);
        if let Some(state) = self.state(&id, kind, span)
            && let Some(name) = name.or(description)
        {
            state.name = fold(name);
        }
        if opens && self.scopes.len() < MAX_DEPTH {
            self.scopes.push(id);
        }
    }

    fn transition(&mut self, text: &Text, from: &str, to: &str, label: &str) {
        let span = text.span(self.source);
        let from = self.end(from, StateKind::Initial, span);
        let to = self.end(to, StateKind::Final, span);
        let label = label.trim();
        let (rest, action) = match label
            .split_once(" / ")
            .or_else(|| label.split_once('/').filter(|(_, rest)| !rest.starts_with('/')))
        {
            Some((rest, action)) => (rest, Some(fold(action)).filter(|action| !action.is_empty())),
            None => (label, None),
        };
        let (event, guard) = match rest
            .split_once('[')
            .and_then(|(event, guard)| Some((event, guard.rsplit_once(']')?.0)))
        {
            Some((event, guard)) => (event, Some(fold(guard))),
            None => (rest, None),
        };
        self.machine.transitions.push(Transition {
            from,
            to,
            event: fold(event),
            guard,
            action,
            span,
        });
    }

    /// The id of an end of an arrow; the dot is the start or the end of the composite state around it.
    fn end(&mut self, text: &str, dot: StateKind, span: Span) -> String {
        let (id, kind) = plain(text.trim());
        if id != DOT {
            self.state(&id, kind, span);
            return id;
        }
        let scope = self
            .scopes
            .last()
            .map(|scope| format!(" {scope}"))
            .unwrap_or_default();
        let id = if dot == StateKind::Initial {
            format!("[start]{scope}")
        } else {
            format!("[end]{scope}")
        };
        self.state(&id, dot, span);
        id
    }

    /// The state with an id, new if it is the first time.
    fn state(&mut self, id: &str, kind: StateKind, span: Span) -> Option<&mut State> {
        let index = match self.machine.states.iter().position(|state| state.id == id) {
            Some(index) => index,
            None => {
                let parent = self.scopes.last().cloned().filter(|parent| parent != id);
                let name = id.to_owned();
                self.machine.states.push(State {
                    id: id.to_owned(),
                    name,
                    kind,
                    parent,
                    span,
                });
                self.machine.states.len() - 1
            }
        };
        let state = self.machine.states.get_mut(index)?;
        if kind != StateKind::Plain {
            state.kind = kind;
        }
        Some(state)
    }
}

/// An id without what a diagram hangs on it: stereotype, colour, class.
fn plain(text: &str) -> (String, StateKind) {
    let lower = text.to_lowercase();
    let kind = if lower.contains("<<choice>>") || lower.contains("[[choice]]") {
        StateKind::Choice
    } else if lower.contains("<<fork>>") || lower.contains("<<join>>") {
        StateKind::Fork
    } else if lower.contains("<<start>>") {
        StateKind::Initial
    } else if lower.contains("<<end>>") {
        StateKind::Final
    } else {
        StateKind::Plain
    };
    let mut id = text;
    for mark in ["<<", ":::", " #"] {
        id = id.split(mark).next().unwrap_or(id);
    }
    (fold(id.trim().trim_matches('"')), kind)
}

/// The ends and the label of an arrow: `a --> b : label`, `a -right-> b`, `a -[#red]-> b`, `b <-- a`.
fn arrow(line: &str) -> Option<(&str, &str, &str)> {
    let (line, label) = match line.find(" : ").or_else(|| line.rfind("]:").map(|at| at + 1)) {
        Some(at) => (line.get(..at)?, line.get(at..)?.trim_start_matches([' ', ':'])),
        None => {
            let after = line.find("->").map_or(0, |at| at + 2);
            match line
                .get(after..)?
                .find(':')
                .map(|at| after + at)
                .filter(|at| !line.get(*at..).is_some_and(|rest| rest.starts_with(":::")))
            {
                Some(at) if after > 0 => (line.get(..at)?, line.get(at + 1..)?),
                _ => (line, ""),
            }
        }
    };
    if let Some(tip) = line.find("->") {
        let before = line.get(..tip)?;
        let shaft = shaft(before)?;
        let (from, to) = (line.get(..shaft)?.trim(), line.get(tip + 2..)?.trim());
        return (!from.is_empty() && !to.is_empty()).then_some((from, to, label));
    }
    let tip = line.find("<-")?;
    let rest = line.get(tip + 2..)?;
    let tail = rest.find(|c: char| c != '-')?;
    let (to, from) = (line.get(..tip)?.trim(), rest.get(tail..)?.trim());
    (!from.is_empty() && !to.is_empty()).then_some((from, to, label))
}

/// Where the shaft of an arrow starts: the first of its dashes, directions and colours.
fn shaft(before: &str) -> Option<usize> {
    let mut at = before.len();
    loop {
        let head = before.get(..at)?;
        if head.ends_with('-') {
            at -= 1;
        } else if head.ends_with(']') && !head.ends_with("[*]") {
            at = head.rfind('[')?;
        } else {
            let word = head.len() - head.trim_end_matches(|c: char| c.is_ascii_alphabetic()).len();
            let start = head.len() - word;
            let direction = head.get(start..)?.to_lowercase();
            let known = [
                "up", "down", "left", "right", "u", "d", "l", "r", "le", "ri", "do",
            ];
            if word > 0
                && start > 0
                && at < before.len() + 1
                && known.contains(&direction.as_str())
                && head.get(..start)?.ends_with('-')
            {
                at = start;
            } else {
                return Some(at);
            }
        }
    }
}
