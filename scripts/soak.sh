#!/usr/bin/env bash
# Runs the long form of the proofs of docs/proofs.md: 200 runs with kill -9 on
# PostgreSQL and 200 on SQLite, on a throw-away PostgreSQL or on
# TEST_POSTGRES_URL, and prints what they counted. It ends within ten minutes: a
# machine that is too slow for them does fewer, and says so.
# RUNS is how many runs, SEED repeats the moments of an earlier soak.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/common.sh

if [[ -z ${TEST_POSTGRES_URL:-} ]]; then
    say "starting a throw-away PostgreSQL"
    start_postgres
fi
bin=$(mktemp -d /tmp/mouhua-soak.XXXXXX)
trap 'rm -rf "$bin"; stop_postgres' EXIT
say "building"
go test -c -o "$bin/main.test" .
go test -c -o "$bin/scheduler.test" ./scheduler
say "the five proofs"
began=$SECONDS status=0
(cd scheduler && timeout 600 "$bin/scheduler.test" -test.run '^TestProof' -test.v -test.timeout 10m) >"$bin/scheduler.log" 2>&1 || status=1
timeout $((600 - SECONDS + began)) "$bin/main.test" -test.run '^TestProof' -test.v -test.timeout 10m \
    -proof.runs "${RUNS:-200}" -proof.time 230s -proof.seed "${SEED:-0}" >"$bin/main.log" 2>&1 || status=1
if [[ $status != 0 ]]; then
    cat "$bin/scheduler.log" "$bin/main.log"
    exit 1
fi
grep -hE '^ *(proof_[a-z]+_test.go|--- (PASS|SKIP))' "$bin/scheduler.log" "$bin/main.log"
say "all proofs hold, in $((SECONDS - began)) seconds"
