/**
 * Creates a separate cgroup for each node. In a shared cgroup, each kubelet would remove the pods on the other node.
 */
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Layout, nodes } from "../layout.ts";
import { waitUntil } from "../wait.ts";

export const ROOT = "/sys/fs/cgroup";
const V1_HIERARCHIES = [
  "cpu",
  "cpuacct",
  "cpuset",
  "memory",
  "pids",
  "blkio",
  "devices",
  "freezer",
  "systemd",
  "unified",
];
export const V2_CONTROLLERS = "+cpu +cpuset +memory +pids";
const REMOVE_TIMEOUT_MS = 10_000;

export const isVersion2 = (): boolean => existsSync(join(ROOT, "cgroup.controllers"));

/**
 * Returns the folders that contain the node cgroups. There is one folder in cgroup v2, and one folder for each
 * hierarchy in cgroup v1.
 */
function hierarchies(): string[] {
  return isVersion2()
    ? [ROOT]
    : V1_HIERARCHIES.map((name) => join(ROOT, name)).filter((path) => existsSync(path));
}

export async function createCgroups(layout: Layout): Promise<void> {
  if (isVersion2()) await writeFile(join(ROOT, "cgroup.subtree_control"), V2_CONTROLLERS);
  for (const node of nodes) {
    for (const hierarchy of hierarchies())
      await mkdir(join(hierarchy, layout.cgroup(node)), { recursive: true });
    if (!isVersion2()) await fillCpuset(layout.cgroup(node));
  }
}

/**
 * Sets the CPUs and memory nodes of a cgroup. A cgroup v1 cpuset accepts no process until CPUs and memory nodes are
 * set.
 */
async function fillCpuset(cgroup: string): Promise<void> {
  const parent = join(ROOT, "cpuset");
  if (!existsSync(parent)) return;
  for (const file of ["cpuset.cpus", "cpuset.mems"]) {
    await writeFile(join(parent, cgroup, file), await readFile(join(parent, file)));
  }
}

/** Removes the cgroups of a node and of its pods. Call this function after all processes in the cgroups have ended. */
export async function removeCgroups(layout: Layout): Promise<void> {
  for (const node of nodes) {
    for (const hierarchy of hierarchies()) {
      const folder = join(hierarchy, layout.cgroup(node));
      await waitUntil(`cgroup ${folder} empties`, REMOVE_TIMEOUT_MS, () => removeTree(folder));
    }
  }
}

async function removeTree(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.filter((candidate) => candidate.isDirectory())) {
    await removeTree(join(folder, entry.name));
  }
  await rmdir(folder);
}
