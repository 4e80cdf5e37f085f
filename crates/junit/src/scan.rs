//! The first pass: proves that the file is valid and within the limits, and sums up what it holds.

use std::io::BufRead;

use crate::attributes::{is_name, is_xml_blank};
use crate::error::{Fault, Problem};
use crate::escape;
use crate::number::microseconds;
use crate::order::{MixedElements, Rank};
use crate::test::Status;
use crate::text::trim;
use crate::xml::{Node, Tag, Xml};
use crate::{MAX_ATTRIBUTES, MAX_DEPTH, MAX_TEXT, Summary};

/// What the second pass needs to know.
pub(crate) struct Scanned {
    pub(crate) summary: Summary,
    pub(crate) mixed: MixedElements,
}

pub(crate) fn scan<R: BufRead>(source: R) -> Result<Scanned, Fault> {
    let mut xml = Xml::validating(source);
    let mut scan = Scan::default();
    loop {
        let problem = match xml.next()? {
            Node::Open(tag) => {
                let start = tag.start;
                scan.open(&tag).map_err(|problem| Fault::new(start, problem))?;
                continue;
            }
            Node::Close => {
                scan.close();
                continue;
            }
            Node::Text(text) => scan.text(&text),
            Node::CData(text) => scan.inside(text.len()),
            Node::Reference(name) => scan.reference(&name),
            Node::Comment | Node::Instruction => continue,
            Node::End => return scan.finish(),
        };
        problem.map_err(|problem| xml.fault(problem))?;
    }
}

#[derive(Default)]
struct Scan {
    elements: Vec<Element>,
    has_root: bool,
    summary: Summary,
    mixed: MixedElements,
    total: Total,
}

/// An open element.
struct Element {
    role: Role,
    start: u64,
    /// Bytes of its own text so far.
    text: usize,
}

enum Role {
    Suite(Suite),
    Case(Case),
    Other,
}

#[derive(Default)]
struct Suite {
    /// The highest rank among the children so far.
    highest: Option<Rank>,
    is_mixed: bool,
    /// Whether the suite lies on the path to the file's own duration and does not give it itself.
    is_on_path: bool,
}

struct Case {
    is_named: bool,
    status: Status,
    elapsed: Option<u64>,
}

/// The `elapsed_computed` of the contract: from the document down while there is exactly one suite and
/// no test, the first suite that gives its duration decides, otherwise the tests are summed up.
#[derive(Default)]
struct Total {
    /// The first duration on the path, if it is usable.
    given: Option<u64>,
    /// The path turned out to end before that duration.
    is_cut: bool,
    sum: u64,
}

impl Scan {
    fn open(&mut self, tag: &Tag<'_>) -> Result<(), Problem> {
        if self.elements.len() == MAX_DEPTH {
            return Err(Problem::TooDeep);
        }
        if self.elements.is_empty() && std::mem::replace(&mut self.has_root, true) {
            return Err(Problem::OutsideRoot);
        }
        if !is_name(tag.name()) {
            return Err(Problem::Name(escape::shown(tag.name())));
        }
        let attributes = Attributes::read(tag)?;
        let role = self.role(tag.name(), &attributes)?;
        self.elements.push(Element {
            role,
            start: tag.start,
            text: 0,
        });
        Ok(())
    }

    /// What the element is good for, told to its parent.
    fn role(&mut self, name: &str, attributes: &Attributes<'_>) -> Result<Role, Problem> {
        let is_on_path = match self.elements.last_mut() {
            None => true,
            Some(parent) => match &mut parent.role {
                Role::Suite(suite) => {
                    let Some(rank) = Rank::of(name) else {
                        return Ok(Role::Other);
                    };
                    if suite.highest > Some(rank) && !std::mem::replace(&mut suite.is_mixed, true) {
                        self.mixed.insert(parent.start);
                    }
                    let is_only_suite = suite.highest.is_none() && rank != Rank::Case;
                    suite.highest = suite.highest.max(Some(rank));
                    self.total.is_cut |= suite.is_on_path && !is_only_suite;
                    suite.is_on_path && is_only_suite
                }
                Role::Case(case) => {
                    case.status = case.status.max(outcome(name));
                    return Ok(Role::Other);
                }
                Role::Other => return Ok(Role::Other),
            },
        };
        match Rank::of(name) {
            None => Ok(Role::Other),
            Some(Rank::Case) => attributes.case().map(Role::Case),
            Some(Rank::Suite | Rank::Suites) => {
                let gives_duration = is_on_path && attributes.has_duration();
                if gives_duration {
                    self.total.given = attributes.duration()?;
                }
                Ok(Role::Suite(Suite {
                    is_on_path: is_on_path && !gives_duration,
                    ..Suite::default()
                }))
            }
        }
    }

    fn close(&mut self) {
        if let Some(Element {
            role: Role::Case(case),
            ..
        }) = self.elements.pop()
        {
            self.count(&case);
        }
    }

    fn count(&mut self, case: &Case) {
        if !case.is_named {
            self.summary.unnamed += 1;
            return;
        }
        self.summary.tests += 1;
        self.total.sum = self.total.sum.saturating_add(case.elapsed.unwrap_or(0));
        let counter = match case.status {
            Status::Passed => &mut self.summary.passed,
            Status::Skipped => &mut self.summary.skipped,
            Status::Failure => &mut self.summary.failures,
            Status::Error => &mut self.summary.errors,
        };
        *counter += 1;
    }

    fn text(&mut self, raw: &str) -> Result<(), Problem> {
        if self.elements.is_empty() && raw.chars().all(is_xml_blank) {
            return Ok(());
        }
        self.inside(raw.len())
    }

    fn reference(&mut self, name: &str) -> Result<(), Problem> {
        escape::resolve(name).ok_or_else(|| Problem::Reference(format!("{};", escape::shown(name))))?;
        self.inside(name.len() + 2)
    }

    /// Counts character data, which must be inside an element.
    fn inside(&mut self, length: usize) -> Result<(), Problem> {
        let element = self.elements.last_mut().ok_or(Problem::OutsideRoot)?;
        element.text += length;
        if element.text > MAX_TEXT {
            Err(Problem::TooLong)
        } else {
            Ok(())
        }
    }

    fn finish(mut self) -> Result<Scanned, Fault> {
        if let Some(unclosed) = self.elements.last() {
            return Err(Fault::new(unclosed.start, Problem::Truncated));
        }
        if !self.has_root {
            return Err(Fault::new(0, Problem::NoRoot));
        }
        self.mixed.seal();
        let given = self.total.given.filter(|_| !self.total.is_cut);
        self.summary.elapsed_computed = given.unwrap_or(self.total.sum);
        Ok(Scanned {
            summary: self.summary,
            mixed: self.mixed,
        })
    }
}

fn outcome(name: &str) -> Status {
    match name {
        "skipped" => Status::Skipped,
        "failure" => Status::Failure,
        "error" => Status::Error,
        _ => Status::Passed,
    }
}

/// The raw values that the first pass looks at. Reading them proves that all attributes are valid.
#[derive(Default)]
struct Attributes<'a> {
    name: Option<&'a str>,
    time: Option<&'a str>,
    duration: Option<&'a str>,
}

impl<'a> Attributes<'a> {
    fn read(tag: &'a Tag<'_>) -> Result<Self, Problem> {
        let mut found = Self::default();
        let mut names = Vec::new();
        for attribute in tag.attributes() {
            let (name, value) = attribute?;
            escape::check(value)?;
            if names.len() == MAX_ATTRIBUTES {
                return Err(Problem::TooManyAttributes);
            }
            if names.contains(&name) {
                return Err(Problem::Repeated(escape::shown(name)));
            }
            names.push(name);
            match name {
                "name" => found.name = Some(value),
                "time" => found.time = Some(value),
                "duration" => found.duration = Some(value),
                _ => {}
            }
        }
        Ok(found)
    }

    fn has_duration(&self) -> bool {
        self.time.is_some() || self.duration.is_some()
    }

    fn duration(&self) -> Result<Option<u64>, Problem> {
        for raw in [self.time, self.duration].into_iter().flatten() {
            if let Some(micros) = microseconds(&escape::decode(trim(raw))?) {
                return Ok(Some(micros));
            }
        }
        Ok(None)
    }

    fn case(&self) -> Result<Case, Problem> {
        let is_named = self.name.is_some_and(|name| !trim(name).is_empty());
        Ok(Case {
            is_named,
            status: Status::Passed,
            elapsed: self.duration()?,
        })
    }
}
