-- Exploratory sessions: testing without cases, with a mission and a limited time. (The table `sessions` is about signing in.)

ALTER TABLE projects ADD COLUMN session_count BIGINT NOT NULL DEFAULT 0;
ALTER TABLE projects ADD COLUMN session_active_count BIGINT NOT NULL DEFAULT 0;

-- estimate, elapsed: microseconds. custom: values of custom fields by system name, as a JSON object. counts: results by status
-- id as a JSON array. version: from 1, one more with every change.
CREATE TABLE exploratory_sessions (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id   BIGINT  NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    template_id  BIGINT  NOT NULL,
    state_id     BIGINT  NOT NULL,
    name         TEXT    NOT NULL,
    config_id    BIGINT,
    milestone_id BIGINT,
    assignee_id  BIGINT,
    estimate     BIGINT,
    elapsed      BIGINT,
    is_started   BOOLEAN NOT NULL,
    is_closed    BOOLEAN NOT NULL,
    custom       TEXT    NOT NULL,
    counts       TEXT    NOT NULL,
    version      BIGINT  NOT NULL,
    started_at   BIGINT,
    created_at   BIGINT  NOT NULL,
    created_by   BIGINT,
    updated_at   BIGINT,
    updated_by   BIGINT,
    closed_at    BIGINT,
    closed_by    BIGINT
);
CREATE INDEX exploratory_sessions_created ON exploratory_sessions (project_id, created_at, id);
CREATE INDEX exploratory_sessions_closed ON exploratory_sessions (project_id, closed_at, id);
CREATE INDEX exploratory_sessions_milestone ON exploratory_sessions (milestone_id);

CREATE TABLE exploratory_session_tags (
    session_id BIGINT NOT NULL REFERENCES exploratory_sessions (id) ON DELETE CASCADE,
    tag_id     BIGINT NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
    PRIMARY KEY (session_id, tag_id)
) WITHOUT ROWID;
CREATE INDEX exploratory_session_tags_tag ON exploratory_session_tags (tag_id, session_id);

CREATE TABLE exploratory_session_issues (
    session_id BIGINT NOT NULL REFERENCES exploratory_sessions (id) ON DELETE CASCADE,
    issue_id   BIGINT NOT NULL REFERENCES issues (id) ON DELETE CASCADE,
    PRIMARY KEY (session_id, issue_id)
) WITHOUT ROWID;
CREATE INDEX exploratory_session_issues_issue ON exploratory_session_issues (issue_id, session_id);

-- What testers find during a session. elapsed: microseconds of it that this took.
CREATE TABLE exploratory_results (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id BIGINT NOT NULL REFERENCES exploratory_sessions (id) ON DELETE CASCADE,
    status_id  BIGINT NOT NULL,
    note       TEXT,
    elapsed    BIGINT,
    created_at BIGINT NOT NULL,
    created_by BIGINT
);
CREATE INDEX exploratory_results_session ON exploratory_results (session_id, id);

INSERT INTO fields (id, entity, type, name, system_name, note, is_active, is_compact, include_all, is_required,
    is_restricted, default_value, display_order) VALUES
    (21, 'session', 2, 'Mission', 'mission', 'What to find out in this session', TRUE, FALSE, TRUE, FALSE, FALSE, NULL, 1),
    (22, 'session', 1, 'Areas', 'areas', 'Parts of the product to look at', TRUE, FALSE, TRUE, FALSE, FALSE, NULL, 2);

INSERT INTO templates (id, entity, name, is_default, include_all) VALUES (21, 'session', 'Session', TRUE, TRUE);

INSERT INTO template_fields (template_id, field_id, display_order) VALUES (21, 21, 1), (21, 22, 2);
