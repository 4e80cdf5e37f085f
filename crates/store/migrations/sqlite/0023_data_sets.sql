-- Data sets: values with which one case is run several times. parameters: names as a JSON list; data: rows, each a JSON list of
-- values; both NULL for a case without a data set.
ALTER TABLE cases ADD COLUMN parameters TEXT;
ALTER TABLE cases ADD COLUMN data TEXT;

-- data_row: which row of the data set of that version is tested, from 1; NULL for a case without one.
ALTER TABLE run_tests ADD COLUMN data_row BIGINT;
ALTER TABLE run_results ADD COLUMN data_row BIGINT;
