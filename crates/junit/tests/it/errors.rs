//! What is refused, and how it is said.

use std::fs::File;
use std::io::{BufReader, Cursor, Write};
use std::path::Path;

use junit::{Detected, Error, Problem, Report, detect};

use crate::support::{numbered, read, try_read};

/// The line and the problem of a file that is refused.
fn refusal(xml: impl AsRef<[u8]>) -> (u64, Problem) {
    match try_read(xml) {
        Err(Error::Malformed { line, problem, .. }) => (line, problem),
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn the_place_is_that_of_the_element() {
    let error = try_read("<testsuite>\n  <testcase name='a'/>\n  <testcase name='a' name='b'/></testsuite>");
    let error = error.expect_err("refused");
    assert!(
        matches!(
            error,
            Error::Malformed {
                line: 3,
                offset: 37,
                ..
            }
        ),
        "{error:?}"
    );
    assert_eq!(
        error.to_string(),
        "line 3 (byte 37): the attribute `name` is given twice; keep one"
    );
}

#[test]
fn the_place_is_right_behind_bytes_that_are_not_utf8() {
    let mut xml = b"\xef\xbb\xbf<testsuite name='\xe9\xe9'>\r\n\xe2\x82".to_vec();
    let offset = xml.len() as u64;
    xml.extend(b"</wrong>");
    let error = try_read(xml).expect_err("refused");
    assert!(
        matches!(error, Error::Malformed { line: 2, offset: place, .. } if place == offset),
        "{error:?}"
    );
}

#[test]
fn truncated_files_name_the_unclosed_element() {
    assert_eq!(
        refusal("<testsuite>\n<testcase name='a'>\n<failure>x\n"),
        (3, Problem::Truncated)
    );
    assert_eq!(
        refusal("<testsuite><testcase name='a'/>"),
        (1, Problem::Truncated)
    );
    for xml in [
        "<testsuite>\n<testcase na",
        "<testsuite>\n<![CDATA[ x </testsuite>",
        "<testsuite>\n<!-- x",
    ] {
        assert!(matches!(refusal(xml), (2, Problem::Syntax(_))), "{xml}");
    }
}

#[test]
fn malformed_xml_is_refused() {
    let syntax = |xml: &str| matches!(refusal(xml).1, Problem::Syntax(_));
    assert!(syntax("<testsuite></testsuit>"));
    assert!(syntax("<testsuite></testsuite></x>"));
    assert!(syntax("<testsuite><!x></testsuite>"));
    assert_eq!(refusal("<testsuite/><testsuite/>").1, Problem::OutsideRoot);
    assert_eq!(refusal("<testsuite/> text").1, Problem::OutsideRoot);
    assert_eq!(refusal("text <testsuite/>").1, Problem::OutsideRoot);
    assert_eq!(refusal("<!-- <testsuite -->").1, Problem::NoRoot);
    assert_eq!(refusal("").1, Problem::NoRoot);
    assert_eq!(
        refusal("\n<?xml version='1.0'?><testsuite/>").1,
        Problem::LateDeclaration
    );
    assert_eq!(
        refusal("<testsuite><1a/></testsuite>").1,
        Problem::Name("1a".into())
    );
    assert_eq!(
        refusal("<testsuite>< a/></testsuite>").1,
        Problem::Name(String::new())
    );
    assert_eq!(refusal("<testsuite a=b/>").1, Problem::Attribute("a".into()));
    assert_eq!(refusal("<testsuite a='<'/>").1, Problem::BareLess("a".into()));
}

#[test]
fn references_are_checked_everywhere() {
    let reference = |xml: &str| matches!(refusal(xml).1, Problem::Reference(_));
    assert!(reference("<testsuite a='x & y'/>"));
    assert!(reference("<testsuite a='&nbsp;'/>"));
    assert!(reference("<testsuite><x>&nbsp;</x></testsuite>"));
    assert!(reference("<testsuite><x>a & b</x></testsuite>"));
    assert!(reference("<testsuite><x>a &</x></testsuite>"));
}

#[test]
fn document_type_declarations_are_refused() {
    let bomb = "<!DOCTYPE t [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><testsuite><testcase name='&b;'/></testsuite>";
    assert_eq!(refusal(bomb), (1, Problem::Doctype));
    assert_eq!(refusal("<testsuite/>\n<!DOCTYPE t>"), (2, Problem::Doctype));
}

#[test]
fn depth_is_limited() {
    let nested = |depth: usize| format!("{}{}", "<testsuite>".repeat(depth), "</testsuite>".repeat(depth));
    read(nested(junit::MAX_DEPTH));
    assert_eq!(refusal(nested(junit::MAX_DEPTH + 1)).1, Problem::TooDeep);
    assert_eq!(refusal("<testsuite>".repeat(100_000)).1, Problem::TooDeep);
}

#[test]
fn lengths_are_limited() {
    let longest = "x".repeat(junit::MAX_TEXT);
    read(format!("<testsuite a='{longest}'/>"));
    read(format!("<testsuite>{longest}</testsuite>"));
    read(format!("<testsuite><![CDATA[{longest}]]></testsuite>"));
    let long = "x".repeat(junit::MAX_TEXT + 64);
    assert_eq!(refusal(format!("<testsuite a='{long}'/>")).1, Problem::TooLong);
    assert_eq!(
        refusal(format!("<testsuite><!-- {long} --></testsuite>")).1,
        Problem::TooLong
    );
    assert_eq!(
        refusal(format!("<testsuite>{long}</testsuite>")).1,
        Problem::TooLong
    );
    let half = "x".repeat(junit::MAX_TEXT / 2 + 1);
    let pieces = format!("<testsuite>{half}<!-- -->{half}</testsuite>");
    assert_eq!(
        refusal(pieces).1,
        Problem::TooLong,
        "the pieces of one text count together"
    );
    read(format!("<testsuite><a>{half}</a><b>{half}</b></testsuite>"));
}

#[test]
fn the_number_of_attributes_is_limited() {
    let with = |count: usize| {
        let attributes = numbered(count, |number| format!(" a{number}=''"));
        format!("<testsuite{attributes}/>")
    };
    read(with(junit::MAX_ATTRIBUTES));
    assert_eq!(
        refusal(with(junit::MAX_ATTRIBUTES + 1)).1,
        Problem::TooManyAttributes
    );
}

#[test]
fn a_file_that_changes_between_the_passes_is_noticed() {
    let mut file = tempfile::tempfile().expect("a temporary file");
    file.write_all(b"<testsuite><testcase name='a'/><testcase name='b'/></testsuite>")
        .expect("written");
    let handle: File = file.try_clone().expect("a second handle");
    let mut report = Report::open(BufReader::new(file)).expect("valid");
    handle.set_len(31).expect("truncated");
    let mut tests = report.tests().expect("still there");
    assert!(matches!(tests.next(), Some(Ok(_))));
    assert!(matches!(tests.next(), Some(Err(Error::Changed { .. }))));
    assert!(tests.next().is_none(), "nothing follows an error");
}

#[test]
fn pipes_are_spooled() {
    let pipe: &[u8] = b"<testsuite><testcase name='a'/></testsuite>";
    let mut report = Report::open(junit::spool(pipe).expect("spooled")).expect("valid");
    assert_eq!(report.tests().expect("readable twice").count(), 1);
}

#[test]
fn files_are_detected_by_extension_and_marker() {
    let detected =
        |name: &str, text: &str| detect(Path::new(name), &mut Cursor::new(text)).expect("readable");
    for name in [
        "a.xml",
        "a.XML",
        "a.junit",
        "a.log",
        "a.report",
        "a.reports",
        "a.result",
        "a.Results",
    ] {
        assert_eq!(detected(name, "<testsuites/>"), Detected::Junit, "{name}");
    }
    for name in ["a", "a.txt", "a.xml.bak", ".xml"] {
        assert_eq!(detected(name, "<testsuite/>"), Detected::NotResults, "{name}");
    }
    assert_eq!(detected("a.xml", "<TestSuite/>"), Detected::NotResults);
    assert_eq!(detected("a.xml", "anything <testsuite"), Detected::Junit);
    assert_eq!(
        detected("a.trx", "<?xml version='1.0'?><TestRun xmlns='x'/>"),
        Detected::Other("TRX")
    );
}

#[test]
fn the_marker_is_found_across_chunks() {
    let text = format!("{}<testsuite>", " ".repeat(50));
    for capacity in 1..30 {
        let mut source = BufReader::with_capacity(capacity, Cursor::new(&text));
        assert_eq!(
            detect(Path::new("a.xml"), &mut source).expect("readable"),
            Detected::Junit,
            "{capacity}"
        );
        let mut source = BufReader::with_capacity(capacity, Cursor::new(&text[..text.len() - 2]));
        assert_eq!(
            detect(Path::new("a.xml"), &mut source).expect("readable"),
            Detected::NotResults,
            "{capacity}"
        );
    }
}
