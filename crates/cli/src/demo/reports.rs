//! Results of Attest's own tests, as `cargo nextest` wrote them. `demo/README.md` says how to make more.

/// One run of our tests.
#[derive(Debug)]
pub(super) struct Reported {
    /// The automation run's name, unique here: it tells whether the run was submitted already.
    pub(super) name: &'static str,
    /// The automation source.
    pub(super) source: &'static str,
    /// JUnit XML.
    pub(super) xml: &'static str,
}

macro_rules! report {
    ($source:literal, $engine:literal, $at:literal, $file:literal) => {
        Reported {
            name: concat!("Tests on ", $engine, ", ", $at),
            source: $source,
            xml: include_str!(concat!("../../demo/", $file)),
        }
    };
}

/// Oldest first.
pub(super) const REPORTS: &[Reported] = &[
    report!("rust-sqlite", "SQLite", "2026-11-23 02:17", "1-sqlite.xml"),
    report!(
        "rust-postgres",
        "PostgreSQL",
        "2026-11-23 02:18",
        "2-postgres.xml"
    ),
    report!("rust-sqlite", "SQLite", "2026-11-23 02:41", "3-sqlite.xml"),
];
