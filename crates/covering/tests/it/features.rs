//! What models can say, and what that does to rows.

use covering::{Options, generate, read_seed_rows, to_table};

use crate::support::{file, model, names, proven, strength};

#[test]
fn same_input_same_rows() {
    let model = file("constraints/cons001.txt");
    let first = proven(&model, &strength(2));
    assert_eq!(proven(&model, &strength(2)), first);
    let other = Options {
        random_seed: 1,
        ..strength(2)
    };
    assert_ne!(
        proven(&model, &other).rows,
        first.rows,
        "another seed, other rows"
    );
    assert_eq!(proven(&model, &other), proven(&model, &other));
}

/// Small enough for every row to be reviewed; the table of the documentation of PICT.
#[test]
fn a_small_model_gives_these_rows() {
    let model = model(
        "Type:         Single, Span, Mirror\n\
         Size:         10, 500, 5000, 40000\n\
         File system:  FAT, FAT32, NTFS\n\
         Compression:  on, off\n\
         IF [File system] = \"FAT\" THEN [Size] <= 4096;\n\
         IF [File system] = \"FAT32\" THEN [Size] <= 32000;\n\
         IF NOT [File system] LIKE \"nt*\" THEN [Compression] = \"off\";",
    );
    let made = proven(&model, &strength(2));
    assert_eq!(made.excluded, 5);
    insta::assert_snapshot!(to_table(&model, &made.rows));
}

#[test]
fn otherwise_is_the_other_branch() {
    let model = model(
        "P1: -1, 0, 1\nP2: A, B, NA\nP3: X, Y, NA\n\
         IF [P1] = -1 THEN [P2] = \"NA\" AND [P3] = \"NA\"\n ELSE [P2] <> \"NA\" AND [P3] <> \"NA\";",
    );
    let made = proven(&model, &strength(2));
    for row in names(&model, &made) {
        assert_eq!(row[0] == "-1", row[1] == "NA", "{row:?}");
        assert_eq!(row[0] == "-1", row[2] == "NA", "{row:?}");
    }
}

#[test]
fn parameters_are_compared_with_each_other() {
    let model = model(
        "Low: 1, 5, 10, 20\nHigh: 1, 5, 10, 20\nName: a, b, c\nOther: <Name>, d\n\
         [Low] < [High];\n[Name] <> [Other];",
    );
    assert_eq!(model.parameters()[3].values.len(), 4);
    for row in names(&model, &proven(&model, &strength(2))) {
        assert!(
            row[0].parse::<i32>().unwrap() < row[1].parse().unwrap(),
            "{row:?}"
        );
        assert_ne!(row[2], row[3]);
    }
}

#[test]
fn sub_models_have_a_strength_of_their_own() {
    let text = "A: 1, 2, 3\nB: 1, 2, 3\nC: 1, 2, 3\nD: 1, 2, 3\nE: 1, 2\n";
    let stronger = model(&format!("{text}{{ A, B, C }} @ 3"));
    let made = proven(&stronger, &strength(2));
    assert_eq!(made.rows.len(), 27);
    assert_eq!(made.tuples, 27 + 3 * 9 + 4 * 6);
    let weaker = model(&format!("{text}{{ A, B, C, D }} @ 1"));
    let made = proven(&weaker, &strength(2));
    assert_eq!(made.tuples, 4 * 3 + 4 * 6);
    assert_eq!(made.rows.len(), 6);
    let as_the_whole = model(&format!("{text}{{ a, b, c, d }}"));
    assert_eq!(proven(&as_the_whole, &strength(2)).tuples, 6 * 9 + 4 * 6);
}

#[test]
fn negative_values_stand_alone() {
    let model = model("A: ~-1, 0, 1, 2\nB: ~-1, 0, 1, 2\nC: 0, 1\nIF [A] = -1 THEN [C] = 0;");
    let made = proven(&model, &strength(2));
    let negatives = |row: &[&str]| row.iter().filter(|name| **name == "-1").count();
    let rows = names(&model, &made);
    assert!(rows.iter().all(|row| negatives(row) <= 1));
    assert_eq!(rows.iter().filter(|row| negatives(row) == 1).count(), 6);
    assert!(to_table(&model, &made.rows).contains("~-1"));
    assert_eq!(made.excluded, 1, "-1 with C: 1");
}

#[test]
fn constraints_can_ask_for_the_sign() {
    let model =
        model("A: ~a, b\nB: ~a, b\nC: ok, failed\nIF IsNegative() THEN [C] = \"failed\" ELSE [C] = \"ok\";");
    for row in names(&model, &proven(&model, &strength(2))) {
        assert_eq!(row[0] == "a" || row[1] == "a", row[2] == "failed", "{row:?}");
    }
}

#[test]
fn aliases_are_shown_in_turn() {
    let model = model("OS: a | b | c, d\nX: 1, 2, 3\nIF [OS] = \"a\" THEN [X] <> 4;");
    let made = proven(&model, &strength(2));
    let table = to_table(&model, &made.rows);
    for name in ["a", "b", "c"] {
        assert_eq!(
            table.lines().filter(|line| line.starts_with(name)).count(),
            1,
            "{table}"
        );
    }
}

#[test]
fn weights_decide_where_coverage_does_not() {
    let text = |weight: &str| format!("A: 1, 2, 3, 4, 5\nB: 1, 2, 3, 4, 5\nC: plain, often {weight}\n");
    let often = |text: String| {
        let model = model(&text);
        let made = proven(&model, &strength(2));
        names(&model, &made)
            .iter()
            .filter(|row| row[2] == "often")
            .count()
    };
    let (even, heavy) = (often(text("")), often(text("(1000)")));
    assert!(
        heavy > even && heavy >= 19,
        "{heavy} of 25, without weight {even}"
    );
}

#[test]
fn seed_rows_come_first_and_unchanged() {
    let model = file("constraints/cons001.txt");
    let seeds = read_seed_rows(
        &model,
        "G4\tG1\tG2\tG3\tunknown\n!\tC\tb\t2\tx\n\tJ\t\t\n!\tA\tb\t1\t\n#\tJ\tz\t5\t\n",
    );
    assert_eq!(seeds.lines, [2, 3, 4, 5]);
    assert_eq!(seeds.rows[0], [Some(2), Some(1), Some(1), Some(0)]);
    assert_eq!(seeds.rows[1], [Some(9), None, None, None]);
    insta::assert_snapshot!(seeds.warnings.join("\n"));
    let made = proven(
        &model,
        &Options {
            seed_rows: seeds.rows.clone(),
            ..strength(2)
        },
    );
    assert_eq!(made.skipped, [2], "`G1: A` forbids `G3: 1`");
    assert_eq!(made.rows[0], [2, 1, 1, 0]);
    assert_eq!(made.rows[1][0], 9);
    assert_eq!((made.rows[2][0], made.rows[2][3]), (9, 2));
}

#[test]
fn the_own_output_is_kept_whole() {
    let text = "A: ~-1, 0, 1, 2\nB: ~-1, 0 | zero, 1, 2\nC: x, y, z\n";
    let before = model(text);
    let rows = proven(&before, &strength(2)).rows;
    let after = model(&format!("{text}D: new, old\n"));
    let seeds = read_seed_rows(&after, &to_table(&before, &rows));
    assert!(seeds.warnings.is_empty(), "{:?}", seeds.warnings);
    let options = Options {
        seed_rows: seeds.rows,
        ..strength(2)
    };
    let made = proven(&after, &options);
    for (row, old) in made.rows.iter().zip(&rows) {
        assert_eq!(row[..3], old[..], "seed rows keep their order");
    }
    // Reading what covers already adds nothing.
    let again = generate(
        &before,
        &Options {
            seed_rows: read_seed_rows(&before, &to_table(&before, &rows)).rows,
            ..strength(2)
        },
    );
    assert_eq!(again.unwrap().rows, rows);
}

#[test]
fn case_counts_on_request() {
    let text = "os: a, A\nOS: b, c\nIF [os] = \"a\" THEN [OS] = \"b\";";
    assert!(
        text.parse::<covering::Model>().is_err(),
        "one name for two parameters"
    );
    let model = covering::Model::parse(text, true).unwrap();
    let made = proven(&model, &strength(2));
    assert_eq!(made.excluded, 1, "`A` is another value");
}
