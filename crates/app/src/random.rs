//! Randomness, handed in so that tests own it.

/// Where random bytes come from.
pub trait Random: Send + Sync + 'static {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsRandom;

impl Random for OsRandom {
    fn fill(&self, bytes: &mut [u8]) {
        // Without randomness no key and no session may be made: a panic is answered with a 500 and nothing is written.
        if let Err(error) = getrandom::fill(bytes) {
            std::panic::panic_any(format!("the operating system gives no random bytes: {error}"));
        }
    }
}
