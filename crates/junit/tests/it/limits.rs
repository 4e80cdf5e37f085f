//! Lengths and numbers that are cut.

use crate::support::{field, fields_of, numbered, one, units};

fn properties(count: usize, name: &str) -> String {
    numbered(count, |number| {
        format!("<property name='{name}{number}' value='v{number}'/>")
    })
}

#[test]
fn names_are_cut_to_750_code_units_after_the_key_was_made() {
    let (short, long) = ("é".repeat(750), "é".repeat(751));
    let test = one(&format!(
        "<testcase name='{short}' classname='{short}' file='{short}'/>"
    ));
    let cut = one(&format!(
        "<testcase name='{long}' classname='{long}' file='{long}'/>"
    ));
    assert_eq!(
        (&cut.name, &cut.folder, &cut.file),
        (&test.name, &test.folder, &test.file)
    );
    assert_ne!(cut.key, test.key);
    let halved = one(&format!("<testcase name='{}😀'/>", "x".repeat(749)));
    assert_eq!(halved.name, "x".repeat(749));
}

#[test]
fn values_are_cut_by_their_type() {
    let long = "x".repeat(20_000);
    for (prefix, expected) in [
        ("", 750),
        ("string:", 750),
        ("text:", 16_379),
        ("console:", 16_379),
        ("html:", 16_384),
    ] {
        let fields = fields_of(&format!(
            "<properties><property name='{prefix}{long}' value='{long}'/></properties>"
        ));
        assert_eq!(
            (units(&fields[0].1), units(&fields[0].2)),
            (750, expected),
            "{prefix}"
        );
    }
    let url = fields_of(&format!(
        "<properties><property name='url:n' value='https://{long}'/></properties>"
    ));
    assert_eq!((url[0].0, units(&url[0].2)), (5, 750));
}

#[test]
fn outcomes_and_outputs_keep_both_ends() {
    let text = format!("{}{}", "a".repeat(10_000), "z".repeat(10_000));
    let content = format!("<failure message='{text}'>{text}</failure><system-out>{text}</system-out>");
    let test = one(&format!("<testcase name='n'>{content}</testcase>"));
    for field in &test.fields {
        assert_eq!(units(&field.value), 16_379);
        assert!(field.value.starts_with('a') && field.value.ends_with('z'));
    }
    assert_eq!(test.fields[0].meta["message"], "a".repeat(750));
}

#[test]
fn attachments_are_cut_to_750_and_24() {
    let path = "x".repeat(800);
    let url = format!("https://h/{path}.png");
    let test = one(&format!(
        "<testcase name='n'><properties><property name='attachment' value='{url}'/></properties></testcase>"
    ));
    let artifact = &test.artifacts[0];
    assert_eq!((units(&artifact.name), units(&artifact.url)), (750, 750));
    assert_eq!(
        artifact.mime_type.as_deref(),
        Some("image/png"),
        "found before the cut"
    );

    let mixed = numbered(30, |number| match number % 2 {
        0 => format!("<property name='attachment' value='https://h/{number}'/>"),
        _ => format!("<property name='attachment' value='{number}'/>"),
    });
    let test = one(&format!(
        "<testcase name='n'><properties>{mixed}</properties></testcase>"
    ));
    assert_eq!((test.artifacts.len(), test.fields.len()), (12, 12));
}

#[test]
fn fields_are_cut_to_24_beside_attachments_and_steps() {
    let content = format!(
        "<failure>f</failure><system-out>o\n[[PROPERTY|out=1]]</system-out><properties>{}{}{}</properties>",
        properties(30, "p"),
        properties(30, "attachment"),
        properties(120, "step")
    );
    let fields = fields_of(&content);
    assert_eq!(fields.len(), 24 + 24 + 1);
    assert_eq!(fields[23], field(1, "attachment23", "v23"));
    assert_eq!(fields[24], field(4, "Failure", "f"));
    assert_eq!(fields[26], field(1, "out", "1"));
    assert_eq!(fields[47], field(1, "p20", "v20"));
    assert_eq!(fields[48].2.matches("<test-step>").count(), 99);
}

#[test]
fn outcomes_without_a_value_use_up_no_field() {
    let content = format!(
        "{}{}<error>e</error>",
        "<skipped/>".repeat(30),
        "<failure>f</failure>".repeat(30)
    );
    let fields = fields_of(&content);
    assert_eq!(fields.len(), 24);
    assert!(fields.iter().all(|(_, name, _)| name == "Failure"));
}

#[test]
fn properties_of_both_outputs_and_the_element_share_the_limit() {
    let output = |name: &str| numbered(20, |number| format!("[[PROPERTY|{name}{number}=v]]\n"));
    let content = format!(
        "<system-out>{}</system-out><system-err>{}</system-err><properties>{}</properties>",
        output("o"),
        output("e"),
        properties(5, "p")
    );
    let names: Vec<_> = fields_of(&content).into_iter().map(|(_, name, _)| name).collect();
    assert_eq!(names.len(), 24);
    assert_eq!((names[19].as_str(), names[23].as_str()), ("o19", "e3"));
}

#[test]
fn steps_are_cut_as_a_whole() {
    let long = "w".repeat(9000);
    let step = format!("<property name='step[{long}]' value='{long}'/>");
    let fields = fields_of(&format!("<properties>{step}</properties>"));
    assert_eq!(units(&fields[0].2), 16_384);
    assert!(
        fields[0].2.ends_with('w'),
        "the tags at the end are cut off as well"
    );
}
