package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/mouhua/mouhua/reporting"
)

// Each noun has one list of columns and one function that returns pointers to
// its fields in that order. The same pointers are scanned into and passed as
// arguments, so that reading and writing cannot drift apart.

// querier runs a query: a pool, a transaction, or hot.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// all returns the rows of a query.
func all[T any](ctx context.Context, q querier, fields func(*T) []any, query string, args ...any) (out []T, err error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var v T
		if err := rows.Scan(fields(&v)...); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// one returns the first row of a query, sql.ErrNoRows when there is none.
func one[T any](ctx context.Context, q querier, fields func(*T) []any, query string, args ...any) (T, error) {
	rows, err := all(ctx, q, fields, query, args...)
	if err == nil && len(rows) == 0 {
		err = sql.ErrNoRows
	}
	if err != nil {
		var none T
		return none, err
	}
	return rows[0], nil
}

// single is the fields of a query of one column.
func single[T any](v *T) []any { return []any{v} }

// within returns a query whose ? stand for lists or values, with $1 … instead.
func within(query string, args ...any) (string, []any, error) {
	query, args, err := sqlx.In(query, args...)
	return sqlx.Rebind(sqlx.DOLLAR, query), args, err
}

// maxParams is how many parameters a statement of many rows has. The databases
// take more, but SQLite's driver looks each one up among all of them.
const maxParams = 300

// insert writes rows in as few statements as it can. tail is what follows the
// values, such as ON CONFLICT.
func insert(ctx context.Context, tx *sqlx.Tx, table, columns, tail string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	n := maxParams / len(rows[0])
	if len(rows) > 2*n { // the same statement again and again
		whole := len(rows) - len(rows)%n
		if err := insertParts(ctx, tx, table, columns, tail, slices.Chunk(rows[:whole], n)); err != nil {
			return err
		}
		rows = rows[whole:]
	}
	for part := range slices.Chunk(rows, n) {
		query, args := insertion(table, columns, tail, part)
		if _, err := tx.ExecContext(ctx, query, args...); err != nil {
			return fmt.Errorf("insert into %s: %w", table, err)
		}
	}
	return nil
}

// insertParts writes parts of one length with one statement, prepared once.
func insertParts(ctx context.Context, tx *sqlx.Tx, table, columns, tail string, parts iter.Seq[[][]any]) (err error) {
	var stmt *sql.Stmt
	for part := range parts {
		query, args := insertion(table, columns, tail, part)
		if stmt == nil {
			if stmt, err = tx.PrepareContext(ctx, query); err != nil {
				return fmt.Errorf("insert into %s: %w", table, err)
			}
			defer func() { err = errors.Join(err, stmt.Close()) }()
		}
		if _, err := stmt.ExecContext(ctx, args...); err != nil {
			return fmt.Errorf("insert into %s: %w", table, err)
		}
	}
	return nil
}

func insertion(table, columns, tail string, rows [][]any) (string, []any) {
	var b strings.Builder
	var args []any
	fmt.Fprintf(&b, "INSERT INTO %s (%s) VALUES ", table, columns)
	for i, row := range rows {
		if i > 0 {
			b.WriteByte(',')
		}
		for j, v := range row {
			b.WriteString(map[bool]string{true: "($", false: ",$"}[j == 0])
			args = append(args, v)
			b.WriteString(strconv.Itoa(len(args)))
		}
		b.WriteByte(')')
	}
	b.WriteString(" " + tail)
	return b.String(), args
}

// overwrite returns the SET list that takes every column but the first from
// the row that was to be inserted.
func overwrite(columns string) string {
	var set []string
	for _, c := range strings.Split(columns, ", ")[1:] {
		set = append(set, c+" = excluded."+c)
	}
	return strings.Join(set, ", ")
}

// text returns a column's text.
func text(src any) (string, error) {
	switch v := src.(type) {
	case string:
		return v, nil
	case []byte:
		return string(v), nil
	case nil:
		return "", nil
	}
	return "", fmt.Errorf("read column: %T is no text", src)
}

// day is a reporting.Date in a column.
type day reporting.Date

// Scan reads "2018-03-05" or "".
func (d *day) Scan(src any) error {
	s, err := text(src)
	if err != nil || s == "" {
		*d = day{}
		return err
	}
	v, err := reporting.ParseDate(s)
	*d = day(v)
	return err
}

// Value returns "2018-03-05" or "".
func (d *day) Value() (driver.Value, error) { return reporting.Date(*d).String(), nil }

// month is a reporting.Month in a column.
type month reporting.Month

// Scan reads "2018-03" or "".
func (m *month) Scan(src any) error {
	s, err := text(src)
	if err != nil || s == "" {
		*m = month{}
		return err
	}
	v, err := reporting.ParseMonth(s)
	*m = month(v)
	return err
}

// Value returns "2018-03" or "".
func (m *month) Value() (driver.Value, error) { return reporting.Month(*m).String(), nil }

// object is any value kept as JSON, through a pointer.
type object struct{ to any }

// Scan reads JSON.
func (o object) Scan(src any) error {
	s, err := text(src)
	if err != nil || s == "" {
		return err
	}
	return json.Unmarshal([]byte(s), o.to)
}

// Value returns JSON.
func (o object) Value() (driver.Value, error) {
	b, err := json.Marshal(o.to)
	return string(b), err
}

// proposal is a reporting.Proposal in a column, ” for none.
type proposal reporting.Proposal

// Scan reads JSON or "".
func (q *proposal) Scan(src any) error {
	*q = proposal{}
	return object{q}.Scan(src)
}

// Value returns JSON or "".
func (q *proposal) Value() (driver.Value, error) {
	if *q == (proposal{}) {
		return "", nil
	}
	return object{q}.Value()
}

const noteColumns = `project_id, at, by_user, note, invested`

func noteFields(n *reporting.Note) []any {
	return []any{&n.ProjectID, &n.At, &n.By, &n.Text, &n.Invested}
}

const projectColumns = `id, name, content, nature, reporter_body, territory_body, lead_dept, location, owner_unit, ` +
	`subpath, path_detail, programme, industry, invest_total, invest_year, start_month, finish_month, milestone, ` +
	`evidence, contact, stage, stage_since, status, plan_year, verified_on, submitted_on, return_reason, returned_on, ` +
	`filed_by, updated_at, version, leader, investor_origin, contract, completed_on, capacity_on, benefit_on, proof, proof_text, ` +
	`suspended_on, ended_on, status_reason, merged_into, asked_version, asked_on, asked_by, stage_wanted, wanted_proof, ` +
	`wanted_proof_text, proposal, revised_from, alike_to, alike_why, held_by, project_code, confirmed_for, lapsed_for, hold_ended_on` +
	recordColumns +
	`, approval_kind, approval_on, approval_next, approval_since` +
	`, evidence_files, proof_files, wanted_proof_files`

func projectFields(p *reporting.Project) []any {
	return []any{
		&p.ID, &p.Name, &p.Content, &p.Nature, &p.ReporterBody, &p.TerritoryBody, &p.LeadDept, &p.Location, &p.OwnerUnit,
		&p.Path, &p.PathDetail, &p.Programme, &p.Industry, &p.InvestTotal, &p.InvestYear, (*month)(&p.Start), (*month)(&p.Finish), &p.Milestone,
		&p.Evidence, &p.Contact, &p.Stage, (*day)(&p.StageSince), &p.Status, &p.PlanYear, (*day)(&p.VerifiedOn), (*day)(&p.SubmittedOn), &p.ReturnReason, (*day)(&p.ReturnedOn),
		&p.FiledBy, &p.UpdatedAt, &p.Version,
		&p.Leader, &p.InvestorOrigin, &p.Contract, (*day)(&p.CompletedOn), (*day)(&p.CapacityOn), (*day)(&p.BenefitOn), &p.Proof.Kind, &p.Proof.Text,
		(*day)(&p.SuspendedOn), (*day)(&p.EndedOn), &p.StatusReason, &p.MergedInto, &p.AskedVersion, (*day)(&p.AskedOn), &p.AskedBy, &p.StageWanted, &p.WantedProof.Kind,
		&p.WantedProof.Text, (*proposal)(&p.Proposal),
		&p.RevisedFrom, &p.AlikeTo, &p.AlikeWhy, &p.HeldBy, &p.Code, &p.ConfirmedFor, &p.LapsedFor, (*day)(&p.HoldEndedOn),
		&p.LocationCode, &p.OwnerCode, &p.Sector, &p.PlanningMode, &p.OutsideBrain, &p.Introducer, &p.Drive,
		&p.FundGovernment, &p.FundEnterprise, &p.FundLoan, &p.FundSocial, &p.FundOther, &p.FXCurrency, &p.FXAmount, &p.FXRate, (*day)(&p.FXOn),
		&p.Library, &p.FundsApplied, &p.FundsReceived, &p.Output, &p.Tax, &p.Jobs, &p.Tags, &p.Tools,
		&p.ApprovalKind, (*day)(&p.ApprovalOn), &p.ApprovalNext, (*day)(&p.ApprovalSince),
		&p.EvidenceFiles, &p.Proof.Files, &p.WantedProof.Files,
	}
}

// recordColumns are those of a reporting.Record.
const recordColumns = `, location_code, owner_code, gb4754, planning_mode, outside_brain, introducer, drive, ` +
	`fund_government, fund_enterprise, fund_loan, fund_social, fund_other, fx_currency, fx_amount, fx_rate, fx_on, ` +
	`library_level, funds_applied, funds_received, output, tax, jobs, tags, support_tools`

const bodyColumns = `id, kind, league, name_zh_cn, name_zh_tw, name_en, short_zh_cn, short_zh_tw, short_en, aliases, ` +
	`channel_id, channel_since, parent_id, undeliverable_since, undeliverable_why, leader_id, ends_on, end_reason, successor_id, version`

func bodyFields(b *reporting.Body) []any {
	return []any{
		&b.ID, &b.Kind, &b.Group, &b.Name.ZhCN, &b.Name.ZhTW, &b.Name.En, &b.Short.ZhCN, &b.Short.ZhTW, &b.Short.En, object{&b.Aliases},
		&b.ChannelID, &b.ChannelSince, &b.ParentID, &b.UndeliverableSince, &b.UndeliverableWhy,
		&b.LeaderID, (*day)(&b.EndsOn), &b.EndReason, &b.SuccessorID, &b.Version,
	}
}

const personColumns = `user_id, name, role, body_id, version`

func personFields(p *reporting.Person) []any {
	return []any{&p.UserID, &p.Name, &p.Role, &p.BodyID, &p.Version}
}

const quotaColumns = `body_id, year, version, owed, effective_from, reason, decided_by, doc_no, set_by, set_at`

func quotaFields(q *reporting.Quota) []any {
	return []any{&q.BodyID, &q.Year, &q.Version, &q.Count, (*day)(&q.EffectiveFrom), &q.Reason, &q.DecidedBy, &q.DocNo, &q.SetBy, &q.SetAt}
}

const draftColumns = `id, user_id, body_id, project_id, base_ver, typed, stamp, created_at, updated_at`

func draftFields(d *reporting.Draft) []any {
	return []any{&d.ID, &d.UserID, &d.BodyID, &d.ProjectID, &d.BaseVer, object{&d.Values}, &d.Stamp, &d.CreatedAt, &d.UpdatedAt}
}

const creditColumns = `project_id, year, body_id, role, from_day, revoked_on, why`

func creditFields(c *reporting.Credit) []any {
	return []any{&c.ProjectID, &c.Year, &c.BodyID, &c.Role, (*day)(&c.From), (*day)(&c.RevokedOn), &c.Why}
}

// inChunks calls do with parts of ids that fit into one statement.
func inChunks(ids []string, do func(part []string) error) error {
	for part := range slices.Chunk(ids, 1000) {
		if err := do(part); err != nil {
			return err
		}
	}
	return nil
}
