//! What would go from a project now.

use super::may_go;
use crate::access::Proof;
use crate::{Result, Tx, args, statements};
use model::clock::DAY;
use model::retention::{NEWEST, Removal, Rule};
use model::status::Counts;
use model::{SourceId, Timestamp};

/// About what the row of a test takes with its places in indexes, in bytes; `cargo xtask bench year` measures it.
pub const TEST_BYTES: i64 = 150;

/// What would go from one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gone {
    /// The source.
    pub source: SourceId,
    /// Its name.
    pub name: String,
    /// Runs that lose something.
    pub runs: i64,
    /// Rows of tests.
    pub tests: i64,
    /// Uploaded files.
    pub files: i64,
    /// Bytes of output and files, and about those of tests. A file that several rows share counts for each.
    pub bytes: i64,
}

/// $2 and $3: days of output and tests where the source says nothing, $4: now. Days of 0 are for ever.
macro_rules! is_over {
    ($column:literal, $days:literal) => {
        concat!(
            "(COALESCE(s.",
            $column,
            ", ",
            $days,
            ") > 0 AND r.completed_at < $4 - COALESCE(s.",
            $column,
            ", ",
            $days,
            ") * $5)"
        )
    };
}

statements! {
    GONE = concat!("SELECT s.id, s.name, ", is_over!("keep_tests_days", "$3"), ", r.removal, r.counts, r.output_bytes,
            (SELECT COUNT(*) FROM attachments a WHERE a.automation_run_id = r.id),
            (SELECT CAST(COALESCE(SUM(a.size), 0) AS BIGINT) FROM attachments a WHERE a.automation_run_id = r.id)
        FROM (SELECT x.*, ROW_NUMBER() OVER (PARTITION BY x.source_id ORDER BY x.created_at DESC, x.id DESC) AS place
            FROM automation_runs x WHERE x.project_id = $1) r JOIN automation_sources s ON s.id = r.source_id
        WHERE r.place > $6 AND ", may_go!(), " AND ((r.removal < 2 AND ", is_over!("keep_output_days", "$2"),
        ") OR (r.removal < 4 AND ", is_over!("keep_tests_days", "$3"), ")) ORDER BY s.name, s.id");
}

/// What would go from the project that was checked if `rule` were in force there; sources keep their own.
pub fn preview(tx: &mut Tx<'_>, proof: &Proof, rule: Rule, now: Timestamp) -> Result<Vec<Gone>> {
    let args = args![
        proof.project().0,
        rule.output_days,
        rule.tests_days,
        now.0,
        DAY,
        NEWEST
    ];
    let runs = tx.all(GONE, args, |r| {
        let (loses_tests, removal): (bool, Removal) = (r.get(2)?, Removal::from_number(r.get(3)?));
        let tests = if loses_tests && removal < Removal::TestsDone {
            Counts::from_json(&r.get::<String>(4)?).total()
        } else {
            0
        };
        let (output, files): (i64, i64) = (r.get(5)?, r.get(7)?);
        Ok(Gone {
            source: SourceId(r.get(0)?),
            name: r.get(1)?,
            runs: 1,
            tests,
            files: r.get(6)?,
            bytes: output + files + tests * TEST_BYTES,
        })
    })?;
    let mut sources: Vec<Gone> = Vec::new();
    for run in runs {
        match sources.last_mut().filter(|s| s.source == run.source) {
            Some(source) => {
                source.runs += 1;
                source.tests += run.tests;
                source.files += run.files;
                source.bytes += run.bytes;
            }
            None => sources.push(run),
        }
    }
    Ok(sources)
}
