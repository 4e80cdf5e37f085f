//! The phases of a connection, and the watchdog that ends one which stays in a phase for too long.

use std::pin::Pin;
use std::sync::atomic::{AtomicU8, AtomicU32, AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep};

use super::gate::Place;
use crate::config::Limits;

/// How long the rest of an unwanted request is read after the answer, so that its sender gets to read the answer
/// before the kernel resets the connection.
const LINGER: Duration = Duration::from_secs(2);
/// How long a silent connection may still begin a request once the server is stopping.
const LAST_CALL: Duration = Duration::from_secs(1);

/// How long a connection may keep its place without asking anything while others of its address wait for one. Long
/// enough for a client on a machine that starts hundreds of them at once.
pub(crate) const HURRIED: Duration = Duration::from_secs(3);
/// How often a connection that has a place looks whether others wait.
pub(crate) const GLANCE: Duration = Duration::from_millis(500);

/// What a connection is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Nothing has arrived yet.
    Silent,
    /// A request's head is arriving.
    Header,
    /// At least one request is being answered.
    Busy,
    /// Between two requests.
    Idle,
    /// We have closed our side and read on until the other side does.
    Lingering,
}

// Phases as they are stored. Busy is told by the number of requests.
const SILENT: u8 = 0;
const HEADER: u8 = 1;
const IDLE: u8 = 2;
const LINGERING: u8 = 3;

/// Why a connection was ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expired {
    /// It stayed in this phase for too long.
    Phase(Phase),
    /// It takes answers too slowly.
    Stalled,
}

/// Shared between the transport, the requests and the watchdog of one connection.
#[derive(Debug)]
pub(crate) struct State {
    born: Instant,
    phase: AtomicU8,
    /// Milliseconds from `born` to the beginning of the phase.
    since: AtomicU64,
    in_flight: AtomicU32,
    running: AtomicU32,
    written: AtomicU64,
    multiplexed: bool,
}

impl State {
    /// A new connection; `multiplexed` for HTTP/2, where bytes between requests are not a request's head.
    pub(crate) fn new(multiplexed: bool) -> State {
        State {
            born: Instant::now(),
            phase: AtomicU8::new(SILENT),
            since: AtomicU64::new(0),
            in_flight: AtomicU32::new(0),
            running: AtomicU32::new(0),
            written: AtomicU64::new(0),
            multiplexed,
        }
    }

    pub(crate) fn phase(&self) -> Phase {
        match self.phase.load(Relaxed) {
            LINGERING => Phase::Lingering,
            _ if self.in_flight.load(Relaxed) > 0 => Phase::Busy,
            SILENT => Phase::Silent,
            HEADER => Phase::Header,
            _ => Phase::Idle,
        }
    }

    fn enter(&self, phase: u8) {
        self.since.store(self.age(), Relaxed);
        self.phase.store(phase, Relaxed);
    }

    fn age(&self) -> u64 {
        u64::try_from(self.born.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Bytes arrived.
    pub(crate) fn received(&self) {
        match self.phase() {
            Phase::Silent if self.multiplexed => self.enter(IDLE),
            Phase::Silent => self.enter(HEADER),
            Phase::Idle if !self.multiplexed => self.enter(HEADER),
            _ => {}
        }
    }

    /// Bytes left.
    pub(crate) fn sent(&self, bytes: usize) {
        self.written.fetch_add(bytes as u64, Relaxed);
    }

    /// A request's head is complete and its handler starts.
    pub(crate) fn begin(&self) {
        self.running.fetch_add(1, Relaxed);
        self.in_flight.fetch_add(1, Relaxed);
    }

    /// A handler has answered, or was given up.
    pub(crate) fn answered(&self) {
        self.running.fetch_sub(1, Relaxed);
    }

    /// An answer was taken over by the transport, or given up.
    pub(crate) fn end(&self) {
        if self.in_flight.fetch_sub(1, Relaxed) == 1 {
            self.enter(IDLE);
        }
    }

    /// Our side is closed.
    pub(crate) fn closing(&self) {
        self.enter(LINGERING);
    }
}

/// Looks after one connection, within the same task.
#[derive(Debug)]
pub(crate) struct Watchdog<'a> {
    state: &'a State,
    limits: &'a Limits,
    seen: (Phase, u64),
    written: u64,
    progress: Instant,
    last_call: Option<Instant>,
}

impl<'a> Watchdog<'a> {
    pub(crate) fn new(state: &'a State, limits: &'a Limits) -> Watchdog<'a> {
        Watchdog {
            state,
            limits,
            seen: (Phase::Silent, 0),
            written: 0,
            progress: Instant::now(),
            last_call: None,
        }
    }

    /// The server is stopping: a connection that has said nothing yet has only a moment left to do so.
    pub(crate) fn last_call(&mut self, timer: Pin<&mut Sleep>) {
        let end = Instant::now() + LAST_CALL;
        self.last_call = Some(end);
        if end < timer.deadline() {
            timer.reset(end);
        }
    }

    /// When the first look is due.
    pub(crate) fn first(&self) -> Instant {
        self.state.born + self.limits.first_byte.min(GLANCE)
    }

    /// Ready when the connection has to end. Called whenever the connection's task runs: a look costs two loads unless
    /// the timer fired or a phase with a short limit began.
    pub(crate) fn poll(
        &mut self,
        place: &Place,
        mut timer: Pin<&mut Sleep>,
        cx: &mut Context<'_>,
    ) -> Poll<Expired> {
        let now = (self.state.phase(), self.state.since.load(Relaxed));
        if now != self.seen && matches!(now.0, Phase::Header | Phase::Lingering) {
            self.seen = now;
            if let Ok(next) = self.look(place)
                && next < timer.deadline()
            {
                timer.as_mut().reset(next);
            }
        }
        while timer.as_mut().poll(cx).is_ready() {
            match self.look(place) {
                Ok(next) => timer.as_mut().reset(next),
                Err(expired) => return Poll::Ready(expired),
            }
        }
        Poll::Pending
    }

    /// When to look again, or why the connection has to end now.
    fn look(&mut self, place: &Place) -> Result<Instant, Expired> {
        let phase = self.state.phase();
        let limit = match phase {
            Phase::Silent => self.limits.first_byte,
            Phase::Header => self.limits.header,
            Phase::Idle => self.limits.idle,
            Phase::Lingering => LINGER,
            Phase::Busy => return self.look_busy(),
        };
        let begin = self.state.born + Duration::from_millis(self.state.since.load(Relaxed));
        let mut end = begin + limit;
        if phase == Phase::Silent {
            end = self.last_call.map_or(end, |last| last.min(end));
        }
        if place.is_wanted() {
            end = end.min(begin + HURRIED);
        }
        let now = Instant::now();
        if now >= end {
            return Err(Expired::Phase(phase));
        }
        Ok(if place.is_counted() {
            end.min(now + GLANCE)
        } else {
            end
        })
    }

    /// On HTTP/2 a client can stop taking one answer without stopping the transport: nothing runs, nothing moves.
    fn look_busy(&mut self) -> Result<Instant, Expired> {
        let now = Instant::now();
        let written = self.state.written.load(Relaxed);
        let waits_for_us = !self.state.multiplexed || self.state.running.load(Relaxed) > 0;
        if waits_for_us || written != self.written {
            self.written = written;
            self.progress = now;
        }
        if now >= self.progress + self.limits.idle {
            return Err(Expired::Stalled);
        }
        Ok(now + self.limits.grace.min(self.limits.idle))
    }
}
