# shellcheck shell=bash
# Runs a script's steps one after another, times them, and says at the end how each of them went.
# Sourced by scripts/test. A step that fails does not keep the next from running; a process that a
# step leaves behind is ended, and is a failure.

SUMMARY=()   # one line a step
FAILED=0     # how many steps failed
STEP_GROUP=  # process group of the step that is running

set -m # gives each step a process group of its own

end_step_group() {
  [ -n "$STEP_GROUP" ] || return 0
  kill -TERM -- "-$STEP_GROUP" 2>/dev/null || { STEP_GROUP='' && return 0; }
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    kill -0 -- "-$STEP_GROUP" 2>/dev/null || break
    sleep 0.5
  done
  kill -KILL -- "-$STEP_GROUP" 2>/dev/null || true
  { wait "$STEP_GROUP"; } 2>/dev/null || true # without bash's own word about it
  STEP_GROUP=
}

interrupted() { # interrupted EXIT_CODE
  trap - INT TERM HUP
  end_step_group
  printf '\ninterrupted\n' >&2
  exit "$1"
}
trap 'interrupted 130' INT
trap 'interrupted 143' TERM
trap 'interrupted 129' HUP
trap end_step_group EXIT

# A server that has just been told to stop may take a moment.
nothing_left_running() {
  for _ in 1 2 3 4 5 6 7 8; do
    kill -0 -- "-$STEP_GROUP" 2>/dev/null || return 0
    sleep 0.25
  done
  echo "left running by this step:" >&2
  ps -eo pgid=,pid=,args= | awk -v group="$STEP_GROUP" '$1 == group' >&2
  return 1
}

step() { # step NAME COMMAND...
  local name=$1 began=$SECONDS code=0 how=ok
  shift
  say "$name"
  "$@" </dev/null &
  STEP_GROUP=$!
  wait "$STEP_GROUP" || code=$?
  nothing_left_running || code=1
  end_step_group
  STEP_GROUP=
  if [ "$code" != 0 ]; then
    how=FAILED
    FAILED=$((FAILED + 1))
  fi
  note "$how" "$((SECONDS - began)) s" "$name"
}

note() { # note HOW TIME TEXT
  SUMMARY+=("$(printf '%-7s %6s  %s' "$1" "$2" "$3")")
}

finish() {
  printf '\n'
  printf '%s\n' "${SUMMARY[@]}"
  printf '%s in %s s\n' "$([ "$FAILED" = 0 ] && echo "all passed" || echo "$FAILED failed")" "$SECONDS"
  exit "$((FAILED > 0))"
}
