//! Result statuses of the instance.

pub mod write;

use crate::{Result, Tx, args, statements};
use model::status::{Status, Statuses};

statements! {
    INSERT = "INSERT INTO statuses (id, name, system_name, color, is_final, is_untested, is_passed, is_failed, aliases,
            display_order)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $1)";
    ALL = "SELECT id, name, system_name, color, is_final, is_untested, is_passed, is_failed, aliases
        FROM statuses ORDER BY display_order, id";
}

/// Makes the six statuses in an empty database; otherwise does nothing.
pub fn seed(tx: &mut Tx<'_>) -> Result<()> {
    if all(tx)?.0.is_empty() {
        for s in model::status::factory() {
            insert(tx, &s)?;
        }
    }
    Ok(())
}

fn insert(tx: &mut Tx<'_>, s: &Status) -> Result<()> {
    let aliases = serde_json::to_string(&s.aliases).unwrap_or_default();
    tx.execute(
        INSERT,
        args![
            s.id,
            &s.name,
            &s.system_name,
            &s.color,
            s.is_final,
            s.is_untested,
            s.is_passed,
            s.is_failed,
            &aliases
        ],
    )
    .map(drop)
}

/// All statuses in their order.
pub fn all(tx: &mut Tx<'_>) -> Result<Statuses> {
    let rows = tx.all(ALL, args![], |r| {
        Ok(Status {
            id: r.get(0)?,
            name: r.get(1)?,
            system_name: r.get(2)?,
            color: r.get(3)?,
            is_final: r.get(4)?,
            is_untested: r.get(5)?,
            is_passed: r.get(6)?,
            is_failed: r.get(7)?,
            aliases: serde_json::from_str(&r.get::<String>(8)?).unwrap_or_default(),
        })
    })?;
    Ok(Statuses(rows))
}
