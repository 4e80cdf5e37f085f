-- The version of the text that a result is about: a run can take over a newer one.

ALTER TABLE run_results ADD COLUMN case_version BIGINT NOT NULL DEFAULT 1;
UPDATE run_results SET case_version = (SELECT t.case_version FROM run_tests t WHERE t.id = run_results.test_id);
