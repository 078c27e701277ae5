# shellcheck shell=bash disable=SC2034,SC2154 # a part of main.sh, which shares its variables
# Prints the output of the setup. Collects violations, so that the user sees all violations together.

violations=()

# violation SENTENCE COMMAND: records an unmet precondition and a suggested command.
violation() {
  violations+=("error: $1"$'\n'"  run: $2")
}

# Exits with code 2 when at least one violation is recorded.
stop_on_violations() {
  ((${#violations[@]} == 0)) && return
  printf '%s\n' "${violations[@]}" >&2
  exit 2
}

say() {
  printf '%s\n' "$*"
}

# as_root COMMAND: prints the command line that runs a command as root. A new Debian system has no sudo, and su keeps a PATH without /sbin.
as_root() {
  if command -v sudo > /dev/null; then echo "sudo sh -c '$1'"; else echo "su root -c 'PATH=\$PATH:/usr/sbin:/sbin; $1'"; fi
}

# duration SECONDS
duration() {
  if (($1 < 55)); then
    echo "$1 seconds"
  elif (($1 < 90)); then
    echo "1 minute"
  else
    echo "$((($1 + 30) / 60)) minutes"
  fi
}

# rows FILE: prints the lines of a table without comments.
rows() {
  sed -E 's/#.*//; /^[[:space:]]*$/d' "$here/$1"
}

# in_list ITEM LIST: succeeds if a comma-separated list contains the item.
in_list() {
  [[ ,$2, == *,$1,* ]]
}

# for_tasks LIST: succeeds if a comma-separated list contains a requested task.
for_tasks() {
  local task
  for task in any $tasks; do
    in_list "$task" "$1" && return 0
  done
  return 1
}

readonly HEARTBEAT_SECONDS=10

# with_progress TITLE COMMAND...: prints the progress of a command every 10 seconds, and the end of its output when it fails.
with_progress() {
  local title=$1 log=$scratch/log code=0 start=$SECONDS
  shift
  say "$title"
  heartbeat "$log" "$start" &
  heart=$!
  "$@" > "$log" 2>&1 || code=$?
  stop_heartbeat
  if ((code == 0)); then say "  done in $((SECONDS - start)) s"; else tail -n 15 "$log" >&2; fi
  return "$code"
}

# heartbeat LOG START: prints progress until the setup ends, even after SIGKILL. Also ends its own sleep process, which keeps the output open.
heartbeat() {
  local pause=''
  trap '[[ -z $pause ]] || kill "$pause"; exit' TERM
  while kill -0 $$ 2> /dev/null; do
    sleep "$HEARTBEAT_SECONDS" > /dev/null 2>&1 &
    pause=$!
    wait "$pause"
    say "  $((SECONDS - $2)) s: $(tail -n 1 "$1" | cut -c 1-100)"
  done
}

stop_heartbeat() {
  [[ -n ${heart:-} ]] || return 0
  { kill "$heart" && wait "$heart"; } 2> /dev/null || true
  heart=''
}
