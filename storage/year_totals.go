package storage

import (
	"github.com/mouhua/mouhua/reporting"
)

// What a year carries over is counted in cells as lists are, from the projects:
// what a reporting body has still to confirm, in a scope of its own, and what is
// in the pool of the city, a territory and a department. part is the year for
// which a project was confirmed last.
const (
	unconfirmedCells = "unconfirmed"
	poolCells        = "pool"

	unconfirmedSQL = `SELECT '!' || reporter_body, '` + unconfirmedCells + `', plan_year, '', '', '', '', '', confirmed_for, COUNT(*), CAST(0 AS BIGINT)
		FROM projects WHERE status IN ('verified', 'carried') AND stage <> 'S4' GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9`

	// %d is the threshold.
	poolSQL = `SELECT body_id, '` + poolCells + `', plan_year, '', stage, '', '', '', confirmed_for, COUNT(*), CAST(SUM(invest_total) AS BIGINT)
		FROM (SELECT '' AS body_id, projects.* FROM projects
			UNION ALL SELECT territory_body, projects.* FROM projects WHERE territory_body <> ''
			UNION ALL SELECT lead_dept, projects.* FROM projects WHERE lead_dept <> '') AS shared
		WHERE confirmed_for <> 0 AND invest_total >= %d AND status IN ('verified', 'carried', 'suspended') AND hold_ended_on = ''
		GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9`
)

func unconfirmedScope(reporter string) string { return "!" + reporter }

// countYears adds (sign 1) or takes away (sign -1) what p is to the years after
// its own. invest is kept for pools only.
func (t totals) countYears(p reporting.Project, threshold reporting.Wan, sign int) {
	runs := p.Status == reporting.Verified || p.Status == reporting.Carried
	if runs && p.Stage != reporting.S4 {
		t.add(cell{scope: unconfirmedScope(p.ReporterBody), breakdown: unconfirmedCells, year: p.PlanYear, part: int64(p.ConfirmedFor)}, sign, 0)
	}
	if p.ConfirmedFor == 0 || p.InvestTotal < threshold || !runs && p.Status != reporting.Suspended || !p.HoldEndedOn.IsZero() {
		return
	}
	for i, scope := range []string{reporting.City, p.TerritoryBody, p.LeadDept} {
		if i == 0 || scope != "" {
			t.add(cell{scope: scope, breakdown: poolCells, year: p.PlanYear, stage: p.Stage, part: int64(p.ConfirmedFor)}, sign, p.InvestTotal)
		}
	}
}
