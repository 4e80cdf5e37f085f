-- Exploratory sessions: testing without cases, with a mission and a limited time. (The table `sessions` is about signing in.)
-- Then what the results of automated tests say.

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

-- What the results of each automated test say, kept while they arrive. elapsed_total: microseconds of elapsed_count results.
-- recent: the last 20 results, two bits each, the newest lowest: 1 neutral, 2 success, 3 failure. flaky_count: how often the
-- outcome changed between success and failure among these; flaky_percent: of how often it could have.
CREATE TABLE automation_case_stats (
    case_id       BIGINT NOT NULL PRIMARY KEY REFERENCES automation_cases (id) ON DELETE CASCADE,
    status        BIGINT NOT NULL,
    test_count    BIGINT NOT NULL,
    success_count BIGINT NOT NULL,
    failure_count BIGINT NOT NULL,
    flaky_count   BIGINT NOT NULL,
    flaky_percent BIGINT NOT NULL,
    elapsed_total BIGINT NOT NULL,
    elapsed_count BIGINT NOT NULL,
    recent        BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL
) WITHOUT ROWID;

INSERT INTO automation_case_stats (case_id, status, test_count, success_count, failure_count, flaky_count, flaky_percent,
    elapsed_total, elapsed_count, recent, updated_at)
WITH numbered AS (
    SELECT t.case_id, t.outcome, t.elapsed, t.created_at, ROW_NUMBER() OVER (PARTITION BY t.case_id ORDER BY t.id DESC) AS n
    FROM automation_tests t JOIN automation_cases c ON c.id = t.case_id
), decided AS (
    SELECT case_id, CASE WHEN outcome <> LAG(outcome) OVER (PARTITION BY case_id ORDER BY n) THEN 1 ELSE 0 END AS changed
    FROM numbered WHERE n <= 20 AND outcome IN (2, 3)
), flaky AS (
    SELECT case_id, SUM(changed) AS changes, COUNT(*) AS decided FROM decided GROUP BY case_id
)
SELECT n.case_id, MAX(CASE WHEN n.n = 1 THEN n.outcome END), COUNT(*), COUNT(CASE WHEN n.outcome = 2 THEN 1 END),
    COUNT(CASE WHEN n.outcome = 3 THEN 1 END), COALESCE(MAX(f.changes), 0),
    COALESCE(MAX(CASE WHEN f.decided > 1 THEN (200 * f.changes + f.decided - 1) / (2 * (f.decided - 1)) END), 0),
    COALESCE(SUM(n.elapsed), 0), COUNT(n.elapsed),
    SUM(CASE WHEN n.n <= 20 THEN n.outcome << CAST(2 * (n.n - 1) AS INTEGER) ELSE 0 END), MAX(n.created_at)
FROM numbered n LEFT JOIN flaky f ON f.case_id = n.case_id GROUP BY n.case_id;
