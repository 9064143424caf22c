#!/usr/bin/env bash
# Runs everything that must hold: vet, linter, all tests with the race detector,
# on SQLite and on a throw-away PostgreSQL, with a headless Chromium.
#
#   TEST_POSTGRES_URL=postgres://…   use that server instead of starting one
#   TEST_CHROMIUM=/path/to/chromium  use that browser
#   SKIP=postgres,browser,lint,race  leave these parts out, by name
set -euo pipefail
cd "$(dirname "$0")/.."

source scripts/common.sh

skipped() { [[ ",${SKIP:-}," == *",$1,"* ]]; }

find_chromium() {
    local c
    for c in "${TEST_CHROMIUM:-}" chromium chromium-browser google-chrome "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" \
        /Applications/Chromium.app/Contents/MacOS/Chromium; do
        [[ -n $c ]] && command -v "$c" >/dev/null && { command -v "$c"; return; }
    done
    return 1
}

if [[ -z ${TEST_POSTGRES_URL:-} ]] && ! skipped postgres; then
    say "starting a throw-away PostgreSQL"
    start_postgres
fi

if skipped browser; then
    export TEST_CHROMIUM=none
else
    TEST_CHROMIUM=$(find_chromium) || { apt_install chromium fonts-noto-cjk && TEST_CHROMIUM=$(find_chromium); } ||
        give_up browser "No Chromium or Chrome is here and none can be installed: install one or set TEST_CHROMIUM."
    export TEST_CHROMIUM
    command -v fc-list >/dev/null && [[ -z $(fc-list :lang=zh 2>/dev/null) ]] && { apt_install fonts-noto-cjk || true; }
fi

race=-race
if skipped race; then
    race=
elif ! command -v cc >/dev/null && ! command -v gcc >/dev/null; then
    apt_install gcc libc6-dev || give_up race "The race detector needs a C compiler: install one."
fi

# The detector watches everything but SQLite's engine: C that was translated to
# Go, twenty times slower under watch, and none of ours. Its driver is watched.
engine=()
if [[ -n $race ]]; then
    for p in modernc.org/sqlite/lib modernc.org/libc/... modernc.org/memory; do engine+=("-gcflags=$p=-race=false"); done
fi

say "go vet"
go vet ./...

if ! skipped lint; then
    lint=.tools/golangci-lint-$LINT_VERSION
    if [[ ! -x $lint ]]; then
        say "building the linter $LINT_VERSION (once)"
        GOBIN="$PWD/.tools" CGO_ENABLED=0 GOFLAGS= go install "github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$LINT_VERSION" ||
            give_up lint "The linter could not be built."
        mv .tools/golangci-lint "$lint"
    fi
    say "linter"
    "$lint" run ./...
fi

say "tests"
go test $race ${engine[@]+"${engine[@]}"} -timeout 20m ./...
if [[ -n $race ]]; then
    say "what the race detector leaves small, in full"
    go test -timeout 20m -run '^Test(SQLite|PostgreSQL)$/^(simulated_year|life_of_projects|import_many)$' ./storage
fi
