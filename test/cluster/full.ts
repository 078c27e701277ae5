/**
 * Manages the full cluster, which has two nodes, two outside hosts, NetworkPolicy enforcement and a load balancer.
 * Requires root.
 */
import { build } from "./build.ts";
import { type Cluster, handle } from "./cluster.ts";
import { remove } from "./down.ts";
import { DEFAULT_PREFIX, type Layout, layoutOf } from "./layout.ts";
import { withLock } from "./lock.ts";
import { requirePreconditions } from "./preconditions.ts";
import { programsFor } from "./programs.ts";
import { isRunning, recordedFamilies } from "./record.ts";
import { bringUp } from "./up.ts";

export type { Cluster } from "./cluster.ts";

/**
 * Returns the running cluster with this prefix. If no such cluster is running, builds the missing programs and starts a
 * cluster.
 */
export async function ensureCluster(
  prefix = DEFAULT_PREFIX,
  say: (line: string) => void = console.log,
): Promise<Cluster> {
  const layout = layoutOf(prefix);
  if (isRunning(layout)) {
    say(`cluster ${prefix} is up`);
    return handle(layout, recordedFamilies(layout));
  }
  await requirePreconditions("demo");
  await build(programsFor("full"), say);
  return await locked(layout, () => bringUp(layout, say));
}

/** Returns the running cluster with this prefix. @throws Error when no cluster is running */
export function openCluster(prefix = DEFAULT_PREFIX): Cluster {
  const layout = layoutOf(prefix);
  if (!isRunning(layout))
    throw new Error(`cluster ${prefix} is not up: run \`node test/cluster/main.ts up --prefix ${prefix}\``);
  return handle(layout, recordedFamilies(layout));
}

/** Removes the cluster if it exists. */
export async function removeCluster(prefix = DEFAULT_PREFIX): Promise<void> {
  requireRoot();
  const layout = layoutOf(prefix);
  await locked(layout, () => remove(layout));
}

function locked<T>(layout: Layout, work: () => Promise<T>): Promise<T> {
  return withLock(`${layout.folder}.lock`, work);
}

/** @throws Error when this user cannot create a cluster */
function requireRoot(): void {
  if (process.getuid?.() !== 0)
    throw new Error("network namespaces and containers need root: run this as root or with sudo");
}
