//! Instants as people read them, in the reader's time zone.

use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::Timestamp;
use model::clock::{DAY, HOUR, MINUTE};

/// The present instant and the reader's time zone.
#[derive(Debug, Clone)]
pub struct When {
    now: Timestamp,
    zone: TimeZone,
}

impl When {
    /// `zone` is an IANA name; UTC without one, or when this machine does not know it.
    pub fn new(now: Timestamp, zone: Option<&str>) -> When {
        let zone = zone
            .and_then(|name| TimeZone::get(name).ok())
            .unwrap_or(TimeZone::UTC);
        When { now, zone }
    }

    /// The present instant.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// `22 Nov 2027`.
    pub fn date(&self, at: Timestamp) -> String {
        self.format("%-d %b %Y", at)
    }

    /// `22 Nov 2027, 14:32:07 UTC`.
    pub fn full(&self, at: Timestamp) -> String {
        self.format("%-d %b %Y, %H:%M:%S %Z", at)
    }

    /// `2027-11-22`, as date fields have it.
    pub fn day(&self, at: Timestamp) -> String {
        self.format("%Y-%m-%d", at)
    }

    /// The end of a day that a date field holds, in the reader's time zone.
    pub fn end_of_day(&self, day: &str) -> Option<Timestamp> {
        let date: jiff::civil::Date = day.trim().parse().ok()?;
        let next = date.tomorrow().ok()?.to_zoned(self.zone.clone()).ok()?;
        Some(Timestamp(next.timestamp().as_microsecond()))
    }

    /// `14:32` today, `yesterday, 14:32`, otherwise `12 Oct, 14:32`, with the year when it is another one.
    pub fn clock(&self, at: Timestamp) -> Markup {
        let then = at.to_jiff().to_zoned(self.zone.clone());
        let now = self.now.to_jiff().to_zoned(self.zone.clone());
        let pattern = if then.date() == now.date() {
            "today %H:%M"
        } else if now.date().yesterday().is_ok_and(|day| day == then.date()) {
            "yesterday %H:%M"
        } else if then.year() == now.year() {
            "%-d %b %H:%M"
        } else {
            "%-d %b %Y %H:%M"
        };
        self.element(at, &self.format(pattern, at), false)
    }

    /// `4 min ago`; the date when it is more than thirty days ago.
    pub fn ago(&self, at: Timestamp) -> Markup {
        match ago(self.now.since(at)) {
            Some(words) => self.element(at, &words, true),
            None => self.element(at, &self.date(at), false),
        }
    }

    /// `in 11 days`, or `ended` when it is over.
    pub fn until(&self, at: Timestamp) -> Markup {
        self.element(at, &until(at.since(self.now)), false)
    }

    fn format(&self, pattern: &str, at: Timestamp) -> String {
        at.to_jiff()
            .to_zoned(self.zone.clone())
            .strftime(pattern)
            .to_string()
    }

    fn element(&self, at: Timestamp, words: &str, is_relative: bool) -> Markup {
        html! {
            time datetime=(at) title=(self.full(at)) data-ago[is_relative] { (words) }
        }
    }
}

/// The same words as `assets/src/el/time.ts`.
fn ago(micros: i64) -> Option<String> {
    Some(match micros {
        ..MINUTE => "just now".to_owned(),
        MINUTE..HOUR => format!("{} min ago", micros / MINUTE),
        HOUR..DAY => format!("{} h ago", micros / HOUR),
        _ if micros < 2 * DAY => "yesterday".to_owned(),
        _ if micros < 30 * DAY => format!("{} days ago", micros / DAY),
        _ => return None,
    })
}

fn until(micros: i64) -> String {
    let days = micros / DAY;
    match days {
        _ if micros <= 0 => "ended".to_owned(),
        0 if micros < HOUR => "in less than an hour".to_owned(),
        0 => format!("in {} h", micros / HOUR),
        1 => "tomorrow".to_owned(),
        2..60 => format!("in {days} days"),
        60..360 => format!("in {} months", (days + 15) / 30),
        360..720 => "in 1 year".to_owned(),
        _ => format!("in {} years", (days + 182) / 365),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn when() -> When {
        When::new(Timestamp::parse("2026-11-23T02:00:00Z").unwrap(), None)
    }

    fn words(markup: &Markup) -> &str {
        let (_, rest) = markup.0.split_once('>').unwrap();
        rest.strip_suffix("</time>").unwrap()
    }

    #[test]
    fn the_past() {
        let when = when();
        for (micros, expected) in [
            (-5, "just now"),
            (59_000_000, "just now"),
            (4 * MINUTE, "4 min ago"),
            (3 * HOUR, "3 h ago"),
            (DAY + HOUR, "yesterday"),
            (29 * DAY, "29 days ago"),
            (40 * DAY, "14 Oct 2026"),
        ] {
            assert_eq!(words(&when.ago(when.now().plus(-micros))), expected);
        }
    }

    #[test]
    fn the_future() {
        let when = when();
        for (micros, expected) in [
            (0, "ended"),
            (5 * MINUTE, "in less than an hour"),
            (5 * HOUR, "in 5 h"),
            (DAY, "tomorrow"),
            (11 * DAY, "in 11 days"),
            (92 * DAY, "in 3 months"),
            (365 * DAY, "in 1 year"),
            (1825 * DAY, "in 5 years"),
        ] {
            assert_eq!(words(&when.until(when.now().plus(micros))), expected);
        }
    }

    #[test]
    fn clock_names_the_day() {
        let when = when();
        assert_eq!(words(&when.clock(when.now().plus(-HOUR))), "today 01:00");
        assert_eq!(words(&when.clock(when.now().plus(-3 * HOUR))), "yesterday 23:00");
        assert_eq!(words(&when.clock(when.now().plus(-4 * DAY))), "19 Nov 02:00");
    }

    #[test]
    fn a_day_ends_at_midnight_of_the_reader() {
        assert_eq!(
            when().end_of_day("2026-12-31").unwrap().to_string(),
            "2027-01-01T00:00:00.000Z"
        );
        assert_eq!(when().end_of_day("31.12.2026"), None);
    }
}
