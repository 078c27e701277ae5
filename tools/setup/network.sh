# shellcheck shell=bash disable=SC2034,SC2154 # a part of main.sh, which shares its variables
# Checks that required registries respond. Each check runs the client program that later downloads from the registry,
# with the client configuration on this machine. If a client is missing, the setup checks its registry after the client
# installation.

# A registry normally responds within 2 seconds. A timeout is not an error, because it can also result from a busy
# machine or a slow mirror. The client programs wait longer and retry.
readonly TIMEOUT_SECONDS=25
readonly HINT_SECONDS=4
readonly PAUSE_SECONDS=2
readonly CLIENTS=(apt pip npm go)
asked=''

check_network() {
  local client answers=$scratch questions=()
  for client in "${CLIENTS[@]}"; do
    if [[ " $asked " == *" $client "* ]] || ! "needs_$client"; then continue; fi
    asked+=" $client"
    ask "$client" &
    questions+=($!)
  done
  ((${#questions[@]} > 0)) || return 0
  hint_at_silence &
  heart=$!
  wait "${questions[@]}" || true
  stop_heartbeat
  for client in "${CLIENTS[@]}"; do
    if ! rm "$answers/$client.failed" 2> /dev/null; then continue; fi
    if is_uncertain "$answers/$client"; then
      say "note: $("registry_of_$client") has not answered yet: $(reason_in "$answers/$client"). Setup continues, and the download retries."
    else
      violation "$("registry_of_$client") does not answer: $(reason_in "$answers/$client")" "$("retry_$client")"
    fi
  done
}

# ask CLIENT: checks the registry of the client. Retries once after a failure, because errors from name servers and
# proxies can be temporary.
ask() {
  local file=$answers/$1
  "ask_$1" > "$file" 2>&1 && return
  if ! is_uncertain "$file"; then
    sleep "$PAUSE_SECONDS"
    "ask_$1" > "$file" 2>&1 && return
  fi
  touch "$file.failed"
}

# is_uncertain FILE: succeeds if the client output shows a timeout or an overloaded registry. Such a registry can still be reachable.
is_uncertain() {
  grep -qiE 'timed? ?out|handshake|connection reset|ECONNRESET|unexpected EOF|too many requests|(429|50[0-9]) |E(429|50[0-9])' "$1" && return
  [[ $(reason_in "$1") == "$SILENCE" ]]
}

hint_at_silence() {
  local pause=''
  trap '[[ -z $pause ]] || kill "$pause"; exit' TERM
  sleep "$HINT_SECONDS" > /dev/null 2>&1 &
  pause=$!
  wait "$pause"
  say "waiting for registries to answer, for up to $TIMEOUT_SECONDS seconds"
}

readonly SILENCE="no answer within $TIMEOUT_SECONDS seconds"

# reason_in FILE: prints the line in the client output that contains the cause of the failure.
reason_in() {
  local line
  line=$(grep -iE 'resol|no such host|dial |connect|timed out|unreachable|ENOTFOUND|EAI_AGAIN|error|^E:' "$1" | head -n 1 | sed 's/^ *//') || true
  echo "${line:-$SILENCE}"
}

bounded() {
  timeout "$TIMEOUT_SECONDS" "$@"
}

needs_apt() { ((${#missing_packages[@]} > 0)) && [[ $(id -u) == 0 && -x /usr/lib/apt/apt-helper ]]; }
registry_of_apt() { echo "the archive of Debian packages"; }
retry_apt() { echo "apt-get update"; }
# Downloads the first file that an update requires. The response 404 also shows that the archive is reachable.
ask_apt() {
  local uri said
  uri=$(apt-get update --print-uris | sed -nE "s/^'(https?:[^']*)'.*/\1/p" | sed -n 1p)
  [[ -n $uri ]] || return 0
  said=$(bounded /usr/lib/apt/apt-helper -o Acquire::Retries=0 download-file "$uri" "$answers/apt-file" 2>&1) && return
  printf '%s\n' "$said"
  [[ $said == *"404  Not Found"* ]]
}

needs_pip() { ((${#missing_tools[@]} > 0)) && is_there pip3; }
registry_of_pip() { echo "the registry of Python packages"; }
retry_pip() { echo "pip3 download --no-deps --dest /tmp ${missing_tools[0]}"; }
# Without -vv, pip does not print the cause of a failure.
ask_pip() {
  local said
  said=$(bounded pip3 -vv --disable-pip-version-check --timeout 15 --retries 0 index versions "${missing_tools[0]}" 2>&1) && return
  grep -E '^(Could not fetch|ERROR)' <<< "$said" | sed -E "s/.*(\[Errno [^]]*\] .*|Read timed out).*/\1/; s/['\")]* - skipping\$//" || true
  return 1
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
  # Runs outside a module, and uses the module cache. The checksum database is not required, because the project has a
  # go.sum file.
  (cd "$answers" && GOFLAGS='' GOSUMDB=off GOTOOLCHAIN=local bounded go list -m "$(kubernetes_module)")
}

kubernetes_module() {
  sed -nE 's/^[[:space:]]*(require )?(k8s.io\/kubernetes) (v[^ ]*).*/\2@\3/p' "$here"/../../test/cluster/binaries/go.mod | head -n 1
}
