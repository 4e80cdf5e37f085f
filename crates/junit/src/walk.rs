//! The second pass: hands out the tests one at a time, in the order in which they are sent.

use std::io::{BufRead, Seek};

use crate::case;
use crate::error::{Error, Fault, Problem};
use crate::order::{MixedElements, Rank};
use crate::test::Test;
use crate::xml::{Node, Xml};

/// The tests of a report, made by [`Report::tests`](crate::Report::tests). Ends after an error.
pub struct Tests<'r, R> {
    xml: Xml<&'r mut R>,
    mixed: &'r MixedElements,
    suites: Vec<Suite>,
    is_done: bool,
}

/// A suite that is being read.
struct Suite {
    /// Offset in the file of its content.
    content: u64,
    /// The only rank of children that is read in this turn, for a mixed suite.
    turn: Option<Rank>,
}

impl<'r, R: BufRead + Seek> Tests<'r, R> {
    pub(crate) fn new(source: &'r mut R, mixed: &'r MixedElements) -> Self {
        Self {
            xml: Xml::trusting(source),
            mixed,
            suites: Vec::new(),
            is_done: false,
        }
    }

    fn next_test(&mut self) -> Result<Option<Test>, Fault> {
        loop {
            match self.xml.next()? {
                Node::Open(tag) => match Rank::of(tag.name()).filter(|rank| is_due(&self.suites, *rank)) {
                    None => {
                        drop(tag);
                        self.xml.skip_element()?;
                    }
                    Some(Rank::Suite | Rank::Suites) => {
                        let turn = self.mixed.contains(tag.start).then_some(Rank::Suite);
                        self.suites.push(Suite {
                            content: tag.content,
                            turn,
                        });
                    }
                    Some(Rank::Case) => {
                        let attributes = case::Attributes::read(&tag)?;
                        drop(tag);
                        if let Some(test) = case::read(&mut self.xml, attributes)? {
                            return Ok(Some(test));
                        }
                    }
                },
                Node::Close => self.leave_suite()?,
                Node::End if self.suites.is_empty() => return Ok(None),
                Node::End => return Err(self.xml.fault(Problem::Truncated)),
                _ => {}
            }
        }
    }

    /// Leaves the innermost suite, or reads it again for the next rank of its children.
    fn leave_suite(&mut self) -> Result<(), Fault> {
        match self.suites.last_mut() {
            Some(Suite { content, turn }) if turn.is_some_and(|rank| rank.following().is_some()) => {
                *turn = turn.and_then(Rank::following);
                self.xml.seek_to(*content)
            }
            _ => {
                self.suites.pop();
                Ok(())
            }
        }
    }
}

/// Whether children of `rank` are read in this turn of the innermost suite.
fn is_due(suites: &[Suite], rank: Rank) -> bool {
    suites
        .last()
        .and_then(|suite| suite.turn)
        .is_none_or(|turn| turn == rank)
}

impl<R: BufRead + Seek> Iterator for Tests<'_, R> {
    type Item = Result<Test, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_done {
            return None;
        }
        let test = self.next_test().map_err(Fault::changed).transpose();
        self.is_done = !matches!(test, Some(Ok(_)));
        test
    }
}
