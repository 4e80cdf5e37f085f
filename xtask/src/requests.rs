//! The requests of `attest automation:run:submit` beside those of Testmo's own command line, for every result file.

use crate::clients;
use crate::context::{Context, run};
use crate::tools;

/// Installs that tool and runs the test that needs it.
pub(crate) fn check(context: &Context) -> anyhow::Result<()> {
    let original = tools::testmo(context, clients::CURRENT)?;
    run(context
        .cargo()
        .args(["nextest", "run", "--locked", "--package", "cli", "--cargo-quiet"])
        .args(["--run-ignored", "only", "--filterset", "test(requests::)"])
        .env("ATTEST_TEST_TESTMO", original))
}
