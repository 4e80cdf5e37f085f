//! XML of any kind, read element by element under the same limits as JUnit.

use std::collections::BTreeMap;
use std::io::{BufRead, Seek};

use crate::error::{Error, Fault, Problem};
use crate::escape;
use crate::text::{Content, trim};
use crate::xml::{Node, Tag, Xml};
use crate::{MAX_ATTRIBUTES, MAX_DEPTH};

/// What stands next in an XML file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// An element begins.
    Open(Element),
    /// The element that was opened last, and not closed yet, ends.
    Close,
    /// The file ends.
    End,
}

/// The start of an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// Its name without prefix.
    pub name: String,
    attributes: BTreeMap<String, String>,
}

impl Element {
    /// The value of an attribute, trimmed and decoded; an empty one counts as absent.
    pub fn get(&self, attribute: &str) -> Option<&str> {
        self.attributes.get(attribute).map(String::as_str)
    }
}

/// Hands out the elements of an XML file in their order. Text is read on demand, see [`Elements::text`]. Memory is
/// bounded by the longest tag or text; DOCTYPE, deep nesting and malformed XML are refused as for JUnit.
pub struct Elements<R> {
    xml: Xml<R>,
    depth: usize,
    has_root: bool,
}

impl<R: BufRead> Elements<R> {
    /// Reads from `source`, which must be at the start of the file.
    pub fn new(source: R) -> Elements<R> {
        Elements {
            xml: Xml::validating(source),
            depth: 0,
            has_root: false,
        }
    }

    /// The next start or end of an element. Text in between is passed over.
    ///
    /// # Errors
    /// What is wrong, at a byte of the file; [`Misread::locate`] finds the line.
    pub fn next_piece(&mut self) -> Result<Piece, Misread> {
        loop {
            match self.xml.next()? {
                Node::Open(tag) => {
                    let start = tag.start;
                    let element = element(&tag).map_err(|problem| Fault::new(start, problem))?;
                    if self.depth == MAX_DEPTH {
                        return Err(Fault::new(start, Problem::TooDeep).into());
                    }
                    if self.depth == 0 && std::mem::replace(&mut self.has_root, true) {
                        return Err(Fault::new(start, Problem::OutsideRoot).into());
                    }
                    self.depth += 1;
                    return Ok(Piece::Open(element));
                }
                Node::Close => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(Piece::Close);
                }
                Node::End => return self.end(),
                Node::Text(_) | Node::Reference(_) | Node::CData(_) | Node::Comment | Node::Instruction => {}
            }
        }
    }

    fn end(&self) -> Result<Piece, Misread> {
        match (self.depth, self.has_root) {
            (0, true) => Ok(Piece::End),
            (0, false) => Err(self.xml.fault(Problem::NoRoot).into()),
            _ => Err(self.xml.fault(Problem::Truncated).into()),
        }
    }

    /// The text of the element that was opened last, up to its end, without that of its children.
    ///
    /// # Errors
    /// As [`Elements::next_piece`].
    pub fn text(&mut self) -> Result<String, Misread> {
        let mut content = Content::default();
        loop {
            let added = match self.xml.next()? {
                Node::Open(_) => {
                    self.xml.skip_element()?;
                    content.end_stretch()
                }
                Node::Close => {
                    self.depth = self.depth.saturating_sub(1);
                    let text = content.finish().map_err(|problem| self.xml.fault(problem))?;
                    return Ok(trim(&text).to_owned());
                }
                Node::Text(raw) => {
                    content.push_raw(&raw);
                    Ok(())
                }
                Node::Reference(name) => {
                    content.push_reference(&name);
                    Ok(())
                }
                Node::CData(verbatim) => content.push_cdata(&verbatim),
                Node::Instruction => content.end_stretch(),
                Node::Comment => Ok(()),
                Node::End => Err(Problem::Truncated),
            };
            added.map_err(|problem| self.xml.fault(problem))?;
            if content.len() > crate::MAX_TEXT {
                return Err(self.xml.fault(Problem::TooLong).into());
            }
        }
    }

    /// Leaves the element that was opened last.
    ///
    /// # Errors
    /// As [`Elements::next_piece`].
    pub fn skip(&mut self) -> Result<(), Misread> {
        self.xml.skip_element()?;
        self.depth = self.depth.saturating_sub(1);
        Ok(())
    }
}

fn element(tag: &Tag<'_>) -> Result<Element, Problem> {
    let mut attributes = BTreeMap::new();
    for attribute in tag.attributes() {
        let (name, raw) = attribute?;
        if attributes.len() == MAX_ATTRIBUTES {
            return Err(Problem::TooManyAttributes);
        }
        let value = escape::decode(trim(raw))?;
        if !value.is_empty() {
            attributes.insert(name.to_owned(), value.into_owned());
        }
    }
    let name = tag.name();
    Ok(Element {
        name: name.rsplit(':').next().unwrap_or(name).to_owned(),
        attributes,
    })
}

/// Something that is wrong at a byte of a file.
#[derive(Debug)]
pub struct Misread(Fault);

impl Misread {
    /// The error with its line: `source` is read again up to the place.
    pub fn locate<R: BufRead + Seek>(self, source: &mut R) -> Error {
        self.0.locate(source)
    }
}

impl From<Fault> for Misread {
    fn from(fault: Fault) -> Misread {
        Misread(fault)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn elements_come_in_order_with_decoded_attributes_and_text() {
        let xml =
            "<a:run n=' 1 &lt; 2 ' empty=''><m> x <b>no</b>y<![CDATA[ z ]]></m><skip><m/></skip></a:run>";
        let mut elements = Elements::new(Cursor::new(xml));
        let Piece::Open(run) = elements.next_piece().unwrap() else {
            panic!("an element");
        };
        assert_eq!(
            (run.name.as_str(), run.get("n"), run.get("empty")),
            ("run", Some("1 < 2"), None)
        );
        assert!(matches!(elements.next_piece().unwrap(), Piece::Open(_)));
        assert_eq!(elements.text().unwrap(), "xy z");
        assert!(matches!(elements.next_piece().unwrap(), Piece::Open(_)));
        elements.skip().unwrap();
        assert_eq!(elements.next_piece().unwrap(), Piece::Close);
        assert_eq!(elements.next_piece().unwrap(), Piece::End);
    }

    #[test]
    fn what_is_no_xml_is_refused_with_its_line() {
        let deep = "<a>".repeat(MAX_DEPTH + 1);
        for (xml, problem) in [
            ("<!DOCTYPE a><a/>", Problem::Doctype),
            ("\n<a>", Problem::Truncated),
            ("", Problem::NoRoot),
            ("<a/><a/>", Problem::OutsideRoot),
            (&deep, Problem::TooDeep),
        ] {
            let mut source = Cursor::new(xml);
            let mut elements = Elements::new(&mut source);
            let misread = loop {
                match elements.next_piece() {
                    Ok(Piece::End) => panic!("{xml} is read"),
                    Ok(_) => {}
                    Err(misread) => break misread,
                }
            };
            let Error::Malformed { problem: found, .. } = misread.locate(&mut source) else {
                panic!("{xml}");
            };
            assert_eq!(found, problem, "{xml}");
        }
    }
}
