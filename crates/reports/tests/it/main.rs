//! Files of real tools, and what the formats allow beside.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on ends"
)]

mod broken;
mod dotnet;
mod files;
mod support;
