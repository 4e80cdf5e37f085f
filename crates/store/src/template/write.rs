//! Templates of the instance, and changing them.

use crate::{Result, Tx, args, statements};
use model::{Entity, FieldId, ProjectId, TemplateId};
use std::collections::HashMap;

/// A template as the instance has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// Its id.
    pub id: TemplateId,
    /// What it is a template of: cases or sessions.
    pub entity: Entity,
    /// Unique among those of the entity.
    pub name: String,
    /// What is made has this template unless another one is named; one for each entity.
    pub is_default: bool,
    /// One that is not active is archived: nothing gets it any more.
    pub is_active: bool,
    /// In every project, else in `projects`.
    pub include_all: bool,
    /// Its fields in their order.
    pub fields: Vec<FieldId>,
    /// The projects that have it when not all do.
    pub projects: Vec<ProjectId>,
    /// Its place among the templates of the entity.
    pub display_order: i64,
    /// From 1, one more with every change.
    pub version: i64,
}

statements! {
    ALL = "SELECT id, entity, name, is_default, is_active, include_all, display_order, version FROM templates
        ORDER BY entity, display_order, id";
    FIELDS = "SELECT template_id, field_id FROM template_fields ORDER BY template_id, display_order, field_id";
    PROJECTS = "SELECT template_id, project_id FROM template_projects ORDER BY template_id, project_id";
    INSERT = "INSERT INTO templates (entity, name, is_default, include_all, display_order)
        SELECT $1, $2, FALSE, $3, COALESCE(MAX(display_order), 0) + 1 FROM templates WHERE entity = $1 RETURNING id";
    UPDATE = "UPDATE templates SET name = $2, is_active = $3, include_all = $4, version = version + 1 WHERE id = $1";
    SET_DEFAULT = "UPDATE templates SET is_default = (id = $2) WHERE entity = $1 AND (is_default OR id = $2)";
    DROP_FIELDS = "DELETE FROM template_fields WHERE template_id = $1";
    ADD_FIELD = "INSERT INTO template_fields (template_id, field_id, display_order) VALUES ($1, $2, $3)";
    DROP_PROJECTS = "DELETE FROM template_projects WHERE template_id = $1";
    ADD_PROJECT = "INSERT INTO template_projects (template_id, project_id) VALUES ($1, $2)";
    PLACE = "UPDATE templates SET display_order = $2 WHERE id = $1";
    DELETE = "DELETE FROM templates WHERE id = $1";
    USED_BY_CASES = "SELECT COUNT(*) FROM cases WHERE template_id = $1";
    USED_BY_SESSIONS = "SELECT COUNT(*) FROM exploratory_sessions WHERE template_id = $1";
}

/// All templates, archived ones too. Three statements.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Definition>> {
    let mut fields: HashMap<i64, Vec<FieldId>> = HashMap::new();
    for (template, field) in tx.all(FIELDS, args![], |r| Ok((r.get::<i64>(0)?, FieldId(r.get(1)?))))? {
        fields.entry(template).or_default().push(field);
    }
    let mut projects: HashMap<i64, Vec<ProjectId>> = HashMap::new();
    for (template, project) in tx.all(PROJECTS, args![], |r| {
        Ok((r.get::<i64>(0)?, ProjectId(r.get(1)?)))
    })? {
        projects.entry(template).or_default().push(project);
    }
    let rows = tx.all(ALL, args![], |r| {
        let entity: String = r.get(1)?;
        let template = |entity| {
            Ok(Definition {
                id: TemplateId(r.get(0)?),
                entity,
                name: r.get(2)?,
                is_default: r.get(3)?,
                is_active: r.get(4)?,
                include_all: r.get(5)?,
                fields: Vec::new(),
                projects: Vec::new(),
                display_order: r.get(6)?,
                version: r.get(7)?,
            })
        };
        Entity::from_name(&entity).map(template).transpose()
    })?;
    let filled = rows.into_iter().flatten().map(|t| Definition {
        fields: fields.remove(&t.id.0).unwrap_or_default(),
        projects: projects.remove(&t.id.0).unwrap_or_default(),
        ..t
    });
    Ok(filled.collect())
}

/// Makes a template without fields, the last one of its entity. [`crate::Error::Unique`]: the name is taken.
pub fn insert(tx: &mut Tx<'_>, t: &Definition) -> Result<TemplateId> {
    tx.one(INSERT, args![t.entity.name(), &t.name, t.include_all], |r| {
        r.get(0)
    })
    .map(TemplateId)
}

/// Writes a template with its fields and projects. [`crate::Error::Unique`]: the name is taken.
pub fn update(tx: &mut Tx<'_>, t: &Definition) -> Result<()> {
    tx.execute(UPDATE, args![t.id.0, &t.name, t.is_active, t.include_all])?;
    tx.execute(DROP_FIELDS, args![t.id.0])?;
    for (place, field) in (1_i64..).zip(&t.fields) {
        tx.execute(ADD_FIELD, args![t.id.0, field.0, place])?;
    }
    tx.execute(DROP_PROJECTS, args![t.id.0])?;
    for project in &t.projects {
        tx.execute(ADD_PROJECT, args![t.id.0, project.0])?;
    }
    Ok(())
}

/// Makes this template, and no other one of the entity, that of what is made.
pub fn set_default(tx: &mut Tx<'_>, t: &Definition) -> Result<()> {
    tx.execute(SET_DEFAULT, args![t.entity.name(), t.id.0]).map(drop)
}

/// Puts templates into this order.
pub fn order(tx: &mut Tx<'_>, ids: &[i64]) -> Result<()> {
    for (place, id) in (1_i64..).zip(ids) {
        tx.execute(PLACE, args![*id, place])?;
    }
    Ok(())
}

/// How many cases or sessions have a template.
pub fn uses(tx: &mut Tx<'_>, t: &Definition) -> Result<i64> {
    let sql = if t.entity == Entity::Case {
        USED_BY_CASES
    } else {
        USED_BY_SESSIONS
    };
    tx.one(sql, args![t.id.0], |r| r.get(0))
}

/// Deletes a template that nothing has.
pub fn delete(tx: &mut Tx<'_>, id: TemplateId) -> Result<()> {
    tx.execute(DELETE, args![id.0]).map(drop)
}
