package storage

import (
	"strconv"

	"github.com/mouhua/mouhua/reporting"
)

// What a year carries over is counted in cells as lists are, from the projects:
// what a reporting body has still to confirm, in a scope of its own, and what is
// in the pool of the city and of the bodies that the rules credit. part is the year for
// which a project was confirmed last.
const (
	unconfirmedCells = "unconfirmed"
	poolCells        = "pool"

	unconfirmedSQL = `SELECT '!' || reporter_body, '` + unconfirmedCells + `', plan_year, '', '', '', '', '', confirmed_for, COUNT(*), CAST(0 AS BIGINT)
		FROM projects WHERE status IN ('verified', 'carried') AND stage <> 'S4' GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9`
)

// poolSQL counts what is carried over for the city and the bodies that rules credit.
func poolSQL(r reporting.Rules) string {
	shared := `SELECT '' AS body_id, projects.* FROM projects`
	for _, column := range columnsOf(r) {
		shared += ` UNION ALL SELECT ` + column + `, projects.* FROM projects WHERE ` + column + ` <> ''`
	}
	return `SELECT body_id, '` + poolCells + `', plan_year, '', stage, '', '', '', confirmed_for, COUNT(*), CAST(SUM(invest_total) AS BIGINT)
		FROM (` + shared + `) AS shared
		WHERE confirmed_for <> 0 AND invest_total >= ` + strconv.FormatInt(int64(r.Threshold), 10) + `
			AND status IN ('verified', 'carried', 'suspended') AND hold_ended_on = ''
		GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9`
}

func unconfirmedScope(reporter string) string { return "!" + reporter }

// countYears adds (sign 1) or takes away (sign -1) what p is to the years after
// its own. invest is kept for pools only.
func (t totals) countYears(p reporting.Project, rules reporting.Rules, sign int) {
	runs := p.Status == reporting.Verified || p.Status == reporting.Carried
	if runs && p.Stage != reporting.S4 {
		t.add(cell{scope: unconfirmedScope(p.ReporterBody), breakdown: unconfirmedCells, year: p.PlanYear, part: int64(p.ConfirmedFor)}, sign, 0)
	}
	if p.ConfirmedFor == 0 || p.InvestTotal < rules.Threshold || !runs && p.Status != reporting.Suspended || !p.HoldEndedOn.IsZero() {
		return
	}
	for i, role := range append([]reporting.CreditRole{reporting.CityCredit}, rules.Roles()...) {
		if scope := p.In(role); i == 0 || scope != "" {
			t.add(cell{scope: scope, breakdown: poolCells, year: p.PlanYear, stage: p.Stage, part: int64(p.ConfirmedFor)}, sign, p.InvestTotal)
		}
	}
}
