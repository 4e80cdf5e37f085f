-- Steps that many cases share. Cases hold their text, so that versions and runs keep it; case_shared_steps says which cases.
CREATE TABLE shared_steps (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id BIGINT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    name       TEXT   NOT NULL,
    name_key   TEXT   NOT NULL,
    steps      TEXT   NOT NULL,
    version    BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    created_by BIGINT REFERENCES users (id),
    updated_at BIGINT,
    updated_by BIGINT REFERENCES users (id)
);
CREATE UNIQUE INDEX shared_steps_name ON shared_steps (project_id, name_key);

CREATE TABLE case_shared_steps (
    case_id         BIGINT NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    shared_steps_id BIGINT NOT NULL REFERENCES shared_steps (id) ON DELETE CASCADE,
    PRIMARY KEY (case_id, shared_steps_id)
);
CREATE INDEX case_shared_steps_of ON case_shared_steps (shared_steps_id);
