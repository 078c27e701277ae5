/** Removes everything with the prefix of a full cluster, also after a crash. */
import { rm } from "node:fs/promises";
import { type Layout, namespaceFile, namespaceOwners } from "./layout.ts";
import { removeCgroups } from "./parts/cgroups.ts";
import { removeNetwork } from "./parts/network.ts";
import { endProcessesIn } from "./processes.ts";

/**
 * Ends every process in the network namespaces of the cluster. One of them is the first process of each node, and with it the kernel
 * ends all processes of the node, including containers in other network namespaces. Processes are not found by recorded numbers
 * or names, so no other process is ended and none of the cluster remains.
 */
export async function remove(layout: Layout): Promise<void> {
  await endProcessesIn(namespaceOwners.map((owner) => namespaceFile(layout, owner)));
  await removeNetwork(layout);
  await removeCgroups(layout);
  await rm(layout.folder, { recursive: true, force: true });
}
