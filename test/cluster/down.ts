/** Removes a full cluster: what runs, what was left by a crash, and nothing that does not carry its prefix. */
import { rm } from "node:fs/promises";
import { type Layout, namespaceFile, namespaceOwners } from "./layout.ts";
import { removeCgroups } from "./parts/cgroups.ts";
import { removeNetwork } from "./parts/network.ts";
import { endProcessesIn } from "./processes.ts";

/**
 * Ends every process in the cluster's network namespaces. The first process of each node is among them, and with it the kernel ends
 * all in the node's process namespace: containers, which have networks of their own, too. Nothing is found by a recorded
 * number or by name, so no process of anyone else can be hit, and none of ours is forgotten.
 */
export async function remove(layout: Layout): Promise<void> {
  await endProcessesIn(namespaceOwners.map((owner) => namespaceFile(layout, owner)));
  await removeNetwork(layout);
  await removeCgroups(layout);
  await rm(layout.folder, { recursive: true, force: true });
}
