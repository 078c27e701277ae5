/** Names, addresses and paths of one full cluster. All names on the machine start with the prefix of the cluster. */
import { join } from "node:path";
import { cacheFolder } from "./cache.ts";
import { NETWORKS } from "./families.ts";

export const DEFAULT_PREFIX = "ftpop";

/** Networks in the primary IP family. */
export const hosts = NETWORKS.IPv4.hosts;

export type Host = keyof typeof hosts;
export const hostNames: readonly Host[] = ["n1", "n2", "client", "other"];
/** All hosts, and `lan`, the network namespace with the bridge that connects the hosts. */
export const namespaceOwners = [...hostNames, "lan"] as const;
export type NamespaceOwner = (typeof namespaceOwners)[number];
export type Node = "n1" | "n2";
export const nodes: readonly Node[] = ["n1", "n2"];

/** Node on which the control plane runs. */
export const API_NODE: Node = "n1";
export const API_PORT = 6443;
/** Address of the Service `kubernetes`: the first address of the Service network. */
export const API_SERVICE = "198.19.0.1";

export interface Layout {
  readonly prefix: string;
  /** Folder of this cluster. */
  readonly folder: string;
  /** Returns a path below `folder`. */
  readonly path: (...parts: string[]) => string;
  /** Returns the name of a network namespace. */
  readonly namespace: (host: NamespaceOwner) => string;
  /** Returns the cgroup name of a node, which is the same in every hierarchy. */
  readonly cgroup: (node: Node) => string;
  readonly log: (daemon: string) => string;
  readonly kubeconfig: string;
  readonly auditLog: string;
}

const PREFIX = /^[a-z][a-z0-9]{0,11}$/;

/** Returns the layout of a cluster. @throws Error when namespace and socket names cannot contain the prefix */
export function layoutOf(prefix: string): Layout {
  if (!PREFIX.test(prefix)) {
    throw new Error(
      `prefix ${JSON.stringify(prefix)}: use up to 12 lower-case letters and digits, starting with a letter`,
    );
  }
  const folder = join(clustersFolder(), prefix);
  const path = (...parts: string[]) => join(folder, ...parts);
  return {
    prefix,
    folder,
    path,
    namespace: (host) => `${prefix}-${host}`,
    cgroup: (node) => `${prefix}-${node}`,
    log: (daemon) => path("logs", `${daemon}.log`),
    kubeconfig: path("admin.kubeconfig"),
    auditLog: path("logs", "audit.log"),
  };
}

function clustersFolder(): string {
  return join(cacheFolder(), "clusters");
}

/** Folder of the named network namespaces. */
const NETNS = "/run/netns";

export function namespaceFile(layout: Layout, host: NamespaceOwner): string {
  return join(NETNS, layout.namespace(host));
}

/**
 * Returns a command that runs the given command in the network namespace of a host. `ip netns exec` would hide
 * /sys/fs/cgroup.
 */
export function inNetwork(layout: Layout, host: NamespaceOwner, argv: readonly string[]): string[] {
  return ["nsenter", `--net=${namespaceFile(layout, host)}`, "--", ...argv];
}
