//! The `attest` binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::command::run()
}
