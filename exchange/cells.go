package exchange

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/mouhua/mouhua/reporting"
)

func invalid(key string, args ...any) *reporting.Error {
	return reporting.Fail(reporting.Invalid, key, args...)
}

// form is what a cell holds, beyond its text.
type form int

const (
	asText form = iota
	asNumber
	asDate
	asMonth
)

// cell is how one cell is read into a value and written from it.
type cell[T any] struct {
	form form
	set  func(v *T, text string) *reporting.Error
	get  func(v *T) string
}

// plain is a cell of the text that field points to.
func plain[T any, V ~string](field func(*T) *V, set func(v *T, text string) *reporting.Error) cell[T] {
	return cell[T]{asText, set, func(v *T) string { return string(*field(v)) }}
}

// text is free text of at most limit code points.
func text[T any](limit int, field func(*T) *string) cell[T] {
	return plain(field, func(v *T, cell string) *reporting.Error {
		if n := utf8.RuneCountInString(cell); n > limit {
			return invalid("err.import.too_long", "max", limit, "length", n)
		}
		*field(v) = cell
		return nil
	})
}

// pattern is text of a form, which the fault shows by an example.
func pattern[T any](form *regexp.Regexp, example string, field func(*T) *string) cell[T] {
	return plain(field, func(v *T, cell string) *reporting.Error {
		if !form.MatchString(cell) {
			return invalid("err.import.form", "example", example)
		}
		*field(v) = cell
		return nil
	})
}

// choice is one of the listed values, in any case.
func choice[T any, V ~string](list []V, field func(*T) *V) cell[T] {
	return plain(field, func(v *T, cell string) *reporting.Error {
		i := slices.IndexFunc(list, func(w V) bool { return strings.EqualFold(string(w), cell) })
		if i < 0 {
			return invalid("err.import.choice", "allowed", joined(list))
		}
		*field(v) = list[i]
		return nil
	})
}

func joined[V ~string](list []V) string {
	all := make([]string, len(list))
	for i, v := range list {
		all[i] = string(v)
	}
	return strings.Join(all, ", ")
}

// number is a whole number within bounds, both included.
func number[T any, N ~int | ~int64](low, high int64, field func(*T) *N) cell[T] {
	return cell[T]{asNumber, func(v *T, cell string) *reporting.Error {
		n, err := strconv.ParseInt(cell, 10, 64)
		if err != nil {
			return invalid("err.import.number")
		}
		if n < low || n > high {
			return invalid("err.import.range", "min", low, "max", high)
		}
		*field(v) = N(n)
		return nil
	}, func(v *T) string { return strconv.FormatInt(int64(*field(v)), 10) }}
}

// The years that a plan can have.
const firstYear, lastYear = 1990, 2100

func date[T any](field func(*T) *reporting.Date) cell[T] {
	return cell[T]{asDate, func(v *T, cell string) *reporting.Error {
		d, err := reporting.ParseDate(cell)
		if err != nil || d.Year < firstYear || d.Year > lastYear {
			return invalid("err.import.date")
		}
		*field(v) = d
		return nil
	}, func(v *T) string { return field(v).String() }}
}

func month[T any](field func(*T) *reporting.Month) cell[T] {
	return cell[T]{asMonth, func(v *T, cell string) *reporting.Error {
		m, err := reporting.ParseMonth(cell)
		if err != nil {
			return invalid("err.import.month")
		}
		*field(v) = m
		return nil
	}, func(v *T) string { return field(v).String() }}
}
