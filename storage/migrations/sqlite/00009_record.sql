-- +goose Up
-- What a record holds beyond its filing: '' and 0 are not said. Amounts are in
-- 万元, fx_amount in 10,000 units of its currency; several values stand with a
-- bar between them.
ALTER TABLE projects ADD COLUMN location_code TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN owner_code TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN gb4754 TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN planning_mode TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN outside_brain TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN introducer TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN drive TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN fund_government BIGINT NOT NULL DEFAULT 0;
ALTER TABLE projects ADD COLUMN fund_enterprise BIGINT NOT NULL DEFAULT 0;
ALTER TABLE projects ADD COLUMN fund_loan BIGINT NOT NULL DEFAULT 0;
ALTER TABLE projects ADD COLUMN fund_social BIGINT NOT NULL DEFAULT 0;
ALTER TABLE projects ADD COLUMN fund_other BIGINT NOT NULL DEFAULT 0;
ALTER TABLE projects ADD COLUMN fx_currency TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN fx_amount BIGINT NOT NULL DEFAULT 0;
ALTER TABLE projects ADD COLUMN fx_rate TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN fx_on TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN library_level TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN funds_applied BIGINT NOT NULL DEFAULT 0;
ALTER TABLE projects ADD COLUMN funds_received BIGINT NOT NULL DEFAULT 0;
ALTER TABLE projects ADD COLUMN output BIGINT NOT NULL DEFAULT 0;
ALTER TABLE projects ADD COLUMN tax BIGINT NOT NULL DEFAULT 0;
ALTER TABLE projects ADD COLUMN jobs BIGINT NOT NULL DEFAULT 0;
ALTER TABLE projects ADD COLUMN tags TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN support_tools TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE projects DROP COLUMN support_tools;
ALTER TABLE projects DROP COLUMN tags;
ALTER TABLE projects DROP COLUMN jobs;
ALTER TABLE projects DROP COLUMN tax;
ALTER TABLE projects DROP COLUMN output;
ALTER TABLE projects DROP COLUMN funds_received;
ALTER TABLE projects DROP COLUMN funds_applied;
ALTER TABLE projects DROP COLUMN library_level;
ALTER TABLE projects DROP COLUMN fx_on;
ALTER TABLE projects DROP COLUMN fx_rate;
ALTER TABLE projects DROP COLUMN fx_amount;
ALTER TABLE projects DROP COLUMN fx_currency;
ALTER TABLE projects DROP COLUMN fund_other;
ALTER TABLE projects DROP COLUMN fund_social;
ALTER TABLE projects DROP COLUMN fund_loan;
ALTER TABLE projects DROP COLUMN fund_enterprise;
ALTER TABLE projects DROP COLUMN fund_government;
ALTER TABLE projects DROP COLUMN drive;
ALTER TABLE projects DROP COLUMN introducer;
ALTER TABLE projects DROP COLUMN outside_brain;
ALTER TABLE projects DROP COLUMN planning_mode;
ALTER TABLE projects DROP COLUMN gb4754;
ALTER TABLE projects DROP COLUMN owner_code;
ALTER TABLE projects DROP COLUMN location_code;
