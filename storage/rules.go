package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"

	"github.com/mouhua/mouhua/reporting"
)

// rules returns those that this process was started with.
func (db *DB) rules() reporting.Rules {
	return reporting.Rules{Threshold: db.cfg.Threshold, Credit: db.cfg.Credit}
}

// columnsOf names the columns of projects that hold the bodies which rules credit.
func columnsOf(r reporting.Rules) []string {
	var out []string
	for _, role := range r.Roles() {
		out = append(out, map[reporting.CreditRole]string{
			reporting.TerritoryCredit: "territory_body", reporting.DepartmentCredit: "lead_dept", reporting.ReporterCredit: "reporter_body",
		}[role])
	}
	return out
}

func rulesFields(r *reporting.Rules) []any { return []any{&r.Threshold, &r.Credit} }

// frozenRules returns the rules under which a year was frozen.
func (db *DB) frozenRules(ctx context.Context, q querier, year int) (r reporting.Rules, frozen bool, err error) {
	r, err = one(ctx, q, rulesFields, `SELECT threshold_wan, credit FROM frozen_years WHERE year = $1`, year)
	if errors.Is(err, sql.ErrNoRows) {
		return r, false, nil
	}
	if r.Threshold == 0 {
		r.Threshold = db.cfg.Threshold // frozen before it was kept
	}
	return r, err == nil, err
}

// rulesOf returns the rules by which projects of a year count: a frozen year
// keeps its own.
func (db *DB) rulesOf(ctx context.Context, q querier, year int) (reporting.Rules, error) {
	if year >= db.dayOf(db.now()).Year {
		return db.rules(), nil
	}
	r, frozen, err := db.frozenRules(ctx, q, year)
	if err != nil {
		return r, fmt.Errorf("read rules of %d: %w", year, err)
	}
	if !frozen {
		r = db.rules()
	}
	return r, nil
}

// keptRules returns the rules by which the ledger was made; ok is false before
// it was first made by any.
func keptRules(ctx context.Context, q querier) (r reporting.Rules, ok bool, err error) {
	r, err = one(ctx, q, rulesFields, `SELECT threshold_wan, credit FROM counting WHERE id = 1`)
	if errors.Is(err, sql.ErrNoRows) {
		return r, false, nil
	}
	return r, err == nil, err
}

// rulesHold returns nil when the ledger is still made by our rules. It comes
// after the tallies are written: whoever makes the ledger anew has done so
// before, or waits for us. Errors: Unavailable.
func (db *DB) rulesHold(ctx context.Context, q querier) error {
	kept, ok, err := keptRules(ctx, q)
	if err != nil {
		return fmt.Errorf("read rules: %w", err)
	}
	if ok && kept != db.rules() {
		return reporting.Fail(reporting.Unavailable, "err.rules.changed")
	}
	return nil
}

// RulesKept returns by which rules the ledger was made, and whether these are
// those that this process was started with.
func (db *DB) RulesKept(ctx context.Context) (reporting.Rules, bool, error) {
	kept, ok, err := keptRules(ctx, hot{db})
	return kept, ok && kept == db.rules(), fault("read rules", err)
}

// applyRules makes the ledger and the tallies of all years that are not frozen
// anew when the rules have changed, in one transaction with its event. Whoever
// was started with the old rules writes no more. It returns what it did, "" for
// nothing.
func (db *DB) applyRules(ctx context.Context) (did string, err error) {
	if _, same, err := db.RulesKept(ctx); err != nil || same {
		return "", err
	}
	err = db.write(ctx, "apply rules", func(tx *sqlx.Tx) error {
		did = ""
		if db.dialect.lockTallies != "" {
			if _, err := tx.ExecContext(ctx, db.dialect.lockTallies); err != nil {
				return fmt.Errorf("lock tallies: %w", err)
			}
		}
		kept, ok, err := keptRules(ctx, tx)
		if err != nil || ok && kept == db.rules() {
			return err
		}
		moved, err := db.creditAnew(ctx, tx)
		if err != nil {
			return err
		}
		rules := db.rules()
		_, err = tx.ExecContext(ctx, `INSERT INTO counting (id, threshold_wan, credit) VALUES (1, $1, $2)
			ON CONFLICT (id) DO UPDATE SET threshold_wan = excluded.threshold_wan, credit = excluded.credit`, rulesFields(&rules)...)
		if err != nil {
			return fmt.Errorf("keep rules: %w", err)
		}
		if !ok && moved == (recredited{}) {
			return nil // a register that was made by these rules all along
		}
		db.cfg.Log.Info("credits recounted", "threshold", rules.Threshold, "credit", rules.Credit, "added", moved.Added, "revoked", moved.Revoked)
		did = fmt.Sprintf("threshold_wan = %d, credit = %q: %d credits added, %d revoked", rules.Threshold, rules.Credit, moved.Added, moved.Revoked)
		return record(ctx, tx, reporting.Event{
			At: db.now(), Actor: reporting.System.UserID, Action: "credits.recount", Kind: "rules", Subject: "credits",
			Before: kept, After: struct {
				reporting.Rules
				recredited
			}{rules, moved},
		})
	})
	if err != nil {
		return "", err
	}
	return did, nil
}

// recredited is how many credits a recount moved.
type recredited struct{ Added, Revoked int }

// creditAnew brings the ledger of all projects whose year is open to the rules,
// and counts their tallies.
func (db *DB) creditAnew(ctx context.Context, tx *sqlx.Tx) (moved recredited, err error) {
	frozen, err := all(ctx, tx, single[int], `SELECT year FROM frozen_years`)
	if err != nil {
		return moved, err
	}
	today := db.dayOf(db.now())
	for last := ""; ; {
		part, err := all(ctx, tx, projectFields, `SELECT `+projectColumns+` FROM projects WHERE id > $1 ORDER BY id LIMIT 500`, last)
		if err != nil {
			return moved, err
		}
		if len(part) == 0 {
			break
		}
		last = part[len(part)-1].ID
		live, err := liveCredits(ctx, tx, part)
		if err != nil {
			return moved, err
		}
		var add []reporting.Credit
		for _, p := range part {
			if slices.Contains(frozen, p.PlanYear) {
				continue
			}
			revoked, added := compare(live[p.ID], reporting.CreditsFor(p, db.rules()))
			for _, c := range revoked {
				if err := revoke(ctx, tx, c, today, "credits.recount"); err != nil {
					return moved, err
				}
			}
			add = append(add, added...)
			moved.Added, moved.Revoked = moved.Added+len(added), moved.Revoked+len(revoked)
		}
		if err := addCredits(ctx, tx, add, today); err != nil {
			return moved, err
		}
	}
	if err := db.rebuild(ctx, tx); err != nil {
		return moved, err
	}
	return moved, db.recountTotals(ctx, tx) // what is in a pool hangs on the rules, too
}
