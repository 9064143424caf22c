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
ALTER TABLE frozen_years ADD COLUMN indicators TEXT NOT NULL DEFAULT '';

-- Of the credited projects: the total of those of route R1, how many are of
-- 500 million yuan or more, and of how many the evidence is complete.
ALTER TABLE tallies ADD COLUMN promoted_wan BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tallies ADD COLUMN large BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tallies ADD COLUMN complete BIGINT NOT NULL DEFAULT 0;
UPDATE tallies SET
    promoted_wan = COALESCE((SELECT SUM(p.invest_total) FROM credits c JOIN projects p ON p.id = c.project_id
        WHERE c.body_id = tallies.body_id AND c.year = tallies.year AND c.revoked_on = '' AND p.subpath LIKE 'R1.%'), 0),
    large = (SELECT COUNT(*) FROM credits c JOIN projects p ON p.id = c.project_id
        WHERE c.body_id = tallies.body_id AND c.year = tallies.year AND c.revoked_on = '' AND p.invest_total >= 50000),
    complete = (SELECT COUNT(*) FROM credits c JOIN projects p ON p.id = c.project_id
        WHERE c.body_id = tallies.body_id AND c.year = tallies.year AND c.revoked_on = ''
            AND p.evidence <> '' AND (p.stage = 'S1' OR p.proof <> '' AND p.proof_text <> ''));

-- What a body is to reach beside its quota. Rows are added and never changed.
CREATE TABLE indicators (
    body_id   TEXT NOT NULL REFERENCES bodies (id),
    year      BIGINT NOT NULL,
    indicator TEXT NOT NULL,
    version   BIGINT NOT NULL,
    target    BIGINT NOT NULL,
    reason    TEXT NOT NULL,
    doc_no    TEXT NOT NULL,
    set_by    TEXT NOT NULL,
    set_at    BIGINT NOT NULL,
    PRIMARY KEY (body_id, year, indicator, version)
);
CREATE INDEX indicators_year ON indicators (year, body_id);

-- +goose Down
DROP TABLE indicators;
ALTER TABLE tallies DROP COLUMN complete;
ALTER TABLE tallies DROP COLUMN large;
ALTER TABLE tallies DROP COLUMN promoted_wan;
ALTER TABLE frozen_years DROP COLUMN indicators;
ALTER TABLE frozen_years DROP COLUMN credit;
ALTER TABLE frozen_years DROP COLUMN threshold_wan;
DROP TABLE counting;
