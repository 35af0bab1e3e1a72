#!/bin/sh
# Makes .tools/uv/bin/uv and .venv from a bare machine with Python 3.13; with the word `uv`, that one alone, for a lock
# that is out of date. All it says goes to stderr.
set -eu
exec 1>&2
UV_VERSION=0.13.9

is_313() { "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null </dev/null; }

find_python() {
    for name in ${PYTHON:+"$PYTHON"} python3.13 python3 python; do
        if is_313 "$name"; then
            "$name" -c 'import sys; print(sys.executable)'
            return
        fi
    done
    if uv --version >/dev/null 2>&1 && uv python install --quiet 3.13 2>/dev/null; then
        uv python find --managed-python 3.13
        return
    fi
    return 1
}

if ! python=$(find_python); then
    cat <<'TEXT'
Brightspot needs Python 3.13, and none was found (tried $PYTHON, python3.13, python3, python and uv).
Any one of these gets it:
    pyenv install 3.13
    uv python install 3.13
    apt install python3.13 python3.13-venv      (Debian 13, Ubuntu 25.04)
    brew install python@3.13
    https://www.python.org/downloads/
Then run make again, or say where it is: make PYTHON=/path/to/python3.13 ...
TEXT
    exit 1
fi

# One version for everybody: another would lock and export in another form.
is_our_uv() { case $("$1" --version 2>/dev/null) in "uv $UV_VERSION"*) ;; *) return 1 ;; esac; }

echo "Setting up with Python 3.13 at $python"
if is_our_uv .tools/uv/bin/uv; then
    :
elif is_our_uv uv; then
    rm -rf .tools/uv
    mkdir -p .tools/uv/bin
    ln -s "$(command -v uv)" .tools/uv/bin/uv
else
    rm -rf .tools/uv
    "$python" -m venv .tools/uv
    .tools/uv/bin/pip install -qq --disable-pip-version-check "uv==$UV_VERSION"
fi
if [ "${1:-}" = uv ]; then exit; fi
.tools/uv/bin/uv sync --quiet --locked --python "$python"
