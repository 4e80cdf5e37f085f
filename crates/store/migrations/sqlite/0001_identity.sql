-- Who may do what: settings, roles, users, groups, projects and access to them, devices, keys, audit.
-- Times are epoch microseconds. JSON is TEXT. The same tables, columns and indexes as in postgres/.

CREATE TABLE settings (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE leases (
    name   TEXT   NOT NULL PRIMARY KEY,
    holder TEXT   NOT NULL,
    until  BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE roles (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    name        TEXT    NOT NULL,
    permissions BIGINT  NOT NULL,
    is_default  BOOLEAN NOT NULL,
    is_factory  BOOLEAN NOT NULL,
    created_at  BIGINT  NOT NULL,
    created_by  BIGINT,
    updated_at  BIGINT,
    updated_by  BIGINT
);
CREATE UNIQUE INDEX roles_name ON roles (name);

-- kind: 'person' or 'api' (an API user: no password, no sign-in, never a seat).
-- email_key: the address in lower case, NULL for API users.
CREATE TABLE users (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    kind          TEXT    NOT NULL,
    name          TEXT    NOT NULL,
    email         TEXT    NOT NULL,
    email_key     TEXT,
    password_hash TEXT,
    role_id       BIGINT  NOT NULL REFERENCES roles (id),
    is_admin      BOOLEAN NOT NULL,
    is_active     BOOLEAN NOT NULL,
    is_forgotten  BOOLEAN NOT NULL,
    timezone      TEXT,
    date_format   TEXT,
    time_format   TEXT,
    notifications BIGINT  NOT NULL,
    failed_logins BIGINT  NOT NULL,
    failed_at     BIGINT,
    created_at    BIGINT  NOT NULL,
    created_by    BIGINT,
    updated_at    BIGINT,
    updated_by    BIGINT
);
CREATE UNIQUE INDEX users_email_key ON users (email_key);

CREATE TABLE groups (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    created_by BIGINT,
    updated_at BIGINT,
    updated_by BIGINT
);
CREATE UNIQUE INDEX groups_name ON groups (name);

CREATE TABLE group_members (
    group_id BIGINT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    user_id  BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (group_id, user_id)
) WITHOUT ROWID;
CREATE INDEX group_members_user ON group_members (user_id);

-- default_access: 'none', 'global' (everybody has their own role) or 'role' (everybody has default_role_id).
-- The counters belong to the rows of other tables and change in the same transaction.
CREATE TABLE projects (
    id                              INTEGER PRIMARY KEY AUTOINCREMENT,
    name                            TEXT    NOT NULL,
    note                            TEXT,
    default_access                  TEXT    NOT NULL,
    default_role_id                 BIGINT REFERENCES roles (id),
    is_demo                         BOOLEAN NOT NULL,
    is_completed                    BOOLEAN NOT NULL,
    incomplete_after                BIGINT  NOT NULL,
    automation_source_count         BIGINT  NOT NULL,
    automation_source_retired_count BIGINT  NOT NULL,
    automation_run_count            BIGINT  NOT NULL,
    automation_run_active_count     BIGINT  NOT NULL,
    created_at                      BIGINT  NOT NULL,
    created_by                      BIGINT,
    updated_at                      BIGINT,
    updated_by                      BIGINT,
    completed_at                    BIGINT
);
CREATE INDEX projects_created ON projects (created_at, id);

-- A row overrides the project's default for one user; role_id NULL takes the access away.
CREATE TABLE project_users (
    project_id BIGINT  NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    user_id    BIGINT  NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role_id    BIGINT REFERENCES roles (id),
    is_admin   BOOLEAN NOT NULL,
    PRIMARY KEY (project_id, user_id)
) WITHOUT ROWID;
CREATE INDEX project_users_user ON project_users (user_id);

-- The same for the members of a group; a row for the user wins.
CREATE TABLE project_groups (
    project_id BIGINT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    group_id   BIGINT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    role_id    BIGINT REFERENCES roles (id),
    PRIMARY KEY (project_id, group_id)
) WITHOUT ROWID;
CREATE INDEX project_groups_group ON project_groups (group_id);

-- Signed-in devices. digest: HMAC of the cookie's value. confirmed_at: when the password was last given.
CREATE TABLE sessions (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id      BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    digest       BLOB   NOT NULL,
    created_at   BIGINT NOT NULL,
    seen_at      BIGINT NOT NULL,
    idle_until   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    confirmed_at BIGINT NOT NULL,
    ip           TEXT,
    agent        TEXT
);
CREATE UNIQUE INDEX sessions_digest ON sessions (digest);
CREATE INDEX sessions_user ON sessions (user_id);

-- Browsers that signed in before: the soft-lock of an account does not apply to them.
CREATE TABLE devices (
    digest  BLOB   NOT NULL PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    seen_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX devices_user ON devices (user_id);

-- digest: HMAC-SHA-256 of the whole key under the pepper of pepper_version. addresses: JSON list of networks or NULL.
-- is_limited: only the projects in api_key_projects.
CREATE TABLE api_keys (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id         BIGINT  NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name            TEXT    NOT NULL,
    digest          BLOB    NOT NULL,
    pepper_version  TEXT    NOT NULL,
    last4           TEXT    NOT NULL,
    scope           TEXT    NOT NULL,
    is_limited      BOOLEAN NOT NULL,
    addresses       TEXT,
    created_at      BIGINT  NOT NULL,
    created_by      BIGINT,
    expires_at      BIGINT,
    revoked_at      BIGINT,
    revoked_by      BIGINT,
    revoke_reason   TEXT,
    last_used_at    BIGINT,
    last_used_ip    TEXT,
    last_used_agent TEXT,
    previous_id     BIGINT
);
CREATE UNIQUE INDEX api_keys_digest ON api_keys (digest);
CREATE UNIQUE INDEX api_keys_active_name ON api_keys (user_id, name) WHERE revoked_at IS NULL;

CREATE TABLE api_key_projects (
    key_id     BIGINT NOT NULL REFERENCES api_keys (id) ON DELETE CASCADE,
    project_id BIGINT NOT NULL,
    PRIMARY KEY (key_id, project_id)
) WITHOUT ROWID;

-- One row for each change, written in the transaction that makes the change. Never updated, never deleted.
CREATE TABLE audit (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    at          BIGINT NOT NULL,
    actor_id    BIGINT,
    actor_name  TEXT   NOT NULL,
    via         TEXT   NOT NULL,
    via_id      BIGINT,
    ip          TEXT,
    request_id  TEXT,
    action      TEXT   NOT NULL,
    project_id  BIGINT,
    target_kind TEXT   NOT NULL,
    target_id   BIGINT,
    target_name TEXT,
    detail      TEXT
);
CREATE INDEX audit_target ON audit (target_kind, target_id, id);
CREATE INDEX audit_actor ON audit (actor_id, id);

-- The chain over the audit rows: seq without gaps, mac over the previous mac and the row.
CREATE TABLE audit_seals (
    seq      BIGINT NOT NULL PRIMARY KEY,
    audit_id BIGINT NOT NULL,
    mac      BLOB   NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX audit_seals_audit ON audit_seals (audit_id);

CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit rows never change'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit rows never go'); END;
CREATE TRIGGER audit_seals_no_update BEFORE UPDATE ON audit_seals BEGIN SELECT RAISE(ABORT, 'seals never change'); END;
CREATE TRIGGER audit_seals_no_delete BEFORE DELETE ON audit_seals BEGIN SELECT RAISE(ABORT, 'seals never go'); END;

-- Answers already given, by caller and Idempotency-Key, written in the transaction of the work itself.
-- done: rows of a long body that are in already; status NULL while it is not complete.
CREATE TABLE idempotency (
    user_id    BIGINT NOT NULL,
    key        TEXT   NOT NULL,
    route      TEXT   NOT NULL,
    body_hash  BLOB   NOT NULL,
    done       BIGINT NOT NULL,
    status     BIGINT,
    body       TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, key)
) WITHOUT ROWID;
CREATE INDEX idempotency_created ON idempotency (created_at);
