//! What the XML formats have in common.

use std::io::{BufRead, Seek, SeekFrom};

use junit::{Element, Elements, Misread, Piece};

use crate::error::Error;

/// Reads a whole file: `each` gets the root element and must read all of it.
pub(crate) fn read<R: BufRead + Seek>(
    source: &mut R,
    each: impl FnOnce(&mut Elements<&mut R>, Element) -> Result<(), Misread>,
) -> Result<(), Error> {
    source.seek(SeekFrom::Start(0))?;
    let mut elements = Elements::new(&mut *source);
    let read = match elements.next_piece() {
        Ok(Piece::Open(root)) => each(&mut elements, root).and_then(|()| elements.next_piece().map(drop)),
        Ok(_) => Ok(()),
        Err(misread) => Err(misread),
    };
    read.map_err(|misread| misread.locate(source).into())
}

/// Hands each child of the element that was opened last to `each`, which must read all of it.
pub(crate) fn children<R: BufRead>(
    elements: &mut Elements<R>,
    mut each: impl FnMut(&mut Elements<R>, Element) -> Result<(), Misread>,
) -> Result<(), Misread> {
    while let Piece::Open(child) = elements.next_piece()? {
        each(elements, child)?;
    }
    Ok(())
}

/// A message and a stack trace, as the three formats have them.
#[derive(Debug, Default)]
pub(crate) struct Problem {
    pub(crate) message: String,
    pub(crate) trace: String,
}

impl Problem {
    /// Reads the children `message` and `stack-trace`, by these names.
    pub(crate) fn read<R: BufRead>(
        elements: &mut Elements<R>,
        message: &str,
        trace: &str,
    ) -> Result<Problem, Misread> {
        let mut problem = Problem::default();
        children(elements, |elements, child| {
            match child.name.as_str() {
                name if name == message => problem.message = elements.text()?,
                name if name == trace => problem.trace = elements.text()?,
                _ => elements.skip()?,
            }
            Ok(())
        })?;
        Ok(problem)
    }

    /// Message and trace, one below the other.
    pub(crate) fn text(&self) -> String {
        match (self.message.as_str(), self.trace.as_str()) {
            ("", text) | (text, "") => text.to_owned(),
            (message, trace) => format!("{message}\n\n{trace}"),
        }
    }

    /// The first line of the message.
    pub(crate) fn headline(&self) -> Option<&str> {
        self.message.lines().next()
    }
}
