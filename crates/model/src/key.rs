//! The format of API keys: `att_usr_…` and `att_api_…`.
//!
//! A prefix that scanners know, 32 random base62 characters (190 bits), and 6 base62 characters of CRC-32 over all
//! that stands before them. The checksum finds typing errors and false alarms of scanners; it is no secret.
//! Scanners can use `\batt_(usr|api)_[0-9A-Za-z]{38}\b`.

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const PREFIX: usize = "att_usr_".len();
const RANDOM: usize = 32;
const CHECK: usize = 6;

/// Length of a key in bytes; all of them ASCII.
pub const LENGTH: usize = PREFIX + RANDOM + CHECK;

/// Whose key it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A person's key, `att_usr_…`.
    User,
    /// An API user's key, `att_api_…`.
    ApiUser,
}

impl Kind {
    /// What its keys begin with.
    pub fn prefix(self) -> &'static str {
        match self {
            Kind::User => "att_usr_",
            Kind::ApiUser => "att_api_",
        }
    }
}

/// `text` up to what may be a key that was put there by mistake: what may be logged or said back.
pub fn before_key(text: &str) -> &str {
    text.find("att_").map_or(text, |at| &text[..at])
}

/// Whether `text` holds a key, or more of one than its prefix and four characters, typed right or not: what belongs into no
/// address and no log.
pub fn is_in(text: &str) -> bool {
    [Kind::User, Kind::ApiUser].into_iter().any(|kind| {
        text.split(kind.prefix()).skip(1).any(|rest| {
            let secret = rest.bytes().take_while(u8::is_ascii_alphanumeric);
            secret.count() > 4
        })
    })
}

/// Makes a key from random bytes, which `random` delivers one at a time.
pub fn generate(kind: Kind, mut random: impl FnMut() -> u8) -> String {
    let mut key = String::with_capacity(LENGTH);
    key.push_str(kind.prefix());
    while key.len() < PREFIX + RANDOM {
        let byte = random();
        // 248 is the largest multiple of 62 in a byte: what lies above would favour the first characters.
        if byte < 248 {
            key.push(char::from(BASE62[usize::from(byte) % 62]));
        }
    }
    let check = checksum(&key);
    key.extend(check.map(char::from));
    key
}

/// Whether `key` has the format and the checksum is right; then its kind.
pub fn kind(key: &str) -> Option<Kind> {
    if key.len() != LENGTH || !key.is_ascii() {
        return None;
    }
    let kind = [Kind::User, Kind::ApiUser]
        .into_iter()
        .find(|k| key.starts_with(k.prefix()))?;
    let (body, check) = key.split_at(PREFIX + RANDOM);
    let base62 = body[PREFIX..].bytes().all(|b| b.is_ascii_alphanumeric());
    (base62 && check.as_bytes() == checksum(body)).then_some(kind)
}

/// How a key is shown after its making: prefix and last four characters, `att_usr_…3kQ9`.
pub fn masked(kind: Kind, last4: &str) -> String {
    format!("{}…{last4}", kind.prefix())
}

fn checksum(body: &str) -> [u8; CHECK] {
    let mut rest = crc32fast::hash(body.as_bytes());
    let mut out = [b'0'; CHECK];
    for place in out.iter_mut().rev() {
        *place = BASE62[(rest % 62) as usize];
        rest /= 62;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> String {
        let mut n = 0u8;
        generate(Kind::User, || {
            n = n.wrapping_mul(31).wrapping_add(251);
            n
        })
    }

    #[test]
    fn has_the_published_format() {
        let key = sample();
        assert_eq!(key.len(), LENGTH);
        assert_eq!(kind(&key), Some(Kind::User));
        assert_eq!(
            masked(Kind::User, &key[LENGTH - 4..]),
            format!("att_usr_…{}", &key[LENGTH - 4..])
        );
        assert!(generate(Kind::ApiUser, || 7).starts_with("att_api_77777777"));
    }

    #[test]
    fn keys_are_found_in_texts() {
        let key = sample();
        for text in [&key, &key[..20], &format!("KEY={key};"), &format!("{key}x")] {
            assert!(is_in(text), "{text}");
        }
        for text in ["", "att_usr_", "att_usr_…3kQ9", "att_api_3kQ9", "3kQ9", &key[8..]] {
            assert!(!is_in(text), "{text}");
        }
    }

    #[test]
    fn one_wrong_character_is_found() {
        let key = sample();
        for at in 0..LENGTH {
            let mut bytes = key.clone().into_bytes();
            bytes[at] = if bytes[at] == b'a' { b'b' } else { b'a' };
            let wrong = String::from_utf8(bytes).unwrap();
            assert_eq!(kind(&wrong), None, "{wrong}");
        }
        for wrong in ["", "att_usr_", "é", &key[1..], &format!("{key}0")] {
            assert_eq!(kind(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn no_character_is_favoured() {
        let mut counts = [0u32; 62];
        let mut byte = 0u8;
        for _ in 0..248 {
            let key = generate(Kind::User, || {
                byte = byte.wrapping_add(1);
                byte
            });
            for b in key[PREFIX..PREFIX + RANDOM].bytes() {
                counts[BASE62.iter().position(|c| *c == b).unwrap()] += 1;
            }
        }
        assert!(counts.iter().all(|n| *n == 128), "{counts:?}");
    }
}
