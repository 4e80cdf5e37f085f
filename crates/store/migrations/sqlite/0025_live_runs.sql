-- Live runs. live: what cases are chosen by, as JSON; NULL for a run that does not take in more. case_changes: counts changes of
-- the cases and folders of a project; live_seen: how far a live run has seen them.
ALTER TABLE projects ADD COLUMN case_changes BIGINT NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN live TEXT;
ALTER TABLE runs ADD COLUMN live_seen BIGINT NOT NULL DEFAULT -1;
CREATE INDEX runs_live ON runs (project_id, id) WHERE live IS NOT NULL;
