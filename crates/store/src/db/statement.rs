//! The statements of a module, named and listed, so that one test prepares all of them on both engines.

/// A named SQL text. Made by [`statements!`](crate::statements!).
#[derive(Debug, Clone, Copy)]
pub struct Statement {
    /// The module that it belongs to.
    pub module: &'static str,
    /// The name of its constant.
    pub name: &'static str,
    /// The text, with `$1…$n`.
    pub sql: &'static str,
    /// Where it runs.
    pub dialect: Dialect,
}

/// Which engines a statement is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite and PostgreSQL.
    Both,
    /// SQLite only.
    Sqlite,
    /// PostgreSQL only.
    Postgres,
}

impl Dialect {
    /// Whether a statement of this dialect runs on PostgreSQL (`true`) or SQLite (`false`).
    pub fn is_for(self, postgres: bool) -> bool {
        match self {
            Dialect::Both => true,
            Dialect::Sqlite => !postgres,
            Dialect::Postgres => postgres,
        }
    }
}

/// Declares the statements of a module, once per module:
///
/// ```ignore
/// statements! {
///     /// For the page of a user.
///     FIND = "SELECT id, name FROM users WHERE id = $1";
///     SEARCH_FTS (sqlite) = "SELECT … MATCH $1";
///     SEARCH_TSV (postgres) = "SELECT … @@ plainto_tsquery($1)";
/// }
/// ```
///
/// makes a private `const FIND: &str` of each, and `pub(crate) const STATEMENTS: &[Statement]` with all, which
/// belongs into the list in [`statements`](crate::statements()).
#[macro_export]
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident $(($dialect:ident))? = $sql:expr;)*) => {
        $($(#[$doc])* const $name: &str = $sql;)*

        /// All statements of this module.
        pub(crate) const STATEMENTS: &[$crate::db::Statement] = &[$(
            $crate::db::Statement {
                module: module_path!(),
                name: stringify!($name),
                sql: $name,
                dialect: $crate::statements!(@dialect $($dialect)?),
            },
        )*];
    };
    (@dialect) => { $crate::db::Dialect::Both };
    (@dialect sqlite) => { $crate::db::Dialect::Sqlite };
    (@dialect postgres) => { $crate::db::Dialect::Postgres };
}
