-- The words of a case as a vector, so that no search takes texts apart: those of its name (once more with = before them,
-- for searches in names), those of its text, and the project as /ID, so that the index finds the cases of one project alone.
ALTER TABLE case_words ADD COLUMN words TSVECTOR;
UPDATE case_words w SET words = array_to_tsvector(ARRAY(
    SELECT '/' || c.project_id
    UNION SELECT '=' || left(t, 100) FROM regexp_split_to_table(w.name, '[^[:alnum:]]+') t WHERE t <> ''
    UNION SELECT left(t, 100) FROM regexp_split_to_table(w.name || ' ' || w.body, '[^[:alnum:]]+') t WHERE t <> ''))
    FROM cases c WHERE c.id = w.case_id;
ALTER TABLE case_words ALTER COLUMN words SET NOT NULL;
DROP INDEX case_words_words;
ALTER TABLE case_words DROP COLUMN name, DROP COLUMN body;
CREATE INDEX case_words_words ON case_words USING gin (words);
