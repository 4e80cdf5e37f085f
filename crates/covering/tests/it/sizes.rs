//! How many rows the published models need.

use crate::support::{file, mixed, proven, strength};

/// The largest size that is accepted, which is what is reached today.
#[test]
fn published_inputs_need_few_rows() {
    for (name, most) in [
        ("3^4", 9),
        ("3^13", 15),
        ("4^15.3^17.2^29", 28),
        ("4^1.3^39.2^35", 21),
        ("2^100", 10),
        ("10^20", 181),
    ] {
        let made = proven(&file(&format!("standard/{name}.txt")), &strength(2));
        assert!(made.rows.len() <= most, "{name}: {}", made.rows.len());
    }
}

#[test]
fn orthogonal_arrays_are_found() {
    for (levels, columns, wanted, rows) in [
        (3, 4, 3, 27),
        (4, 5, 2, 16),
        (4, 5, 3, 64),
        (5, 6, 2, 25),
        (5, 6, 4, 625),
        (8, 9, 2, 64),
        (9, 10, 2, 81),
        (6, 3, 1, 6),
    ] {
        let made = proven(&mixed(&vec![levels; columns]), &strength(wanted));
        assert_eq!(made.rows.len(), rows, "{levels}^{columns}, strength {wanted}");
    }
}

#[test]
fn published_constraints_are_met() {
    for (name, strengths) in [("cons001", 1..=3), ("cons003", 1..=3)] {
        let model = file(&format!("constraints/{name}.txt"));
        for wanted in strengths {
            let made = proven(&model, &strength(wanted));
            assert!(made.tuples > 0 && !made.rows.is_empty());
        }
    }
}

#[test]
fn constraints_without_any_row_are_told() {
    let error = covering::generate(&file("constraints/cons020.txt"), &strength(2)).unwrap_err();
    assert_eq!(error, covering::Error::Unsatisfiable);
}
