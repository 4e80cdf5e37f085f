//! The checker finds what is wrong: it is fed arrays that are damaged on purpose.

use covering::{Fault, check};

use crate::support::{file, model, proven, strength};

#[test]
fn each_row_of_an_orthogonal_array_is_needed() {
    let model = file("standard/3^4.txt");
    let rows = proven(&model, &strength(2)).rows;
    for gone in 0..rows.len() {
        let mut fewer = rows.clone();
        let row = fewer.remove(gone);
        let report = check(&model, 2, &fewer).unwrap();
        assert_eq!(report.uncovered.len(), 6, "one pair of each two parameters");
        for tuple in &report.uncovered {
            assert!(tuple.iter().all(|(parameter, value)| row[*parameter] == *value));
        }
        assert_eq!(report.covered, 48);
    }
}

#[test]
fn faulty_rows_are_named_and_cover_nothing() {
    let model = model("A: 1, 2, ~3\nB: 1, 2, ~3\nIF [A] = 1 THEN [B] <> 1;");
    let rows = vec![
        vec![0, 0],
        vec![0, 1],
        vec![2, 2],
        vec![0],
        vec![0, 3],
        vec![1, 0],
        vec![1, 1],
    ];
    let report = check(&model, 2, &rows).unwrap();
    assert_eq!(
        report.faults,
        [
            Fault::Constraint {
                row: 1,
                constraint: 1
            },
            Fault::Negatives { row: 3 },
            Fault::Shape { row: 4 },
            Fault::Shape { row: 5 },
        ]
    );
    assert_eq!(report.covered, 3);
    assert_eq!(report.excluded, 1, "1 with 1; two negative values are no tuple");
    let uncovered = [
        [(0, 0), (1, 2)],
        [(0, 1), (1, 2)],
        [(0, 2), (1, 0)],
        [(0, 2), (1, 1)],
    ];
    assert_eq!(report.uncovered, uncovered);
}

#[test]
fn valid_values_beside_a_negative_one_are_not_covered() {
    let model = model("A: 1, ~2\nB: 1, 2\nC: 1, 2");
    let all_valid = [vec![0, 0, 0], vec![0, 0, 1], vec![0, 1, 0], vec![0, 1, 1]];
    let negative = [vec![1, 0, 0], vec![1, 1, 1]];
    let all = [&all_valid[..], &negative[..]].concat();
    assert!(check(&model, 2, &all).unwrap().is_proven());
    // The pair of `B: 1` and `C: 1` is left in a row with `A: ~2` alone.
    let report = check(&model, 2, &all[1..]).unwrap();
    assert_eq!(report.uncovered, [[(1, 0), (2, 0)]]);
}

#[test]
fn nothing_covers_nothing() {
    let model = model("A: 1, 2\nB: 1, 2\nC: 1, 2");
    assert_eq!(check(&model, 1, &[]).unwrap().uncovered.len(), 6);
    assert_eq!(check(&model, 2, &[]).unwrap().uncovered.len(), 12);
    assert_eq!(check(&model, 3, &[]).unwrap().uncovered.len(), 8);
}
