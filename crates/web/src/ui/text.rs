//! Numbers, sizes and durations as people read them.

use maud::{Markup, html};
use model::clock::{HOUR, MINUTE, SECOND};

/// `12,345`.
pub fn number(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if n < 0 {
        out.push('−');
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 run`, `2 runs`, `1,200 runs`.
pub fn count(n: i64, one: &str, many: &str) -> String {
    format!("{} {}", number(n), if n == 1 { one } else { many })
}

/// `97.9%`. Never 100% while something is missing, nor 0% while there is something.
pub fn percent(part: i64, whole: i64) -> String {
    if whole <= 0 {
        return "–".to_owned();
    }
    let tenths = i128::from(part) * 1000 / i128::from(whole);
    let tenths = if part > 0 { tenths.max(1) } else { tenths };
    match (tenths / 10, tenths % 10) {
        (100, _) => "100%".to_owned(),
        (0, 0) => "0%".to_owned(),
        (whole, tenth) => format!("{whole}.{tenth}%"),
    }
}

/// Microseconds as `410 ms`, `32.2 s`, `38 min 12 s` or `2 h 5 min`.
pub fn duration(micros: i64) -> String {
    let micros = micros.max(0);
    if micros < 1000 {
        return if micros == 0 {
            "0 s".to_owned()
        } else {
            "< 1 ms".to_owned()
        };
    }
    if micros < SECOND {
        return format!("{} ms", micros / 1000);
    }
    if micros < MINUTE {
        return format!("{}.{} s", micros / SECOND, micros % SECOND / (SECOND / 10));
    }
    if micros < HOUR {
        return joined(micros / MINUTE, "min", micros % MINUTE / SECOND, "s");
    }
    joined(micros / HOUR, "h", micros % HOUR / MINUTE, "min")
}

fn joined(large: i64, large_unit: &str, small: i64, small_unit: &str) -> String {
    if small == 0 {
        format!("{} {large_unit}", number(large))
    } else {
        format!("{} {large_unit} {small} {small_unit}", number(large))
    }
}

/// Bytes as `212 kB` or `1.4 MB`, in powers of ten.
pub fn bytes(n: i64) -> String {
    let n = n.max(0);
    match n {
        0..1_000 => format!("{n} B"),
        1_000..1_000_000 => format!("{} kB", n / 1_000),
        1_000_000..1_000_000_000 => format!("{}.{} MB", n / 1_000_000, n % 1_000_000 / 100_000),
        _ => format!("{}.{} GB", n / 1_000_000_000, n % 1_000_000_000 / 100_000_000),
    }
}

/// Whether an address from outside may become a link: only http and https, so that no script hides in it.
pub fn is_web(url: &str) -> bool {
    let lower: String = url.chars().take(8).collect::<String>().to_ascii_lowercase();
    lower.starts_with("http://") || lower.starts_with("https://")
}

/// The first line that holds something.
pub fn first_line(text: &str) -> &str {
    text.lines()
        .map(str::trim)
        .find(|line| !line.is_empty())
        .unwrap_or("")
}

/// Most words of a text that are marked.
const MARKS: usize = 3;

/// A text with the beginnings of its words marked that begin like one of the words somebody looked for.
pub fn marked(text: &str, words: &str) -> Markup {
    let wanted: Vec<String> = words
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_lowercase)
        .collect();
    let mut left = MARKS;
    let pieces = text.split_inclusive(|c: char| !c.is_alphanumeric());
    html! {
        @for piece in pieces {
            @let found = wanted.iter().filter_map(|w| begins(piece, w)).max().filter(|_| left > 0);
            @if let Some(end) = found {
                ({ left -= 1; html! { mark { (piece[..end]) } (piece[end..]) } })
            } @else { (piece) }
        }
    }
}

/// Bytes at the beginning of `text` that say `word`, whatever their case.
fn begins(text: &str, word: &str) -> Option<usize> {
    let n = word.chars().count();
    let end = text.char_indices().nth(n).map_or(text.len(), |(at, _)| at);
    (text.chars().count() >= n && text[..end].to_lowercase() == word).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(1_000), "1,000");
        assert_eq!(number(-1_234_567), "−1,234,567");
        assert_eq!(count(1, "run", "runs"), "1 run");
        assert_eq!(count(1_200, "run", "runs"), "1,200 runs");
    }

    #[test]
    fn percent_does_not_lie() {
        assert_eq!(percent(99_999, 100_000), "99.9%");
        assert_eq!(percent(1, 100_000), "0.1%");
        assert_eq!(percent(100, 100), "100%");
        assert_eq!(percent(0, 100), "0%");
        assert_eq!(percent(0, 0), "–");
        assert_eq!(percent(979, 1000), "97.9%");
    }

    #[test]
    fn durations_have_two_parts_at_most() {
        assert_eq!(duration(0), "0 s");
        assert_eq!(duration(400), "< 1 ms");
        assert_eq!(duration(410_000), "410 ms");
        assert_eq!(duration(32_240_000), "32.2 s");
        assert_eq!(duration(38 * MINUTE + 12 * SECOND), "38 min 12 s");
        assert_eq!(duration(2 * HOUR), "2 h");
        assert_eq!(duration(2 * HOUR + 5 * MINUTE), "2 h 5 min");
        assert_eq!(bytes(212_400), "212 kB");
        assert_eq!(bytes(1_440_000), "1.4 MB");
    }

    #[test]
    fn only_web_addresses_become_links() {
        assert!(is_web("https://ci.example/1"));
        assert!(is_web("HTTP://ci.example/1"));
        for bad in [
            "javascript:alert(1)",
            "data:text/html,x",
            " https://x",
            "//x",
            "",
            "é",
        ] {
            assert!(!is_web(bad), "{bad}");
        }
    }

    #[test]
    fn found_words_are_marked() {
        for (text, words, expected) in [
            ("Pay by card", "car", "Pay by <mark>car</mark>d"),
            ("Pay by card", "PAY, by", "<mark>Pay</mark> <mark>by</mark> card"),
            ("Discard", "card", "Discard"),
            ("<b> Übung", "üb b", "&lt;<mark>b</mark>&gt; <mark>Üb</mark>ung"),
            ("a a a a", "a", "<mark>a</mark> <mark>a</mark> <mark>a</mark> a"),
            ("İx", "i", "İx"),
            ("Pay", "", "Pay"),
        ] {
            assert_eq!(marked(text, words).into_string(), expected, "{text} {words}");
        }
    }
}
