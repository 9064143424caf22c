package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// untested are refusals that no test can bring about, each with the reason.
var untested = map[string]string{
	"err.nudge.nothing": "only when a body ends or loses its channel between two reads of one command",
}

var refusalKey = regexp.MustCompile(`\berr\.[a-z0-9_]+(\.[a-z0-9_]+)*`)

// TestEveryRefusalIsTested looks for every key of a refusal in the code, and
// wants it in a test or in testdata. That it is named there does not prove that
// it is produced, but who writes a refusal is reminded of its test.
func TestEveryRefusalIsTested(t *testing.T) {
	made, named := map[string]string{}, map[string]bool{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != "." && (strings.HasPrefix(d.Name(), ".") || path == "bench" || path == "docs"):
			return fs.SkipDir
		case d.IsDir() || path == "refusals_test.go":
			return nil
		case strings.HasSuffix(path, "_test.go") || strings.Contains(path, "testdata/"):
			text, err := os.ReadFile(path)
			for _, key := range refusalKey.FindAllString(string(text), -1) {
				named[key] = true
			}
			return err
		case strings.HasSuffix(path, ".go"):
			return refusalsIn(path, made)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(made) < 100 {
		t.Fatalf("%d refusals found: the search is broken", len(made))
	}
	for key, where := range made {
		if _, excused := untested[key]; !named[key] && !excused {
			t.Errorf("%s of %s is in no test", key, where)
		}
	}
	for key := range untested {
		if made[key] == "" || named[key] {
			t.Errorf("%s needs no excuse", key)
		}
	}
}

// refusalsIn notes the keys that are whole string literals of a file.
func refusalsIn(path string, made map[string]string) error {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	ast.Inspect(file, func(n ast.Node) bool {
		lit, ok := n.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			return true
		}
		text, err := strconv.Unquote(lit.Value)
		if err == nil && slices.Equal(refusalKey.FindAllString(text, -1), []string{text}) {
			made[text] = path
		}
		return true
	})
	return nil
}
