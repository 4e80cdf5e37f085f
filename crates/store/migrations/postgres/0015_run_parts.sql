-- Runs that several jobs share: found by a key of their source, filled by named parts.
CREATE TABLE automation_run_keys (
    source_id BIGINT NOT NULL REFERENCES automation_sources (id) ON DELETE CASCADE,
    run_key   TEXT   NOT NULL,
    run_id    BIGINT NOT NULL REFERENCES automation_runs (id) ON DELETE CASCADE,
    PRIMARY KEY (source_id, run_key)
);
CREATE INDEX automation_run_keys_run ON automation_run_keys (run_id);

-- One attempt of a part: the thread that brought its results. superseded_at: a later attempt took its place.
CREATE TABLE automation_parts (
    thread_id     BIGINT  NOT NULL PRIMARY KEY REFERENCES automation_threads (id) ON DELETE CASCADE,
    run_id        BIGINT  NOT NULL REFERENCES automation_runs (id) ON DELETE CASCADE,
    part          TEXT    NOT NULL,
    attempt       BIGINT  NOT NULL,
    is_completed  BOOLEAN NOT NULL,
    superseded_at BIGINT
);
CREATE UNIQUE INDEX automation_parts_attempt ON automation_parts (run_id, part, attempt);

-- Results of superseded attempts, as they stood in automation_tests. Their details stay where they are.
CREATE TABLE automation_superseded_tests (
    id         BIGINT NOT NULL PRIMARY KEY,
    run_id     BIGINT NOT NULL,
    thread_id  BIGINT NOT NULL REFERENCES automation_threads (id) ON DELETE CASCADE,
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
CREATE INDEX automation_superseded_tests_thread ON automation_superseded_tests (thread_id, id);
