//! Passwords: argon2id with bounded concurrency, and what a good one is (`security.md` A2).

use crate::{Error, FieldError, Random, Result};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher as _, PasswordVerifier as _};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Fewest characters.
const SHORTEST: usize = 8;
/// Most bytes.
const LONGEST: usize = 1024;
/// Log10 of the guesses that a password must withstand.
const GUESSES: f64 = 8.0;
/// Hashes that may wait for their turn.
const QUEUE: usize = 16;

/// Hashes and checks passwords, as many at once as there are cores, so that sign-ins never eat the machine.
pub(crate) struct Passwords {
    turns: Arc<Semaphore>,
    queue: Semaphore,
}

impl Passwords {
    pub(crate) fn new() -> Passwords {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Passwords {
            turns: Arc::new(Semaphore::new(cores)),
            queue: Semaphore::new(cores + QUEUE),
        }
    }

    /// The PHC string of a new password.
    pub(crate) async fn hash(&self, password: String, random: &dyn Random) -> Result<String> {
        let mut salt = [0; 16];
        random.fill(&mut salt);
        self.run(move || hash(&password, &salt)).await?
    }

    /// Whether `password` is the one behind `hash`; the same work is done when there is none.
    pub(crate) async fn verify(&self, password: String, hash: Option<String>) -> Result<bool> {
        self.run(move || verify(&password, hash.as_deref())).await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let _place = self.queue.try_acquire().map_err(|_| Error::Busy)?;
        let turn = Arc::clone(&self.turns)
            .acquire_owned()
            .await
            .map_err(|_| Error::Busy)?;
        tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        })
        .await
        .map_err(|_| Error::Busy)
    }
}

fn hash(password: &str, salt: &[u8; 16]) -> Result<String> {
    Argon2::default()
        .hash_password_with_salt(password.as_bytes(), salt)
        .map(|hash| hash.to_string())
        .map_err(|_| Error::Busy)
}

/// Hash of a password that nobody has, with today's parameters.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$qcVXGVT2wUgZy4dhMCvcuTLKTDnkHL3cIS4TKHc9tNs";

fn verify(password: &str, hash: Option<&str>) -> bool {
    let Ok(parsed) = PasswordHash::new(hash.unwrap_or(NOBODY)) else {
        return false;
    };
    let matches = Argon2::default()
        .verify_password(password.as_bytes(), &parsed)
        .is_ok();
    matches && hash.is_some()
}

/// Refuses a password that is short, endless, or found by guessing. `known` are words that others know of the person.
pub(crate) fn refuse_weak(field: &str, password: &str, known: &[&str]) -> Result<(), FieldError> {
    if password.chars().count() < SHORTEST {
        return Err(FieldError::new(
            field,
            format!("The password needs at least {SHORTEST} characters; a few words are good."),
        ));
    }
    if password.len() > LONGEST {
        return Err(FieldError::new(
            field,
            format!("The password may have at most {LONGEST} bytes."),
        ));
    }
    let known: Vec<&str> = known.iter().copied().chain(["attest", "testmo"]).collect();
    // Only the beginning is judged: judging takes time that grows with the length, and length alone makes up for the rest.
    let judged: String = password.chars().take(100).collect();
    if zxcvbn::zxcvbn(&judged, &known).guesses_log10() < GUESSES {
        return Err(FieldError::new(
            field,
            "The password is easy to guess. Use a longer one, such as four unrelated words.",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verifies_only_its_own_password() {
        let phc = hash("correct horse battery", &[7; 16]).unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
        assert!(verify("correct horse battery", Some(&phc)));
        assert!(!verify("correct horse batterx", Some(&phc)));
        assert!(!verify("correct horse battery", None));
        assert!(!verify("x", Some("damaged")));
        assert!(PasswordHash::new(NOBODY).is_ok());
    }

    #[test]
    fn weak_passwords_are_refused() {
        for weak in [
            "short",
            "password",
            "12345678",
            "qwertyuiop",
            "testmo123",
            "mara@demo.example",
        ] {
            assert!(
                refuse_weak("password", weak, &["mara@demo.example", "mara"]).is_err(),
                "{weak}"
            );
        }
        refuse_weak("password", "violet kettle ninety spruce", &[]).unwrap();
    }
}
