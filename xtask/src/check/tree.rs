//! What must not be in the tree: paths of somebody's machine, unescaped HTML, very long files.

use std::fs;
use std::path::Path;

use anyhow::bail;

use crate::context::{Context, output};

/// Text that a checkout has no reason to hold. In two halves, so that this file holds none of it.
const MACHINE: &[(&str, &str)] = &[("/wor", "k/"), ("/roo", "t/"), ("/hom", "e/"), ("share", "d/")];

/// Folders with files of others, which stay as they are.
const AS_THEY_ARE: &[&str] = &["testdata/"];

/// Lines of code after which a file should be divided.
const LONGEST: usize = 500;

/// Looks at every file that git knows or would take.
pub(super) fn check(context: &Context) -> anyhow::Result<()> {
    // A checkout that belongs to somebody else, as in a container, is one too.
    let mut git = context.program("git");
    git.args(["-c", "safe.directory=*", "ls-files"]);
    let listed = output(git.args(["--cached", "--others", "--exclude-standard"]))?;
    let mut wrong = Vec::new();
    for file in listed.lines() {
        if AS_THEY_ARE.iter().any(|folder| file.starts_with(folder)) {
            continue;
        }
        // A file that was removed, a picture or a font.
        let Ok(text) = fs::read_to_string(context.root.join(file)) else {
            continue;
        };
        wrong.extend(problems(file, &text));
    }
    if !wrong.is_empty() {
        bail!("{}", wrong.join("\n       "));
    }
    Ok(())
}

fn problems(file: &str, text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for (first, second) in MACHINE {
            let found = line.match_indices(&format!("{first}{second}")).any(|(at, _)| {
                // A part of a longer path is none of a machine.
                !line[..at].ends_with(|before: char| before.is_alphanumeric() || "-_.}\"".contains(before))
            });
            if found {
                wrong.push(format!("{file}:{}: names {first}{second}", number + 1));
            }
        }
    }
    let rust = Path::new(file).extension().is_some_and(|end| end == "rs");
    if rust && text.contains(concat!("PreEsc", "aped(")) {
        wrong.push(format!("{file}: puts text into a page without escaping it"));
    }
    if rust && text.lines().count() > LONGEST {
        wrong.push(format!("{file}: more than {LONGEST} lines; divide it"));
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_should_not_be_there() {
        let home = format!("see {}{}me/x", "/hom", "e/");
        assert_eq!(problems("docs/a.md", &home).len(), 1);
        assert_eq!(problems("docs/a.md", "https://example.com/a/b").len(), 0);
        let raw = concat!("PreEsc", "aped(x)");
        assert_eq!(problems("crates/web/src/page.rs", raw).len(), 1);
        assert_eq!(problems("a.rs", &"\n".repeat(LONGEST + 1)).len(), 1);
    }
}
