#!/bin/sh
# Indexes this project and a library that is installed beside it (or what is given), and shows real answers. `make demo` calls it.
# Everything it keeps lies in .aelus inside the checkout.
set -eu
cd "$(dirname "$0")/.."
export AELUS_HOME="$PWD/.aelus"
aelus="$PWD/.venv/bin/aelus"

ask() { printf '\n$ aelus' >&2; for word; do case $word in *\ *) printf ' "%s"' "$word" ;; *) printf ' %s' "$word" ;; esac; done >&2; echo >&2
        "$aelus" "$@"; }

if [ -n "${1:-}" ]; then
    name=$(basename "$1" .git)
    ask index "$1" --name "$name"
    ask search "where are errors handled" --repo "$name" -k 3
    called=$("$aelus" export --repo "$name" | .venv/bin/python scripts/most_called.py)
    [ -z "$called" ] || ask callers "$called" --repo "$name" --limit 10
    ask repos
else
    library=$(.venv/bin/python -c 'import importlib.util as find; print(find.find_spec("rich").submodule_search_locations[0])')
    ask index . --name aelus
    ask index "$library" --name rich
    ask search "retry file by file when a worker process died" --repo aelus -k 2
    ask search "fit the columns of a table into the width of the terminal" --repo rich -k 2
    ask callers repository_named --repo aelus
    ask callers Table.add_column --repo rich --limit 5
    ask repos
fi
printf '\nIn the browser, and over HTTP at /api/v1:  make serve  (opens http://127.0.0.1:8765)\nMore questions:  AELUS_HOME=.aelus .venv/bin/aelus search "..."\n'
