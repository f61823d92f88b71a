#!/bin/sh
# Makes or completes the virtual environment in the checkout and installs the locked packages into it. `make` calls it when needed.
# Works as root or not, with or without the distribution's venv package. Installs nothing outside the checkout, with one exception:
# as root on a Debian-like system without the venv package and without pip, that package is installed.
set -eu
cd "$(dirname "$0")/.."
VENV=.venv

say() { printf 'setup: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

runs_between() { # python, lowest minor, highest minor
    "$1" -c "import sys; sys.exit(not (3, $2) <= sys.version_info[:2] <= (3, $3))" >/dev/null 2>&1
}

choose_python() {
    # Up to 3.12 a Redis for the tests comes as a package; with a newer one they need a redis-server on PATH.
    for range in "11 12" "13 99"; do
        for candidate in ${PYTHON:-python3 python3.12 python3.11 python3.13 python3.14 python}; do
            # shellcheck disable=SC2086
            if runs_between "$candidate" $range; then echo "$candidate"; return; fi
        done
    done
    fail "Aelus needs Python 3.11 or newer, and ${PYTHON:-python3} is not. Install one (Debian: apt install python3.11 python3.11-venv)" \
         "or name one: make setup PYTHON=/path/to/python3.12"
}

has_pip() { "$VENV/bin/python" -m pip --version >/dev/null 2>&1; }

make_venv() {
    say "making $VENV with $("$1" --version)"
    "$1" -m venv "$VENV" >/dev/null 2>&1 && has_pip && return
    # Debian without python3-venv: the module is there, the pip inside is not.
    rm -rf "$VENV"
    if "$1" -m virtualenv -q "$VENV" 2>/dev/null && has_pip; then return; fi
    if command -v uv >/dev/null 2>&1 && uv venv -q --seed -p "$1" "$VENV" && has_pip; then return; fi
    if "$1" -m pip --version >/dev/null 2>&1; then
        say "ensurepip is missing: taking pip from outside the environment"
        rm -rf "$VENV"
        "$1" -m venv --without-pip "$VENV"
        "$1" -m pip --python "$VENV/bin/python" install -q pip && has_pip && return
    fi
    package="python$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        say "installing the system's $package"
        { apt-get install -qq -y "$package" || { apt-get update -qq && apt-get install -qq -y "$package"; }; } >/dev/null </dev/null \
            || fail "apt-get could not install $package; install it, then run make again."
        rm -rf "$VENV"
        "$1" -m venv "$VENV" && has_pip && return
    fi
    rm -rf "$VENV"
    fail "this Python cannot make virtual environments. Install its package (Debian: apt install $package), then run make again."
}

install() {
    say "installing the locked packages"
    python="$VENV/bin/python"
    [ -x "$VENV/bin/uv" ] || "$python" -m pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.txt \
        || say "uv is not to be had; pip does it, more slowly"
    # uv and pip are configured differently: where one cannot reach its index, the other may.
    if [ -x "$VENV/bin/uv" ] && "$VENV/bin/uv" pip install -q -p "$python" --require-hashes -r requirements/dev.txt \
        && "$VENV/bin/uv" pip install -q -p "$python" --no-deps --no-build-isolation -e .; then return; fi
    "$python" -m pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt \
        && "$python" -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
}

if ! "$VENV/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
    python=$(choose_python) || exit 1
    rm -rf "$VENV"
    make_venv "$python"
fi
has_pip || [ -x "$VENV/bin/uv" ] || fail "$VENV holds neither pip nor uv. Remove it (make clean), then run make again."
install || fail "the packages could not be installed; the lines above say why."
# Without bytecode every start would compile a thousand modules anew where Python is told not to write any; some packages carry files of other versions.
"$VENV/bin/python" -m compileall -q -j 0 "$VENV/lib" src >/dev/null 2>&1 || true
touch "$VENV/.ready"
say "ready: $VENV/bin/aelus --help"
