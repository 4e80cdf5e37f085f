//! Plain text to blocks: a line is a block of its own unless it visibly goes on with the one before.

use super::block::{BlockKind, Blocks};
use super::text::Text;

/// Blanks that a tab stands for, in front of a list point.
const TAB: usize = 4;

/// Lines that are shorter than this are not wrapped either.
const MIN_WIDTH: usize = 50;

/// Lines that are longer than this are not wrapped by hand or by a program.
const MAX_WIDTH: usize = 120;

/// How much shorter than the longest line one may be that a PDF wrapped; its letters differ in width.
const PDF_SLACK: usize = 15;

/// The blocks of a text.
pub(crate) fn blocks(text: &Text) -> Blocks {
    lines(text, 0)
}

/// The blocks of the text of a PDF, whose lines are those of the page.
pub(crate) fn pages(text: &Text) -> Blocks {
    lines(text, PDF_SLACK)
}

fn lines(text: &Text, slack: usize) -> Blocks {
    let width = text
        .as_str()
        .lines()
        .map(|line| line.trim_end().chars().count())
        .max()
        .unwrap_or(0);
    let mut blocks = Blocks::default();
    let mut open: Option<(BlockKind, usize, usize)> = None;
    let mut indents: Vec<usize> = Vec::new();
    let mut at = 0;
    for line in text.as_str().split_inclusive('\n') {
        let start = at;
        at += line.len();
        let content = line.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        if content.is_empty() {
            close(&mut blocks, text, open.take());
            continue;
        }
        let indent = indentation(line);
        if let Some((label, skipped)) = mark(content) {
            close(&mut blocks, text, open.take());
            let depth = depth(&mut indents, indent);
            let before = line.len() - line.trim_start().len() + skipped;
            open = Some((BlockKind::Item { depth, label }, start + before, at));
            continue;
        }
        if let Some((level, skipped)) = heading(content) {
            close(&mut blocks, text, open.take());
            indents.clear();
            let before = line.len() - line.trim_start().len() + skipped;
            blocks.push(BlockKind::Heading(level), text.slice(start + before..at));
            continue;
        }
        match &mut open {
            Some((_, begin, end))
                if goes_on(
                    text.as_str().get(*begin..*end).unwrap_or_default(),
                    content,
                    width,
                    slack,
                ) =>
            {
                *end = at;
            }
            _ => {
                close(&mut blocks, text, open.take());
                indents.clear();
                open = Some((BlockKind::Paragraph, start, at));
            }
        }
    }
    close(&mut blocks, text, open);
    blocks
}

fn close(blocks: &mut Blocks, text: &Text, open: Option<(BlockKind, usize, usize)>) {
    if let Some((kind, start, end)) = open {
        blocks.push(kind, text.slice(start..end));
    }
}

/// A line goes on with the one before if that one has no end, and this one no beginning of a sentence or a first word
/// for which there was no room.
fn goes_on(before: &str, line: &str, width: usize, slack: usize) -> bool {
    let before = before.trim_end();
    if before.ends_with(['.', '!', '?', ':', ';']) {
        return false;
    }
    if line.starts_with(|c: char| c.is_lowercase() || c == '(') {
        return true;
    }
    let last = before.rsplit('\n').next().unwrap_or_default().chars().count();
    let word = line.split_whitespace().next().unwrap_or_default().chars().count();
    (MIN_WIDTH..=MAX_WIDTH).contains(&width) && last + 1 + word + slack > width
}

fn indentation(line: &str) -> usize {
    line.chars()
        .take_while(|c| c.is_whitespace())
        .map(|c| if c == '\t' { TAB } else { 1 })
        .sum()
}

/// How deep a point lies, from the indentations of the points before.
fn depth(indents: &mut Vec<usize>, indent: usize) -> usize {
    while indents.last().is_some_and(|last| *last > indent) {
        indents.pop();
    }
    if indents.last() != Some(&indent) {
        indents.push(indent);
    }
    indents.len() - 1
}

/// A mark of a list point: its number, and how many bytes it takes with the blanks behind.
pub(crate) fn mark(line: &str) -> Option<(Option<String>, usize)> {
    let rest = line.strip_prefix([
        '-', '*', '+', '\u{2022}', '\u{2013}', '\u{25e6}', '\u{25aa}', '\u{b7}',
    ]);
    if let Some(rest) = rest.filter(|rest| rest.starts_with([' ', '\t'])) {
        let rest = rest.trim_start();
        return Some((None, line.len() - rest.len()));
    }
    let open = line.strip_prefix('(').unwrap_or(line);
    let label = open.get(..open.find([')', '.', ' '])?)?;
    let plain = label.len() <= 4 && !label.is_empty() && label.chars().all(|c| c.is_ascii_digit());
    let letter = label.len() == 1 && label.chars().all(|c| c.is_ascii_lowercase());
    let rest = open.get(label.len()..)?.strip_prefix([')', '.'])?;
    if (plain || letter) && rest.starts_with([' ', '\t']) {
        let rest = rest.trim_start();
        return Some((Some(label.to_owned()), line.len() - rest.len()));
    }
    None
}

/// A heading as Markdown, `AsciiDoc` and wikis write it.
fn heading(line: &str) -> Option<(u8, usize)> {
    for mark in ['#', '='] {
        let rest = line.trim_start_matches(mark);
        let level = line.len() - rest.len();
        if (1..=6).contains(&level) && rest.starts_with(' ') {
            return Some((u8::try_from(level).unwrap_or(6), level + 1));
        }
    }
    None
}
