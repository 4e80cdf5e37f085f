//! Embeds the built assets and makes the enum of icons. Reads files only; `cargo xtask assets` builds them.
#![expect(
    clippy::disallowed_methods,
    reason = "cargo talks to build scripts by environment variables"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let assets = PathBuf::from(variable("CARGO_MANIFEST_DIR")).join("../../assets");
    let out = PathBuf::from(variable("OUT_DIR"));
    println!("cargo::rerun-if-env-changed=ATTEST_ASSETS");
    println!("cargo::rerun-if-changed={}", assets.join("icons.txt").display());

    fs::write(
        out.join("icons.rs"),
        icons(&fs::read_to_string(assets.join("icons.txt"))?),
    )?;
    let files = if variable("ATTEST_ASSETS") == "stub" {
        Vec::new()
    } else {
        manifest(&assets.join("dist"))
    };
    fs::write(out.join("assets.rs"), table(&assets.join("dist"), &files))
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_default()
}

/// Short names and file names of `manifest.json`, a flat object of strings that need no escapes.
fn manifest(dist: &Path) -> Vec<(String, String)> {
    let path = dist.join("manifest.json");
    println!("cargo::rerun-if-changed={}", path.display());
    let text = fs::read_to_string(&path).unwrap_or_else(|_| {
        panic!("the assets are not built: run `cargo xtask assets` (or set ATTEST_ASSETS=stub to build without them)")
    });
    let strings: Vec<&str> = text.split('"').skip(1).step_by(2).collect();
    strings
        .chunks_exact(2)
        .map(|pair| (pair[0].to_owned(), pair[1].to_owned()))
        .collect()
}

/// A path as a string literal.
fn literal(path: &Path) -> String {
    format!("{:?}", path.to_string_lossy())
}

/// The table of embedded files, and one constant for the address of each.
fn table(dist: &Path, files: &[(String, String)]) -> String {
    let mut code = String::from("static FILES: &[File] = &[\n");
    for (_, file) in files {
        let small = dist.join(format!("{file}.br"));
        let is_brotli = small.is_file();
        let path = if is_brotli { small } else { dist.join(file) };
        let _ = writeln!(
            code,
            "    File {{ name: {file:?}, bytes: include_bytes!({}), is_brotli: {is_brotli} }},",
            literal(&path)
        );
    }
    code.push_str("];\n");
    for (constant, short) in [
        ("APP_JS", "app.js"),
        ("STYLE_CSS", "style.css"),
        ("ICONS_SVG", "icons.svg"),
        ("DOCS_JS", "docs.js"),
        ("DOCS_CSS", "docs-style.css"),
        ("DOCS_LICENCE", "docs-licence.txt"),
        ("FONT", "inter-latin-wght-normal.woff2"),
    ] {
        let file = files.iter().find(|(name, _)| name == short).map(|(_, file)| file);
        let address = format!("/assets/{}", file.map_or(short, String::as_str));
        let _ = writeln!(
            code,
            "/// Address of `{short}`.\npub const {constant}: &str = {address:?};"
        );
    }
    code
}

/// One variant for each line of `icons.txt`: `circle-check` becomes `CircleCheck`.
fn icons(list: &str) -> String {
    let names: Vec<&str> = list
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    let mut code = String::from(
        "/// The icons of `assets/icons.txt`.\n#[derive(Debug, Clone, Copy, PartialEq, Eq)]\npub enum Icon {\n",
    );
    for name in &names {
        let _ = writeln!(code, "    /// `{name}`\n    {},", variant(name));
    }
    code.push_str("}\n\nimpl Icon {\n    /// Every icon.\n    pub const ALL: &[Icon] = &[");
    for name in &names {
        let _ = write!(code, "Icon::{}, ", variant(name));
    }
    code.push_str("];\n\n    /// Its name in the sprite.\n    pub fn name(self) -> &'static str {\n        match self {\n");
    for name in &names {
        let _ = writeln!(code, "            Icon::{} => {name:?},", variant(name));
    }
    code.push_str("        }\n    }\n}\n");
    code
}

fn variant(name: &str) -> String {
    name.split('-')
        .map(|word| {
            let mut letters = word.chars();
            letters
                .next()
                .map(|first| first.to_ascii_uppercase().to_string() + letters.as_str())
                .unwrap_or_default()
        })
        .collect()
}
