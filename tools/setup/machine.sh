# shellcheck shell=bash disable=SC2034,SC2154 # a part of main.sh, which shares its variables
# Checks the preconditions of this machine: system, permissions, memory and disk space.

check_system() {
  local machine
  machine=$(uname -m)
  if ((${#missing_tools[@]} > 0)) || for_tasks test,demo,e2e; then
    case $machine in
      x86_64 | aarch64) ;;
      *) violation "$goal runs on x86-64 and 64-bit ARM only: this machine is $machine" "uname -m" ;;
    esac
  fi
  ((${#missing_packages[@]} == 0)) || check_distribution
}

# The minimum releases are the first releases with the required package names and versions.
check_distribution() {
  local ID='' ID_LIKE='' VERSION_ID='' PRETTY_NAME='this system'
  # shellcheck source=/dev/null
  [[ ! -r $root/etc/os-release ]] || . "$root/etc/os-release"
  local hint="docker run --rm -it --privileged -v $PWD:/src -w /src debian:12"
  if [[ ! " $ID $ID_LIKE " =~ \ (debian|ubuntu)\  ]] || ! command -v apt-get > /dev/null; then
    violation "$goal installs packages of Debian 12 or Ubuntu 24.04 with apt-get, but this machine runs $PRETTY_NAME. Missing packages: ${missing_packages[*]}" "$hint"
  elif [[ $ID == debian && ${VERSION_ID:-99} -lt 12 ]] || [[ $ID == ubuntu && ${VERSION_ID%%.*} -lt 24 ]]; then
    violation "$goal needs Debian 12 or Ubuntu 24.04 or a later release, but this machine runs $PRETTY_NAME" "$hint"
  fi
}

check_root() {
  if needs_root && [[ $(id -u) != 0 ]]; then
    violation "$goal needs root, because it creates network namespaces, mounts and cgroups" "$(as_root "$goal")"
  fi
}

needs_root() {
  for_tasks demo,e2e
}

# existing PATH: prints PATH or its nearest existing parent folder.
existing() {
  local path=$1
  while [[ ! -e $path ]]; do path=$(dirname "$path"); done
  echo "$path"
}

# The same folders as in test/cluster/cache.ts.
check_folders() {
  local hidden folder
  for hidden in /run /var/lib /var/log; do
    [[ $cache/ != "$hidden"/* ]] || violation "FTP_OPERATOR_CACHE must not be in $hidden, which nodes and image builds cannot access: $cache" "FTP_OPERATOR_CACHE=$HOME/.cache/ftp-operator $goal"
  done
  for folder in $(written_folders); do
    folder=$(existing "$(place_folder "$folder")")
    [[ -w $folder ]] || violation "$(id -un) cannot write to $folder" "$(write_hint "$folder")"
  done
}

# Prints the places to which the tasks write. The tasks only read installed dependencies.
written_folders() {
  [[ $npm_is_stale == no ]] || echo packages
  if ((${#missing_tools[@]} > 0)) || for_tasks test,demo,e2e; then echo cache; fi
}

# write_hint FOLDER: prints a command that helps when the folder is not writable. Root can write to all folders except
# on a read-only file system.
write_hint() {
  if [[ $(id -u) == 0 ]]; then echo "findmnt --target $(printf %q "$1")"; else as_root "chown -R $(id -un) $(printf %q "$1")"; fi
}

# Prints the available memory in MB on the machine, or in the container's control group if this value is lower. The
# value includes the memory of cached files, which the kernel reclaims when necessary.
available_memory() {
  local available limit used cached file group
  available=$(awk '/^MemAvailable:/ { print int($2 / 1024) }' "$root/proc/meminfo")
  for file in memory.max:memory.current memory/memory.limit_in_bytes:memory/memory.usage_in_bytes; do
    group=$root/sys/fs/cgroup
    limit=$(cat "$group/${file%:*}" 2> /dev/null) || continue
    used=$(cat "$group/${file#*:}" 2> /dev/null) || continue
    # A number with more than 15 digits represents no limit.
    [[ $limit == max || ${#limit} -gt 15 ]] && continue
    cached=$(awk '$1 ~ /^(total_)?(in)?active_file$/ { sum[$1 ~ /^total_/] += $2 } END { printf "%.0f", 1 in sum ? sum[1] : sum[0] }' \
      "$(dirname "$group/${file%:*}")/memory.stat" 2> /dev/null) || cached=0
    ((available > (limit - used + cached) >> 20)) && available=$(((limit - used + cached) >> 20))
  done
  echo "$available"
}

check_memory() {
  local needed=0 available _ memory
  while read -r _ _ _ memory _; do
    ((memory <= needed)) || needed=$memory
  done < <(missing_costs)
  available=$(available_memory)
  ((available >= needed)) || violation "$goal needs $needed MB of memory, and $available MB are available" "ps -eo rss,pid,comm --sort=-rss | head"
}

# place_folder PLACE: prints the folder for a place in costs.txt.
place_folder() {
  case $1 in
    cache) echo "$cache" ;;
    checkout) echo "$PWD" ;;
    packages) echo "$PWD/node_modules" ;;
    modules) echo "${GOMODCACHE:-${GOPATH:-$HOME/go}/pkg/mod}" ;;
    builds) echo "${GOCACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/go-build}" ;;
    system) echo /usr ;;
  esac
}

# Compares the required space with the free space on each file system.
check_disk() {
  local _ disk entry device free folder
  local -A needed=() free_on=() folders=()
  # An installed package requires about five times the size of its download.
  while read -r _ _ _ _ disk; do
    for entry in ${disk//,/ }; do
      [[ $entry != - ]] || continue
      folder=$(existing "$(place_folder "${entry%:*}")")
      read -r device free < <(df --portability --block-size=1M "$folder" | awk 'NR == 2 { print $1 ":" $6, $4 }')
      needed[$device]=$((${needed[$device]:-0} + ${entry#*:}))
      free_on[$device]=$free
      [[ " ${folders[$device]:-} " == *" $folder "* ]] || folders[$device]+="${folders[$device]:+ }$folder"
    done
  done < <(missing_costs; echo "debian 0 0 0 system:$((package_megabytes * 5))")
  for device in "${!needed[@]}"; do
    ((free_on[$device] >= needed[$device])) || violation "$goal needs ${needed[$device]} MB of free disk space in ${folders[$device]}, and ${free_on[$device]} MB are free" "$(disk_hint "${folders[$device]}")"
  done
}

# disk_hint FOLDERS
disk_hint() {
  echo "df -h $1; du -xhd1 / | sort -h | tail    # delete files, or set other folders with FTP_OPERATOR_CACHE, GOCACHE and GOMODCACHE"
}
