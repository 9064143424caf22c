package reporting

import (
	"math/big"
	"strings"
)

// foldWidth turns full-width letters, digits and signs into their ASCII forms
// and trims space.
func foldWidth(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r >= 0xFF01 && r <= 0xFF5E:
			return r - 0xFEE0
		case r == 0x3000 || r == 0x00A0:
			return ' '
		case r == '。' || r == '．' || r == '﹒':
			return '.'
		case r == '，':
			return ','
		}
		return r
	}, s))
}

var numerals = map[rune]int64{
	'〇': 0, '零': 0, '一': 1, '壹': 1, '二': 2, '贰': 2, '貳': 2, '两': 2, '兩': 2, '三': 3, '叁': 3, '參': 3,
	'四': 4, '肆': 4, '五': 5, '伍': 5, '六': 6, '陆': 6, '陸': 6, '七': 7, '柒': 7, '八': 8, '捌': 8, '九': 9, '玖': 9,
}

var multiples = map[rune]int64{'十': 10, '拾': 10, '百': 100, '佰': 100, '千': 1000, '仟': 1000}

// ParseNumeral reads a whole number in digits or Chinese numerals: 12, 十二, 两百.
// ok is false for anything else.
func ParseNumeral(s string) (n int, ok bool) {
	v, ok := parseNumber(foldWidth(s))
	if !ok || !v.IsInt() || !v.Num().IsInt64() {
		return 0, false
	}
	return int(v.Num().Int64()), true
}

// chineseNumber reads numerals such as 三亿, 两亿五千万, 一千二百, 三点五亿, in
// ones (yuan when the caller means money). It reads nothing that has an ASCII
// digit in it.
func chineseNumber(s string) (*big.Rat, bool) {
	var total, section, digit int64
	var fraction string
	var unit int64 // the 万 or 亿 just read: a lone digit after it is a tenth of it, 两亿五
	seen, point := false, false
	flush := func(by int64) bool {
		v := section + digit
		if v == 0 && !point {
			v = 1
		}
		r, ok := new(big.Rat).SetString(itoa(v) + "." + fraction + "0")
		if !ok {
			return false
		}
		r.Mul(r, big.NewRat(by, 1))
		if !r.IsInt() || !r.Num().IsInt64() {
			return false
		}
		total += r.Num().Int64()
		section, digit, fraction, point, unit = 0, 0, "", false, by
		return true
	}
	for _, r := range s {
		d, isDigit := numerals[r]
		m, isMultiple := multiples[r]
		switch {
		case isDigit && point:
			fraction += itoa(d)
		case isDigit:
			if d == 0 {
				unit = 0 // 两亿零五 has five ones
			}
			digit = d
		case isMultiple && !point:
			section, digit, unit = section+max(digit, boolTo1(digit == 0))*m, 0, 0
		case r == '点' || r == '點':
			point = true
		case (r == '万' || r == '萬') && seen:
			if !flush(10000) {
				return nil, false
			}
		case (r == '亿' || r == '億') && seen:
			if !flush(100000000) {
				return nil, false
			}
		default:
			return nil, false
		}
		seen = true
	}
	if !seen || total > 1<<60 {
		return nil, false
	}
	if section == 0 {
		digit *= max(1, unit/10)
	}
	v, ok := new(big.Rat).SetString(itoa(total+section+digit) + "." + fraction + "0")
	return v, ok
}

func itoa(n int64) string { return big.NewInt(n).String() }

func boolTo1(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
