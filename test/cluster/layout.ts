/** Names, addresses and paths of one full cluster. Everything that the machine shares with others carries its prefix. */
import { join } from "node:path";
import { cacheFolder } from "./cache.ts";
import { NETWORKS } from "./families.ts";

export const DEFAULT_PREFIX = "ftpop";

/** Addresses of the primary family. */
export const hosts = NETWORKS.IPv4.hosts;

export type Host = keyof typeof hosts;
export const hostNames: readonly Host[] = ["n1", "n2", "client", "other"];
/** The hosts, and the namespace that holds the bridge between them. */
export const namespaceOwners = [...hostNames, "lan"] as const;
export type NamespaceOwner = (typeof namespaceOwners)[number];
export type Node = "n1" | "n2";
export const nodes: readonly Node[] = ["n1", "n2"];

/** Runs the control plane, too. */
export const API_NODE: Node = "n1";
export const API_PORT = 6443;
/** The first address of the Services' range: Service `kubernetes`. */
export const API_SERVICE = "198.19.0.1";

export interface Layout {
  readonly prefix: string;
  /** Folder of this cluster's files. */
  readonly folder: string;
  /** Path below `folder`. */
  readonly path: (...parts: string[]) => string;
  /** Name of a network namespace. */
  readonly namespace: (host: NamespaceOwner) => string;
  /** Name of a node's cgroup, the same in every hierarchy. */
  readonly cgroup: (node: Node) => string;
  readonly log: (daemon: string) => string;
  readonly kubeconfig: string;
  readonly auditLog: string;
}

const PREFIX = /^[a-z][a-z0-9]{0,11}$/;

/** @throws Error when the prefix could not be part of a namespace's and a socket's name. */
export function layoutOf(prefix: string): Layout {
  if (!PREFIX.test(prefix)) {
    throw new Error(
      `prefix ${JSON.stringify(prefix)}: use up to 12 lower-case letters and digits, a letter first`,
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

/** Folder where the kernel shows named network namespaces. */
const NETNS = "/run/netns";

export function namespaceFile(layout: Layout, host: NamespaceOwner): string {
  return join(NETNS, layout.namespace(host));
}

/** The command that runs another in a host's network. Not `ip netns exec`: that one hides /sys/fs/cgroup. */
export function inNetwork(layout: Layout, host: NamespaceOwner, argv: readonly string[]): string[] {
  return ["nsenter", `--net=${namespaceFile(layout, host)}`, "--", ...argv];
}
