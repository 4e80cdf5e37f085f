//! Request counts and times, in the text format of Prometheus (version 0.0.4).
//!
//! The counters are plain atomics: recording a request costs three additions.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use http::StatusCode;

use super::layer::Class;

/// Upper bounds of the buckets, in microseconds and as Prometheus writes them in seconds.
const BOUNDS: [(u64, &str); 14] = [
    (500, "0.0005"),
    (1_000, "0.001"),
    (2_500, "0.0025"),
    (5_000, "0.005"),
    (10_000, "0.01"),
    (25_000, "0.025"),
    (50_000, "0.05"),
    (100_000, "0.1"),
    (250_000, "0.25"),
    (500_000, "0.5"),
    (1_000_000, "1"),
    (5_000_000, "5"),
    (10_000_000, "10"),
    (60_000_000, "60"),
];
const STATUSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// What the layer counts.
#[derive(Debug, Default)]
pub struct Metrics {
    in_flight: AtomicI64,
    classes: [PerClass; Class::ALL.len()],
}

#[derive(Debug, Default)]
struct PerClass {
    statuses: [AtomicU64; STATUSES.len()],
    /// The last one holds what is above every bound.
    buckets: [AtomicU64; BOUNDS.len() + 1],
    micros: AtomicU64,
}

impl Metrics {
    /// A request begins.
    pub fn begin(&self) {
        self.in_flight.fetch_add(1, Relaxed);
    }

    /// A request is over, answered or not.
    pub fn end(&self) {
        self.in_flight.fetch_sub(1, Relaxed);
    }

    /// A request was answered.
    pub fn record(&self, class: Class, status: StatusCode, elapsed: Duration) {
        let per_class = &self.classes[class as usize];
        let hundreds = usize::from(status.as_u16() / 100).clamp(1, STATUSES.len());
        per_class.statuses[hundreds - 1].fetch_add(1, Relaxed);
        let micros = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX);
        let bucket = BOUNDS.partition_point(|(bound, _)| *bound < micros);
        per_class.buckets[bucket].fetch_add(1, Relaxed);
        per_class.micros.fetch_add(micros, Relaxed);
    }

    /// Everything, as text.
    pub fn render(&self, page: &mut String) {
        head(
            page,
            "attest_http_requests_total",
            "counter",
            "Requests answered.",
        );
        for (class, per_class) in Class::ALL.iter().zip(&self.classes) {
            for (status, count) in STATUSES.iter().zip(&per_class.statuses) {
                let (class, count) = (class.name(), count.load(Relaxed));
                line(
                    page,
                    "attest_http_requests_total",
                    &[("class", class), ("status", status)],
                    count,
                );
            }
        }
        head(
            page,
            "attest_http_request_seconds",
            "histogram",
            "Time from a request's head to its answer.",
        );
        for (class, per_class) in Class::ALL.iter().zip(&self.classes) {
            per_class.render(page, class.name());
        }
        gauge(
            page,
            "attest_http_requests_in_flight",
            "Requests being answered.",
            self.in_flight.load(Relaxed),
        );
    }
}

impl PerClass {
    fn render(&self, page: &mut String, class: &str) {
        const NAME: &str = "attest_http_request_seconds";
        let mut sum = 0;
        let bounds = BOUNDS
            .iter()
            .map(|(_, text)| *text)
            .chain(std::iter::once("+Inf"));
        for (bound, count) in bounds.zip(&self.buckets) {
            sum += count.load(Relaxed);
            line(
                page,
                &format!("{NAME}_bucket"),
                &[("class", class), ("le", bound)],
                sum,
            );
        }
        let micros = self.micros.load(Relaxed);
        let seconds = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
        line(page, &format!("{NAME}_sum"), &[("class", class)], seconds);
        line(page, &format!("{NAME}_count"), &[("class", class)], sum);
    }
}

/// A gauge with one value.
pub fn gauge(page: &mut String, name: &str, help: &str, value: impl std::fmt::Display) {
    head(page, name, "gauge", help);
    line(page, name, &[], value);
}

/// A counter with one value.
pub fn counter(page: &mut String, name: &str, help: &str, value: u64) {
    head(page, name, "counter", help);
    line(page, name, &[], value);
}

fn head(page: &mut String, name: &str, kind: &str, help: &str) {
    let _ = write!(page, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
}

fn line(page: &mut String, name: &str, labels: &[(&str, &str)], value: impl std::fmt::Display) {
    page.push_str(name);
    for (n, (label, text)) in labels.iter().enumerate() {
        let _ = write!(page, "{}{label}=\"{text}\"", if n == 0 { '{' } else { ',' });
    }
    let close = if labels.is_empty() { "" } else { "}" };
    let _ = writeln!(page, "{close} {value}");
}

/// What the kernel knows about this process: memory, open files, processor time. Nothing where there is no `/proc`.
pub fn process(page: &mut String) {
    if let Some(kib) = status_kib("VmRSS:") {
        gauge(
            page,
            "process_resident_memory_bytes",
            "Resident memory.",
            kib * 1024,
        );
    }
    if let Ok(files) = std::fs::read_dir("/proc/self/fd") {
        gauge(page, "process_open_fds", "Open files and sockets.", files.count());
    }
}

fn status_kib(field: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let rest = status.lines().find_map(|line| line.strip_prefix(field))?;
    rest.trim().trim_end_matches(" kB").trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_by_class_status_and_time() {
        let metrics = Metrics::default();
        metrics.begin();
        metrics.record(Class::Api, StatusCode::OK, Duration::from_micros(500));
        metrics.record(Class::Api, StatusCode::NO_CONTENT, Duration::from_millis(3));
        metrics.record(Class::Page, StatusCode::NOT_FOUND, Duration::from_secs(100));
        let mut page = String::new();
        metrics.render(&mut page);
        for expected in [
            r#"attest_http_requests_total{class="api",status="2xx"} 2"#,
            r#"attest_http_requests_total{class="page",status="4xx"} 1"#,
            r#"attest_http_request_seconds_bucket{class="api",le="0.0005"} 1"#,
            r#"attest_http_request_seconds_bucket{class="api",le="0.005"} 2"#,
            r#"attest_http_request_seconds_bucket{class="page",le="60"} 0"#,
            r#"attest_http_request_seconds_bucket{class="page",le="+Inf"} 1"#,
            r#"attest_http_request_seconds_sum{class="api"} 0.003500"#,
            r#"attest_http_request_seconds_count{class="api"} 2"#,
            "attest_http_requests_in_flight 1",
        ] {
            assert!(
                page.lines().any(|line| line == expected),
                "{expected} is missing in\n{page}"
            );
        }
    }

    #[test]
    fn knows_its_own_process() {
        let mut page = String::new();
        process(&mut page);
        assert!(page.contains("process_resident_memory_bytes "));
        assert!(page.contains("process_open_fds "));
    }
}
