//! `attest audit`: the chain of the audit log.

use std::process::ExitCode;

use crate::config::StoreFlags;
use crate::instance::{Absent, close, open, told};

pub(super) fn verify(flags: &StoreFlags) -> anyhow::Result<ExitCode> {
    let config = super::load(&flags.0)?;
    let verdict = super::block_on(async {
        let app = open(&config, Absent::Refuse).await?;
        let verdict = app::audit::verify(&app).await.map_err(told);
        close(app).await;
        verdict
    })?;
    let Some(seal) = verdict.broken_at else {
        super::print(&format!(
            "the audit log is whole: {} entries sealed, {} not yet sealed\n",
            verdict.sealed, verdict.unsealed
        ));
        return Ok(ExitCode::SUCCESS);
    };
    super::print(&format!(
        "the audit log was changed: seal {seal} does not fit its entry; the {} entries before it are whole\n",
        verdict.sealed
    ));
    Ok(ExitCode::FAILURE)
}
