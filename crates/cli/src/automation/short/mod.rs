//! `attest submit`: the short form, with good defaults from `attest.toml` and the CI service.

mod also;
mod args;
mod ci;
mod counts;
mod later;
mod plan;
mod settings;
mod ship;

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::PathBuf;

use client::Client;
use client::automation_threads::NewThread;
use reports::Lines;

pub(crate) use self::args::Submit;
use self::counts::{Counts, FirstFailed, Submitted};
use self::plan::Plan;
use self::settings::{FailOn, OnUnreachable};
use self::ship::{PartOf, Shipment};
use super::connect::Surroundings;
use super::failure::Failure;
use super::program::Ran;
use super::results::gather;
use super::say::{Say, print};
use super::submit::{Executed, execute};
use super::{pattern, resources};

/// The exit code when all was sent and tests failed, as `--fail-on` asks.
const TESTS_FAILED: u8 = 3;

/// Opens a run, sends all results and completes it. stdout gets its id or JSON alone.
pub(super) async fn submit(args: &Submit, surroundings: &Surroundings, say: Say) -> Result<u8, Failure> {
    let say = say.aside();
    if args.flush {
        return later::flush(surroundings, args.parallel, say).await;
    }
    let plan = Plan::of(args)?;
    let client = plan.way.client(surroundings, say)?;
    let ran = match execute(&plan.results, say)? {
        Executed::Stop(code) => return Ok(code),
        Executed::Ran(ran) => ran,
    };
    let (mut shipment, mut lines) = pack(args, &plan, ran.as_ref(), say)?;
    let code = ran.map_or(0, |ran| ran.code);
    let sent = shipment.send(&client, &mut lines, args.parallel, say).await;
    let settled = match sent {
        Ok(failed) => tell(args, &shipment, &failed, say).map(|()| true),
        Err(failure) => wait(&plan, &client, &mut shipment, &mut lines, failure, say)
            .await
            .map(|()| false),
    };
    if let Some(also) = &plan.also {
        also.send(&shipment, &mut lines, surroundings, args.parallel, say)
            .await;
    }
    let is_bad = settled? && plan.fail_on == FailOn::Any && shipment.counts.failed() > 0;
    Ok(if is_bad && code == 0 { TESTS_FAILED } else { code })
}

/// Keeps what could not be sent, if that is wanted and can make no double. Otherwise the failure stays one.
async fn wait(
    plan: &Plan,
    client: &Client,
    shipment: &mut Shipment,
    lines: &mut Lines,
    failure: Failure,
    say: Say,
) -> Result<(), Failure> {
    let is_wanted = failure.is_passing && plan.on_unreachable == OnUnreachable::Warn;
    if !is_wanted || !later::may_wait(client, shipment).await {
        return Err(failure);
    }
    let folder = later::keep(shipment, lines)?;
    say.fail(failure);
    say.warn(format_args!(
        "The results are kept in {}; send them later with: attest submit --flush",
        folder.display()
    ));
    Ok(())
}

/// Reads the results and makes everything ready to be sent.
fn pack(args: &Submit, plan: &Plan, ran: Option<&Ran>, say: Say) -> Result<(Shipment, Lines), Failure> {
    // Only now: the program may have made the files.
    let files = pattern::all(&plan.results.files)?;
    let own = resources::read("Resource", args.resources.as_deref())?;
    let (files, spool) = gather(&files, plan.results.ignore_parse_error, say)?;
    if files == 0 {
        return Err(Failure::new("Nothing was submitted: there are no result files")
            .and("Please verify their names, and that attest submit knows their format (see --help)"));
    }
    let instance = plan.way.instance.to_string();
    let mut shipment = Shipment::new(instance, plan.way.proxy.clone(), plan.project.clone())?;
    shipment.new = plan.new.clone();
    shipment.new.fields.extend(own.fields);
    shipment.new.links.extend(own.links);
    shipment.new.artifacts.extend(own.artifacts);
    shipment.counts = Counts::new(files, &spool.summary());
    shipment.thread = NewThread {
        fields: ran.map(Ran::field).into_iter().collect(),
        artifacts: vec![],
        elapsed_computed: shipment.counts.elapsed,
        elapsed_observed: ran.map(|ran| ran.elapsed),
    };
    shipment.part = part(args)?;
    let lines = spool
        .into_lines()
        .map_err(|error| Failure::new(format!("Cannot write to the temporary folder: {error}")))?;
    Ok((shipment, lines))
}

/// Which part of which run, if any: a key is taken from the CI service when parts are asked for without one.
fn part(args: &Submit) -> Result<Option<PartOf>, Failure> {
    if args.run_key.is_none() && args.part.is_none() && args.parts.is_none() {
        return Ok(None);
    }
    let build = ci::build(&ci::variables());
    let run_key = match args.run_key.as_deref() {
        Some(key) if key != "ci" => Some(key.to_owned()),
        _ => build.run_key,
    };
    let Some(run_key) = run_key else {
        return Err(Failure::new(
            "Missing --run-key: this is no build of a known CI service, so please give a key that all its jobs share",
        ));
    };
    Ok(Some(PartOf {
        run_key,
        part: args.part.clone().or(build.part).unwrap_or_else(|| "1".to_owned()),
        parts: args.parts.or(build.parts),
    }))
}

/// Tells the numbers: a table on stderr, the id or JSON on stdout, and Markdown where it is asked for.
fn tell(args: &Submit, shipment: &Shipment, failed: &FirstFailed, say: Say) -> Result<(), Failure> {
    let (counts, url) = (&shipment.counts, shipment.url());
    let about = Submitted {
        run: shipment.done.run.unwrap_or_default(),
        project: shipment.done.project.unwrap_or_default(),
        name: &shipment.new.name,
        url: &url,
        is_completed: shipment.done.is_completed,
    };
    say.line(counts.table());
    say.line(format_args!("See {url}"));
    let by_variable = || std::env::var_os("GITHUB_STEP_SUMMARY").filter(|file| !file.is_empty());
    if let Some(file) = args.summary.clone().or_else(|| by_variable().map(PathBuf::from)) {
        let page = counts.markdown(&about, failed);
        let written = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&file)
            .and_then(|mut file| file.write_all(page.as_bytes()));
        if let Err(error) = written {
            // The results are there; a job must not fail for its summary.
            say.warn(format_args!(
                "Cannot write the summary to {}: {error}",
                file.display()
            ));
        }
    }
    if args.json {
        print(counts.json(&about));
    } else {
        print(about.run);
    }
    Ok(())
}
