//! State machines in Mermaid, `PlantUML` and `GraphML`.

use generate::Format;
use generate::machine::{Machine, StateKind};

fn machine(name: &str, text: &str) -> (Format, Machine) {
    let document = generate::read(name, text.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"));
    let [machine] = document.machines.as_slice() else {
        panic!("{:#?}", document.machines)
    };
    for transition in &machine.transitions {
        assert!(document.text[transition.span.range()].len() > 3);
    }
    (document.format, machine.clone())
}

/// From, to, event, guard, action.
type Parts<'a> = (&'a str, &'a str, &'a str, Option<&'a str>, Option<&'a str>);

fn transitions(machine: &Machine) -> Vec<Parts<'_>> {
    machine
        .transitions
        .iter()
        .map(|it| {
            (
                it.from.as_str(),
                it.to.as_str(),
                it.event.as_str(),
                it.guard.as_deref(),
                it.action.as_deref(),
            )
        })
        .collect()
}

#[test]
fn mermaid_is_read() {
    let (format, machine) = machine(
        "a.mmd",
        "%% orders\nstateDiagram-v2\n    direction LR\n    [*] --> New\n    New --> Paid : pay [amount = total] / send receipt\n    \
         state \"Waiting for stock\" as Wait\n    Paid --> Wait: stock missing\n    state check <<choice>>\n    Wait --> check\n    \
         state Sending {\n        [*] --> Packed\n        Packed --> [*] : hand over\n    }\n    check --> Sending : in stock\n    \
         note right of New\n      any --> text : here\n    end note\n    Sending --> [*]\n    classDef bad fill:#f00\n    New:::bad --> Gone:::bad : cancel\n",
    );
    assert_eq!(format, Format::Mermaid);
    assert_eq!(
        transitions(&machine),
        [
            ("[start]", "New", "", None, None),
            ("New", "Paid", "pay", Some("amount = total"), Some("send receipt")),
            ("Paid", "Wait", "stock missing", None, None),
            ("Wait", "check", "", None, None),
            ("[start] Sending", "Packed", "", None, None),
            ("Packed", "[end] Sending", "hand over", None, None),
            ("check", "Sending", "in stock", None, None),
            ("Sending", "[end]", "", None, None),
            ("New", "Gone", "cancel", None, None),
        ]
    );
    assert_eq!(machine.state("Wait").unwrap().name, "Waiting for stock");
    assert_eq!(machine.state("check").unwrap().kind, StateKind::Choice);
    assert_eq!(
        machine.state("Packed").unwrap().parent.as_deref(),
        Some("Sending")
    );
}

#[test]
fn plantuml_is_read() {
    let (format, machine) = machine(
        "a.puml",
        "@startuml\ntitle Door\nskinparam state {\n  BackgroundColor red\n}\n' a comment -> b\nhide empty description\n[*] -> Closed\n\
         Closed -right-> Open : open\nOpen -[#blue,dashed]-> Closed : close / ring\nOpen -up-> Broken: force [strength > 5]\n\
         Closed <-- Locked : unlock\nstate \"Locked for good\" as Locked #pink\nLocked : with a key\nBroken --> [*]\n@enduml\n",
    );
    assert_eq!((format, machine.title.as_str()), (Format::PlantUml, "Door"));
    assert_eq!(
        transitions(&machine),
        [
            ("[start]", "Closed", "", None, None),
            ("Closed", "Open", "open", None, None),
            ("Open", "Closed", "close", None, Some("ring")),
            ("Open", "Broken", "force", Some("strength > 5"), None),
            ("Locked", "Closed", "unlock", None, None),
            ("Broken", "[end]", "", None, None),
        ]
    );
    assert_eq!(machine.state("Locked").unwrap().name, "Locked for good");
}

#[test]
fn graphml_is_read() {
    let text = "<?xml version=\"1.0\"?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n<key id=\"d0\" for=\"node\" attr.name=\"label\"/>\n\
                <key id=\"d1\" for=\"edge\" yfiles.type=\"edgegraphics\"/>\n<graph id=\"G\" edgedefault=\"directed\">\n<node id=\"a\"><data key=\"d0\">Draft</data></node>\n\
                <node id=\"b\"><data key=\"d0\">Sent &amp; read</data></node>\n<edge source=\"a\" target=\"b\"><data key=\"d1\"><y:PolyLineEdge xmlns:y=\"y\">\
                <y:EdgeLabel>send [complete] / mail</y:EdgeLabel></y:PolyLineEdge></data></edge>\n</graph>\n</graphml>\n";
    let (format, machine) = machine("a.graphml", text);
    assert_eq!(format, Format::GraphMl);
    assert_eq!(
        transitions(&machine),
        [("a", "b", "send", Some("complete"), Some("mail"))]
    );
    assert_eq!(machine.state("b").unwrap().name, "Sent & read");
    assert_eq!(machine.state("a").unwrap().kind, StateKind::Initial);
}

#[test]
fn broken_graphs_are_refused_with_their_place() {
    for (text, line, message) in [
        (
            "<graphml>\n<graph><node id=\"a\"/>\n<edge source=\"a\" target=\"x\"/></graph></graphml>",
            3,
            "'x', which does not exist",
        ),
        (
            "<graphml>\n<graph><node/></graph></graphml>",
            2,
            "a node without 'id'",
        ),
        (
            "<graphml>\n<graph><node id=\"a\"></graph></graphml>",
            2,
            "not readable as GraphML",
        ),
        (
            "<graphml>\n<graph><node id=\"a\"/>\n",
            3,
            "before all elements are closed",
        ),
        ("<graphml>\n<graph></graph></graphml>", 1, "no nodes"),
    ] {
        let error = generate::read("a.graphml", text.as_bytes()).expect_err(text);
        assert!(error.message.contains(message), "{error}");
        assert_eq!(error.line, line, "{error}");
    }
    let entities =
        "<!DOCTYPE graphml [<!ENTITY a \"aaaa\">]>\n<graphml><graph><node id=\"&a;\"/></graph></graphml>";
    assert!(generate::read("a.graphml", entities.as_bytes()).is_err());
    assert!(generate::read("a", b"stateDiagram-v2\n").is_err());
}

#[test]
fn a_diagram_inside_of_markdown_is_read_and_a_transition_is_a_criterion() {
    let text = "# Orders\n\nThe shop must follow the diagram.\n\n```mermaid\nstateDiagram-v2\n  [*] --> New\n  New --> Paid : pay\n```\n";
    let document = generate::read("a.md", text.as_bytes()).unwrap();
    assert_eq!(document.machines.len(), 1);
    let criteria: Vec<_> = document
        .criteria()
        .map(|criterion| criterion.text.as_str())
        .collect();
    assert_eq!(
        criteria,
        [
            "The shop must follow the diagram.",
            "start \u{2192} New",
            "New \u{2192} Paid: pay"
        ]
    );
    let span = document.machines[0].transitions[1].span;
    assert_eq!((span.line, &text[span.range()]), (8, "New --> Paid : pay"));
}
