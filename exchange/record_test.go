package exchange

import (
	"errors"
	"strings"
	"testing"

	"github.com/mouhua/mouhua/reporting"
)

func TestRecordColumns(t *testing.T) {
	read := func(columns, cells string) (reporting.Record, string) {
		file := strings.TrimSpace(projectHeader) + "," + columns + "\n" + strings.TrimSpace(projectRow) + "," + cells + "\n"
		table, err := Projects(strings.NewReader(file))
		var faults Faults
		if errors.As(err, &faults) {
			return reporting.Record{}, faults[0].Column + " " + faults[0].Key
		}
		if err != nil {
			return reporting.Record{}, err.Error()
		}
		return table.Rows[0].Record, ""
	}
	const fx = "fx_currency,fx_amount_wan,fx_rate,fx_on"
	for _, tt := range []struct{ columns, cells, want string }{
		{"location_code", "２２０１０２", ""}, {"location_code", "2201", "location_code err.import.form"},
		{"owner_code", "91350100m000100y43", ""}, {"owner_code", "91350100M000100Y44", "owner_code err.import.form"},
		{"gb4754", "36", ""}, {"gb4754", "D36", "gb4754 err.import.form"},
		{"planning_mode", "Self", ""}, {"planning_mode", "alone", "planning_mode err.import.choice"},
		{"drive", "new", ""}, {"drive", "old", "drive err.import.choice"},
		{"fund_loan_wan", "5", ""}, {"fund_loan_wan", "-5", "fund_loan_wan err.import.range"},
		{fx, "USD,1000,6.8125,2018-07-01", ""}, {fx, ",,,", ""},
		{fx, "USD,,6.8125,2018-07-01", "fx_amount_wan err.import.required"}, {fx, "USD,1000,,2018-07-01", "fx_rate err.import.required"},
		{fx, "USD,1000,6.8125,", "fx_on err.import.required"}, {fx, ",1000,,", "fx_currency err.import.required"},
		{fx, "XAU,1000,6.8125,2018-07-01", "fx_currency err.import.choice"}, {fx, "USD,1000,0,2018-07-01", "fx_rate err.import.form"},
		{"library_level", "nation|city", ""}, {"library_level", "city|none", "library_level err.import.choice"},
		{"funds_applied_wan,funds_received_wan", "5,5", ""}, {"funds_applied_wan,funds_received_wan", "5,6", "funds_received_wan err.import.range"},
		{"jobs", "1000001", "jobs err.import.range"}, {"tags", "local|global", "tags err.import.choice"},
	} {
		if _, got := read(tt.columns, tt.cells); got != tt.want {
			t.Errorf("%s = %s: %q, want %q", tt.columns, tt.cells, got, tt.want)
		}
	}
	got, _ := read("library_level,gb4754,owner_code,tags", "nation|city|city,36,91350100m000100y43,local|double_ten")
	if want := (reporting.Record{Library: "city|nation", Sector: "C36", OwnerCode: "91350100M000100Y43", Tags: "double_ten|local"}); got != want {
		t.Errorf("read %+v, want %+v", got, want)
	}
}
