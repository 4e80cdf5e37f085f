//! Models and rows for tests.

use covering::{Model, Options, Parameter, Rows, check, generate};

/// Reads a model that is right.
pub(crate) fn model(text: &str) -> Model {
    text.parse().unwrap()
}

/// A file of the published models.
pub(crate) fn file(name: &str) -> Model {
    let path = format!("{}/../../testdata/pairwise/{name}", env!("CARGO_MANIFEST_DIR"));
    model(&std::fs::read_to_string(path).unwrap())
}

/// The options of a strength.
pub(crate) fn strength(strength: usize) -> Options {
    Options {
        strength,
        ..Options::default()
    }
}

/// Rows that the checker has proven.
pub(crate) fn proven(model: &Model, options: &Options) -> Rows {
    let made = generate(model, options).unwrap();
    let report = check(model, options.strength, &made.rows).unwrap();
    assert!(report.is_proven(), "{:?} {:?}", report.faults, report.uncovered);
    assert_eq!(report.covered, made.tuples);
    assert_eq!(report.excluded, made.excluded);
    made
}

/// The names of each row.
pub(crate) fn names<'a>(model: &'a Model, rows: &Rows) -> Vec<Vec<&'a str>> {
    let name = |(parameter, value): (usize, &usize)| model.parameters()[parameter].values[*value].name();
    rows.rows
        .iter()
        .map(|row| row.iter().enumerate().map(name).collect())
        .collect()
}

/// A model of parameters with these numbers of values.
pub(crate) fn mixed(levels: &[usize]) -> Model {
    let parameter = |(number, levels): (usize, &usize)| {
        Parameter::new(format!("p{number}"), (0..*levels).map(|value| value.to_string()))
    };
    Model::new(
        levels.iter().enumerate().map(parameter).collect(),
        Vec::new(),
        Vec::new(),
    )
    .unwrap()
}
