//! `attest.toml`: what a repository says of its runs.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use serde::Deserialize;

use crate::automation::failure::Failure;

/// The file's name.
pub(super) const NAME: &str = "attest.toml";

/// The table `[submit]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    /// Address of the instance.
    pub(super) instance: Option<String>,
    /// Name or id of the project.
    pub(super) project: Option<String>,
    /// Source of the runs.
    pub(super) source: Option<String>,
    /// Name of the runs.
    pub(super) name: Option<String>,
    /// Result files and patterns, from the folder of the file.
    #[serde(default)]
    pub(super) results: Vec<String>,
    /// Tags of the runs.
    #[serde(default)]
    pub(super) tags: Vec<String>,
    /// Address of a second instance that gets the same results.
    pub(super) also: Option<String>,
    /// Name or id of the project at the second instance, if it is another there.
    pub(super) also_project: Option<String>,
    /// What happens when the instance cannot be reached.
    pub(super) on_unreachable: Option<OnUnreachable>,
    /// Which failures give an exit code.
    pub(super) fail_on: Option<FailOn>,
}

/// What happens when the instance cannot be reached, fails or is too busy, after all repetitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum OnUnreachable {
    /// Keep the results for submit --flush, and go on as if they had been sent.
    #[default]
    Warn,
    /// Fail with exit code 1.
    Fail,
}

/// Which failed tests give exit code 3, when there is no program or it ended with 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum FailOn {
    /// Any failed test.
    Any,
    /// None.
    #[default]
    Never,
}

#[derive(Debug, Default, Deserialize)]
struct File {
    #[serde(default)]
    submit: Settings,
}

/// Reads the nearest file, in `folder` or above it up to the root of the repository; without a repository only in
/// `folder`, since elsewhere somebody else may have put one. Its result files come with its folder before them.
pub(super) fn read(folder: &Path) -> Result<Settings, Failure> {
    let above = folder.ancestors().position(|place| place.join(".git").exists());
    for place in folder.ancestors().take(above.unwrap_or(0) + 1) {
        let path = place.join(NAME);
        match fs::read_to_string(&path) {
            Ok(text) => return parse(&path, place, &text),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(Failure::new(format!("Cannot read {}: {error}", path.display()))),
        }
    }
    Ok(Settings::default())
}

fn parse(path: &Path, place: &Path, text: &str) -> Result<Settings, Failure> {
    let file: File = toml::from_str(text)
        .map_err(|error| Failure::new(format!("{}: {}", path.display(), error.to_string().trim_end())))?;
    let mut settings = file.submit;
    for value in &mut settings.results {
        let whole: PathBuf = place.join(&*value);
        *value = whole.to_string_lossy().into_owned();
    }
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_file_of_the_repository_counts() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("repository/a/b");
        fs::create_dir_all(&deep).unwrap();
        fs::create_dir(folder.path().join("repository/.git")).unwrap();
        fs::write(folder.path().join(NAME), "[submit]\nsource = \"outside\"\n").unwrap();
        assert!(read(&deep).unwrap().source.is_none(), "outside of the repository");
        let elsewhere = folder.path().join("elsewhere");
        fs::create_dir(&elsewhere).unwrap();
        assert!(
            read(&elsewhere).unwrap().source.is_none(),
            "above a folder that is in none"
        );
        let text = "[submit]\nsource = \"web\"\nresults = [\"out/*.xml\"]\n";
        fs::write(folder.path().join("repository").join(NAME), text).unwrap();
        let settings = read(&deep).unwrap();
        assert_eq!(settings.source.as_deref(), Some("web"));
        let results = folder.path().join("repository/out/*.xml");
        assert_eq!(settings.results, [results.to_str().unwrap()]);
    }

    #[test]
    fn unknown_keys_are_told_with_their_line() {
        let error = parse(Path::new(NAME), Path::new(""), "[submit]\nsorce = \"web\"\n").unwrap_err();
        let told = error.to_string();
        assert!(
            told.contains("line 2") && told.contains("unknown field `sorce`"),
            "{told}"
        );
    }
}
