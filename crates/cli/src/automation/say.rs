//! What is told while a command works: plain lines, as CI logs want them.

use std::fmt::Display;
use std::io::{self, IsTerminal as _, Write};

use super::args::Common;

/// Where lines go, and whether they are coloured.
#[derive(Debug, Clone, Copy)]
pub(super) struct Say {
    is_coloured: bool,
    /// Whether progress goes to stderr, because stdout is for the result alone.
    is_aside: bool,
    pub(super) is_debug: bool,
    /// Whether somebody watches, so that progress may be drawn.
    pub(super) is_live: bool,
}

impl Say {
    /// As the options, the terminal and `NO_COLOR` (<https://no-color.org>) have it.
    pub(super) fn new(common: &Common, no_color: bool) -> Say {
        let by_terminal = || io::stderr().is_terminal() && !no_color;
        Say {
            is_coloured: common.colour().unwrap_or_else(by_terminal),
            is_debug: common.debug,
            is_aside: false,
            is_live: io::stderr().is_terminal() && std::env::var_os("CI").is_none() && !common.debug,
        }
    }

    /// The same with progress on stderr.
    pub(super) fn aside(self) -> Say {
        Say {
            is_aside: true,
            ..self
        }
    }

    /// A line of progress. A reader that has gone away is no failure.
    pub(super) fn line(self, text: impl Display) {
        if self.is_aside {
            let _ = writeln!(io::stderr().lock(), "{text}");
        } else {
            print(text);
        }
    }

    /// What needs attention, on stderr.
    pub(super) fn warn(self, text: impl Display) {
        self.coloured("33", text);
    }

    /// What failed, on stderr.
    pub(super) fn fail(self, text: impl Display) {
        self.coloured("31", text);
    }

    fn coloured(self, colour: &str, text: impl Display) {
        let mut out = io::stderr().lock();
        let _ = if self.is_coloured {
            writeln!(out, "\u{1b}[{colour}m{text}\u{1b}[0m")
        } else {
            writeln!(out, "{text}")
        };
    }
}

/// A line of the result, on stdout.
pub(super) fn print(text: impl Display) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
}
