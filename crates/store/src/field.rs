//! Custom fields with their options, as a project sees them.

pub mod write;

use crate::access::Proof;
use crate::{Result, Tx, args, statements};
use model::{Entity, FieldId, FieldType, OptionId};
use std::collections::HashMap;

/// A field of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its id.
    pub id: FieldId,
    /// What has it.
    pub entity: Entity,
    /// Its type.
    pub kind: FieldType,
    /// As people see it.
    pub name: String,
    /// As programs see it, after `custom_`.
    pub system_name: String,
    /// What belongs into it.
    pub note: Option<String>,
    /// One that is not active is not shown and takes no values.
    pub is_active: bool,
    /// Takes little room in forms.
    pub is_compact: bool,
    /// In every project, else only in some.
    pub include_all: bool,
    /// Must have a value in this project.
    pub is_required: bool,
    /// Only for those with the right to restricted fields in this project.
    pub is_restricted: bool,
    /// JSON of the value that it has unless another is given.
    pub default_value: Option<String>,
    /// Its place among all fields.
    pub display_order: i64,
    /// Its values, when it has options, in their order.
    pub options: Vec<FieldOption>,
}

/// One value of a dropdown or multi-select.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldOption {
    /// Its id.
    pub id: OptionId,
    /// As people see it.
    pub value: String,
    /// `#rrggbb`.
    pub color: Option<String>,
}

statements! {
    OF_PROJECT = "SELECT f.id, f.entity, f.type, f.name, f.system_name, f.note, f.is_active, f.is_compact, f.include_all,
            COALESCE(p.is_required, f.is_required), COALESCE(p.is_restricted, f.is_restricted),
            COALESCE(p.default_value, f.default_value), f.display_order
        FROM fields f LEFT JOIN field_projects p ON p.field_id = f.id AND p.project_id = $1
        WHERE (f.include_all OR p.project_id IS NOT NULL) AND (CAST($2 AS TEXT) IS NULL OR f.entity = $2)
        ORDER BY f.display_order, f.id";
    OPTIONS = "SELECT field_id, id, value, color FROM field_options
        WHERE is_active AND (project_id IS NULL OR project_id = $1) ORDER BY field_id, display_order, id";
}

/// The fields of the project that was checked, of one entity or of all.
pub fn of_project(tx: &mut Tx<'_>, proof: &Proof, entity: Option<Entity>) -> Result<Vec<Field>> {
    let project = proof.project().0;
    let mut options: HashMap<i64, Vec<FieldOption>> = HashMap::new();
    for (field, option) in tx.all(OPTIONS, args![project], |r| {
        Ok((
            r.get::<i64>(0)?,
            FieldOption {
                id: OptionId(r.get(1)?),
                value: r.get(2)?,
                color: r.get(3)?,
            },
        ))
    })? {
        options.entry(field).or_default().push(option);
    }
    let fields = tx.all(OF_PROJECT, args![project, entity.map(Entity::name)], |r| {
        let (entity, kind): (String, i64) = (r.get(1)?, r.get(2)?);
        let (Some(entity), Some(kind)) = (Entity::from_name(&entity), FieldType::from_number(kind)) else {
            return Ok(None);
        };
        Ok(Some(Field {
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
        }))
    })?;
    Ok(fields
        .into_iter()
        .flatten()
        .map(|field| Field {
            options: options.remove(&field.id.0).unwrap_or_default(),
            ..field
        })
        .collect())
}
