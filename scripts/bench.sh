#!/usr/bin/env bash
# Throughput and latency beside a floor program, on a throw-away PostgreSQL (or
# on TEST_POSTGRES_URL). Arguments go to the program: see go run ./bench -h.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/common.sh

if [[ -z ${TEST_POSTGRES_URL:-} ]]; then
    say "starting a throw-away PostgreSQL"
    start_postgres -c shared_buffers=512MB -c max_wal_size=8GB
fi
say "benchmarks of single functions"
go test -run '^$' -bench . -benchmem ./... | grep -E '^(Benchmark|pkg:)' || true
say "under load"
go run ./bench "$@"
