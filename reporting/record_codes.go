package reporting

import (
	"math/big"
	"regexp"
	"slices"
	"strings"
)

// The 31 signs of a unified social credit code: no I, O, S, V, Z.
const creditSigns = "0123456789ABCDEFGHJKLMNPQRTUWXY"

var (
	creditForm   = regexp.MustCompile(`^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$`)
	locationForm = regexp.MustCompile(`^[1-9]\d{5}$`)
	sectorForm   = regexp.MustCompile(`^([A-T]?)(\d\d)$`)
	rateForm     = regexp.MustCompile(`^\d{1,6}(\.\d{1,6})?$`)
)

// ParseCreditCode reads a unified social credit code in any case or width.
// Errors: Invalid for its form (err.credit.form), or for its last sign, which
// follows from the others (err.credit.check). Source: GB 32100-2015.
func ParseCreditCode(s string) (string, error) {
	code := upright(s)
	if !creditForm.MatchString(code) {
		return "", Fail(Invalid, "err.credit.form", "length", len([]rune(code)))
	}
	if creditCheck(code) != code[17] {
		return "", Fail(Invalid, "err.credit.check", "value", code)
	}
	return code, nil
}

// creditCheck returns the last sign of a code that begins so: signs are weighed
// by powers of 3, and the sum modulo 31 is made up to 31.
func creditCheck(code string) byte {
	sum, weight := 0, 1
	for _, sign := range code[:17] {
		sum += strings.IndexRune(creditSigns, sign) * weight
		weight = weight * 3 % 31
	}
	return creditSigns[(31-sum%31)%31]
}

func upright(s string) string {
	return strings.ToUpper(strings.ReplaceAll(foldWidth(s), " ", ""))
}

// ParseLocationCode reads the six digits of a county or district (GB/T 2260).
// away says that it is none of the city's. Errors: Invalid.
func ParseLocationCode(s string) (code string, away bool, err error) {
	code = upright(s)
	if !locationForm.MatchString(code) {
		return "", false, Fail(Invalid, "err.location_code", "value", clip(s, 40))
	}
	return code, !strings.HasPrefix(code, CodeRegion), nil
}

// sections are the first and last divisions of the sections A to T of GB/T
// 4754-2017.
var sections = [][2]string{
	{"01", "05"}, {"06", "12"}, {"13", "43"}, {"44", "46"}, {"47", "50"}, {"51", "52"}, {"53", "60"}, {"61", "62"}, {"63", "65"}, {"66", "69"},
	{"70", "70"}, {"71", "72"}, {"73", "75"}, {"76", "79"}, {"80", "82"}, {"83", "83"}, {"84", "85"}, {"86", "90"}, {"91", "96"}, {"97", "97"},
}

// ParseSector reads a division of GB/T 4754-2017 with or without its section:
// "C36", "36". Errors: Invalid for the form, and for a division that is not
// there or in another section.
func ParseSector(s string) (string, error) {
	m := sectorForm.FindStringSubmatch(upright(s))
	if m == nil {
		return "", Fail(Invalid, "err.gb4754.form", "value", clip(s, 40))
	}
	i := slices.IndexFunc(sections, func(r [2]string) bool { return r[0] <= m[2] && m[2] <= r[1] })
	if i < 0 {
		return "", Fail(Invalid, "err.gb4754.none", "value", m[2])
	}
	section := string(rune('A' + i))
	if m[1] != "" && m[1] != section {
		return "", Fail(Invalid, "err.gb4754.section", "value", m[0], "right", section+m[2])
	}
	return section + m[2], nil
}

// ParseRate reads how many yuan a unit of a currency is, with up to six
// decimals, and returns it as short as it can be written. Errors: Invalid.
func ParseRate(s string) (string, error) {
	t := upright(s)
	if !rateForm.MatchString(t) || strings.Trim(t, "0.") == "" {
		return "", Fail(Invalid, "err.fx.rate", "value", clip(s, 40))
	}
	if strings.Contains(t, ".") {
		t = strings.TrimRight(strings.TrimRight(t, "0"), ".")
	}
	if t = strings.TrimLeft(t, "0"); t[0] == '.' {
		t = "0" + t
	}
	return t, nil
}

// convert returns an amount in 10,000 units of a currency in 万元, rounded.
func convert(amount Wan, rate string) Wan {
	r, ok := new(big.Rat).SetString(rate)
	if !ok {
		return 0
	}
	r.Mul(r, new(big.Rat).SetInt64(int64(amount)))
	r.Add(r, big.NewRat(1, 2))
	return Wan(new(big.Int).Quo(r.Num(), r.Denom()).Int64())
}

// Several values of one field are written with a bar between them, in the
// order of their list, so that two records that say the same are the same.

// Values returns the values of a field that has several.
func Values(s string) []string {
	return strings.FieldsFunc(s, func(c rune) bool { return c == '|' })
}

// canonical returns values in the order of list, each once; ok is false when
// one is none of them.
func canonical(values, list []string) (s string, ok bool) {
	for _, v := range values {
		if !slices.Contains(list, v) {
			return "", false
		}
	}
	var out []string
	for _, v := range list {
		if slices.Contains(values, v) {
			out = append(out, v)
		}
	}
	return strings.Join(out, "|"), true
}
