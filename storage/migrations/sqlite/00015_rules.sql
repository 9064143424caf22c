-- +goose Up
-- By which rules the ledger was made, in one row, and those of a frozen year;
-- 0 and '' for one that was frozen before they were kept.
CREATE TABLE counting (
    id            BIGINT PRIMARY KEY,
    threshold_wan BIGINT NOT NULL,
    credit        TEXT NOT NULL
);
ALTER TABLE frozen_years ADD COLUMN threshold_wan BIGINT NOT NULL DEFAULT 0;
ALTER TABLE frozen_years ADD COLUMN credit TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE frozen_years DROP COLUMN credit;
ALTER TABLE frozen_years DROP COLUMN threshold_wan;
DROP TABLE counting;
