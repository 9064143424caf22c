package exchange

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The explanations of a spreadsheet call things as screens do.
func TestValuesAreCalledAsOnScreens(t *testing.T) {
	files, err := filepath.Glob("../commands/locales/*.zh-CN.toml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	var screens strings.Builder
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		screens.Write(text)
	}
	for _, tt := range []struct {
		sheet       sheet
		column, key string
	}{
		{bodiesSheet, "kind", "kind"}, {peopleSheet, "role", "role"}, {projectsSheet, "stage", "stage"}, {projectsSheet, "status", "status"},
		{projectsSheet, "nature", "nature"}, {projectsSheet, "milestone", "milestone"}, {projectsSheet, "investor_origin", "origin"},
		{projectsSheet, "proof", "proof"}, {projectsSheet, "planning_mode", "planning_mode"}, {projectsSheet, "drive", "drive"},
		{projectsSheet, "library_level", "library_level"}, {projectsSheet, "tags", "tags"},
	} {
		for _, value := range strings.Split(tt.sheet.headings[tt.column].values, "；") {
			id, word, ok := strings.Cut(value, " ")
			if ok && !strings.HasPrefix(id, "多") && !strings.Contains(screens.String(), `"`+tt.key+"."+id+`" = "`+word+`"`) {
				t.Errorf("%s: %s is not called %q on screens", tt.column, id, word)
			}
		}
	}
}
