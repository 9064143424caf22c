#!/usr/bin/env bash
# Lives through the year 2018 over Slack's protocol, on SQLite and on a
# throw-away PostgreSQL (or on TEST_POSTGRES_URL), and prints the figures that
# /quota, /report and a count of the export give for every body.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/common.sh

if [[ -z ${TEST_POSTGRES_URL:-} ]]; then
    say "starting a throw-away PostgreSQL"
    start_postgres
fi
go test . -run '^TestYear2018' -count 1 -v
