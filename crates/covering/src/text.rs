//! How names and values are compared: PICT's rules, in one place.

use std::cmp::Ordering;

/// The number that `text` is, if it is one.
pub(crate) fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    let starts_well = text.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first));
    text.parse()
        .ok()
        .filter(|number: &f64| starts_well && number.is_finite())
}

/// Whether two names are the same one.
pub(crate) fn same(left: &str, right: &str, is_case_sensitive: bool) -> bool {
    compare(left, right, is_case_sensitive) == Ordering::Equal
}

/// The order of two texts.
pub(crate) fn compare(left: &str, right: &str, is_case_sensitive: bool) -> Ordering {
    if is_case_sensitive {
        left.cmp(right)
    } else {
        let lower = str::to_lowercase;
        lower(left).cmp(&lower(right))
    }
}

/// Whether `text` matches a pattern of `*` (any characters) and `?` (one character).
pub(crate) fn matches(text: &str, pattern: &str, is_case_sensitive: bool) -> bool {
    let fold = |text: &str| -> Vec<char> {
        if is_case_sensitive {
            text.chars().collect()
        } else {
            text.to_lowercase().chars().collect()
        }
    };
    let (text, pattern) = (fold(text), fold(pattern));
    let (mut at, mut of) = (0, 0);
    // Where the last `*` stands, and where its text ends so far.
    let mut star: Option<(usize, usize)> = None;
    while at < text.len() {
        match (pattern.get(of), star) {
            (Some('*'), _) => {
                star = Some((of, at));
                of += 1;
            }
            (Some(wanted), _) if *wanted == '?' || text.get(at) == Some(wanted) => {
                at += 1;
                of += 1;
            }
            (_, Some((place, end))) => {
                star = Some((place, end + 1));
                at = end + 1;
                of = place + 1;
            }
            (_, None) => return false,
        }
    }
    pattern.iter().skip(of).all(|rest| *rest == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_texts() {
        for (text, pattern, is_match) in [
            ("FAT32", "FAT*", true),
            ("FAT32", "fat??", true),
            ("FAT32", "FAT?", false),
            ("abcbc", "a*bc", true),
            ("abcbd", "a*bc", false),
            ("", "*", true),
            ("", "?", false),
            ("NTFS", "*", true),
        ] {
            assert_eq!(matches(text, pattern, false), is_match, "{text} {pattern}");
        }
        assert!(!matches("FAT", "fat", true));
    }

    #[test]
    fn numbers_are_finite_and_start_as_numbers() {
        assert_eq!(number(" -1.5e3 "), Some(-1500.0));
        for text in ["", "inf", "NaN", "1x", "-inf", "1e999", "infinity"] {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
