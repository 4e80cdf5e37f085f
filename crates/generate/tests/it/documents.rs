//! Schemas, web pages, Word and PDF.

use generate::schema::{Additional, Limit};
use generate::{Document, Format};
use lopdf::content::{Content, Operation};
use lopdf::{Object, Stream, dictionary};

use crate::archive;

fn criteria(document: &Document) -> Vec<&str> {
    document
        .criteria()
        .map(|criterion| criterion.text.as_str())
        .collect()
}

#[test]
fn a_json_schema_has_a_criterion_for_each_property() {
    let text = r##"{"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"https://example.com/p","title":"Person",
        "type":"object","required":["name"],"additionalProperties":false,"properties":{
        "name":{"type":"string","minLength":1,"maxLength":50,"pattern":"^[A-Z]"},
        "age":{"type":["integer","null"],"minimum":0,"exclusiveMaximum":150},
        "home":{"$ref":"#place"},"friends":{"type":"array","items":{"$ref":"https://example.com/p#"},"maxItems":9}},
        "$defs":{"p":{"$anchor":"place","type":"string","enum":["N","S"]}}}"##;
    let document = generate::read("a.json", text.as_bytes()).unwrap();
    assert_eq!(document.format, Format::JsonSchema);
    assert_eq!(
        criteria(&document),
        [
            "name: required, string, minLength 1, maxLength 50, pattern ^[A-Z]",
            "age: optional, integer or null, minimum 0, maximum 150 (exclusive)",
            "home: optional, string, enum \"N\" | \"S\"",
            "friends: optional, array, maxItems 9",
            "no other properties",
        ]
    );
    let schemas = document.schemas.as_ref().unwrap();
    let root = document.root_schema.unwrap();
    let schema = schemas.get(root).unwrap();
    assert_eq!(schema.additional, Additional::None);
    let property = |name: &str| {
        schemas
            .get(schema.properties.iter().find(|it| it.0 == name).unwrap().1)
            .unwrap()
    };
    assert_eq!(
        property("age").maximum,
        Some(Limit {
            value: 150.0,
            exclusive: true
        })
    );
    assert_eq!(property("friends").items, Some(root));
    assert!(document.notes.is_empty(), "{:?}", document.notes);
}

#[test]
fn draft_four_and_booleans_are_read() {
    let text = r##"{"$schema":"http://json-schema.org/draft-04/schema#","properties":{"a":{"minimum":1,"exclusiveMinimum":true},
        "b":{"$ref":"#/definitions/x","minLength":9}},"definitions":{"x":{"type":"string","patternProperties":{}}}}"##;
    let document = generate::read("a.json", text.as_bytes()).unwrap();
    assert_eq!(
        criteria(&document),
        ["a: optional, minimum 1 (exclusive)", "b: optional, string"]
    );
    assert!(document.notes[0].message.contains("patternProperties"));
    let error = generate::read("a.json", b"{\"a\": 1}").unwrap_err();
    assert!(
        error
            .message
            .contains("neither an OpenAPI description nor a JSON Schema")
    );
}

#[test]
fn a_web_page_is_read_without_its_scripts() {
    let text = "<!DOCTYPE html><html><head><title>x</title><style>p { must: not }</style></head><body><nav>You must log in</nav>\
                <h2>Requirement: Search</h2><p>The page <b>must</b> show\n results within 2&nbsp;seconds.</p>\
                <script>alert('it must not be read')</script><h3>Acceptance criteria</h3><ol><li>An empty search shows all<ul><li>sorted by name</li></ul></li>\
                <li>A wrong search shows nothing</li></ol><table><tr><th>Parameter</th><th>Values</th></tr><tr><td>Size</td><td>S, M</td></tr></table></body></html>";
    let document = generate::read("page", text.as_bytes()).unwrap();
    assert_eq!(document.format, Format::Html);
    assert_eq!(
        criteria(&document),
        [
            "The page must show results within 2 seconds.",
            "An empty search shows all",
            "A wrong search shows nothing"
        ]
    );
    assert_eq!(
        document.requirements[0].criteria[1].items[0].text,
        "sorted by name"
    );
    assert_eq!(document.requirements[0].criteria[2].label.as_deref(), Some("2"));
    assert_eq!(document.tables.len(), 1);
    let span = document.requirements[0].criteria[0].span;
    assert!(document.text[span.range()].starts_with("The page must"));
    let deep = format!("<html>{}must", "<div><b>".repeat(20_000));
    generate::read("deep", deep.as_bytes()).unwrap();
    let open = "<html><table><tr><td>Parameter<td>Values<tr><td>Size<td>S, M</table><ul><li>It must be<li>It must stay";
    let document = generate::read("open", open.as_bytes()).unwrap();
    assert_eq!(
        (document.tables.len(), criteria(&document)),
        (1, vec!["It must be", "It must stay"])
    );
}

#[test]
fn a_word_document_is_read() {
    let word = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";
    let p = |properties: &str, runs: &str| format!("<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>");
    let r = |text: &str| format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>");
    let point = "<w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"1\"/></w:numPr>";
    let body = [
        p("<w:pStyle w:val=\"berschrift1\"/>", &r("Anforderung: Export")),
        p("", &format!("{}{}", r("Als Nutzer möchte ich die Liste &amp; "), r("das Bild speichern."))),
        p("<w:pStyle w:val=\"berschrift2\"/>", &r("Akzeptanzkriterien")),
        p(point, &r("Die Datei darf höchstens 10 MB groß sein.")),
        p(point, &format!("{}<w:del><w:r><w:delText>alt</w:delText></w:r></w:del>", r("Der Name muss ein Datum haben."))),
        format!(
            "<w:tbl><w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr><w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr></w:tbl>",
            p("", &r("Feld")), p("", &r("Werte")), p("", &r("Art")), p("", &r("PNG; SVG"))
        ),
    ]
    .concat();
    let file = archive(&[
        (
            "word/document.xml",
            &format!("<w:document {word}><w:body>{body}</w:body></w:document>"),
        ),
        (
            "word/styles.xml",
            &format!(
                "<w:styles {word}><w:style w:styleId=\"berschrift1\"><w:name w:val=\"heading 1\"/></w:style>\
                 <w:style w:styleId=\"berschrift2\"><w:name w:val=\"heading 2\"/></w:style></w:styles>"
            ),
        ),
    ]);
    let document = generate::read("a.docx", &file).unwrap();
    assert_eq!(
        (document.format, document.language.as_deref()),
        (Format::Docx, Some("de"))
    );
    assert_eq!(document.requirements[0].title, "Export");
    assert_eq!(
        document.requirements[0].story.as_ref().unwrap().want.text,
        "die Liste & das Bild speichern"
    );
    assert_eq!(
        criteria(&document),
        [
            "Die Datei darf höchstens 10 MB groß sein.",
            "Der Name muss ein Datum haben."
        ]
    );
    assert_eq!(document.tables.len(), 1);
}

#[test]
fn archives_that_unpack_without_end_or_hold_something_else_are_refused() {
    let bomb = archive(&[("word/document.xml", "x"), ("a", &" ".repeat(140 * 1024 * 1024))]);
    assert!(bomb.len() < 1024 * 1024);
    assert!(
        generate::read("a.docx", &bomb)
            .unwrap_err()
            .message
            .contains("too many bytes")
    );
    let other = archive(&[("readme.txt", "hello")]);
    assert!(
        generate::read("a.docx", &other)
            .unwrap_err()
            .message
            .contains("neither a Word document")
    );
    assert!(generate::read("a.docx", b"PK\x03\x04broken").is_err());
}

/// A PDF with a line of text for each string.
fn pdf(lines: &[&str]) -> Vec<u8> {
    let mut document = lopdf::Document::with_version("1.5");
    let pages = document.new_object_id();
    let font = document
        .add_object(dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica" });
    let resources = document.add_object(dictionary! { "Font" => dictionary! { "F1" => font } });
    let mut operations = vec![
        Operation::new("BT", vec![]),
        Operation::new("Tf", vec!["F1".into(), 12.into()]),
        Operation::new("Td", vec![50.into(), 700.into()]),
    ];
    for line in lines {
        operations.push(Operation::new("Tj", vec![Object::string_literal(*line)]));
        operations.push(Operation::new("Td", vec![0.into(), (-14).into()]));
    }
    operations.push(Operation::new("ET", vec![]));
    let content = document.add_object(Stream::new(
        dictionary! {},
        Content { operations }.encode().unwrap(),
    ));
    let page = document.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages, "Contents" => content, "Resources" => resources,
        "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
    });
    let tree = dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 };
    document.objects.insert(pages, Object::Dictionary(tree));
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", catalog);
    document.compress();
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

#[test]
fn the_text_of_a_pdf_is_read() {
    let bytes = pdf(&[
        "REQ-1: The pump must stop at 80 bar.",
        "REQ-2: The lamp must",
        "be red.",
    ]);
    let document = generate::read("a.pdf", &bytes).unwrap();
    assert_eq!(document.format, Format::Pdf);
    assert_eq!(
        criteria(&document),
        ["The pump must stop at 80 bar.", "The lamp must be red."]
    );
    assert_eq!(document.requirements[1].id, "REQ-2");
    assert!(
        generate::read("a.pdf", &pdf(&[]))
            .unwrap_err()
            .message
            .contains("no text")
    );
    assert!(generate::read("a.pdf", b"%PDF-1.5 nonsense").is_err());
}

#[test]
fn what_is_no_text_is_refused_with_its_place() {
    let error = generate::read("a.txt", b"line one\nab\xff").unwrap_err();
    assert_eq!((error.line, error.column), (2, 3));
    let large = vec![b'a'; generate::MAX_BYTES + 1];
    assert!(
        generate::read("a.txt", &large)
            .unwrap_err()
            .message
            .contains("larger")
    );
}
