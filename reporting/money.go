package reporting

import (
	"math/big"
	"regexp"
	"strconv"
	"strings"
)

// Wan is an amount of money in 万元 (10,000 yuan).
type Wan int64

// Yi is 亿元 (100 million yuan) in 万元.
const Yi Wan = 10000

// MaxPlain is the largest total that is taken without asking again: 1,000 亿元.
// The largest project of the plan's years is a tenth of it.
const MaxPlain = 1000 * Yi

// YiString returns the amount in 亿元 with two decimals, without the unit. What
// is short of 1 亿元 is not rounded up to it: the threshold stands there.
func (w Wan) YiString() string {
	sign, v := "", int64(w)
	if v < 0 {
		sign, v = "-", -v
	}
	cents := (v + 50) / 100
	if v < int64(Yi) {
		cents = min(cents, 99)
	}
	return sign + strconv.FormatInt(cents/100, 10) + "." + pad2(cents%100)
}

// String returns the amount in 万元 with thousands separators, without the unit.
func (w Wan) String() string {
	s, sign := strconv.FormatInt(int64(w), 10), ""
	if s[0] == '-' {
		sign, s = "-", s[1:]
	}
	return sign + grouped(s)
}

// grouped sets thousands separators into digits before any decimal point.
func grouped(digits string) string {
	whole, fraction, _ := strings.Cut(digits, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if fraction != "" {
		return whole + "." + fraction
	}
	return whole
}

func pad2(n int64) string {
	if n < 10 {
		return "0" + strconv.FormatInt(n, 10)
	}
	return strconv.FormatInt(n, 10)
}

// ParseMoney reads an amount that a person typed: "3.2亿", "32000", "32,000万元",
// "３．２亿元", "三亿", "两亿五千万", "320 million yuan". A bare number is 万元.
//
// Errors (all Invalid): err.money.empty, err.money.form (not a number; also
// "1e9"), err.money.positive (zero or less), err.money.fine (finer than 万元),
// err.money.unit (the size says that 万元 and 亿元 may have been mixed up: the
// person must write the unit. Args "n" is the number as it is in either unit,
// "yi" what it is in 万元 when 亿元 is meant).
func ParseMoney(s string) (Wan, error) {
	t := strings.ToLower(strings.NewReplacer("¥", "", "人民币", "").Replace(foldWidth(s)))
	t = strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(t, "rmb"), "cny"), "rmb"), "cny"))
	switch {
	case t == "":
		return 0, Fail(Invalid, "err.money.empty")
	case len(t) > 120: // longer than any amount: not worth reading
		return 0, Fail(Invalid, "err.money.form", "value", clip(s, 40))
	}
	if torn.MatchString(t) || strings.ContainsRune(separated.ReplaceAllString(t, ""), ',') {
		// A comma that parts no thousands may be a decimal point, or two numbers.
		return 0, Fail(Invalid, "err.money.form", "value", clip(s, 40))
	}
	t = strings.NewReplacer(",", "", " ", "").Replace(t)
	if v, ok := compound(t); ok {
		return toWan(v, big.NewRat(1, 1), false, clip(s, 40))
	}
	number, unit, bare := splitUnit(t)
	v, ok := parseNumber(number)
	if !ok {
		return 0, Fail(Invalid, "err.money.form", "value", clip(s, 40))
	}
	if v.Sign() <= 0 {
		return 0, Fail(Invalid, "err.money.positive")
	}
	return toWan(v, unit, bare, clip(strings.TrimSpace(number), 40))
}

var (
	torn      = regexp.MustCompile(`[\d.]\s+[\d.]`)                         // "3 2000"
	separated = regexp.MustCompile(`(^|[^\d.,])\d{1,3}(,\d{3})+($|[^\d,])`) // "32,000"
)

// compound reads "3亿5000万" as 万元: digits on both sides, so neither a single
// number with a unit nor Chinese numerals.
func compound(t string) (*big.Rat, bool) {
	yi, rest, ok := strings.Cut(strings.TrimRight(strings.ReplaceAll(t, "億", "亿"), "元"), "亿")
	wan := strings.TrimRight(rest, "万萬")
	if !ok || wan == "" || wan == rest {
		return nil, false
	}
	if _, chinese := chineseNumber(strings.TrimRight(t, "元")); chinese {
		return nil, false
	}
	a, okA := parseNumber(yi)
	b, okB := parseNumber(wan)
	if !okA || !okB || b.Cmp(big.NewRat(int64(Yi), 1)) >= 0 {
		return nil, false
	}
	return b.Add(b, a.Mul(a, big.NewRat(int64(Yi), 1))), true
}

func toWan(v, unit *big.Rat, bare bool, typed string) (Wan, error) {
	wan := new(big.Rat).Mul(v, unit)
	yi := new(big.Rat).Mul(v, new(big.Rat).SetInt64(int64(Yi)))
	tooLarge := wan.Cmp(new(big.Rat).SetInt64(int64(MaxPlain))) > 0
	// Nobody files a project of under 1,000,000 yuan: "3.2" means 亿元, or a slip.
	tooSmall := bare && v.Cmp(big.NewRat(100, 1)) < 0
	if tooLarge || tooSmall {
		return 0, Fail(Invalid, "err.money.unit", "typed", typed, "n", grouped(ratString(v)), "yi", grouped(ratString(yi)))
	}
	if !wan.IsInt() {
		return 0, Fail(Invalid, "err.money.fine", "value", typed)
	}
	return Wan(wan.Num().Int64()), nil
}

var units = []struct {
	suffix string
	wan    *big.Rat
}{
	{"亿", big.NewRat(10000, 1)}, {"億", big.NewRat(10000, 1)},
	{"千万", big.NewRat(1000, 1)}, {"千萬", big.NewRat(1000, 1)},
	{"百万", big.NewRat(100, 1)}, {"百萬", big.NewRat(100, 1)},
	{"万", big.NewRat(1, 1)}, {"萬", big.NewRat(1, 1)}, {"wan", big.NewRat(1, 1)},
	{"billion", big.NewRat(100000, 1)}, {"bn", big.NewRat(100000, 1)},
	{"million", big.NewRat(100, 1)}, {"mn", big.NewRat(100, 1)}, {"m", big.NewRat(100, 1)},
	{"yi", big.NewRat(10000, 1)},
}

// splitUnit takes the unit off the end; without one the number is bare 万元.
func splitUnit(t string) (number string, wan *big.Rat, bare bool) {
	yuan := false
	for _, y := range []string{"人民币", "yuan", "元", "圆", "圓"} {
		if strings.HasSuffix(t, y) {
			t, yuan = strings.TrimSuffix(t, y), true
			break
		}
	}
	for _, u := range units {
		rest := strings.TrimSuffix(t, u.suffix)
		if rest == t || rest == "" {
			continue
		}
		// "两亿五千万" is one number in Chinese characters with units inside.
		if v, ok := chineseNumber(t); ok {
			return v.FloatString(4), big.NewRat(1, 10000), false
		}
		return rest, u.wan, false
	}
	if yuan {
		return t, big.NewRat(1, 10000), false
	}
	if v, ok := chineseNumber(t); ok && v.Cmp(big.NewRat(10000, 1)) >= 0 {
		return v.FloatString(4), big.NewRat(1, 10000), false
	}
	return t, big.NewRat(1, 1), true
}

// parseNumber reads digits with at most one point, or Chinese numerals.
func parseNumber(s string) (*big.Rat, bool) {
	digits := strings.TrimPrefix(s, "-")
	if digits == "" {
		return nil, false
	}
	if strings.Trim(digits, "0123456789.") == "" && strings.Count(digits, ".") <= 1 && digits != "." {
		v, ok := new(big.Rat).SetString(s)
		return v, ok
	}
	return chineseNumber(s)
}

func ratString(v *big.Rat) string {
	return clip(strings.TrimRight(strings.TrimRight(v.FloatString(4), "0"), "."), 40)
}

// clip shortens s to n runes, for echoing what was typed.
func clip(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n]) + "…"
}
