//! Custom fields of the instance, and changing them.

use super::Field;
use crate::{Result, Tx, args, statements};
use model::{Entity, FieldId, FieldType, OptionId, ProjectId};
use std::collections::HashMap;

/// A field as the instance has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// What projects see of it, with its options that are not archived and belong to all projects.
    pub field: Field,
    /// All its options of all projects, in their order.
    pub options: Vec<Choice>,
    /// What projects do otherwise; a row also takes the field in where it is not in all.
    pub projects: Vec<InProject>,
    /// From 1, one more with every change.
    pub version: i64,
}

/// One value of a dropdown or multi-select.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Its id; 0 for one to be made.
    pub id: OptionId,
    /// As people see it.
    pub value: String,
    /// `#rrggbb`.
    pub color: Option<String>,
    /// One that is not active is archived: nothing gets it any more.
    pub is_active: bool,
    /// Only in this project.
    pub project_id: Option<ProjectId>,
}

/// What a project does otherwise than the field itself says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InProject {
    /// The project.
    pub project_id: ProjectId,
    /// Must have a value there.
    pub is_required: bool,
    /// Only for those with the right to restricted fields there.
    pub is_restricted: bool,
    /// JSON of the value that it has there unless another is given.
    pub default_value: Option<String>,
}

statements! {
    ALL = "SELECT id, entity, type, name, system_name, note, is_active, is_compact, include_all, is_required, is_restricted,
            default_value, display_order, version FROM fields ORDER BY entity, display_order, id";
    OPTIONS = "SELECT field_id, id, value, color, is_active, project_id FROM field_options
        ORDER BY field_id, display_order, id";
    PROJECTS = "SELECT field_id, project_id, is_required, is_restricted, default_value FROM field_projects
        ORDER BY field_id, project_id";
    INSERT = "INSERT INTO fields (entity, type, name, system_name, is_active, is_compact, include_all, is_required, is_restricted,
            display_order)
        SELECT $1, $2, $3, $4, TRUE, FALSE, TRUE, FALSE, FALSE, COALESCE(MAX(display_order), 0) + 1
        FROM fields WHERE entity = $1 RETURNING id";
    UPDATE = "UPDATE fields SET name = $2, note = $3, is_active = $4, is_compact = $5, include_all = $6, is_required = $7,
            is_restricted = $8, default_value = $9, version = version + 1 WHERE id = $1";
    ADD_OPTION = "INSERT INTO field_options (field_id, project_id, value, color, is_active, display_order)
        VALUES ($1, $2, $3, $4, $5, $6) RETURNING id";
    SET_OPTION = "UPDATE field_options SET value = $3, color = $4, is_active = $5, display_order = $6
        WHERE id = $1 AND field_id = $2";
    DELETE_OPTION = "DELETE FROM field_options WHERE id = $1";
    DROP_PROJECTS = "DELETE FROM field_projects WHERE field_id = $1";
    ADD_PROJECT = "INSERT INTO field_projects (field_id, project_id, is_required, is_restricted, default_value)
        VALUES ($1, $2, $3, $4, $5)";
    PLACE = "UPDATE fields SET display_order = $2 WHERE id = $1";
    DELETE = "DELETE FROM fields WHERE id = $1";
    IN_CASES (sqlite) = "SELECT COUNT(*) FROM cases WHERE json_type(custom, '$.' || $1) IS NOT NULL";
    IN_CASES_PG (postgres) = "SELECT COUNT(*) FROM cases WHERE jsonb_exists(CAST(custom AS JSONB), $1)";
    IN_SESSIONS (sqlite) = "SELECT COUNT(*) FROM exploratory_sessions WHERE json_type(custom, '$.' || $1) IS NOT NULL";
    IN_SESSIONS_PG (postgres) = "SELECT COUNT(*) FROM exploratory_sessions WHERE jsonb_exists(CAST(custom AS JSONB), $1)";
    IN_RESULTS (sqlite) = "SELECT COUNT(*) FROM run_results WHERE json_type(custom, '$.' || $1) IS NOT NULL";
    IN_RESULTS_PG (postgres) = "SELECT COUNT(*) FROM run_results WHERE jsonb_exists(CAST(custom AS JSONB), $1)";
    OPTION_IN_CASES (sqlite) = "SELECT COUNT(*) FROM cases
        WHERE EXISTS (SELECT 1 FROM json_each(custom, '$.' || $1) j WHERE j.value = $2)";
    OPTION_IN_CASES_PG (postgres) = "SELECT COUNT(*) FROM cases
        WHERE CAST(custom AS JSONB) -> CAST($1 AS TEXT) @> to_jsonb(CAST($2 AS BIGINT))";
    OPTION_IN_SESSIONS (sqlite) = "SELECT COUNT(*) FROM exploratory_sessions
        WHERE EXISTS (SELECT 1 FROM json_each(custom, '$.' || $1) j WHERE j.value = $2)";
    OPTION_IN_SESSIONS_PG (postgres) = "SELECT COUNT(*) FROM exploratory_sessions
        WHERE CAST(custom AS JSONB) -> CAST($1 AS TEXT) @> to_jsonb(CAST($2 AS BIGINT))";
    OPTION_IN_RESULTS (sqlite) = "SELECT COUNT(*) FROM run_results
        WHERE EXISTS (SELECT 1 FROM json_each(custom, '$.' || $1) j WHERE j.value = $2)";
    OPTION_IN_RESULTS_PG (postgres) = "SELECT COUNT(*) FROM run_results
        WHERE CAST(custom AS JSONB) -> CAST($1 AS TEXT) @> to_jsonb(CAST($2 AS BIGINT))";
}

/// All fields, archived ones too. Three statements.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Definition>> {
    let mut options: HashMap<i64, Vec<Choice>> = HashMap::new();
    for (field, option) in tx.all(OPTIONS, args![], |r| {
        let choice = Choice {
            id: OptionId(r.get(1)?),
            value: r.get(2)?,
            color: r.get(3)?,
            is_active: r.get(4)?,
            project_id: r.get::<Option<i64>>(5)?.map(ProjectId),
        };
        Ok((r.get::<i64>(0)?, choice))
    })? {
        options.entry(field).or_default().push(option);
    }
    let mut projects: HashMap<i64, Vec<InProject>> = HashMap::new();
    for (field, project) in tx.all(PROJECTS, args![], |r| {
        let project = InProject {
            project_id: ProjectId(r.get(1)?),
            is_required: r.get(2)?,
            is_restricted: r.get(3)?,
            default_value: r.get(4)?,
        };
        Ok((r.get::<i64>(0)?, project))
    })? {
        projects.entry(field).or_default().push(project);
    }
    let rows = tx.all(ALL, args![], |r| {
        let (entity, kind): (String, i64) = (r.get(1)?, r.get(2)?);
        let (Some(entity), Some(kind)) = (Entity::from_name(&entity), FieldType::from_number(kind)) else {
            return Ok(None);
        };
        let field = Field {
            id: FieldId(r.get(0)?),
            entity,
            kind,
            name: r.get(3)?,
            system_name: r.get(4)?,
            note: r.get(5)?,
            is_active: r.get(6)?,
            is_compact: r.get(7)?,
            include_all: r.get(8)?,
            is_required: r.get(9)?,
            is_restricted: r.get(10)?,
            default_value: r.get(11)?,
            display_order: r.get(12)?,
            options: Vec::new(),
        };
        Ok(Some((field, r.get(13)?)))
    })?;
    let filled = rows.into_iter().flatten().map(|(field, version)| Definition {
        options: options.remove(&field.id.0).unwrap_or_default(),
        projects: projects.remove(&field.id.0).unwrap_or_default(),
        field,
        version,
    });
    Ok(filled.collect())
}

/// Makes a field with nothing but what stays fixed, the last one of its entity. [`crate::Error::Unique`]: the system name is
/// taken.
pub fn insert(tx: &mut Tx<'_>, f: &Field) -> Result<FieldId> {
    let fixed = args![f.entity.name(), f.kind.number(), &f.name, &f.system_name];
    tx.one(INSERT, fixed, |r| r.get(0)).map(FieldId)
}

/// Writes a field with what projects do otherwise, and its options in their order; those without an id are made.
pub fn update(tx: &mut Tx<'_>, d: &Definition) -> Result<()> {
    let f = &d.field;
    tx.execute(
        UPDATE,
        args![
            f.id.0,
            &f.name,
            f.note.as_ref(),
            f.is_active,
            f.is_compact,
            f.include_all,
            f.is_required,
            f.is_restricted,
            f.default_value.as_ref()
        ],
    )?;
    for (place, o) in (1_i64..).zip(&d.options) {
        let project = o.project_id.map(|p| p.0);
        if o.id.0 == 0 {
            let new = args![f.id.0, project, &o.value, o.color.as_ref(), o.is_active, place];
            tx.one(ADD_OPTION, new, |_| Ok(()))?;
        } else {
            let changed = args![o.id.0, f.id.0, &o.value, o.color.as_ref(), o.is_active, place];
            tx.execute(SET_OPTION, changed)?;
        }
    }
    tx.execute(DROP_PROJECTS, args![f.id.0])?;
    for p in &d.projects {
        let row = args![
            f.id.0,
            p.project_id.0,
            p.is_required,
            p.is_restricted,
            p.default_value.as_ref()
        ];
        tx.execute(ADD_PROJECT, row)?;
    }
    Ok(())
}

/// Puts fields into this order.
pub fn order(tx: &mut Tx<'_>, ids: &[i64]) -> Result<()> {
    for (place, id) in (1_i64..).zip(ids) {
        tx.execute(PLACE, args![*id, place])?;
    }
    Ok(())
}

/// How many cases, sessions or results have a value of a field.
pub fn uses(tx: &mut Tx<'_>, f: &Field) -> Result<i64> {
    let (sqlite, postgres) = match f.entity {
        Entity::Case | Entity::Run => (IN_CASES, IN_CASES_PG),
        Entity::Session => (IN_SESSIONS, IN_SESSIONS_PG),
        Entity::RunResult => (IN_RESULTS, IN_RESULTS_PG),
    };
    let sql = if tx.is_postgres() { postgres } else { sqlite };
    tx.one(sql, args![&f.system_name], |r| r.get(0))
}

/// How many cases, sessions or results have an option as their value, or among their values.
pub fn option_uses(tx: &mut Tx<'_>, f: &Field, option: OptionId) -> Result<i64> {
    let (sqlite, postgres) = match f.entity {
        Entity::Case | Entity::Run => (OPTION_IN_CASES, OPTION_IN_CASES_PG),
        Entity::Session => (OPTION_IN_SESSIONS, OPTION_IN_SESSIONS_PG),
        Entity::RunResult => (OPTION_IN_RESULTS, OPTION_IN_RESULTS_PG),
    };
    let sql = if tx.is_postgres() { postgres } else { sqlite };
    tx.one(sql, args![&f.system_name, option.0], |r| r.get(0))
}

/// Deletes an option that nothing has.
pub fn delete_option(tx: &mut Tx<'_>, id: OptionId) -> Result<()> {
    tx.execute(DELETE_OPTION, args![id.0]).map(drop)
}

/// Deletes a field that nothing has a value of; templates lose it.
pub fn delete(tx: &mut Tx<'_>, id: FieldId) -> Result<()> {
    tx.execute(DELETE, args![id.0]).map(drop)
}
