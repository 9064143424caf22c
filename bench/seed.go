package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"

	_ "github.com/lib/pq" // seeds without the product's code in between

	"github.com/mouhua/mouhua/storage"
)

// seed makes a database with n verified projects spread over the bodies and
// the last three years, and returns its address. One that is there is made
// anew, unless it is to be kept.
func seed(ctx context.Context, o options, n int) (string, error) {
	u, err := url.Parse(o.postgres)
	if err != nil {
		return "", fmt.Errorf("read PostgreSQL address: %w", err)
	}
	name := fmt.Sprintf("%s_%d", o.name, n)
	admin, err := sql.Open("postgres", o.postgres)
	if err != nil {
		return "", fmt.Errorf("open server: %w", err)
	}
	defer admin.Close()
	u.Path = "/" + name
	if o.keep {
		var there bool
		err := admin.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)`, name).Scan(&there)
		if err != nil || there {
			return u.String(), err
		}
	}
	if _, err := admin.ExecContext(ctx, `DROP DATABASE IF EXISTS `+name); err != nil {
		return "", fmt.Errorf("drop old database: %w", err)
	}
	if _, err := admin.ExecContext(ctx, `CREATE DATABASE `+name); err != nil {
		return "", fmt.Errorf("create database: %w", err)
	}
	store, err := storage.Open(ctx, u.String(), storage.Config{})
	if err != nil {
		return "", err
	}
	defer store.Close()
	if _, err := store.Migrate(ctx); err != nil {
		return "", err
	}
	db, err := sql.Open("postgres", u.String())
	if err != nil {
		return "", fmt.Errorf("open database: %w", err)
	}
	defer db.Close()
	restore, err := dropIndexes(ctx, db, "listings")
	if err != nil {
		return "", err
	}
	for _, q := range seedSQL {
		args := []any{n}
		if !usesCount(q) {
			args = nil
		}
		if _, err := db.ExecContext(ctx, q, args...); err != nil {
			return "", fmt.Errorf("seed %.40q: %w", q, err)
		}
	}
	for _, q := range restore {
		if _, err := db.ExecContext(ctx, q); err != nil {
			return "", fmt.Errorf("make index again: %w", err)
		}
	}
	if err := store.Rebuild(ctx); err != nil {
		return "", err
	}
	if _, err := db.ExecContext(ctx, `VACUUM ANALYZE`); err != nil {
		return "", fmt.Errorf("analyze: %w", err)
	}
	return u.String(), nil
}

// dropDatabase drops a database of the server.
func dropDatabase(ctx context.Context, server, name string) error {
	admin, err := sql.Open("postgres", server)
	if err != nil {
		return fmt.Errorf("open server: %w", err)
	}
	defer admin.Close()
	if _, err := admin.ExecContext(ctx, `DROP DATABASE IF EXISTS `+name); err != nil {
		return fmt.Errorf("drop database: %w", err)
	}
	return nil
}

// dropIndexes drops the indexes of a table but its key, and returns what makes
// them again: filling a table first is many times faster.
func dropIndexes(ctx context.Context, db *sql.DB, table string) (restore []string, err error) {
	rows, err := db.QueryContext(ctx, `SELECT indexname, indexdef FROM pg_indexes WHERE tablename = $1 AND indexdef NOT LIKE 'CREATE UNIQUE%'`, table)
	if err != nil {
		return nil, fmt.Errorf("read indexes: %w", err)
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name, def string
		if err := rows.Scan(&name, &def); err != nil {
			return nil, fmt.Errorf("read indexes: %w", err)
		}
		names, restore = append(names, name), append(restore, def)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read indexes: %w", err)
	}
	for _, name := range names {
		if _, err := db.ExecContext(ctx, `DROP INDEX `+name); err != nil {
			return nil, fmt.Errorf("drop index: %w", err)
		}
	}
	return restore, nil
}

func usesCount(q string) bool {
	for i := 0; i+1 < len(q); i++ {
		if q[i] == '$' && q[i+1] == '1' {
			return true
		}
	}
	return false
}

// seedSQL fills the tables. The body of project i is i mod 40: jingyue is 0,
// departments are 20…39; one in fifty waits for review.
var seedSQL = []string{
	`INSERT INTO bodies (id, position, kind, league, name_zh_cn, name_zh_tw, name_en, short_zh_cn, short_zh_tw, short_en,
		aliases, channel_id, channel_since, parent_id, undeliverable_since, undeliverable_why, version)
	 SELECT CASE WHEN i = 0 THEN 'jingyue' ELSE 'body' || i END, i, CASE WHEN i < 20 THEN 'devzone' ELSE 'department' END,
		CASE WHEN i < 20 THEN 'devzone' ELSE 'department' END,
		CASE WHEN i = 0 THEN '长春净月高新技术产业开发区' ELSE '单位' || i END, '單位' || i, 'Body ' || i,
		CASE WHEN i = 0 THEN '净月高新区' ELSE '单位' || i END, '單位' || i, '', '[]', '', 0, '', 0, '', 1
	 FROM generate_series(0, 39) AS i`,
	`INSERT INTO people (user_id, name, role, body_id, version) VALUES
		('UBENCH', 'bench', 'official', 'jingyue', 1), ('UOFFICE', 'office', 'reviewer', '', 1), ('ULEAD', 'leader', 'leader', '', 1)`,
	`INSERT INTO quotas (body_id, year, version, owed, effective_from, reason, decided_by, doc_no)
	 SELECT id, y, 1, 25, y || '-01-01', '', '', '' FROM bodies, generate_series(extract(year FROM now())::int - 2, extract(year FROM now())::int) AS y`,
	`INSERT INTO projects (id, name, content, nature, reporter_body, territory_body, lead_dept, location, owner_unit, subpath,
		path_detail, programme, industry, invest_total, invest_year, start_month, finish_month, milestone, evidence, contact, stage,
		stage_since, status, plan_year, verified_on, submitted_on, return_reason, returned_on, filed_by, updated_at, version)
	 SELECT 'CC-' || y || '-' || lpad(i::text, 8, '0'), '项目' || i, '示例', 'new', t.id, t.id, d.id, '长春', '业主' || i, 'R' || (1 + i / 13 % 5) || '.' || (1 + i / 17 % 3),
		'', CASE WHEN i % 30 = 0 THEN 'P' || (1 + i / 30 % 3) ELSE '' END,
		(ARRAY['auto', 'agrifood', 'rail', 'equipment', 'biomed', 'opto', 'nev', 'materials', 'bigdata', 'services'])[1 + i / 23 % 10], 10000 + i % 90000, 0, y || '-01', (y + 2) || '-12', 'lead', '纪要', '张工', 'S' || (1 + i % 4),
		day, CASE WHEN i % 50 = 0 THEN 'submitted' ELSE 'verified' END, y, CASE WHEN i % 50 = 0 THEN '' ELSE day END, day, '', '', 'UBENCH',
		(extract(epoch FROM now())::bigint - i % 60 * 86400) * 1000, 2
	 FROM (SELECT i, extract(year FROM now())::int - i % 3 AS y,
			(make_date(extract(year FROM now())::int - i % 3, 1, 1) + (i / 3) % 330)::text AS day
		FROM generate_series(0, $1::int - 1) AS i) AS p
	 JOIN bodies t ON t.position = (p.i / 7) % 20 JOIN bodies d ON d.position = 20 + (p.i / 11) % 20`,
	`INSERT INTO listings (body_id, project_id, plan_year, status, stage, submitted_on, filed_by, invest_total, updated_at,
		lead_dept, industry, subpath, programme)
	 SELECT b, p.id, p.plan_year, p.status, p.stage, p.submitted_on, p.filed_by, p.invest_total, p.updated_at,
		p.lead_dept, p.industry, p.subpath, p.programme
	 FROM projects p, LATERAL unnest(ARRAY['', p.territory_body, p.lead_dept]) AS b`,
	`INSERT INTO credits (project_id, year, body_id, role, from_day, revoked_on, why)
	 SELECT p.id, p.plan_year, c.body, c.role, p.verified_on, '', '' FROM projects p,
		LATERAL (VALUES ('', 'city'), (p.territory_body, 'territory'), (p.lead_dept, 'department')) AS c (body, role) WHERE p.status = 'verified'`,
}
