//! Builds, tests, checks and runs Attest.

fn main() {}
