//! `POST automation/runs/threads/{id}/append` (contract §2.1): the bulk upload of tests.
//!
//! A body in memory is one transaction. A larger one is read twice from its file: the first pass checks all of it, the
//! second writes pieces, so that neither memory nor the writer is ever held for long. A repeated `Idempotency-Key` goes
//! on after the pieces that are in.

use super::dto::{TestIn, ThreadIn, stop};
use super::input::Input;
use crate::body::{Body, malformed};
use crate::context::{Cx, Outcome, Reply, no_content};
use crate::wire::{Object, objects};
use app::automation::threads::{self, NewThread, Part};
use app::{Answer, Error, automation};
use model::automation::NewTest;
use model::status::Statuses;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::io::Read;
use std::sync::Arc;
use tokio::sync::mpsc;

/// Tests of one piece.
const PIECE_TESTS: usize = 250;
/// Bytes of one piece, roughly.
const PIECE_BYTES: usize = 256 * 1024;

/// Takes one test; false ends the reading.
type Sink<'s> = &'s mut dyn FnMut(usize, TestIn) -> bool;

pub(crate) async fn append(cx: Cx) -> Outcome {
    let statuses = automation::statuses(&cx.app).await?;
    let claim = cx.claim()?;
    let thread = cx.thread()?;
    let _place = cx.place().await?;
    if let Body::Memory { .. } = cx.body {
        let (tests, end) = read_whole(&cx.body, &statuses)?;
        // Its room is free for others while the tests wait to be written.
        drop(cx.body);
        let part = Part {
            offset: 0,
            tests,
            end: Some(end),
        };
        let answer = threads::append(&cx.app, &cx.actor, thread, part, claim, no_content).await?;
        return Reply::once(answer, no_content);
    }
    let (body, statuses) = (Arc::new(cx.body), Arc::new(statuses));
    let (checked, known) = (Arc::clone(&body), Arc::clone(&statuses));
    blocking(move || check(&checked, &known)).await?;
    let (sender, mut parts) = mpsc::channel(1);
    let reading = tokio::task::spawn_blocking(move || send_parts(&body, &statuses, &sender));
    while let Some(part) = parts.recv().await {
        let answer = threads::append(&cx.app, &cx.actor, thread, part, claim.clone(), no_content).await?;
        if let Answer::Known(..) = answer {
            return Reply::once(answer, no_content);
        }
    }
    reading.await.map_err(|_| Error::Busy)??;
    Ok(Reply::Empty)
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Error::Busy)?
}

/// All tests of a body that is in memory.
fn read_whole(body: &Body, statuses: &Statuses) -> Result<(Vec<NewTest>, NewThread), Error> {
    let (mut input, mut tests) = (Input::default(), Vec::new());
    let end = read(body, &mut |place, test| {
        tests.push(input.test(place, test, statuses));
        !input.is_full()
    })?;
    let end = input.thread(end.unwrap_or_default());
    input.finish()?;
    Ok((tests, end))
}

/// The first pass over a large body: everything that is wrong with it, and nothing kept.
fn check(body: &Body, statuses: &Statuses) -> Result<(), Error> {
    let mut input = Input::default();
    let end = read(body, &mut |place, test| {
        input.test(place, test, statuses);
        !input.is_full()
    })?;
    input.thread(end.unwrap_or_default());
    input.finish()
}

/// The second pass: pieces in their order. It ends early when nobody takes them any more.
fn send_parts(body: &Body, statuses: &Statuses, parts: &mpsc::Sender<Part>) -> Result<(), Error> {
    let (mut input, mut tests, mut bytes, mut offset) = (Input::default(), Vec::new(), 0, 0);
    let end = read(body, &mut |place, test| {
        let test = input.test(place, test, statuses);
        bytes += test.bytes();
        tests.push(test);
        if tests.len() < PIECE_TESTS && bytes < PIECE_BYTES {
            return true;
        }
        let piece = std::mem::take(&mut tests);
        let after = offset + i64::try_from(piece.len()).unwrap_or(0);
        let is_taken = parts
            .blocking_send(Part {
                offset,
                tests: piece,
                end: None,
            })
            .is_ok();
        (bytes, offset) = (0, after);
        is_taken
    })?;
    if let Some(end) = end {
        let end = Some(input.thread(end));
        // Nobody listening means that a piece was refused, which its own answer says.
        let _ = parts.blocking_send(Part { offset, tests, end });
    }
    Ok(())
}

/// Reads a body and hands each test to `sink`; what stands beside the tests, unless the sink ended it.
fn read(body: &Body, sink: Sink<'_>) -> Result<Option<ThreadIn>, Error> {
    let mut stopped = false;
    let seed = TopLevel {
        sink,
        stopped: &mut stopped,
    };
    let result = match body {
        Body::Memory { bytes, .. } if bytes.iter().all(u8::is_ascii_whitespace) => Ok(ThreadIn::default()),
        Body::Memory { bytes, .. } => read_from(serde_json::Deserializer::from_slice(bytes), seed),
        Body::Spooled(_) => read_from(
            serde_json::Deserializer::from_reader(body.reader()? as Box<dyn Read>),
            seed,
        ),
    };
    match result {
        Ok(end) => Ok(Some(end)),
        Err(_) if stopped => Ok(None),
        Err(e) => Err(malformed(&e)),
    }
}

fn read_from<'de, R: serde_json::de::Read<'de>>(
    mut json: serde_json::Deserializer<R>,
    seed: TopLevel<'_, '_>,
) -> Result<ThreadIn, serde_path_to_error::Error<serde_json::Error>> {
    let mut track = serde_path_to_error::Track::new();
    let tracked = serde_path_to_error::Deserializer::new(&mut json, &mut track);
    match seed.deserialize(tracked).and_then(|end| json.end().map(|()| end)) {
        Ok(end) => Ok(end),
        Err(e) => Err(serde_path_to_error::Error::new(track.path(), e)),
    }
}

/// A list of objects, or null.
#[derive(Deserialize)]
#[serde(bound = "T: Deserialize<'de>")]
struct Objects<T>(#[serde(deserialize_with = "objects")] Vec<T>);

struct TopLevel<'s, 'f> {
    sink: &'s mut (dyn FnMut(usize, TestIn) -> bool + 'f),
    stopped: &'s mut bool,
}

impl<'de> DeserializeSeed<'de> for TopLevel<'_, '_> {
    type Value = ThreadIn;
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<ThreadIn, D::Error> {
        d.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for TopLevel<'_, '_> {
    type Value = ThreadIn;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ThreadIn, A::Error> {
        let mut thread = ThreadIn::default();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "tests" => map.next_value_seed(Tests {
                    sink: &mut *self.sink,
                    stopped: &mut *self.stopped,
                })?,
                "elapsed_observed" => thread.elapsed_observed = map.next_value()?,
                "elapsed_computed" => thread.elapsed_computed = map.next_value()?,
                "fields" => thread.fields = map.next_value::<Objects<_>>()?.0,
                "artifacts" => thread.artifacts = map.next_value::<Objects<_>>()?.0,
                _ => map.next_value::<IgnoredAny>().map(drop)?,
            }
        }
        Ok(thread)
    }
}

struct Tests<'s, 'f> {
    sink: &'s mut (dyn FnMut(usize, TestIn) -> bool + 'f),
    stopped: &'s mut bool,
}

impl<'de> DeserializeSeed<'de> for Tests<'_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<(), D::Error> {
        d.deserialize_option(self)
    }
}

impl<'de> Visitor<'de> for Tests<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a list of tests")
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_some<D: Deserializer<'de>>(self, d: D) -> Result<(), D::Error> {
        d.deserialize_seq(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let mut place = 0;
        while let Some(Object(test)) = seq.next_element()? {
            if !(self.sink)(place, test) {
                *self.stopped = true;
                return Err(stop());
            }
            place += 1;
        }
        Ok(())
    }
}
