package reporting

import (
	"testing"
	"time"
)

func TestSaidMonth(t *testing.T) {
	today := Date{2018, time.July, 31}
	for _, c := range []struct{ said, want string }{
		{"2018-09", "2018-09"}, {"2018年9月", "2018-09"}, {"２０１８年９月份", "2018-09"}, {"2018年9月1日", "2018-09"}, {"2018.9", "2018-09"},
		{"明年5月", "2019-05"}, {"今年12月左右", "2018-12"}, {"後年3月份", "2020-03"}, {"预计2020年6月", "2020-06"},
		{"September 2018", "2018-09"}, {"in Sep. 2018", "2018-09"}, {"march of next year", "2019-03"}, {"9/2018", "2018-09"}, {"2018-09-01", "2018-09"},
		{"9月", ""}, {"明年", ""}, {"2018", ""}, {"2018年13月", ""}, {"Smarch 2018", ""}, {"", ""}, {"明年底", ""},
	} {
		m, ok := SaidMonth(c.said, today)
		if m.String() != c.want || ok != (c.want != "") {
			t.Errorf("%q: %s, %v; want %q", c.said, m, ok, c.want)
		}
	}
}
