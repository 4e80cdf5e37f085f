-- Milestones: a tree with types and dates. root_id: the topmost milestone above, NULL at the top. Dates are YYYY-MM-DD.

CREATE TABLE milestone_types (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    name          TEXT    NOT NULL,
    is_default    BOOLEAN NOT NULL,
    display_order BIGINT  NOT NULL
);
CREATE UNIQUE INDEX milestone_types_name ON milestone_types (name);

INSERT INTO milestone_types (id, name, is_default, display_order) VALUES
    (1, 'Version', TRUE, 1),
    (2, 'Release', FALSE, 2),
    (3, 'Sprint', FALSE, 3),
    (4, 'Iteration', FALSE, 4),
    (5, 'Plan', FALSE, 5);
INSERT INTO sqlite_sequence (name, seq) VALUES ('milestone_types', 100);

ALTER TABLE milestones ADD COLUMN root_id BIGINT;
ALTER TABLE milestones ADD COLUMN parent_id BIGINT REFERENCES milestones (id);
ALTER TABLE milestones ADD COLUMN type_id BIGINT NOT NULL DEFAULT 1;
ALTER TABLE milestones ADD COLUMN note TEXT;
ALTER TABLE milestones ADD COLUMN is_started BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE milestones ADD COLUMN start_date TEXT;
ALTER TABLE milestones ADD COLUMN due_date TEXT;
ALTER TABLE milestones ADD COLUMN links TEXT NOT NULL DEFAULT '[]';
ALTER TABLE milestones ADD COLUMN started_at BIGINT;
ALTER TABLE milestones ADD COLUMN created_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE milestones ADD COLUMN created_by BIGINT;
ALTER TABLE milestones ADD COLUMN updated_at BIGINT;
ALTER TABLE milestones ADD COLUMN updated_by BIGINT;
ALTER TABLE milestones ADD COLUMN completed_at BIGINT;
CREATE INDEX milestones_created ON milestones (project_id, created_at, id);
CREATE INDEX milestones_completed ON milestones (project_id, completed_at, id);
CREATE INDEX milestones_parent ON milestones (parent_id);

CREATE TABLE milestone_tags (
    milestone_id BIGINT NOT NULL REFERENCES milestones (id) ON DELETE CASCADE,
    tag          TEXT   NOT NULL,
    PRIMARY KEY (milestone_id, tag)
) WITHOUT ROWID;

ALTER TABLE projects ADD COLUMN milestone_count BIGINT NOT NULL DEFAULT 0;
ALTER TABLE projects ADD COLUMN milestone_active_count BIGINT NOT NULL DEFAULT 0;

CREATE INDEX automation_runs_milestone ON automation_runs (milestone_id);
