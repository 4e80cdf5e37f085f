//! What .NET's own runners write, by the documents of their formats.

use serde_json::json;

use crate::support::read;

#[test]
fn trx_has_classes_rows_and_all_outcomes() {
    let result = |id: &str, name: &str, outcome: &str| {
        format!("<UnitTestResult testId=\"{id}\" testName=\"{name}\" duration=\"00:00:01.5\" {outcome}/>")
    };
    let outcomes = [
        "Passed",
        "PassedButRunAborted",
        "Failed",
        "NotExecuted",
        "Inconclusive",
        "Timeout",
        "Aborted",
    ];
    let all: String = outcomes
        .iter()
        .map(|name| result("1", name, &format!("outcome=\"{name}\"")))
        .collect();
    let text = format!(
        "\u{feff}<?xml version=\"1.0\"?><TestRun xmlns=\"http://microsoft.com/schemas/VisualStudio/TeamTest/2010\">
<Results>{all}{}
<UnitTestResult testId=\"2\" testName=\"Shop.Rows\" outcome=\"Failed\"><InnerResults>
<UnitTestResult testId=\"2\" testName=\"Shop.SumTests.Rows (1)\" outcome=\"Passed\"/>
<UnitTestResult testId=\"2\" testName=\"Shop.SumTests.Rows (2)\" outcome=\"Failed\"><Output><StdOut>said</StdOut>
<ErrorInfo><Message>not 3\nbut 4</Message><StackTrace>at Rows</StackTrace></ErrorInfo></Output></UnitTestResult>
</InnerResults></UnitTestResult></Results>
<TestDefinitions><UnitTest id=\"1\"><TestMethod className=\"Shop.Outcomes, Shop, Version=1.0.0.0\"/></UnitTest>
<UnitTest id=\"2\"><TestMethod className=\"Shop.SumTests\"/></UnitTest></TestDefinitions></TestRun>",
        result("1", "Left out", "")
    );
    let (summary, tests) = read(&text);
    assert_eq!(
        [
            summary.tests,
            summary.passed,
            summary.failures,
            summary.errors,
            summary.skipped
        ],
        [10, 3, 2, 3, 2]
    );
    assert_eq!(tests[0]["folder"], "Shop.Outcomes");
    assert_eq!(tests[0]["elapsed"], 1_500_000);
    let row = &tests[9];
    assert_eq!(
        (&row["folder"], &row["name"]),
        (&json!("Shop.SumTests"), &json!("Rows (2)"))
    );
    assert_eq!(row["fields"][0]["value"], "not 3\nbut 4\n\nat Rows");
    assert_eq!(row["fields"][0]["meta"]["message"], "not 3");
    assert_eq!(row["fields"][1]["name"], "Output");
}

#[test]
fn nunit_knows_errors_reasons_properties_and_files() {
    let (summary, tests) = read(
        r#"<test-run id="0" total="4"><test-suite type="Assembly"><test-suite type="TestFixture">
<test-case name="Adds(1,2)" fullname="Shop.Sum.Adds(1,2)" classname="Shop.Sum" result="Passed" duration="0.25">
<properties><property name="Category" value="fast"/><property name="_PID" value="7"/></properties><output><![CDATA[said]]></output>
<attachments><attachment><filePath>/shots/a.png</filePath></attachment></attachments></test-case>
<test-case name="Breaks" fullname="Shop.Sum.Breaks" result="Failed" label="Error"><failure><message>null</message></failure></test-case>
<test-case name="Later" fullname="Shop.Sum.Later" result="Skipped" label="Ignored"><reason><message>not yet</message></reason></test-case>
<test-case name="Slow" fullname="Shop.Sum.Slow" result="Failed" label="Test exceeded Timeout value 1ms."><failure/></test-case>
<test-case name="Perhaps" fullname="Shop.Sum.Perhaps" result="Inconclusive"/></test-suite></test-suite></test-run>"#,
    );
    assert_eq!(
        [summary.passed, summary.failures, summary.errors, summary.skipped],
        [1, 1, 1, 2]
    );
    let names: Vec<_> = tests[0]["fields"]
        .as_array()
        .unwrap()
        .iter()
        .map(|field| &field["name"])
        .collect();
    assert_eq!(names, ["attachment", "Output", "Category"]);
    assert_eq!(tests[1]["folder"], "Shop.Sum");
    assert_eq!(tests[2]["fields"][0]["value"], "not yet");
    assert_eq!(tests[3]["fields"][0]["value"], "Test exceeded Timeout value 1ms.");
}

#[test]
fn xunit_takes_the_class_from_the_name_and_tells_what_failed_outside() {
    let (summary, tests) = read(
        r#"<assemblies schema-version="2"><assembly name="shop.dll"><errors><error type="class-cleanup" name="Shop.Sum">
<failure exception-type="System.Exception"><message>clean-up</message></failure></error></errors>
<collection name="Test collection for Shop.Sum"><test name="Shop.Sum.Adds(a: 1)" type="Shop.Sum" method="Adds" time="0.5" result="Pass">
<traits><trait name="Kind" value="fast"/></traits></test>
<test name="a display name" type="Shop.Sum" method="Breaks" result="Fail" source-file="Sum.cs" source-line="12"><failure
exception-type="Xunit.Sdk.EqualException"><message>no</message><stack-trace>at Sum</stack-trace></failure></test>
<test name="Shop.Sum.Later" type="Shop.Sum" result="Skip"><reason>later</reason></test></collection></assembly></assemblies>"#,
    );
    assert_eq!(
        [summary.passed, summary.failures, summary.errors, summary.skipped],
        [1, 1, 1, 1]
    );
    let names: Vec<_> = tests.iter().map(|test| test["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Shop.Sum", "Adds(a: 1)", "a display name", "Later"]);
    assert_eq!(
        (&tests[2]["file"], &tests[2]["line"]),
        (&json!("Sum.cs"), &json!(12))
    );
    assert_eq!(tests[2]["fields"][0]["meta"]["type"], "Xunit.Sdk.EqualException");
}
