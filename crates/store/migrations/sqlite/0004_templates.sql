-- How cases, runs and sessions look: workflow states, custom fields, templates, tags. The rows below are those that every
-- instance starts with; ids up to 100 are kept for such rows.

-- entity: 'repository_case', 'run' or 'session'.
CREATE TABLE states (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    entity        TEXT    NOT NULL,
    name          TEXT    NOT NULL,
    is_default    BOOLEAN NOT NULL,
    display_order BIGINT  NOT NULL
);
CREATE UNIQUE INDEX states_name ON states (entity, name);

-- entity: 'repository_case', 'session' or 'run_result'. type: 1 to 10, see `model::field`. system_name: as programs see it,
-- `custom_` before it in the API; fixed like entity and type. include_all: in every project, else in those of field_projects.
CREATE TABLE fields (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    entity        TEXT    NOT NULL,
    type          BIGINT  NOT NULL,
    name          TEXT    NOT NULL,
    system_name   TEXT    NOT NULL,
    note          TEXT,
    is_active     BOOLEAN NOT NULL,
    is_compact    BOOLEAN NOT NULL,
    include_all   BOOLEAN NOT NULL,
    is_required   BOOLEAN NOT NULL,
    is_restricted BOOLEAN NOT NULL,
    default_value TEXT,
    display_order BIGINT  NOT NULL
);
CREATE UNIQUE INDEX fields_system_name ON fields (entity, system_name);

-- What a project does otherwise than the field itself says. A row also takes the field in where include_all is false.
CREATE TABLE field_projects (
    field_id      BIGINT  NOT NULL REFERENCES fields (id) ON DELETE CASCADE,
    project_id    BIGINT  NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    is_required   BOOLEAN NOT NULL,
    is_restricted BOOLEAN NOT NULL,
    default_value TEXT,
    PRIMARY KEY (field_id, project_id)
) WITHOUT ROWID;
CREATE INDEX field_projects_project ON field_projects (project_id);

-- The values of dropdowns and multi-selects; project_id: only there.
CREATE TABLE field_options (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    field_id      BIGINT  NOT NULL REFERENCES fields (id) ON DELETE CASCADE,
    project_id    BIGINT REFERENCES projects (id) ON DELETE CASCADE,
    value         TEXT    NOT NULL,
    color         TEXT,
    is_active     BOOLEAN NOT NULL,
    display_order BIGINT  NOT NULL
);
CREATE INDEX field_options_field ON field_options (field_id, display_order, id);

CREATE TABLE templates (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    entity      TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    is_default  BOOLEAN NOT NULL,
    include_all BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX templates_name ON templates (entity, name);

CREATE TABLE template_fields (
    template_id   BIGINT NOT NULL REFERENCES templates (id) ON DELETE CASCADE,
    field_id      BIGINT NOT NULL REFERENCES fields (id) ON DELETE CASCADE,
    display_order BIGINT NOT NULL,
    PRIMARY KEY (template_id, field_id)
) WITHOUT ROWID;
CREATE INDEX template_fields_field ON template_fields (field_id);

CREATE TABLE template_projects (
    template_id BIGINT NOT NULL REFERENCES templates (id) ON DELETE CASCADE,
    project_id  BIGINT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    PRIMARY KEY (template_id, project_id)
) WITHOUT ROWID;
CREATE INDEX template_projects_project ON template_projects (project_id);

-- name_key: the name in lower case; a tag is written in one way in a project.
CREATE TABLE tags (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id BIGINT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    name       TEXT   NOT NULL,
    name_key   TEXT   NOT NULL
);
CREATE UNIQUE INDEX tags_name ON tags (project_id, name_key);

INSERT INTO states (id, entity, name, is_default, display_order) VALUES
    (1, 'repository_case', 'Draft', FALSE, 1),
    (2, 'repository_case', 'Review', FALSE, 2),
    (3, 'repository_case', 'Approved', FALSE, 3),
    (4, 'repository_case', 'Active', TRUE, 4),
    (5, 'repository_case', 'Deprecated', FALSE, 5),
    (6, 'run', 'New', TRUE, 1),
    (7, 'run', 'In progress', FALSE, 2),
    (8, 'run', 'Under review', FALSE, 3),
    (9, 'run', 'Rejected', FALSE, 4),
    (10, 'run', 'Done', FALSE, 5),
    (11, 'session', 'New', TRUE, 1),
    (12, 'session', 'In progress', FALSE, 2),
    (13, 'session', 'Under review', FALSE, 3),
    (14, 'session', 'Rejected', FALSE, 4),
    (15, 'session', 'Done', FALSE, 5);

INSERT INTO fields (id, entity, type, name, system_name, note, is_active, is_compact, include_all, is_required,
    is_restricted, default_value, display_order) VALUES
    (1, 'repository_case', 8, 'Priority', 'priority', NULL, TRUE, TRUE, TRUE, FALSE, FALSE, NULL, 1),
    (2, 'repository_case', 2, 'Preconditions', 'preconditions', NULL, TRUE, FALSE, TRUE, FALSE, FALSE, NULL, 2),
    (3, 'repository_case', 10, 'Steps', 'steps', NULL, TRUE, FALSE, TRUE, FALSE, FALSE, NULL, 3),
    (4, 'repository_case', 2, 'Steps', 'steps_text', NULL, TRUE, FALSE, TRUE, FALSE, FALSE, NULL, 4),
    (5, 'repository_case', 2, 'Expected', 'expected', NULL, TRUE, FALSE, TRUE, FALSE, FALSE, NULL, 5),
    (6, 'repository_case', 2, 'Scenario', 'scenario', NULL, TRUE, FALSE, TRUE, FALSE, FALSE, NULL, 6);

INSERT INTO field_options (id, field_id, project_id, value, color, is_active, display_order) VALUES
    (4, 1, NULL, 'Critical', '#b3261e', TRUE, 1),
    (1, 1, NULL, 'High', '#d9622b', TRUE, 2),
    (2, 1, NULL, 'Medium', '#b38600', TRUE, 3),
    (3, 1, NULL, 'Low', '#6b7280', TRUE, 4);

INSERT INTO templates (id, entity, name, is_default, include_all) VALUES
    (1, 'repository_case', 'Case (steps)', TRUE, TRUE),
    (2, 'repository_case', 'Case (text)', FALSE, TRUE),
    (4, 'repository_case', 'Case (Gherkin)', FALSE, TRUE);

INSERT INTO template_fields (template_id, field_id, display_order) VALUES
    (1, 1, 1), (1, 2, 2), (1, 3, 3),
    (2, 1, 1), (2, 2, 2), (2, 4, 3), (2, 5, 4),
    (4, 1, 1), (4, 6, 2);

INSERT INTO sqlite_sequence (name, seq) VALUES ('states', 100), ('fields', 100), ('field_options', 100), ('templates', 100);
