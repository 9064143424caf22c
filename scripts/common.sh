# Shared by the scripts beside it: messages, packages, and a throw-away
# PostgreSQL on loopback that ends with the script.

say() { printf '\n== %s\n' "$*"; }
give_up() { printf '\n%s\nTo leave this part out: SKIP=%s make test\n' "$2" "$1" >&2; exit 1; }

apt_ready=
apt_install() { # debian packages, when we may
    command -v apt-get >/dev/null && [[ $(id -u) == 0 ]] || return 1
    [[ -n $apt_ready ]] || { apt-get update -qq && apt_ready=1; }
    say "installing $*"
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

find_postgres() {
    local d
    for d in $(command -v initdb 2>/dev/null | xargs -r dirname) $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -rV) \
        /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin; do
        [[ -x $d/initdb && -x $d/postgres ]] && { echo "$d"; return; }
    done
    return 1
}

cluster=
stop_postgres() {
    [[ -n $cluster ]] || return 0
    as_owner "$pgbin/pg_ctl" -D "$cluster/data" -m immediate -w stop >/dev/null 2>&1 || true
    rm -rf "$cluster"
}
as_owner() { # PostgreSQL refuses to run as root
    if [[ $(id -u) == 0 ]]; then (cd / && su postgres -s /bin/sh -c "$(printf '%q ' "$@")"); else "$@"; fi
}
start_postgres() {
    pgbin=$(find_postgres) || { apt_install postgresql && pgbin=$(find_postgres); } ||
        give_up postgres "PostgreSQL is not here and cannot be installed: install it (macOS: brew install postgresql; Debian: apt-get install postgresql) or set TEST_POSTGRES_URL."
    cluster=$(mktemp -d /tmp/mouhua-pg.XXXXXX)
    [[ $(id -u) == 0 ]] && chown postgres "$cluster"
    trap stop_postgres EXIT
    as_owner "$pgbin/initdb" -D "$cluster/data" -U postgres -A trust --no-sync -E UTF8 --locale=C >/dev/null
    local try port # arguments: more settings of the server
    for try in 1 2 3 4 5 6 7 8 9 10; do # another program may take the port first
        port=$((20000 + RANDOM % 20000))
        if as_owner "$pgbin/pg_ctl" -D "$cluster/data" -w -l "$cluster/log" \
            -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$cluster -c fsync=off -c synchronous_commit=off -c max_connections=200 $*" start >/dev/null; then
            export TEST_POSTGRES_URL="postgres://postgres@127.0.0.1:$port/postgres?sslmode=disable"
            return
        fi
    done
    cat "$cluster/log" >&2
    give_up postgres "The throw-away PostgreSQL did not start; its log is above."
}
