//! Templates: which fields a case has, and in what order.

pub mod write;

use crate::access::Proof;
use crate::{Result, Tx, args, statements};
use model::{Entity, FieldId, TemplateId};
use std::collections::HashMap;

/// A template of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Its id.
    pub id: TemplateId,
    /// Its name.
    pub name: String,
    /// What is made has this template unless another one is named.
    pub is_default: bool,
    /// Its fields in their order.
    pub fields: Vec<FieldId>,
}

statements! {
    OF_PROJECT = "SELECT t.id, t.name, t.is_default FROM templates t
        LEFT JOIN template_projects p ON p.template_id = t.id AND p.project_id = $1
        WHERE t.entity = $2 AND t.is_active AND (t.include_all OR p.project_id IS NOT NULL) ORDER BY t.display_order, t.id";
    FIELDS = "SELECT template_id, field_id FROM template_fields ORDER BY template_id, display_order, field_id";
}

/// The templates of an entity in the project that was checked, without those that are archived.
pub fn of_project(tx: &mut Tx<'_>, proof: &Proof, entity: Entity) -> Result<Vec<Template>> {
    let mut fields: HashMap<i64, Vec<FieldId>> = HashMap::new();
    for (template, field) in tx.all(FIELDS, args![], |r| Ok((r.get::<i64>(0)?, FieldId(r.get(1)?))))? {
        fields.entry(template).or_default().push(field);
    }
    tx.all(OF_PROJECT, args![proof.project().0, entity.name()], |r| {
        let id = r.get::<i64>(0)?;
        Ok(Template {
            id: TemplateId(id),
            name: r.get(1)?,
            is_default: r.get(2)?,
            fields: Vec::new(),
        })
    })
    .map(|templates| {
        templates
            .into_iter()
            .map(|t| Template {
                fields: fields.remove(&t.id.0).unwrap_or_default(),
                ..t
            })
            .collect()
    })
}
