# shellcheck shell=bash disable=SC2034,SC2154 # a part of setup.sh, which shares its variables
# Registries that something is needed from. Each must answer the client that will use it, as the client is set up on this machine.
# A client that is still to be installed is asked once it is there.

# A machine with a network answers in one or two seconds. A busy one gets more before it counts as without.
readonly PATIENCE_SECONDS=25
readonly HINT_SECONDS=4
readonly CLIENTS=(apt pip npm go)
asked=''

check_network() {
  local client answers=$scratch questions=()
  for client in "${CLIENTS[@]}"; do
    if [[ " $asked " == *" $client "* ]] || ! "needs_$client"; then continue; fi
    asked+=" $client"
    { "ask_$client" > "$answers/$client" 2>&1 || touch "$answers/$client.failed"; } &
    questions+=($!)
  done
  ((${#questions[@]} > 0)) || return 0
  hint_at_silence &
  heart=$!
  wait "${questions[@]}" || true
  stop_heartbeat
  for client in "${CLIENTS[@]}"; do
    rm "$answers/$client.failed" 2> /dev/null && violation "$("registry_of_$client") does not answer: $(reason_in "$answers/$client")" "$("retry_$client")"
  done
  return 0
}

hint_at_silence() {
  local pause
  trap 'kill "$pause"; exit' TERM
  sleep "$HINT_SECONDS" > /dev/null 2>&1 &
  pause=$!
  wait "$pause"
  say "waiting for registries to answer, for up to $PATIENCE_SECONDS seconds"
}

# reason_in FILE: the line of a client's output that says why it failed.
reason_in() {
  local line
  line=$(grep -iE 'resolv|connect|timed out|refused|unreachable|ENOTFOUND|EAI_AGAIN|error|^E:' "$1" | head -n 1 | sed 's/^ *//') || true
  echo "${line:-it was silent for $PATIENCE_SECONDS seconds}"
}

bounded() {
  timeout "$PATIENCE_SECONDS" "$@"
}

needs_apt() { ((${#missing_packages[@]} > 0)) && [[ $(id -u) == 0 && -x /usr/lib/apt/apt-helper ]]; }
registry_of_apt() { echo "the archive of Debian packages"; }
retry_apt() { echo "apt-get update"; }
# Loads the first file that an update would load.
ask_apt() {
  local uri
  uri=$(apt-get update --print-uris | head -n 1 | cut -d "'" -f 2)
  bounded /usr/lib/apt/apt-helper -o Acquire::Retries=0 download-file "$uri" "$answers/apt-file"
}

needs_pip() { ((${#missing_tools[@]} > 0)) && is_there pip3; }
registry_of_pip() { echo "the registry of Python packages"; }
retry_pip() { echo "pip3 download --no-deps --dest /tmp ${missing_tools[0]}"; }
ask_pip() {
  bounded pip3 --disable-pip-version-check --timeout 15 --retries 0 index versions "${missing_tools[0]}"
}

needs_npm() { [[ $npm_is_stale == yes ]] && has_npm; }
registry_of_npm() { echo "the registry of npm packages"; }
retry_npm() { echo "npm view unixcrypt"; }
ask_npm() {
  bounded npm view --fetch-timeout=15000 --fetch-retries=0 unixcrypt version
}

needs_go() { [[ $programs_are_built == no ]] && has_go; }
registry_of_go() { echo "the proxy of Go modules"; }
retry_go() { echo "go list -m $(kubernetes_module)"; }
ask_go() {
  # Outside any module; answered from the module cache where it is there.
  (cd "$answers" && GOFLAGS='' GOTOOLCHAIN=local bounded go list -m "$(kubernetes_module)")
}

kubernetes_module() {
  sed -nE 's/^[[:space:]]*(require )?(k8s.io\/kubernetes) (v[^ ]*).*/\2@\3/p' "$here"/../test/cluster/binaries/go.mod | head -n 1
}
