#!/usr/bin/env bash
# Puts uv from PyPI into the folder $1, with any Python >= 3.11 of this machine.
set -euo pipefail

target=$1
requirements=$(dirname "$0")/bootstrap-requirements.txt

find_python() {
    local name
    for name in python3 python3.14 python3.13 python3.12 python3.11 python; do
        if command -v "$name" >/dev/null &&
            "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    echo "Python 3.11 or later is needed, and none is on PATH." >&2
    echo "Install it from your system's packages (python3), then run this again." >&2
    exit 1
}

python=$(find_python)
echo "Setting up uv with $("$python" --version)"
rm -rf "$target"
if ! "$python" -m venv "$target" 2>"$target.log"; then
    # Debian keeps venv's pip in a package of its own; pip itself may be there all the same.
    rm -rf "$target"
    if ! { "$python" -m venv --without-pip "$target" &&
        "$python" -m pip --version >/dev/null 2>&1; }; then
        cat "$target.log" >&2
        echo "This Python has neither venv with pip nor pip. On Debian and Ubuntu: apt install python3-venv" >&2
        rm -rf "$target" "$target.log"
        exit 1
    fi
    "$python" -m pip --python "$target/bin/python" install --quiet --disable-pip-version-check \
        --require-hashes --requirement "$requirements"
else
    "$target/bin/python" -m pip install --quiet --disable-pip-version-check \
        --require-hashes --requirement "$requirements"
fi
rm -f "$target.log"
