package reporting

import (
	"errors"
	"strings"
)

// Code classes an error for machines.
type Code string

// The codes. Anything that is not an *Error is internal: logged with a
// reference, never shown.
const (
	Invalid     Code = "invalid"     // what was typed cannot be used
	NotFound    Code = "not_found"   // no such body, project, draft …
	Forbidden   Code = "forbidden"   // the actor may not; Args["who"] says who may
	Conflict    Code = "conflict"    // somebody was faster, or the status does not allow it
	Unavailable Code = "unavailable" // the database is away: try again
)

// Error is an error that a person may see. Key names its text in the locale
// files, Args fill that text, Field names the form field it belongs to ("" =
// none), Err is the internal cause, logged and never shown.
type Error struct {
	Code  Code
	Key   string
	Args  map[string]any
	Field string
	Err   error
}

// Error returns the internal form, for logs.
func (e *Error) Error() string {
	s := string(e.Code) + ": " + e.Key
	if e.Field != "" {
		s += " (" + e.Field + ")"
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the internal cause.
func (e *Error) Unwrap() error { return e.Err }

// Fail returns an *Error with code and text key; args are pairs of name and value.
func Fail(code Code, key string, args ...any) *Error {
	e := &Error{Code: code, Key: key}
	for i := 0; i+1 < len(args); i += 2 {
		if e.Args == nil {
			e.Args = map[string]any{}
		}
		e.Args[args[i].(string)] = args[i+1]
	}
	return e
}

// At returns e as an error of the named form field.
func (e *Error) At(field string) *Error {
	c := *e
	c.Field = field
	return &c
}

// CodeOf returns the code of the first *Error in err's chain, or "" for an
// internal error.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// FieldErrors are the faults of one form, at most one a field.
type FieldErrors []*Error

// Error joins the internal forms.
func (f FieldErrors) Error() string {
	var all []string
	for _, e := range f {
		all = append(all, e.Error())
	}
	return strings.Join(all, "; ")
}

// Err returns f as an error, nil when f is empty.
func (f FieldErrors) Err() error {
	if len(f) == 0 {
		return nil
	}
	return f
}
