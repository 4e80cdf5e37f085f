//! Logs: one line an event on stderr, for people or as JSON, with the id of the request that it belongs to.
//!
//! The request's id comes from the task, not from a span: entering a span for each request costs more than most
//! requests take from us.

use std::borrow::Cow;
use std::fmt::{self, Write as _};
use std::io::IsTerminal as _;

use http::Method;
use model::Clock;
use model::net::RequestId;
use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, MakeWriter};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::config::{Log, LogFormat};

tokio::task_local! {
    static REQUEST: RequestId;
}

/// Runs `work` so that its log lines carry `id`.
pub fn within<T>(id: &RequestId, work: impl FnOnce() -> T) -> T {
    REQUEST.sync_scope(id.clone(), work)
}

/// The path as it may be logged: links that let somebody in are cut, and so is a key that was put there by mistake.
pub fn path(path: &str) -> &str {
    ["/setup/", "/reset/"]
        .into_iter()
        .find_map(|prefix| path.starts_with(prefix).then(|| &path[..prefix.len()]))
        .unwrap_or_else(|| model::key::before_key(path))
}

/// The method as it may be logged. A client may send any word, and a key among them.
pub fn method(method: &Method) -> &str {
    match *method {
        Method::GET
        | Method::HEAD
        | Method::OPTIONS
        | Method::POST
        | Method::PUT
        | Method::PATCH
        | Method::DELETE => method.as_str(),
        _ => "other",
    }
}

/// Logs to stderr from now on. A second call has no effect.
pub fn start(log: &Log) {
    let colours = log.format == LogFormat::Human && std::io::stderr().is_terminal();
    let _ = subscriber(log, colours, std::io::stderr).try_init();
    std::panic::set_hook(Box::new(report_panic));
}

/// A subscriber that writes to `writer`.
pub fn subscriber<W>(log: &Log, colours: bool, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let targets = targets(&log.level);
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(writer)
        .with_ansi(colours)
        .event_format(Line(log.format));
    tracing_subscriber::registry().with(lines.with_filter(targets))
}

/// What is logged. Libraries that see whole requests are kept to warnings whatever is asked for: at `debug` and `trace`
/// they write headers, and with them keys and cookies.
fn targets(level: &str) -> Targets {
    const SEE_REQUESTS: [&str; 4] = ["h2", "hyper", "hyper_util", "rustls"];
    let targets: Targets = level
        .parse()
        .unwrap_or_else(|_| Targets::new().with_default(Level::INFO));
    targets.with_targets(SEE_REQUESTS.map(|library| (library, Level::WARN)))
}

/// Says where a panic happened. Its message is left out unless it is a constant, because a made one may hold what a
/// log must not.
fn report_panic(info: &std::panic::PanicHookInfo<'_>) {
    let place = info.location().map(ToString::to_string).unwrap_or_default();
    let message = info
        .payload()
        .downcast_ref::<&'static str>()
        .copied()
        .unwrap_or("(message withheld)");
    tracing::error!(target: "panic", place, message);
}

struct Line(LogFormat);

impl<S, N> FormatEvent<S, N> for Line
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let now = model::SystemClock.now().to_string();
        let id = REQUEST.try_with(Clone::clone).ok();
        match self.0 {
            LogFormat::Human => human(&mut writer, event, &now, id.as_ref()),
            LogFormat::Json => json(&mut writer, event, now, id.as_ref()),
        }
    }
}

fn human(writer: &mut Writer<'_>, event: &Event<'_>, now: &str, id: Option<&RequestId>) -> fmt::Result {
    let (colour, name) = match *event.metadata().level() {
        Level::ERROR => ("\u{1b}[31m", "ERROR"),
        Level::WARN => ("\u{1b}[33m", " WARN"),
        Level::INFO => ("\u{1b}[32m", " INFO"),
        Level::DEBUG => ("\u{1b}[34m", "DEBUG"),
        Level::TRACE => ("\u{1b}[35m", "TRACE"),
    };
    if writer.has_ansi_escapes() {
        write!(writer, "{now} {colour}{name}\u{1b}[0m ")?;
    } else {
        write!(writer, "{now} {name} ")?;
    }
    let mut words = Words::default();
    event.record(&mut words);
    write!(
        writer,
        "{}: {}{}",
        event.metadata().target(),
        words.message,
        words.fields
    )?;
    if let Some(id) = id {
        write!(writer, " request_id={}", id.0)?;
    }
    writeln!(writer)
}

fn json(writer: &mut Writer<'_>, event: &Event<'_>, now: String, id: Option<&RequestId>) -> fmt::Result {
    let mut object = Object(Map::new());
    object.0.insert("time".to_owned(), now.into());
    object
        .0
        .insert("level".to_owned(), event.metadata().level().as_str().into());
    object
        .0
        .insert("target".to_owned(), event.metadata().target().into());
    if let Some(id) = id {
        object.0.insert("request_id".to_owned(), (*id.0).into());
    }
    event.record(&mut object);
    let line = serde_json::to_string(&object.0).map_err(|_| fmt::Error)?;
    writeln!(writer, "{line}")
}

/// Fields as words; control characters are escaped, so that nobody can write a line of their own.
#[derive(Default)]
struct Words {
    message: String,
    fields: String,
}

impl Words {
    fn add(&mut self, field: &Field, value: &str) {
        let clean = clean(value);
        if field.name() == "message" {
            self.message.push_str(&clean);
        } else {
            let _ = write!(self.fields, " {}=", field.name());
            self.fields.push_str(&clean);
        }
    }
}

fn clean(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if c.is_control() {
            clean.extend(c.escape_default());
        } else {
            clean.push(c);
        }
    }
    Cow::Owned(clean)
}

impl Visit for Words {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.add(field, &format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.add(field, &format!("{value:.1}"));
    }
}

struct Object(Map<String, Value>);

impl Object {
    fn add(&mut self, field: &Field, value: impl Into<Value>) {
        self.0.insert(field.name().to_owned(), value.into());
    }
}

impl Visit for Object {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.add(field, format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.add(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, value);
    }
}
