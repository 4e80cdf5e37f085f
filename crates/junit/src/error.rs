//! What can be wrong with a result file, and where.

use std::io::{self, BufRead, Seek, SeekFrom};

/// Why a result file cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file could not be read at all.
    #[error("cannot read the file: {0}")]
    Io(#[from] io::Error),

    /// The file breaks a rule of XML or one of this reader's limits.
    #[error("line {line} (byte {offset}): {problem}")]
    Malformed {
        /// Line of the element, counted from 1.
        line: u64,
        /// Offset of the element in bytes, counted from 0.
        offset: u64,
        /// The rule that is broken.
        problem: Problem,
    },

    /// The file was valid in the first pass and is not in the second.
    #[error("byte {offset}: the file changed while it was read; wait until it is complete and try again")]
    Changed {
        /// Offset in bytes at which the difference was noticed.
        offset: u64,
    },
}

/// The rule that a malformed file breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// A rule of XML's grammar, in the words of the XML parser.
    #[error("not valid XML: {0}; have the tool that wrote the file write it again")]
    Syntax(String),

    /// The file ends inside an element.
    #[error("the file ends inside an element; the tool that wrote it was probably stopped, run it again")]
    Truncated,

    /// There is no element at all.
    #[error("the file has no element; have the tool that wrote the file write it again")]
    NoRoot,

    /// There is text or a second element outside the root element.
    #[error("something stands outside the root element; give each report its own file")]
    OutsideRoot,

    /// The XML declaration is not the first thing in the file.
    #[error("the XML declaration must be the very first thing in the file; remove what stands before it")]
    LateDeclaration,

    /// A document type declaration could define entities, which this reader never expands.
    #[error("a document type declaration is refused for safety; remove <!DOCTYPE …>")]
    Doctype,

    /// Elements are nested more than [`MAX_DEPTH`](crate::MAX_DEPTH) deep.
    #[error("elements are nested more than {} deep; flatten the suites", crate::MAX_DEPTH)]
    TooDeep,

    /// A tag or the text of one element is longer than [`MAX_TEXT`](crate::MAX_TEXT).
    #[error("one tag or text is longer than {} MiB; shorten the output of this test", crate::MAX_TEXT >> 20)]
    TooLong,

    /// An element has more than [`MAX_ATTRIBUTES`](crate::MAX_ATTRIBUTES).
    #[error("one element has more than {} attributes; remove some", crate::MAX_ATTRIBUTES)]
    TooManyAttributes,

    /// An element or attribute name that XML does not allow.
    #[error("`{0}` is not a name that XML allows; rename it")]
    Name(String),

    /// An attribute is given twice.
    #[error("the attribute `{0}` is given twice; keep one")]
    Repeated(String),

    /// An attribute without a quoted value or without a blank before it.
    #[error("the attribute `{0}` is not written as name=\"value\"; put its value in quotes")]
    Attribute(String),

    /// An attribute value with an unescaped `<`.
    #[error("the value of `{0}` holds a bare `<`; write it as &lt;")]
    BareLess(String),

    /// An entity other than the five of XML, or an `&` that starts none.
    #[error("`&{0}` is not an entity of XML; write a bare & as &amp;")]
    Reference(String),
}

/// A problem where it was met, before the line is known.
#[derive(Debug)]
pub(crate) enum Fault {
    Io(io::Error),
    Problem { offset: u64, problem: Problem },
}

impl Fault {
    pub(crate) fn new(offset: u64, problem: Problem) -> Self {
        Self::Problem { offset, problem }
    }

    /// For the first pass: reads `source` again up to the fault to count the lines.
    pub(crate) fn locate<R: BufRead + Seek>(self, source: &mut R) -> Error {
        match self {
            Self::Io(error) => Error::Io(error),
            Self::Problem { offset, problem } => match line_at(source, offset) {
                Ok(line) => Error::Malformed {
                    line,
                    offset,
                    problem,
                },
                Err(error) => Error::Io(error),
            },
        }
    }

    /// For the second pass: what was valid before can only have been changed since.
    pub(crate) fn changed(self) -> Error {
        match self {
            Self::Io(error) => Error::Io(error),
            Self::Problem { offset, .. } => Error::Changed { offset },
        }
    }
}

fn line_at<R: BufRead + Seek>(source: &mut R, offset: u64) -> io::Result<u64> {
    source.seek(SeekFrom::Start(0))?;
    let (mut line, mut left) = (1, offset);
    while left > 0 {
        let chunk = source.fill_buf()?;
        let taken = chunk.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        if taken == 0 {
            break;
        }
        line += memchr::memchr_iter(b'\n', &chunk[..taken]).count() as u64;
        left -= taken as u64;
        source.consume(taken);
    }
    Ok(line)
}
