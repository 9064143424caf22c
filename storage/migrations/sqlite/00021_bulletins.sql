-- +goose Up
-- What the office makes known of a period. The figures are one JSON text: they are
-- read whole, as they were, and nothing is ever looked for in them.
CREATE TABLE bulletins (
    id                TEXT PRIMARY KEY, -- 2018-07, 2018-Q3; 2018-07~3 corrects number 3
    kind              TEXT NOT NULL,
    year              BIGINT NOT NULL,
    n                 BIGINT NOT NULL,
    no                BIGINT NOT NULL, -- 0 until it is released
    title             TEXT NOT NULL,
    opening           TEXT NOT NULL,
    measures          TEXT NOT NULL,
    exempt            TEXT NOT NULL,
    exempt_reason     TEXT NOT NULL,
    snapshot          TEXT NOT NULL,
    status            TEXT NOT NULL,
    corrects          BIGINT NOT NULL,
    correction_reason TEXT NOT NULL,
    drafted_by        TEXT NOT NULL,
    drafted_at        BIGINT NOT NULL,
    edited_by         TEXT NOT NULL,
    edited_at         BIGINT NOT NULL,
    ready_by          TEXT NOT NULL,
    ready_at          BIGINT NOT NULL,
    released_by       TEXT NOT NULL,
    released_at       BIGINT NOT NULL,
    version           BIGINT NOT NULL
);
CREATE UNIQUE INDEX bulletins_period ON bulletins (year, kind, n, corrects);
CREATE UNIQUE INDEX bulletins_no ON bulletins (year, no) WHERE no > 0;

-- +goose Down
DROP TABLE bulletins;
