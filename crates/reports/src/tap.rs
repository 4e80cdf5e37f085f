//! Test Anything Protocol, versions 12 to 14.

use std::io::BufRead;

use junit::{NewTest, Status};
use saphyr_parser::{Event, Parser};

use crate::detect::skip_bom;
use crate::error::Error;
use crate::lines::{Ends, TextLines};
use crate::measure::millis;
use crate::spool::Sink;

/// Blanks of one level of subtests.
const INDENT: usize = 4;
/// Deepest level of subtests; what is deeper counts as this.
const DEEPEST: usize = 64;

/// Whether a line begins a TAP file: its version, a plan or a test with a number.
pub(crate) fn is_start(line: &str) -> bool {
    let numbered = Point::parse(line).is_some_and(|point| point.has_number);
    line.starts_with("TAP version 1") || plan(line).is_some() || numbered
}

pub(crate) fn read(source: &mut impl BufRead, sink: &mut Sink<'_>) -> Result<(), Error> {
    skip_bom(source)?;
    let mut lines = TextLines::new(source);
    let mut tap = Tap::default();
    while let Some(line) = lines.next_line()? {
        tap.take(&line, sink);
    }
    tap.end(sink)
}

/// `ok 12 - name # SKIP reason`.
struct Point<'l> {
    is_ok: bool,
    has_number: bool,
    name: String,
    directive: Option<(&'l str, &'l str)>,
}

impl<'l> Point<'l> {
    fn parse(line: &'l str) -> Option<Point<'l>> {
        let (is_ok, rest) = match line.strip_prefix("not ok") {
            Some(rest) => (false, rest),
            None => (true, line.strip_prefix("ok")?),
        };
        if !rest.is_empty() && !rest.starts_with([' ', '\t']) {
            return None;
        }
        let rest = rest.trim_start();
        let digits = rest.len()
            - rest
                .trim_start_matches(|digit: char| digit.is_ascii_digit())
                .len();
        let (number, rest) = rest.split_at(digits);
        let rest = rest.trim_start();
        let rest = rest.strip_prefix('-').map_or(rest, str::trim_start);
        let (name, directive) = directive(rest);
        let name = name.trim_end().trim_end_matches('{').trim_end();
        Some(Point {
            is_ok,
            has_number: !number.is_empty(),
            name: unescaped(name),
            directive,
        })
    }
}

/// A name in which `\#` and `\\` stand for one character.
fn unescaped(name: &str) -> String {
    name.replace("\\#", "#").replace("\\\\", "\\")
}

/// Splits `name # TODO reason`; a `#` that begins no directive belongs to the name.
fn directive(text: &str) -> (&str, Option<(&str, &str)>) {
    for (at, _) in text.match_indices('#') {
        let (before, after) = (&text[..at], text[at + 1..].trim_start());
        if before.ends_with('\\') {
            continue;
        }
        for word in ["SKIP", "TODO"] {
            let is_it = after
                .get(..word.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(word));
            if is_it {
                let reason = after[word.len()..].trim_start_matches(|letter: char| letter.is_alphabetic());
                return (before, Some((word, reason.trim())));
            }
        }
    }
    (text, None)
}

/// The number of tests that `1..N` announces.
fn plan(line: &str) -> Option<u64> {
    let rest = line.strip_prefix("1..")?;
    let number = rest.split([' ', '#']).next()?;
    number.parse().ok()
}

/// A test that was read and may be followed by what it says.
struct Pending {
    depth: usize,
    status: Status,
    name: String,
    reason: String,
    /// Whether its own subtests came before it.
    is_parent: bool,
    /// Whether one of them failed.
    failed_inside: bool,
    diagnosis: String,
    comments: Ends,
}

#[derive(Default)]
struct Level {
    /// From `# Subtest: name`.
    title: Option<String>,
    points: u64,
    failures: u64,
    plan: Option<u64>,
}

#[derive(Default)]
struct Tap {
    levels: Vec<Level>,
    pending: Option<Pending>,
    /// The indentation of a YAML block that is being read.
    block: Option<usize>,
    /// Names of subtests whose lines follow, with the level on which each was told.
    announced: Vec<(usize, String)>,
    bailed_out: Option<String>,
}

impl Tap {
    fn take(&mut self, line: &str, sink: &mut Sink<'_>) {
        let text = line.trim_start_matches(' ');
        let indent = line.len() - text.len();
        if let Some(block) = self.block {
            if indent == block && text.trim_end() == "..." {
                self.block = None;
            } else if let Some(pending) = &mut self.pending {
                pending.diagnosis.push_str(line.get(block..).unwrap_or(text));
                pending.diagnosis.push('\n');
            }
            return;
        }
        // A block is indented by two beside the test that it belongs to.
        if text.trim_end() == "---" && self.pending.is_some() {
            self.block = Some(indent);
            return;
        }
        let depth = (indent / INDENT).min(DEEPEST);
        if let Some(point) = Point::parse(text) {
            self.flush(sink);
            self.point(depth, point);
        } else if let Some(planned) = plan(text) {
            self.flush(sink);
            self.level(depth).plan = Some(planned);
        } else if let Some(name) = text.strip_prefix("# Subtest") {
            self.flush(sink);
            let name = unescaped(name.trim_start_matches(':').trim());
            self.announced.push((depth, name));
        } else if let Some(reason) = text.strip_prefix("Bail out!") {
            self.bailed_out = Some(reason.trim().to_owned());
        } else if let (Some(comment), Some(pending)) = (text.strip_prefix('#'), &mut self.pending) {
            pending.comments.push(comment.trim_start());
            pending.comments.push("\n");
        }
    }

    /// The level of this depth; the levels above it that nothing was said of are made.
    fn level(&mut self, depth: usize) -> &mut Level {
        while self.levels.len() <= depth {
            self.levels.push(Level::default());
        }
        &mut self.levels[depth]
    }

    fn point(&mut self, depth: usize, point: Point<'_>) {
        self.level(depth);
        for (at, name) in std::mem::take(&mut self.announced) {
            // Most tools tell the title one level above the subtests, Perl's on theirs; Node.js tells that of each
            // test just before it.
            let of = if at < depth { at + 1 } else { at };
            if of > 0 && (at < depth || (at == depth && name != point.name)) {
                self.level(of).title = Some(name);
            }
        }
        let inside: Vec<Level> = self.levels.drain(depth + 1..).collect();
        let failed_inside = inside.iter().any(|level| level.failures > 0);
        let level = self.level(depth);
        level.points += 1;
        let status = match (&point.directive, point.is_ok) {
            (Some(_), _) => Status::Skipped,
            (None, true) => Status::Passed,
            (None, false) => Status::Failure,
        };
        level.failures += u64::from(status == Status::Failure);
        let reason = point
            .directive
            .map(|(word, reason)| format!("{word} {reason}").trim().to_owned());
        let number = level.points;
        self.pending = Some(Pending {
            depth,
            status,
            name: if point.name.is_empty() {
                format!("test {number}")
            } else {
                point.name
            },
            reason: reason.unwrap_or_default(),
            is_parent: inside.iter().any(|level| level.points > 0),
            failed_inside,
            diagnosis: String::new(),
            comments: Ends::default(),
        });
    }

    /// Writes the test that nothing more is said of.
    fn flush(&mut self, sink: &mut Sink<'_>) {
        let Some(pending) = self.pending.take() else {
            return;
        };
        let said = Diagnosis::read(&pending.diagnosis);
        // A parent only repeats its subtests, unless it failed while they passed. Node.js names those without any.
        let is_empty_suite = said.get("type") == Some("suite") && pending.status == Status::Passed;
        let repeats = pending.is_parent && (pending.status != Status::Failure || pending.failed_inside);
        if repeats || is_empty_suite {
            return;
        }
        let titles: Vec<&str> = self.levels[..=pending.depth.min(self.levels.len().saturating_sub(1))]
            .iter()
            .filter_map(|level| level.title.as_deref())
            .collect();
        let class = titles.join(" › ");
        let mut test = NewTest::new(Some(&class), &pending.name, pending.status);
        test.elapsed(
            said.get("duration_ms")
                .and_then(|number| millis(number.parse().ok()?)),
        );
        let (file, line) = said.place();
        test.place(file, line);
        // Of a test that passed, comments are the heading of what follows in many tools.
        if pending.status != Status::Passed {
            let message = said
                .get("error")
                .or(said.get("message"))
                .and_then(|text| text.lines().next());
            let text = [pending.reason.as_str(), pending.diagnosis.trim_end()]
                .into_iter()
                .filter(|text| !text.is_empty())
                .collect::<Vec<_>>()
                .join("\n\n");
            test.problem(message, said.get("failureType").or(said.get("code")), &text);
            test.output("Output", &pending.comments.text());
        }
        sink.put(&test.finish());
    }

    /// Tests that a plan announced and that never came are missing; a file without its plan was cut off.
    fn end(mut self, sink: &mut Sink<'_>) -> Result<(), Error> {
        self.flush(sink);
        if let Some(reason) = self.bailed_out {
            let mut test = NewTest::new(None, "Bail out!", Status::Error);
            test.problem(None, None, &reason);
            sink.put(&test.finish());
            return Ok(());
        }
        match self.levels.first() {
            Some(Level {
                plan: Some(planned),
                points,
                ..
            }) if points < planned => Err(Error::Incomplete(format!(
                "{points} of {planned} tests are in the file"
            ))),
            Some(Level { plan: None, .. }) => Err(Error::Incomplete(
                "the plan (a line such as 1..10) is not in the file".to_owned(),
            )),
            _ => Ok(()),
        }
    }
}

/// The values of one line at the top of a YAML block.
struct Diagnosis(Vec<(String, String)>);

impl Diagnosis {
    /// A block that is no YAML has none.
    fn read(text: &str) -> Diagnosis {
        let (mut pairs, mut key, mut depth) = (Vec::new(), None, 0_u32);
        for event in Parser::new_from_str(text) {
            match event {
                Ok((Event::MappingStart(..) | Event::SequenceStart(..), _)) => {
                    depth += 1;
                    // The key of what is nested is used up; `at.line` is read as `line`.
                    key = None;
                }
                Ok((Event::MappingEnd | Event::SequenceEnd, _)) => depth = depth.saturating_sub(1),
                Ok((Event::Scalar(value, ..), _)) if depth > 0 && depth < 3 => match key.take() {
                    None => key = Some(value.into_owned()),
                    Some(key) => pairs.push((key, value.into_owned())),
                },
                Ok(_) => {}
                Err(_) => break,
            }
        }
        Diagnosis(pairs)
    }

    fn get(&self, key: &str) -> Option<&str> {
        let pair = self.0.iter().find(|(known, _)| known == key)?;
        Some(pair.1.as_str()).filter(|value| !value.is_empty())
    }

    /// `location: 'file:line:column'`, as Node.js writes it, or `file` and `line`.
    fn place(&self) -> (Option<&str>, Option<u64>) {
        let Some(location) = self.get("location") else {
            return (
                self.get("file").or(self.get("fileName")),
                self.get("line").and_then(|line| line.parse().ok()),
            );
        };
        let mut parts = location.rsplitn(3, ':');
        let (column, line, file) = (parts.next(), parts.next(), parts.next());
        match (column.and_then(|column| column.parse::<u64>().ok()), line, file) {
            (Some(_), Some(line), Some(file)) => (Some(file), line.parse().ok()),
            _ => (Some(location), None),
        }
    }
}
