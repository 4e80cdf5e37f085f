//! The XML parser as both passes use it.

use std::borrow::Cow;
use std::io::{self, BufRead, Seek};

use quick_xml::errors::{Error as XmlError, IllFormedError};
use quick_xml::events::{BytesStart, Event};

use crate::attributes::Attributes;
use crate::error::{Fault, Problem};
use crate::source::{Source, is_too_long};

/// A buffer that grew beyond this for one long event is given back.
const KEPT_BUFFER: usize = 1 << 20;

/// What stands next in the file.
pub(crate) enum Node<'b> {
    /// A start tag. An empty element is an `Open` followed by a `Close`.
    Open(Tag<'b>),
    /// An end tag.
    Close,
    /// Raw character data.
    Text(Cow<'b, str>),
    /// The name of an entity or character reference.
    Reference(Cow<'b, str>),
    /// Character data to be kept verbatim.
    CData(Cow<'b, str>),
    /// A comment.
    Comment,
    /// A processing instruction, or the XML declaration.
    Instruction,
    /// The end of the file.
    End,
}

/// A start tag.
pub(crate) struct Tag<'b> {
    element: BytesStart<'b>,
    /// Offset in the file of its `<`.
    pub(crate) start: u64,
    /// Offset in the file of the byte after it.
    pub(crate) content: u64,
}

impl Tag<'_> {
    /// The name with its prefix: `j:testcase` is not `testcase`.
    pub(crate) fn name(&self) -> &str {
        self.element.name().0
    }

    pub(crate) fn attributes(&self) -> Attributes<'_> {
        Attributes::new(self.element.attributes_raw())
    }
}

/// Reads nodes one at a time. Memory is bounded by the longest tag or text.
pub(crate) struct Xml<R> {
    reader: quick_xml::Reader<Source<R>>,
    buffer: Vec<u8>,
    /// Offset in the file of the last node.
    start: u64,
    /// Whether the last node was an empty element, whose `Close` follows.
    is_close_due: bool,
}

impl<R: BufRead> Xml<R> {
    /// A reader that proves end tags to match.
    pub(crate) fn validating(source: R) -> Self {
        let reader = quick_xml::Reader::from_reader(Source::new(source));
        Self {
            reader,
            buffer: Vec::new(),
            start: 0,
            is_close_due: false,
        }
    }

    /// A reader for a file that was validated before: it may be moved with [`Xml::seek_to`].
    pub(crate) fn trusting(source: R) -> Self {
        let mut xml = Self::validating(source);
        let config = xml.reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        xml
    }

    /// A problem with the last node.
    pub(crate) fn fault(&self, problem: Problem) -> Fault {
        Fault::new(self.start, problem)
    }

    pub(crate) fn next(&mut self) -> Result<Node<'_>, Fault> {
        if std::mem::take(&mut self.is_close_due) {
            return Ok(Node::Close);
        }
        self.buffer.clear();
        self.buffer.shrink_to(KEPT_BUFFER);
        let source = self.reader.get_mut();
        source.renew_budget();
        self.start = source.position();
        let start = self.start;
        let event = self
            .reader
            .read_event_into(&mut self.buffer)
            .map_err(|error| fault(start, error))?;
        let content = self.reader.get_ref().position();
        Ok(match event {
            Event::Start(element) => Node::Open(Tag {
                element,
                start,
                content,
            }),
            Event::Empty(element) => {
                self.is_close_due = true;
                Node::Open(Tag {
                    element,
                    start,
                    content,
                })
            }
            Event::End(_) => Node::Close,
            Event::Text(text) => Node::Text(text.into_inner()),
            Event::GeneralRef(name) => Node::Reference(name.into_inner()),
            Event::CData(text) => Node::CData(text.into_inner()),
            Event::Comment(_) => Node::Comment,
            Event::Decl(_) if start > 0 => return Err(Fault::new(start, Problem::LateDeclaration)),
            Event::PI(_) | Event::Decl(_) => Node::Instruction,
            Event::DocType(_) => return Err(Fault::new(start, Problem::Doctype)),
            Event::Eof => Node::End,
        })
    }

    /// Leaves the element that was opened last.
    pub(crate) fn skip_element(&mut self) -> Result<(), Fault> {
        let mut depth = 1;
        while depth > 0 {
            match self.next()? {
                Node::Open(_) => depth += 1,
                Node::Close => depth -= 1,
                Node::End => return Err(self.fault(Problem::Truncated)),
                _ => {}
            }
        }
        Ok(())
    }
}

impl<R: BufRead + Seek> Xml<R> {
    /// Goes on at `position`, which must be the end of a tag.
    pub(crate) fn seek_to(&mut self, position: u64) -> Result<(), Fault> {
        self.is_close_due = false;
        self.reader.get_mut().seek_to(position).map_err(Fault::Io)
    }
}

fn fault(offset: u64, error: XmlError) -> Fault {
    let problem = match error {
        XmlError::Io(error) if is_too_long(&error) => Problem::TooLong,
        XmlError::Io(error) => return Fault::Io(io::Error::new(error.kind(), error)),
        XmlError::IllFormed(IllFormedError::UnclosedReference) => Problem::Reference(String::new()),
        XmlError::IllFormed(error) => Problem::Syntax(error.to_string()),
        XmlError::Syntax(error) => Problem::Syntax(error.to_string()),
        error => Problem::Syntax(error.to_string()),
    };
    Fault::new(offset, problem)
}
