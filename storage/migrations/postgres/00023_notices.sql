-- +goose Up
-- Who still owes a month's progress is counted for all bodies at once.
CREATE INDEX projects_progress ON projects (reporter_body, updated_at) WHERE status IN ('verified', 'carried') AND stage <> 'S4';

-- +goose Down
DROP INDEX projects_progress;
