/**
 * The process, mount and host name namespaces of a node.
 *
 * When the first process of a node is killed, the kernel ends all processes of the node, including containers, and
 * removes the mounts. To remove an interrupted or crashed cluster, it is sufficient to kill the first processes of its
 * nodes.
 */
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import type { Daemons } from "../daemons.ts";
import type { Layout, Node } from "../layout.ts";

/** Mount point of a file system of 1 MiB, relative to the folder of each node. */
export const SMALL_VOLUME = "small-volume";

const READY_TIMEOUT_MS = 10_000;

/**
 * Each node has a separate /run with the sockets of containerd and the network namespaces of pods. Tests fill
 * SMALL_VOLUME. A node reads `/var/lib` and `/var/log` on the machine, but writes changes to the folder of the node.
 * Process 1 is bash, which also reaps orphaned processes.
 */
const FIRST_PROCESS = `
set -e
hostname "$1"
for tree in lib log; do
  mount -t overlay overlay -o "lowerdir=/var/$tree,upperdir=$2/var-$tree,workdir=$2/var-$tree.work" "/var/$tree"
done
mount -t tmpfs tmpfs /run
mkdir -p "$2/$3"
mount -t tmpfs -o size=1m,mode=2777 tmpfs "$2/$3"
mkdir /run/lock /run/netns
touch "$2/ready"
while :; do sleep 3600 & wait; done
`;

export interface NodeHandle {
  readonly name: Node;
  /** Folder of this node. */
  readonly folder: string;
  /** Returns a command that runs the given command in all namespaces of the node. */
  readonly inside: (argv: readonly string[]) => string[];
}

export async function createNode(layout: Layout, daemons: Daemons, name: Node): Promise<NodeHandle> {
  const folder = layout.path(name);
  for (const tree of ["var-lib", "var-lib.work", "var-log", "var-log.work"]) {
    await mkdir(layout.path(name, tree), { recursive: true });
  }
  const namespaces = ["--mount", "--propagation=private", "--uts", "--pid", "--fork", "--mount-proc"];
  const first = ["bash", "-c", FIRST_PROCESS, "first-process", name, folder, SMALL_VOLUME];
  const holder = daemons.start(name, name, [
    "unshare",
    ...namespaces,
    "--kill-child=SIGKILL",
    "--",
    ...first,
  ]);
  await daemons.until(`node ${name} has its namespaces`, READY_TIMEOUT_MS, name, () => {
    if (!existsSync(layout.path(name, "ready"))) throw new Error("not ready");
  });
  const of = `/proc/${holder.pid}/ns`;
  const enter = ["nsenter", `--mount=${of}/mnt`, `--uts=${of}/uts`, `--pid=${of}/pid_for_children`, "--"];
  return { name, folder, inside: (argv) => [...enter, ...argv] };
}
