//! Leases: of several servers on one database, one does a job at a time.

use crate::{Result, Tx, args, statements};
use model::Timestamp;

statements! {
    TAKE = "INSERT INTO leases (name, holder, until) VALUES ($1, $2, $4)
        ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
        WHERE leases.holder = excluded.holder OR leases.until <= $3";
    GIVE_BACK = "UPDATE leases SET until = 0 WHERE name = $1 AND holder = $2";
}

/// Takes or renews a lease until `until`. False: another holder has it.
pub fn take(tx: &mut Tx<'_>, name: &str, holder: &str, now: Timestamp, until: Timestamp) -> Result<bool> {
    Ok(tx.execute(TAKE, args![name, holder, now.0, until.0])? > 0)
}

/// Gives a lease back before its time, so that another server may go on at once.
pub fn give_back(tx: &mut Tx<'_>, name: &str, holder: &str) -> Result<()> {
    tx.execute(GIVE_BACK, args![name, holder]).map(drop)
}
