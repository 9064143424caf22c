-- +goose Up
-- A line of the ledger that was written later than its day of verification, such
-- as that of another territory, says since when it counts. Of lines of before it
-- is the day on which the line before it was revoked.
ALTER TABLE credits ADD COLUMN granted_on TEXT NOT NULL DEFAULT '';
UPDATE credits SET granted_on = COALESCE((SELECT MAX(o.revoked_on) FROM credits o
	WHERE o.project_id = credits.project_id AND o.role = credits.role AND o.id < credits.id), '');
CREATE INDEX credits_ledger ON credits (year, project_id);

-- +goose Down
DROP INDEX credits_ledger;
ALTER TABLE credits DROP COLUMN granted_on;
