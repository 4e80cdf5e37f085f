//! Unpaired UTF-16 surrogates in JSON escapes (contract §5).
//!
//! Testmo's command line cuts strings at UTF-16 code units, so an emoji on a cut becomes `\ud83d` alone, which no JSON
//! parser takes into a `String`. Such an escape has as many bytes as `\ufffd`, so it can be replaced in a stream.

/// Replaces the escapes of unpaired surrogates by that of U+FFFD, piece by piece.
#[derive(Debug, Default)]
pub(crate) struct Mender {
    /// What may be part of an escape and waits for more: at most one escape and the begin of the next.
    held: Vec<u8>,
}

/// Length of `\uXXXX`.
const ESCAPE: usize = 6;
const REPLACEMENT: &[u8; ESCAPE] = b"\\ufffd";

impl Mender {
    /// Takes the next piece of a document and adds to `out` what is certain.
    pub(crate) fn push(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        if self.held.is_empty() && memchr::memchr(b'\\', piece).is_none() {
            out.extend_from_slice(piece);
            return;
        }
        self.held.extend_from_slice(piece);
        let taken = mend(&self.held, false, out);
        self.held.drain(..taken);
    }

    /// Adds what was held at the end of the document.
    pub(crate) fn finish(&mut self, out: &mut Vec<u8>) {
        let rest = std::mem::take(&mut self.held);
        mend(&rest, true, out);
    }
}

/// Copies `bytes` to `out` with unpaired escapes replaced; how many bytes were taken. Unless it is the end, an escape
/// whose meaning depends on what follows stays.
fn mend(bytes: &[u8], is_end: bool, out: &mut Vec<u8>) -> usize {
    let mut at = 0;
    while let Some(next) = memchr::memchr(b'\\', &bytes[at..]) {
        out.extend_from_slice(&bytes[at..at + next]);
        at += next;
        let rest = &bytes[at..];
        if rest.len() < 2 * ESCAPE && !is_end && may_need_more(rest) {
            return at;
        }
        let (taken, is_unpaired) = escape(rest);
        out.extend_from_slice(if is_unpaired { REPLACEMENT } else { &rest[..taken] });
        at += taken;
    }
    out.extend_from_slice(&bytes[at..]);
    bytes.len()
}

fn may_need_more(rest: &[u8]) -> bool {
    match rest.get(1) {
        None => true,
        Some(b'u') => rest.len() < ESCAPE || unit(rest).is_some_and(|u| (0xd800..0xdc00).contains(&u)),
        Some(_) => false,
    }
}

/// Length of the escape at the beginning, and whether it is an unpaired surrogate.
fn escape(rest: &[u8]) -> (usize, bool) {
    match unit(rest) {
        Some(0xd800..0xdc00) => match unit(&rest[ESCAPE..]) {
            Some(0xdc00..0xe000) => (2 * ESCAPE, false),
            _ => (ESCAPE, true),
        },
        Some(0xdc00..0xe000) => (ESCAPE, true),
        Some(_) => (ESCAPE, false),
        None => (rest.len().min(2), false),
    }
}

/// The code unit of a `\uXXXX` at the beginning.
fn unit(rest: &[u8]) -> Option<u16> {
    let digits = rest.get(..ESCAPE)?.strip_prefix(b"\\u")?;
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16)
        .ok()
        .filter(|_| digits[0] != b'+')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mended(document: &[u8], sizes: &[usize]) -> Vec<u8> {
        let (mut mender, mut out, mut rest) = (Mender::default(), Vec::new(), document);
        for size in sizes.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (piece, after) = rest.split_at((*size).clamp(1, rest.len()));
            mender.push(piece, &mut out);
            rest = after;
        }
        mender.finish(&mut out);
        out
    }

    #[test]
    fn unpaired_escapes_are_replaced() {
        for (document, expected) in [
            (r#""cut \ud83d""#, r#""cut \ufffd""#),
            (r#""\ude00 rest""#, r#""\ufffd rest""#),
            (r#""\ud83d\ud83d\ude00""#, r#""\ufffd\ud83d\ude00""#),
            (
                r#""pair \ud83d\ude00 \u00e9 \n \\ud83d""#,
                r#""pair \ud83d\ude00 \u00e9 \n \\ud83d""#,
            ),
            (r#""\\\ud83d""#, r#""\\\ufffd""#),
            (r#""\ud83d\n""#, r#""\ufffd\n""#),
            (r#""\uD83D\u0041""#, r#""\ufffd\u0041""#),
            (r"\", r"\"),
            (r"\u12", r"\u12"),
        ] {
            for size in 1..8 {
                let got = mended(document.as_bytes(), &[size]);
                assert_eq!(String::from_utf8(got).unwrap(), expected, "in pieces of {size}");
            }
        }
    }

    proptest! {
        #[test]
        fn pieces_do_not_matter(units in proptest::collection::vec(any::<u16>(), 0..40),
                                sizes in proptest::collection::vec(1usize..9, 1..6)) {
            let escapes: Vec<String> = units.iter().map(|u| format!("\\u{u:04x}")).collect();
            let document = format!("\"{}x\"", escapes.concat());
            let got = mended(document.as_bytes(), &sizes);
            let text: String = serde_json::from_slice(&got).unwrap();
            prop_assert_eq!(text, String::from_utf16_lossy(&units) + "x");
        }
    }
}
