//! Which format a file has, by what it holds.

use std::fmt;
use std::io::{self, BufRead, Read as _, Seek, SeekFrom};
use std::path::Path;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::error::Error;
use crate::lines::TextLines;
use crate::{Format, tap};

/// What a file turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detected {
    /// Results, to be read with [`Spool::add`](crate::Spool::add).
    Results(Format),
    /// Results in a format that is not read, named for a message.
    Other(&'static str),
    /// No test results.
    NotResults,
}

/// Bytes in which the format of JSON must be told by its keys.
const FAR: u64 = 4 << 20;
/// Lines in which text must be told.
const MOST_LINES: usize = 1000;
const BOM: &[u8] = "\u{feff}".as_bytes();

/// Finds out what the file of this name and content is. The name counts only for JUnit, as Testmo's command line
/// decides it. `source` is at its start afterwards.
///
/// # Errors
/// When the file cannot be read.
pub fn detect<R: BufRead + Seek>(file: &Path, source: &mut R) -> io::Result<Detected> {
    let detected = match junit::detect(file, source)? {
        junit::Detected::Junit => Detected::Results(Format::Junit),
        other => {
            let found = by_content(source)?;
            match (found, other) {
                (Some(format), _) => Detected::Results(format),
                (None, junit::Detected::Other(name)) => Detected::Other(name),
                _ => Detected::NotResults,
            }
        }
    };
    source.seek(SeekFrom::Start(0))?;
    Ok(detected)
}

fn by_content<R: BufRead + Seek>(source: &mut R) -> io::Result<Option<Format>> {
    source.seek(SeekFrom::Start(0))?;
    skip_bom(source)?;
    let first = loop {
        let Some(byte) = source.fill_buf()?.first().copied() else {
            return Ok(None);
        };
        if !byte.is_ascii_whitespace() {
            break byte;
        }
        source.consume(1);
    };
    match first {
        b'<' => {
            source.seek(SeekFrom::Start(0))?;
            Ok(junit::root_name(source)?.as_deref().and_then(by_root))
        }
        b'{' | b'[' => Ok(by_keys(source)),
        _ => by_lines(source),
    }
}

/// By the first line that begins TAP, or an event of Go below what its compiler said.
fn by_lines(source: &mut impl BufRead) -> io::Result<Option<Format>> {
    let mut lines = TextLines::new(source.take(FAR));
    let mut may_be_tap = true;
    for _ in 0..MOST_LINES {
        let line = match lines.next_line() {
            Ok(Some(line)) => line,
            Err(Error::Io(error)) => return Err(error),
            Ok(None) | Err(_) => break,
        };
        if line.starts_with('{') {
            return Ok(by_keys(&mut line.as_bytes()).filter(|format| *format == Format::Go));
        }
        if may_be_tap && tap::is_start(&line) {
            return Ok(Some(Format::Tap));
        }
        may_be_tap &= line.trim().is_empty() || line.starts_with('#');
    }
    Ok(None)
}

/// Passes over a byte order mark, which tools of Windows write.
pub(crate) fn skip_bom(source: &mut impl BufRead) -> io::Result<()> {
    if source.fill_buf()?.starts_with(BOM) {
        source.consume(BOM.len());
    }
    Ok(())
}

fn by_root(root: &str) -> Option<Format> {
    match root {
        "TestRun" => Some(Format::Trx),
        "test-run" => Some(Format::NUnit3),
        "assemblies" | "assembly" => Some(Format::XUnit),
        _ => None,
    }
}

/// By the keys of the first JSON value. What is no JSON any more, or goes on too long, is told by what came before.
fn by_keys(source: &mut impl BufRead) -> Option<Format> {
    let mut keys = Keys::default();
    let mut json = serde_json::Deserializer::from_reader(source.take(FAR));
    let _ = Top(&mut keys).deserialize(&mut json);
    keys.format()
}

#[derive(Default)]
struct Keys {
    is_list: bool,
    names: Vec<String>,
    /// Keys of the object `results`.
    inner: Vec<String>,
}

impl Keys {
    fn format(&self) -> Option<Format> {
        let has = |name: &str| self.names.iter().any(|known| known == name);
        let inside = |name: &str| self.inner.iter().any(|known| known == name);
        if self.is_list {
            let is_feature = has("elements") || (has("keyword") && has("uri"));
            return is_feature.then_some(Format::Cucumber);
        }
        if inside("tests") && (inside("tool") || inside("summary")) {
            return Some(Format::Ctrf);
        }
        if has("config") && has("suites") {
            return Some(Format::Playwright);
        }
        if has("Action") && (has("Time") || has("Package") || has("ImportPath")) {
            return Some(Format::Go);
        }
        let is_allure = has("uuid") && has("name") && has("status") && (has("stage") || has("historyId"));
        is_allure.then_some(Format::Allure)
    }
}

/// Notes the keys of the object, or of the first object of the list.
struct Top<'k>(&'k mut Keys);

impl<'de> DeserializeSeed<'de> for Top<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Top<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or a list of objects")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            let is_results = name == "results" && !self.0.is_list;
            self.0.names.push(name);
            if is_results {
                map.next_value_seed(Inner(self.0))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        self.0.is_list = true;
        // An error ends the reading of what follows the first element.
        list.next_element_seed(Top(self.0))?;
        Err(serde::de::Error::custom("enough is known"))
    }
}

struct Inner<'k>(&'k mut Keys);

impl<'de> DeserializeSeed<'de> for Inner<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Inner<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            self.0.inner.push(name);
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}
