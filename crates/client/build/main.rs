//! Makes the calls and types of the client from the description of the API, so that neither can lag behind it.

mod operations;
mod types;

use serde_json::Value;
use std::error::Error;
use std::path::Path;
use std::{env, fs};

/// The description; a test of the API proves that it is fresh.
const DOCUMENT: &str = "../../docs/openapi.json";

#[expect(clippy::print_stdout, reason = "that is how a build script talks to Cargo")]
fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={DOCUMENT}");
    println!("cargo::rerun-if-changed=build");
    let document: Value = serde_json::from_str(&fs::read_to_string(DOCUMENT)?)?;
    let out = env::var_os("OUT_DIR").ok_or("Cargo names no OUT_DIR")?;
    let out = Path::new(&out);
    fs::write(out.join("types.rs"), types::all(&document))?;
    fs::write(out.join("operations.rs"), operations::all(&document))?;
    Ok(())
}

/// `getCasesPage` as `get_cases_page`.
fn snake(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out.trim_start_matches('_').to_owned()
}

/// `created_after` and `getCasesPage` as `CreatedAfter` and `GetCasesPage`.
fn pascal(name: &str) -> String {
    name.split('_')
        .map(|word| {
            let mut chars = word.chars();
            let first = chars.next().map(|c| c.to_ascii_uppercase());
            first.into_iter().chain(chars).collect::<String>()
        })
        .collect()
}

/// A name as a field, which may be a word of the language.
fn field(name: &str) -> String {
    match name {
        "type" | "ref" | "move" => format!("r#{name}"),
        other => other.replace("[]", ""),
    }
}

/// Words as a comment: brackets would be links.
fn words(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
        .replace('[', "\\[")
        .replace(']', "\\]")
        .replace('<', "\\<")
}
