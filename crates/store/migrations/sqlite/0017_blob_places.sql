-- salt: tells apart what is stored under one hash at different times, so that a server that deletes late never deletes what was
-- uploaded anew. 0: stored before there was one, under the hash alone.
ALTER TABLE blobs ADD COLUMN salt BIGINT NOT NULL DEFAULT 0;
