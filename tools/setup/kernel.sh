# shellcheck shell=bash disable=SC2034,SC2154 # a part of main.sh, which shares its variables
# Checks the preconditions of a cluster: kernel features and root permissions. The setup tests each feature by using it,
# because a container can restrict features that the kernel supports.

# Prints the name prefix of the cluster's networks, which test/cluster/layout.ts and test/e2e/installation.ts define.
cluster_prefix() {
  if for_tasks e2e; then echo "${E2E_PREFIX:-ftpope2e}"; else echo ftpop; fi
}

check_kernel() {
  needs_root && [[ $(id -u) == 0 && -z $root ]] || return 0
  # The other checks need namespaces.
  check_namespaces || return 0
  check_root_folder
  check_overlay
  check_cgroups
  check_network_kinds
  check_other_cluster
}

readonly PRIVILEGED="docker run --rm -it --privileged --cgroupns=host -v /sys/fs/cgroup:/sys/fs/cgroup -v $PWD:/src -v /root/.cache -w /src debian:12"

check_namespaces() {
  local said
  said=$(unshare --mount --uts --pid --net --fork --propagation=private \
    sh -ec 'mount -t proc proc /proc; mount -t tmpfs tmpfs /run; echo 1 > /proc/sys/net/ipv4/ip_forward' 2>&1) && return
  violation "$goal needs permission to create namespaces and mounts, which this machine denies: ${said##*$'\n'}" "$PRIVILEGED"
  return 1
}

# A process that enters a mount namespace uses the root folder of the namespace and not the root folder of a chroot.
check_root_folder() {
  local own namespace
  own=$(stat --format=%d:%i /)
  namespace=$(nsenter --mount=/proc/self/ns/mnt -- stat --format=%d:%i /) || true
  [[ $own == "$namespace" ]] || violation "$goal cannot run in a chroot, because its nodes would use files of the host" "$PRIVILEGED"
}

# The cache contains the files of nodes, in the upper layers of overlay file systems.
check_overlay() {
  local said
  overlay_probe=$(mktemp -d "$(existing "$cache")/.ftp-operator-probe-XXXXXX")
  mkdir "$overlay_probe/upper" "$overlay_probe/work"
  said=$(unshare --mount --propagation=private mount -t overlay overlay -o "lowerdir=/var/lib,upperdir=$overlay_probe/upper,workdir=$overlay_probe/work" /var/lib 2>&1) \
    || violation "files of nodes cannot be in $cache, because its file system does not support overlays: ${said##*$'\n'}" \
      "FTP_OPERATOR_CACHE=/mnt/disk/ftp-operator $goal    # a folder on ext4 or xfs; in a container, a volume"
  rm -rf "$overlay_probe"
}

check_cgroups() {
  local cgroup=/sys/fs/cgroup name probe
  if [[ -e $cgroup/cgroup.controllers ]]; then
    check_cgroup_controllers "$cgroup"
    probe=("$cgroup")
  else
    probe=("$cgroup"/{cpu,cpuacct,cpuset,memory,pids})
  fi
  for name in "${probe[@]}"; do
    if ! mkdir "$name/ftp-operator-probe-$$" 2> /dev/null || ! rmdir "$name/ftp-operator-probe-$$"; then
      violation "$goal needs permission to create control groups in $name" "$PRIVILEGED"
      return
    fi
  done
}

# check_cgroup_controllers FOLDER: checks the cgroup controllers. With cgroup v2, the kernel enables controllers for
# child groups only if the parent group has no processes.
check_cgroup_controllers() {
  local wanted given inside
  given=" $(cat "$1/cgroup.subtree_control") "
  inside=$(cat "$1/cgroup.procs" 2> /dev/null || true)
  for wanted in cpu cpuset memory pids; do
    if ! grep -qw "$wanted" "$1/cgroup.controllers"; then
      violation "the kernel has no cgroup controller $wanted, which $goal needs" "cat $1/cgroup.controllers"
    elif [[ $given != *" $wanted "* && -e $1/cgroup.type && -n $inside ]]; then
      violation "$goal needs the cgroup controller $wanted, which the control group of this container does not enable" "$PRIVILEGED"
    fi
  done
}

# These checks require installed packages, so the setup repeats them after the package installation.
check_network_kinds() {
  local said
  if is_there ip && ! said=$(unshare --net ip -batch - 2>&1 <<< $'link add name br0 type bridge\nlink add to-a type veth peer name eth0'); then
    violation "the kernel does not support bridge or veth devices, which $goal needs: ${said##*$'\n'}" "modprobe --all bridge veth"
  fi
  if is_there nft && ! said=$(unshare --net nft 'add table inet probe; add chain inet probe nat { type nat hook prerouting priority 0; }' 2>&1); then
    violation "the kernel does not support nf_tables with NAT, which $goal needs: ${said%%$'\n'*}" "modprobe --all nf_tables nft_chain_nat"
  fi
  if is_there iptables-nft && ! said=$(unshare --net iptables-nft --table mangle --append POSTROUTING --jump NFQUEUE --queue-num 1 2>&1); then
    violation "the kernel does not support NFQUEUE, which $goal needs for NetworkPolicies: ${said%%$'\n'*}" "modprobe --all xt_NFQUEUE nfnetlink_queue"
  fi
}

# Detects a cluster with the same name in another cache folder or in another container. The two clusters would use the
# same networks or control groups. The kubelet of one cluster would then stop pods in the other cluster.
check_other_cluster() {
  local prefix inode pid folder
  prefix=$(cluster_prefix)
  [[ ! -e $cache/clusters/$prefix ]] || return 0
  if [[ ! -e /run/netns/$prefix-n1 ]]; then
    ! find /sys/fs/cgroup/"$prefix-n1" /sys/fs/cgroup/memory/"$prefix-n1" -name cgroup.procs -exec cat {} + 2> /dev/null | grep -q . \
      || violation "a cluster $prefix in another container uses the control groups that $goal needs" "make cluster-down    # in that container"
    return 0
  fi
  inode=$(stat --dereference --format=%i "/run/netns/$prefix-n1")
  for pid in /proc/[0-9]*; do
    [[ $(stat --dereference --format=%i "$pid/ns/net" 2> /dev/null) == "$inode" ]] || continue
    folder=$(tr '\0' '\n' < "$pid/cmdline" | sed -n "s|^[^/]*\(/.*\)/clusters/$prefix/.*|\1|p" | head -n 1)
    violation "a cluster $prefix from another cache folder uses the network namespaces and addresses that $goal needs (process ${pid#/proc/})" "FTP_OPERATOR_CACHE=${folder:-FOLDER} make cluster-down"
    return
  done
}
