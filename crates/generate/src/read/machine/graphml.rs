//! Graphs in `GraphML` (<http://graphml.graphdrawing.org>), also as yEd writes them: nodes are states, edges transitions.

use std::borrow::Cow;
use std::collections::HashMap;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, escape};

use crate::error::ReadError;
use crate::machine::{Machine, State, StateKind, Transition};
use crate::requirement::fold;
use crate::span::{Source, Span};

/// Nodes and edges at most.
const MAX_PARTS: usize = 50_000;

/// Elements inside of each other at most.
const MAX_DEPTH: usize = 64;

/// Names of the data that holds a node's or an edge's name.
const LABELS: [&str; 5] = ["label", "name", "event", "nodelabel", "edgelabel"];

/// Reads a graph.
pub(super) fn machine(text: &str, title: &str, source: &Source<'_>) -> Result<Machine, ReadError> {
    let mut xml = Reader::from_str(text);
    let mut state = Graph::new(title, source);
    loop {
        let start = position(&xml);
        let event = xml
            .read_event()
            .map_err(|error| problem(source, xml.error_position(), &error.to_string()))?;
        let end = position(&xml);
        match event {
            Event::Start(element) => {
                if state.open.len() >= MAX_DEPTH {
                    return Err(problem(
                        source,
                        xml.buffer_position(),
                        "elements too deep inside of each other; flatten them",
                    ));
                }
                state.start(&element, source.span(start..end))?;
            }
            Event::Empty(element) => {
                state.start(&element, source.span(start..end))?;
                state.end(source.span(start..end));
            }
            Event::End(_) => state.end(source.span(start..end)),
            Event::Text(piece) => state.text.push_str(&piece),
            Event::CData(piece) => state.text.push_str(&piece),
            Event::GeneralRef(name) => {
                let value = escape::unescape(&format!("&{};", &*name)).map(Cow::into_owned);
                state.text.push_str(&value.unwrap_or_default());
            }
            Event::DocType(_) => {
                return Err(problem(
                    source,
                    xml.buffer_position(),
                    "a document type is not read; remove it",
                ));
            }
            Event::Eof if !state.open.is_empty() => {
                return Err(problem(
                    source,
                    xml.buffer_position(),
                    "it ends before all elements are closed",
                ));
            }
            Event::Eof => break,
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
        }
    }
    state.finish()
}

fn position(xml: &Reader<&[u8]>) -> usize {
    usize::try_from(xml.buffer_position()).unwrap_or(usize::MAX)
}

fn problem(source: &Source<'_>, at: u64, message: &str) -> ReadError {
    let (line, column) = source.place(usize::try_from(at).unwrap_or(usize::MAX));
    ReadError::new(line, column, format!("not readable as GraphML: {message}"))
}

/// What a `data` element belongs to.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    None,
    Node(usize),
    Edge(usize),
}

struct Graph<'a> {
    source: &'a Source<'a>,
    machine: Machine,
    /// Names of the keys that data has.
    keys: HashMap<String, String>,
    /// Names of the open elements, and the part that was open before each.
    open: Vec<(String, Part)>,
    part: Part,
    /// Ids of the open nodes that hold a graph of their own.
    parents: Vec<String>,
    data: String,
    text: String,
}

impl<'a> Graph<'a> {
    fn new(title: &str, source: &'a Source<'a>) -> Self {
        let span = source.span(0..source.text().len());
        Self {
            source,
            machine: Machine {
                title: title.to_owned(),
                span,
                ..Machine::default()
            },
            keys: HashMap::new(),
            open: Vec::new(),
            part: Part::None,
            parents: Vec::new(),
            data: String::new(),
            text: String::new(),
        }
    }

    fn start(&mut self, element: &BytesStart<'_>, span: Span) -> Result<(), ReadError> {
        let name = element.local_name().as_ref().to_owned();
        let attribute = |wanted: &str| {
            let found = element
                .attributes()
                .flatten()
                .find(|attribute| attribute.key.as_ref() == wanted)?;
            let raw = found.value.into_owned();
            Some(escape::unescape(&raw).map_or_else(|_| raw.clone(), Cow::into_owned))
        };
        let before = self.part;
        if self.machine.states.len() + self.machine.transitions.len() > MAX_PARTS {
            return Err(problem(
                self.source,
                u64::try_from(span.start).unwrap_or(0),
                "too many nodes and edges; split the graph",
            ));
        }
        match name.as_str() {
            "key" => {
                if let (Some(id), Some(named)) = (
                    attribute("id"),
                    attribute("attr.name").or_else(|| attribute("yfiles.type")),
                ) {
                    self.keys.insert(id, named.to_lowercase());
                }
            }
            "graph" => {
                if let Part::Node(index) = self.part {
                    let id = self.machine.states.get(index).map(|state| state.id.clone());
                    self.parents.push(id.unwrap_or_default());
                } else {
                    self.parents.push(String::new());
                }
            }
            "node" => {
                let id = attribute("id").ok_or_else(|| {
                    problem(
                        self.source,
                        u64::try_from(span.start).unwrap_or(0),
                        "a node without 'id'; give it one",
                    )
                })?;
                let parent = self.parents.last().cloned().filter(|parent| !parent.is_empty());
                self.part = Part::Node(self.machine.states.len());
                self.machine.states.push(State {
                    name: id.clone(),
                    id,
                    parent,
                    span,
                    ..State::default()
                });
            }
            "edge" => {
                let ends = attribute("source").zip(attribute("target")).ok_or_else(|| {
                    problem(
                        self.source,
                        u64::try_from(span.start).unwrap_or(0),
                        "an edge without 'source' or 'target'; give it both",
                    )
                })?;
                self.part = Part::Edge(self.machine.transitions.len());
                self.machine.transitions.push(Transition {
                    from: ends.0,
                    to: ends.1,
                    span,
                    ..Transition::default()
                });
            }
            "data" => {
                let key = attribute("key").unwrap_or_default();
                self.data = self.keys.get(&key).cloned().unwrap_or(key.to_lowercase());
            }
            _ => {}
        }
        self.text.clear();
        self.open.push((name, before));
        Ok(())
    }

    fn end(&mut self, span: Span) {
        let Some((name, before)) = self.open.pop() else {
            return;
        };
        let text = fold(&self.text);
        self.text.clear();
        match name.as_str() {
            "graph" => {
                self.parents.pop();
            }
            "node" | "edge" => {
                match self.part {
                    Part::Node(index) => {
                        if let Some(state) = self.machine.states.get_mut(index) {
                            state.span = state.span.to(span);
                        }
                    }
                    Part::Edge(index) => {
                        if let Some(edge) = self.machine.transitions.get_mut(index) {
                            edge.span = edge.span.to(span);
                        }
                    }
                    Part::None => {}
                }
                self.part = before;
            }
            "NodeLabel" | "EdgeLabel" if !text.is_empty() => self.label(&text),
            "data" if !text.is_empty() => {
                let data = std::mem::take(&mut self.data);
                self.said(&data, &text);
            }
            _ => {}
        }
    }

    fn said(&mut self, data: &str, text: &str) {
        let flag = matches!(text.to_lowercase().as_str(), "true" | "1" | "yes");
        match (data, self.part) {
            ("initial" | "start", Part::Node(index)) if flag => self.kind(index, StateKind::Initial),
            ("final" | "end" | "accepting", Part::Node(index)) if flag => self.kind(index, StateKind::Final),
            ("guard" | "condition", Part::Edge(index)) => {
                if let Some(edge) = self.machine.transitions.get_mut(index) {
                    edge.guard = Some(text.to_owned());
                }
            }
            ("action" | "effect", Part::Edge(index)) => {
                if let Some(edge) = self.machine.transitions.get_mut(index) {
                    edge.action = Some(text.to_owned());
                }
            }
            _ if LABELS.contains(&data) => self.label(text),
            _ => {}
        }
    }

    fn kind(&mut self, index: usize, kind: StateKind) {
        if let Some(state) = self.machine.states.get_mut(index) {
            state.kind = kind;
        }
    }

    fn label(&mut self, text: &str) {
        match self.part {
            Part::Node(index) => {
                if let Some(state) = self.machine.states.get_mut(index) {
                    text.clone_into(&mut state.name);
                }
            }
            Part::Edge(index) => {
                let Some(edge) = self.machine.transitions.get_mut(index) else {
                    return;
                };
                let (rest, action) = text
                    .split_once(" / ")
                    .map_or((text, None), |(rest, action)| (rest, Some(action)));
                let guarded = rest
                    .split_once('[')
                    .and_then(|(event, guard)| Some((event, guard.rsplit_once(']')?.0)));
                let (event, guard) = guarded.map_or((rest, None), |(event, guard)| (event, Some(guard)));
                edge.event = fold(event);
                edge.guard = guard.map(fold).or(edge.guard.take());
                edge.action = action.map(fold).or(edge.action.take());
            }
            Part::None => {}
        }
    }

    /// Names the start where the graph does not: a node called so, else the only one that nothing leads to.
    fn finish(mut self) -> Result<Machine, ReadError> {
        let known: HashMap<&str, usize> = self
            .machine
            .states
            .iter()
            .enumerate()
            .map(|(index, state)| (state.id.as_str(), index))
            .collect();
        for edge in &self.machine.transitions {
            if let Some(end) = [&edge.from, &edge.to]
                .into_iter()
                .find(|end| !known.contains_key(end.as_str()))
            {
                let message = format!(
                    "an edge names the node '{end}', which does not exist; add it or correct the edge"
                );
                return Err(problem(
                    self.source,
                    u64::try_from(edge.span.start).unwrap_or(0),
                    &message,
                ));
            }
        }
        if self.machine.states.is_empty() {
            return Err(problem(self.source, 0, "the graph has no nodes; add the states"));
        }
        if !self
            .machine
            .states
            .iter()
            .any(|state| state.kind == StateKind::Initial)
        {
            let called =
                |state: &State| matches!(state.name.to_lowercase().as_str(), "start" | "initial" | "[*]");
            let mut entered = vec![false; self.machine.states.len()];
            for edge in self
                .machine
                .transitions
                .iter()
                .filter(|edge| edge.from != edge.to)
            {
                if let Some(flag) = known
                    .get(edge.to.as_str())
                    .and_then(|index| entered.get_mut(*index))
                {
                    *flag = true;
                }
            }
            let mut free = entered
                .iter()
                .enumerate()
                .filter(|(_, entered)| !**entered)
                .map(|(index, _)| index);
            let only = free.next().filter(|_| free.next().is_none());
            if let Some(index) = self.machine.states.iter().position(called).or(only) {
                self.kind(index, StateKind::Initial);
            }
        }
        Ok(self.machine)
    }
}
