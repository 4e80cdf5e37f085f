-- Manual runs: cases that people test, with a result for each try.

ALTER TABLE projects ADD COLUMN run_count BIGINT NOT NULL DEFAULT 0;
ALTER TABLE projects ADD COLUMN run_active_count BIGINT NOT NULL DEFAULT 0;

-- include_all: made of all cases of the project. links: JSON list. counts: tests by status id as a JSON array.
-- forecast, forecast_completed, elapsed: microseconds. version: from 1, one more with every change.
CREATE TABLE runs (
    id                 INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id         BIGINT  NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    state_id           BIGINT  NOT NULL,
    name               TEXT    NOT NULL,
    note               TEXT,
    config_id          BIGINT,
    milestone_id       BIGINT,
    include_all        BOOLEAN NOT NULL,
    is_started         BOOLEAN NOT NULL,
    is_closed          BOOLEAN NOT NULL,
    links              TEXT    NOT NULL,
    counts             TEXT    NOT NULL,
    forecast           BIGINT,
    forecast_completed BIGINT,
    elapsed            BIGINT,
    version            BIGINT  NOT NULL,
    started_at         BIGINT,
    created_at         BIGINT  NOT NULL,
    created_by         BIGINT,
    updated_at         BIGINT,
    updated_by         BIGINT,
    closed_at          BIGINT,
    closed_by          BIGINT
);
CREATE INDEX runs_created ON runs (project_id, created_at, id);
CREATE INDEX runs_closed ON runs (project_id, closed_at, id);
CREATE INDEX runs_milestone ON runs (milestone_id);

CREATE TABLE run_tags (
    run_id BIGINT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    tag_id BIGINT NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
    PRIMARY KEY (run_id, tag_id)
) WITHOUT ROWID;
CREATE INDEX run_tags_tag ON run_tags (tag_id, run_id);

CREATE TABLE run_issues (
    run_id   BIGINT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    issue_id BIGINT NOT NULL REFERENCES issues (id) ON DELETE CASCADE,
    PRIMARY KEY (run_id, issue_id)
) WITHOUT ROWID;
CREATE INDEX run_issues_issue ON run_issues (issue_id, run_id);

-- A case in a run. case_id, case_version: the text that is tested, in `case_versions`; the case may change or go away.
-- forecast: microseconds that the case should take; elapsed: that it took.
CREATE TABLE run_tests (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id       BIGINT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    case_id      BIGINT NOT NULL,
    case_version BIGINT NOT NULL,
    status_id    BIGINT NOT NULL,
    assignee_id  BIGINT,
    position     BIGINT NOT NULL,
    forecast     BIGINT,
    elapsed      BIGINT
);
CREATE INDEX run_tests_run ON run_tests (run_id, position, id);

CREATE TABLE run_results (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    test_id     BIGINT  NOT NULL REFERENCES run_tests (id) ON DELETE CASCADE,
    run_id      BIGINT  NOT NULL,
    case_id     BIGINT  NOT NULL,
    project_id  BIGINT  NOT NULL,
    status_id   BIGINT  NOT NULL,
    is_latest   BOOLEAN NOT NULL,
    note        TEXT,
    elapsed     BIGINT,
    assignee_id BIGINT,
    custom      TEXT    NOT NULL,
    created_at  BIGINT  NOT NULL,
    created_by  BIGINT,
    updated_at  BIGINT,
    updated_by  BIGINT,
    deleted_at  BIGINT,
    deleted_by  BIGINT
);
CREATE INDEX run_results_run ON run_results (run_id, created_at, id);
CREATE INDEX run_results_test ON run_results (test_id, id);
CREATE INDEX run_results_case ON run_results (case_id, created_at, id);

CREATE TABLE result_issues (
    result_id BIGINT NOT NULL REFERENCES run_results (id) ON DELETE CASCADE,
    issue_id  BIGINT NOT NULL REFERENCES issues (id) ON DELETE CASCADE,
    PRIMARY KEY (result_id, issue_id)
) WITHOUT ROWID;
CREATE INDEX result_issues_issue ON result_issues (issue_id, result_id);
