-- How long results of automation are kept, see `model::retention`.

-- Days; NULL: as the level above says (a source its project, a project the instance), 0: for ever.
ALTER TABLE projects ADD COLUMN keep_output_days BIGINT;
ALTER TABLE projects ADD COLUMN keep_tests_days BIGINT;
ALTER TABLE automation_sources ADD COLUMN keep_output_days BIGINT;
ALTER TABLE automation_sources ADD COLUMN keep_tests_days BIGINT;

-- removal: how much is gone, a number of `model::retention::Removal`; removed_at: since when. output_bytes: what the details of its
-- tests take.
ALTER TABLE automation_runs ADD COLUMN is_pinned BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE automation_runs ADD COLUMN removal BIGINT NOT NULL DEFAULT 0;
ALTER TABLE automation_runs ADD COLUMN removed_at BIGINT;
ALTER TABLE automation_runs ADD COLUMN output_bytes BIGINT NOT NULL DEFAULT 0;
UPDATE automation_runs SET output_bytes = (SELECT COALESCE(SUM(LENGTH(d.fields) + LENGTH(d.artifacts)), 0)
    FROM automation_tests t JOIN automation_test_details d ON d.test_id = t.id WHERE t.run_id = automation_runs.id);
CREATE INDEX automation_runs_removal ON automation_runs (source_id, removal, created_at, id);
CREATE INDEX automation_superseded_tests_run ON automation_superseded_tests (run_id, id);
