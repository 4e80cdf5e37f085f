-- Automation results: sources, runs, threads, tests.

CREATE TABLE statuses (
    id          BIGINT  NOT NULL PRIMARY KEY,
    name        TEXT    NOT NULL,
    system_name TEXT    NOT NULL,
    color       TEXT    NOT NULL,
    is_final    BOOLEAN NOT NULL,
    is_untested BOOLEAN NOT NULL,
    is_passed   BOOLEAN NOT NULL,
    is_failed   BOOLEAN NOT NULL,
    aliases     TEXT    NOT NULL
) WITHOUT ROWID;

CREATE TABLE configs (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id BIGINT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    name       TEXT   NOT NULL
);
CREATE UNIQUE INDEX configs_name ON configs (project_id, name);

CREATE TABLE milestones (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id      BIGINT  NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    name            TEXT    NOT NULL,
    is_completed    BOOLEAN NOT NULL,
    automation_tags TEXT    NOT NULL
);
CREATE INDEX milestones_name ON milestones (project_id, name);

-- test_total, elapsed_total: sums over completed runs, for the averages. elapsed in microseconds.
CREATE TABLE automation_sources (
    id                  INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id          BIGINT  NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    name                TEXT    NOT NULL,
    status              BIGINT  NOT NULL,
    is_retired          BOOLEAN NOT NULL,
    run_count           BIGINT  NOT NULL,
    completed_run_count BIGINT  NOT NULL,
    test_total          BIGINT  NOT NULL,
    elapsed_total       BIGINT  NOT NULL,
    ran_at              BIGINT,
    created_at          BIGINT  NOT NULL,
    created_by          BIGINT,
    updated_at          BIGINT,
    updated_by          BIGINT,
    retired_at          BIGINT,
    retired_by          BIGINT
);
CREATE UNIQUE INDEX automation_sources_name ON automation_sources (project_id, name);

-- counts: results by status id as a JSON array. is_incomplete: closed because nothing came any more.
CREATE TABLE automation_runs (
    id                  INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id          BIGINT  NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    source_id           BIGINT  NOT NULL REFERENCES automation_sources (id),
    name                TEXT    NOT NULL,
    status              BIGINT  NOT NULL,
    config_id           BIGINT,
    milestone_id        BIGINT,
    elapsed             BIGINT,
    is_completed        BOOLEAN NOT NULL,
    is_incomplete       BOOLEAN NOT NULL,
    tags                TEXT    NOT NULL,
    artifacts           TEXT    NOT NULL,
    fields              TEXT    NOT NULL,
    links               TEXT    NOT NULL,
    counts              TEXT    NOT NULL,
    thread_count        BIGINT  NOT NULL,
    thread_active_count BIGINT  NOT NULL,
    appended_at         BIGINT  NOT NULL,
    created_at          BIGINT  NOT NULL,
    created_by          BIGINT,
    updated_at          BIGINT,
    updated_by          BIGINT,
    completed_at        BIGINT,
    completed_by        BIGINT
);
CREATE INDEX automation_runs_project ON automation_runs (project_id, created_at, id);
CREATE INDEX automation_runs_source ON automation_runs (source_id, created_at, id);
CREATE INDEX automation_runs_open ON automation_runs (appended_at) WHERE NOT is_completed;

CREATE TABLE automation_run_tags (
    run_id BIGINT NOT NULL REFERENCES automation_runs (id) ON DELETE CASCADE,
    tag    TEXT   NOT NULL,
    PRIMARY KEY (run_id, tag)
) WITHOUT ROWID;
CREATE INDEX automation_run_tags_tag ON automation_run_tags (tag, run_id);

CREATE TABLE automation_threads (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id           BIGINT  NOT NULL REFERENCES automation_runs (id) ON DELETE CASCADE,
    position         BIGINT  NOT NULL,
    status           BIGINT  NOT NULL,
    is_completed     BOOLEAN NOT NULL,
    elapsed_observed BIGINT,
    elapsed_computed BIGINT,
    artifacts        TEXT    NOT NULL,
    fields           TEXT    NOT NULL,
    counts           TEXT    NOT NULL,
    created_at       BIGINT  NOT NULL,
    created_by       BIGINT,
    completed_at     BIGINT,
    completed_by     BIGINT
);
CREATE UNIQUE INDEX automation_threads_run ON automation_threads (run_id, position);

-- A test of a source across its runs: what does not change from run to run stands here once.
CREATE TABLE automation_cases (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    source_id  BIGINT NOT NULL REFERENCES automation_sources (id) ON DELETE CASCADE,
    key        TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    folder     TEXT   NOT NULL,
    file       TEXT,
    line       BIGINT,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX automation_cases_key ON automation_cases (source_id, key);

-- One result. name, folder, file, line: NULL where they are those of the case.
CREATE TABLE automation_tests (
    id         INTEGER PRIMARY KEY,
    run_id     BIGINT NOT NULL,
    thread_id  BIGINT NOT NULL,
    case_id    BIGINT NOT NULL,
    status_id  BIGINT NOT NULL,
    outcome    BIGINT NOT NULL,
    elapsed    BIGINT,
    assertions BIGINT,
    name       TEXT,
    folder     TEXT,
    file       TEXT,
    line       BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX automation_tests_run ON automation_tests (run_id, id);
CREATE INDEX automation_tests_case ON automation_tests (case_id, id);
CREATE INDEX automation_tests_not_passed ON automation_tests (run_id, outcome, id) WHERE outcome <> 2;

-- Only for tests that have any.
CREATE TABLE automation_test_details (
    test_id   BIGINT NOT NULL PRIMARY KEY,
    fields    TEXT   NOT NULL,
    artifacts TEXT   NOT NULL
) WITHOUT ROWID;

-- Ids of tests are given in blocks. (PostgreSQL uses a sequence for this.)
CREATE TABLE sequences (
    name TEXT   NOT NULL PRIMARY KEY,
    next BIGINT NOT NULL
) WITHOUT ROWID;
INSERT INTO sequences (name, next) VALUES ('automation_tests', 1);
