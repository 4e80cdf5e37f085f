-- Data sets: values with which one case is run several times. parameters: names as a JSON list; data: rows, each a JSON list of
-- values; both NULL for a case without a data set.
ALTER TABLE cases ADD COLUMN parameters TEXT;
ALTER TABLE cases ADD COLUMN data TEXT;

-- data_row: which row of the data set of that version is tested, from 1; NULL for a case without one.
ALTER TABLE run_tests ADD COLUMN data_row BIGINT;
ALTER TABLE run_results ADD COLUMN data_row BIGINT;

-- SQLite's json_each, as far as our statements use it: key, from 0, and value of each item of a list; nothing for NULL.
DROP FUNCTION json_each(TEXT);
CREATE FUNCTION json_each(list TEXT) RETURNS TABLE (key BIGINT, value JSONB) LANGUAGE sql IMMUTABLE
    AS 'SELECT place - 1, item FROM jsonb_array_elements(CAST(list AS JSONB)) WITH ORDINALITY AS items (item, place)';
CREATE FUNCTION json_array_length(list TEXT) RETURNS BIGINT LANGUAGE sql IMMUTABLE
    AS 'SELECT CAST(jsonb_array_length(CAST(list AS JSONB)) AS BIGINT)';
