//! Which tests are sent, in which order, and what their attributes become.

use junit::{Status, UNNAMED_FOLDER};

use crate::support::{one, read};

fn names(xml: &str) -> Vec<String> {
    read(xml).1.into_iter().map(|test| test.name).collect()
}

fn elapsed(xml: &str) -> u64 {
    read(xml).0.elapsed_computed
}

#[test]
fn suites_come_before_reports_and_reports_before_tests() {
    let xml = "<testsuites>
        <testcase name='c1'/>
        <testsuites><testcase name='b2'/><testsuite><testcase name='b1'/></testsuite></testsuites>
        <testsuite><testcase name='a2'/><testsuite><testcase name='a1'/></testsuite></testsuite>
        <testcase name='c2'/>
        <testsuite><testcase name='a3'/></testsuite>
        <testsuites><testcase name='b3'/></testsuites>
    </testsuites>";
    assert_eq!(names(xml), ["a1", "a2", "a3", "b1", "b2", "b3", "c1", "c2"]);
}

#[test]
fn mixed_suites_within_mixed_suites_are_revisited() {
    let inner = |name: &str| {
        format!("<testcase name='{name}-case'/><testsuite><testcase name='{name}-suite'/></testsuite>")
    };
    let xml = format!(
        "<testsuite>{}<testsuite>{}<testsuites>{}</testsuites></testsuite></testsuite>",
        inner("1"),
        inner("2"),
        inner("3")
    );
    let expected = ["1-suite", "2-suite", "3-suite", "3-case", "2-case", "1-case"];
    assert_eq!(names(&xml), expected);
}

#[test]
fn other_elements_are_not_looked_into() {
    assert_eq!(
        names("<report><testsuite><testcase name='a'/></testsuite></report>"),
        [""; 0]
    );
    assert_eq!(
        names("<testsuite><group><testcase name='a'/></group><testcase name='b'/></testsuite>"),
        ["b"]
    );
    assert_eq!(
        names("<testsuite><testcase name='a'><testcase name='b'/></testcase></testsuite>"),
        ["a"]
    );
    assert_eq!(
        names("<testsuite><x:testcase name='a'/><TestCase name='b'/></testsuite>"),
        [""; 0]
    );
    assert_eq!(names("<testcase name='a'/>"), ["a"]);
}

#[test]
fn tests_without_a_name_are_counted_and_left_out() {
    let (summary, tests) =
        read("<testsuite><testcase/><testcase name=' ' time='1'/><testcase name='a'/></testsuite>");
    assert_eq!(
        (summary.tests, summary.unnamed, summary.elapsed_computed),
        (1, 2, 0)
    );
    assert_eq!(tests.len(), 1);
}

#[test]
fn status_is_the_strongest_outcome() {
    let status = |content: &str| {
        one(&format!(
            "<testcase name='a' status='failed'>{content}</testcase>"
        ))
        .status
    };
    assert_eq!(status(""), Status::Passed);
    assert_eq!(
        status("<rerunFailure/><flakyError/><group><failure/></group>"),
        Status::Passed
    );
    assert_eq!(status("<skipped/>"), Status::Skipped);
    assert_eq!(status("<skipped/><failure/><skipped/>"), Status::Failure);
    assert_eq!(status("<error/><failure/><skipped/>"), Status::Error);
}

#[test]
fn the_summary_counts_by_status() {
    let contents = ["", "<skipped/>", "<failure/>", "<error/>", "<failure/><error/>"];
    let cases = contents
        .map(|content| format!("<testcase name='a'>{content}</testcase>"))
        .concat();
    let (summary, _) = read(format!("<testsuite>{cases}</testsuite>"));
    assert_eq!(
        (
            summary.tests,
            summary.passed,
            summary.skipped,
            summary.failures,
            summary.errors
        ),
        (5, 1, 1, 1, 2)
    );
}

#[test]
fn folder_and_key_come_from_the_class() {
    let with = |attributes: &str| {
        let test = one(&format!("<testcase name='n' {attributes}/>"));
        (test.folder, test.key)
    };
    let of_name = "1b16b1df538ba12dc3f97edbb85caa7050d46c148134290feba80f8236c83db9"; // sha256 of "n"
    let of_class = "e70be5b0966e7295f99578c98ee78dbf72860c896ac293417357d7fdebdc6bcf"; // sha256 of "c.n"
    assert_eq!(with(""), (UNNAMED_FOLDER.into(), of_name.into()));
    assert_eq!(
        with("classname=' ' class=''"),
        (UNNAMED_FOLDER.into(), of_name.into())
    );
    assert_eq!(with("classname=' c '"), ("c".into(), of_class.into()));
    assert_eq!(with("classname='' class='c'"), ("c".into(), of_class.into()));
    assert_eq!(with("class='d' classname='c'"), ("c".into(), of_class.into()));
}

#[test]
fn numbers_fall_back_or_are_dropped() {
    let test = one("<testcase name='n' time='x' duration='2,5' file=' f ' line='7' assertions='-1'/>");
    assert_eq!((test.elapsed, test.file.as_deref()), (Some(2_500_000), Some("f")));
    assert_eq!((test.line, test.assertions), (Some(7), None));
    assert_eq!(
        one("<testcase name='n' time='1' duration='2'/>").elapsed,
        Some(1_000_000)
    );
    assert_eq!(one("<testcase name='n' file=' '/>").file, None);
}

#[test]
fn the_only_suite_gives_the_elapsed_time() {
    let case = "<testcase name='a' time='1'/>";
    assert_eq!(
        elapsed(&format!(
            "<testsuites time='5'><testsuite time='3'>{case}</testsuite></testsuites>"
        )),
        5_000_000
    );
    assert_eq!(
        elapsed(&format!(
            "<testsuites><testsuite time='3'>{case}</testsuite></testsuites>"
        )),
        3_000_000
    );
    assert_eq!(
        elapsed("<testsuites><x/><testsuites><testsuite duration='8'/></testsuites></testsuites>"),
        8_000_000
    );
    assert_eq!(
        elapsed("<testsuites duration='7' time=' '><testsuite/><testsuite/></testsuites>"),
        7_000_000
    );
    assert_eq!(
        elapsed("<testsuite time='0'><testcase name='a' time='1'/></testsuite>"),
        0
    );
}

#[test]
fn otherwise_the_tests_are_summed_up() {
    let case = "<testcase name='a' time='1.5'/>";
    for xml in [
        format!("<testsuites><testsuite time='3'/><testsuite time='4'>{case}</testsuite></testsuites>"),
        format!("<testsuites><testsuite time='3'>{case}</testsuite><testsuites time='4'/></testsuites>"),
        format!("<testsuites><testcase/><testsuite time='3'>{case}</testsuite></testsuites>"),
        format!("<testsuites><testsuite time='3'>{case}</testsuite><testcase/></testsuites>"),
        format!("<testsuites time='x'><testsuite time='3'>{case}</testsuite></testsuites>"),
        format!("<testsuites time=''><testsuite time='3'>{case}</testsuite></testsuites>"),
        format!("<testsuites><testsuite><testsuite>{case}</testsuite></testsuite></testsuites>"),
        case.to_owned(),
    ] {
        assert_eq!(elapsed(&xml), 1_500_000, "{xml}");
    }
}
