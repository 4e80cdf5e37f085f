//! Results that could not be sent, kept until `attest submit --flush`.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use client::Client;
use model::clock::{Clock as _, SystemClock};
use reports::Lines;

use super::ship::Shipment;
use crate::automation::connect::{Surroundings, Way};
use crate::automation::failure::Failure;
use crate::automation::key;
use crate::automation::say::{Say, print};

/// The variable that names the folder.
pub(super) const VARIABLE: &str = "ATTEST_UNSENT";
/// The folder otherwise, in that in which the command runs.
const FOLDER: &str = ".attest-unsent";

fn folder() -> PathBuf {
    std::env::var_os(VARIABLE)
        .filter(|value| !value.is_empty())
        .map_or_else(|| PathBuf::from(FOLDER), PathBuf::from)
}

/// Whether what was not sent may be sent later without a double: nothing is there yet, or the server is Attest, which
/// does the work of a repeated request once.
pub(super) async fn may_wait(client: &Client, shipment: &Shipment) -> bool {
    shipment.done.run.is_none() || client.is_known_to_repeat_once() || client.does_repeated_work_once().await
}

/// Keeps a shipment and its tests. The folder that they lie in.
pub(super) fn keep(shipment: &mut Shipment, lines: &mut Lines) -> Result<PathBuf, Failure> {
    let folder = folder();
    let name = key()?.as_str().to_owned();
    shipment.kept_at = SystemClock.now().0;
    let mut write = || -> io::Result<()> {
        fs::create_dir_all(&folder)?;
        let mut tests = BufWriter::new(File::create(folder.join(format!("{name}.tests")))?);
        lines.copy_to(&mut tests)?;
        tests.flush()?;
        save(&folder.join(format!("{name}.json")), shipment)
    };
    write().map_err(|error| {
        Failure::new(format!(
            "Cannot keep the results in {}: {error}",
            folder.display()
        ))
        .and(format_args!("Please name another folder in {VARIABLE}"))
    })?;
    Ok(folder)
}

/// Written beside and renamed, so that it is whole or not there.
fn save(path: &Path, shipment: &Shipment) -> io::Result<()> {
    let beside = path.with_extension("new");
    fs::write(&beside, serde_json::to_vec_pretty(shipment)?)?;
    fs::rename(beside, path)
}

/// Sends all that was kept, and ends with the first that fails again.
pub(super) async fn flush(surroundings: &Surroundings, parallel: u8, say: Say) -> Result<u8, Failure> {
    let kept =
        kept().map_err(|error| Failure::new(format!("Cannot read {}: {error}", folder().display())))?;
    if kept.is_empty() {
        say.line("Nothing waits to be sent");
    }
    for path in kept {
        let unreadable = |error: &dyn std::fmt::Display| {
            Failure::new(format!("Cannot read {}: {error}", path.display()))
                .and("Please move the file away, and the one beside it")
        };
        let bytes = fs::read(&path).map_err(|error| unreadable(&error))?;
        let mut shipment: Shipment = serde_json::from_slice(&bytes).map_err(|error| unreadable(&error))?;
        if let Some(left) = shipment.resume(SystemClock.now().0)? {
            say.warn(format_args!(
                "The run {left} was begun too long ago to go on; all results go to a new one"
            ));
        }
        let tests = path.with_extension("tests");
        let mut lines = Lines::open(&tests).map_err(|error| unreadable(&error))?;
        let client = Way::to(&shipment.instance, shipment.proxy.as_ref())?.client(surroundings, say)?;
        let sent = shipment.send(&client, &mut lines, parallel, say).await;
        if let Err(failure) = sent {
            // Without what was done now it would be asked for again, with the same keys.
            let _ = save(&path, &shipment);
            return Err(failure.and(format_args!("The results are still in {}", path.display())));
        }
        let removed = fs::remove_file(&path).and_then(|()| fs::remove_file(&tests));
        removed.map_err(|error| Failure::new(format!("Cannot remove {}: {error}", path.display())))?;
        print(shipment.done.run.unwrap_or_default());
    }
    Ok(0)
}

/// The shipments that wait, the oldest first.
fn kept() -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder()) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(vec![]),
        entries => entries?,
    };
    let mut kept = Vec::new();
    for entry in entries {
        let entry = entry?;
        if entry
            .path()
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            kept.push((entry.metadata()?.modified()?, entry.path()));
        }
    }
    kept.sort();
    Ok(kept.into_iter().map(|(_, path)| path).collect())
}
