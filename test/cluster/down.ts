/** Removes all parts of a full cluster by its prefix, even after a crash. */
import { rm } from "node:fs/promises";
import { type Layout, namespaceFile, namespaceOwners } from "./layout.ts";
import { removeCgroups } from "./parts/cgroups.ts";
import { removeNetwork } from "./parts/network.ts";
import { endProcessesIn } from "./processes.ts";

/**
 * Ends every process in the network namespaces of the cluster, including the first process of each node. When the first
 * process ends, the kernel ends all other processes of the node, even containers in other network namespaces. The
 * network namespaces contain every process of the cluster and no other process. Recorded process IDs or names could
 * match processes outside the cluster.
 */
export async function remove(layout: Layout): Promise<void> {
  await endProcessesIn(namespaceOwners.map((owner) => namespaceFile(layout, owner)));
  await removeNetwork(layout);
  await removeCgroups(layout);
  await rm(layout.folder, { recursive: true, force: true });
}
