//! Tables: decisions and parameters, from CSV, Markdown and Excel.

use generate::table::{DecisionTable, ParameterTable, Table};
use generate::{Document, Format};

use crate::archive;

fn read(name: &str, text: &str) -> Document {
    generate::read(name, text.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn decision(document: &Document) -> &DecisionTable {
    match document.tables.as_slice() {
        [Table::Decision(table)] => table,
        other => panic!("{other:#?}"),
    }
}

fn parameters(document: &Document) -> Vec<(&str, Vec<&str>)> {
    let [Table::Parameters(ParameterTable { parameters, .. })] = document.tables.as_slice() else {
        panic!("{:#?}", document.tables)
    };
    let texts = |parameter: &'_ generate::table::TableParameter| parameter.values.len();
    assert!(parameters.iter().all(|parameter| texts(parameter) > 0));
    parameters
        .iter()
        .map(|it| {
            (
                it.name.text.as_str(),
                it.values.iter().map(|value| value.text.as_str()).collect(),
            )
        })
        .collect()
}

/// Conditions and actions of each rule; `-` for none.
fn rules(table: &DecisionTable) -> Vec<(String, Vec<String>, Vec<String>)> {
    let texts = |cells: &[Option<generate::Phrase>]| -> Vec<String> {
        cells
            .iter()
            .map(|cell| cell.as_ref().map_or("-".to_owned(), |cell| cell.text.clone()))
            .collect()
    };
    table
        .rules
        .iter()
        .map(|rule| (rule.name.clone(), texts(&rule.conditions), texts(&rule.actions)))
        .collect()
}

#[test]
fn rules_may_stand_in_rows() {
    let document = read(
        "a.csv",
        "Rule,Member,Order over 100,Discount,Action\nR1,yes,yes,10 %,free delivery\nR2,yes,no,,-\nR3,no,*,5 %,\n",
    );
    let table = decision(&document);
    // Without marks, the first column that is named as an action begins the actions.
    assert_eq!(table.conditions.len(), 3);
    assert_eq!(table.actions[0].text, "Action");
    assert_eq!(
        rules(table)[2],
        (
            "R3".into(),
            vec!["no".into(), "-".into(), "5 %".into()],
            vec!["-".into()]
        )
    );
    assert_eq!(document.requirements[0].criteria.len(), 3);
    assert_eq!(
        document.requirements[0].criteria[1].text,
        "Member = yes, Order over 100 = no \u{2192} "
    );
    let span = table.rules[0].span;
    assert_eq!(
        (span.line, &document.text[span.range()]),
        (2, "R1,yes,yes,10 %,free delivery")
    );
}

#[test]
fn marks_tell_conditions_from_actions() {
    let document = read(
        "a.md",
        "# Refund\n\n| C1: Paid | C2: Sent | A1: Refund | A2: Mail |\n|---|---|---|---|\n| Y | N | X | X |\n| Y | Y | - | X |\n",
    );
    let table = decision(&document);
    assert_eq!(
        (table.title.as_str(), table.conditions.len(), table.actions.len()),
        ("Refund", 2, 2)
    );
    assert_eq!(
        rules(table)[1],
        (
            "2".into(),
            vec!["Y".into(), "Y".into()],
            vec!["-".into(), "X".into()]
        )
    );
}

#[test]
fn rules_may_stand_in_columns() {
    let document = read(
        "a.csv",
        "Conditions;R1;R2;R3\nPaid;Y;Y;N\nSent;Y;N;-\nActions;;;\nRefund;;X;\nRemind;;;X\n",
    );
    let table = decision(&document);
    let found = rules(table);
    assert_eq!(
        table
            .conditions
            .iter()
            .map(|it| it.text.as_str())
            .collect::<Vec<_>>(),
        ["Paid", "Sent"]
    );
    assert_eq!(
        found[1],
        (
            "R2".into(),
            vec!["Y".into(), "N".into()],
            vec!["X".into(), "-".into()]
        )
    );
    assert_eq!(
        found[2],
        (
            "R3".into(),
            vec!["N".into(), "-".into()],
            vec!["-".into(), "X".into()]
        )
    );
}

#[test]
fn columns_of_other_languages_are_known() {
    let document = read("a.csv", "Bedingung A;Bedingung B;Ergebnis\nja;nein;Ablehnung\n");
    assert_eq!(decision(&document).conditions.len(), 2);
    let document = read("b.csv", "Champ;Valeurs\nPays;France, Suisse\n");
    assert_eq!(parameters(&document), [("Pays", vec!["France", "Suisse"])]);
}

#[test]
fn parameters_are_lists_or_columns() {
    let listed = read(
        "a.md",
        "| Parameter | Values |\n|---|---|\n| OS | Windows, Linux |\n| Browser | Firefox |\n| | Chrome |\n",
    );
    let expected = [
        ("OS", vec!["Windows", "Linux"]),
        ("Browser", vec!["Firefox", "Chrome"]),
    ];
    assert_eq!(parameters(&listed), expected);
    let columns = read("a.csv", "OS,Browser\nWindows,Firefox\nLinux,Chrome\nWindows,\n");
    assert_eq!(parameters(&columns), expected);
    let unnamed = read("noname", "OS\tBrowser\nWindows\tFirefox\nLinux\tChrome\n");
    assert_eq!((unnamed.format, parameters(&unnamed).len()), (Format::Csv, 2));
}

#[test]
fn a_workbook_is_read_by_sheets() {
    let sheet = |rows: &str| {
        format!(
            "<?xml version=\"1.0\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">\
             <sheetData>{rows}</sheetData></worksheet>"
        )
    };
    let cell =
        |place: &str, text: &str| format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let row = |number: u32, cells: &[(&str, &str)]| {
        let cells: String = cells.iter().map(|(place, text)| cell(place, text)).collect();
        format!("<row r=\"{number}\">{cells}</row>")
    };
    let first = sheet(&format!(
        "{}{}",
        row(2, &[("B2", "ID"), ("C2", "Requirement")]),
        row(3, &[("B3", "X-1"), ("C3", "The pump must stop at 80 bar.")])
    ));
    // A cell at the far corner must not make room for everything before it.
    let second = sheet(&format!(
        "{}{}",
        row(1, &[("A1", "OS"), ("B1", "Expected")]),
        row(1_048_576, &[("A1048576", "Linux"), ("B1048576", "ok")])
    ));
    let relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let book = archive(&[
        (
            "[Content_Types].xml",
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>",
        ),
        (
            "_rels/.rels",
            &format!(
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
                 <Relationship Id=\"rId1\" Type=\"{relation}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            &format!(
                "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"{relation}\"><sheets>\
                 <sheet name=\"Pump\" sheetId=\"1\" r:id=\"rId1\"/><sheet name=\"Systems\" sheetId=\"2\" r:id=\"rId2\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            &format!(
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
                 <Relationship Id=\"rId1\" Type=\"{relation}/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
                 <Relationship Id=\"rId2\" Type=\"{relation}/worksheet\" Target=\"worksheets/sheet2.xml\"/></Relationships>"
            ),
        ),
        ("xl/worksheets/sheet1.xml", &first),
        ("xl/worksheets/sheet2.xml", &second),
    ]);
    let document = generate::read("a.xlsx", &book).unwrap();
    assert_eq!(document.format, Format::Xlsx);
    let ids: Vec<_> = document
        .requirements
        .iter()
        .map(|it| (it.id.as_str(), it.title.as_str()))
        .collect();
    assert_eq!(ids[0], ("X-1", "The pump must stop at 80 bar."));
    let table = decision(&document);
    assert_eq!((table.title.as_str(), rules(table).len()), ("Systems", 1));
}
