//! Writes the keyword table of all spoken languages of Gherkin.
//!
//! The table is that of the `gherkin` crate. Its parser is not used (it refuses seven good files of the
//! conformance suite and names other places than the published ones), and it does not export the table;
//! the debug form of its environment holds it. A form that this program does not know ends the build.

use std::{env, error::Error, fmt::Write as _, fs, path::Path};

const LANGUAGES: &str = "af am an ar ast az bg bm bs ca cs cy-GB da de el em en en-Scouse en-au en-lol en-old \
    en-pirate en-tx eo es et fa fi fr ga gj gl he hi hr ht hu id is it ja jv ka kn ko lt lu lv mk-Cyrl \
    mk-Latn mn mr ne nl no pa pl pt ro ru sk sl sr-Cyrl sr-Latn sv ta th te tlh tr tt uk ur uz vi zh-CN zh-TW";

const FIELDS: [&str; 11] = [
    "feature",
    "background",
    "rule",
    "scenario",
    "scenario_outline",
    "examples",
    "given",
    "when",
    "then",
    "and",
    "but",
];

#[expect(
    clippy::disallowed_methods,
    reason = "cargo tells a build script its folder in no other way"
)]
fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let mut table = String::from(
        "#[expect(clippy::unicode_not_nfc, reason = \"a keyword is compared as it is written\")]\npub(super) const DIALECTS: &[Dialect] = &[\n",
    );
    for language in LANGUAGES.split_whitespace() {
        let environment = gherkin::GherkinEnv::new(language)?;
        let debug = format!("{environment:?}");
        writeln!(table, "    Dialect {{ language: {language:?},")?;
        for field in FIELDS {
            let words = list(&debug, field).ok_or_else(|| format!("no list of {field} for {language}"))?;
            writeln!(table, "        {field}: &[{words}],")?;
        }
        table.push_str("    },\n");
    }
    table.push_str("];\n");
    let folder = env::var("OUT_DIR")?;
    fs::write(Path::new(&folder).join("dialects.rs"), table)?;
    Ok(())
}

/// What stands between the brackets of a field: string literals as Rust writes them.
fn list<'a>(debug: &'a str, field: &str) -> Option<&'a str> {
    let start = debug.find(&format!(" {field}: ["))? + field.len() + 4;
    let rest = debug.get(start..)?;
    let mut quoted = false;
    let mut escaped = false;
    for (at, c) in rest.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            ']' if !quoted => return rest.get(..at),
            _ => {}
        }
    }
    None
}
