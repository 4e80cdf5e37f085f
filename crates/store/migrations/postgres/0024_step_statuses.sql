-- steps: the statuses of single steps, as a JSON list of step, from 1, and status_id; NULL for none.
ALTER TABLE run_results ADD COLUMN steps TEXT;
