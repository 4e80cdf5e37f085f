-- Test cases with their versions, tags, issues, comments and links to automated tests.

-- case_number: the highest number of a case so far; numbers are not used again.
ALTER TABLE projects ADD COLUMN case_count BIGINT NOT NULL DEFAULT 0;
ALTER TABLE projects ADD COLUMN case_number BIGINT NOT NULL DEFAULT 0;
ALTER TABLE folders ADD COLUMN case_count BIGINT NOT NULL DEFAULT 0;

-- number: counted in the project. folder_id: NULL at the root. status_id: 1 incomplete, 2 complete. custom: values of custom
-- fields by system name, as a JSON object. estimate, forecast: microseconds. version: of the text, from 1.
CREATE TABLE cases (
    id                    INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id            BIGINT  NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    number                BIGINT  NOT NULL,
    folder_id             BIGINT REFERENCES folders (id) ON DELETE CASCADE,
    template_id           BIGINT  NOT NULL,
    state_id              BIGINT  NOT NULL,
    status_id             BIGINT  NOT NULL,
    status_at             BIGINT,
    name                  TEXT    NOT NULL,
    name_key              TEXT    NOT NULL,
    display_order         BIGINT  NOT NULL,
    estimate              BIGINT,
    forecast              BIGINT,
    has_automation        BOOLEAN NOT NULL,
    has_automation_status BOOLEAN NOT NULL,
    custom                TEXT    NOT NULL,
    version               BIGINT  NOT NULL,
    created_at            BIGINT  NOT NULL,
    created_by            BIGINT,
    updated_at            BIGINT,
    updated_by            BIGINT
);
CREATE UNIQUE INDEX cases_number ON cases (project_id, number);
CREATE INDEX cases_created ON cases (project_id, created_at, id);
CREATE INDEX cases_name ON cases (project_id, name_key, id);
CREATE INDEX cases_folder ON cases (folder_id, display_order, id);
CREATE INDEX cases_root ON cases (project_id, display_order, id) WHERE folder_id IS NULL;

-- Every text that a case had. content: all that can be restored; changes: what differs from the version before, as JSON.
-- Versions outlive their case where a run was tested with them, so case_id refers to no row.
CREATE TABLE case_versions (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id    BIGINT NOT NULL,
    version    BIGINT NOT NULL,
    content    TEXT   NOT NULL,
    changes    TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    created_by BIGINT
);
CREATE UNIQUE INDEX case_versions_case ON case_versions (case_id, version);

CREATE TABLE case_tags (
    case_id BIGINT NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    tag_id  BIGINT NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
    PRIMARY KEY (case_id, tag_id)
) WITHOUT ROWID;
CREATE INDEX case_tags_tag ON case_tags (tag_id, case_id);

CREATE TABLE case_issues (
    case_id  BIGINT NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    issue_id BIGINT NOT NULL REFERENCES issues (id) ON DELETE CASCADE,
    PRIMARY KEY (case_id, issue_id)
) WITHOUT ROWID;
CREATE INDEX case_issues_issue ON case_issues (issue_id, case_id);

CREATE TABLE case_automation_links (
    case_id            BIGINT NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    automation_case_id BIGINT NOT NULL REFERENCES automation_cases (id) ON DELETE CASCADE,
    PRIMARY KEY (case_id, automation_case_id)
) WITHOUT ROWID;
CREATE INDEX case_automation_links_test ON case_automation_links (automation_case_id, case_id);

CREATE TABLE case_comments (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id    BIGINT NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    text       TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    created_by BIGINT,
    updated_at BIGINT,
    updated_by BIGINT
);
CREATE INDEX case_comments_case ON case_comments (case_id, id);

-- What people search for: words of name and text, and any three letters of the name. Both hold ids only.
CREATE VIRTUAL TABLE case_words USING fts5(
    name, body, content = '', contentless_delete = 1, prefix = '2 3 4', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE case_trigrams USING fts5(
    name, content = '', contentless_delete = 1, tokenize = 'trigram'
);

-- Ids of cases are given in blocks.
INSERT INTO sqlite_sequence (name, seq) VALUES ('cases', 0);
