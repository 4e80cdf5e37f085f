//! `automation:run:submit` and `automation:run:submit-thread`.

use client::automation_runs::RunAddition;
use client::automation_threads::NewThread;
use client::{Client, RequestKey};

use super::args::{Results, Submit, SubmitThread};
use super::check;
use super::connect::{Surroundings, Way};
use super::failure::Failure;
use super::program::{self, Ran};
use super::results::{Collected, collect};
use super::say::Say;
use super::{key, resources};

/// Opens a run, sends all results in one thread and completes it. The exit code is that of the program.
pub(super) async fn submit(args: &Submit, surroundings: &Surroundings, say: Say) -> Result<u8, Failure> {
    let way = Way::new(&args.target)?;
    let (project, mut new) = check::run(&args.run)?;
    check_rewriter(&args.results)?;
    let ran = match execute(&args.results, say)? {
        Executed::Stop(code) => return Ok(code),
        Executed::Ran(ran) => ran,
    };
    let own = resources::read("Resource", args.resources.as_deref())?;
    if args.resources.is_some() {
        say.line(format_args!(
            "Found {} fields, {} links and {} artifacts",
            own.fields.len(),
            own.links.len(),
            own.artifacts.len()
        ));
    }
    (new.fields, new.links, new.artifacts) = (own.fields, own.links, own.artifacts);
    let results = gather(&args.results, say)?;
    let client = way.client(surroundings, say)?;
    let run = client.create_automation_run(project, &new, &key()?).await?;
    say.line(format_args!("Created new test automation run (ID: {run})"));
    let sent = async {
        thread(&client, run, results, ran.as_ref(), RunAddition::default(), say).await?;
        say.line("Successfully sent tests and completed run");
        client.complete_automation_run(run, false, &key()?).await?;
        say.line("Marked the run as completed");
        Ok(())
    };
    sent.await.map_err(|failure: Failure| failure.in_run(run))?;
    Ok(ran.map_or(0, |ran| ran.code))
}

/// Sends all results in one thread of an open run and completes the thread. The exit code is that of the program.
pub(super) async fn submit_thread(
    args: &SubmitThread,
    surroundings: &Surroundings,
    say: Say,
) -> Result<u8, Failure> {
    let way = Way::new(&args.target)?;
    let run = check::id("Run", &args.run_id)?.cast_signed();
    check_rewriter(&args.results)?;
    let ran = match execute(&args.results, say)? {
        Executed::Stop(code) => return Ok(code),
        Executed::Ran(ran) => ran,
    };
    let of_thread = resources::read("Thread resource", args.thread_resources.as_deref())?;
    if args.thread_resources.is_some() {
        say.line(format_args!(
            "Found {} fields and {} artifacts for the thread",
            of_thread.fields.len(),
            of_thread.artifacts.len()
        ));
    }
    let of_run = resources::read("Run resource", args.run_resources.as_deref())?;
    if args.run_resources.is_some() {
        say.line(format_args!(
            "Found {} fields, {} links and {} artifacts for the run",
            of_run.fields.len(),
            of_run.links.len(),
            of_run.artifacts.len()
        ));
    }
    let results = gather(&args.results, say)?;
    let client = way.client(surroundings, say)?;
    add_to_run(&client, run, &of_run).await?;
    let id = thread(&client, run, results, ran.as_ref(), of_thread, say).await?;
    say.line("Successfully sent tests and completed thread");
    client.complete_automation_thread(id, &key()?).await?;
    say.line("Marked the thread as completed");
    Ok(ran.map_or(0, |ran| ran.code))
}

/// Adds resources to a run, if there are any.
pub(super) async fn add_to_run(client: &Client, run: i64, addition: &RunAddition) -> Result<(), Failure> {
    if *addition == RunAddition::default() {
        return Ok(());
    }
    Ok(client.append_to_automation_run(run, addition, &key()?).await?)
}

pub(super) enum Executed {
    /// The program failed, and nothing is to be sent.
    Stop(u8),
    Ran(Option<Ran>),
}

pub(super) fn execute(args: &Results, say: Say) -> Result<Executed, Failure> {
    let ran = program::run(&args.program, args.exec_suppress)?;
    if let Some(ran) = &ran {
        say.line(format_args!(
            "Program executed in {} seconds with exit code {}",
            ran.seconds(),
            ran.code
        ));
        if args.exec_stop_error && ran.code != 0 {
            return Ok(Executed::Stop(ran.code));
        }
    }
    Ok(Executed::Ran(ran))
}

fn check_rewriter(args: &Results) -> Result<(), Failure> {
    match args.rewriter {
        Some(_) => Err(Failure::new(
            "--results-rewriter is not supported: please change the result files before they are sent",
        )),
        None => Ok(()),
    }
}

fn gather(args: &Results, say: Say) -> Result<Collected, Failure> {
    say.line("Collecting log files ..");
    let collected = collect(&args.files, args.ignore_parse_error, say)?;
    match collected.files() {
        0 => {
            say.warn("Warning: Could not find any valid result files or tests");
            say.warn("Please review the --results option and specify one or more result files");
            say.warn("Ensure the files have an expected file extension (.xml) and format");
        }
        files => say.line(format_args!(
            "Found {files} result files with a total of {} tests",
            collected.tests
        )),
    }
    Ok(collected)
}

/// Opens a thread and sends the tests. The thread's id.
pub(super) async fn thread(
    client: &Client,
    run: i64,
    results: Collected,
    ran: Option<&Ran>,
    resources: RunAddition,
    say: Say,
) -> Result<i64, Failure> {
    let mut fields: Vec<_> = ran.map(Ran::field).into_iter().collect();
    fields.extend(resources.fields);
    let new = NewThread {
        fields,
        artifacts: resources.artifacts,
        elapsed_computed: results.elapsed,
        elapsed_observed: ran.map(|ran| ran.elapsed),
    };
    let thread = client.create_automation_thread(run, &new, &key()?).await?;
    say.line(format_args!("Created new thread (ID: {thread})"));
    say.line("Sending tests to the instance ..");
    let whole = RequestKey::random().map_err(|error| Failure::sentence(&error))?;
    let mut number = 0;
    results
        .batches(async |batch| {
            number += 1;
            let key = whole.part(number);
            Ok(client.append_to_automation_thread(thread, batch, &key).await?)
        })
        .await?;
    Ok(thread)
}
