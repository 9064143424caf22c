-- +goose Up
-- The history of nudges: what a minute's edit is made of, and with which answer
-- in the thread it is told ('' = not yet).
CREATE TABLE nudge_notes (
    body_id TEXT NOT NULL,
    week    TEXT NOT NULL,
    minute  TEXT NOT NULL,
    told    TEXT NOT NULL,
    at      BIGINT NOT NULL,
    actor   TEXT NOT NULL,
    action  TEXT NOT NULL,
    subject TEXT NOT NULL,
    name    TEXT NOT NULL,
    why     TEXT NOT NULL,
    until   TEXT NOT NULL,
    n       BIGINT NOT NULL
);
CREATE INDEX nudge_notes_told ON nudge_notes (body_id, week, told);

-- +goose Down
DROP TABLE nudge_notes;
