-- Administration through the API: a right beside the role, versions against lost updates, an order that people choose, and
-- indexes for the filters of the audit log.

-- manages_api_users: an API user whose keys make and end keys of other API users, never wider than itself.
ALTER TABLE users ADD COLUMN manages_api_users BOOLEAN NOT NULL DEFAULT FALSE;

-- version: from 1, one more with every change. access_version: of the project's access.
ALTER TABLE users ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE roles ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE groups ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE projects ADD COLUMN access_version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE statuses ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE states ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE fields ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE templates ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

ALTER TABLE statuses ADD COLUMN display_order BIGINT NOT NULL DEFAULT 0;
UPDATE statuses SET display_order = id;
ALTER TABLE templates ADD COLUMN display_order BIGINT NOT NULL DEFAULT 0;
UPDATE templates SET display_order = id;

-- is_active: what is archived is no longer offered; what has it keeps it.
ALTER TABLE states ADD COLUMN is_active BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE templates ADD COLUMN is_active BOOLEAN NOT NULL DEFAULT TRUE;

CREATE INDEX audit_project ON audit (project_id, id);
CREATE INDEX audit_action ON audit (action, id);
CREATE INDEX audit_at ON audit (at, id);

-- Ids up to 100 are those of what every instance starts with, as migration 0004 says.
