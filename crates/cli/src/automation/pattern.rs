//! Patterns of file names, for shells that don't expand them.

use std::path::{Path, PathBuf};

use glob::MatchOptions;

use super::failure::Failure;

/// Most patterns that braces may stand for.
const MOST: usize = 1000;

/// The files that `values` name: several values are names; a single one may be a pattern with `*`, `**`, `?`,
/// `[…]` and `{a,b}`, whose files come sorted. Hidden files only match a pattern that names the dot.
pub(super) fn files(values: &[String]) -> Result<Vec<PathBuf>, Failure> {
    let [only] = values else {
        return Ok(values.iter().map(PathBuf::from).collect());
    };
    if !only.contains(['*', '?', '[', '{']) || Path::new(only).exists() {
        return Ok(vec![PathBuf::from(only)]);
    }
    let options = MatchOptions {
        case_sensitive: true,
        require_literal_separator: true,
        require_literal_leading_dot: true,
    };
    let mut files = Vec::new();
    for pattern in braces(only)? {
        let found = glob::glob_with(&pattern, options)
            .map_err(|error| Failure::new(format!("Cannot use the pattern {only}: {error}")))?;
        // What cannot be looked into has no results for us.
        files.extend(found.flatten().filter(|file| file.is_file()));
    }
    files.sort();
    files.dedup();
    Ok(files)
}

/// The files that any of `values` names: each may be a pattern.
pub(super) fn all(values: &[String]) -> Result<Vec<String>, Failure> {
    let mut names = Vec::new();
    for value in values {
        let found = files(std::slice::from_ref(value))?;
        names.extend(found.into_iter().map(|file| file.to_string_lossy().into_owned()));
    }
    Ok(names)
}

/// The patterns without braces that `pattern` stands for.
fn braces(pattern: &str) -> Result<Vec<String>, Failure> {
    let mut done = Vec::new();
    let mut left = vec![pattern.to_owned()];
    while let Some(next) = left.pop() {
        match innermost(&next) {
            None => done.push(next),
            Some((start, end)) => {
                let inside = &next[start + 1..end];
                let whole = |choice: &str| [&next[..start], choice, &next[end + 1..]].concat();
                left.extend(inside.split(',').map(whole));
            }
        }
        if done.len() + left.len() > MOST {
            return Err(Failure::new(format!("The pattern {pattern} has too many braces")));
        }
    }
    // A choice outside of an inner one comes once for each of that.
    done.sort();
    done.dedup();
    Ok(done)
}

/// The first pair of braces without another inside.
fn innermost(pattern: &str) -> Option<(usize, usize)> {
    let end = pattern
        .match_indices('}')
        .find(|(end, _)| pattern[..*end].contains('{'))?
        .0;
    Some((pattern[..end].rfind('{')?, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_are_choices() {
        let sorted = |pattern| braces(pattern).unwrap();
        assert_eq!(sorted("a.xml"), ["a.xml"]);
        assert_eq!(sorted("{a,b}.xml"), ["a.xml", "b.xml"]);
        assert_eq!(sorted("{a,b{1,2}}/*.{xml,log}").len(), 6);
        assert_eq!(sorted("}{"), ["}{"]);
        assert!(braces(&"{a,b}".repeat(12)).is_err());
    }

    #[test]
    fn a_single_value_is_a_pattern_and_several_are_names() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        std::fs::create_dir(path("in")).unwrap();
        for name in ["b.xml", "a.xml", "in/c.xml", ".hidden.xml", "[x].xml", "d.txt"] {
            std::fs::write(path(name), "").unwrap();
        }
        let found = |pattern: &str| -> Vec<String> {
            let files = files(&[path(pattern)]).unwrap();
            let name = |file: &PathBuf| file.strip_prefix(folder.path()).unwrap().display().to_string();
            files.iter().map(name).collect()
        };
        assert_eq!(found("*.xml"), ["[x].xml", "a.xml", "b.xml"]);
        assert_eq!(found("**/*.xml"), ["[x].xml", "a.xml", "b.xml", "in/c.xml"]);
        assert_eq!(found("{a,in/c}.xml"), ["a.xml", "in/c.xml"]);
        assert_eq!(
            found("[x].xml"),
            ["[x].xml"],
            "a name that is there is no pattern"
        );
        assert_eq!(found("absent.xml"), ["absent.xml"]);
        assert!(found("none*.xml").is_empty());
        let names = ["*.xml".to_owned(), "a".to_owned()];
        assert_eq!(
            files(&names).unwrap(),
            [PathBuf::from("*.xml"), PathBuf::from("a")]
        );
    }
}
