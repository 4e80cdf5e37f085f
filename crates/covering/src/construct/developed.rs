//! Arrays of strength 2 that a group makes from a few rows.
//!
//! One symbol is fixed, and the cyclic group turns the other `v - 1`: each of `m` rows stands for `v - 1`
//! rows, and one row of the fixed symbol is added (Meagher, Stevens: Group construction of covering arrays,
//! 2005). A pair of columns is covered when its `m` pairs of symbols show every difference, and the fixed
//! symbol beside others on either side. Where the original takes the rows from one cyclic vector, they are
//! found here by simulated annealing.

use super::orthogonal::Rows;
use crate::engine::space::level;
use crate::random::Random;

/// Changes that are tried for one number of rows.
const TRIES: usize = 3_000_000;

/// `CA(m(v - 1) + 1; 2, k, v)` with the smallest `m` that was found, below `most` rows.
pub(crate) fn developed(columns: usize, symbols: usize, most: usize, random: &mut Random) -> Option<Rows> {
    let turned = symbols.checked_sub(1).filter(|turned| *turned >= 2)?;
    let mut best = None;
    let mut rows = most.checked_sub(2)? / turned;
    // Each pair of columns needs `turned + 2` kinds of pairs.
    while rows >= turned + 2 {
        let mut starter = Starter::new(rows, columns, turned, random);
        if !starter.anneal(random) {
            break;
        }
        best = Some(starter.rows());
        rows -= 1;
    }
    best
}

struct Starter {
    /// Symbols of each column; `turned` is the fixed one.
    columns: Vec<Vec<usize>>,
    turned: usize,
    /// How often each pair of columns shows each kind of pair.
    counts: Vec<u16>,
    missing: usize,
}

impl Starter {
    fn new(rows: usize, columns: usize, turned: usize, random: &mut Random) -> Starter {
        let column = |random: &mut Random| (0..rows).map(|_| random.below(turned + 1)).collect();
        let mut starter = Starter {
            columns: (0..columns).map(|_| column(random)).collect(),
            turned,
            counts: vec![0; columns * columns * (turned + 3)],
            missing: columns * columns.saturating_sub(1) / 2 * (turned + 2),
        };
        for row in 0..rows {
            for right in 0..columns {
                for left in 0..right {
                    let kind = starter.kind(left, right, row);
                    starter.add(kind);
                }
            }
        }
        starter
    }

    /// Where the kind of the pair in this row is counted.
    fn kind(&self, left: usize, right: usize, row: usize) -> usize {
        let (left, right) = (left.min(right), left.max(right));
        let start = (left * self.columns.len() + right) * (self.turned + 3);
        start + self.kind_of(self.columns[left][row], self.columns[right][row])
    }

    /// A difference, then the fixed symbol on the left, on the right, and on both sides.
    fn kind_of(&self, left: usize, right: usize) -> usize {
        let fixed = self.turned;
        match (left == fixed, right == fixed) {
            (false, false) if right >= left => right - left,
            (false, false) => right + fixed - left,
            (true, false) => fixed,
            (false, true) => fixed + 1,
            (true, true) => fixed + 2,
        }
    }

    fn is_needed(&self, kind: usize) -> bool {
        kind % (self.turned + 3) != self.turned + 2
    }

    fn add(&mut self, kind: usize) {
        self.missing -= usize::from(self.counts[kind] == 0 && self.is_needed(kind));
        self.counts[kind] += 1;
    }

    fn take(&mut self, kind: usize) {
        self.counts[kind] -= 1;
        self.missing += usize::from(self.counts[kind] == 0 && self.is_needed(kind));
    }

    fn set(&mut self, column: usize, row: usize, symbol: usize) {
        for other in (0..self.columns.len()).filter(|other| *other != column) {
            let kind = self.kind(column, other, row);
            self.take(kind);
        }
        self.columns[column][row] = symbol;
        for other in (0..self.columns.len()).filter(|other| *other != column) {
            let kind = self.kind(column, other, row);
            self.add(kind);
        }
    }

    /// Whether all kinds could be shown.
    fn anneal(&mut self, random: &mut Random) -> bool {
        let rows = self.columns.first().map_or(0, Vec::len);
        // Work grows with the columns that a change touches.
        let tries = TRIES / self.columns.len().max(1);
        for step in 0..tries {
            if self.missing == 0 {
                return true;
            }
            let (column, row) = (random.below(self.columns.len()), random.below(rows));
            let before = self.columns[column][row];
            let symbol = (before + 1 + random.below(self.turned)) % (self.turned + 1);
            let missing = self.missing;
            self.set(column, row, symbol);
            // A worse state is kept ever less often: at a loss of 1, from 1 in 4 down to 1 in 4096.
            let halvings = 2 + 10 * step / tries;
            let loss = self.missing.saturating_sub(missing);
            if loss > 0 && (loss * halvings > 60 || random.below(1 << (loss * halvings)) > 0) {
                self.set(column, row, before);
            }
        }
        self.missing == 0
    }

    fn rows(&self) -> Rows {
        let height = self.columns.first().map_or(0, Vec::len);
        let turn = |symbol: usize, by: usize| {
            let is_fixed = symbol == self.turned;
            level(if is_fixed {
                symbol
            } else {
                (symbol + by) % self.turned
            })
        };
        let mut rows: Rows = (0..height * self.turned)
            .map(|number| {
                let (row, by) = (number / self.turned, number % self.turned);
                self.columns.iter().map(|column| turn(column[row], by)).collect()
            })
            .collect();
        rows.push(vec![level(self.turned); self.columns.len()]);
        rows
    }
}
