//! Orthogonal arrays from polynomials, and larger arrays of strength 2 from smaller ones.

use super::field::Field;
use crate::engine::space::level;

/// Rows of symbols, `0` to `order - 1`.
pub(crate) type Rows = Vec<Vec<u16>>;

/// `OA(q^t; t, q + 1, q)`: the values of all polynomials of degree below `t` at all elements, and their
/// leading coefficients (Bush: Orthogonal arrays of index unity, 1952). For `t` above `q` the rows are not
/// orthogonal, and `None` is returned.
pub(crate) fn bush(field: &Field, strength: usize) -> Option<Rows> {
    let q = field.order();
    if strength > q {
        return None;
    }
    let rows = (0..q.pow(u32::try_from(strength).ok()?)).map(|polynomial| {
        let coefficients: Vec<usize> = digits(polynomial, q, strength);
        let value = |at: usize| {
            // Horner's rule, from the leading coefficient down.
            coefficients.iter().rev().fold(0, |sum, coefficient| {
                field.plus(field.times(sum, at), *coefficient)
            })
        };
        let mut row: Vec<u16> = (0..q).map(|at| level(value(at))).collect();
        row.push(level(coefficients.last().copied().unwrap_or(0)));
        row
    });
    Some(rows.collect())
}

fn digits(number: usize, base: usize, count: usize) -> Vec<usize> {
    let mut rest = number;
    (0..count)
        .map(|_| {
            let digit = rest % base;
            rest /= base;
            digit
        })
        .collect()
}

/// From `CA(N; 2, k, q)` to `CA(N + q^2 - q; 2, qk + 1, q)`: each column `q` times, below it the columns of
/// the orthogonal array without its constant rows (Stevens, Ling, Mendelsohn: A direct construction of
/// transversal covers using group divisible designs, 2002; Williams' `TConfig`).
pub(crate) fn widened(rows: &Rows, field: &Field) -> Rows {
    let q = field.order();
    let columns = rows.first().map_or(0, Vec::len);
    let mut wide: Rows = rows
        .iter()
        .map(|row| {
            let mut wide: Vec<u16> = row
                .iter()
                .flat_map(|symbol| std::iter::repeat_n(*symbol, q))
                .collect();
            wide.push(0);
            wide
        })
        .collect();
    for slope in 1..q {
        for constant in 0..q {
            let line: Vec<u16> = (0..q)
                .map(|at| level(field.plus(field.times(slope, at), constant)))
                .collect();
            let mut row = line.repeat(columns);
            row.push(level(slope));
            wide.push(row);
        }
    }
    wide
}

/// The smallest arrays of strength 2 with two symbols (Kleitman, Spencer 1973; Katona 1973): as columns, sets
/// of `n / 2` (rounded up) of `n - 1` rows; any two of them overlap, and neither holds the other.
pub(crate) fn binary(columns: usize) -> Rows {
    let n = binary_rows(columns);
    let size = n.div_ceil(2);
    let mut rows = vec![Vec::with_capacity(columns); n];
    let mut members: Vec<usize> = (1..=size).collect();
    for _ in 0..columns {
        for (row, cells) in rows.iter_mut().enumerate() {
            cells.push(u16::from(members.contains(&row)));
        }
        // The next set of rows, in order.
        let Some(moved) = (0..size).rev().find(|at| members[*at] + size - at < n) else {
            break;
        };
        let start = members[moved] + 1;
        for (step, member) in members[moved..].iter_mut().enumerate() {
            *member = start + step;
        }
    }
    rows
}

/// The fewest rows that cover all pairs of this many columns of two symbols.
pub(crate) fn binary_rows(columns: usize) -> usize {
    (4..=usize::BITS as usize)
        .find(|n| choose(n - 1, n.div_ceil(2)) >= columns)
        .unwrap_or(4)
}

fn choose(n: usize, k: usize) -> usize {
    (0..k).fold(1_usize, |product, taken| {
        product.saturating_mul(n - taken) / (taken + 1)
    })
}
