//! What the content of a test becomes.

use std::collections::BTreeMap;

use junit::{Artifact, FieldKind};

use crate::support::{field, fields_of, one};

/// Fields of a test with this output, given verbatim.
fn with_output(output: &str) -> Vec<(u8, String, String)> {
    fields_of(&format!("<system-out><![CDATA[{output}\n]]></system-out>"))
}

/// Fields of a test with this property: its attributes and text.
fn with_property(attributes: &str, text: &str) -> Vec<(u8, String, String)> {
    fields_of(&format!(
        "<properties><property {attributes}>{text}</property></properties>"
    ))
}

fn artifacts_of(content: &str) -> Vec<Artifact> {
    one(&format!("<testcase name='a'>{content}</testcase>")).artifacts
}

#[test]
fn outcomes_take_text_then_message_then_type() {
    let outcome = |element: &str| {
        let test = one(&format!("<testcase name='a'>{element}</testcase>"));
        test.fields
            .first()
            .map(|field| (field.value.clone(), field.meta.clone()))
    };
    let meta = |pairs: &[(&'static str, &str)]| -> BTreeMap<&'static str, String> {
        pairs
            .iter()
            .map(|(key, value)| (*key, (*value).to_owned()))
            .collect()
    };
    assert_eq!(
        outcome("<failure message=' m ' type=' t '> text </failure>"),
        Some(("text".into(), meta(&[("message", "m"), ("type", "t")])))
    );
    assert_eq!(
        outcome("<failure message='m' type='t'/>"),
        Some(("m".into(), meta(&[("type", "t")])))
    );
    assert_eq!(
        outcome("<failure message=' ' type='t'> </failure>"),
        Some(("t".into(), meta(&[])))
    );
    assert_eq!(
        outcome("<failure message=' ' type='' other='x'> </failure>"),
        None
    );
    assert_eq!(outcome("<failure><message>m</message></failure>"), None);
}

#[test]
fn outcomes_are_ordered_and_highlighted() {
    let test = one(
        "<testcase name='a'><error>e1</error><failure>f1</failure><skipped>s</skipped><failure>f2</failure></testcase>",
    );
    let brief: Vec<_> = test
        .fields
        .iter()
        .map(|field| (field.name.as_str(), field.value.as_str()))
        .collect();
    assert_eq!(
        brief,
        [
            ("Skipped", "s"),
            ("Failure", "f1"),
            ("Failure", "f2"),
            ("Error", "e1")
        ]
    );
    assert!(
        test.fields
            .iter()
            .all(|field| field.is_highlight == Some(true) && field.kind == FieldKind::Console)
    );
}

#[test]
fn text_is_joined_from_trimmed_stretches_and_verbatim_cdata() {
    let text = |content: &str| fields_of(&format!("<failure>{content}</failure>"))[0].2.clone();
    assert_eq!(text(" a <![CDATA[ b ]]> c <![CDATA[ d ]]>"), "a b c d ");
    assert_eq!(text("a<b>inner</b>c<!-- x --> d "), "ac d");
    assert_eq!(text(" a <?p x?> c "), "ac");
    assert_eq!(text("<![CDATA[  ]]>"), "  ");
    assert_eq!(text("1\r\n2\r3 &#13;<![CDATA[\r\n]]>"), "1\n2\n3 \r\n");
    assert_eq!(text("&lt;a&gt; &amp;lt; &#x41;"), "<a> &lt; A");
}

#[test]
fn only_the_first_outputs_and_properties_count() {
    let properties = "<properties><property name='p' value='1'/></properties><properties><property name='q' value='1'/></properties>";
    let outputs = "<system-err>e</system-err><system-out>a</system-out><system-out>b</system-out><system-err>f</system-err>";
    let expected = [
        field(4, "Output", "a"),
        field(4, "Errors", "e"),
        field(1, "p", "1"),
    ];
    assert_eq!(fields_of(&format!("{properties}{outputs}")), expected);
    assert_eq!(
        fields_of("<system-out/><system-out>b</system-out><properties/>"),
        []
    );
}

#[test]
fn directives_leave_the_output() {
    let output = "  a\n [[PROPERTY|n = v=w ]]\n\n\t[[ATTACHMENT| x.png ]] rest\n[[PROPERTY|m]]\n l1\n  l2 \n[[/PROPERTY]] rest\nb  \n";
    let expected = [
        field(1, "attachment", "x.png"),
        field(4, "Output", "a\n\nb"),
        field(1, "n", "v=w"),
        field(2, "m", "l1\n  l2"),
    ];
    assert_eq!(with_output(output), expected);
    assert_eq!(with_output("[[PROPERTY|n=v]]"), [field(1, "n", "v")]);
}

#[test]
fn near_misses_of_directives_stay_in_the_output() {
    for line in [
        "x [[PROPERTY|n=v]]",
        "[[PROPERTY|n=v]] rest",
        "[[PROPERTY|n=v]",
        "[[PROPERTY|]]",
        "[[PROPERTY|n=v\u{2028}w]]",
        "[[ PROPERTY|n=v]]",
        "[[property|n=v]]",
        "[[/PROPERTY]]",
        "[[ATTACHMENT|]]",
        "[[ATTACHMENT|a]",
        "[[ATTACHMENT|a]b]]",
    ] {
        let output = format!("x\n{line}\ny");
        assert_eq!(with_output(&output), [field(4, "Output", &output)], "{line}");
    }
}

#[test]
fn several_lines_of_a_property_are_taken_verbatim() {
    let inner = "[[ATTACHMENT|in.png]]\n[[PROPERTY|o=1]]";
    assert_eq!(
        with_output(&format!("[[PROPERTY|n]]\n{inner}\nx [[/PROPERTY]]\ny")),
        [field(4, "Output", "y"), field(2, "n", inner)]
    );
    assert_eq!(
        with_output("[[PROPERTY|n]]\nto the end"),
        [field(2, "n", "to the end")]
    );
    assert_eq!(with_output("[[PROPERTY|n]]\n \n[[/PROPERTY]]"), []);
    assert_eq!(with_output("[[PROPERTY|=v]]\nx"), [field(2, "=v", "x")]);
    assert_eq!(with_output("[[PROPERTY|n=]]\nx"), [field(2, "n=", "x")]);
    assert_eq!(with_output("[[PROPERTY|n= ]]"), [field(1, "n", "")]);
}

#[test]
fn properties_take_the_attribute_then_the_text() {
    assert_eq!(
        with_property("name=' n ' value=' v '", "text"),
        [field(1, "n", "v")]
    );
    assert_eq!(
        with_property("name='n' value=' '", " a\nb "),
        [field(2, "n", "a\nb")]
    );
    assert_eq!(with_property("name='n'", "x<b>y</b>z"), [field(2, "n", "xz")]);
    assert_eq!(with_property("name='n'", "<![CDATA[ ]]>"), [field(2, "n", "")]);
    assert_eq!(with_property("name='n'", ""), []);
    assert_eq!(with_property("value='v'", ""), []);
    assert_eq!(
        fields_of("<properties><x><property name='n' value='v'/></x></properties>"),
        []
    );
}

#[test]
fn prefixes_choose_the_type() {
    let typed =
        |name: &str, value: &str| with_property(&format!("name='{name}' value='{value}'"), "")[0].clone();
    assert_eq!(typed("string:n", "v"), field(1, "n", "v"));
    assert_eq!(typed("text:n", "v"), field(2, "n", "v"));
    assert_eq!(typed("html:n", "&lt;b>"), field(3, "n", "<b>"));
    assert_eq!(typed("console:n", "v"), field(4, "n", "v"));
    assert_eq!(typed("url:n", "https://h"), field(5, "n", "https://h"));
    assert_eq!(typed("url:n", "http://h"), field(1, "n", "http://h"));
    assert_eq!(typed("String:n", "v"), field(1, "String:n", "v"));
    assert_eq!(typed("text:url:n", "v"), field(2, "url:n", "v"));
    assert_eq!(typed("string:attachment", "v"), field(1, "attachment", "v"));
    assert_eq!(typed("string: n", "v"), field(1, " n", "v"));
}

#[test]
fn steps_become_one_html_field_at_the_end() {
    let properties = "<properties>
        <property name='step[passed]' value='one &lt;b>'/><property name='a' value='1'/>
        <property name='Stepping'>two</property><property name='STEP[ x ]y' value='three'/>
        <property name='step[ ]' value='four'/><property name='step 5 [no]' value='five'/></properties>";
    let html = "<test-steps><test-step status=\"passed\">one <b></test-step>\n<test-step>two</test-step>\n\
        <test-step status=\"x\">three</test-step>\n<test-step>four</test-step>\n<test-step>five</test-step>\n</test-steps>";
    let output = "<system-out>o</system-out>";
    let expected = [
        field(4, "Output", "o"),
        field(1, "a", "1"),
        field(3, "Steps", html),
    ];
    assert_eq!(fields_of(&format!("{properties}{output}")), expected);
}

#[test]
fn attachments_on_the_web_become_artifacts() {
    let artifact = |name: &str, value: &str| {
        artifacts_of(&format!(
            "<properties><property name='{name}' value='{value}'/></properties>"
        ))[0]
            .clone()
    };
    let expected = |name: &str, url: &str, mime_type: Option<&str>| Artifact {
        name: name.into(),
        url: url.into(),
        mime_type: mime_type.map(Into::into),
    };
    assert_eq!(
        artifact("Attachment_1", "https://h/d/a.PNG"),
        expected("a.PNG", "https://h/d/a.PNG", Some("image/png"))
    );
    assert_eq!(
        artifact("attachment", "https://h/d/a.x1"),
        expected("a.x1", "https://h/d/a.x1", None)
    );
    assert_eq!(
        artifact("attachments", "https://h/d/"),
        expected("attachments", "https://h/d/", None)
    );
    assert_eq!(
        artifact("attachment", "https://h/d\\"),
        expected("attachment", "https://h/d\\", None)
    );
}

#[test]
fn other_attachments_become_fields_before_all_others() {
    let content = "<failure>f</failure>
        <properties><property name='attachment' value='http://h/x'/></properties>
        <system-err>[[ATTACHMENT|e]]\n[[PROPERTY|attachment=p2]]\n[[PROPERTY|ee=1]]</system-err>
        <system-out>[[PROPERTY|attachment=p1]]\n[[PROPERTY|oo=1]]\n[[ATTACHMENT|o]]</system-out>";
    let values: Vec<_> = fields_of(content)
        .into_iter()
        .map(|(_, _, value)| value)
        .collect();
    assert_eq!(values, ["o", "e", "p1", "p2", "http://h/x", "f", "1", "1"]);
    let test = one(&format!("<testcase name='a'>{content}</testcase>"));
    let highlights: Vec<_> = test.fields.iter().map(|field| field.is_highlight).collect();
    assert_eq!(
        highlights,
        [None, None, None, None, None, Some(true), Some(false), Some(false)]
    );
}
