//! Arrays from algebra, which the general engine starts from where nothing is constrained.

mod developed;
mod field;
mod orthogonal;

use field::{Field, next_order};
use orthogonal::Rows;

pub(crate) use orthogonal::binary_rows;

use crate::engine::space::FREE;
use crate::random::Random;

/// Most cells of an array to start from.
const MAX_CELLS: usize = 1 << 21;

/// Arrays that cover some of the columns wholly, the others being open. Levels are the numbers of values.
pub(crate) fn starts(levels: &[usize], strength: usize, random: &mut Random) -> Vec<Rows> {
    if strength < 2 || levels.len() < strength {
        return Vec::new();
    }
    let mut order: Vec<usize> = (0..levels.len()).filter(|column| levels[*column] > 1).collect();
    order.sort_by_key(|column| std::cmp::Reverse(levels[*column]));
    let mut starts = Vec::new();
    if strength == 2 && order.iter().all(|column| levels[*column] == 2) {
        starts.push(placed(&orthogonal::binary(order.len()), &order, levels));
        return starts;
    }
    let mut orders: Vec<usize> = order
        .iter()
        .filter_map(|column| next_order(levels[*column]))
        .collect();
    orders.dedup();
    for q in orders {
        let fitting: Vec<usize> = order
            .iter()
            .copied()
            .filter(|column| levels[*column] <= q)
            .collect();
        let Some(field) = Field::new(q) else { continue };
        if strength == 2 {
            for rows in grown(&field, &fitting, levels) {
                starts.push(placed(&rows, &fitting, levels));
            }
        } else if let Some(rows) = higher(&field, strength, &order, levels) {
            starts.push(placed(&rows, &fitting, levels));
        }
    }
    if strength == 2 {
        starts.extend(turned(&order, levels, random));
    }
    starts.retain(|rows| rows.len() * levels.len() <= MAX_CELLS);
    starts
}

/// The orthogonal array of strength 2, widened until the columns that need this field have a place.
fn grown(field: &Field, fitting: &[usize], levels: &[usize]) -> Vec<Rows> {
    let top = fitting.first().map_or(0, |column| levels[*column]);
    let needing = fitting.iter().filter(|column| levels[**column] == top).count();
    let Some(mut rows) = orthogonal::bush(field, 2) else {
        return Vec::new();
    };
    let mut all = vec![rows.clone()];
    while rows.first().is_some_and(|row| row.len() < needing) && rows.len() * needing < MAX_CELLS {
        rows = orthogonal::widened(&rows, field);
        all.push(rows.clone());
    }
    // The widest, and the one before, whose open columns may turn out cheaper.
    all.split_off(all.len().saturating_sub(2))
}

/// An orthogonal array of higher strength, unless it is far larger than need be.
fn higher(field: &Field, strength: usize, order: &[usize], levels: &[usize]) -> Option<Rows> {
    let exponent = u32::try_from(strength).ok()?;
    let size = field.order().checked_pow(exponent)?;
    let needed: usize = order
        .iter()
        .take(strength)
        .map(|column| levels[*column])
        .product();
    if size > needed.saturating_mul(2) || size.saturating_mul(order.len()) > MAX_CELLS {
        return None;
    }
    orthogonal::bush(field, strength)
}

/// Rows developed by a group, for many columns of the most values.
fn turned(order: &[usize], levels: &[usize], random: &mut Random) -> Option<Rows> {
    let top = levels[*order.first()?];
    let columns: Vec<usize> = order
        .iter()
        .copied()
        .filter(|column| levels[*column] == top)
        .collect();
    let field = next_order(top)?;
    if top < 4 || columns.len() <= field + 1 || columns.len() > 64 || top > 24 {
        return None;
    }
    let rows = developed::developed(columns.len(), top, 2 * top * top, random)?;
    Some(placed(&rows, &columns, levels))
}

/// Rows of all columns, where `rows` give the first of `order`. Symbols beyond a column's values are open.
fn placed(rows: &Rows, order: &[usize], levels: &[usize]) -> Rows {
    rows.iter()
        .map(|row| {
            let mut whole = vec![FREE; levels.len()];
            for (column, symbol) in order.iter().zip(row) {
                if usize::from(*symbol) < levels[*column] {
                    whole[*column] = *symbol;
                }
            }
            whole
        })
        .collect()
}
