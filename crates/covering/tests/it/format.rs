//! Reading and writing models.

use covering::{Expression, Literal, Model, Parameter, Relation, SubModel, Value};

use crate::support::{file, model};

/// All parts of the format, and what is unusual but right.
const EVERYTHING: &str = "\u{feff}# a comment\r
Type:    Single, Span (10), ~None | Nothing | Nil (3)\r
\r
Size, 1, 2.5, -3e2\r
Copy: <Type>, <unknown>, Server (big), x | y ,\r
URL: http://a, b:c\r
{ Type, size, COPY } @ 2\r
{ Type, URL }\r
# another comment\r
IF [Type] = \"span\" AND NOT [Size] > 2\r
# in the middle\r
 OR [Copy] IN {\"x\", \"Server (big)\"}\r
THEN ([Size] <> 1 OR [URL] LIKE \"*://?\") ELSE [Size] IN {1, -300};\r
[Size] <= 2.5; IsPositive([Type]) or isnegative();\r
NOT NOT [Type] = [Copy];\r
";

#[test]
fn everything_is_read() {
    insta::assert_debug_snapshot!(model(EVERYTHING));
}

#[test]
fn what_is_written_is_read_as_the_same() {
    let read = model(EVERYTHING);
    let written = read.to_pict().unwrap();
    assert_eq!(model(&written), read);
    insta::assert_snapshot!(written);
}

#[test]
fn published_files_survive_writing() {
    for name in ["3^4", "3^13", "4^15.3^17.2^29", "4^1.3^39.2^35", "2^100", "10^20"] {
        let read = file(&format!("standard/{name}.txt"));
        assert_eq!(model(&read.to_pict().unwrap()), read, "{name}");
    }
    for name in ["cons001", "cons003", "cons020"] {
        let read = file(&format!("constraints/{name}.txt"));
        assert!(!read.constraints().is_empty());
        assert_eq!(model(&read.to_pict().unwrap()), read, "{name}");
    }
}

#[test]
fn names_that_mean_something_else_are_not_written() {
    for name in ["a,b", "a|b", "~a", "a (2)", " a", "<x>", "a\nb"] {
        let parameters = vec![
            Parameter::new("x", ["1", "2"]),
            Parameter {
                name: "P".to_owned(),
                values: vec![Value::new("ok"), Value::new(name)],
            },
        ];
        let model = Model::new(parameters, Vec::new(), Vec::new()).unwrap();
        assert!(model.to_pict().is_err(), "{name:?}");
    }
    for name in ["a:b", "a, b", "{a}", "#a", "[a]", "IF [a]", "a}"] {
        let parameters = vec![Parameter::new(name, ["1", "2"])];
        let model = Model::new(parameters, Vec::new(), Vec::new()).unwrap();
        assert!(model.to_pict().is_err(), "{name:?}");
    }
}

#[test]
fn quotes_and_brackets_are_escaped() {
    let parameters = vec![Parameter::new("a]b\\", ["say \"hi\"", "back\\slash"])];
    let constraint = covering::Constraint::Always(Expression::Compare {
        parameter: 0,
        relation: Relation::NotEqual,
        operand: covering::Operand::Literal(Literal::Text("say \"hi\"".to_owned())),
    });
    let built = Model::new(parameters, Vec::new(), vec![constraint]).unwrap();
    let written = built.to_pict().unwrap();
    assert_eq!(model(&written), built, "{written}");
}

#[test]
fn built_models_are_checked() {
    let ab = || vec![Parameter::new("a", ["1", "2"]), Parameter::new("b", ["x"])];
    let sub_model = |parameters: &[usize], strength| SubModel {
        parameters: parameters.to_vec(),
        strength,
    };
    let with = |sub_model| Model::new(ab(), vec![sub_model], Vec::new());
    assert!(with(sub_model(&[0, 1], Some(2))).is_ok());
    for wrong in [
        sub_model(&[], None),
        sub_model(&[0, 0], None),
        sub_model(&[0, 2], None),
        sub_model(&[0, 1], Some(0)),
        sub_model(&[0, 1], Some(3)),
    ] {
        assert!(with(wrong.clone()).is_err(), "{wrong:?}");
    }
    let unknown = covering::Constraint::Always(Expression::IsNegative(Some(2)));
    assert!(Model::new(ab(), Vec::new(), vec![unknown]).is_err());
}

#[test]
fn a_constraint_may_begin_with_a_function() {
    for text in [
        "a: 1, ~2\nb: x, y\nIsNegative([a]) OR [b] = \"x\";\n",
        "a: 1, ~2\nb: x, y\n(IsNegative()) OR (NOT IsPositive());\n",
        "a: 1, ~2\nb: x, y\nisPositive([b]);\n",
    ] {
        let read = model(text);
        assert_eq!(read.constraints().len(), 1, "{text}");
        assert_eq!(model(&read.to_pict().unwrap()), read, "{text}");
    }
    let named = model("IsNegative (a): 1, 2\nb: x\n");
    assert_eq!((named.parameters().len(), named.constraints().len()), (2, 0));
}
