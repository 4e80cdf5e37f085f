//! Rows against an enumeration that shares nothing with the crate: models are made here, and judged here.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use covering::{Error, Model, Options, generate};
use proptest::collection::vec;
use proptest::prelude::*;

/// `IF [p] = x THEN [q] = y` or `<> y`; positions and values are taken modulo what there is.
type Rule = (usize, usize, usize, usize, bool);

#[derive(Debug, Clone)]
struct Small {
    levels: Vec<usize>,
    rules: Vec<Rule>,
}

impl Small {
    fn rule(&self, (p, x, q, y, equal): Rule) -> Rule {
        let (p, q) = (p % self.levels.len(), q % self.levels.len());
        (p, x % self.levels[p], q, y % self.levels[q], equal)
    }

    fn text(&self) -> String {
        let mut text = String::new();
        for (number, levels) in self.levels.iter().enumerate() {
            let values: Vec<String> = (0..*levels).map(|value| format!("v{value}")).collect();
            let _ = writeln!(text, "p{number}: {}", values.join(", "));
        }
        for rule in &self.rules {
            let (p, x, q, y, equal) = self.rule(*rule);
            let relation = if equal { "=" } else { "<>" };
            let _ = writeln!(text, "IF [p{p}] = \"v{x}\" THEN [p{q}] {relation} \"v{y}\";");
        }
        text
    }

    fn allows(&self, row: &[usize]) -> bool {
        self.rules.iter().all(|rule| {
            let (p, x, q, y, equal) = self.rule(*rule);
            row[p] != x || (row[q] == y) == equal
        })
    }

    /// Every allowed row.
    fn rows(&self) -> Vec<Vec<usize>> {
        let count: usize = self.levels.iter().product();
        let row = |mut number: usize| -> Vec<usize> {
            let digit = |levels: &usize| {
                let digit = number % levels;
                number /= levels;
                digit
            };
            self.levels.iter().map(digit).collect()
        };
        (0..count).map(row).filter(|row| self.allows(row)).collect()
    }
}

/// Every choice of values at `strength` places in some row.
fn tuples(rows: &[Vec<usize>], strength: usize) -> BTreeSet<Vec<(usize, usize)>> {
    let mut found = BTreeSet::new();
    for row in rows {
        for places in 0_u32..1 << row.len() {
            if places.count_ones() as usize == strength {
                let cells = row.iter().copied().enumerate();
                found.insert(cells.filter(|(place, _)| places >> place & 1 == 1).collect());
            }
        }
    }
    found
}

fn small() -> impl Strategy<Value = Small> {
    let rule = (0..6_usize, 0..4_usize, 0..6_usize, 0..4_usize, any::<bool>());
    (vec(2..5_usize, 3..6), vec(rule, 0..5)).prop_map(|(levels, rules)| Small { levels, rules })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn rows_are_allowed_and_cover_what_can_be(small in small(), strength in 1..4_usize, seeds in vec(any::<prop::sample::Index>(), 0..4)) {
        let model: Model = small.text().parse().unwrap();
        let all = small.rows();
        let picked: Vec<&Vec<usize>> = seeds.iter().filter(|_| !all.is_empty()).map(|seed| seed.get(&all)).collect();
        let options = Options {
            strength,
            effort: 1,
            seed_rows: picked.iter().map(|row| row.iter().copied().map(Some).collect()).collect(),
            ..Options::default()
        };
        let made = match generate(&model, &options) {
            Ok(made) => made,
            Err(error) => {
                prop_assert_eq!(error, Error::Unsatisfiable);
                prop_assert!(all.is_empty(), "{}", small.text());
                return Ok(());
            }
        };
        for row in &made.rows {
            prop_assert!(small.allows(row), "{:?}\n{}", row, small.text());
        }
        for row in picked {
            prop_assert!(made.rows.contains(row), "the seed {:?} is gone", row);
        }
        let wanted = tuples(&all, strength);
        prop_assert_eq!(&tuples(&made.rows, strength), &wanted, "{}", small.text());
        prop_assert_eq!(made.tuples, wanted.len());
        prop_assert_eq!(generate(&model, &options).unwrap().rows, made.rows, "another result");
    }
}
