//! YAML 1.2 with the core schema, from the events of the parser.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span as Mark};
use serde_json::{Map, Number, Value};

use super::{MAX_DEPTH, MAX_NODES, Tree, child};
use crate::error::ReadError;
use crate::span::{Source, narrow};

pub(super) fn parse(text: &str) -> Result<Tree, ReadError> {
    let mut builder = Builder {
        source: Source::new(text),
        stack: Vec::new(),
        root: None,
        places: HashMap::new(),
        anchors: HashMap::new(),
        nodes: 0,
    };
    for event in Parser::new_from_str(text) {
        let (event, mark) = event.map_err(|error| {
            let marker = error.marker();
            let line = narrow(marker.line().max(1));
            ReadError::new(
                line,
                narrow(marker.col() + 1),
                format!("not valid YAML: {}", error.info()),
            )
        })?;
        if !builder.event(event, mark)? {
            break;
        }
    }
    Ok(Tree {
        root: builder.root.unwrap_or(Value::Null),
        places: builder.places,
    })
}

/// A list or a mapping that is not complete.
struct Open {
    value: Value,
    /// Key of the next value of a mapping, and where it starts.
    key: Option<(String, usize)>,
    pointer: String,
    start: usize,
    anchor: usize,
    /// Values when it was opened, to know how many it holds.
    before: usize,
}

struct Builder<'a> {
    source: Source<'a>,
    stack: Vec<Open>,
    root: Option<Value>,
    places: HashMap<String, (usize, usize)>,
    /// Values with a name, and how many values they hold.
    anchors: HashMap<usize, (Value, usize)>,
    nodes: usize,
}

impl Builder<'_> {
    /// Takes an event; false when the first document ends.
    fn event(&mut self, event: Event<'_>, mark: Mark) -> Result<bool, ReadError> {
        let start = self.offset(mark.start.line(), mark.start.col());
        let end = self.offset(mark.end.line(), mark.end.col());
        match event {
            Event::Scalar(text, style, anchor, _) => {
                self.count(1, start)?;
                if self.wants_key() {
                    self.key(text.into_owned(), start)?;
                } else {
                    let value = if style == ScalarStyle::Plain {
                        plain(&text)
                    } else {
                        Value::String(text.into_owned())
                    };
                    self.keep(anchor, &value, 1);
                    self.add(value, start, end);
                }
            }
            Event::SequenceStart(anchor, _) => self.open(Value::Array(Vec::new()), anchor, start)?,
            Event::MappingStart(anchor, _) => self.open(Value::Object(Map::new()), anchor, start)?,
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(open) = self.stack.pop() {
                    self.keep(open.anchor, &open.value, self.nodes - open.before);
                    // The end of a block lies before the next token, not at it.
                    let text = self
                        .source
                        .text()
                        .get(open.start..end.max(open.start))
                        .unwrap_or_default();
                    let end = open.start + text.trim_end().len();
                    self.add_at(open.value, open.pointer, open.start, end);
                }
            }
            Event::Alias(anchor) => {
                let Some((value, nodes)) = self.anchors.get(&anchor).cloned() else {
                    return Err(self.problem(
                        start,
                        "an alias to a value that is not complete; a value can't hold itself",
                    ));
                };
                self.count(nodes, start)?;
                if self.wants_key() {
                    let key = value.as_str().map(str::to_owned);
                    let key =
                        key.ok_or_else(|| self.problem(start, "a key that is not a text; write a text"))?;
                    self.key(key, start)?;
                } else {
                    self.add(value, start, end);
                }
            }
            Event::DocumentEnd => return Ok(false),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) => {}
        }
        Ok(true)
    }

    fn offset(&self, line: usize, column: usize) -> usize {
        self.source.offset(narrow(line), narrow(column + 1))
    }

    fn problem(&self, at: usize, message: &str) -> ReadError {
        let (line, column) = self.source.place(at);
        ReadError::new(line, column, message)
    }

    fn count(&mut self, nodes: usize, at: usize) -> Result<(), ReadError> {
        self.nodes += nodes;
        if self.nodes > MAX_NODES {
            return Err(self.problem(at, "too many values; split the document"));
        }
        Ok(())
    }

    fn wants_key(&self) -> bool {
        self.stack
            .last()
            .is_some_and(|open| open.value.is_object() && open.key.is_none())
    }

    fn key(&mut self, key: String, start: usize) -> Result<(), ReadError> {
        let Some(open) = self.stack.last_mut() else {
            return Ok(());
        };
        if open.value.get(&key).is_some() {
            return Err(self.problem(
                start,
                &format!("the key '{key}' stands twice in one mapping; keep one"),
            ));
        }
        open.key = Some((key, start));
        Ok(())
    }

    fn keep(&mut self, anchor: usize, value: &Value, nodes: usize) {
        if anchor > 0 {
            self.anchors.insert(anchor, (value.clone(), nodes));
        }
    }

    fn open(&mut self, value: Value, anchor: usize, start: usize) -> Result<(), ReadError> {
        self.count(1, start)?;
        if self.stack.len() >= MAX_DEPTH {
            return Err(self.problem(start, "values too deep inside of each other; flatten them"));
        }
        if self.wants_key() {
            return Err(self.problem(start, "a key that is a list or a mapping; write a text"));
        }
        let (pointer, begin) = self.next_pointer(start);
        self.stack.push(Open {
            value,
            key: None,
            pointer,
            start: begin,
            anchor,
            before: self.nodes,
        });
        Ok(())
    }

    /// Pointer and beginning of the value that comes next.
    fn next_pointer(&self, start: usize) -> (String, usize) {
        match self.stack.last() {
            None => (String::new(), start),
            Some(Open {
                key: Some((key, begin)),
                pointer,
                ..
            }) => (child(pointer, key), *begin),
            Some(Open { value, pointer, .. }) => {
                let index = value.as_array().map_or(0, Vec::len);
                (child(pointer, &index.to_string()), start)
            }
        }
    }

    fn add(&mut self, value: Value, start: usize, end: usize) {
        let (pointer, begin) = self.next_pointer(start);
        self.add_at(value, pointer, begin, end.max(begin));
    }

    fn add_at(&mut self, value: Value, pointer: String, start: usize, end: usize) {
        self.places.insert(pointer, (start, end));
        match self.stack.last_mut() {
            None => self.root = Some(value),
            Some(open) => match &mut open.value {
                Value::Array(list) => list.push(value),
                Value::Object(map) => {
                    if let Some((key, _)) = open.key.take() {
                        insert(map, key, value);
                    }
                }
                _ => {}
            },
        }
    }
}

/// Adds a value under its key; `<<` merges a mapping, without replacing what is there.
fn insert(map: &mut Map<String, Value>, key: String, value: Value) {
    match value {
        Value::Object(merged) if key == "<<" => {
            for (key, value) in merged {
                map.entry(key).or_insert(value);
            }
        }
        value => {
            map.insert(key, value);
        }
    }
}

/// A scalar without quotes, after the core schema of YAML 1.2.
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    let digits = text.trim_start_matches(['-', '+']);
    if digits.is_empty() || !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return Value::String(text.to_owned());
    }
    if let Some(octal) = text
        .strip_prefix("0o")
        .and_then(|digits| u64::from_str_radix(digits, 8).ok())
    {
        return Value::Number(octal.into());
    }
    if let Some(hex) = text
        .strip_prefix("0x")
        .and_then(|digits| u64::from_str_radix(digits, 16).ok())
    {
        return Value::Number(hex.into());
    }
    let number = text.strip_prefix('+').unwrap_or(text);
    let whole = number
        .parse::<i64>()
        .map(Number::from)
        .or_else(|_| number.parse::<u64>().map(Number::from));
    let number = whole
        .ok()
        .or_else(|| number.parse::<f64>().ok().and_then(Number::from_f64));
    number.map_or_else(|| Value::String(text.to_owned()), Value::Number)
}
