export LINT_VERSION := v2.15.0
export CGO_ENABLED ?= 0

.PHONY: help build demo test test-quick questions year soak fuzz bench clean
help: ## show this
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## the binary, without cgo
	go build -trimpath -o mouhua .

demo: ## a local Slack workspace with Mouhua in it
	go run . demo

test: ## vet, linter and all tests with -race, on both databases and in a browser
	CGO_ENABLED=1 scripts/test.sh

test-quick: ## the tests that need nothing but Go
	go test ./...

questions: ## how many of the examples of questions are read as written, and the misses (FILES="a.tsv b.tsv" for others)
	@cd question && go test -count=1 -run '^TestQuestions$$' -args -questions '$(abspath $(FILES))'

year: ## the year 2018 lived through on both databases, and its figures as a table
	scripts/year.sh

soak: ## the proofs of docs/proofs.md in their long form, within ten minutes
	scripts/soak.sh

fuzz: ## every fuzz test for 30 seconds
	@for p in $$(go list ./...); do for f in $$(go test -list '^Fuzz' $$p | grep '^Fuzz' || true); do \
		echo "$$p $$f"; go test $$p -run '^$$' -fuzz "^$$f$$" -fuzztime 30s -fuzzminimizetime 10x || exit 1; done; done

bench: ## throughput and latency beside a floor, on PostgreSQL
	scripts/bench.sh

clean: ## what builds and tests leave behind
	rm -rf mouhua bin .tools bench/out
