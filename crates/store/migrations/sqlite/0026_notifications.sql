-- What people are told about what others do. needs: the right in the project without which it is not shown; 0 for none.
-- target_kind and target_id: what it is about. part_id: one test of the run. counted: how many things.
CREATE TABLE notifications (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id     BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind        TEXT   NOT NULL,
    project_id  BIGINT REFERENCES projects (id) ON DELETE CASCADE,
    needs       BIGINT NOT NULL,
    target_kind TEXT   NOT NULL,
    target_id   BIGINT NOT NULL,
    part_id     BIGINT,
    counted     BIGINT NOT NULL,
    title       TEXT   NOT NULL,
    actor_id    BIGINT REFERENCES users (id),
    created_at  BIGINT NOT NULL,
    read_at     BIGINT
);
CREATE INDEX notifications_user ON notifications (user_id, created_at, id);
CREATE INDEX notifications_unread ON notifications (user_id, created_at, id) WHERE read_at IS NULL;
CREATE INDEX notifications_read ON notifications (read_at) WHERE read_at IS NOT NULL;
CREATE INDEX notifications_project ON notifications (project_id);

-- Kinds that somebody does not want to be told of.
CREATE TABLE notification_mutes (
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind    TEXT   NOT NULL,
    PRIMARY KEY (user_id, kind)
);
