package exchange

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/reporting"
)

func TestKinds(t *testing.T) {
	book := func(write func(b *bytes.Buffer) error) string {
		t.Helper()
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	tests := []struct {
		name, file string
		want       []string
	}{
		{"bodies", "id,kind,name_zh_cn\n", []string{"bodies"}},
		{"quotas", "\ufeffyear,BODY_ID, count ,reason\r\n", []string{"quotas"}},
		{"people", "slack_user_id,name,role,body_id", []string{"people"}},
		{"projects", projectHeader, []string{"projects"}},
		{"Chinese headings", "单位代码,计划年度,任务数\n", []string{"quotas"}},
		{"a column is missing", "slack_user_id,name,body_id\n", []string{"people"}},
		{"an unknown column beside", "body_id,year,count,colour\n", []string{"quotas"}},
		{"two kinds", "id,kind,name_zh_cn,body_id,year,count,effective_from\n", []string{"bodies", "quotas"}},
		{"as much of two", "name,body_id\n", []string{"people"}},
		{"neither", "a,b,c\n", nil},
		{"one of three", "year,b,c\n", nil},
		{"empty", "", nil},
		{"no text", "\x00\x01\xff\n", nil},
		{"a broken spreadsheet", "PK\x03\x04", nil},
		{"spreadsheet of projects", book(func(b *bytes.Buffer) error {
			return WriteProjects(b, XLSX, func(func(reporting.Project) error) error { return nil })
		}), []string{"projects"}},
		{"spreadsheet of bodies", book(func(b *bytes.Buffer) error {
			return WriteBodies(b, XLSX, func(func(reporting.Body) error) error { return nil })
		}), []string{"bodies"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, Kinds([]byte(tt.file))); diff != "" {
				t.Error(diff)
			}
		})
	}
}
