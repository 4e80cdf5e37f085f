//! What is wrong is told with its place and a remedy.

use std::fmt::Write as _;

use covering::{Error, Model, Options, generate};

use crate::support::{mixed, model, strength};

#[test]
fn mistakes_in_models_are_told() {
    let ab = "A: 1, 2\nB: x, y\n";
    let deep = format!("{ab}{}[A] = 1;", "(".repeat(65));
    let cases = [
        "",
        "# nothing\n",
        "Name without values",
        "A:",
        "A: 1\n  : 2",
        "A: 1\n a: 2",
        "A: ~1, ~2",
        "A: 1\n{ A } @ 1\nB: 2",
        "A: 1\n[A] = 1;\n{ A }",
        "A: 1, 2\n{ A, B }",
        "A: 1, 2\n{ A, A }",
        "A: 1, 2\n{ A } 2",
        "A: 1, 2\n{ A } @ two",
        "A: 1, 2\n{ A } @ 2",
        "A: 1, 2\n{ A } @ 0.5",
        "A: 1\nIF [A] = 1",
        &format!("{ab}IF [A] = 1 THEN [B] = \"x\""),
        &format!("{ab}IF [A] = 1 THEN\n\n  [Ö] = \"x\";"),
        &format!("{ab}[A] = \"1\";"),
        &format!("{ab}[B] IN {{\"x\", 1}};"),
        &format!("{ab}[B] = [A];"),
        &format!("{ab}[B = \"x\";"),
        &format!("{ab}[B] = \"x;"),
        &format!("{ab}[B] = ;"),
        &format!("{ab}[B] LIKE 1;"),
        &format!("{ab}[B] IN \"x\";"),
        &format!("{ab}[B] ! \"x\";"),
        &format!("{ab}[B] \"x\";"),
        &format!("{ab}([B] = \"x\" AND;"),
        &format!("{ab}([B] = \"x\";"),
        &format!("{ab}NOT [B] = \"x\" ELSE [A] = 1;"),
        &format!("{ab}[A] = 1e;"),
        &format!("{ab}IF IsNegative([C]) THEN [A] = 1;"),
        &deep,
    ];
    let mut told = String::new();
    for case in cases {
        let error = case.parse::<Model>().unwrap_err();
        let shown: String = case.replace('\n', "⏎").chars().take(60).collect();
        let _ = writeln!(told, "{shown}\n    {error}");
    }
    insta::assert_snapshot!(told);
}

#[test]
fn strengths_out_of_range_are_told() {
    let model = model("A: 1, 2\nB: 1, 2");
    for wrong in [0, 3, 7, usize::MAX] {
        let error = generate(&model, &strength(wrong)).unwrap_err();
        assert_eq!(
            error,
            Error::Strength {
                strength: wrong,
                most: 2
            }
        );
    }
}

#[test]
fn what_does_not_fit_is_told_before_it_is_tried() {
    let wide = mixed(&[3; 400]);
    for wanted in 3..=6 {
        let error = generate(&wide, &strength(wanted)).unwrap_err();
        assert!(matches!(error, Error::TooLarge { .. }), "{error}");
    }
}

#[test]
fn seed_rows_have_to_fit() {
    let model = model("A: 1, 2\nB: 1, 2");
    for wrong in [vec![None], vec![Some(2), None]] {
        let options = Options {
            seed_rows: vec![vec![None, None], wrong],
            ..strength(2)
        };
        assert_eq!(generate(&model, &options).unwrap_err(), Error::SeedRow { row: 2 });
    }
}

#[test]
fn contradictions_are_told() {
    let none = model("A: 1, 2\nB: 1, 2\n[A] < [B] AND [B] < [A];");
    assert_eq!(generate(&none, &strength(2)).unwrap_err(), Error::Unsatisfiable);
}

/// Nine pigeons and eight holes: no row, and no short proof of that.
#[test]
fn hopeless_constraints_end() {
    let pigeons = 14;
    let holes: Vec<String> = (1..pigeons).map(|hole| hole.to_string()).collect();
    let mut text = String::new();
    for pigeon in 0..pigeons {
        let _ = writeln!(text, "p{pigeon}: {}", holes.join(", "));
    }
    for left in 0..pigeons {
        for right in 0..left {
            let _ = writeln!(text, "[p{left}] <> [p{right}];");
        }
    }
    let error = generate(&model(&text), &strength(2)).unwrap_err();
    assert!(matches!(error, Error::TooHard { .. }), "{error}");
}
