-- The tree of folders that holds the cases of a project.

ALTER TABLE projects ADD COLUMN folder_count BIGINT NOT NULL DEFAULT 0;

-- name_key: the name in lower case, for filters. depth: 0 at the root, kept as the tree changes.
CREATE TABLE folders (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id    BIGINT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    parent_id     BIGINT REFERENCES folders (id) ON DELETE CASCADE,
    name          TEXT   NOT NULL,
    name_key      TEXT   NOT NULL,
    docs          TEXT,
    display_order BIGINT NOT NULL,
    depth         BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    created_by    BIGINT,
    updated_at    BIGINT,
    updated_by    BIGINT
);
CREATE INDEX folders_order ON folders (project_id, display_order, id);
CREATE INDEX folders_name ON folders (project_id, name_key, id);
CREATE INDEX folders_depth ON folders (project_id, depth, id);
CREATE INDEX folders_parent ON folders (parent_id, display_order, id);
