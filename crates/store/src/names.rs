//! Names of things that rows refer to: one statement for each kind, however many there are.

use crate::{Result, Tx, args, statements};

/// Kinds of things that have a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// People and API users.
    Users,
    /// Automation sources.
    Sources,
    /// Configurations.
    Configs,
    /// Milestones.
    Milestones,
    /// Folders.
    Folders,
    /// Groups of users.
    Groups,
    /// Roles.
    Roles,
    /// Projects.
    Projects,
}

/// $1 is a JSON list of ids.
macro_rules! sqlite {
    ($table:literal) => {
        concat!(
            "SELECT id, name FROM ",
            $table,
            " WHERE id IN (SELECT value FROM json_each($1)) ORDER BY id"
        )
    };
}
macro_rules! postgres {
    ($table:literal) => {
        concat!(
            "SELECT id, name FROM ",
            $table,
            " WHERE id IN (SELECT CAST(value AS BIGINT)
                FROM json_array_elements_text(CAST(CAST($1 AS TEXT) AS JSON)) AS ids (value)) ORDER BY id"
        )
    };
}

statements! {
    USERS (sqlite) = sqlite!("users");
    USERS_PG (postgres) = postgres!("users");
    SOURCES (sqlite) = sqlite!("automation_sources");
    SOURCES_PG (postgres) = postgres!("automation_sources");
    CONFIGS (sqlite) = sqlite!("configs");
    CONFIGS_PG (postgres) = postgres!("configs");
    MILESTONES (sqlite) = sqlite!("milestones");
    MILESTONES_PG (postgres) = postgres!("milestones");
    FOLDERS (sqlite) = sqlite!("folders");
    FOLDERS_PG (postgres) = postgres!("folders");
    GROUPS (sqlite) = sqlite!("groups");
    GROUPS_PG (postgres) = postgres!("groups");
    ROLES (sqlite) = sqlite!("roles");
    ROLES_PG (postgres) = postgres!("roles");
    PROJECTS (sqlite) = sqlite!("projects");
    PROJECTS_PG (postgres) = postgres!("projects");
}

/// The names of the things with these ids, by id; ids without a thing are left out.
pub fn of(tx: &mut Tx<'_>, kind: Named, ids: &[i64]) -> Result<Vec<(i64, String)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let (sqlite, postgres) = match kind {
        Named::Users => (USERS, USERS_PG),
        Named::Sources => (SOURCES, SOURCES_PG),
        Named::Configs => (CONFIGS, CONFIGS_PG),
        Named::Milestones => (MILESTONES, MILESTONES_PG),
        Named::Folders => (FOLDERS, FOLDERS_PG),
        Named::Groups => (GROUPS, GROUPS_PG),
        Named::Roles => (ROLES, ROLES_PG),
        Named::Projects => (PROJECTS, PROJECTS_PG),
    };
    let sql = if tx.is_postgres() { postgres } else { sqlite };
    tx.all(sql, args![&format!("{ids:?}")], |r| Ok((r.get(0)?, r.get(1)?)))
}
