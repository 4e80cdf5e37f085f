-- Review of cases: states that flow into new runs, that wait for a review, and that only a review gives.
ALTER TABLE states ADD COLUMN in_runs BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE states ADD COLUMN is_review BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE states ADD COLUMN needs_review BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE states SET in_runs = FALSE, is_review = TRUE WHERE id = 2;
UPDATE states SET in_runs = FALSE WHERE id = 5;

-- text_by: who wrote the text as it is; none for who made the case. approved_version: the version that a review approved last.
ALTER TABLE cases ADD COLUMN text_by BIGINT REFERENCES users (id);
ALTER TABLE cases ADD COLUMN approved_version BIGINT;
UPDATE cases SET text_by = updated_by WHERE updated_by IS NOT NULL;
