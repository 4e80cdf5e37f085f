//! Db over SQLite and PostgreSQL, migrations, one module per resource.

pub mod access;
pub mod attachment;
pub mod audit;
pub mod automation;
pub mod blob;
pub mod case;
pub mod db;
pub mod exploratory;
pub mod field;
mod filter;
pub mod folder;
pub mod group;
pub mod idempotency;
pub mod issue;
pub mod key;
pub mod lease;
pub mod members;
pub mod migrate;
pub mod milestone;
pub mod names;
pub mod notification;
pub mod project;
pub mod role;
pub mod run;
pub mod session;
pub mod setting;
pub mod shared_steps;
pub mod state;
pub mod status;
pub mod tag;
pub mod template;
pub mod tree;
pub mod user;
pub mod view;

pub use db::{
    Arg, Bulk, Col, Column, Db, Dialect, Error, Options, Result, Row, Statement, Stats, Tx, Version,
};
pub use migrate::migrate;

/// Every statement of every module, for the test that prepares them all.
pub fn statements() -> Vec<Statement> {
    [
        access::STATEMENTS,
        attachment::STATEMENTS,
        blob::STATEMENTS,
        audit::STATEMENTS,
        audit::PAGE_STATEMENTS,
        automation::case::STATEMENTS,
        automation::cases::STATEMENTS,
        automation::named::STATEMENTS,
        automation::part::STATEMENTS,
        automation::retention::STATEMENTS,
        automation::retention::preview::STATEMENTS,
        automation::retention::remove::STATEMENTS,
        automation::run::STATEMENTS,
        automation::source::STATEMENTS,
        automation::stats::STATEMENTS,
        automation::test::STATEMENTS,
        automation::thread::STATEMENTS,
        case::STATEMENTS,
        case::comment::STATEMENTS,
        case::links::STATEMENTS,
        case::page::STATEMENTS,
        case::search::STATEMENTS,
        case::version::STATEMENTS,
        case::write::STATEMENTS,
        exploratory::STATEMENTS,
        exploratory::page::STATEMENTS,
        exploratory::result::STATEMENTS,
        field::STATEMENTS,
        field::write::STATEMENTS,
        folder::STATEMENTS,
        group::STATEMENTS,
        idempotency::STATEMENTS,
        issue::STATEMENTS,
        key::STATEMENTS,
        key::held::STATEMENTS,
        lease::STATEMENTS,
        members::STATEMENTS,
        migrate::STATEMENTS,
        milestone::STATEMENTS,
        names::STATEMENTS,
        notification::STATEMENTS,
        project::STATEMENTS,
        role::STATEMENTS,
        run::STATEMENTS,
        run::execution::STATEMENTS,
        run::live::STATEMENTS,
        run::page::STATEMENTS,
        run::result::STATEMENTS,
        run::test::STATEMENTS,
        session::STATEMENTS,
        setting::STATEMENTS,
        shared_steps::STATEMENTS,
        state::STATEMENTS,
        state::write::STATEMENTS,
        status::STATEMENTS,
        status::write::STATEMENTS,
        tag::STATEMENTS,
        template::STATEMENTS,
        view::STATEMENTS,
        tree::STATEMENTS,
        template::write::STATEMENTS,
        user::STATEMENTS,
        user::write::STATEMENTS,
    ]
    .concat()
}
