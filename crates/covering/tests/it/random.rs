//! Random models, each proven by the checker; the checker itself against plain enumeration.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::support::mixed;
use covering::{Error, Model, Options, check, generate};
use proptest::collection::vec;
use proptest::prelude::*;

/// A term on parameters that are taken modulo their number.
fn term() -> impl Strategy<Value = String> {
    let relation = prop_oneof![
        Just("="),
        Just("<>"),
        Just("<"),
        Just("<="),
        Just(">"),
        Just(">=")
    ];
    prop_oneof![
        4 => (0..6_usize, relation.clone(), 0..4).prop_map(|(left, relation, value)| format!("[p{left}] {relation} {value}")),
        2 => (0..6_usize, relation, 0..6_usize).prop_map(|(left, relation, right)| format!("[p{left}] {relation} [p{right}]")),
        1 => (0..6_usize, vec(0..4, 1..3)).prop_map(|(left, set)| {
            let set: Vec<String> = set.iter().map(ToString::to_string).collect();
            format!("[p{left}] IN {{{}}}", set.join(", "))
        }),
        1 => (0..6_usize).prop_map(|left| format!("[p{left}] LIKE \"?\"")),
        1 => (0..6_usize).prop_map(|left| format!("IsNegative([p{left}])")),
    ]
}

fn expression() -> impl Strategy<Value = String> {
    term().prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|inner| format!("NOT ({inner})")),
            vec(inner.clone(), 2..4).prop_map(|all| format!("({})", all.join(" AND "))),
            vec(inner, 2..4).prop_map(|all| format!("({})", all.join(" OR "))),
        ]
    })
}

fn constraint() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => (expression(), expression()).prop_map(|(condition, then)| format!("IF {condition} THEN {then};\n")),
        1 => (expression(), expression(), expression())
            .prop_map(|(condition, then, other)| format!("IF {condition} THEN {then} ELSE {other};\n")),
        1 => (expression(), expression()).prop_map(|(left, right)| format!("({left}) OR ({right});\n")),
    ]
}

/// The levels, the position of negative values, sub-models, and constraints, as text.
fn text(with_constraints: bool) -> impl Strategy<Value = String> {
    let constraints = if with_constraints { 0..4_usize } else { 0..1 };
    (
        vec(
            (1..5_usize, proptest::option::weighted(0.2, 0..4_usize), 1..4_u32),
            6,
        ),
        proptest::option::weighted(
            0.3,
            (
                proptest::sample::subsequence((0..6).collect::<Vec<_>>(), 2..5),
                1..3_usize,
            ),
        ),
        vec(constraint(), constraints),
    )
        .prop_map(|(parameters, sub_model, constraints)| {
            let mut text = String::new();
            for (number, (levels, negative, weight)) in parameters.iter().enumerate() {
                let value = |value: usize| {
                    let is_negative = *levels > 1 && *negative == Some(value);
                    format!("{}{value} ({weight})", if is_negative { "~" } else { "" })
                };
                let values: Vec<String> = (0..*levels).map(value).collect();
                let _ = writeln!(text, "p{number}: {}", values.join(", "));
            }
            if let Some((members, strength)) = sub_model {
                let members: Vec<String> = members.iter().map(|member| format!("p{member}")).collect();
                let _ = writeln!(text, "{{ {} }} @ {strength}", members.join(", "));
            }
            text + &constraints.concat()
        })
}

/// Every row that the constraints allow, by trying all, and the checker's own judgement of one row.
fn allowed(model: &Model) -> Vec<Vec<usize>> {
    let mut rows = vec![Vec::new()];
    for parameter in model.parameters() {
        rows = rows
            .into_iter()
            .flat_map(|row: Vec<usize>| {
                (0..parameter.values.len()).map(move |value| [&row[..], &[value]].concat())
            })
            .collect();
    }
    let faulty: BTreeSet<usize> = check(model, 1, &rows)
        .unwrap()
        .faults
        .iter()
        .map(|fault| match fault {
            covering::Fault::Shape { row }
            | covering::Fault::Negatives { row }
            | covering::Fault::Constraint { row, .. } => *row,
        })
        .collect();
    (1..)
        .zip(rows)
        .filter(|(number, _)| !faulty.contains(number))
        .map(|(_, row)| row)
        .collect()
}

fn quick(strength: usize, random_seed: u64) -> Options {
    Options {
        strength,
        random_seed,
        effort: 1,
        ..Options::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn rows_are_proven(text in text(true), strength in 1..5_usize, seed in any::<u64>()) {
        let model: Model = text.parse().unwrap();
        match generate(&model, &quick(strength, seed)) {
            Ok(made) => {
                let report = check(&model, strength, &made.rows).unwrap();
                prop_assert!(report.is_proven(), "{:?}\n{:?}\n{}", report.faults, report.uncovered, text);
                prop_assert_eq!((report.covered, report.excluded), (made.tuples, made.excluded));
            }
            Err(error) => {
                prop_assert_eq!(error, Error::Unsatisfiable);
                prop_assert!(allowed(&model).is_empty(), "{}", text);
            }
        }
    }

    #[test]
    fn all_allowed_rows_cover_all_that_is_allowed(text in text(true), strength in 1..4_usize) {
        let model: Model = text.parse().unwrap();
        let report = check(&model, strength, &allowed(&model)).unwrap();
        prop_assert!(report.is_proven(), "{:?}\n{}", report.uncovered, text);
    }

    #[test]
    fn seed_rows_are_kept(text in text(true), picks in vec(any::<prop::sample::Index>(), 1..6), holes in any::<u64>()) {
        let model: Model = text.parse().unwrap();
        let all = allowed(&model);
        prop_assume!(!all.is_empty());
        let seeds: Vec<Vec<Option<usize>>> = (0_u32..).zip(&picks).map(|(number, pick)| {
            let is_open = |cell: usize| number % 2 == 1 && holes >> cell & 1 == 1;
            pick.get(&all).iter().enumerate().map(|(cell, value)| (!is_open(cell)).then_some(*value)).collect()
        }).collect();
        let made = generate(&model, &Options { seed_rows: seeds.clone(), ..quick(2, 0) }).unwrap();
        prop_assert_eq!(&made.skipped, &Vec::<usize>::new());
        for (seed, row) in seeds.iter().zip(&made.rows) {
            prop_assert!(seed.iter().zip(row).all(|(seed, value)| seed.is_none_or(|seed| seed == *value)));
        }
        prop_assert!(check(&model, 2, &made.rows).unwrap().is_proven());
    }

    #[test]
    fn unconstrained_levels_of_any_kind(levels in vec(1..14_usize, 2..14), strength in 1..4_usize) {
        prop_assume!(levels.len() >= strength);
        prop_assume!(levels.iter().max().unwrap().pow(u32::try_from(strength).unwrap()) < 300);
        let model = mixed(&levels);
        let made = generate(&model, &quick(strength, 0)).unwrap();
        prop_assert!(check(&model, strength, &made.rows).unwrap().is_proven());
    }

    #[test]
    fn writing_keeps_the_model(text in text(true)) {
        let model: Model = text.parse().unwrap();
        let written = model.to_pict().unwrap();
        prop_assert_eq!(written.parse::<Model>().unwrap(), model);
    }

    #[test]
    fn no_text_is_too_strange(text in "([A-Z]: ?[0-9~|,()<>]{0,8}\n){0,3}[\\[\\]{}@()\"A-Z0-9<>=;, \n]{0,40}") {
        let _ = text.parse::<Model>();
    }

    #[test]
    fn damaged_models_never_panic(text in text(true), at in any::<prop::sample::Index>(), with in "[\\[\\]{}()\"~|;:,@é]{0,2}") {
        let mut characters: Vec<char> = text.chars().collect();
        let place = at.index(characters.len());
        characters.splice(place..=place, with.chars());
        let _ = characters.into_iter().collect::<String>().parse::<Model>();
    }
}
