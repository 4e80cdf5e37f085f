-- Who answers for an API user, and what it is for. Those that were made before have neither.
ALTER TABLE users ADD COLUMN owner_id BIGINT REFERENCES users (id);
ALTER TABLE users ADD COLUMN purpose TEXT NOT NULL DEFAULT '';
