//! The numbers of a submit, for people and programs.

use std::fmt::Write as _;

use junit::Summary;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Failed tests that a summary names.
const MOST_NAMED: usize = 50;

/// The numbers of a submit.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(super) struct Counts {
    pub(super) files: usize,
    pub(super) tests: u64,
    passed: u64,
    skipped: u64,
    pub(super) elapsed: u64,
}

/// A failed test.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Failed {
    folder: String,
    name: String,
}

/// The first failed tests.
#[derive(Debug, Default)]
pub(super) struct FirstFailed(Vec<Failed>);

impl FirstFailed {
    /// Notes a test, given as the JSON that is sent, if it failed.
    pub(super) fn look_at(&mut self, test: &[u8]) {
        #[derive(Deserialize)]
        struct Test {
            status: String,
            #[serde(flatten)]
            failed: Failed,
        }
        if self.0.len() == MOST_NAMED {
            return;
        }
        match serde_json::from_slice::<Test>(test) {
            Ok(test) if matches!(test.status.as_str(), "failure" | "error") => self.0.push(test.failed),
            _ => {}
        }
    }
}

/// A run that was submitted.
pub(super) struct Submitted<'s> {
    pub(super) run: i64,
    pub(super) project: i64,
    pub(super) name: &'s str,
    pub(super) url: &'s str,
    pub(super) is_completed: bool,
}

impl Counts {
    pub(super) fn new(files: usize, summary: &Summary) -> Counts {
        Counts {
            files,
            tests: summary.tests,
            passed: summary.passed,
            skipped: summary.skipped,
            elapsed: summary.elapsed_computed,
        }
    }

    pub(super) fn failed(&self) -> u64 {
        self.tests.saturating_sub(self.passed + self.skipped)
    }

    pub(super) fn table(&self) -> String {
        format!(
            "{:>9} {:>9} {:>9} {:>9}\n{:>9} {:>9} {:>9} {:>9}",
            "tests",
            "passed",
            "failed",
            "skipped",
            self.tests,
            self.passed,
            self.failed(),
            self.skipped
        )
    }

    pub(super) fn json(&self, about: &Submitted<'_>) -> serde_json::Value {
        json!({
            "run_id": about.run, "project_id": about.project, "name": about.name, "url": about.url,
            "is_completed": about.is_completed, "files": self.files, "tests": self.tests, "passed": self.passed,
            "failed": self.failed(), "skipped": self.skipped, "elapsed": self.elapsed,
        })
    }

    /// The job summary, as GitHub shows it. Names are code, so that none of them is markup.
    pub(super) fn markdown(&self, about: &Submitted<'_>, failed: &FirstFailed) -> String {
        let told = match self.failed() {
            0 => "no test failed".to_owned(),
            1 => format!("1 of {} tests failed", self.tests),
            failed => format!("{failed} of {} tests failed", self.tests),
        };
        let mut page = format!("### {}: {told}\n\n", code(about.name));
        let _ = writeln!(page, "| tests | passed | failed | skipped | time |");
        let _ = writeln!(page, "|---:|---:|---:|---:|---:|");
        let (tests, passed, bad, skipped) = (self.tests, self.passed, self.failed(), self.skipped);
        let _ = writeln!(
            page,
            "| {tests} | {passed} | {bad} | {skipped} | {} |",
            self.time()
        );
        let _ = writeln!(page, "\n[Run {}]({})\n", about.run, about.url);
        for failed in &failed.0 {
            let _ = writeln!(page, "- {} in {}", code(&failed.name), code(&failed.folder));
        }
        let named = failed.0.len() as u64;
        if named < bad {
            let _ = writeln!(page, "- and {} more", bad - named);
        }
        page
    }

    fn time(&self) -> String {
        let seconds = self.elapsed / 1_000_000;
        match seconds {
            0 => format!("{} ms", self.elapsed / 1000),
            1..60 => format!("{}.{} s", seconds, self.elapsed / 100_000 % 10),
            60..3600 => format!("{}:{:02} min", seconds / 60, seconds % 60),
            _ => format!("{}:{:02} h", seconds / 3600, seconds / 60 % 60),
        }
    }
}

/// A text as inline code, on one line.
fn code(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("`{}`", line.replace('`', "'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_no_markup() {
        let (mut counts, mut failed) = (Counts::default(), FirstFailed::default());
        (counts.tests, counts.passed, counts.elapsed) = (3, 1, 61_000_000);
        failed.look_at(br#"{"status":"failure","folder":"a`b","name":"<b> |\n x"}"#);
        failed.look_at(br#"{"status":"passed","folder":"f","name":"n"}"#);
        let about = Submitted {
            run: 7,
            project: 1,
            name: "Nightly",
            url: "https://h/7",
            is_completed: true,
        };
        let page = counts.markdown(&about, &failed);
        assert!(page.starts_with("### `Nightly`: 2 of 3 tests failed\n"), "{page}");
        assert!(page.contains("- `<b> | x` in `a'b`\n- and 1 more\n"), "{page}");
        assert!(page.contains("| 3 | 1 | 2 | 0 | 1:01 min |"), "{page}");
    }
}
