-- Uploaded files. The bytes are content-addressed and lie in the blob storage; a row says what they are to people.

-- sha256: of the bytes, 64 lower-case hexadecimal digits, the name of the blob. size: bytes. touched_at: when somebody last said
-- that a row will soon name it. is_deleting: its bytes are being deleted, and it may not be named any more.
CREATE TABLE blobs (
    sha256      TEXT    NOT NULL PRIMARY KEY CHECK (LENGTH(sha256) = 64),
    size        BIGINT  NOT NULL CHECK (size >= 0),
    touched_at  BIGINT  NOT NULL,
    is_deleting BOOLEAN NOT NULL
) WITHOUT ROWID;

-- owner, owner_id: what the file belongs to; the columns after them say it once more, so that it goes away with that. A test of an
-- automation run goes away with its run. media_type: as the client said it.
CREATE TABLE attachments (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id        BIGINT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    owner             TEXT   NOT NULL CHECK (owner IN ('case', 'result', 'automation_run', 'automation_test')),
    owner_id          BIGINT NOT NULL,
    case_id           BIGINT REFERENCES cases (id) ON DELETE CASCADE,
    result_id         BIGINT REFERENCES run_results (id) ON DELETE CASCADE,
    automation_run_id BIGINT REFERENCES automation_runs (id) ON DELETE CASCADE,
    sha256            TEXT   NOT NULL REFERENCES blobs (sha256),
    name              TEXT   NOT NULL,
    note              TEXT,
    media_type        TEXT   NOT NULL,
    size              BIGINT NOT NULL CHECK (size >= 0),
    created_at        BIGINT NOT NULL,
    created_by        BIGINT,
    CHECK ((owner = 'case') = (case_id IS NOT NULL)),
    CHECK ((owner = 'result') = (result_id IS NOT NULL)),
    CHECK ((owner IN ('automation_run', 'automation_test')) = (automation_run_id IS NOT NULL))
);
CREATE INDEX attachments_owner ON attachments (owner, owner_id, id);
CREATE INDEX attachments_project ON attachments (project_id);
CREATE INDEX attachments_case ON attachments (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX attachments_result ON attachments (result_id) WHERE result_id IS NOT NULL;
CREATE INDEX attachments_run ON attachments (automation_run_id) WHERE automation_run_id IS NOT NULL;
-- Which blobs are still named, for the sweeper.
CREATE INDEX attachments_blob ON attachments (sha256);
