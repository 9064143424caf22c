package reporting

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParseMoney(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want Wan
		key  string // of the error
	}{
		{"32000", 32000, ""}, {"32,000 万元", 32000, ""}, {"3.2亿", 32000, ""}, {"３．２亿元", 32000, ""},
		{"三亿", 30000, ""}, {"三亿元", 30000, ""}, {"两亿五千万", 25000, ""}, {"3亿5000万", 35000, ""}, {"三点二亿", 32000, ""},
		{"五千万", 5000, ""}, {"3千万", 3000, ""}, {"3.2億元", 32000, ""}, {"320000000元", 32000, ""}, {"¥ 10000", 10000, ""},
		{"320 million yuan", 32000, ""}, {"1亿", 10000, ""}, {"0.8亿", 8000, ""}, {"1,000亿", 10000000, ""}, {"10000.0万", 10000, ""},
		{"一千二百万", 1200, ""}, {"十亿", 100000, ""}, {"1.5bn", 150000, ""},
		{"两亿五", 25000, ""}, {"三亿二千万", 32000, ""}, {"1,234,567", 1234567, ""}, {"RMB 3.2亿", 32000, ""}, {"3.2 亿", 32000, ""},
		{"3,2亿", 0, "err.money.form"}, {"3，2亿", 0, "err.money.form"}, {"3、2亿", 0, "err.money.form"}, {"1,2,3", 0, "err.money.form"},
		{"3 2000", 0, "err.money.form"}, {"3_2000", 0, "err.money.form"}, {"3亿5", 0, "err.money.form"}, {"12,34", 0, "err.money.form"}, {"1234,567", 0, "err.money.form"},
		{"", 0, "err.money.empty"}, {"   ", 0, "err.money.empty"},
		{"1e9", 0, "err.money.form"}, {"很多", 0, "err.money.form"}, {"1.2.3亿", 0, "err.money.form"}, {"亿", 0, "err.money.form"}, {"1/3亿", 0, "err.money.form"},
		{"3亿-5亿", 0, "err.money.form"}, {"0x10", 0, "err.money.form"}, {strings.Repeat("9", 10000), 0, "err.money.form"},
		{"-5", 0, "err.money.positive"}, {"0", 0, "err.money.positive"}, {"-3.2亿", 0, "err.money.positive"},
		{"3.2", 0, "err.money.unit"}, {"5", 0, "err.money.unit"}, {"3200000000000", 0, "err.money.unit"},
		{"320000000", 0, "err.money.unit"}, {"3200000亿", 0, "err.money.unit"},
		{"1.00001亿", 0, "err.money.fine"}, {"12345元", 0, "err.money.fine"},
	} {
		t.Run(clip(tt.in, 20), func(t *testing.T) {
			got, err := ParseMoney(tt.in)
			var e *Error
			key := ""
			if errors.As(err, &e) {
				key = e.Key
			}
			if got != tt.want || key != tt.key {
				t.Errorf("ParseMoney(%q) = %d, %q; want %d, %q", clip(tt.in, 30), got, key, tt.want, tt.key)
			}
		})
	}
}

func TestMoneyUnitQuestionOffersBothReadings(t *testing.T) {
	_, err := ParseMoney("3.2")
	var e *Error
	if !errors.As(err, &e) || e.Args["n"] != "3.2" || e.Args["yi"] != "32,000" {
		t.Errorf("args %v", e.Args)
	}
}

func TestMoneyReadsBackWhatItWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := Wan(rapid.Int64Range(100, int64(MaxPlain)).Draw(t, "wan"))
		for _, s := range []string{w.String() + "万元", w.String(), fmt.Sprintf("%d", int64(w)), fmt.Sprintf("%d0000元", int64(w))} {
			if got, err := ParseMoney(s); err != nil || got != w {
				t.Fatalf("%q read as %d (%v), want %d", s, got, err, w)
			}
		}
		if w%100 == 0 {
			if got, err := ParseMoney(w.YiString() + "亿元"); err != nil || got != w {
				t.Fatalf("%s亿元 read as %d (%v)", w.YiString(), got, err)
			}
		}
	})
}

func FuzzParseMoney(f *testing.F) {
	for _, s := range []string{"三亿", "3.2亿", "32000", "３．２亿元", "-5", "1e9", "3亿5000万", "两亿五千万元", "1/3亿", "点亿", "万亿"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		w, err := ParseMoney(s)
		if err == nil && (w <= 0 || w > MaxPlain) {
			t.Errorf("ParseMoney(%q) = %d", s, w)
		}
		if err != nil && CodeOf(err) != Invalid {
			t.Errorf("ParseMoney(%q): %v", s, err)
		}
	})
}

// What is short of the threshold does not look as if it had reached it.
func TestShortOfAYi(t *testing.T) {
	for w, want := range map[Wan]string{9999: "0.99", 9950: "0.99", 9949: "0.99", 9940: "0.99", 9000: "0.90", 10000: "1.00", 10050: "1.01", -9999: "-0.99"} {
		if got := w.YiString(); got != want {
			t.Errorf("%d万元 is written %s亿元, want %s", w, got, want)
		}
	}
}
