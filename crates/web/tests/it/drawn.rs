//! Every page, drawn from sample data in the states that matter.

use crate::sample;
use app::FieldError;
use maud::Markup;
use model::automation::Outcome;
use model::clock::{DAY, HOUR};
use model::{KeyId, Scope};
use web::pages::devices::view::{self as devices, Done, Security};
use web::pages::keys::{change, created, form, view as keys};
use web::pages::login::view::{self as login, Login};
use web::pages::problem::{self, Problem};
use web::pages::profile::view::{self as profile, Account};
use web::pages::projects::{overview, view as projects};
use web::pages::run::address::Tab;
use web::pages::run::{tests, view as run};
use web::pages::runs::view as runs;
use web::pages::setup::view::{self as setup, Setup};
use web::ui::field::Errors;
use web::ui::{Frame, Theme};

const ADDRESS: &str = "https://tests.shop.example";

/// All pages by name, in one theme.
pub(crate) fn pages(theme: Theme) -> Vec<(&'static str, Markup)> {
    let (inside, outside) = (sample::frame(theme, true), sample::frame(theme, false));
    let mut all = plain(&outside);
    all.extend(project_pages(&inside));
    all.extend(run_pages(&inside));
    all.extend(profile_pages(&inside));
    for (name, status) in [("403", 403), ("404", 404), ("500", 500), ("503", 503)] {
        all.push((name, problem(&inside, status)));
    }
    all.push(("404-signed-out", problem(&outside, 404)));
    all
}

fn errors(fields: &[(&str, &str)]) -> Errors {
    Errors(
        fields
            .iter()
            .map(|(field, text)| FieldError::new(*field, *text))
            .collect(),
    )
}

fn plain(frame: &Frame) -> Vec<(&'static str, Markup)> {
    let fresh = Login {
        host: "tests.shop.example",
        days: 14,
        ..Login::default()
    };
    let failed = Login {
        email: "mara@demo.example",
        failure: Some("Address or password are not right."),
        is_new: true,
        ..fresh
    };
    let fresh = Login {
        host: "tests.shop.example",
        days: 14,
        ..Login::default()
    };
    let set_up = Setup {
        token: "t",
        address: ADDRESS,
        database: "Embedded SQLite, writes are durable",
        ..Setup::default()
    };
    let wrong = Setup {
        address: "http://127.0.0.1:8080",
        name: "Mara",
        errors: errors(&[
            (
                "email",
                "This is no mail address; it looks like name@example.com.",
            ),
            ("password", "The password is too easy to guess."),
        ]),
        ..set_up
    };
    let set_up = Setup {
        token: "t",
        address: ADDRESS,
        database: "Embedded SQLite, writes are durable",
        ..Setup::default()
    };
    vec![
        ("login", login::page(frame, &fresh)),
        ("login-failed", login::page(frame, &failed)),
        ("setup", setup::page(frame, &set_up)),
        ("setup-wrong", setup::page(frame, &wrong)),
    ]
}

fn project_pages(frame: &Frame) -> Vec<(&'static str, Markup)> {
    let list = |cards: Vec<projects::Card>| projects::Projects {
        total: i64::try_from(cards.len()).unwrap(),
        cards,
        can_create: true,
        previous: None,
        next: None,
    };
    let overview = |n: i64| overview::Overview {
        project: sample::project(),
        note: "The web shop: catalogue, basket, payment.".to_owned(),
        is_demo: true,
        cases: Some(n * 7),
        manual: Some((Vec::new(), 0)),
        sees_automation: true,
        sources: sample::sources(),
        source_count: 3,
        runs: sample::run_rows(n),
        run_count: 8812,
        address: ADDRESS.to_owned(),
    };
    let runs = |n: i64, filter: runs::Filter| runs::Runs {
        project: sample::project(),
        filter,
        sources: sample::sources()
            .into_iter()
            .map(|s| (model::SourceId(s.id), s.name))
            .collect(),
        rows: sample::run_rows(n),
        total: if n > 0 { 8812 } else { 0 },
        chart: sample::run_rows(n.min(50)).into_iter().rev().collect(),
        previous: None,
        next: (n > 0).then(|| "/automation/runs/2?page=2".to_owned()),
        address: ADDRESS.to_owned(),
    };
    let wrong = projects::NewProject {
        name: "",
        note: "x",
        errors: errors(&[("name", "The name is missing.")]),
    };
    vec![
        ("projects", projects::list(frame, &list(sample::cards()))),
        ("projects-empty", projects::list(frame, &list(Vec::new()))),
        (
            "project-new",
            projects::new(frame, &projects::NewProject::default()),
        ),
        ("project-new-wrong", projects::new(frame, &wrong)),
        ("overview", overview::page(frame, &overview(5))),
        ("overview-empty", overview::page(frame, &overview(0))),
        ("runs", runs::page(frame, &runs(50, runs::Filter::default()))),
        ("runs-empty", runs::page(frame, &runs(0, runs::Filter::default()))),
        (
            "runs-nothing-matches",
            runs::page(
                frame,
                &runs(
                    0,
                    runs::Filter {
                        source: None,
                        state: Some(Outcome::Running),
                    },
                ),
            ),
        ),
    ]
}

/// A run's page at a tab, with or without an open test.
pub(crate) fn run_page(frame: &Frame, tab: Tab, has_detail: bool, state: Outcome) -> Markup {
    let place = sample::place()
        .tab(tab)
        .open(has_detail.then(|| sample::detail().id));
    let below = match tab {
        Tab::Tests => run::Below::Tests(sample::list()),
        Tab::Failures => run::Below::Failures(sample::failures()),
        _ => run::Below::Run,
    };
    run::page(
        frame,
        &run::Page {
            project: sample::project(),
            run: sample::run(state),
            place,
            below,
            detail: has_detail.then(sample::detail),
        },
    )
}

fn run_pages(frame: &Frame) -> Vec<(&'static str, Markup)> {
    let failed = Outcome::Failure;
    let empty = run::Page {
        project: sample::project(),
        run: run::Run {
            tally: sample::tally(0, 0, 0),
            threads: Vec::new(),
            artifacts: Vec::new(),
            ..sample::run(Outcome::Running)
        },
        place: sample::place(),
        below: run::Below::Tests(tests::List::default()),
        detail: None,
    };
    vec![
        ("run", run_page(frame, Tab::Tests, false, failed)),
        ("run-detail", run_page(frame, Tab::Tests, true, failed)),
        (
            "run-running",
            run_page(frame, Tab::Tests, false, Outcome::Running),
        ),
        ("run-failures", run_page(frame, Tab::Failures, true, failed)),
        ("run-threads", run_page(frame, Tab::Threads, false, failed)),
        ("run-artifacts", run_page(frame, Tab::Artifacts, false, failed)),
        ("run-info", run_page(frame, Tab::Info, false, failed)),
        ("run-empty", run::page(frame, &empty)),
    ]
}

fn profile_pages(frame: &Frame) -> Vec<(&'static str, Markup)> {
    let projects = sample::projects();
    let account = Account {
        side: sample::side(),
        name: "Mara Demo",
        timezone: "Europe/Berlin",
        errors: Errors::default(),
        is_saved: true,
    };
    let security = |done, errors| Security {
        side: sample::side(),
        devices: sample::devices(),
        errors,
        done,
    };
    let list = |form, rows, revoked| keys::Keys {
        side: sample::side(),
        rows,
        form,
        revoked,
    };
    let wrong = form::Form {
        scope: None,
        name: "Nightly CI",
        expires: "date",
        date: "2026-01-01",
        chosen: vec![projects[1].0],
        addresses: "10.0.0.300",
        errors: errors(&[
            ("scope", "Choose what the key is for."),
            (
                "name",
                "You have an active key of this name. Choose another name, or revoke that key.",
            ),
            (
                "expires_at",
                "The key would have expired already. Choose a later day.",
            ),
            (
                "addresses",
                "10.0.0.300 is no address or network. Write 10.0.0.7 or 10.0.0.0/8.",
            ),
            ("password", "This is not your password."),
        ]),
        ..form::Form::fresh(&projects, true)
    };
    let chosen = form::Form {
        scope: Some(Scope::CasesWrite),
        name: "SQAI Integration",
        ..form::Form::fresh(&projects, false)
    };
    let subject = || change::Subject {
        side: sample::side(),
        id: KeyId(1),
        name: "Nightly CI".to_owned(),
        last4: "3kQ9".to_owned(),
        scope: Scope::ResultsWrite,
        used_at: Some(sample::now().plus(-HOUR)),
        expires_at: None,
        errors: Errors::default(),
    };
    let once = created::Made {
        name: "SQAI Integration",
        secret: "att_usr_EXAMPLEdoNotUseEXAMPLEdoNotUse00FAKE00",
        scope: Scope::CasesWrite,
        expires_at: Some(sample::now().plus(365 * DAY)),
        only_in: Some(vec![
            "Storefront (demo)".to_owned(),
            "Back office (demo)".to_owned(),
        ]),
        only_from: None,
        old_until: None,
        address: ADDRESS,
        projects: &projects,
        back: "/users/profile/api",
    };
    vec![
        ("profile", profile::account(frame, &account)),
        (
            "security",
            devices::security(frame, &security(None, Errors::default())),
        ),
        (
            "security-wrong",
            devices::security(
                frame,
                &security(
                    Some(Done::Device),
                    errors(&[("old_password", "This is not your password.")]),
                ),
            ),
        ),
        ("keys", keys::keys(frame, &list(chosen, sample::key_rows(), None))),
        (
            "keys-empty",
            keys::keys(
                frame,
                &list(
                    form::Form::fresh(&projects, false),
                    Vec::new(),
                    Some("Old key".to_owned()),
                ),
            ),
        ),
        (
            "keys-wrong",
            keys::keys(frame, &list(wrong, sample::key_rows(), None)),
        ),
        ("key-created", created::created(frame, &sample::side(), &once)),
        ("key-revoke", change::revoke(frame, &subject())),
        (
            "key-rotate",
            change::rotate(frame, &subject(), change::FACTORY_OVERLAP, true),
        ),
    ]
}

fn problem(frame: &Frame, status: u16) -> Markup {
    problem::page(
        frame,
        &Problem {
            status,
            text: "Not found: it does not exist, or you have no access to it.",
            request_id: Some("01JD3K7Q"),
        },
    )
}
