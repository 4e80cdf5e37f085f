-- Ids of automated tests are given in blocks: AUTOINCREMENT writes its own table once for every row.
-- (PostgreSQL has a sequence for this from the beginning.)

INSERT INTO sequences (name, next)
SELECT 'automation_cases', COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'automation_cases'), 0) + 1;

CREATE TABLE automation_cases_new (
    id         INTEGER PRIMARY KEY,
    source_id  BIGINT NOT NULL REFERENCES automation_sources (id) ON DELETE CASCADE,
    key        TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    folder     TEXT   NOT NULL,
    file       TEXT,
    line       BIGINT,
    created_at BIGINT NOT NULL
);
INSERT INTO automation_cases_new SELECT id, source_id, key, name, folder, file, line, created_at FROM automation_cases;
-- Dropping a table deletes its rows first, and with them what refers to them.
CREATE TABLE kept_links AS SELECT case_id, automation_case_id FROM case_automation_links;
DROP TABLE automation_cases;
ALTER TABLE automation_cases_new RENAME TO automation_cases;
CREATE UNIQUE INDEX automation_cases_key ON automation_cases (source_id, key);
INSERT INTO case_automation_links (case_id, automation_case_id) SELECT case_id, automation_case_id FROM kept_links;
DROP TABLE kept_links;
