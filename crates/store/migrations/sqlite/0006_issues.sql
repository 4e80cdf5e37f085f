-- Trackers and their issues, which cases, runs, results, sessions and milestones refer to.

-- type: 1 custom, 2 GitHub, 3 GitLab, 4 Jira. url: where the tracker is.
CREATE TABLE integrations (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    type       BIGINT  NOT NULL,
    name       TEXT    NOT NULL,
    url        TEXT,
    is_active  BOOLEAN NOT NULL,
    created_at BIGINT  NOT NULL,
    updated_at BIGINT
);
CREATE UNIQUE INDEX integrations_name ON integrations (name);

-- An account or server of an integration; custom integrations have none.
CREATE TABLE connections (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    integration_id BIGINT NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
    name           TEXT   NOT NULL
);
CREATE UNIQUE INDEX connections_name ON connections (integration_id, name);

-- A project of the tracker; external_key: as the tracker writes it, such as WEB.
CREATE TABLE connection_projects (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    connection_id BIGINT NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
    name          TEXT   NOT NULL,
    external_key  TEXT
);
CREATE UNIQUE INDEX connection_projects_name ON connection_projects (connection_id, name);

-- An issue as a project knows it, by the number that its tracker shows.
CREATE TABLE issues (
    id                    INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id            BIGINT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    integration_id        BIGINT NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
    connection_project_id BIGINT REFERENCES connection_projects (id) ON DELETE CASCADE,
    display_id            TEXT   NOT NULL,
    created_at            BIGINT NOT NULL
);
CREATE UNIQUE INDEX issues_display_id
    ON issues (project_id, integration_id, COALESCE(connection_project_id, 0), display_id);
CREATE INDEX issues_integration ON issues (integration_id);
CREATE INDEX issues_connection_project ON issues (connection_project_id);

CREATE TABLE milestone_issues (
    milestone_id BIGINT NOT NULL REFERENCES milestones (id) ON DELETE CASCADE,
    issue_id     BIGINT NOT NULL REFERENCES issues (id) ON DELETE CASCADE,
    PRIMARY KEY (milestone_id, issue_id)
) WITHOUT ROWID;
CREATE INDEX milestone_issues_issue ON milestone_issues (issue_id);
