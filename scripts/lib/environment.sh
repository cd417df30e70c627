# shellcheck shell=bash
# The Python environment that every script runs in. Source it, then call `use_environment`.
#
#   usage              prints the comment at the top of the script that runs
#   wrong_argument     says that the script does not know an argument, and exits with 2
#   use_environment    makes .venv where it is missing or out of date, puts it first in PATH and
#                      sets VENV; with VENDOR_BRIDGE_ENVIRONMENT=minimum it is .venv-minimum, with
#                      the lowest Home Assistant that the integration supports
#
# Everything goes into the clone and one cache folder ($VENDOR_BRIDGE_CACHE, by default
# ~/.cache/vendor-bridge); nothing is installed over the system. Once made, the environment is used
# without asking the network. Works with bash 3.2, which is what macOS has.

ROOT=$(CDPATH="" cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
CACHE=${VENDOR_BRIDGE_CACHE:-${XDG_CACHE_HOME:-${HOME:-$ROOT/.work}/.cache}/vendor-bridge}
UV_VERSION=0.13.8
PYTHON_SERIES=3.14
PYTHON_AT_LEAST="3, 14, 2" # what Home Assistant 2026.9 and 2026.10 ask for

. "$ROOT/scripts/lib/debian_python.sh"

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}
usage() { sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p;}' "$0"; }
wrong_argument() { # wrong_argument ARGUMENT
  printf 'error: unknown argument: %s (%s --help says what there is)\n' "$1" "$0" >&2
  exit 2
}

# --- uv -----------------------------------------------------------------------------------------

uv_fits() { # uv_fits UV: it runs, and knows `uv venv --clear`, which came with 0.8
  "$1" --version 2>/dev/null | grep -Eq '^uv (0\.([89]|[1-9][0-9]+)|[1-9][0-9]*)\.'
}

# uv takes no notice of pip's settings; where the machine has a package index or certificates of its
# own, they are usually pip's.
pass_on_pip_settings() {
  local index
  if [ -z "${UV_DEFAULT_INDEX:-${UV_INDEX_URL:-}}" ]; then
    index=${PIP_INDEX_URL:-$(python3 -m pip config get global.index-url 2>/dev/null || true)}
    [ -z "$index" ] || export UV_DEFAULT_INDEX="$index"
  fi
  [ -z "${PIP_CERT:-}" ] || [ -n "${SSL_CERT_FILE:-}" ] || export SSL_CERT_FILE="$PIP_CERT"
}

find_uv() {
  local any
  UV=$(command -v uv || true)
  case $UV in
    "$ROOT"/*) UV= ;; # belongs to an environment that may be about to be remade
  esac
  if [ -n "$UV" ] && uv_fits "$UV"; then return; fi
  UV=$CACHE/uv-$UV_VERSION/uv
  if [ -x "$UV" ] && uv_fits "$UV"; then return; fi
  for any in python3 python /usr/bin/python3 none; do
    "$any" -c 'import sys; sys.exit(sys.version_info[0] != 3)' 2>/dev/null && break
  done
  [ "$any" != none ] || die "no Python 3 found; install any Python 3, or uv (https://docs.astral.sh/uv/)"
  say "fetching uv $UV_VERSION from the package index"
  "$any" "$ROOT/scripts/lib/fetch_uv.py" "$UV_VERSION" "${UV%/uv}" ||
    die "could not fetch uv; install it by hand (https://docs.astral.sh/uv/) or try again with a network"
  uv_fits "$UV" || die "the fetched uv does not run here: $UV"
}

# --- Python -------------------------------------------------------------------------------------

# Prints the path of the interpreter that a shim or an environment's link leads to, if it will do.
python_that_fits() { # python_that_fits INTERPRETER
  [ -n "$1" ] && "$1" -c "
import sys, sysconfig, ctypes, lzma, sqlite3, ssl
fits = (3, 15) > sys.version_info >= ($PYTHON_AT_LEAST) and not sysconfig.get_config_var('Py_GIL_DISABLED')
print(getattr(sys, '_base_executable', '') or sys.executable) if fits else sys.exit(1)" 2>/dev/null
}

find_python() {
  local candidate
  for candidate in "$(command -v python$PYTHON_SERIES || true)" "$(command -v python3 || true)" \
    "${PYENV_ROOT:-${HOME:-}/.pyenv}"/versions/"$PYTHON_SERIES"*/bin/python \
    "$("$UV" python find --no-python-downloads "$PYTHON_SERIES" 2>/dev/null || true)" \
    "$CACHE"/uv-python/cpython-"$PYTHON_SERIES"*/bin/python"$PYTHON_SERIES" \
    "$CACHE/debian-python/usr/bin/python$PYTHON_SERIES"; do
    if PYTHON=$(python_that_fits "$candidate"); then return; fi
  done
  say "no Python $PYTHON_SERIES here; asking uv to install one"
  if UV_HTTP_TIMEOUT=20 UV_HTTP_RETRIES=0 "$UV" python install --no-bin \
    --install-dir "$CACHE/uv-python" "$PYTHON_SERIES" >"$CACHE/uv-python.log" 2>&1; then
    for candidate in "$CACHE"/uv-python/cpython-"$PYTHON_SERIES"*/bin/python"$PYTHON_SERIES"; do
      if PYTHON=$(python_that_fits "$candidate"); then return; fi
    done
  fi
  can_install_debian_python || die "Python $PYTHON_SERIES.2 or newer is needed, and uv could not install one:
$(tail -n 3 "$CACHE/uv-python.log")
Install it by hand (https://www.python.org/downloads/) and run this again."
  install_debian_python
}

# --- the environment ----------------------------------------------------------------------------

# One run at a time makes environments. The kernel drops a flock with the process that held it; macOS
# has none, so there a folder serves, with the holder's process id in it.
lock_cache() {
  local holder
  if command -v flock >/dev/null; then
    exec 9>"$CACHE/lock"
    flock -n 9 && return
    say "waiting for another run that makes its environment"
    flock 9
    return
  fi
  until mkdir "$CACHE/lock.d" 2>/dev/null; do
    holder=$(cat "$CACHE/lock.d/pid" 2>/dev/null || true)
    if [ -n "$holder" ] && ! kill -0 "$holder" 2>/dev/null; then
      rm -rf "$CACHE/lock.d"
    else
      sleep 1
    fi
  done
  echo $$ >"$CACHE/lock.d/pid"
}

unlock_cache() {
  exec 9>&-
  rm -rf "$CACHE/lock.d"
}

environment_is_ready() { # environment_is_ready STAMP
  [ "$(cat "$VENV/.stamp" 2>/dev/null)" = "$1" ] && python_that_fits "$VENV/bin/python" >/dev/null
}

make_environment() { # make_environment LOCKFILE STAMP
  local made
  [ -w "$ROOT" ] || die "the clone cannot be written to: $ROOT"
  pass_on_pip_settings
  export UV_CACHE_DIR="${UV_CACHE_DIR:-$CACHE/packages}"
  find_uv
  # Only what has changed is replaced: something may be running in the environment.
  if [ ! -f "$VENV/.stamp" ] || ! python_that_fits "$VENV/bin/python" >/dev/null; then
    find_python
    say "making $(basename "$VENV") with $("$PYTHON" --version)"
    "$UV" venv --quiet --clear --python "$PYTHON" "$VENV" || die "could not make $VENV"
    say "installing about $(grep -c '^[a-z][^;]*$' "$1") packages: it may take some minutes, and up to 1.3 GB of disk"
  else
    say "updating $(basename "$VENV")"
  fi
  rm -f "$VENV/.stamp"
  made=$SECONDS
  "$UV" pip sync --quiet --python "$VENV/bin/python" "$1" ||
    die "the packages of $(basename "$1") could not be installed; is the package index reachable?"
  echo "$2" >"$VENV/.stamp"
  say "installed the packages in $((SECONDS - made)) s"
}

use_environment() {
  local lockfile stamp
  case $(uname -s) in
    Linux | Darwin) ;;
    *) die "this runs on Linux and macOS; on Windows use WSL" ;;
  esac
  case ${VENDOR_BRIDGE_ENVIRONMENT:-newest} in
    newest) VENV=$ROOT/.venv lockfile=$ROOT/requirements_test.lock ;;
    minimum) VENV=$ROOT/.venv-minimum lockfile=$ROOT/requirements_minimum.lock ;;
    *) die "VENDOR_BRIDGE_ENVIRONMENT is 'newest' or 'minimum', not '$VENDOR_BRIDGE_ENVIRONMENT'" ;;
  esac
  # Without its compiled modules every start of Home Assistant takes four times the time.
  unset PYTHONHOME PYTHONPATH PYTHONDONTWRITEBYTECODE
  stamp=$(cksum <"$lockfile")
  if ! environment_is_ready "$stamp"; then
    mkdir -p "$CACHE" 2>/dev/null && [ -w "$CACHE" ] ||
      die "the cache folder $CACHE cannot be written to; name another in VENDOR_BRIDGE_CACHE"
    lock_cache
    environment_is_ready "$stamp" || make_environment "$lockfile" "$stamp"
    unlock_cache
  fi
  PATH=$VENV/bin:$PATH
  export PATH VENV VIRTUAL_ENV="$VENV"
}
