package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/mouhua/mouhua/"

// allowed says what each package may import of ours, and which foreign module
// only it may import. A new package states its line here.
var allowed = map[string]struct {
	ours []string
	only []string
}{
	"reporting":  {},
	"lexicon":    {ours: []string{"reporting"}},
	"exchange":   {ours: []string{"reporting"}, only: []string{"github.com/xuri/excelize/v2", "github.com/arran4/golang-ical"}},
	"question":   {ours: []string{"reporting", "lexicon"}},
	"commands":   {ours: []string{"reporting", "lexicon", "question"}},
	"storage":    {ours: []string{"reporting"}, only: []string{"github.com/jmoiron/sqlx", "github.com/lib/pq", "modernc.org/sqlite", "database/sql", "github.com/pressly/goose/v3"}},
	"scheduler":  {ours: []string{"reporting"}, only: []string{"github.com/go-co-op/gocron/v2"}},
	"bot":        {ours: []string{"reporting", "commands"}, only: []string{"github.com/slack-go/slack"}},
	"playground": {},
}

// programs stand outside the product: they may import what they measure or
// generate with.
var programs = []string{"bench", "."}

// TestImports holds the directions of imports: reporting knows nobody, and each
// technology has one package that knows it.
func TestImports(t *testing.T) {
	seen := map[string]bool{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != "." && strings.HasPrefix(d.Name(), ".") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		pkg := filepath.ToSlash(filepath.Dir(path))
		top, _, _ := strings.Cut(pkg, "/")
		if slices.Contains(programs, top) || isGenerator(t, path) {
			return nil
		}
		seen[top] = true
		checkFile(t, path, top)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for pkg := range allowed {
		if !seen[pkg] {
			t.Errorf("package %s is in the table and not in the tree", pkg)
		}
	}
}

func isGenerator(t *testing.T, path string) bool {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Contains(string(b), "\n//go:build ignore\n") || strings.HasPrefix(string(b), "//go:build ignore\n")
}

func checkFile(t *testing.T, path, pkg string) {
	t.Helper()
	rule, ok := allowed[pkg]
	if !ok {
		t.Errorf("%s: package %s states no line in the table of imports", path, pkg)
		return
	}
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range f.Imports {
		imp := strings.Trim(spec.Path.Value, `"`)
		if ours, isOurs := strings.CutPrefix(imp, module); isOurs && !slices.Contains(rule.ours, strings.Split(ours, "/")[0]) && strings.Split(ours, "/")[0] != pkg {
			t.Errorf("%s imports %s: %s may import %v", path, imp, pkg, rule.ours)
		}
		if pkg == "reporting" && strings.Contains(imp, ".") {
			t.Errorf("%s imports %s: reporting uses the standard library only", path, imp)
		}
		for owner, r := range allowed {
			for _, m := range r.only {
				if owner != pkg && (imp == m || strings.HasPrefix(imp, m+"/")) {
					t.Errorf("%s imports %s, which only %s may know", path, imp, owner)
				}
			}
		}
	}
}
