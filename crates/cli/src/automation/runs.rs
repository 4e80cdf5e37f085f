//! `automation:run:create` and `automation:run:complete`.

use super::args::{Complete, Create};
use super::check;
use super::connect::{Surroundings, Way};
use super::failure::Failure;
use super::say::{Say, print};
use super::submit::add_to_run;
use super::{key, resources};

/// Opens a run; its id stands alone on stdout.
pub(super) async fn create(args: &Create, surroundings: &Surroundings, say: Say) -> Result<u8, Failure> {
    let way = Way::new(&args.target)?;
    let (project, mut new) = check::run(&args.run)?;
    let own = resources::read("Resource", args.resources.as_deref())?;
    (new.fields, new.links, new.artifacts) = (own.fields, own.links, own.artifacts);
    let client = way.client(surroundings, say)?;
    let run = client.create_automation_run(project, &new, &key()?).await?;
    print(run);
    Ok(0)
}

/// Completes a run, with resources if there are any.
pub(super) async fn complete(args: &Complete, surroundings: &Surroundings, say: Say) -> Result<u8, Failure> {
    let way = Way::new(&args.target)?;
    let run = check::id("Run", &args.run_id)?.cast_signed();
    let own = resources::read("Resource", args.resources.as_deref())?;
    let client = way.client(surroundings, say)?;
    add_to_run(&client, run, &own).await?;
    client
        .complete_automation_run(run, !args.no_measure_elapsed, &key()?)
        .await?;
    say.line("Marked the test run as completed");
    Ok(0)
}
